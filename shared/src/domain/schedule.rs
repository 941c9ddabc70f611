//! Who looks for what is due: one process of all.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection;

use crate::db::locks::{self, Lock};
use crate::db::{Conn, Db};
use crate::error::Result;

/// A leader that PostgreSQL has not heard of for so long (a frozen process, a machine cut off) has lost the lead.
const SILENCE: Duration = Duration::from_secs(60);

/// The lead, which goes with its connection. Two who believe that they lead do no harm: each job locks what it moves and
/// looks again.
pub struct Lead {
    conn: Conn,
}

impl Lead {
    /// Waits for the lead and takes it; tries again after each `pause`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take(db: &Db, pause: Duration) -> Result<Self> {
        let mut conn = db.own_conn().await?;
        let silence = SILENCE.max(pause * 3).as_millis();
        conn.batch_execute(&format!("SET idle_session_timeout = {silence}")).await?;
        while !locks::try_take(&mut conn, Lock::Schedule).await? {
            tokio::time::sleep(pause).await;
        }
        Ok(Self { conn })
    }

    /// Lets PostgreSQL hear of it.
    ///
    /// # Errors
    /// When the lead is lost.
    pub async fn renew(&mut self) -> Result<()> {
        Ok(self.conn.batch_execute("SELECT 1").await?)
    }
}
