//! The product in this process: API, workers and offline model, with a database and a Redis prefix of its own.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono_tz::Tz;
use futures::FutureExt;
use futures::future::BoxFuture;
use proxie_api::ApiConfig;
use proxie_offline_llm::{Control, Faults};
use proxie_shared::auth::Tokens;
use proxie_shared::config::{
    AuthConfig, ClientConfig, HttpConfig, LimitsConfig, LlmConfig, MatchingConfig, MediaConfig,
    ProviderConfig, ScheduleConfig, Secret, StoreConfig, TasksConfig,
};
use proxie_shared::domain::{CurrentCatalog, Domain};
use proxie_shared::model::users::Role;
use proxie_shared::queue::{Queue, Redis};
use proxie_shared::test_support::{TestDatabase, TestRedis};
use proxie_worker::WorkerConfig;
use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::Caller;
use super::builder::Builder;

/// Signs the tokens of all tests.
pub const SECRET: &str = "a secret of the tests, 32 bytes or more of it";

/// The product, running.
pub struct App {
    /// Where the API is.
    pub url: String,
    /// Where live channels are.
    pub live: Vec<String>,
    /// The offline model's faults and counters.
    pub model: Control,
    /// Its database.
    pub database: TestDatabase,
    /// Its part of Redis.
    pub redis: TestRedis,
    /// What its workers are told.
    pub worker: WorkerConfig,
    /// How often who may call.
    pub limits: LimitsConfig,
    http: Client,
    _folder: TempDir,
    workers: Mutex<Vec<oneshot::Sender<()>>>,
    system: Option<System>,
}

/// What runs beside the test, on threads of its own.
struct System {
    runtime: Runtime,
    stop: Vec<Stop>,
}

/// Stops a part of it.
type Stop = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

impl Builder {
    /// Starts it.
    pub async fn start(self) -> App {
        super::log::write_down();
        let database = match self.database {
            Some(database) => database,
            None => TestDatabase::create().await,
        };
        let redis = self.redis.unwrap_or_else(TestRedis::create);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("product")
            .enable_all()
            .build()
            .expect("a runtime");

        let (listener, model_url) = listen();
        let (server, model) =
            proxie_offline_llm::serve(listener, Faults::default()).expect("the offline model");
        let handle = server.handle();
        let stop_model = move || handle.stop(false).boxed();
        runtime.spawn(server);

        let folder = tempfile::tempdir().expect("a folder");
        let store = self.media.unwrap_or_else(|| StoreConfig::Disk(folder.path().to_owned()));
        let media = MediaConfig { store, upload: Duration::from_secs(60) };
        let auth = AuthConfig { issuers: self.issuers, ..auth() };
        let api = ApiConfig {
            database: database.config(),
            redis: redis.config(),
            auth,
            limits: self.limits.clone(),
            http: self.http,
            media: media.clone(),
            client: self.client,
            switched_off: self.switched_off,
        };
        let mut stop: Vec<Stop> = Vec::new();
        let mut live = Vec::new();
        for _ in 0..self.realtime {
            let (url, stop_it) = serve_live(&runtime, &api);
            live.push(url);
            stop.push(stop_it);
        }
        let (listener, url) = listen();
        let (ready, started) = oneshot::channel();
        runtime.spawn(async move {
            let server = proxie_api::serve(&api, listener, false).await.expect("the API starts");
            let _left = ready.send(server.handle());
            server.await.expect("the API runs");
        });
        let handle = started.await.expect("the API starts");
        let stop_api = move || handle.stop(false).boxed();

        let mut llm = self.llm;
        llm.providers[0].base_url = format!("{model_url}/v1");
        let worker = WorkerConfig {
            database: database.config(),
            redis: redis.config(),
            llm,
            matching: MatchingConfig::default(),
            tasks: self.tasks,
            media: media.clone(),
            // Tests that are about time look for what is due themselves.
            schedule: ScheduleConfig { every: Duration::from_secs(3_600), batch: 100 },
            default_zone: Tz::America__New_York,
            clock: self.clock,
            listen: None,
        };
        stop.push(Box::new(stop_api));
        stop.push(Box::new(stop_model));
        let system = System { runtime, stop };
        let app = App {
            url,
            live,
            model,
            database,
            redis,
            worker,
            limits: self.limits,
            _folder: folder,
            http: Client::builder().pool_max_idle_per_host(64).build().expect("a client"),
            workers: Mutex::default(),
            system: Some(system),
        };
        for _ in 0..self.workers {
            app.start_worker();
        }
        app
    }
}

impl App {
    /// The product with one worker.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// The product as it is wanted. Leases are short, for a machine that is busy with all the other tests.
    pub fn builder() -> Builder {
        Builder {
            workers: 1,
            realtime: 0,
            tasks: TasksConfig {
                lease: Duration::from_secs(6),
                renew: Duration::from_secs(1),
                max_claims: 5,
                timeout: Duration::from_secs(50),
                backoff: Duration::from_millis(40),
                backoff_max: Duration::from_millis(200),
                relay: Duration::from_millis(100),
                chat_concurrency: 1_000,
                jobs_concurrency: 64,
                shutdown: Duration::from_secs(1),
            },
            // What fails is tried again by the task, and what is said again is a call again: tests of the gateway are about
            // its own tries and its cache.
            llm: LlmConfig {
                cache_ttl: Duration::ZERO,
                timeout: Duration::from_secs(30),
                attempts: 1,
                breaker_failures: 0,
                ..LlmConfig::of(vec![ProviderConfig::new("default", "", Secret::new("none"), "offline")])
            },
            clock: Arc::new(chrono::Utc::now),
            issuers: Vec::new(),
            database: None,
            redis: None,
            limits: LimitsConfig {
                chat: 0,
                write: 0,
                read: 0,
                guest_address: 0,
                new_guests: 0,
                sign_in: 0,
                sign_in_address: 0,
                window: Duration::from_secs(60),
                trusted_proxies: Vec::new(),
            },
            http: HttpConfig {
                production: false,
                origins: Vec::new(),
                metrics_token: None,
                // What is slow on a busy machine is not to be refused for it.
                request: Duration::from_secs(20),
                body: Duration::from_secs(10),
                clerk: None,
            },
            media: None,
            client: ClientConfig::default(),
            switched_off: None,
        }
    }

    /// Starts one more worker in this process.
    pub fn start_worker(&self) {
        let (stop, stopped) = oneshot::channel();
        let work = proxie_worker::run(self.worker.clone(), async move {
            let _told_or_dropped = stopped.await;
        });
        let system = self.system.as_ref().expect("it runs");
        system.runtime.spawn(async move { work.await.expect("the worker runs") });
        self.workers.lock().unwrap().push(stop);
    }

    /// Somebody without a token.
    pub fn anybody(&self) -> Caller {
        Caller::new(self.http.clone(), &self.url, None)
    }

    /// A new guest.
    pub async fn guest(&self) -> Caller {
        let answer = self.anybody().move_on("/auth/guest").await.expect(201);
        self.anybody().with_token(answer.body["access_token"].as_str().expect("a token"))
    }

    /// A guest with the id of the row.
    pub async fn guest_with_id(&self) -> (Caller, uuid::Uuid) {
        let made = self.anybody().move_on("/auth/guest").await.expect(201).body;
        let id = made["user"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        (self.anybody().with_token(made["access_token"].as_str().expect("a token")), id)
    }

    /// A consumer of this name.
    pub fn consumer(&self, name: &str) -> Caller {
        self.user(name, Role::Consumer)
    }

    /// A user of this name in this role.
    pub fn user(&self, name: &str, role: Role) -> Caller {
        let token = tokens().local(name, role, Duration::from_secs(3_600)).expect("a token");
        self.anybody().with_token(&token)
    }

    /// The demo's providers.
    pub async fn seed(&self) {
        let redis = Redis::new(&self.redis.config()).expect("Redis");
        let db = self.database.pool();
        let catalog = CurrentCatalog::start(db.clone()).await.expect("the catalog");
        let domain = Domain::new(Queue::new(db, redis), catalog);
        domain.seed_demo().await.expect("the demo's providers");
    }

    /// The steps of a task: number and kind.
    pub async fn steps(&self, task: &str) -> Vec<Value> {
        self.database
            .rows(&format!(
                "SELECT no, kind, name, claim_no FROM task_steps WHERE task_id = '{task}' ORDER BY no"
            ))
            .await
    }

    /// How many answers there are in a conversation.
    pub async fn answers(&self, session: &str) -> i64 {
        let count = "SELECT count(*) FROM chat_messages WHERE author = 'assistant' AND session_id";
        self.database.value(&format!("{count} = '{session}'")).await.as_i64().expect("a number")
    }
}

impl Drop for App {
    /// Everything has ended before the database and the keys go.
    fn drop(&mut self) {
        let Some(system) = self.system.take() else { return };
        // A runtime must not be ended from within another.
        let end = std::thread::spawn(move || {
            system.runtime.block_on(async {
                for stop in system.stop {
                    stop().await;
                }
            });
            system.runtime.shutdown_timeout(Duration::from_secs(2));
        });
        // That it panicked was told; the test has its own verdict.
        let _ended = end.join();
    }
}

/// Serves live channels; where, and what stops it.
fn serve_live(runtime: &Runtime, config: &ApiConfig) -> (String, Stop) {
    let (listener, url) = listen();
    listener.set_nonblocking(true).expect("a listener");
    let (stop, stopped) = oneshot::channel::<()>();
    let config = config.clone();
    let served = runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let stopped = async move {
            let _told_or_dropped = stopped.await;
        };
        proxie_api::realtime::serve(&config, listener, stopped).await.expect("live channels are served");
    });
    let stop = || {
        async move {
            let _gone = stop.send(());
            let _ended = served.await;
        }
        .boxed()
    };
    (url, Box::new(stop))
}

/// A listener on a free port, and its address.
fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    (listener, url)
}

fn auth() -> AuthConfig {
    AuthConfig { secret: Secret::new(SECRET), issuer: "proxie".to_owned(), issuers: Vec::new() }
}

/// Makes tokens as the product does.
pub fn tokens() -> Tokens {
    Tokens::new(&auth())
}
