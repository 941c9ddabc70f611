//! Queries on conversations.

mod submit;

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
pub use submit::{Submission, Submissions, Submitted};

use super::Conn;
use super::owned::{own, owned};
use super::schema::{chat_media, chat_messages, chat_sessions, media, tasks};
use super::statement::statement;
use crate::auth::Scope;
use crate::error::Result;
use crate::model::chat::{AgentRole, Message, Session};
use crate::model::media::Media;
use crate::model::tasks::{Task, TaskStatus};
use crate::model::{MediaId, MessageId, SessionId, UserId};

/// A conversation of this owner.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: SessionId) -> Result<Session> {
    Ok(chat_sessions::table
        .filter(chat_sessions::id.eq(id).and(owned!("chat.find_for", chat_sessions::user_id, whose)))
        .select(Session::as_select())
        .get_result(conn)
        .await?)
}

/// The owner's conversations, the newest first, those older than `before`.
///
/// # Errors
/// When the database is away.
pub async fn list_for(
    conn: &mut Conn,
    owner: UserId,
    before: Option<SessionId>,
    limit: i64,
) -> Result<Vec<Session>> {
    let mut query = chat_sessions::table
        .filter(own!("chat.list_for", chat_sessions::user_id, owner))
        .select(Session::as_select())
        .order(chat_sessions::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(chat_sessions::id.lt(before));
    }
    Ok(query.load(conn).await?)
}

/// Which way a page of messages goes.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    /// Older ones than this number, the newest of them.
    Before(i64),
    /// Newer ones than this number, the oldest of them.
    After(i64),
}

/// A page of a conversation's messages in order, each with the status of the task that answers it.
///
/// # Errors
/// When the database is away.
pub async fn messages(
    conn: &mut Conn,
    session: SessionId,
    page: Page,
    limit: i64,
) -> Result<Vec<(Message, Option<TaskStatus>)>> {
    let query = chat_messages::table
        .left_join(tasks::table.on(chat_messages::task_id.eq(tasks::id.nullable())))
        .filter(chat_messages::session_id.eq(session))
        .select((Message::as_select(), tasks::status.nullable()))
        .limit(limit)
        .into_boxed();
    let mut messages: Vec<(Message, Option<TaskStatus>)> = match page {
        Page::Before(seq) => query.filter(chat_messages::seq.lt(seq)).order(chat_messages::seq.desc()),
        Page::After(seq) => query.filter(chat_messages::seq.gt(seq)).order(chat_messages::seq.asc()),
    }
    .load(conn)
    .await?;
    messages.sort_by_key(|(message, _)| message.seq);
    Ok(messages)
}

/// Messages of `ids` in conversations of this scope, in any order, each with the status of the task that answers it.
///
/// # Errors
/// When the database is away.
pub async fn messages_for(
    conn: &mut Conn,
    whose: Scope,
    ids: &[MessageId],
) -> Result<Vec<(Message, Option<TaskStatus>)>> {
    Ok(chat_messages::table
        .inner_join(chat_sessions::table.on(chat_sessions::id.eq(chat_messages::session_id)))
        .left_join(tasks::table.on(chat_messages::task_id.eq(tasks::id.nullable())))
        .filter(chat_messages::id.eq_any(ids))
        .filter(owned!("chat.messages_for", chat_sessions::user_id, whose))
        .select((Message::as_select(), tasks::status.nullable()))
        .load(conn)
        .await?)
}

/// The tasks of a conversation that have not ended, in order.
///
/// # Errors
/// When the database is away.
pub async fn active_tasks(conn: &mut Conn, session: SessionId) -> Result<Vec<Task>> {
    Ok(tasks::table
        .filter(tasks::session_id.eq(session).and(tasks::status.eq(TaskStatus::Processing)))
        .order(tasks::seq)
        .select(Task::as_select())
        .load(conn)
        .await?)
}

/// The most messages that are read of a conversation; older ones are summarised long before.
const MOST_HISTORY: i64 = 400;

/// What was said after a turn and up to a message, turn by turn, and the message last.
///
/// # Errors
/// `not_yours` when there is no such message.
pub async fn history(conn: &mut Conn, message: MessageId, after: i64) -> Result<Vec<Message>> {
    let (session, turn): (SessionId, i64) = chat_messages::table
        .find(message)
        .select((chat_messages::session_id, chat_messages::turn))
        .get_result(conn)
        .await?;
    let mut history: Vec<Message> = chat_messages::table
        .filter(chat_messages::session_id.eq(session).and(chat_messages::turn.le(turn)))
        // A repeated turn's earlier answer is not part of what leads to it.
        .filter(
            chat_messages::turn.lt(turn).and(chat_messages::turn.gt(after)).or(chat_messages::id.eq(message)),
        )
        .order((chat_messages::turn.desc(), chat_messages::seq.desc()))
        .limit(MOST_HISTORY)
        .select(Message::as_select())
        .load(conn)
        .await?;
    history.reverse();
    Ok(history)
}

/// Writes what is known of the person and what the conversation is about.
///
/// # Errors
/// When the database is away.
pub async fn set_known(
    conn: &mut Conn,
    session: SessionId,
    known: &Value,
    title: Option<&str>,
) -> Result<()> {
    diesel::update(chat_sessions::table.find(session))
        .set((chat_sessions::known.eq(known), title.map(|t| chat_sessions::title.eq(t.to_owned()))))
        .execute(conn)
        .await?;
    Ok(())
}

/// The photos of messages, each in order.
///
/// # Errors
/// When the database is away.
pub async fn photos_of(conn: &mut Conn, messages: &[MessageId]) -> Result<HashMap<MessageId, Vec<Media>>> {
    let rows: Vec<(MessageId, Media)> = chat_media::table
        .inner_join(media::table.on(media::id.eq(chat_media::media_id)))
        .filter(chat_media::message_id.eq_any(messages))
        .order((chat_media::message_id, chat_media::position))
        .select((chat_media::message_id, Media::as_select()))
        .load(conn)
        .await?;
    let mut photos: HashMap<_, Vec<_>> = HashMap::new();
    for (message, photo) in rows {
        photos.entry(message).or_default().push(photo);
    }
    Ok(photos)
}

/// How many messages back photos may belong to what is needed now.
const PHOTO_MESSAGES: i64 = 40;

statement! {
    /// But for those from before the last need was settled or given up, and of what is about a booking or an offer. What people say
    /// has the number of its turn.
    PhotosOfNeed { session: SessionId => Uuid, from: i64 => BigInt, turn: i64 => BigInt, most: i64 => BigInt } -> Uuid =
    "SELECT c.media_id FROM chat_messages m JOIN chat_media c ON c.message_id = m.id
     WHERE m.session_id = ? AND m.seq BETWEEN ? AND ? AND m.context->>'booking_id' IS NULL
       AND m.context->>'offer_id' IS NULL AND m.created_at > coalesce(
       (SELECT max(d.updated_at) FROM drafts d
        WHERE d.session_id = m.session_id AND d.kind = 'request' AND d.status <> 'open'), '-infinity')
     ORDER BY m.seq DESC, c.position LIMIT ?"
}

/// Photos that came with what is needed now, in this turn or shortly before, the newest turn first.
///
/// # Errors
/// When the database is away.
pub async fn photos_of_need(
    conn: &mut Conn,
    session: SessionId,
    turn: i64,
    most: i64,
) -> Result<Vec<MediaId>> {
    Ok(PhotosOfNeed { session, from: turn - PHOTO_MESSAGES, turn, most }.get_results(conn).await?)
}

/// Writes what was said up to a turn in a few sentences.
///
/// # Errors
/// When the database is away.
pub async fn set_summary(conn: &mut Conn, session: SessionId, summary: &str, up_to: i64) -> Result<()> {
    diesel::update(chat_sessions::table.find(session).filter(chat_sessions::summary_seq.lt(up_to)))
        .set((chat_sessions::summary.eq(summary), chat_sessions::summary_seq.eq(up_to)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives the agent of a conversation another role, since its owner has grown into one; it is to be acknowledged.
///
/// # Errors
/// When the database is away.
pub async fn become_role(conn: &mut Conn, session: SessionId, role: AgentRole) -> Result<Session> {
    Ok(diesel::update(chat_sessions::table.find(session))
        .set((chat_sessions::role.eq(role), chat_sessions::became.eq(role)))
        .returning(Session::as_select())
        .get_result(conn)
        .await?)
}

/// Notes that a change of role was acknowledged.
///
/// # Errors
/// When the database is away.
pub async fn acknowledged(conn: &mut Conn, session: SessionId) -> Result<()> {
    diesel::update(chat_sessions::table.find(session).filter(chat_sessions::became.is_not_null()))
        .set(chat_sessions::became.eq(None::<AgentRole>))
        .execute(conn)
        .await?;
    Ok(())
}

/// All that was said in conversations, in order.
///
/// # Errors
/// When the database is away.
pub async fn all_messages(conn: &mut Conn, sessions: &[SessionId]) -> Result<Vec<Message>> {
    Ok(chat_messages::table
        .filter(chat_messages::session_id.eq_any(sessions))
        .order((chat_messages::session_id, chat_messages::seq))
        .select(Message::as_select())
        .load(conn)
        .await?)
}

/// Deletes a conversation in this scope with everything in it; answers it and its tasks, as they were.
///
/// # Errors
/// `not_yours`.
pub async fn delete_for(conn: &mut Conn, whose: Scope, id: SessionId) -> Result<(Session, Vec<Task>)> {
    let session = find_for(conn, whose, id).await?;
    // Tasks first, then the conversation: the order in which a worker ends a task.
    super::tasks::lock_of_session(conn, id).await?;
    chat_sessions::table
        .find(id)
        .select(chat_sessions::id)
        .for_update()
        .get_result::<SessionId>(conn)
        .await?;
    let tasks = super::tasks::delete_of_session(conn, id).await?;
    super::drafts::delete_of_session(conn, id).await?;
    diesel::delete(chat_messages::table.filter(chat_messages::session_id.eq(id))).execute(conn).await?;
    diesel::delete(chat_sessions::table.find(id)).execute(conn).await?;
    Ok((session, tasks))
}
