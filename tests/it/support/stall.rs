//! Stops a worker in the middle of a write: a trigger waits for an advisory lock that the test holds.

use proxie_shared::test_support::{Held, TestDatabase};

use super::eventually;

/// The key of the lock.
const KEY: i64 = 4_711;

/// The writes that match wait until this is released.
pub struct Stall<'a> {
    database: &'a TestDatabase,
    held: Held,
}

impl<'a> Stall<'a> {
    /// Stalls `event` (such as `INSERT ON task_steps`) of rows for which `condition` holds.
    pub async fn begin(database: &'a TestDatabase, event: &str, condition: &str) -> Self {
        let held = database.hold(&format!("SELECT pg_advisory_lock({KEY})")).await;
        database
            .execute(&format!(
                "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS
                   $$ BEGIN PERFORM pg_advisory_xact_lock({KEY}); RETURN new; END $$;
                 CREATE TRIGGER stall BEFORE {event} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION stall()"
            ))
            .await;
        Self { database, held }
    }

    /// Waits until some writer waits.
    pub async fn reached(&self) {
        eventually("a write stalls", async || self.waiting().await > 0).await;
    }

    /// Waits until no writer waits any more, though the writes would still stall.
    pub async fn given_up(&self) {
        eventually("no write stalls", async || self.waiting().await == 0).await;
    }

    async fn waiting(&self) -> u64 {
        let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = \
                       (SELECT oid FROM pg_database WHERE datname = current_database())";
        self.database.value(waiting).await.as_u64().expect("a number")
    }

    /// Ends the writes that wait, as if they had never begun.
    pub async fn abort(self) {
        let waiting = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND \
                       database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        self.database.rows(waiting).await;
        self.release();
    }

    /// Lets all writes go on, now and later.
    pub fn release(self) {
        drop(self.held);
    }
}
