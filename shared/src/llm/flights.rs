//! Identical calls in flight at once in one process are made once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::{Answer, LlmError};

type Outcome = Option<Result<Answer, LlmError>>;

/// The calls in flight, by what they ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights {
    inner: Arc<Mutex<InFlight>>,
}

#[derive(Debug, Default)]
struct InFlight {
    calls: HashMap<String, watch::Receiver<Outcome>>,
    landed: u64,
}

/// Whether a call is the first of its kind.
pub(super) enum Seat {
    /// It is: it makes the call, and tells the others.
    Lead(Lead),
    /// Another one makes it.
    Follow(Following),
}

/// Makes the call; if it is given up, one of those who wait takes over.
pub(super) struct Lead {
    flights: Flights,
    key: String,
    outcome: watch::Sender<Outcome>,
}

/// Waits for a call that another makes.
pub(super) struct Following(watch::Receiver<Outcome>);

impl Flights {
    fn lock(&self) -> MutexGuard<'_, InFlight> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many calls have landed so far: who looks for an answer and then joins knows by it whether one may have come in
    /// between.
    pub(super) fn landed(&self) -> u64 {
        self.lock().landed
    }

    /// Joins the call of this key, or begins it.
    pub(super) fn join(&self, key: &str) -> Seat {
        let mut in_flight = self.lock();
        if let Some(flight) = in_flight.calls.get(key) {
            return Seat::Follow(Following(flight.clone()));
        }
        let (outcome, flight) = watch::channel(None);
        in_flight.calls.insert(key.to_owned(), flight);
        Seat::Lead(Lead { flights: self.clone(), key: key.to_owned(), outcome })
    }
}

impl Lead {
    /// Tells those who wait.
    pub(super) fn land(self, outcome: &Result<Answer, LlmError>) {
        self.flights.lock().landed += 1;
        self.outcome.send_replace(Some(outcome.clone()));
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.flights.lock().calls.remove(&self.key);
    }
}

impl Following {
    /// What came of the call; nothing if it was given up.
    pub(super) async fn outcome(mut self) -> Outcome {
        let landed = self.0.wait_for(Option::is_some).await.ok()?;
        landed.clone()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use futures::FutureExt;

    use super::*;

    fn lead(flights: &Flights, key: &str) -> Lead {
        match flights.join(key) {
            Seat::Lead(lead) => lead,
            Seat::Follow(_) => panic!("{key} is in flight"),
        }
    }

    fn follow(flights: &Flights, key: &str) -> Following {
        match flights.join(key) {
            Seat::Follow(following) => following,
            Seat::Lead(_) => panic!("{key} is not in flight"),
        }
    }

    #[tokio::test]
    async fn who_asks_the_same_hears_the_same() {
        let flights = Flights::default();
        let first = lead(&flights, "a");
        let second = follow(&flights, "a");
        let _other = lead(&flights, "b");
        let answer = Answer { text: Some("hello".to_owned()), ..Answer::default() };
        first.land(&Ok(answer.clone()));
        assert_eq!(second.outcome().await.unwrap().unwrap(), answer);
        drop(lead(&flights, "a"));
    }

    #[tokio::test]
    async fn a_call_that_is_given_up_is_taken_over() {
        let flights = Flights::default();
        let first = lead(&flights, "a");
        let mut second = Box::pin(follow(&flights, "a").outcome());
        assert!(second.as_mut().now_or_never().is_none(), "it waits");
        drop(first);
        assert!(second.await.is_none());
        drop(lead(&flights, "a"));
    }
}
