//! A provider that says what it is told to, and breaks off where it is told to; it keeps what it was asked.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The provider.
pub struct Scripted {
    /// Where it is.
    pub url: String,
    asked: Arc<Mutex<Vec<Value>>>,
}

/// What it says to a call.
#[derive(Clone)]
pub struct Script {
    /// One by one.
    pub words: Vec<String>,
    /// Why it ends.
    pub finish_reason: &'static str,
    /// It closes the connection after so many events, if that is given.
    pub cut_after: Option<usize>,
    /// It ends only once it is told to, if that is given.
    pub ends_on: Option<Arc<Notify>>,
}

impl Script {
    /// These words.
    pub fn of(words: &[&str]) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self { words, finish_reason: "stop", cut_after: None, ends_on: None }
    }
}

impl Scripted {
    /// Says these words one by one, and closes the connection after so many events, if that is given.
    pub async fn start(words: &'static [&'static str], cut_after: Option<usize>) -> Self {
        Self::by(move |_| Script { cut_after, ..Script::of(words) }).await
    }

    /// Says to each call what is to be said to its body.
    pub async fn by(script: impl Fn(&Value) -> Script + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (keep, script) = (Arc::clone(&asked), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (keep, script) = (Arc::clone(&keep), Arc::clone(&script));
                tokio::spawn(async move {
                    let body = read_body(&mut stream).await?;
                    let body: Value = serde_json::from_slice(&body)?;
                    let script = script(&body);
                    keep.lock().unwrap().push(body);
                    // A caller may leave in the middle.
                    answer(stream, &script).await
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

async fn answer(mut stream: TcpStream, script: &Script) -> std::io::Result<()> {
    let Script { words, finish_reason, cut_after, ends_on } = script;
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\
              transfer-encoding: chunked\r\n\r\n",
        )
        .await?;
    let mut events: Vec<Value> =
        words.iter().map(|word| json!({"choices": [{"index": 0, "delta": {"content": word}}]})).collect();
    events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish_reason}],
                       "usage": {"prompt_tokens": 10, "completion_tokens": words.len()}}));
    for (at, event) in events.iter().enumerate() {
        if *cut_after == Some(at) {
            return Ok(());
        }
        if let Some(told) = ends_on.as_ref().filter(|_| at == words.len()) {
            told.notified().await;
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
