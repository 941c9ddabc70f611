//! The worker: pulls tasks from the queue and runs them; start more of it to scale.

mod http;
mod in_hand;
mod jobs;
pub mod operator;
mod runtime;
pub mod schedule;
mod told;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use proxie_shared::agent::specialists::Specialists;
use proxie_shared::agent::{Agent, Clock};
use proxie_shared::config::{
    ConfigError, DatabaseConfig, LlmConfig, MatchingConfig, MediaConfig, RedisConfig, ScheduleConfig,
    TasksConfig,
};
use proxie_shared::db::{Db, migrations};
use proxie_shared::domain::embedding::Embedder;
use proxie_shared::domain::matching::Matcher;
use proxie_shared::domain::{CurrentCatalog, Domain, DomainDesk, sweep};
use proxie_shared::error::Result;
use proxie_shared::llm::Gateway;
use proxie_shared::queue::{Queue, Redis};
use proxie_shared::storage::Store;

/// How long what models cost may take to be written at the very end.
const LAST_WRITES: Duration = Duration::from_secs(2);

/// What a worker needs.
#[derive(Clone)]
pub struct WorkerConfig {
    /// PostgreSQL.
    pub database: DatabaseConfig,
    /// Redis.
    pub redis: RedisConfig,
    /// The model.
    pub llm: LlmConfig,
    /// How much each part of a match counts.
    pub matching: MatchingConfig,
    /// Claims, retries, concurrency.
    pub tasks: TasksConfig,
    /// Pictures and films: those that nobody needs are swept.
    pub media: MediaConfig,
    /// Jobs on time.
    pub schedule: ScheduleConfig,
    /// `PROXIE_DEFAULT_ZONE`: the zone of places that nobody knows (America/New_York).
    pub default_zone: Tz,
    /// Tells the agent the time.
    pub clock: Clock,
    /// Where `/health`, `/ready` and `/metrics` are served, if anywhere: a host and a port.
    pub listen: Option<(String, u16)>,
}

impl fmt::Debug for WorkerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerConfig")
            .field("listen", &self.listen)
            .field("database", &self.database)
            .field("redis", &self.redis)
            .field("llm", &self.llm)
            .field("matching", &self.matching)
            .field("tasks", &self.tasks)
            .field("media", &self.media)
            .field("schedule", &self.schedule)
            .field("default_zone", &self.default_zone)
            .finish_non_exhaustive()
    }
}

impl WorkerConfig {
    /// Reads the variables named in each part.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            database: DatabaseConfig::from_env()?,
            redis: RedisConfig::from_env()?,
            llm: LlmConfig::from_env()?,
            matching: MatchingConfig::from_env()?,
            tasks: TasksConfig::from_env()?,
            media: MediaConfig::from_env()?,
            schedule: ScheduleConfig::from_env()?,
            default_zone: proxie_shared::config::default_zone()?,
            clock: Arc::new(chrono::Utc::now),
            listen: None,
        })
    }
}

/// Works until `stop` resolves, then lets what is in hand finish or hands it back.
///
/// # Errors
/// When the configuration does not do, the port is taken, the schema is behind this code, or the runtime fails.
pub async fn run(config: WorkerConfig, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    let db = Db::new(&config.database);
    migrations::require_current(&db).await?;
    let queue = Queue::new(db.clone(), Redis::new(&config.redis)?);
    let catalog = CurrentCatalog::start(db.clone()).await?;
    let specialists = Specialists::start()?.names().count();
    tracing::info!(specialists, "specialists are at hand");
    let gateway = Gateway::new(&config.llm, db.clone(), queue.redis.clone())?;
    let store = Store::new(&config.media)?;
    let domain = Arc::new(Domain::new(queue.clone(), catalog.clone()));
    let agent = Agent::new(
        queue.clone(),
        gateway.clone(),
        Arc::new(DomainDesk::new(domain)),
        store.clone(),
        config.clock,
        config.default_zone,
    );
    let serving = match &config.listen {
        Some((host, port)) => Some({
            let listener = http::bind(host, *port).await?;
            tokio::spawn(http::serve(listener, queue.clone(), gateway.clone()))
        }),
        None => None,
    };
    let sweeping = tokio::spawn(sweep::run(db.clone(), store));
    let embedder = Embedder::new(db.clone(), gateway.clone());
    let scheduled = tokio::spawn(schedule::run(queue.clone(), embedder.clone(), config.schedule));
    let jobs = jobs::Jobs {
        matcher: Matcher::new(queue.clone(), catalog.clone(), gateway.clone(), config.matching),
        embedder,
        db,
        catalog,
        agent,
    };
    let ended = runtime::run(queue, jobs, config.tasks, stop).await;
    sweeping.abort();
    scheduled.abort();
    // What the last calls came to.
    let _late = tokio::time::timeout(LAST_WRITES, gateway.flush()).await;
    if let Some(serving) = serving {
        serving.abort();
    }
    ended
}
