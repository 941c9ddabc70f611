//! Taking messages: the message and its task in one statement, for many senders at once.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Bytea, Jsonb, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use crate::db::idempotency::{self, Keyed, Reply};
use crate::db::owned::{own, owned_sql};
use crate::db::schema::{chat_messages, chat_sessions, sql_types, tasks};
use crate::db::statement::statement;
use crate::db::tasks::{TaskSql, task_columns};
use crate::db::together::{Patience, Together};
use crate::db::{Conn, Db, users};
use crate::error::{Code, Error, Result};
use crate::model::chat::AgentRole;
use crate::model::tasks::Task;
use crate::model::users::UserStatus;
use crate::model::{MediaId, MessageId, SessionId, TaskId, UserId};

/// A message to be taken.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who says it.
    pub user_id: UserId,
    /// The conversation; `begins` tells whether it is made now.
    pub session_id: SessionId,
    /// Whether the conversation is new.
    pub begins: bool,
    /// Who the agent plays in a new conversation.
    pub role: AgentRole,
    /// What is said.
    pub text: String,
    /// The client's own id of it.
    pub client_message_id: Option<String>,
    /// The button that is pressed.
    pub action: Option<Value>,
    /// What it is about.
    pub context: Option<Value>,
    /// Photos of the sender's, which was looked at before, in order.
    pub media: Vec<MediaId>,
    /// The message's id.
    pub message_id: MessageId,
    /// The id of the task that answers it.
    pub task_id: TaskId,
    /// Joins the logs.
    pub trace_id: String,
    /// The span in which it is taken, if traces are kept.
    pub parent_span: Option<String>,
    /// The call's key with its answer, if it is to be taken once.
    pub keyed: Option<Keyed>,
}

/// What became of a message.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It was taken; this task answers it.
    Taken(Task),
    /// The same message, by the client's own id of it, was taken before.
    SaidBefore(Task),
    /// A call of the same key was answered before.
    AnsweredBefore(Reply),
}

statement! {
    /// Locks senders and conversations in order of id, numbers the messages in order of arrival, and writes message and
    /// task. A sender whose account is closed and a conversation of somebody else yield nothing; nor does a client's id
    /// or a call's key that is there already. Keys wait for each other in order.
    ///
    /// Nothing is waited for longer than `patience`: the limit lasts as long as the statement.
    Submit {
        users: Vec<UserId> => Array<Uuid>,
        sessions: Vec<SessionId> => Array<Uuid>,
        begins: Vec<bool> => Array<Bool>,
        roles: Vec<AgentRole> => Array<sql_types::AgentRole>,
        texts: Vec<String> => Array<Text>,
        client_ids: Vec<Option<String>> => Array<Nullable<Text>>,
        actions: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
        contexts: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
        media: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
        messages: Vec<MessageId> => Array<Uuid>,
        tasks: Vec<TaskId> => Array<Uuid>,
        traces: Vec<String> => Array<Text>,
        parent_spans: Vec<Option<String>> => Array<Nullable<Text>>,
        routes: Vec<Option<String>> => Array<Nullable<Text>>,
        keys: Vec<Option<String>> => Array<Nullable<Text>>,
        sent: Vec<Option<Vec<u8>>> => Array<Nullable<Bytea>>,
        answers: Vec<Option<String>> => Array<Nullable<Text>>,
        patience: Option<&'static str> => Nullable<Text>,
    } -> TaskSql = concat!(
    "WITH sent AS MATERIALIZED (
       SELECT g.* FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
         AS g (user_id, session_id, begins, role, text, client_id, action, context, media, message_id, task_id, trace_id,
               parent_span, route, key, sent, answer, n), set_config('lock_timeout', coalesce(?, current_setting('lock_timeout')), true)
     ), senders AS MATERIALIZED (
       SELECT u.id FROM users u WHERE u.id IN (SELECT user_id FROM sent) AND u.status = 'active'
       ORDER BY u.id FOR SHARE
     ), given AS MATERIALIZED (
       SELECT sent.* FROM sent JOIN senders ON senders.id = sent.user_id
     ), first AS MATERIALIZED (
       SELECT DISTINCT ON (user_id, route, key) * FROM given g WHERE key IS NOT NULL
         AND (begins OR EXISTS (SELECT FROM chat_sessions s WHERE s.id = g.session_id AND ",
            owned_sql!("chat.submit.key", "s.user_id = g.user_id"), "))
         AND (client_id IS NULL OR NOT EXISTS (
           SELECT FROM chat_messages m WHERE m.session_id = g.session_id AND m.client_message_id = g.client_id))
       ORDER BY user_id, route, key, n
     ), keyed AS (
       INSERT INTO idempotency_keys (user_id, route, key, sent, answer)
       SELECT user_id, route, key, sent, answer::json FROM first ORDER BY user_id, route, key
       ON CONFLICT (user_id, route, key) DO UPDATE
         SET sent = excluded.sent, answer = excluded.answer, created_at = now()
         WHERE idempotency_keys.created_at < now() - interval '24 hours'
       RETURNING user_id, route, key
     ), fresh AS MATERIALIZED (
       SELECT * FROM given WHERE key IS NULL UNION ALL SELECT first.* FROM first JOIN keyed USING (user_id, route, key)
     ), begun AS (
       INSERT INTO chat_sessions (id, user_id, role, last_seq, title)
       SELECT session_id, user_id, role, 1, nullif(left(text, 80), '') FROM fresh WHERE begins
       RETURNING id, user_id, 0::bigint AS base
     ), held AS MATERIALIZED (
       SELECT s.id, s.user_id FROM chat_sessions s
       WHERE EXISTS (SELECT FROM fresh g WHERE g.session_id = s.id AND NOT g.begins AND ",
             owned_sql!("chat.submit", "g.user_id = s.user_id"), ")
       ORDER BY s.id FOR NO KEY UPDATE
     ), continued AS (
       UPDATE chat_sessions s SET last_seq = s.last_seq + c.n, updated_at = now()
       FROM (SELECT h.id, count(*) AS n FROM fresh g JOIN held h ON h.id = g.session_id AND ",
             owned_sql!("chat.submit", "h.user_id = g.user_id"), "
             WHERE NOT g.begins GROUP BY h.id) c
       WHERE s.id = c.id RETURNING s.id, s.user_id, s.last_seq - c.n AS base
     ), placed AS (
       SELECT g.*, o.base + row_number() OVER (PARTITION BY g.session_id ORDER BY g.n) AS seq
       FROM fresh g JOIN (SELECT * FROM begun UNION ALL SELECT * FROM continued) o ON o.id = g.session_id
         AND ", owned_sql!("chat.submit", "o.user_id = g.user_id"), "
     ), said AS (
       INSERT INTO chat_messages (id, session_id, seq, turn, author, text, client_message_id, task_id, action, context)
       SELECT message_id, session_id, seq, seq, 'user', text, client_id, task_id, action, context FROM placed
       ON CONFLICT (session_id, client_message_id) WHERE client_message_id IS NOT NULL DO NOTHING
       RETURNING id, seq
     ), shown AS (
       INSERT INTO chat_media (message_id, media_id, position)
       SELECT p.message_id, m.id, x.n FROM placed p JOIN said ON said.id = p.message_id
       CROSS JOIN LATERAL jsonb_array_elements_text(p.media) WITH ORDINALITY AS x (id, n)
       JOIN media m ON m.id = x.id::uuid AND m.ready_at IS NOT NULL AND m.user_id = p.user_id
     ), t AS (
       INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, trace_id, parent_span)
       SELECT p.task_id, 'chat', p.user_id, p.session_id, p.seq, p.message_id, p.trace_id, p.parent_span
       FROM placed p JOIN said ON said.id = p.message_id RETURNING *
     )
     SELECT ", task_columns!(), " FROM t")
}

/// Takes messages of many senders together.
pub struct Submissions {
    together: Together<Submission, Submitted>,
    db: Db,
}

impl Submissions {
    /// Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(db: Db) -> Self {
        let together = Together::start(db.clone(), |conn, given, patience| {
            Box::pin(async move { submit(conn, &given, patience).await })
        });
        Self { together, db }
    }

    /// Takes a message. Of a caller who stops waiting, one that has not been sent yet is dropped; one that has goes on.
    ///
    /// # Errors
    /// `not_yours` when the conversation is not its sender's; `account_closed`; `idempotency_in_flight`; `unavailable`
    /// when too many wait or the database is away.
    pub async fn submit(&self, submission: Submission) -> Result<Submitted> {
        let is_keyed = submission.keyed.is_some();
        match self.together.submit(submission).await {
            Err(error) if error.is_lock_timeout() && is_keyed => {
                Err(Error::new(Code::IdempotencyInFlight).because(error))
            }
            answer => answer,
        }
    }

    /// What became of the same message, or of a call with the same key, if either was taken before; nothing is taken now.
    ///
    /// # Errors
    /// The first answer if it was a refusal; `idempotency_mismatch`; when the database is away.
    pub async fn taken_before(&self, submission: &Submission) -> Result<Option<Submitted>> {
        if submission.keyed.is_none() && submission.client_message_id.is_none() {
            return Ok(None);
        }
        let mut conn = self.db.conn().await?;
        if let Some(keyed) = &submission.keyed
            && let Some(reply) = idempotency::find(&mut conn, &keyed.key).await?
        {
            return Ok(Some(Submitted::AnsweredBefore(reply)));
        }
        match said_before(&mut conn, submission).await {
            Ok(task) => Ok(Some(Submitted::SaidBefore(task))),
            Err(error) if error.code == Code::NotYours => Ok(None),
            Err(error) => Err(error),
        }
    }
}

async fn submit(
    conn: &mut Conn,
    given: &[Arc<Submission>],
    patience: Patience,
) -> Result<Vec<Option<Result<Submitted>>>> {
    let keyed = |field: fn(&Keyed) -> String| given.iter().map(|g| g.keyed.as_ref().map(field)).collect();
    let statement = Submit {
        users: given.iter().map(|g| g.user_id).collect(),
        sessions: given.iter().map(|g| g.session_id).collect(),
        begins: given.iter().map(|g| g.begins).collect(),
        roles: given.iter().map(|g| g.role).collect(),
        texts: given.iter().map(|g| g.text.clone()).collect(),
        client_ids: given.iter().map(|g| g.client_message_id.clone()).collect(),
        actions: given.iter().map(|g| g.action.clone()).collect(),
        contexts: given.iter().map(|g| g.context.clone()).collect(),
        media: given.iter().map(|g| (!g.media.is_empty()).then(|| json!(g.media))).collect(),
        messages: given.iter().map(|g| g.message_id).collect(),
        tasks: given.iter().map(|g| g.task_id).collect(),
        traces: given.iter().map(|g| g.trace_id.clone()).collect(),
        parent_spans: given.iter().map(|g| g.parent_span.clone()).collect(),
        routes: keyed(|keyed| keyed.key.route.clone()),
        keys: keyed(|keyed| keyed.key.key.clone()),
        sent: given.iter().map(|g| g.keyed.as_ref().map(|keyed| keyed.key.sent.clone())).collect(),
        answers: given.iter().map(|g| g.keyed.as_ref().map(|keyed| keyed.answer.clone())).collect(),
        patience: patience.lock_timeout(),
    };
    let taken: Vec<Task> = statement.get_results(conn).await?;
    let mut taken: HashMap<TaskId, Task> = taken.into_iter().map(|t| (t.id, t)).collect();
    let mut answers = Vec::with_capacity(given.len());
    for one in given {
        answers.push(Some(match taken.remove(&one.task_id) {
            Some(task) => Ok(Submitted::Taken(task)),
            None => not_taken(conn, one).await,
        }));
    }
    Ok(answers)
}

/// Why a message was not taken: its sender's account is closed, its call or itself was before, or the conversation is
/// somebody else's.
async fn not_taken(conn: &mut Conn, one: &Submission) -> Result<Submitted> {
    if users::get(conn, one.user_id).await?.status != UserStatus::Active {
        return Err(Code::AccountClosed.into());
    }
    if let Some(keyed) = &one.keyed
        && let Some(reply) = idempotency::find(conn, &keyed.key).await?
        && serde_json::to_string(&reply)? != keyed.answer
    {
        return Ok(Submitted::AnsweredBefore(reply));
    }
    said_before(conn, one).await.map(Submitted::SaidBefore)
}

/// The task of a message with this client's id that was taken before.
async fn said_before(conn: &mut Conn, one: &Submission) -> Result<Task> {
    let Some(client_id) = &one.client_message_id else { return Err(Error::not_yours()) };
    let task = chat_messages::table
        .inner_join(chat_sessions::table.on(chat_sessions::id.eq(chat_messages::session_id)))
        .inner_join(tasks::table.on(tasks::id.nullable().eq(chat_messages::task_id)))
        .filter(chat_messages::session_id.eq(one.session_id))
        .filter(chat_messages::client_message_id.eq(client_id))
        .filter(own!("chat.said_before", chat_sessions::user_id, one.user_id))
        .select(Task::as_select())
        .get_result(conn)
        .await?;
    Ok(task)
}
