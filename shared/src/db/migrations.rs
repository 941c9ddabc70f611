//! The migrations, embedded, so that a binary knows the schema that it needs.

use diesel::migration::{self, Migration};
use diesel::pg::Pg;
use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::locks::{self, Lock};
use super::{Conn, Db, catalog};
use crate::error::{Code, Error, Result};
use crate::model::catalog::Catalog;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Applies what is missing and loads the catalog that is built in; returns the versions of what it applied.
///
/// # Errors
/// When PostgreSQL is away or a migration fails (it is then undone).
pub async fn run(db: &Db) -> Result<Vec<String>> {
    let mut conn = db.own_conn().await?;
    // An index may take longer to build than a statement of a request may run.
    conn.batch_execute("SET statement_timeout = 0").await?;
    locks::take(&mut conn, Lock::Migrations).await?;
    let applied = on(conn, |harness| {
        let applied = harness.run_pending_migrations(MIGRATIONS)?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
    .await?;
    catalog::load(&mut db.own_conn().await?, Catalog::built_in()).await?;
    Ok(applied)
}

/// Undoes all migrations, the last first.
///
/// # Errors
/// When PostgreSQL is away or one cannot be undone.
pub async fn revert_all(db: &Db) -> Result<()> {
    on(db.own_conn().await?, |harness| harness.revert_all_migrations(MIGRATIONS).map(drop)).await
}

/// The migrations that this code needs and the database lacks, by name.
///
/// # Errors
/// When PostgreSQL is away.
pub async fn pending(db: &Db) -> Result<Vec<String>> {
    on(db.own_conn().await?, |harness| {
        let pending = harness.pending_migrations(MIGRATIONS)?;
        Ok(pending.iter().map(|migration| Migration::<Pg>::name(migration).to_string()).collect())
    })
    .await
}

/// Refuses a database whose schema is behind this code.
///
/// # Errors
/// `unavailable`, with what is missing.
pub async fn require_current(db: &Db) -> Result<()> {
    let pending = pending(db).await?;
    if pending.is_empty() {
        return Ok(());
    }
    let missing = pending.join(", ");
    let detail =
        format!("The schema is behind this code; run `proxie-api migrate` first. Missing: {missing}.");
    Err(Error::new(Code::Unavailable).detail(detail))
}

/// diesel's migrations block, so they run on a thread that may.
async fn on<T: Send + 'static>(
    conn: Conn,
    work: impl FnOnce(&mut AsyncMigrationHarness<Conn>) -> migration::Result<T> + Send + 'static,
) -> Result<T> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Error::new(Code::Internal).because(error);
    tokio::task::spawn_blocking(move || work(&mut AsyncMigrationHarness::new(conn)))
        .await
        .map_err(|panic| failed(panic.into()))?
        .map_err(failed)
}
