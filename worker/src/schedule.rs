//! Jobs on time: what becomes of things without anybody asking. Every worker has a schedule, and one of them leads.
//!
//! Each job takes a batch of what is due, each thing in a short transaction that looks again: it runs twice without harm,
//! and what a process leaves behind when it dies is due again.

use std::future::Future;
use std::time::{Duration, Instant};

use proxie_shared::config::ScheduleConfig;
use proxie_shared::domain::embedding::Embedder;
use proxie_shared::domain::schedule::Lead;
use proxie_shared::domain::{bookings, notifications, offers, requests};
use proxie_shared::error::Result;
use proxie_shared::queue::Queue;

/// How long nobody looks again for providers without a vector, once there was none.
const ALL_HAVE_VECTORS: Duration = Duration::from_secs(600);

/// How long nobody looks again at the slots of all live offers.
const SLOTS_LOOKED_AT: Duration = Duration::from_secs(30);

/// Looks for what is due for as long as the future is polled.
pub async fn run(queue: Queue, embedder: Embedder, config: ScheduleConfig) {
    loop {
        if let Err(error) = lead(&queue, &embedder, &config).await {
            tracing::warn!(causes = error.causes(), "the schedule stumbled");
        }
        tokio::time::sleep(config.every).await;
    }
}

/// Waits for the lead, then leads until it is lost.
async fn lead(queue: &Queue, embedder: &Embedder, config: &ScheduleConfig) -> Result<()> {
    let mut lead = Lead::take(&queue.db, config.every).await?;
    tracing::info!("this worker leads the schedule");
    let (mut next_look, mut next_slots) = (Instant::now(), Instant::now());
    loop {
        // Whoever led before may just have looked.
        tokio::time::sleep(config.every).await;
        lead.renew().await?;
        tick(queue, config.batch).await;
        // Going through all offers is not for every tick, nor through all providers.
        if Instant::now() >= next_slots {
            job("offers.without_slots", offers::expire_without_slots(&queue.db, config.batch)).await;
            next_slots = Instant::now() + SLOTS_LOOKED_AT;
        }
        if Instant::now() >= next_look
            && job("providers.embed", embedder.ask_for_missing(queue, config.batch)).await == 0
        {
            next_look = Instant::now() + ALL_HAVE_VECTORS;
        }
    }
}

/// Does what is due, once: a batch of each job. Answers of how much that was; a job that fails is tried with the next tick.
pub async fn tick(queue: &Queue, batch: i64) -> usize {
    let db = &queue.db;
    let mut done = 0;
    done += job("offers.expire", offers::expire_offers(db, batch)).await;
    done += job("bookings.complete", bookings::complete_by_itself(db, batch)).await;
    done += job("bookings.lapse", bookings::lapse_proposals(db, batch)).await;
    done += job("requests.expire", requests::expire_requests(queue, batch)).await;
    done += job("requests.match_again", requests::match_those_due(queue, batch)).await;
    done += job("bookings.remind", notifications::remind(db, batch)).await;
    done
}

async fn job(name: &'static str, work: impl Future<Output = Result<usize>>) -> usize {
    match work.await {
        Ok(done) => {
            if done > 0 {
                tracing::info!(job = name, done, "done what was due");
            }
            done
        }
        Err(error) => {
            tracing::warn!(job = name, causes = error.causes(), "what is due waits: {error}");
            0
        }
    }
}
