//! The relay: pushes again what is due and in nobody's hand, and fails what was tried too often.
//!
//! Every worker runs it; an advisory lock makes one of them the leader. A row keeps the time of its last push; as
//! entries leave a stream only when their task was claimed or refused, a due row that was pushed before the oldest
//! entry still there has lost its entry. So a real backlog is not pushed twice.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel_async::SimpleAsyncConnection;
use redis::Pipeline;
use redis::streams::StreamRangeReply;
use strum::VariantArray;

use super::{Queue, add_entry, stream};
use crate::db::locks::{self, Lock};
use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::model::tasks::Lane;

/// The most rows of one statement.
const BATCH: i64 = 1_000;
/// The longest pause after an error, which ends a lead.
const PAUSE_MAX: Duration = Duration::from_secs(2);
/// A leader that PostgreSQL has not heard of for so long (a frozen process, a machine cut off) has lost the lead.
const SILENCE: Duration = Duration::from_secs(5);

/// Relays for as long as the future is polled, every `every`.
pub async fn run(queue: Queue, every: Duration, max_claims: i32) {
    loop {
        if let Err(error) = lead(&queue, every, max_claims).await {
            tracing::warn!(causes = error.causes(), "the relay stumbled");
        }
        tokio::time::sleep(every.min(PAUSE_MAX)).await;
    }
}

/// Waits for the lead, then leads until something fails.
async fn lead(queue: &Queue, every: Duration, max_claims: i32) -> Result<()> {
    // The lock is the connection's: who loses the connection has lost the lead.
    let mut conn = queue.db.own_conn().await?;
    let silence = SILENCE.max(every * 3).as_millis();
    conn.batch_execute(&format!("SET idle_session_timeout = {silence}")).await?;
    while !locks::try_take(&mut conn, Lock::Relay).await? {
        tokio::time::sleep(every).await;
    }
    tracing::info!("this worker leads the relay");
    loop {
        let abandoned = db::tasks::abandon(&mut conn, max_claims).await?;
        queue.announce_ended(&abandoned).await?;
        for lane in Lane::VARIANTS {
            // While Redis is away there is nowhere to push to; the rows wait.
            let relayed = relay(queue, &mut conn, *lane, every).await;
            if queue.redis.ping().await.is_ok() {
                relayed?;
            }
        }
        tokio::time::sleep(every).await;
    }
}

async fn relay(queue: &Queue, conn: &mut Conn, lane: Lane, slack: Duration) -> Result<()> {
    let stream = stream(&queue.redis, lane);
    let mut look = Pipeline::new();
    look.cmd("XRANGE").arg(&stream).arg("-").arg("+").arg("COUNT").arg(1);
    look.cmd("TIME");
    let (oldest, (seconds, micros)): (StreamRangeReply, (i64, i64)) = queue.redis.run(&look).await?;
    let now = instant(seconds * 1_000 + micros / 1_000)?;
    let oldest = oldest.ids.first().and_then(|entry| entry.id.split('-').next()?.parse().ok());
    let oldest = match oldest {
        Some(millis) => instant(millis)?.min(now),
        None => now,
    };
    loop {
        // The slack covers the moment between a row's commit and its push, and clocks that disagree a little.
        let lost = db::tasks::take_lost(conn, lane.kinds().collect(), oldest - slack, now, BATCH).await?;
        if lost.is_empty() {
            return Ok(());
        }
        let mut push = Pipeline::new();
        for (id, _) in &lost {
            add_entry(&mut push, &stream, *id);
        }
        queue.redis.run::<()>(&push).await?;
        tracing::info!(lane = ?lane, tasks = lost.len(), "relayed");
        if (lost.len() as i64) < BATCH {
            return Ok(());
        }
    }
}

fn instant(millis: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis).ok_or_else(|| Error::new(Code::Internal))
}
