//! `/health`, `/ready` and `/metrics` on a port of the worker's own, for who looks after it.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use proxie_shared::domain::metrics::Gauges;
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::llm::Gateway;
use proxie_shared::queue::Queue;
use proxie_shared::telemetry::metrics::{self, Handle, is_internal};
use serde_json::json;
use tokio::net::TcpListener;

/// The pause when no connection can be taken: too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// What the answers are made of.
struct Site {
    queue: Queue,
    gateway: Gateway,
    gauges: Gauges,
    metrics: Handle,
}

/// Listens.
///
/// # Errors
/// When the port is taken or the address is not this machine's.
pub async fn bind(host: &str, port: u16) -> Result<TcpListener> {
    let listener = TcpListener::bind((host, port)).await.map_err(|error| {
        Error::new(Code::Internal).detail(format!("Cannot listen on {host}:{port}.")).because(error)
    })?;
    tracing::info!(host, port, "serving health and metrics");
    Ok(listener)
}

/// Answers for as long as the future is polled.
pub async fn serve(listener: TcpListener, queue: Queue, gateway: Gateway) {
    let site = Site { gauges: Gauges::new(queue.clone()), queue, gateway, metrics: metrics::install() };
    let site = Arc::new(site);
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(&site, peer, request));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
}

async fn answer(
    site: &Site,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET is answered here.\n");
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Ok(refusal);
    }
    Ok(match request.uri().path() {
        "/health" => json(StatusCode::OK, &json!({"status": "ok"})),
        "/ready" => ready(site).await,
        "/metrics" => site.metrics(peer.ip()).await,
        _ => text(StatusCode::NOT_FOUND, "There are /health, /ready and /metrics here.\n"),
    })
}

/// A worker hears of tasks through Redis and can do nothing without PostgreSQL: it needs both. Without a model it can match and
/// sweep, and tells people that the assistant is away: how the breaker of each provider stands is said beside.
async fn ready(site: &Site) -> Response<Full<Bytes>> {
    let checks = site.queue.readiness().await;
    let models: serde_json::Map<_, _> =
        site.gateway.breakers().into_iter().map(|(name, state)| (name.to_owned(), json!(state))).collect();
    let down: Vec<_> = checks.iter().filter(|(_, up)| !up).map(|(name, _)| *name).collect();
    let (code, status) = if down.is_empty() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unready")
    };
    json(code, &json!({"status": status, "down": down, "models": models}))
}

impl Site {
    async fn metrics(&self, peer: IpAddr) -> Response<Full<Bytes>> {
        if !is_internal(peer) {
            return text(StatusCode::FORBIDDEN, "Metrics are for internal addresses.\n");
        }
        self.gauges.refresh().await;
        respond(StatusCode::OK, metrics::CONTENT_TYPE, self.metrics.render())
    }
}

fn json(status: StatusCode, body: &serde_json::Value) -> Response<Full<Bytes>> {
    respond(status, "application/json", body.to_string())
}

fn text(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    respond(status, "text/plain; charset=utf-8", body)
}

fn respond(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
