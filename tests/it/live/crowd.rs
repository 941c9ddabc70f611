//! Many at once.

use std::time::Duration;

use futures::stream::{StreamExt, iter};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{App, Process, patience, size, tokens, within};
use proxie_shared::model::users::Role;

/// What 5,000 connections may take, in MiB.
const MOST_MEMORY: u64 = 200;

/// A connection as a client holds it, by the bare protocol: thousands of the official client would fill this machine.
struct Bare {
    stream: TcpStream,
}

impl Bare {
    async fn connect(port: u16, token: &str) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
        let upgrade = "GET /ws/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
                       Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(upgrade.as_bytes()).await.expect("it is sent");
        let mut bare = Self { stream };
        bare.reads("sid").await;
        bare.send(&format!("40{}", json!({"token": token}))).await;
        bare.reads("40{").await;
        bare
    }

    /// A text frame, masked as clients must (RFC 6455 §5.2).
    async fn send(&mut self, text: &str) {
        let mut frame = vec![0x81];
        match text.len() {
            short @ 0..126 => frame.push(0x80 | short as u8),
            long => {
                frame.push(0x80 | 126);
                frame.extend((long as u16).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.stream.write_all(&frame).await.expect("it is sent");
    }

    /// Reads until something was said.
    async fn reads(&mut self, what: &str) {
        let mut heard = Vec::new();
        let reading = async {
            let mut part = [0; 4_096];
            while !String::from_utf8_lossy(&heard).contains(what) {
                let length = self.stream.read(&mut part).await.expect("it goes on");
                assert!(length > 0, "it ended before {what:?}: {:?}", String::from_utf8_lossy(&heard));
                heard.extend(&part[..length]);
            }
        };
        within(patience(), what, reading).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_takes_little_memory_and_each_hears_their_own() {
    let app = App::builder().workers(0).start().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut environment = app.environment();
    environment.push(("PORT", port.to_string()));
    let process = Process::start("proxie-api", &["realtime"], environment);
    process.logs(&["serving live channels"]).await;

    let many = size(200, 5_000);
    let connect = async |number: usize| {
        let token =
            tokens().local(&format!("user-{number}"), Role::Consumer, Duration::from_secs(3_600)).unwrap();
        Bare::connect(port, &token).await
    };
    let mut crowd: Vec<Bare> = iter(0..many).map(connect).buffered(50).collect().await;
    let (memory, _) = process.memory();
    println!("figure: {many} live connections: {memory} MiB resident");
    assert!(memory < MOST_MEMORY, "{memory} MiB");

    let tell = "INSERT INTO live_events (user_id, kind, subject_id)
                SELECT id, 'task:update', id FROM users WHERE subject LIKE 'user-%'";
    app.database.execute(tell).await;
    for bare in &mut crowd {
        bare.reads("\"type\":\"task:update\"").await;
    }
}
