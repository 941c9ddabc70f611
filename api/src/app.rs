//! What the process is made of, and how it starts.

use std::future::pending;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::{App as ActixApp, HttpRequest, HttpServer, web};
use ipnet::IpNet;
use proxie_shared::agent::specialists::Specialists;
use proxie_shared::auth::{Authenticator, Links, Svix, Verifier};
use proxie_shared::config::{
    AuthConfig, ClerkConfig, ClientConfig, ConfigError, DatabaseConfig, HttpConfig, IssuerConfig,
    LimitsConfig, MediaConfig, RedisConfig, Secret,
};
use proxie_shared::db::{Db, migrations};
use proxie_shared::domain::media::Gallery;
use proxie_shared::domain::metrics::Gauges;
use proxie_shared::domain::users::Users;
use proxie_shared::domain::{CurrentCatalog, Domain};
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::limits::Limits;
use proxie_shared::queue::{Queue, Redis};
use proxie_shared::storage::Store;
use proxie_shared::telemetry::metrics;
use socket2::SockRef;
use tokio::signal::unix::{SignalKind, signal};

use crate::handlers::client;
use crate::http::events::drop_the_silent;
use crate::http::{cors, envelope};
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
    /// How often who may call.
    pub limits: LimitsConfig,
    /// The outside.
    pub http: HttpConfig,
    /// Pictures and films.
    pub media: MediaConfig,
    /// The web client.
    pub client: ClientConfig,
    /// What a test makes forgotten: an operation's rule, as `POST /requests`.
    #[cfg(feature = "mutation")]
    pub switched_off: Option<String>,
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
            limits: LimitsConfig::from_env()?,
            http: HttpConfig::from_env()?,
            media: MediaConfig::from_env()?,
            client: ClientConfig::from_env()?,
            #[cfg(feature = "mutation")]
            switched_off: None,
        })
    }
}

/// What handlers share.
pub struct App {
    /// Everything that can be asked for.
    pub domain: Domain,
    /// Pictures and films, and the links to them.
    pub gallery: Gallery,
    /// Tells who asks.
    pub auth: Authenticator<Users>,
    /// Tells who asks too often.
    pub limits: Limits,
    /// What is measured when somebody looks.
    pub gauges: Gauges,
    /// All that is measured.
    pub metrics: metrics::Handle,
    /// Takes events of Clerk, if it is configured.
    pub clerk: Option<Clerk>,
    /// What the web client is told.
    pub client: ClientConfig,
    /// What its pages may load and whom they may call.
    pub client_policy: HeaderValue,
    /// Pages of other origins that may call.
    pub origins: Vec<String>,
    /// Whether this is not a developer's machine.
    pub production: bool,
    /// How long a call may take.
    pub request: Duration,
    /// How long its body may take to arrive.
    pub body: Duration,
    /// How long a file may take to arrive, and once more to be kept.
    pub upload: Duration,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    metrics_token: Option<Secret>,
    #[cfg(feature = "mutation")]
    pub(crate) switched_off: Option<String>,
}

/// Clerk, as far as it tells of its users.
pub struct Clerk {
    svix: Svix,
    /// Whose users.
    pub issuer: IssuerConfig,
}

impl Clerk {
    fn new(clerk: &ClerkConfig, auth: &AuthConfig) -> Result<Self, ConfigError> {
        let known = auth.issuers.iter().find(|external| external.issuer == clerk.issuer);
        let Some(known) = known else {
            let why = "it is not one of PROXIE_ISSUERS".to_owned();
            return Err(ConfigError::Wrong { name: "PROXIE_CLERK_ISSUER", why });
        };
        Ok(Self { svix: Svix::new(&clerk.secret)?, issuer: known.clone() })
    }

    /// Checks an event's signature.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn verify(&self, id: &str, timestamp: &str, signature: &str, payload: &[u8]) -> Result<()> {
        self.svix.verify(id, timestamp, signature, payload)
    }
}

impl App {
    /// Whether a caller may read the metrics: in production who has the token or calls from inside.
    pub fn may_read_metrics(&self, request: &HttpRequest, token: Option<&str>) -> bool {
        !self.production
            || token.is_some_and(|token| self.is_metrics_token(token))
            || self.is_from_inside(request)
    }

    /// Whether this is the token that lets its bearer read the metrics.
    pub fn is_metrics_token(&self, token: &str) -> bool {
        self.metrics_token.as_ref().is_some_and(|known| known.is(token))
    }

    /// Behind a proxy that is not trusted everybody seems to be inside: then nobody is.
    fn is_from_inside(&self, request: &HttpRequest) -> bool {
        let address = self.address(request);
        let is_of_a_proxy = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical() == address)
            && ["forwarded", "via", "x-forwarded-for"]
                .iter()
                .any(|name| request.headers().contains_key(*name));
        metrics::is_internal(address) && !is_of_a_proxy
    }
}

/// How long requests may go on after a signal to stop; long polls are answered at once.
const SHUTDOWN_SECONDS: u64 = 25;
/// Connections that wait to be accepted.
const BACKLOG: i32 = 4_096;
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
    let operations = routes::operations();
    let mistakes = routes::mistakes(&operations);
    if !mistakes.is_empty() {
        return Err(Error::new(Code::Internal).detail(mistakes.join("; ")));
    }
    let redis = Redis::new(&config.redis)?;
    let queue = Queue::new(db.clone(), redis.clone());
    let clerk = config.http.clerk.as_ref().map(|clerk| Clerk::new(clerk, &config.auth)).transpose();
    let verifier = Verifier::new(&config.auth)?;
    let catalog = CurrentCatalog::start(db.clone()).await?;
    Specialists::start()?;
    let gallery = Gallery::new(db.clone(), Store::new(&config.media)?, Links::new(&config.auth))?;
    let users = Users::new(db, verifier.tokens().clone());
    let app = web::Data::new(App {
        gauges: Gauges::new(queue.clone()),
        metrics: metrics::install(),
        domain: Domain::new(queue, catalog),
        gallery,
        auth: Authenticator::new(verifier, users),
        limits: Limits::new(redis, config.limits.clone()),
        clerk: clerk.map_err(|error| Error::new(Code::Internal).detail(error.to_string()))?,
        client_policy: client::policy(&config.client)
            .map_err(|error| Error::new(Code::Internal).because(error))?,
        client: config.client.clone(),
        origins: config.http.origins.clone(),
        production: config.http.production,
        request: config.http.request,
        body: config.http.body,
        upload: config.media.upload,
        trusted_proxies: config.limits.trusted_proxies.clone(),
        metrics_token: config.http.metrics_token.clone(),
        #[cfg(feature = "mutation")]
        switched_off: config.switched_off.clone(),
    });
    let for_signals = app.clone();
    let origins = config.http.origins.clone();
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(app.clone())
            .app_data(web::Data::new(app.limits.for_thread()))
            .wrap(Compress::default())
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            // The last is the outermost: nobody answers past it.
            .wrap(from_fn(envelope))
            .configure(|app| routes::configure(&operations, app))
    })
    .on_connect(drop_the_silent)
    // A client that goes away ends its stream at once, and leaves its place to others.
    .h1_allow_half_closed(false)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .keep_alive(KEEP_ALIVE);
    if signals {
        tokio::spawn(release_waiters(for_signals));
    }
    let server = if signals { server } else { server.disable_signals() };
    let cannot_listen = |error| Error::new(Code::Internal).detail("The port cannot be used.").because(error);
    // The server's own setting is for sockets that it makes itself; one that listens already does so with another queue.
    SockRef::from(&listener).listen(BACKLOG).map_err(cannot_listen)?;
    Ok(server.listen(listener).map_err(cannot_listen)?.run())
}

/// Answers long polls when the process is asked to stop, which waits for them.
async fn release_waiters(app: web::Data<App>) {
    stopped().await;
    app.domain.release_waiters();
}

/// Resolves when the process is asked to stop.
pub async fn stopped() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
