//! Waiting for conditions. Nothing sleeps and hopes: whatever does not come about in time fails the test.

use std::future::Future;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, timeout};

use super::size;

/// How many of a database's connections wait for what another holds.
pub const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
                           WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// How long anything may take, on a machine that is busy with all the other tests.
pub fn patience() -> Duration {
    Duration::from_secs(size(60, 300) as u64)
}

/// Looks until the condition holds.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let looking = async {
        let mut next = interval(Duration::from_millis(25));
        next.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            next.tick().await;
            if holds().await {
                return;
            }
        }
    };
    within(patience(), what, looking).await;
}

/// What a future answers, if it does so in time.
pub async fn within<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    timeout(limit, future).await.unwrap_or_else(|_| panic!("not within {limit:?}: {what}"))
}
