//! Conversations: say something, read what was said, delete it.

use std::collections::HashMap;

use chrono::Utc;
use diesel_async::AsyncConnection;

use super::providers::no_provider;
use super::shown::Shown;
use super::{Domain, Once, audit};
use crate::auth::{Actor, Scope};
use crate::db::chat::{Page, Submission, Submitted};
use crate::db::idempotency::{Keyed, Reply};
use crate::db::{self, Conn};
use crate::error::{Code, Error, Problem, Result};
use crate::llm::Forget;
use crate::model::chat::{Action, AgentRole, Context, Message, Pressed, Session};
use crate::model::drafts::DraftView;
use crate::model::media::{Media, MediaKind};
use crate::model::tasks::{Task, TaskStatus};
use crate::model::users::Role;
use crate::model::{MediaId, MessageId, SessionId, TaskId, UserId};
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
    /// The button that is pressed; of a conversation that is named.
    pub action: Option<Pressed>,
    /// What it is about.
    pub context: Option<Context>,
    /// Photos of the caller's, each once.
    pub media: Vec<MediaId>,
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
    /// The photos that came with them, in order.
    pub photos: HashMap<MessageId, Vec<Media>>,
    /// What they show beside their text.
    pub shown: Shown,
    /// Tasks that have not ended.
    pub active: Vec<Task>,
    /// The draft that waits.
    pub draft: Option<DraftView>,
}

impl Domain {
    /// Takes a message; its task answers it.
    ///
    /// # Errors
    /// `wrong_role` or `account_required` when the caller may not have that conversation; `not_yours`, also for photos and
    /// for what it is about, `not_found` for a provider; `invalid` for films; `draft_changed` for a button of a draft that
    /// is not open or not as it was; `account_closed`.
    pub async fn say(&self, actor: &Actor, say: Say, once: &Once<'_, Taken>) -> Result<Reply> {
        let role = agent_role(actor.role(), say.role)?;
        if role == AgentRole::Enrollment {
            self.require_no_profile(actor).await?;
        }
        let judged = self.judged(actor, &say).await;
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
            action: judged.as_ref().ok().copied().flatten().map(serde_json::to_value).transpose()?,
            context: say.context.map(serde_json::to_value).transpose()?,
            media: say.media,
            message_id: MessageId::new(),
            task_id,
            trace_id: say.trace_id,
            parent_span: trace::here(),
            keyed,
        };
        let submitted = match judged {
            Ok(_) => self.shared.submissions.submit(submission).await?,
            // The same once more is answered the same, whatever has become of what it is about.
            Err(refusal) => self.shared.submissions.taken_before(&submission).await?.ok_or(refusal)?,
        };
        Ok(match submitted {
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

    /// Whether what comes with the words may come: photos, what they are about, a button; which one that is. Words alone
    /// cost no query.
    async fn judged(&self, actor: &Actor, say: &Say) -> Result<Option<Action>> {
        let enrolls_in = say.session_id.filter(|_| say.role == Some(AgentRole::Enrollment));
        if say.media.is_empty() && say.context.is_none() && say.action.is_none() && enrolls_in.is_none() {
            return Ok(None);
        }
        let mut conn = self.queue.db.conn().await?;
        if let Some(session) = enrolls_in {
            require_enrolling(&mut conn, actor, session).await?;
        }
        require_photos(&mut conn, actor.user_id(), &say.media).await?;
        if let Some(context) = say.context {
            require_seen(&mut conn, actor.scope(), context).await?;
        }
        match say.session_id.zip(say.action) {
            Some((session, pressed)) => meant(&mut conn, actor, session, pressed).await.map(Some),
            None => Ok(None),
        }
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
    pub async fn may_begin(&self, say: &Say) -> Result<()> {
        // A new guest owns no conversation, no photo, nothing that a message could be about.
        let owns = say.session_id.is_some() || !say.media.is_empty();
        match say.context {
            _ if owns => return Err(Error::not_yours()),
            Some(Context::RequestId(_) | Context::OfferId(_) | Context::BookingId(_)) => {
                return Err(Error::not_yours());
            }
            Some(provider @ Context::ProviderId(_)) => {
                let mut conn = self.queue.db.conn().await?;
                require_seen(&mut conn, UserId::new().into(), provider).await?;
            }
            None => {}
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
        let draft = super::drafts::open_view(&mut conn, id, Utc::now()).await?;
        let ids: Vec<MessageId> = messages.iter().map(|(message, _)| message.id).collect();
        let photos = db::chat::photos_of(&mut conn, &ids).await?;
        drop(conn);
        let data = messages.iter().filter_map(|(message, _)| message.data.as_ref());
        let shown = self.shown(actor, data).await?;
        Ok(Transcript { session, messages, photos, shown, active, draft })
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

/// Whether one enrolls in this conversation: what it is about is settled when it begins.
async fn require_enrolling(conn: &mut Conn, actor: &Actor, id: SessionId) -> Result<()> {
    match db::chat::find_for(conn, actor.scope(), id).await?.role {
        AgentRole::Enrollment => Ok(()),
        _ => Err(Error::new(Code::WrongRole).detail(
            "This conversation is about something else: leave `session_id` out to enroll in a new one.",
        )),
    }
}

/// Whether photos are the caller's own, and no films.
async fn require_photos(conn: &mut Conn, owner: UserId, ids: &[MediaId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let own = db::media::find_own(conn, owner, ids).await?;
    let films = own.iter().enumerate().filter(|(_, media)| media.kind != MediaKind::Image);
    let film =
        |(at, _)| Problem::new(format!("/body/media/{at}"), "Must be a photo: films cannot be sent here.");
    let problems: Vec<Problem> = films.map(film).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::invalid(problems)) }
}

/// Whether a reader in this scope sees what a message is about.
async fn require_seen(conn: &mut Conn, scope: Scope, context: Context) -> Result<()> {
    match context {
        Context::RequestId(id) => {
            let is_seen = db::offers::may_ask_about(conn, scope, id).await?;
            if is_seen { Ok(()) } else { Err(Error::not_yours()) }
        }
        Context::OfferId(id) => db::offers::find_for(conn, scope, id).await.map(drop),
        Context::BookingId(id) => db::bookings::find_for(conn, scope, id).await.map(drop),
        Context::ProviderId(id) => {
            db::providers::card(conn, scope, id).await?.ok_or_else(no_provider).map(drop)
        }
    }
}

/// What a button means: it must be of the draft that is open in the caller's conversation, as it is.
async fn meant(conn: &mut Conn, actor: &Actor, session: SessionId, pressed: Pressed) -> Result<Action> {
    // Also of an admin: they speak in their own conversations only.
    let session = db::chat::find_for(conn, actor.user_id().into(), session).await?;
    let open = super::drafts::open_view(conn, session.id, Utc::now()).await?;
    let action = open.as_ref().and_then(|draft| match pressed {
        Pressed::Button(action) => {
            Some(action).filter(|button| button.draft_id == draft.id && button.draft_version == draft.version)
        }
        Pressed::Word(word) => word.of().is_none_or(|kind| kind == draft.kind).then(|| Action {
            kind: word.kind(),
            draft_id: draft.id,
            draft_version: draft.version,
        }),
    });
    action.ok_or_else(|| Error::draft_changed(open.as_ref()))
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
