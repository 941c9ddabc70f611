//! A stand-in for an OIDC issuer: a tiny HTTP server that publishes keys, counts who asks, and fails as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chrono::Utc;
use proxie_shared::config::IssuerConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::signer::with;

/// For whom its tokens are.
pub const AUDIENCE: &str = "proxie-of-the-tests";
/// To whom they are given.
pub const PARTY: &str = "https://app.example";

/// What is answered.
#[derive(Clone)]
pub enum Mood {
    /// The keys.
    Fine,
    /// Nothing, ever.
    Hangs,
    /// The keys, but for the last byte.
    Stalls,
    /// Connections are closed at once.
    Down,
    /// This status line and headers, with the keys.
    Says(String),
    /// The keys and so many bytes of space.
    Wordy(usize),
}

/// The issuer.
pub struct StandIn {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    _serving: JoinSet<()>,
}

struct Shared {
    keys: Vec<Value>,
    mood: Mood,
    calls: usize,
}

impl StandIn {
    /// Publishes these keys on a port of its own.
    pub async fn start(keys: Vec<Value>) -> Self {
        Self::start_as(Mood::Fine, keys).await
    }

    /// Publishes these keys, or behaves badly from the first moment.
    pub async fn start_as(mood: Mood, keys: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Mutex::new(Shared { keys, mood, calls: 0 }));
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&shared)));
        Self { address, shared, _serving: serving }
    }

    /// Its `iss`.
    pub fn name(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the product is told of it.
    pub fn rules(&self) -> IssuerConfig {
        IssuerConfig {
            issuer: self.name(),
            jwks_url: format!("{}/jwks", self.name()),
            audiences: vec![AUDIENCE.to_owned()],
            authorized_parties: vec![PARTY.to_owned()],
            trusted_for_admin: false,
        }
    }

    /// What a good token of it says, but for some claims; those that are null are left out.
    pub fn claims(&self, subject: &str, other: &Value) -> Value {
        let now = Utc::now().timestamp();
        let claims = json!({"iss": self.name(), "sub": subject, "aud": AUDIENCE, "azp": PARTY, "iat": now, "nbf": now, "exp": now + 60});
        with(&claims, other)
    }

    /// Publishes other keys from now on.
    pub fn publish(&self, keys: Vec<Value>) {
        self.shared.lock().unwrap().keys = keys;
    }

    /// Behaves otherwise from now on.
    pub fn be(&self, mood: Mood) {
        self.shared.lock().unwrap().mood = mood;
    }

    /// How often it was asked.
    pub fn calls(&self) -> usize {
        self.shared.lock().unwrap().calls
    }
}

async fn serve(listener: TcpListener, shared: Arc<Mutex<Shared>>) {
    let mut calls = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        calls.spawn(answer(stream, Arc::clone(&shared)));
    }
}

/// Answers one call. A caller that is gone is no failure.
async fn answer(mut stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_buf(&mut request).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    let (mood, mut body) = {
        let mut shared = shared.lock().unwrap();
        shared.calls += 1;
        (shared.mood.clone(), json!({"keys": shared.keys}).to_string())
    };
    let head = match mood.clone() {
        Mood::Fine | Mood::Stalls => "200 OK".to_owned(),
        Mood::Down => return,
        Mood::Hangs => std::future::pending().await,
        Mood::Says(head) => head,
        Mood::Wordy(spaces) => {
            body.push_str(&" ".repeat(spaces));
            "200 OK".to_owned()
        }
    };
    let stalls = matches!(mood, Mood::Stalls);
    let length = body.len() + usize::from(stalls);
    let text = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let _gone = stream.write_all(text.as_bytes()).await;
    if stalls {
        std::future::pending().await
    }
}
