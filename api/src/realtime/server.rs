//! How the process listens.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use proxie_shared::agent::specialists::Specialists;
use proxie_shared::auth::{Authenticator, Links, Verifier};
use proxie_shared::db::{Db, migrations};
use proxie_shared::domain::users::Users;
use proxie_shared::domain::{CurrentCatalog, Domain};
use proxie_shared::error::Result;
use proxie_shared::queue::{Queue, Redis};
use socketioxide::handler::ConnectHandler;
use socketioxide::{SocketIo, TransportType};
use tokio::net::TcpListener;

use super::gate::{authenticate, connect};
use super::hub::Hub;
use super::log;
use crate::ApiConfig;

/// Where Socket.IO is.
const PATH: &str = "/ws/socket.io";
/// How often a connection is asked whether it lives, and how long it may take to answer.
const PING: (Duration, Duration) = (Duration::from_secs(25), Duration::from_secs(20));
/// How long a client may take to say who it is.
const HELLO: Duration = Duration::from_secs(10);
/// The largest message of a client, in bytes: a token is the largest thing that one sends.
const MESSAGE_MAX: u64 = 32 * 1024;
/// How many messages to a client may wait to be sent.
const WAITING: usize = 256;
/// The least that hyper buffers of a request.
const BUFFER: usize = 8 * 1024;

/// Serves live channels on a bound listener until `stop` resolves; then all connections are closed.
///
/// # Errors
/// When the schema is behind this code, or PostgreSQL cannot be reached.
pub async fn serve(config: &ApiConfig, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
    let db = Db::new(&config.database);
    migrations::require_current(&db).await?;
    let catalog = CurrentCatalog::start(db.clone()).await?;
    Specialists::start()?;
    let verifier = Verifier::new(&config.auth)?;
    let users = Users::new(db.clone(), verifier.tokens().clone());
    let domain = Domain::new(Queue::new(db, Redis::new(&config.redis)?), catalog);
    let hub = Arc::new(Hub::new(domain, Authenticator::new(verifier, users), Links::new(&config.auth)));
    let reading = tokio::spawn(log::run(Arc::clone(&hub)));

    let (service, io) = SocketIo::builder()
        .req_path(PATH)
        .transports([TransportType::Websocket])
        .ping_interval(PING.0)
        .ping_timeout(PING.1)
        .connect_timeout(HELLO)
        .max_payload(MESSAGE_MAX)
        .max_buffer_size(WAITING)
        .with_state(hub)
        .build_with_inner_svc(Outside);
    io.ns("/", connect.with(authenticate));

    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HELLO).max_buf_size(BUFFER);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Too many open files, or a client that has gone.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _slower = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), service.clone()).with_upgrades();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    io.close().await;
    reading.abort();
    Ok(())
}

/// What is there beside Socket.IO: that the process lives.
#[derive(Clone)]
struct Outside;

impl Service<Request<Incoming>> for Outside {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<std::result::Result<Self::Response, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let lives = request.uri().path() == "/health";
        let (status, body) = if lives {
            (StatusCode::OK, r#"{"status":"ok"}"#)
        } else {
            (StatusCode::NOT_FOUND, r#"{"code":"not_found","detail":"Socket.IO is at /ws/socket.io."}"#)
        };
        let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
        ready(Ok(response))
    }
}
