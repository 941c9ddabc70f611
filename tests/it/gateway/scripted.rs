//! A provider that says the same words to everybody, and breaks off where it is told to; it keeps what it was asked.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The provider.
pub struct Scripted {
    /// Where it is.
    pub url: String,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Scripted {
    /// Says these words one by one, and closes the connection after so many events, if that is given.
    pub async fn start(words: &'static [&'static str], cut_after: Option<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
        let keep = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let keep = Arc::clone(&keep);
                tokio::spawn(async move {
                    // A caller may leave in the middle.
                    let _left = answer(stream, words, cut_after, &keep).await;
                });
            }
        });
        Self { url, asked }
    }

    /// The bodies of all calls.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    /// How many events a whole answer of these words has.
    pub fn events(words: &[&str]) -> usize {
        words.len() + 1
    }
}

async fn answer(
    mut stream: TcpStream,
    words: &[&str],
    cut_after: Option<usize>,
    asked: &Mutex<Vec<Value>>,
) -> std::io::Result<()> {
    let body = read_body(&mut stream).await?;
    asked.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        )
        .await?;
    let mut events: Vec<Value> =
        words.iter().map(|word| json!({"choices": [{"index": 0, "delta": {"content": word}}]})).collect();
    events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
                       "usage": {"prompt_tokens": 10, "completion_tokens": words.len()}}));
    for (at, event) in events.iter().enumerate() {
        if cut_after == Some(at) {
            return Ok(());
        }
        let event = format!("data: {event}\n\n");
        stream.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).await?;
        stream.flush().await?;
    }
    stream.write_all(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n").await
}

async fn read_body(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut read = Vec::new();
    loop {
        let mut more = [0; 16 * 1_024];
        let many = stream.read(&mut more).await?;
        if many == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        read.extend_from_slice(&more[..many]);
        let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let length: usize = length.unwrap_or(0);
        if read.len() >= end + 4 + length {
            return Ok(read[end + 4..end + 4 + length].to_vec());
        }
    }
}
