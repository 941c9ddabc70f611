//! The migrations, embedded, so that a binary knows the schema that it needs.

use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Db;
use super::locks::{self, Lock};
use crate::error::{Code, Error, Result};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::new(Code::Internal).because(error)
}

/// Applies what is missing; returns the names of what it applied.
///
/// # Errors
/// When PostgreSQL is away or a migration fails (it is then undone).
pub async fn run(db: &Db) -> Result<Vec<String>> {
    let mut conn = db.own_conn().await?;
    // An index may take longer to build than a statement of a request may run.
    conn.batch_execute("SET statement_timeout = 0").await?;
    locks::take(&mut conn, Lock::Migrations).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let applied = harness.run_pending_migrations(MIGRATIONS).map_err(failed)?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

/// Undoes all migrations, the last first.
///
/// # Errors
/// When PostgreSQL is away or one cannot be undone.
pub async fn revert_all(db: &Db) -> Result<()> {
    let mut harness = AsyncMigrationHarness::new(db.own_conn().await?);
    harness.revert_all_migrations(MIGRATIONS).map_err(failed)?;
    Ok(())
}

/// The migrations that this code needs and the database lacks.
///
/// # Errors
/// When PostgreSQL is away.
pub async fn pending(db: &Db) -> Result<Vec<String>> {
    let mut harness = AsyncMigrationHarness::new(db.own_conn().await?);
    let pending = harness.pending_migrations(MIGRATIONS).map_err(failed)?;
    Ok(pending
        .iter()
        .map(|migration| diesel::migration::Migration::<diesel::pg::Pg>::name(migration).to_string())
        .collect())
}
