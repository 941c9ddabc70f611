//! A stand-in for who is told what happens: an OpenTelemetry collector, Sentry, or a model that refuses. It keeps what it is sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as AnyValue;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Takes what is sent to it over HTTP.
pub struct Recorder {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Received>>>,
    _serving: JoinSet<()>,
}

/// A call: its head (first line and headers) and its body.
#[derive(Clone, Debug)]
pub struct Received {
    /// As text.
    pub head: String,
    /// As it came.
    pub body: Vec<u8>,
}

/// A span with the name of who sent it.
#[derive(Clone, Debug)]
pub struct Told {
    /// `service.name`
    pub service: String,
    /// The span.
    pub span: Span,
}

impl Recorder {
    /// Answers every call with 200.
    pub async fn start() -> Self {
        Self::start_as(true).await
    }

    /// Takes every call and never answers.
    pub async fn start_hanging() -> Self {
        Self::start_as(false).await
    }

    async fn start_as(answers: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let calls = Arc::default();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&calls), answers));
        Self { address, calls, _serving: serving }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The DSN of its only project.
    pub fn dsn(&self) -> String {
        format!("http://key@{}/1", self.address)
    }

    /// All that it was sent.
    pub fn received(&self) -> Vec<Received> {
        self.calls.lock().unwrap().clone()
    }

    /// All spans that it was sent.
    pub fn spans(&self) -> Vec<Told> {
        let traces = self.received().into_iter().filter(|call| call.head.starts_with("POST /v1/traces "));
        let exports = traces.map(|call| ExportTraceServiceRequest::decode(&*call.body).expect("OTLP"));
        let mut told = Vec::new();
        for resource in exports.flat_map(|export| export.resource_spans) {
            let attributes = resource.resource.expect("a resource").attributes;
            let named = attributes.into_iter().find(|attribute| attribute.key == "service.name");
            let service = named.and_then(|name| text(name.value?.value?)).expect("its name");
            let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
            told.extend(spans.map(|span| Told { service: service.clone(), span }));
        }
        told
    }

    /// All errors that it was sent, as Sentry's envelopes have them: a line of JSON each.
    pub fn reports(&self) -> Vec<Value> {
        let envelopes = self.received().into_iter().filter(|call| call.head.contains("/envelope/"));
        let mut reports = Vec::new();
        for call in envelopes {
            let text = String::from_utf8(call.body).expect("text");
            let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            reports.extend(lines.filter(|line| line["logger"].is_string()));
        }
        reports
    }
}

impl Told {
    /// An attribute's text.
    pub fn attribute(&self, key: &str) -> Option<String> {
        let attribute = self.span.attributes.iter().find(|attribute| attribute.key == key)?;
        text(attribute.value.clone()?.value?)
    }
}

fn text(value: AnyValue) -> Option<String> {
    match value {
        AnyValue::StringValue(text) => Some(text),
        AnyValue::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

async fn serve(listener: TcpListener, calls: Arc<Mutex<Vec<Received>>>, answers: bool) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        open.spawn(take(stream, Arc::clone(&calls), answers));
    }
}

/// Takes one call. A caller that is gone is no failure.
async fn take(mut stream: TcpStream, calls: Arc<Mutex<Vec<Received>>>, answers: bool) {
    let mut came = Vec::new();
    let (head, begins) = loop {
        match stream.read_buf(&mut came).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if let Some(end) = came.windows(4).position(|four| four == b"\r\n\r\n") {
            break (String::from_utf8_lossy(&came[..end]).into_owned(), end + 4);
        }
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    while came.len() < begins + length.unwrap_or(0) {
        match stream.read_buf(&mut came).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    calls.lock().unwrap().push(Received { head, body: came.split_off(begins) });
    if !answers {
        std::future::pending().await
    }
    let _gone = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
}
