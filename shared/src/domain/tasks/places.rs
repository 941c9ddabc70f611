//! How many streams there are at once: each holds a connection for as long as a task lasts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::gauge;

use crate::error::{Code, Error, Result};
use crate::model::UserId;

/// The most streams of one user in one process.
pub const STREAMS_OF_ONE: usize = 16;
/// The most streams of one process.
const STREAMS: usize = 20_000;
/// When whoever has too many may come again.
const LATER: Duration = Duration::from_secs(5);

/// Who has how many streams open.
#[derive(Clone, Default)]
pub struct Places {
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<UserId, usize>,
}

/// One stream's place, until it is dropped.
pub struct Place {
    places: Places,
    user: UserId,
}

impl Places {
    /// A place for one more stream of this user.
    ///
    /// # Errors
    /// `rate_limited` when the user has too many, `unavailable` when all have.
    pub fn take(&self, user: UserId) -> Result<Place> {
        let mut taken = self.lock();
        if taken.all >= STREAMS {
            return Err(Error::new(Code::Unavailable).because("too many streams"));
        }
        let own = taken.of.entry(user).or_default();
        if *own >= STREAMS_OF_ONE {
            let detail =
                format!("You follow {STREAMS_OF_ONE} tasks already. Close one of these streams first.");
            let refused = Error::new(Code::RateLimited).detail(detail);
            return Err(Error { retry_after: Some(LATER), ..refused });
        }
        *own += 1;
        taken.all += 1;
        gauge!("proxie_streams").increment(1);
        Ok(Place { places: self.clone(), user })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        gauge!("proxie_streams").decrement(1);
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Entry::Occupied(mut own) = taken.of.entry(self.user) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    #[test]
    fn a_user_has_so_many_streams_and_no_more() {
        let places = Places::default();
        let (one, other) = (UserId::new(), UserId::new());
        let mut all: Vec<Place> = (0..STREAMS_OF_ONE).map(|_| places.take(one).unwrap()).collect();
        assert_eq!(places.take(one).err().unwrap().code, Code::RateLimited);
        let _anothers = places.take(other).unwrap();
        all.pop();
        let _again = places.take(one).unwrap();
        drop((all, _again));
        assert!(!places.lock().of.contains_key(&one) && places.lock().all == 1);
    }
}
