//! A town for one conversation: the real programs on a database that nobody else is in.

use std::cell::RefCell;
use std::env;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proxie_tests::Result;
use proxie_tests::process::{Process, free_address};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use super::caller::Caller;
use crate::matching::dice::Dice;

/// How long a town may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(15);
/// How long a worker lives that is going to be killed, in milliseconds: sometimes not to its first task.
const LIVES: (f64, f64) = (300.0, 4_000.0);

/// What is given from outside.
pub struct Settings {
    /// Where the programs are.
    pub programs: PathBuf,
    /// Where their logs go.
    pub logs: PathBuf,
    /// A server of PostgreSQL; towns have databases of their own in it.
    pub database_url: String,
    /// Redis; towns have prefixes of their own.
    pub redis_url: String,
}

/// What all towns share: the schema, and the model.
pub struct Country {
    settings: Settings,
    admin: Client,
    template: String,
    run: String,
    /// What every program is told.
    environment: Vec<(String, String)>,
    offline: Option<Process>,
}

impl Country {
    /// The schema, migrated once; and the offline model, unless the environment names another.
    ///
    /// # Errors
    /// What does not start.
    pub async fn found(settings: Settings) -> Result<Self> {
        let (admin, connection) = tokio_postgres::connect(&settings.database_url, NoTls).await?;
        tokio::spawn(connection);
        let run = format!("proxie_eval_{}", std::process::id());
        let template = format!("{run}_template");
        admin.batch_execute(&format!("CREATE DATABASE {template}")).await?;
        let mut country = Self { settings, admin, template, run, environment: Vec::new(), offline: None };
        country.environment = country.common();
        let model: Vec<_> = env::vars()
            .filter(|(name, _)| {
                ["LLM_", "PROXIE_LLM_", "PROXIE_BUDGET_"].iter().any(|begin| name.starts_with(begin))
            })
            .collect();
        if model.iter().any(|(name, _)| name.starts_with("LLM_")) {
            country.environment.extend(model);
        } else {
            country.start_offline_model().await?;
        }
        let database = country.address_of(&country.template);
        let migrate =
            country.start("proxie-api", &["migrate"], &[("DATABASE_URL", database)], "migrate.log")?;
        migrate.finished().await?;
        Ok(country)
    }

    /// Whether it is a model of ours, which costs nothing.
    pub fn is_offline(&self) -> bool {
        self.offline.is_some()
    }

    fn common(&self) -> Vec<(String, String)> {
        let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let mut all = vec![
            ("REDIS_URL", self.settings.redis_url.clone()),
            ("PROXIE_JWT_SECRET", secret),
            ("PROXIE_MEDIA_DIR", self.settings.logs.join("media").to_string_lossy().into_owned()),
            // Killed workers are noticed soon, and however many of them are no reason to give a task up.
            ("PROXIE_TASK_LEASE_MS", "2000".to_owned()),
            ("PROXIE_TASK_RENEW_MS", "500".to_owned()),
            ("PROXIE_TASK_MAX_CLAIMS", "100".to_owned()),
            ("PROXIE_TASK_BACKOFF_MS", "50".to_owned()),
            ("PROXIE_RELAY_MS", "200".to_owned()),
            ("PROXIE_DATABASE_POOL", "6".to_owned()),
            // What is judged is what comes of a conversation, not how soon.
            ("PROXIE_DATABASE_WAIT_MS", "20000".to_owned()),
            ("PROXIE_REQUEST_MS", "20000".to_owned()),
        ];
        let limits = ["CHAT", "WRITE", "READ", "GUEST_ADDRESS", "NEW_GUESTS", "SIGN_IN", "SIGN_IN_ADDRESS"];
        let mut all: Vec<_> = all.drain(..).map(|(name, value)| (name.to_owned(), value)).collect();
        all.extend(limits.map(|name| (format!("PROXIE_LIMIT_{name}"), "0".to_owned())));
        all
    }

    async fn start_offline_model(&mut self) -> Result<()> {
        let address = free_address()?;
        let port = address.port().to_string();
        let mut offline = self.start("proxie-offline-llm", &["--port", &port], &[], "offline-llm.log")?;
        offline.ready(address, "/health").await?;
        self.offline = Some(offline);
        let model = [
            ("BASE_URL", format!("http://{address}/v1")),
            ("API_KEY", "offline".into()),
            ("MODEL", "offline".into()),
        ];
        self.environment.extend(model.map(|(name, value)| (format!("LLM_{name}"), value)));
        Ok(())
    }

    fn address_of(&self, database: &str) -> String {
        let url = &self.settings.database_url;
        url.rsplit_once('/').map_or_else(|| url.clone(), |(server, _)| format!("{server}/{database}"))
    }

    fn start(
        &self,
        program: &str,
        arguments: &[&str],
        more: &[(&str, String)],
        log: &str,
    ) -> Result<Process> {
        let mut environment: Vec<(&str, String)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        environment.extend(more.iter().cloned());
        let path = self.settings.programs.join(program);
        Process::start(program, &path, arguments, &environment, &self.settings.logs.join(log))
    }

    /// Ends what it has started and deletes what it has made.
    ///
    /// # Errors
    /// When PostgreSQL is away.
    pub async fn leave(self) -> Result<()> {
        if let Some(offline) = self.offline {
            offline.stop().await?;
        }
        Ok(self.admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.template)).await?)
    }
}

/// Answers of models.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paid {
    /// Answers that were paid for.
    pub answers: i64,
    /// Of them those that no worker lived to store.
    pub lost: i64,
}

/// A running product that one conversation has for itself.
pub struct Town<'a> {
    /// Its database.
    pub pg: Client,
    /// Whoever calls it.
    pub anybody: Caller,
    country: &'a Country,
    database: String,
    own: Vec<(&'static str, String)>,
    api: Process,
    worker: RefCell<Option<Process>>,
    name: String,
}

impl<'a> Town<'a> {
    /// An empty one.
    ///
    /// # Errors
    /// What of it does not start.
    pub async fn found(country: &'a Country, name: &str) -> Result<Self> {
        let database = format!("{}_{}", country.run, Uuid::new_v4().simple());
        let copy = format!("CREATE DATABASE {database} TEMPLATE {}", country.template);
        country.admin.batch_execute(&copy).await?;
        let url = country.address_of(&database);
        let (pg, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        let own = vec![("DATABASE_URL", url), ("PROXIE_REDIS_PREFIX", format!("{database}:"))];
        let address = free_address()?;
        let port = address.port().to_string();
        let mut api =
            country.start("proxie-api", &["serve", "--port", &port], &own, &format!("{name}-api.log"))?;
        let worker = country.start("proxie-worker", &[], &own, &format!("{name}-worker.log"))?;
        api.ready(address, "/ready").await?;
        let anybody = Caller::new(reqwest::Client::new(), &format!("http://{address}"));
        let (worker, name) = (RefCell::new(Some(worker)), name.to_owned());
        Ok(Self { pg, anybody, country, database, own, api, worker, name })
    }

    /// Waits until nothing is under way.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn comes_to_rest(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let open = "SELECT count(*) FROM tasks WHERE status = 'processing'";
        while self.pg.query_one(open, &[]).await?.get::<_, i64>(0) > 0 {
            if Instant::now() > deadline {
                return Err("the town does not come to rest".into());
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// What was paid for answers of models.
    ///
    /// # Errors
    /// When a stored answer was paid for twice. An answer is stored before the next is asked for, so that each worker but the
    /// last loses one at most; whatever a task has paid for beyond that, it had.
    pub async fn paid(&self) -> Result<Paid> {
        const TASKS: &str = "
            SELECT t.id::text, t.claim_no,
              (SELECT count(*) FROM llm_usage u
               WHERE u.task_id = t.id AND u.feature = 'chat' AND u.outcome = 'ok' AND NOT u.cached),
              (SELECT count(*) FROM task_steps s
               WHERE s.task_id = t.id AND s.kind = 'llm' AND NOT coalesce((s.output->>'cached')::boolean, false))
            FROM tasks t WHERE t.kind = 'chat'";
        let mut all = Paid::default();
        for task in self.pg.query(TASKS, &[]).await? {
            let (id, claims): (String, i32) = (task.get(0), task.get(1));
            let (paid, stored): (i64, i64) = (task.get(2), task.get(3));
            let lost = paid - stored;
            if lost > i64::from(claims - 1).max(0) {
                return Err(format!(
                    "task {id} has paid for {paid} answers, of which {stored} are stored, in the hands of {claims} workers"
                )
                .into());
            }
            all = Paid { answers: all.answers + paid, lost: all.lost + lost.max(0) };
        }
        Ok(all)
    }

    /// Kills the worker at random moments and starts another, for ever.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn is_haunted(&self, mut dice: Dice) -> Result<()> {
        for number in 1.. {
            tokio::time::sleep(Duration::from_millis(dice.between(LIVES.0, LIVES.1) as u64)).await;
            let worker = self.worker.borrow_mut().take();
            if let Some(worker) = worker {
                worker.stop().await?;
            }
            let log = format!("{}-worker-{number}.log", self.name);
            *self.worker.borrow_mut() = Some(self.country.start("proxie-worker", &[], &self.own, &log)?);
        }
        Ok(())
    }

    /// Ends it and deletes what it has had.
    ///
    /// # Errors
    /// When a program has ended before, or a service is away.
    pub async fn leave(self) -> Result<()> {
        if let Some(worker) = self.worker.take() {
            worker.stop().await?;
        }
        self.api.stop().await?;
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.database);
        self.country.admin.batch_execute(&drop).await?;
        let client = redis::Client::open(self.country.settings.redis_url.as_str())?;
        let mut redis = client.get_multiplexed_async_connection().await?;
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(format!("{}:*", self.database)).arg("COUNT").arg(1_000);
            let (next, keys): (u64, Vec<String>) = scan.query_async(&mut redis).await?;
            if !keys.is_empty() {
                redis::cmd("UNLINK").arg(keys).query_async::<()>(&mut redis).await?;
            }
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
        Ok(())
    }
}
