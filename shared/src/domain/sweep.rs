//! What nobody needs any more is deleted, a little at a time: rows that only grew would slow down what lives.

use std::time::Duration;

use diesel_async::AsyncConnection;

use crate::db::locks::{self, Lock};
use crate::db::{self, Conn, Db, accounts, idempotency, reputation, users};
use crate::domain::media;
use crate::error::Result;
use crate::storage::Store;

/// How often it is swept.
const EVERY: Duration = Duration::from_secs(600);
/// The most rows of one statement: locks are short.
const BATCH: i64 = 1_000;
/// How long what clients are told stays, in hours.
const LIVE_HOURS: i32 = 24;
/// How long results of tasks stay, in days.
const RESULT_DAYS: i32 = 7;

/// Sweeps for as long as the future is polled. Of several processes one sweeps at a time.
pub async fn run(db: Db, store: Store) {
    loop {
        if let Err(error) = sweep(&db, &store).await {
            tracing::warn!(causes = error.causes(), "what is old was not swept; trying again later");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Sweeps once, unless another process does.
///
/// # Errors
/// When the database or the store is away.
pub async fn sweep(db: &Db, store: &Store) -> Result<()> {
    // The lock is the connection's own and goes with it.
    let mut conn = db.own_conn().await?;
    if !locks::try_take(&mut conn, Lock::Sweep).await? {
        return Ok(());
    }
    all(&mut conn).await?;
    media::sweep_media(db, store).await
}

async fn all(conn: &mut Conn) -> Result<()> {
    while idempotency::sweep(conn, BATCH).await? as i64 == BATCH {}
    while accounts::sweep_families(conn, BATCH).await? as i64 == BATCH {}
    while users::sweep_events(conn, BATCH).await? as i64 == BATCH {}
    while db::sweep::drafts(conn, BATCH).await? as i64 == BATCH {}
    while db::sweep::results(conn, RESULT_DAYS, BATCH).await? as i64 == BATCH {}
    while db::live::delete_old(conn, LIVE_HOURS, BATCH).await? as i64 == BATCH {}
    while db::matching::sweep_changes(conn, BATCH).await? as i64 == BATCH {}
    while db::usage::sweep(conn, BATCH).await? as i64 == BATCH {}
    while ripen(conn).await? as i64 == BATCH {}
    Ok(())
}

/// Counts leads that nobody has answered for a day; answers of how many providers.
async fn ripen(conn: &mut Conn) -> Result<usize> {
    let providers = reputation::ripe(conn, BATCH).await?;
    for provider in &providers {
        conn.transaction(async |conn| reputation::recompute_in(conn, *provider).await).await?;
    }
    Ok(providers.len())
}
