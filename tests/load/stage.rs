//! The stage that scenarios play on: an empty database and Redis, users with tokens, and the programs.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use proxie_shared::auth::Tokens;
use proxie_shared::config::{AuthConfig, DatabaseConfig, RedisConfig, Secret};
use proxie_shared::db::Db;
use proxie_shared::model::users::Role;
use proxie_shared::queue::{Queue, Redis};
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::Result;
use crate::data::{State, insert_chats};
use crate::drive::Load;
use crate::process::{Process, free_address};

/// Below which all of Proxie's keys in Redis are.
const PREFIX: &str = "bench:";
/// How many users there are.
const USERS: usize = 200;
/// How many chats were answered before anything is measured.
const HISTORY: usize = 5_000;
/// Settings of an API that counts no calls.
pub const NO_LIMITS: &[(&str, &str)] =
    &[("PROXIE_LIMIT_CHAT", "0"), ("PROXIE_LIMIT_WRITE", "0"), ("PROXIE_LIMIT_READ", "0")];
/// Workers are told this address where no model is needed.
const NO_MODEL: &str = "http://127.0.0.1:9/v1";

/// What is given from outside.
pub struct Settings {
    /// Where the programs are.
    pub programs: PathBuf,
    /// Where their logs go.
    pub logs: PathBuf,
    /// PostgreSQL; what is in it is deleted.
    pub database_url: String,
    /// Redis; what is in it is deleted.
    pub redis_url: String,
    /// A short look instead of figures to rely on.
    pub quick: bool,
}

/// Somebody who may ask.
pub struct User {
    /// Who.
    pub id: Uuid,
    /// Good for the whole run.
    pub token: String,
}

/// The stage.
pub struct Stage {
    settings: Settings,
    secret: String,
    /// The database, for what the scenarios themselves read and write.
    pub pg: tokio_postgres::Client,
    /// The queue, as a process of Proxie uses it.
    pub queue: Queue,
    /// The callers.
    pub users: Vec<User>,
}

/// A running API or model.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// The process.
    pub process: Process,
}

impl Stage {
    /// Builds up: schema, demo data, users.
    pub async fn new(settings: Settings) -> Result<Self> {
        let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let pg = connect(&settings.database_url).await?;
        let database = DatabaseConfig {
            url: settings.database_url.clone(),
            pool: 16,
            wait: Duration::from_secs(10),
            statement: Duration::from_secs(60),
        };
        let redis = RedisConfig {
            url: settings.redis_url.clone(),
            prefix: PREFIX.to_owned(),
            timeout: Duration::from_secs(10),
        };
        let queue = Queue::new(Db::new(&database), Redis::new(&redis)?);
        let mut stage = Self { settings, secret, pg, queue, users: Vec::new() };
        stage.run_api(&["migrate"]).await?;
        // A run that was cut off may have left others.
        stage.demo_providers().await?;
        stage.users = stage.make_users().await?;
        Ok(stage)
    }

    /// Whether a short look is enough.
    pub fn quick(&self) -> bool {
        self.settings.quick
    }

    /// `full`, or `quick` where a short look is enough.
    pub fn either<T>(&self, full: T, quick: T) -> T {
        if self.settings.quick { quick } else { full }
    }

    /// How long a closed loop runs.
    pub fn load(&self) -> Load {
        let ms = Duration::from_millis;
        Load { warm_up: self.either(ms(1_000), ms(300)), measured: self.either(ms(5_000), ms(2_000)) }
    }

    /// Another connection to the database.
    pub async fn connect(&self) -> Result<tokio_postgres::Client> {
        connect(&self.settings.database_url).await
    }

    /// The address of the database.
    pub fn database_url(&self) -> &str {
        &self.settings.database_url
    }

    /// The address of Redis.
    pub fn redis_url(&self) -> &str {
        &self.settings.redis_url
    }

    /// Puts everything back to where each measurement begins: an empty queue, and a database that has been in use, with
    /// [`HISTORY`] answered chats and fresh statistics. No worker may be running.
    ///
    /// Empty tables would measure something else: the plans that PostgreSQL makes for them and keeps with each prepared
    /// statement read whole tables, until its first look at the statistics, a minute later or so.
    pub async fn reset(&self) -> Result<()> {
        self.queue.courier.flush().await;
        self.pg
            .batch_execute(
                "TRUNCATE tasks, task_steps, chat_messages, chat_sessions, drafts, idempotency_keys, requests, llm_usage,
                   llm_budgets, llm_reservations, live_events CASCADE",
            )
            .await?;
        self.queue.redis.query::<()>(&redis::cmd("FLUSHALL")).await?;
        insert_chats(self, HISTORY, State::Done).await?;
        Ok(())
    }

    /// Starts the API, with limits that nobody reaches.
    pub async fn start_api(&self) -> Result<Server> {
        self.start_api_with(&[]).await
    }

    /// Starts the API with these settings of its own.
    pub async fn start_api_with(&self, own: &[(&'static str, &str)]) -> Result<Server> {
        self.start_server("proxie-api", &["serve"], own, "/ready", "api.log").await
    }

    /// Starts the offline model.
    pub async fn start_model(&self, latency: Duration) -> Result<Server> {
        let latency = latency.as_millis().to_string();
        self.start_server(
            "proxie-offline-llm",
            &["--latency-ms", &latency],
            &[],
            "/health",
            "offline-llm.log",
        )
        .await
    }

    /// Starts the bare endpoint.
    pub async fn start_bare(&self) -> Result<Server> {
        self.start_server("proxie-load", &["bare"], &[], "/", "bare.log").await
    }

    /// Starts a worker that talks to this model, with these settings of its own.
    pub fn start_worker(&self, model: Option<SocketAddr>, own: &[(&'static str, &str)]) -> Result<Process> {
        self.start_worker_number(1, model, own)
    }

    /// Starts one of several workers.
    pub fn start_worker_number(
        &self,
        number: usize,
        model: Option<SocketAddr>,
        own: &[(&'static str, &str)],
    ) -> Result<Process> {
        let mut environment = self.environment();
        let model = model.map_or_else(|| NO_MODEL.to_owned(), |address| format!("http://{address}/v1"));
        environment.push(("LLM_BASE_URL", model));
        environment.push(("LLM_API_KEY", "offline".to_owned()));
        environment.push(("LLM_MODEL", "offline".to_owned()));
        // Clients say the same over and over; each time the model is to be asked.
        environment.push(("PROXIE_LLM_CACHE_TTL_MS", "0".to_owned()));
        environment.extend(own.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let log = self.settings.logs.join(format!("worker-{number}.log"));
        let program = self.settings.programs.join("proxie-worker");
        Process::start("the worker", &program, &[], &environment, &log)
    }

    /// What the first worker has logged since it was started.
    pub fn worker_log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.settings.logs.join("worker-1.log"))?)
    }

    /// What was measured and on what; refuses services that do not keep what they were given.
    pub async fn machine(&self) -> Result<Value> {
        let setting = async |name: &str| -> Result<String> {
            Ok(self.pg.query_one(&format!("SHOW {name}"), &[]).await?.get(0))
        };
        let (fsync, commit) = (setting("fsync").await?, setting("synchronous_commit").await?);
        let append: Vec<String> =
            self.queue.redis.query(redis::cmd("CONFIG").arg("GET").arg("appendonly")).await?;
        if fsync != "on" || commit != "on" || append.last().is_none_or(|value| value != "yes") {
            return Err("the services are not durable: figures would mean nothing".into());
        }
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        Ok(json!({
            "cpu": cpu.map_or("unknown", |(_, name)| name),
            "cores": std::thread::available_parallelism()?.get(),
            "postgresql": setting("server_version").await?,
            "history": format!("{HISTORY} answered chats before each measurement"),
            "durability": "PostgreSQL fsync and synchronous_commit on; Redis append-only file on, flushed each second",
            "commit": std::env::var("PROXIE_BENCH_COMMIT").unwrap_or_default(),
            "quick": self.quick(),
        }))
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE_URL", self.settings.database_url.clone()),
            ("REDIS_URL", self.settings.redis_url.clone()),
            ("PROXIE_REDIS_PREFIX", PREFIX.to_owned()),
            ("PROXIE_JWT_SECRET", self.secret.clone()),
            // On, as in production, but out of reach.
            ("PROXIE_LIMIT_CHAT", "1000000".to_owned()),
            ("PROXIE_LIMIT_WRITE", "1000000".to_owned()),
            ("PROXIE_LIMIT_READ", "1000000".to_owned()),
        ]
    }

    async fn start_server(
        &self,
        program: &str,
        arguments: &[&str],
        own: &[(&'static str, &str)],
        ready: &str,
        log: &str,
    ) -> Result<Server> {
        let address = free_address()?;
        let port = address.port().to_string();
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--port", &port]).collect();
        let log = self.settings.logs.join(log);
        let path = self.settings.programs.join(program);
        let mut environment = self.environment();
        environment.extend(own.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let mut process = Process::start(program, &path, &arguments, &environment, &log)?;
        process.ready(address, ready).await?;
        Ok(Server { address, process })
    }

    /// Runs a command of the API to its good end; its log has the name of the command.
    pub async fn run_api(&self, command: &[&str]) -> Result<()> {
        let log = self.file(&format!("{}.log", command.first().unwrap_or(&"api")));
        let program = self.settings.programs.join("proxie-api");
        Process::start("proxie-api", &program, command, &self.environment(), &log)?.finished().await
    }

    /// A file beside the logs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.settings.logs.join(name)
    }

    /// Takes all providers away, those of the demo too.
    pub async fn no_providers(&self) -> Result<()> {
        self.pg
            .batch_execute(
                "TRUNCATE providers CASCADE;
                 DELETE FROM users WHERE issuer IN ('proxie/demo', 'proxie/import')",
            )
            .await?;
        Ok(())
    }

    /// The providers of the demo and nobody else, as every other scenario finds them.
    pub async fn demo_providers(&self) -> Result<()> {
        self.no_providers().await?;
        self.run_api(&["seed"]).await?;
        self.pg.batch_execute("VACUUM ANALYZE").await?;
        Ok(())
    }

    /// A token that is good for the whole run, of somebody who need not have a row yet.
    pub fn token(&self, subject: &str, role: Role) -> Result<String> {
        let secret = Secret::new(self.secret.clone());
        let config = AuthConfig { secret, issuer: "proxie".to_owned(), issuers: Vec::new() };
        Ok(Tokens::new(&config).local(subject, role, Duration::from_secs(24 * 60 * 60))?)
    }

    /// Tokens of so many consumers, for what each may do only a few times.
    pub async fn consumers(&self, count: i32) -> Result<Vec<String>> {
        let make = "INSERT INTO users (id, issuer, subject, role)
                    SELECT gen_random_uuid(), 'proxie', 'bench-consumer-' || number, 'consumer'
                    FROM generate_series(1, $1::int) number ON CONFLICT DO NOTHING";
        self.pg.execute(make, &[&count]).await?;
        (1..=count).map(|number| self.token(&format!("bench-consumer-{number}"), Role::Consumer)).collect()
    }

    async fn make_users(&self) -> Result<Vec<User>> {
        let mut users = Vec::with_capacity(USERS);
        for number in 0..USERS {
            let subject = format!("bench-{number}");
            let make = "INSERT INTO users (id, issuer, subject, role) VALUES ($1, 'proxie', $2, 'consumer')
                        ON CONFLICT (issuer, subject) DO UPDATE SET role = 'consumer' RETURNING id";
            let row = self.pg.query_one(make, &[&Uuid::now_v7(), &subject]).await?;
            let token = self.token(&subject, Role::Consumer)?;
            users.push(User { id: row.get(0), token });
        }
        Ok(users)
    }
}

async fn connect(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
