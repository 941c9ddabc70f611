//! Calls that have their effect once.

use super::Domain;
use crate::db::Conn;
use crate::db::idempotency::{self, Key, Reply};
use crate::error::{Error, Result};

/// How a call is answered and, if it has a key, that it has its effect once.
pub struct Once<'a, T> {
    key: Option<&'a Key>,
    render: Box<dyn Fn(&T) -> Reply + Send + Sync + 'a>,
}

impl<'a, T> Once<'a, T> {
    /// Answers what was made with `render`; with a key, the same call is answered the same for a day.
    pub fn new(key: Option<&'a Key>, render: impl Fn(&T) -> Reply + Send + Sync + 'a) -> Self {
        Self { key, render: Box::new(render) }
    }

    /// The call's key.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.key
    }

    /// The answer about what was made.
    #[must_use]
    pub fn render(&self, made: &T) -> Reply {
        (self.render)(made)
    }

    /// What the same call was answered before. To be asked first in the transaction of what the call does, which must
    /// then be left alone.
    pub(super) async fn answered(&self, conn: &mut Conn) -> Result<Option<Reply>> {
        match self.key {
            Some(key) => idempotency::claim(conn, key).await,
            None => Ok(None),
        }
    }

    /// The answer about what was made, written down in the same transaction.
    pub(super) async fn answer(&self, conn: &mut Conn, made: &T) -> Result<Reply> {
        let reply = self.render(made);
        if let Some(key) = self.key {
            idempotency::keep(conn, key, &reply).await?;
        }
        Ok(reply)
    }
}

impl Domain {
    /// Writes down that a call with a key was refused. What is of the moment (401, 429, 5xx) may be tried again.
    pub async fn keep_refusal(&self, key: &Key, error: &Error) {
        if matches!(error.code.status(), 401 | 429 | 500..) || error.code.is_about_keys() {
            return;
        }
        let kept = async {
            let mut conn = self.queue.db.conn().await?;
            idempotency::keep_refusal(&mut conn, key, error).await
        };
        if let Err(error) = kept.await {
            // Then the same call is judged anew.
            tracing::warn!(causes = error.causes(), "a refusal was not written down");
        }
    }
}
