//! PostgreSQL and Redis of a test's own, for those who stop them. `bin/services` does the work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::process::signal;
use proxie_shared::test_support::{TestDatabase, TestRedis};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../bin/services");
/// Begins the names of the folders.
const FOLDERS: &str = "proxie-it-services-";

/// Services in a folder of their own; down and gone when this is dropped.
pub struct Services {
    dir: PathBuf,
}

impl Services {
    /// Both services.
    pub async fn both() -> Self {
        let services = Self { dir: new_dir() };
        services.run("up", &[]).await;
        services
    }

    /// Redis alone; PostgreSQL is the one that all tests share.
    pub async fn redis_only() -> Self {
        let services = Self { dir: new_dir() };
        // The script refuses folders that it has not made.
        fs::create_dir(services.dir.join("pg")).expect("a folder");
        services.start_redis().await;
        services
    }

    /// The Redis, as it is now.
    pub fn redis(&self) -> TestRedis {
        let port = fs::read_to_string(self.dir.join("redis/port")).expect("Redis's port");
        TestRedis::at(&format!("redis://127.0.0.1:{}/0", port.trim()))
    }

    /// The database, as it is now.
    pub fn database(&self) -> TestDatabase {
        let settings = fs::read_to_string(self.dir.join("services.env")).expect("the settings");
        let url = settings.lines().find_map(|line| line.strip_prefix("DATABASE_URL="));
        TestDatabase::at(url.expect("an address"))
    }

    /// Stops Redis.
    pub async fn stop_redis(&self) {
        self.run("stop-redis", &[]).await;
    }

    /// Starts Redis with what it had.
    pub async fn start_redis(&self) {
        self.run("start-redis", &[]).await;
    }

    /// Stops PostgreSQL and starts it again.
    pub async fn restart_postgres(&self) {
        self.run("restart-postgres", &[]).await;
    }

    /// Stops PostgreSQL.
    pub async fn stop_postgres(&self) {
        self.run("stop-postgres", &[]).await;
    }

    /// Starts PostgreSQL again.
    pub async fn start_postgres(&self) {
        self.run("start-postgres", &[]).await;
    }

    /// Freezes Redis: connections stay, and nobody answers.
    pub fn freeze_redis(&self) -> Frozen {
        let pid = fs::read_to_string(self.dir.join("redis/redis.pid")).expect("Redis's process");
        Frozen::new([pid.trim().to_owned()])
    }

    /// Freezes PostgreSQL, whose database this is.
    pub async fn freeze_postgres(&self, database: &TestDatabase) -> Frozen {
        let place = fs::read_to_string(self.dir.join("pg/location")).expect("where PostgreSQL is");
        let pid_file = Path::new(place.trim()).join("data/postmaster.pid");
        let first = fs::read_to_string(pid_file).expect("PostgreSQL's process");
        // The test's own connection must be there before.
        database.execute("SELECT 1").await;
        // It makes no more processes; then the others can be counted.
        let mut frozen = Frozen::new([first.lines().next().expect("a number").to_owned()]);
        let others = database.rows("SELECT pid::text FROM pg_stat_activity").await;
        frozen.add(others.iter().map(|row| row["pid"].as_str().expect("a number").to_owned()));
        frozen
    }

    async fn run(&self, action: &str, more: &[&str]) {
        let done = tokio::process::Command::new(SCRIPT)
            .arg(action)
            .arg(&self.dir)
            .args(more)
            .env("PROXIE_TEST_SERVICES", "1")
            .stdin(Stdio::null())
            .output()
            .await
            .expect("bin/services");
        assert!(done.status.success(), "bin/services {action}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Processes that are stopped; they go on when this is dropped.
pub struct Frozen {
    pids: Vec<String>,
}

impl Frozen {
    fn new(pids: impl IntoIterator<Item = String>) -> Self {
        let mut frozen = Self { pids: Vec::new() };
        frozen.add(pids);
        frozen
    }

    fn add(&mut self, pids: impl IntoIterator<Item = String>) {
        for pid in pids {
            signal(&pid, "STOP");
            self.pids.push(pid);
        }
    }

    /// Lets them go on.
    pub fn thaw(self) {
        drop(self);
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        for pid in &self.pids {
            signal(pid, "CONT");
        }
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        remove(&self.dir);
    }
}

/// A new folder that PostgreSQL's own user can enter.
fn new_dir() -> PathBuf {
    static SWEPT: Once = Once::new();
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    SWEPT.call_once(sweep);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("{FOLDERS}{}-{number}", std::process::id()));
    fs::create_dir(&dir).expect("a folder");
    dir
}

/// Ends what dead runs have left behind.
fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir()).expect("the folder of temporary files").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix(FOLDERS).and_then(|rest| rest.split('-').next()) else { continue };
        if !signal(pid, "0") {
            remove(&entry.path());
        }
    }
}

fn remove(dir: &Path) {
    let _down = Command::new(SCRIPT).arg("down").arg(dir).stdin(Stdio::null()).output();
    let _gone = fs::remove_dir_all(dir);
}
