//! A live channel, held by the official Socket.IO client in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Caller, patience, within};

/// Somebody's live channel.
pub struct LiveClient {
    _child: Child,
    orders: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    /// What was told and is not looked at yet.
    told: Vec<Value>,
}

impl LiveClient {
    /// Tries to connect with this; what comes of it is said next.
    pub fn begin(url: &str, auth: &Value) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/support/live.mjs");
        let mut child = Command::new(node())
            .arg(script)
            .args([url, &auth.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node starts");
        let said = BufReader::new(child.stdout.take().expect("its output")).lines();
        let orders = child.stdin.take().expect("its input");
        Self { _child: child, orders, said, told: Vec::new() }
    }

    /// Somebody who is connected.
    pub async fn connected(url: &str, caller: &Caller) -> Self {
        let mut client = Self::begin(url, &json!({"token": caller.token}));
        assert_eq!(client.says().await, json!({"connected": true}));
        client
    }

    /// Somebody who is connected, and has what came up to a number.
    pub async fn resumed(url: &str, caller: &Caller, after: i64) -> Self {
        let mut client = Self::connected(url, caller).await;
        let answer = client.asks("resume", json!({"after": after})).await;
        assert!(answer["seq"].is_i64(), "{answer}");
        client
    }

    /// Why somebody was refused.
    pub async fn refusal(url: &str, auth: Value) -> String {
        let said = Self::begin(url, &auth).says().await;
        said["refused"].as_str().unwrap_or_else(|| panic!("not refused: {said}")).to_owned()
    }

    /// What it says next, whatever it is.
    pub async fn says(&mut self) -> Value {
        let line = within(patience(), "what a live channel says", self.said.next_line()).await;
        let line = line.expect("its output").expect("it goes on");
        serde_json::from_str(&line).expect("a line of JSON")
    }

    /// Asks for something; the answer. What is told meanwhile is kept.
    pub async fn asks(&mut self, name: &str, data: Value) -> Value {
        self.order(json!({"emit": name, "data": data})).await;
        loop {
            let said = self.says().await;
            match said.get("answer") {
                Some(answer) => return answer.clone(),
                None => self.told.push(said),
            }
        }
    }

    /// Tells the client what to do.
    pub async fn order(&mut self, order: Value) {
        self.orders.write_all(format!("{order}\n").as_bytes()).await.expect("it listens");
    }

    /// The next that it is told.
    async fn next(&mut self) -> Value {
        if self.told.is_empty() { self.says().await } else { self.told.remove(0) }
    }

    /// The data of the next event, which must have this name.
    pub async fn hears(&mut self, name: &str) -> Value {
        let said = self.next().await;
        assert_eq!(said["event"], name, "{said}");
        said["data"].clone()
    }

    /// All events up to the first of this type that meets a condition, that one included.
    pub async fn until(&mut self, kind: &str, meets: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let said = self.next().await;
            let event = said["data"].clone();
            assert_eq!(said["event"], event["type"], "an event is called by its type: {said}");
            let is_it = event["type"] == kind && meets(&event);
            heard.push(event);
            if is_it {
                return heard;
            }
        }
    }

    /// The next event, whatever it tells of.
    pub async fn event(&mut self) -> Value {
        let said = self.next().await;
        assert_eq!(said["event"], said["data"]["type"], "an event is called by its type: {said}");
        said["data"].clone()
    }

    /// Waits until the server ends it; answers what was told before.
    pub async fn ends(&mut self) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let said = self.next().await;
            if said.get("disconnected").is_some() {
                return heard;
            }
            heard.push(said);
        }
    }
}

/// Where Node is.
fn node() -> PathBuf {
    static NODE: OnceLock<PathBuf> = OnceLock::new();
    let found = NODE.get_or_init(|| {
        let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bin/setup");
        let output = std::process::Command::new(setup).arg("--node").output().expect("bin/setup runs");
        let folder = String::from_utf8(output.stdout).expect("a path");
        Path::new(folder.trim()).join("node")
    });
    found.clone()
}
