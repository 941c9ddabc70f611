//! What is said of answers as it is told on people's live channels: into PostgreSQL, where everything else that they are told
//! stands, for all tasks in hand in one statement.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::sleep;

use super::teller::Inner;
use crate::db::Db;
use crate::db::live::{Delta, tell_deltas};
use crate::error::Result;

/// How long what is said is gathered: often enough to read along.
const GATHER: Duration = Duration::from_millis(250);

/// Those of whom more may be said.
#[derive(Default)]
pub(super) struct Speakers {
    all: Mutex<Vec<Weak<Inner>>>,
    wake: Notify,
}

/// How much of a text was told.
#[derive(Default)]
pub(super) struct Said {
    /// In bytes.
    bytes: usize,
    /// Whether what was told is void.
    void: bool,
}

impl Said {
    /// What was told is void, if anything was.
    pub fn reset(&mut self) {
        self.void |= self.bytes > 0;
        self.bytes = 0;
    }

    /// What of a text is to be told: where it begins, in characters, and the rest from there.
    pub fn rest(&mut self, text: &str) -> Option<Value> {
        let void = std::mem::take(&mut self.void);
        let rest = text.get(self.bytes..).filter(|rest| void || !rest.is_empty())?;
        let from = text[..self.bytes].chars().count();
        self.bytes = text.len();
        Some(json!({"from": from, "text": rest}))
    }

    /// What was to be told may not have been.
    pub fn lost(&mut self) {
        (self.bytes, self.void) = (0, true);
    }
}

impl Speakers {
    /// One more.
    pub fn add(&self, inner: &Arc<Inner>) {
        self.lock().push(Arc::downgrade(inner));
        self.wake.notify_one();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Inner>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who are still there.
    fn present(&self) -> Vec<Arc<Inner>> {
        let mut all = self.lock();
        all.retain(|speaker| speaker.strong_count() > 0);
        all.iter().filter_map(Weak::upgrade).collect()
    }
}

/// Tells what is said, for ever.
pub(super) async fn tell(db: Db, speakers: Arc<Speakers>) {
    loop {
        let present = speakers.present();
        if present.is_empty() {
            speakers.wake.notified().await;
        }
        let (speakers, deltas): (Vec<_>, Vec<_>) =
            present.iter().filter_map(|speaker| Some((speaker, speaker.delta()?))).unzip();
        if !deltas.is_empty()
            && let Err(error) = write(&db, &deltas).await
        {
            tracing::debug!(causes = error.causes(), "what is said could not be told live");
            speakers.iter().for_each(|speaker| speaker.lost());
        }
        drop(present);
        sleep(GATHER).await;
    }
}

async fn write(db: &Db, deltas: &[Delta]) -> Result<()> {
    tell_deltas(&mut *db.conn().await?, deltas).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_adds_up_to_the_text() {
        let mut said = Said::default();
        assert_eq!(said.rest(""), None);
        assert_eq!(said.rest("Grüß"), Some(json!({"from": 0, "text": "Grüß"})));
        assert_eq!(said.rest("Grüß"), None);
        assert_eq!(said.rest("Grüß dich"), Some(json!({"from": 4, "text": " dich"})));
        said.reset();
        assert_eq!(said.rest(""), Some(json!({"from": 0, "text": ""})), "it is void");
        assert_eq!(said.rest("Hello"), Some(json!({"from": 0, "text": "Hello"})));
        said.lost();
        assert_eq!(said.rest("Hello you"), Some(json!({"from": 0, "text": "Hello you"})));
    }

    #[test]
    fn of_what_nobody_heard_nothing_is_taken_back() {
        let mut said = Said::default();
        said.reset();
        assert_eq!(said.rest(""), None);
    }
}
