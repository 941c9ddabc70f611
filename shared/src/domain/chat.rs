//! Conversations: say something, read what was said, delete it.

use diesel_async::AsyncConnection;

use super::{Domain, Once, audit};
use crate::agent::DraftView;
use crate::auth::Actor;
use crate::db;
use crate::db::chat::{Page, Submission, Submitted};
use crate::db::idempotency::{Keyed, Reply};
use crate::error::{Code, Error, Result};
use crate::llm::Forget;
use crate::model::chat::{AgentRole, Message, Session};
use crate::model::tasks::{Task, TaskStatus};
use crate::model::users::Role;
use crate::model::{MessageId, SessionId, TaskId};
use crate::telemetry::trace;

/// Something said.
#[derive(Clone, Debug)]
pub struct Say {
    /// What.
    pub message: String,
    /// In which conversation; in a new one if none is named.
    pub session_id: Option<SessionId>,
    /// Whom the agent shall play in a new one; by the caller's own role if absent.
    pub role: Option<AgentRole>,
    /// The client's own id of it: said twice, it is the same message.
    pub client_message_id: Option<String>,
    /// Joins the logs.
    pub trace_id: String,
}

/// A message that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// The task that answers it.
    pub task_id: TaskId,
    /// The conversation.
    pub session_id: SessionId,
    /// How the task stands.
    pub status: TaskStatus,
}

/// A conversation with a page of what was said.
pub struct Transcript {
    /// The conversation.
    pub session: Session,
    /// In order, each with the status of the task that answers it.
    pub messages: Vec<(Message, Option<TaskStatus>)>,
    /// Tasks that have not ended.
    pub active: Vec<Task>,
    /// The draft that waits.
    pub draft: Option<DraftView>,
}

impl Domain {
    /// Takes a message; its task answers it.
    ///
    /// # Errors
    /// `wrong_role` or `account_required` when the caller may not have that conversation; `not_yours`; `account_closed`.
    pub async fn say(&self, actor: &Actor, say: Say, once: &Once<'_, Taken>) -> Result<Reply> {
        let role = agent_role(actor.role(), say.role)?;
        if role == AgentRole::Enrollment {
            self.require_no_profile(actor).await?;
        }
        let task_id = TaskId::new();
        let session_id = say.session_id.unwrap_or_else(SessionId::new);
        let reply = once.render(&Taken { task_id, session_id, status: TaskStatus::Processing });
        let keyed = match once.key() {
            Some(key) => Some(Keyed { key: key.clone(), answer: serde_json::to_string(&reply)? }),
            None => None,
        };
        let submission = Submission {
            user_id: actor.user_id(),
            session_id,
            begins: say.session_id.is_none(),
            role,
            text: say.message,
            client_message_id: say.client_message_id,
            message_id: MessageId::new(),
            task_id,
            trace_id: say.trace_id,
            parent_span: trace::here(),
            keyed,
        };
        Ok(match self.submissions.submit(submission).await? {
            Submitted::Taken(task) => {
                self.queue.announce_new(&task);
                reply
            }
            Submitted::SaidBefore(task) => {
                let reply = once.render(&Taken { task_id: task.id, session_id, status: task.status });
                if let Some(key) = once.key() {
                    let mut conn = self.queue.db.conn().await?;
                    db::idempotency::keep_instead(&mut conn, key, &reply).await?;
                }
                reply
            }
            Submitted::AnsweredBefore(reply) => reply,
        })
    }

    /// Who has a provider's profile has enrolled already.
    async fn require_no_profile(&self, actor: &Actor) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        if db::providers::is_one(&mut conn, actor.user_id()).await? {
            let detail = "You are a provider already: leave `role` out to speak as one.";
            return Err(Error::new(Code::WrongRole).detail(detail));
        }
        Ok(())
    }

    /// Whether somebody who is not yet a guest may say this: nobody is made a guest for nothing.
    ///
    /// # Errors
    /// As [`Self::say`].
    pub fn may_begin(say: &Say) -> Result<()> {
        // A new guest owns no conversation.
        if say.session_id.is_some() {
            return Err(Error::not_yours());
        }
        agent_role(Role::Guest, say.role).map(drop)
    }

    /// The caller's conversations, the newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sessions(
        &self,
        actor: &Actor,
        before: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Session>> {
        let mut conn = self.queue.db.conn().await?;
        db::chat::list_for(&mut conn, actor.user_id(), before, limit).await
    }

    /// A conversation of the caller, with a page of its messages.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn transcript(
        &self,
        actor: &Actor,
        id: SessionId,
        page: Page,
        limit: i64,
    ) -> Result<Transcript> {
        let mut conn = self.queue.db.conn().await?;
        let session = db::chat::find_for(&mut conn, actor.scope(), id).await?;
        let messages = db::chat::messages(&mut conn, id, page, limit).await?;
        let active = db::chat::active_tasks(&mut conn, id).await?;
        let draft = super::drafts::open_view(&mut conn, id).await?;
        Ok(Transcript { session, messages, active, draft })
    }

    /// Deletes a conversation of the caller with all that was said, and drops what runs in it.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn delete_session(&self, actor: &Actor, id: SessionId) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        let deleted = conn
            .transaction(async |conn| {
                let (session, tasks) = db::chat::delete_for(conn, actor.scope(), id).await?;
                audit::record_unless_own(conn, actor, "session.delete", id.0, session.user_id).await?;
                Ok::<_, Error>(tasks)
            })
            .await?;
        self.queue.announce_deleted(&deleted);
        self.forget_if_possible(Forget::Session(id)).await;
        Ok(())
    }
}

/// Whom the agent plays for this caller.
fn agent_role(role: Role, asked: Option<AgentRole>) -> Result<AgentRole> {
    match (role, asked) {
        (Role::Guest, None | Some(AgentRole::Guest | AgentRole::Consumer)) => Ok(AgentRole::Guest),
        (Role::Guest, Some(_)) => Err(Error::new(Code::AccountRequired)),
        (_, Some(AgentRole::Enrollment)) => Ok(AgentRole::Enrollment),
        (Role::Provider, None | Some(AgentRole::Provider)) => Ok(AgentRole::Provider),
        (Role::Consumer | Role::Admin, None | Some(AgentRole::Consumer)) => Ok(AgentRole::Consumer),
        (_, Some(_)) => Err(Error::new(Code::WrongRole)
            .detail("Your role has no conversation of that kind. Leave `role` out to have your own.")),
    }
}
