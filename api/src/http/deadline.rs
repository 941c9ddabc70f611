//! How long a call may take: whatever it waits for, its caller is told in time.

use std::future::Future;
use std::time::Duration;

use proxie_shared::domain::Domain;
use proxie_shared::error::{Code, Error};
use tokio::time::{Instant, sleep, timeout};

use super::{Answer, Problem};

/// How long the first call with an `Idempotency-Key` is waited for (5 s), and a little.
const FIRST: Duration = Duration::from_millis(5_500);
/// How often PostgreSQL must show meanwhile that it is there.
const LOOK: Duration = Duration::from_secs(1);
/// How long it may take to do so.
const SIGN: Duration = Duration::from_millis(500);

/// The time that is left to a call.
pub(super) struct Deadline {
    left: Duration,
}

impl Deadline {
    /// All that a call may take together.
    pub fn new(limit: Duration) -> Self {
        Self { left: limit }
    }

    /// Adds what the caller asks for.
    pub fn extend(&mut self, more: Duration) {
        self.left += more;
    }

    /// Does a part of the call; what lies between the parts does not count.
    ///
    /// # Errors
    /// `unavailable` when the time is up.
    pub async fn run<T>(&mut self, work: impl Future<Output = Answer<T>>) -> Answer<T> {
        let begun = Instant::now();
        let answer = timeout(self.left, work).await;
        self.left = self.left.saturating_sub(begun.elapsed());
        match answer {
            Ok(answer) => answer,
            Err(_) => Err(late()),
        }
    }

    /// Does the rest of a call that may have to wait for the first one with its key: it has more time as long as the
    /// database is seen to live.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_after_first<T>(
        self,
        domain: &Domain,
        work: impl Future<Output = Answer<T>>,
    ) -> Answer<T> {
        // Boxed: every call has room for it, and few need it.
        let up = Box::pin(async {
            sleep(self.left.saturating_sub(SIGN)).await;
            let end = Instant::now() + FIRST;
            while Instant::now() < end && domain.database_answers(SIGN).await {
                sleep(LOOK).await;
            }
        });
        tokio::select! {
            biased;
            answer = work => answer,
            () = up => Err(late()),
        }
    }
}

fn late() -> Problem {
    Error::new(Code::Unavailable).because("the call took too long").into()
}
