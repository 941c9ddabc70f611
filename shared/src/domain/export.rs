//! All that is kept about somebody, for themselves.

use super::Domain;
use crate::auth::SignedIn;
use crate::db;
use crate::db::drafts::DraftStatus;
use crate::error::Result;
use crate::model::chat::{Message, Session};
use crate::model::drafts::Draft;
use crate::model::requests::Request;
use crate::model::users::User;
use crate::model::{SessionId, UserId};

/// What is kept about a user.
pub struct Export {
    /// Their row.
    pub user: User,
    /// Of the account here.
    pub email: Option<String>,
    /// Conversations.
    pub sessions: Vec<Session>,
    /// All that was said in them.
    pub messages: Vec<Message>,
    /// What the agent prepared in them, and how it ended.
    pub drafts: Vec<(Draft, DraftStatus)>,
    /// What they needed.
    pub requests: Vec<Request>,
}

impl Domain {
    /// Everything about the caller, in a fixed number of queries.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn export(&self, caller: &SignedIn) -> Result<Export> {
        self.export_user(caller.user_id()).await
    }

    /// The same about anybody, in an operator's name: by the e-mail of a local account, or by id.
    ///
    /// # Errors
    /// `not_yours` when there is none.
    pub async fn export_of(&self, email_or_id: &str) -> Result<Export> {
        let id = self.find_user(email_or_id).await?;
        self.export_user(id).await
    }

    async fn export_user(&self, id: UserId) -> Result<Export> {
        let mut conn = self.queue.db.conn().await?;
        let user = db::users::get(&mut conn, id).await?;
        let email = db::accounts::find(&mut conn, id).await?.map(|account| account.email);
        let sessions = db::chat::list_for(&mut conn, user.id, None, i64::MAX).await?;
        let ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
        let messages = db::chat::all_messages(&mut conn, &ids).await?;
        let drafts = db::drafts::all(&mut conn, &ids).await?;
        let requests = db::requests::list_for(&mut conn, user.id).await?;
        Ok(Export { user, email, sessions, messages, drafts, requests })
    }
}
