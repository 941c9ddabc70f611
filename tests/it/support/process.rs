//! The product's own processes, to be killed, stopped and continued.

use std::fmt::Display;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proxie_shared::config::{LimitsConfig, StoreConfig};
use proxie_worker::WorkerConfig;
use tokio::process::Child;

use super::{App, Caller, SECRET, eventually, patience, within};

/// A process of the product; killed when this is dropped.
pub struct Process {
    child: Child,
    pid: u32,
    log: PathBuf,
}

impl Process {
    /// A worker that shares what the app has.
    pub fn worker(app: &App) -> Self {
        Self::worker_with(app, &[])
    }

    /// A worker that shares what the app has but for these variables.
    pub fn worker_with(app: &App, other: &[(&'static str, &str)]) -> Self {
        Self::start("proxie-worker", &[], but_for(app, other))
    }

    /// Runs a program of the product; its exit code and what it printed.
    pub async fn output(
        program: &str,
        arguments: &[&str],
        environment: Vec<(&str, String)>,
    ) -> (Option<i32>, String) {
        Self::output_fed(program, arguments, environment, Stdio::null()).await
    }

    /// The same with something to read.
    pub async fn output_fed(
        program: &str,
        arguments: &[&str],
        environment: Vec<(&str, String)>,
        input: impl Into<Stdio>,
    ) -> (Option<i32>, String) {
        let output = tokio::process::Command::new(program_path(program))
            .args(arguments)
            .env_clear()
            .envs(coverage())
            .envs(environment)
            .stdin(input)
            .kill_on_drop(true)
            .output();
        let output = within(patience(), "the end of a program", output).await.expect("the program starts");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// An API that shares what the app has but for these variables, and somebody who calls it.
    pub async fn api(app: &App, other: &[(&'static str, &str)]) -> (Self, Caller) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = port.local_addr().expect("its address");
        drop(port);
        let mut environment = but_for(app, other);
        environment.push(("PORT", address.port().to_string()));
        let process = Self::start("proxie-api", &["serve"], environment);
        let caller = Caller::new(reqwest::Client::new(), &format!("http://{address}"), None);
        eventually("the API answers", async || {
            caller.try_send(caller.call(reqwest::Method::GET, "/health")).await.is_ok()
        })
        .await;
        (process, caller)
    }

    /// Starts a program of the product.
    pub fn start(program: &str, arguments: &[&str], environment: Vec<(&str, String)>) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let log = std::env::temp_dir().join(format!("proxie-it-{}-{number}.log", std::process::id()));
        let file = std::fs::File::create(&log).expect("a log file");
        let child = tokio::process::Command::new(program_path(program))
            .args(arguments)
            .env_clear()
            .envs(coverage())
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let pid = child.id().expect("it runs");
        Self { child, pid, log }
    }

    /// Sends a signal: `KILL`, `STOP`, `CONT`, `TERM`.
    pub fn signal(&self, name: &str) {
        assert!(signal(self.pid, name), "process {} is there", self.pid);
    }

    /// `kill -9`, and waits until it is gone.
    pub async fn kill(mut self) {
        self.signal("KILL");
        self.child.wait().await.expect("its end");
    }

    /// Its exit code, once it ends by itself.
    pub async fn ends(mut self) -> Option<i32> {
        within(patience(), "the end of a process", self.child.wait()).await.expect("its end").code()
    }

    /// Its exit code and what it has said, once it ends by itself.
    pub async fn ends_saying(mut self) -> (Option<i32>, String) {
        let status = within(patience(), "the end of a process", self.child.wait()).await.expect("its end");
        (status.code(), self.log())
    }

    /// How much memory it has now, and how much it had at most so far, in MiB.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("it runs");
        let line = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
            line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("KiB") / 1_024
        };
        (line("VmRSS:"), line("VmHWM:"))
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("its log")
    }

    /// Waits until it has logged one of these.
    pub async fn logs(&self, any: &[&str]) {
        let what = format!("the log says one of {any:?}");
        eventually(&what, async || any.iter().any(|text| self.log().contains(text))).await;
    }
}

impl App {
    /// The environment in which processes of the product share what this has.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let WorkerConfig { llm, tasks, .. } = &self.worker;
        let (database, redis) = (self.database.config(), self.redis.config());
        let millis = |duration: Duration| duration.as_millis().to_string();
        let LimitsConfig { chat, write, read, guest_address, new_guests, sign_in, sign_in_address, .. } =
            self.limits;
        let folder = match &self.worker.media.store {
            StoreConfig::Disk(folder) => folder.to_string_lossy().into_owned(),
            StoreConfig::S3(_) => String::new(),
        };
        vec![
            ("PROXIE_MEDIA_DIR", folder),
            ("PROXIE_LIMIT_CHAT", chat.to_string()),
            ("PROXIE_LIMIT_WRITE", write.to_string()),
            ("PROXIE_LIMIT_READ", read.to_string()),
            ("PROXIE_LIMIT_GUEST_ADDRESS", guest_address.to_string()),
            ("PROXIE_LIMIT_NEW_GUESTS", new_guests.to_string()),
            ("PROXIE_LIMIT_SIGN_IN", sign_in.to_string()),
            ("PROXIE_LIMIT_SIGN_IN_ADDRESS", sign_in_address.to_string()),
            ("DATABASE_URL", database.url),
            ("PROXIE_DATABASE_POOL", database.pool.to_string()),
            ("PROXIE_DATABASE_STATEMENT_MS", millis(database.statement)),
            ("PROXIE_DATABASE_WAIT_MS", millis(database.wait)),
            ("REDIS_URL", redis.url),
            ("PROXIE_REDIS_PREFIX", redis.prefix),
            ("PROXIE_JWT_SECRET", SECRET.to_owned()),
            ("LLM_BASE_URL", llm.providers[0].base_url.clone()),
            ("LLM_API_KEY", llm.providers[0].key.reveal().to_owned()),
            ("LLM_MODEL", llm.providers[0].model.clone()),
            ("LLM_PROMPT_PRICE", llm.providers[0].prompt_price.to_string()),
            ("LLM_COMPLETION_PRICE", llm.providers[0].completion_price.to_string()),
            ("PROXIE_LLM_TIMEOUT_MS", millis(llm.timeout)),
            ("PROXIE_LLM_ATTEMPTS", llm.attempts.to_string()),
            ("PROXIE_LLM_CACHE_TTL_MS", millis(llm.cache_ttl)),
            ("PROXIE_LLM_BREAKER_FAILURES", llm.breaker_failures.to_string()),
            ("PROXIE_BUDGET_USER_DAY_MICROS", llm.budgets.user_day.to_string()),
            ("PROXIE_TASK_LEASE_MS", millis(tasks.lease)),
            ("PROXIE_TASK_RENEW_MS", millis(tasks.renew)),
            ("PROXIE_TASK_MAX_CLAIMS", tasks.max_claims.to_string()),
            ("PROXIE_TASK_TIMEOUT_MS", millis(tasks.timeout)),
            ("PROXIE_TASK_BACKOFF_MS", millis(tasks.backoff)),
            ("PROXIE_TASK_BACKOFF_MAX_MS", millis(tasks.backoff_max)),
            ("PROXIE_RELAY_MS", millis(tasks.relay)),
            ("PROXIE_SHUTDOWN_MS", millis(tasks.shutdown)),
            ("RUST_LOG", "info".to_owned()),
            ("PROXIE_LOG_FORMAT", "text".to_owned()),
        ]
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let tail: Vec<_> = log.lines().rev().take(20).collect();
            eprintln!("the last lines of process {}:", self.pid);
            tail.iter().rev().for_each(|line| eprintln!("  {line}"));
        }
        let _gone = std::fs::remove_file(&self.log);
    }
}

/// The app's environment with other values of some variables.
fn but_for(app: &App, other: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut environment = app.environment();
    environment.extend(other.iter().map(|(name, value)| (*name, (*value).to_owned())));
    environment
}

/// Sends a signal to a process; answers whether there was one. After `STOP` it has stopped.
pub fn signal(pid: impl Display, name: &str) -> bool {
    // The shell's own: the program `kill` is not on every machine.
    let kill = format!("kill -s {name} {pid} 2>/dev/null");
    let was_there = Command::new("sh").args(["-c", &kill]).status().expect("a shell").success();
    // The others of its threads go on until the one that is told gets its turn.
    let until = Instant::now() + patience();
    while was_there && name == "STOP" && runs(&pid) {
        assert!(Instant::now() < until, "process {pid} does not stop");
        std::thread::yield_now();
    }
    was_there
}

/// Whether some thread of a process has not stopped.
fn runs(pid: &impl Display) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    let stat =
        |thread: std::io::Result<DirEntry>| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok();
    // A name in brackets, which may hold anything; then the state.
    let state = |stat: String| stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    threads.filter_map(stat).filter_map(state).any(|state| !matches!(state, 'T' | 't' | 'Z' | 'X'))
}

/// Where a program of the product is: in `PROXIE_BIN_DIR`, else beside the tests.
pub fn program_path(name: &str) -> PathBuf {
    let beside = || {
        let test = std::env::current_exe().expect("this program");
        test.ancestors().nth(2).map(Path::to_owned).expect("the folder of the build")
    };
    let path = std::env::var_os("PROXIE_BIN_DIR").map_or_else(beside, PathBuf::from).join(name);
    assert!(path.is_file(), "{} is missing: cargo build --workspace --bins", path.display());
    path
}

/// Where a program writes down what of it has run, if that is measured.
fn coverage() -> Option<(&'static str, String)> {
    const FILE: &str = "LLVM_PROFILE_FILE";
    Some((FILE, std::env::var(FILE).ok()?))
}
