//! The product: its own programs on a database that holds the world, asked as any client asks.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proxie_shared::auth::Tokens;
use proxie_shared::config::{AuthConfig, Secret};
use proxie_shared::model::users::Role;
use proxie_tests::Result;
use proxie_tests::http::{Connection, get, post};
use proxie_tests::process::{Process, free_address};
use serde_json::Value;
use tokio_postgres::NoTls;
use uuid::Uuid;

use super::calendar::Clock;
use super::requests::Request;

/// How long one matching may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Where no model is: matching works without any.
const NO_MODEL: &str = "http://127.0.0.1:9/v1";
/// How often it is looked whether everybody has a vector.
const LOOK: Duration = Duration::from_millis(200);

/// By what the product compares texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// By their words.
    Words,
    /// Also by vectors, which the offline model makes.
    Vectors,
}

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
}

/// The running product; dropping it ends it.
pub struct Product {
    /// The database, which the world is written into.
    pub pg: tokio_postgres::Client,
    address: SocketAddr,
    secret: String,
    programs: Vec<Process>,
}

/// What a matching has found.
pub struct Matched {
    /// How many were left by the filter.
    pub considered: usize,
    /// The routed, the best first.
    pub routed: Vec<Routed>,
}

/// A provider to whom a request was routed.
pub struct Routed {
    /// Who.
    pub provider: Uuid,
    /// What speaks for them, by name, before it is weighed.
    pub factors: BTreeMap<String, f64>,
}

impl Product {
    /// An empty database with the schema, an API and a worker; with vectors, also the offline model.
    ///
    /// # Errors
    /// What of it does not start.
    pub async fn start(settings: &Settings, texts: Texts) -> Result<Self> {
        let (pg, connection) = tokio_postgres::connect(&settings.database_url, NoTls).await?;
        tokio::spawn(connection);
        pg.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await?;
        let client = redis::Client::open(settings.redis_url.as_str())?;
        redis::cmd("FLUSHALL")
            .query_async::<()>(&mut client.get_multiplexed_async_connection().await?)
            .await?;

        let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let mut environment = vec![
            ("DATABASE_URL", settings.database_url.clone()),
            ("REDIS_URL", settings.redis_url.clone()),
            ("PROXIE_JWT_SECRET", secret.clone()),
            ("PROXIE_LIMIT_WRITE", "0".to_owned()),
            ("PROXIE_LIMIT_READ", "0".to_owned()),
            ("LLM_API_KEY", "offline".to_owned()),
            ("LLM_MODEL", "offline".to_owned()),
        ];
        let start = |program: &str, arguments: &[&str], environment: &[(&str, String)], log: &str| {
            let path: &Path = &settings.programs.join(program);
            Process::start(program, path, arguments, environment, &settings.logs.join(log))
        };
        let mut programs = Vec::new();
        let mut model = NO_MODEL.to_owned();
        if texts == Texts::Vectors {
            let address = free_address()?;
            let port = address.port().to_string();
            let mut offline =
                start("proxie-offline-llm", &["--port", &port], &environment, "offline-llm.log")?;
            offline.ready(address, "/health").await?;
            programs.push(offline);
            model = format!("http://{address}/v1");
            environment.push(("LLM_EMBEDDING_MODEL", "offline-embeddings".to_owned()));
        }
        environment.push(("LLM_BASE_URL", model));
        start("proxie-api", &["migrate"], &environment, "migrate.log")?.finished().await?;
        let address = free_address()?;
        let port = address.port().to_string();
        let mut api = start("proxie-api", &["serve", "--port", &port], &environment, "api.log")?;
        api.ready(address, "/ready").await?;
        programs.extend([api, start("proxie-worker", &[], &environment, "worker.log")?]);
        Ok(Self { pg, address, secret, programs })
    }

    /// Has vectors made of all providers, by the tasks that a changed profile is followed by, and waits for them.
    ///
    /// # Errors
    /// When they are not made in time.
    pub async fn make_vectors(&self) -> Result<()> {
        // Nobody pushes them: the relay finds them.
        let ask = "INSERT INTO tasks (id, kind, user_id, trace_id)
                   SELECT gen_random_uuid(), 'embedding', user_id, replace(gen_random_uuid()::text, '-', '') FROM providers";
        let asked = self.pg.execute(ask, &[]).await? as i64;
        let deadline = Instant::now() + PATIENCE;
        while self.pg.query_one("SELECT count(*) FROM provider_embeddings", &[]).await?.get::<_, i64>(0)
            < asked
        {
            if Instant::now() > deadline {
                return Err("not everybody has a vector".into());
            }
            tokio::time::sleep(LOOK).await;
        }
        self.pg.batch_execute("ANALYZE provider_embeddings").await?;
        Ok(())
    }

    /// Posts a request as a consumer of its own and waits for what its matching task answers. **This is all that knows how
    /// the matcher is called**: `POST /requests`, then `GET /chat/status/{task_id}`, whatever does the matching.
    ///
    /// # Errors
    /// When it is refused, or its task fails or does not end.
    pub async fn match_request(&self, number: usize, request: &Request, clock: Clock) -> Result<Matched> {
        let token = self.token(number)?;
        let body = request.body(clock).to_string();
        let mut connection = Connection::open(self.address).await?;
        let posted = answer(&mut connection, &post("/requests", Some(&token), &body), 201).await?;
        let task = posted["match"]["task_id"].as_str().ok_or("a request without a matching")?.to_owned();
        let ask = get(&format!("/chat/status/{task}?wait=30"), Some(&token));
        let deadline = Instant::now() + PATIENCE;
        loop {
            let status = answer(&mut connection, &ask, 200).await?;
            match status["status"].as_str() {
                Some("completed") => return matched(&status["result"]),
                Some("processing") if Instant::now() < deadline => {}
                _ => return Err(format!("request {number} was not matched: {status}").into()),
            }
        }
    }

    /// Ends the programs.
    ///
    /// # Errors
    /// When one has ended before: what it answered may not be trusted.
    pub async fn stop(self) -> Result<()> {
        for program in self.programs {
            program.stop().await?;
        }
        Ok(())
    }

    fn token(&self, number: usize) -> Result<String> {
        let secret = Secret::new(self.secret.clone());
        let config = AuthConfig { secret, issuer: "proxie".to_owned(), issuers: Vec::new() };
        let day = Duration::from_secs(24 * 60 * 60);
        Ok(Tokens::new(&config).local(&format!("consumer-{number}"), Role::Consumer, day)?)
    }
}

async fn answer(connection: &mut Connection, request: &[u8], expected: u16) -> Result<Value> {
    let response = connection.exchange(request).await?;
    if response.status != expected {
        return Err(format!("{}: {}", response.status, String::from_utf8_lossy(response.body)).into());
    }
    Ok(serde_json::from_slice(response.body)?)
}

fn matched(result: &Value) -> Result<Matched> {
    let unknown = || format!("not the result of a matching: {result}");
    let matches = result["matches"].as_array().ok_or_else(unknown)?;
    let factor = |one: &Value| Some((one["name"].as_str()?.to_owned(), one["value"].as_f64()?));
    let routed = |one: &Value| {
        let provider = one["provider_id"].as_str()?.parse().ok()?;
        let factors = one["factors"].as_array()?.iter().map(factor).collect::<Option<_>>()?;
        Some(Routed { provider, factors })
    };
    let routed = matches.iter().map(routed).collect::<Option<Vec<_>>>().ok_or_else(unknown)?;
    let considered = result["considered"].as_u64().ok_or_else(unknown)? as usize;
    Ok(Matched { considered, routed })
}
