//! What happens: the rules of the product as functions that take who does it.

pub mod accounts;
mod audit;
pub mod bookings;
mod calendars;
mod catalog;
pub mod chat;
pub mod consumers;
pub mod demo;
mod desk;
mod drafts;
pub mod embedding;
pub mod enrollment;
mod erasure;
pub mod export;
pub mod import;
pub mod issuers;
pub mod leads;
pub mod licences;
pub mod matching;
pub mod media;
pub mod metrics;
pub mod notifications;
pub mod offers;
mod once;
mod persistence;
pub mod providers;
pub mod requests;
pub mod reviews;
pub mod schedule;
pub mod slots;
pub mod sweep;
pub mod tasks;
pub mod usage;
pub mod users;

pub use catalog::CurrentCatalog;
pub use desk::DomainDesk;
pub use once::Once;

use std::time::Duration;

use crate::db::chat::Submissions;
use crate::queue::{Queue, StatusCopies};

/// Everything that the API can ask for.
pub struct Domain {
    queue: Queue,
    copies: StatusCopies,
    submissions: Submissions,
    positions: tasks::Positions,
    waiters: tasks::Waiters,
    catalog: CurrentCatalog,
}

impl Domain {
    /// The domain over a queue and a catalog; starts what runs in the background. Must be called inside a tokio runtime.
    #[must_use]
    pub fn new(queue: Queue, catalog: CurrentCatalog) -> Self {
        Self {
            copies: StatusCopies::new(queue.redis.clone()),
            submissions: Submissions::start(queue.db.clone()),
            positions: tasks::Positions::new(queue.db.clone()),
            waiters: tasks::Waiters::start(&queue),
            catalog,
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
