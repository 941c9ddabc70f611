//! A breaker per provider and process: who failed again and again is skipped for a while, then tried by one call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use metrics::gauge;
use serde::Serialize;

/// The longest that a rest grows by doubling: somebody who is well again is noticed soon.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// The longest that a provider is left alone because it asked for it.
const LONGEST_WISH: Duration = Duration::from_secs(600);

/// How a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Calls go through.
    Closed,
    /// One call goes through, to see.
    HalfOpen,
    /// No call goes through.
    Open,
}

/// A provider's breaker.
#[derive(Clone, Debug)]
pub(super) struct Breaker {
    provider: Arc<str>,
    /// So many failures in a row open it; 0: none do.
    most: u32,
    rest: Duration,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    failures: u32,
    /// How often it was opened since it last worked.
    opened: u32,
    /// Until when no call goes through.
    until: Option<Instant>,
    /// Whether a call is finding out.
    probing: bool,
}

/// A call that may go through: says what came of it, or lets another one find out.
pub(super) struct Admission<'a> {
    breaker: &'a Breaker,
    /// Whether it is the one that finds out; others were let through before it opened.
    probe: bool,
    told: bool,
}

impl Breaker {
    pub(super) fn new(provider: &str, most: u32, rest: Duration) -> Self {
        let breaker = Self { provider: provider.into(), most, rest, inner: Arc::default() };
        breaker.tell(BreakerState::Closed);
        breaker
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call through, or says how long there is nothing to try.
    pub(super) fn admit(&self) -> Result<Admission<'_>, Duration> {
        let mut inner = self.lock();
        let probe = inner.until.is_some();
        if let Some(until) = inner.until {
            let now = Instant::now();
            if now < until {
                return Err(until - now);
            }
            if inner.probing {
                return Err(self.rest.min(Duration::from_secs(1)));
            }
            inner.probing = true;
            self.tell(BreakerState::HalfOpen);
        }
        Ok(Admission { breaker: self, probe, told: false })
    }

    pub(super) fn state(&self) -> BreakerState {
        let inner = self.lock();
        match inner.until {
            None => BreakerState::Closed,
            Some(until) if Instant::now() < until => BreakerState::Open,
            Some(_) => BreakerState::HalfOpen,
        }
    }

    fn tell(&self, state: BreakerState) {
        let number = match state {
            BreakerState::Closed => 0.0,
            BreakerState::HalfOpen => 1.0,
            BreakerState::Open => 2.0,
        };
        gauge!("proxie_model_breaker", "provider" => self.provider.to_string()).set(number);
    }
}

impl Admission<'_> {
    /// It was answered.
    pub(super) fn worked(mut self) {
        self.told = true;
        let mut inner = self.breaker.lock();
        if inner.until.is_some() {
            tracing::info!(provider = &*self.breaker.provider, "the provider is back");
            self.breaker.tell(BreakerState::Closed);
        }
        *inner = Inner::default();
    }

    /// The provider failed, and perhaps said when it wants to be asked again.
    pub(super) fn failed(mut self, wish: Option<Duration>) {
        self.told = true;
        let breaker = self.breaker;
        if breaker.most == 0 {
            return;
        }
        let mut inner = breaker.lock();
        inner.failures = inner.failures.saturating_add(1);
        inner.probing &= !self.probe;
        // Of many calls under way when it opens, only the first to fail counts as an opening.
        let opens = if inner.until.is_some() { self.probe } else { inner.failures >= breaker.most };
        if opens {
            let rest = breaker.rest.saturating_mul(2_u32.saturating_pow(inner.opened));
            let rest = rest.min(LONGEST_REST).max(breaker.rest);
            let rest = rest.max(wish.unwrap_or_default().min(LONGEST_WISH));
            inner.opened = inner.opened.saturating_add(1);
            inner.until = Some(Instant::now() + rest);
            breaker.tell(BreakerState::Open);
            tracing::warn!(
                provider = &*breaker.provider,
                rest_ms = rest.as_millis() as u64,
                "the provider is skipped"
            );
        }
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        if self.probe && !self.told {
            self.breaker.lock().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.admit().unwrap().failed(None);
        }
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_call_finds_out() {
        let breaker = Breaker::new("p", 3, Duration::ZERO);
        fail(&breaker, 2);
        breaker.admit().unwrap().worked();
        fail(&breaker, 2);
        assert_eq!(breaker.state(), BreakerState::Closed, "not in a row");
        fail(&breaker, 1);
        assert_eq!(breaker.state(), BreakerState::HalfOpen, "its rest was none");
        let probe = breaker.admit().unwrap();
        assert!(breaker.admit().is_err(), "one at a time");
        drop(probe);
        let probe = breaker.admit().unwrap();
        probe.worked();
        assert_eq!(breaker.state(), BreakerState::Closed);
        fail(&breaker, 2);
        assert_eq!(breaker.state(), BreakerState::Closed, "it counts from nothing");
    }

    #[test]
    fn it_rests_and_longer_each_time() {
        let breaker = Breaker::new("p", 1, Duration::from_secs(10));
        fail(&breaker, 1);
        assert_eq!(breaker.state(), BreakerState::Open);
        let first = breaker.admit().err().unwrap();
        assert!(first > Duration::from_secs(9) && first <= Duration::from_secs(10));
        breaker.lock().until = Some(Instant::now());
        fail(&breaker, 1);
        assert!(breaker.admit().err().unwrap() > Duration::from_secs(19));
        for _ in 0..100 {
            breaker.lock().until = Some(Instant::now());
            fail(&breaker, 1);
            assert!(breaker.admit().err().unwrap() <= LONGEST_REST, "it is tried once a minute");
        }
    }

    #[test]
    fn what_was_let_through_before_it_opened_finds_nothing_out() {
        let breaker = Breaker::new("p", 1, Duration::ZERO);
        let early = [breaker.admit().unwrap(), breaker.admit().unwrap()];
        fail(&breaker, 1);
        let probe = breaker.admit().unwrap();
        let [failed, dropped] = early;
        failed.failed(Some(Duration::from_secs(60)));
        drop(dropped);
        assert_eq!(breaker.state(), BreakerState::HalfOpen, "its failure is no news");
        assert!(breaker.admit().is_err(), "the probe is still under way");
        probe.worked();
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[test]
    fn it_leaves_a_provider_alone_as_long_as_that_wishes() {
        let breaker = Breaker::new("p", 1, Duration::from_secs(1));
        breaker.admit().unwrap().failed(Some(Duration::from_secs(60)));
        assert!(breaker.admit().err().unwrap() > Duration::from_secs(59));
    }

    #[test]
    fn switched_off_it_never_opens() {
        let breaker = Breaker::new("p", 0, Duration::from_secs(1));
        fail(&breaker, 100);
        assert_eq!(breaker.state(), BreakerState::Closed);
    }
}
