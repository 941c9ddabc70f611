//! Who is connected to this process.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proxie_shared::auth::{Authenticator, Links};
use proxie_shared::db::live::Numbered;
use proxie_shared::domain::Domain;
use proxie_shared::domain::users::Users;
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::model::UserId;
use tokio::sync::{mpsc, watch};

use super::feed::{Feed, Order};

/// How many orders of a user's connections may wait.
const WAITING: usize = 64;

/// The feeds of this process, and what they need.
pub struct Hub {
    /// What can be read.
    pub domain: Domain,
    /// Tells who is there.
    pub auth: Authenticator<Users>,
    /// Leads to pictures.
    pub links: Links,
    feeds: Mutex<HashMap<UserId, Handle>>,
}

/// A feed from outside.
struct Handle {
    orders: mpsc::Sender<Order>,
    newest: watch::Sender<i64>,
}

impl Hub {
    /// Nobody is there yet.
    pub fn new(domain: Domain, auth: Authenticator<Users>, links: Links) -> Self {
        Self { domain, auth, links, feeds: Mutex::default() }
    }

    /// Hands an order to a user's feed, which begins with the first.
    ///
    /// # Errors
    /// `rate_limited` when too many wait.
    pub fn order(self: &Arc<Self>, user: UserId, order: Order) -> Result<()> {
        let mut feeds = self.lock();
        let handle = feeds.entry(user).or_insert_with(|| {
            let (orders, taken) = mpsc::channel(WAITING);
            let (newest, told) = watch::channel(0);
            tokio::spawn(Feed::new(Arc::clone(self), user, taken, told).run());
            Handle { orders, newest }
        });
        handle.orders.try_send(order).map_err(|_full| Error::new(Code::RateLimited))
    }

    /// Tells the feeds of those who are connected what got its number.
    pub fn numbered(&self, events: &[Numbered]) {
        let feeds = self.lock();
        for event in events {
            if let Some(handle) = feeds.get(&event.user_id) {
                handle.newest.send_if_modified(|newest| {
                    let newer = event.seq > *newest;
                    *newest = event.seq.max(*newest);
                    newer
                });
            }
        }
    }

    /// Ends a feed to which nobody is connected, unless somebody has just come; answers whether it ended.
    pub fn end(&self, user: UserId, orders: &mpsc::Receiver<Order>) -> bool {
        let mut feeds = self.lock();
        // Orders are given under the lock: none can come in between.
        let ends = orders.is_empty();
        if ends && let Entry::Occupied(feed) = feeds.entry(user) {
            feed.remove();
        }
        ends
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Handle>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
