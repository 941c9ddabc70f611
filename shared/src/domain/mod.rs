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
pub mod live;
pub mod matching;
pub mod media;
pub mod memory;
pub mod metrics;
pub mod notifications;
pub mod offers;
mod once;
mod persistence;
pub mod providers;
pub mod requests;
pub mod reviews;
pub mod schedule;
pub mod shown;
pub mod slots;
pub mod sweep;
pub mod tasks;
pub mod usage;
pub mod users;

pub use catalog::CurrentCatalog;
pub use desk::DomainDesk;
pub use once::Once;

use std::sync::Arc;
use std::time::Duration;

use crate::db::chat::Submissions;
use crate::db::providers::Cards;
use crate::db::requests::Posts;
use crate::queue::events::Watches;
use crate::queue::{Queue, StatusCopies, UnitOfWork};

/// Everything that the API can ask for, and the agent on somebody's behalf.
pub struct Domain {
    queue: Queue,
    catalog: CurrentCatalog,
    shared: Arc<Shared>,
}

/// What runs in the background or remembers, once a process.
struct Shared {
    copies: StatusCopies,
    submissions: Submissions,
    posts: Posts,
    cards: Cards,
    positions: tasks::Positions,
    waiters: tasks::Waiters,
    watches: Watches,
    places: tasks::Places,
}

impl Domain {
    /// The domain over a queue and a catalog; starts what runs in the background. Must be called inside a tokio runtime.
    #[must_use]
    pub fn new(queue: Queue, catalog: CurrentCatalog) -> Self {
        let shared = Arc::new(Shared {
            copies: StatusCopies::new(queue.redis.clone()),
            submissions: Submissions::start(queue.db.clone()),
            posts: Posts::start(queue.db.clone()),
            cards: Cards::start(queue.db.clone()),
            positions: tasks::Positions::new(queue.db.clone()),
            waiters: tasks::Waiters::start(&queue),
            watches: Watches::new(queue.redis.clone()),
            places: tasks::Places::default(),
        });
        Self { queue, catalog, shared }
    }

    /// The same domain inside a unit of work: what it does stands or falls with it.
    fn within(&self, unit: &UnitOfWork) -> Self {
        Self { queue: unit.queue().clone(), catalog: self.catalog.clone(), shared: Arc::clone(&self.shared) }
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
