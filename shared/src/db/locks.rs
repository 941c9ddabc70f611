//! Advisory locks: held by a connection, gone with it.

use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

use super::Conn;
use crate::error::Result;

/// What is locked.
#[derive(Clone, Copy, Debug)]
pub enum Lock {
    /// The schema: one process migrates at a time.
    Migrations,
    /// The relay: one process leads.
    Relay,
    /// Sweeping: one process at a time.
    Sweep,
    /// Jobs on time: one process leads.
    Schedule,
    /// The numbers of live events: one transaction at a time gives them.
    Live,
}

impl Lock {
    /// The key, below a prefix that spells the product.
    fn key(self) -> i64 {
        let number = match self {
            Self::Migrations => 1,
            Self::Relay => 2,
            Self::Sweep => 3,
            Self::Schedule => 4,
            Self::Live => 5,
        };
        0x0050_524F_5849_4500 + number
    }
}

/// Waits for the lock and takes it.
///
/// # Errors
/// When the database is away.
pub async fn take(conn: &mut Conn, lock: Lock) -> Result<()> {
    let take = sql::<Bool>(&format!("pg_advisory_lock({}) IS NOT NULL", lock.key()));
    diesel::select(take).get_result::<bool>(conn).await?;
    Ok(())
}

/// Takes the lock if nobody has it; answers whether it did.
///
/// # Errors
/// When the database is away.
pub async fn try_take(conn: &mut Conn, lock: Lock) -> Result<bool> {
    let take = sql::<Bool>(&format!("pg_try_advisory_lock({})", lock.key()));
    Ok(diesel::select(take).get_result(conn).await?)
}

/// As [`try_take`], till the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn try_take_till_end(conn: &mut Conn, lock: Lock) -> Result<bool> {
    let take = sql::<Bool>(&format!("pg_try_advisory_xact_lock({})", lock.key()));
    Ok(diesel::select(take).get_result(conn).await?)
}
