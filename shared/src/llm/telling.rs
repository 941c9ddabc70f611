//! Tells of an answer while it comes, and takes it back where it must.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Deltas;

/// Whoever listens, if anybody.
pub(super) struct Telling<'a> {
    deltas: Option<&'a dyn Deltas>,
    told: AtomicBool,
}

impl<'a> Telling<'a> {
    pub(super) fn to(deltas: Option<&'a dyn Deltas>) -> Self {
        Self { deltas, told: AtomicBool::new(false) }
    }

    /// More of the text.
    pub(super) fn tell(&self, text: &str) {
        if let Some(deltas) = self.deltas.filter(|_| !text.is_empty()) {
            self.told.store(true, Ordering::Relaxed);
            deltas.delta(text);
        }
    }

    /// What was told is void, if anything was.
    pub(super) fn take_back(&self) {
        if let Some(deltas) = self.deltas.filter(|_| self.told.swap(false, Ordering::Relaxed)) {
            deltas.reset();
        }
    }
}
