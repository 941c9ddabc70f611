//! Databases and Redis prefixes for tests: each test has its own, so that all run in parallel.
//!
//! A database is a copy of a template that holds the migrated schema; the template is made once for each state of the
//! migrations, whichever process comes first. Databases and keys carry the number of the run that made them. A run holds
//! an advisory lock of its number for as long as its process lives, so the next run knows which leftovers are nobody's.
//!
//! `DATABASE_URL` and `REDIS_URL` name the servers; `bin/services up DIR` starts a pair and writes both to
//! `DIR/services.env`.
#![allow(clippy::expect_used, reason = "what a test needs and does not get fails the test")]

mod clerk;
mod database;
mod plan;
mod queries;
mod redis;
mod run;
mod template;

pub use database::{Held, TestDatabase};
pub use redis::TestRedis;

/// A variable that tests cannot do without.
fn required(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run bin/test, or see tests/README.md for how to run a single test")
    })
}

/// The address of another database on the same server.
fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap_or_else(|| panic!("DATABASE_URL names no database"));
    format!("{server}/{name}")
}
