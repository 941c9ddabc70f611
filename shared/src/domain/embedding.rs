//! What a provider says of itself, as a vector: tasks that keep it fresh.

use diesel_async::AsyncConnection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::providers::ask_for_embedding;
use crate::db::matching::Vector;
use crate::db::tasks::Claimed;
use crate::db::{self, Conn, Db};
use crate::error::{Error, Result};
use crate::llm::{Gateway, Whose};
use crate::model::tasks::Task;
use crate::model::{ProviderId, UserId};
use crate::queue::Queue;
use crate::telemetry::trace;

/// The longest text that is sent to the model, in characters.
const LONGEST: usize = 8_000;

/// Makes vectors of providers.
#[derive(Clone)]
pub struct Embedder {
    db: Db,
    gateway: Gateway,
}

impl Embedder {
    /// Makes them by the gateway's model, if it has one for that.
    #[must_use]
    pub fn new(db: Db, gateway: Gateway) -> Self {
        Self { db, gateway }
    }

    /// A provider has changed: requests that nobody fits yet are matched again, and its vector is made anew if its text is
    /// another.
    ///
    /// # Errors
    /// When the database or the model is away.
    pub async fn run(&self, task: &Claimed) -> Result<Value> {
        let embedded = self.embed(task).await?;
        Ok(json!({"kind": "embedding", "embedded": embedded}))
    }

    /// Asks for vectors of providers who have none by the model there is, up to `most`; answers how many. In a slow trickle:
    /// they must not stand in the way of what people wait for.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn ask_for_missing(&self, queue: &Queue, most: i64) -> Result<usize> {
        let Some(model) = self.gateway.embedding_model() else { return Ok(0) };
        let mut conn = self.db.conn().await?;
        let tasks: Vec<Task> = conn
            .transaction(async |conn| {
                let mut tasks = Vec::new();
                for user in db::matching::without_vector(conn, model, most).await? {
                    tasks.extend(ask_for_embedding(conn, user, &trace::new_id()).await?);
                }
                Ok::<_, Error>(tasks)
            })
            .await?;
        for task in &tasks {
            queue.announce_new(task);
        }
        Ok(tasks.len())
    }

    /// Answers whether there is a new vector.
    async fn embed(&self, task: &Claimed) -> Result<bool> {
        let mut conn = self.db.conn().await?;
        let Some((provider, text)) = text_of(&mut conn, task.user_id).await? else { return Ok(false) };
        db::matching::wake(&mut conn, &[provider]).await?;
        let Some(model) = self.gateway.embedding_model() else { return Ok(false) };
        let hash = Sha256::digest(text.as_bytes());
        let before = db::matching::embedded_text(&mut conn, provider, model).await?;
        if before.is_some_and(|before| before == hash.as_slice()) {
            return Ok(false);
        }
        // No connection is kept from others while the model thinks.
        drop(conn);
        let vector = self.gateway.embed(Whose::of(task), &text).await?;
        let vector = Vector { provider_id: provider, model, vector: &vector, text_hash: &hash };
        let mut conn = self.db.conn().await?;
        conn.transaction(async |conn| {
            // Meanwhile they may have said otherwise, for which there is another task, or have left: whoever changes
            // that waits, or has done so.
            db::providers::lock(conn, provider).await?;
            if text_of(conn, task.user_id).await? != Some((provider, text)) {
                return Ok(false);
            }
            db::matching::put_vector(conn, &vector).await?;
            Ok(true)
        })
        .await
    }
}

/// A user's provider, and as much of what it says as is sent to the model.
async fn text_of(conn: &mut Conn, user: UserId) -> Result<Option<(ProviderId, String)>> {
    let said = db::matching::text_of(conn, user).await?;
    Ok(said.map(|(provider, text)| (provider, text.chars().take(LONGEST).collect())))
}
