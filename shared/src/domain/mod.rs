//! What happens: the rules of the product as functions that take who does it.

pub mod accounts;
mod audit;
pub mod chat;
pub mod demo;
mod desk;
mod drafts;
pub mod export;
pub mod issuers;
pub mod metrics;
mod once;
pub mod requests;
pub mod tasks;
pub mod users;

pub use desk::DomainDesk;
pub use once::Once;

use std::time::Duration;

use crate::db::GroupCommit;
use crate::db::chat::{Submission, Submitted};
use crate::queue::{Queue, StatusCopies};

/// Everything that the API can ask for.
pub struct Domain {
    queue: Queue,
    copies: StatusCopies,
    submissions: GroupCommit<Submission, Submitted>,
    positions: tasks::Positions,
    waiters: tasks::Waiters,
}

/// How many messages one statement takes.
const SUBMISSIONS: usize = 64;

impl Domain {
    /// The domain over a queue; starts what runs in the background. Must be called inside a tokio runtime.
    #[must_use]
    pub fn new(queue: Queue) -> Self {
        let submissions = GroupCommit::start(queue.db.clone(), SUBMISSIONS, |conn, given| {
            Box::pin(crate::db::chat::submit(conn, given))
        });
        Self {
            copies: StatusCopies::new(queue.redis.clone()),
            submissions,
            positions: tasks::Positions::new(queue.db.clone()),
            waiters: tasks::Waiters::start(&queue),
            queue,
        }
    }

    /// Whether what the API needs is there: `(name, answers)`.
    pub async fn readiness(&self) -> [(&'static str, bool); 2] {
        self.queue.readiness().await
    }

    /// Whether PostgreSQL answers in this time.
    pub async fn database_answers(&self, limit: Duration) -> bool {
        self.queue.db.ping(limit).await.is_ok()
    }
}
