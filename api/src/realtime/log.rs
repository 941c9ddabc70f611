//! Reads on in what was told to everybody, and gives it its numbers.
//!
//! Every process does both; of several one at a time gives numbers. It looks often, as nothing else tells it that there is
//! something: what is told by a commit would make all commits wait for each other (`NOTIFY`), or could be lost.

use std::sync::Arc;
use std::time::Duration;

use proxie_shared::error::Result;
use tokio::time::sleep;

use super::hub::Hub;

/// How often it is looked; each time costs two reads by index.
const EVERY: Duration = Duration::from_millis(50);
/// How long to wait for a database that is away.
const AGAIN: Duration = Duration::from_millis(500);
/// The most that is read at once.
const MOST: i64 = 1_000;

/// Reads on for ever.
pub async fn run(hub: Arc<Hub>) {
    let mut position = loop {
        match hub.domain.live_position().await {
            Ok(position) => break position,
            Err(error) => tracing::warn!(causes = error.causes(), "the live log cannot be read"),
        }
        sleep(AGAIN).await;
    };
    loop {
        let pause = match look(&hub, &mut position).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => EVERY,
            Err(error) => {
                tracing::warn!(causes = error.causes(), "the live log cannot be read");
                AGAIN
            }
        };
        sleep(pause).await;
    }
}

/// Looks once; answers whether there may be more.
async fn look(hub: &Hub, position: &mut i64) -> Result<bool> {
    let more = hub.domain.number_live().await?;
    let numbered = hub.domain.live_after(*position, MOST).await?;
    if let Some(last) = numbered.last() {
        *position = last.position;
        hub.numbered(&numbered);
    }
    Ok(more || numbered.len() as i64 == MOST)
}
