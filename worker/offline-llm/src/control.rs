//! The handle by which a test steers a running server and sees what it does.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::faults::{Fault, Faults};

/// Counters of chat completion calls since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Calls that arrived.
    pub received: u64,
    /// Calls answered to the end, refusals and faults included.
    pub finished: u64,
    /// Calls the client left before the end.
    pub dropped: u64,
    /// Calls being answered now.
    pub in_flight: u64,
    /// The most there ever were at once.
    pub max_in_flight: u64,
}

/// Steers a running server; clones steer the same one.
#[derive(Debug, Clone, Default)]
pub struct Control {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    faults: Mutex<Faults>,
    received: AtomicU64,
    finished: AtomicU64,
    dropped: AtomicU64,
    in_flight: AtomicU64,
    max_in_flight: AtomicU64,
}

impl Control {
    /// A handle with these faults.
    pub fn new(faults: Faults) -> Self {
        let control = Self::default();
        control.set_faults(faults);
        control
    }

    fn lock(&self) -> MutexGuard<'_, Faults> {
        self.inner.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces all faults.
    pub fn set_faults(&self, faults: Faults) {
        *self.lock() = faults;
    }

    /// The faults that hold and wait.
    pub fn faults(&self) -> Faults {
        self.lock().clone()
    }

    /// Sets, or with `None` ends, the fault of every call.
    pub fn always(&self, fault: Option<Fault>) {
        self.lock().always = fault;
    }

    /// Queues a fault for one coming call.
    pub fn next(&self, fault: Fault) {
        self.lock().next.push_back(Some(fault));
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.set_faults(Faults::default());
    }

    /// The fault of a call that arrives now; takes one from the queue.
    pub fn take(&self) -> Fault {
        let mut faults = self.lock();
        let next = faults.next.pop_front().flatten().unwrap_or_default();
        faults.always.clone().unwrap_or_default().overlaid(next)
    }

    /// The counters.
    pub fn counters(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Counters {
            received: read(&self.inner.received),
            finished: read(&self.inner.finished),
            dropped: read(&self.inner.dropped),
            in_flight: read(&self.inner.in_flight),
            max_in_flight: read(&self.inner.max_in_flight),
        }
    }

    /// Counts a call that arrives.
    pub fn arrive(&self) -> Call {
        self.inner.received.fetch_add(1, Ordering::SeqCst);
        let now = self.inner.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.inner.max_in_flight.fetch_max(now, Ordering::SeqCst);
        Call { control: self.clone(), ended: false }
    }
}

/// A call being answered; one that goes away unfinished was dropped by its client.
#[derive(Debug)]
pub struct Call {
    control: Control,
    ended: bool,
}

impl Call {
    /// The answer is complete.
    pub fn finish(mut self) {
        self.ended = true;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let inner = &self.control.inner;
        let counter = if self.ended { &inner.finished } else { &inner.dropped };
        counter.fetch_add(1, Ordering::SeqCst);
        inner.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}
