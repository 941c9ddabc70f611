//! Runs of tests: what they are called, and what they leave behind when they are killed.

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::database::{Names, rows};
use crate::db::Conn;

/// Begins the names of the databases of runs.
const DATABASES: &str = "proxie_test_";
/// Begins the keys of runs.
const KEYS: &str = "proxie-test:";
/// The first key of the advisory locks that living runs hold; the second is their number.
const LIVING: i32 = 0x5052_4F58;

/// This process's run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run(i32);

impl Run {
    /// A new run, alive as long as `conn` is.
    pub(super) async fn begin(conn: &mut Conn) -> Self {
        let run = Self(rand::random_range(1..i32::MAX));
        conn.batch_execute(&format!("SELECT pg_advisory_lock({LIVING}, {})", run.0))
            .await
            .expect("the lock of a number that nobody else has");
        run
    }

    /// The name of its `n`th database.
    pub(super) fn database(self, n: usize) -> String {
        format!("{DATABASES}{:08x}_{n}", self.0)
    }

    /// The prefix of its `n`th set of keys.
    pub(super) fn prefix(self, n: usize) -> String {
        format!("{KEYS}{:08x}:{n}:", self.0)
    }

    /// The run that made a database or a key.
    fn of(name: &str) -> Option<i32> {
        let rest = name.strip_prefix(DATABASES).or_else(|| name.strip_prefix(KEYS))?;
        i32::from_str_radix(rest.get(..8)?, 16).ok()
    }
}

/// Deletes what dead runs have left behind: databases here, keys in `redis`.
pub(super) async fn sweep(conn: &mut Conn, redis: &mut ::redis::aio::MultiplexedConnection) {
    let databases = diesel::sql_query(format!(
        "SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, '{DATABASES}')"
    ));
    let databases: Vec<Names> = databases.load(conn).await.expect("the list of databases");
    for Names { name } in databases {
        if is_dead(conn, &name).await {
            // Another run may sweep at the same moment.
            let drop = format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#);
            let _already_gone = conn.batch_execute(&drop).await;
        }
    }
    for key in keys(redis, &format!("{KEYS}*")).await {
        if is_dead(conn, &key).await {
            let _gone: i64 = unlink(redis, &[key]).await;
        }
    }
}

async fn is_dead(conn: &mut Conn, name: &str) -> bool {
    let Some(run) = Run::of(name) else { return false };
    let taken = rows(conn, &format!("SELECT pg_try_advisory_lock({LIVING}, {run}) AS taken")).await;
    let dead = taken[0]["taken"] == true;
    if dead {
        conn.batch_execute(&format!("SELECT pg_advisory_unlock({LIVING}, {run})")).await.expect("its unlock");
    }
    dead
}

/// All keys that fit a pattern, without stopping the server.
pub(super) async fn keys(redis: &mut ::redis::aio::MultiplexedConnection, pattern: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut cursor = 0_u64;
    loop {
        let mut scan = ::redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(1_000);
        let (next, mut keys): (u64, Vec<String>) = scan.query_async(redis).await.expect("a page of the keys");
        all.append(&mut keys);
        cursor = next;
        if cursor == 0 {
            return all;
        }
    }
}

/// Deletes keys; answers how many there were.
pub(super) async fn unlink(redis: &mut ::redis::aio::MultiplexedConnection, keys: &[String]) -> i64 {
    if keys.is_empty() {
        return 0;
    }
    ::redis::cmd("UNLINK").arg(keys).query_async(redis).await.expect("keys to be deleted")
}
