//! What the process is made of, and how it starts.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, web};
use proxie_shared::auth::{Authenticator, Tokens};
use proxie_shared::config::{AuthConfig, ConfigError, DatabaseConfig, RedisConfig};
use proxie_shared::db::{Db, migrations};
use proxie_shared::domain::Domain;
use proxie_shared::domain::users::Users;
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::queue::{Queue, Redis};

use crate::http::envelope;
use crate::routes;

/// What the API needs.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    /// PostgreSQL.
    pub database: DatabaseConfig,
    /// Redis.
    pub redis: RedisConfig,
    /// Tokens.
    pub auth: AuthConfig,
}

impl ApiConfig {
    /// Reads the variables named in each part.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            database: DatabaseConfig::from_env()?,
            redis: RedisConfig::from_env()?,
            auth: AuthConfig::from_env()?,
        })
    }
}

/// What handlers share.
pub struct App {
    /// Everything that can be asked for.
    pub domain: Domain,
    /// Tells who asks.
    pub auth: Authenticator<Users>,
}

/// How long requests may go on after a signal to stop; a long poll takes up to 30 s.
const SHUTDOWN_SECONDS: u64 = 28;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 4_096;
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A server on a bound listener, to be polled; `signals` lets it stop on SIGTERM and SIGINT. Must be called inside a
/// tokio runtime.
///
/// # Errors
/// When the schema is behind this code, PostgreSQL cannot be reached, or the listener does not do.
pub async fn serve(config: &ApiConfig, listener: TcpListener, signals: bool) -> Result<Server> {
    let db = Db::new(&config.database);
    migrations::require_current(&db).await?;
    let queue = Queue::new(db.clone(), Redis::new(&config.redis)?);
    let tokens = Tokens::new(&config.auth);
    let app = web::Data::new(App {
        domain: Domain::new(queue),
        auth: Authenticator::new(tokens.clone(), Users::new(db, tokens)),
    });
    let server = HttpServer::new(move || {
        ActixApp::new().app_data(app.clone()).wrap(from_fn(envelope)).configure(routes::configure)
    })
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .backlog(BACKLOG)
    .keep_alive(KEEP_ALIVE);
    let server = if signals { server } else { server.disable_signals() };
    let cannot_listen = |error| Error::new(Code::Internal).detail("The port cannot be used.").because(error);
    Ok(server.listen(listener).map_err(cannot_listen)?.run())
}
