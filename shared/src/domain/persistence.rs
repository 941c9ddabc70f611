//! Transactions that are tried again when they lost against others.

use crate::error::{Code, Error};

/// How often a transaction is tried.
pub(super) const TRIES: usize = 4;

/// Whether another transaction was in the way: this was a deadlock's loser, or a constraint refused what the next look
/// will see, such as another's booking that was not there yet. What is refused on purpose says more.
pub(super) fn lost(error: &Error) -> bool {
    let by_constraint = error.code == Code::SlotTaken && error.more.is_none();
    by_constraint || error.causes().contains("deadlock detected")
}

/// Runs a transaction of a connection; again if it [lost].
macro_rules! persistently {
    ($conn:expr, $work:expr) => {{
        let mut left = $crate::domain::persistence::TRIES;
        loop {
            left -= 1;
            match $conn.transaction($work).await {
                Err(error) if left > 0 && $crate::domain::persistence::lost(&error) => {
                    tracing::info!(causes = error.causes(), "a transaction is tried again");
                }
                done => break done,
            }
        }
    }};
}
pub(super) use persistently;
