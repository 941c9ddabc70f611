//! Taking messages: the message and its task in one statement, for many senders at once.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Bytea, Jsonb, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::db::Conn;
use crate::db::idempotency::{self, Keyed, Reply};
use crate::db::owned::{own, owned_sql};
use crate::db::schema::{chat_messages, chat_sessions, sql_types, tasks};
use crate::db::statement::statement;
use crate::db::tasks::{TaskSql, task_columns};
use crate::error::{Error, Result};
use crate::model::chat::AgentRole;
use crate::model::tasks::Task;
use crate::model::{MessageId, SessionId, TaskId, UserId};

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
    /// Locks the conversations in order of id, numbers the messages in order of arrival, and writes message and
    /// task. A conversation of somebody else yields nothing; nor does a client's id or a call's key that is there
    /// already. Keys wait for each other in order.
    Submit {
        users: Vec<UserId> => Array<Uuid>,
        sessions: Vec<SessionId> => Array<Uuid>,
        begins: Vec<bool> => Array<Bool>,
        roles: Vec<AgentRole> => Array<sql_types::AgentRole>,
        texts: Vec<String> => Array<Text>,
        client_ids: Vec<Option<String>> => Array<Nullable<Text>>,
        messages: Vec<MessageId> => Array<Uuid>,
        tasks: Vec<TaskId> => Array<Uuid>,
        traces: Vec<String> => Array<Text>,
        parent_spans: Vec<Option<String>> => Array<Nullable<Text>>,
        routes: Vec<Option<String>> => Array<Nullable<Text>>,
        keys: Vec<Option<String>> => Array<Nullable<Text>>,
        sent: Vec<Option<Vec<u8>>> => Array<Nullable<Bytea>>,
        answers: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
    } -> TaskSql = concat!(
    "WITH given AS MATERIALIZED (
       SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
         AS g (user_id, session_id, begins, role, text, client_id, message_id, task_id, trace_id, parent_span,
               route, key, sent, answer, n)
     ), keyed AS (
       INSERT INTO idempotency_keys (user_id, route, key, sent, answer)
       SELECT user_id, route, key, sent, answer FROM given g WHERE key IS NOT NULL
         AND (begins OR EXISTS (SELECT FROM chat_sessions s WHERE s.id = g.session_id AND s.user_id = g.user_id))
         AND (client_id IS NULL OR NOT EXISTS (
           SELECT FROM chat_messages m WHERE m.session_id = g.session_id AND m.client_message_id = g.client_id))
       ORDER BY user_id, route, key
       ON CONFLICT (user_id, route, key) DO UPDATE
         SET sent = excluded.sent, answer = excluded.answer, created_at = now()
         WHERE idempotency_keys.created_at < now() - interval '24 hours'
       RETURNING answer->'body'->>'task_id' AS task_id
     ), fresh AS MATERIALIZED (
       SELECT * FROM given WHERE key IS NULL OR task_id IN (SELECT task_id::uuid FROM keyed)
     ), begun AS (
       INSERT INTO chat_sessions (id, user_id, role, last_seq, title)
       SELECT session_id, user_id, role, 1, left(text, 80) FROM fresh WHERE begins
       RETURNING id, user_id, 0::bigint AS base
     ), held AS MATERIALIZED (
       SELECT s.id, s.user_id FROM chat_sessions s
       WHERE s.id IN (SELECT session_id FROM fresh WHERE NOT begins)
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
       INSERT INTO chat_messages (id, session_id, seq, turn, author, text, client_message_id, task_id)
       SELECT message_id, session_id, seq, seq, 'user', text, client_id, task_id FROM placed
       ON CONFLICT (session_id, client_message_id) WHERE client_message_id IS NOT NULL DO NOTHING
       RETURNING id, seq
     ), t AS (
       INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, trace_id, parent_span)
       SELECT p.task_id, 'chat', p.user_id, p.session_id, p.seq, p.message_id, p.trace_id, p.parent_span
       FROM placed p JOIN said ON said.id = p.message_id RETURNING *
     )
     SELECT ", task_columns!(), " FROM t")
}

/// Takes messages; answers each in order.
///
/// # Errors
/// When the database is away. For one message: `not_yours` when the conversation is not its sender's.
pub async fn submit(conn: &mut Conn, given: Vec<Submission>) -> Result<Vec<Result<Submitted>>> {
    let keyed = |field: fn(&Keyed) -> String| given.iter().map(|g| g.keyed.as_ref().map(field)).collect();
    let statement = Submit {
        users: given.iter().map(|g| g.user_id).collect(),
        sessions: given.iter().map(|g| g.session_id).collect(),
        begins: given.iter().map(|g| g.begins).collect(),
        roles: given.iter().map(|g| g.role).collect(),
        texts: given.iter().map(|g| g.text.clone()).collect(),
        client_ids: given.iter().map(|g| g.client_message_id.clone()).collect(),
        messages: given.iter().map(|g| g.message_id).collect(),
        tasks: given.iter().map(|g| g.task_id).collect(),
        traces: given.iter().map(|g| g.trace_id.clone()).collect(),
        parent_spans: given.iter().map(|g| g.parent_span.clone()).collect(),
        routes: keyed(|keyed| keyed.key.route.clone()),
        keys: keyed(|keyed| keyed.key.key.clone()),
        sent: given.iter().map(|g| g.keyed.as_ref().map(|keyed| keyed.key.sent.clone())).collect(),
        answers: given.iter().map(|g| g.keyed.as_ref().map(|keyed| keyed.answer.clone())).collect(),
    };
    let taken: Vec<Task> = statement.get_results(conn).await?;
    let mut taken: HashMap<TaskId, Task> = taken.into_iter().map(|t| (t.id, t)).collect();
    let mut answers = Vec::with_capacity(given.len());
    for one in given {
        answers.push(match taken.remove(&one.task_id) {
            Some(task) => Ok(Submitted::Taken(task)),
            None => not_taken(conn, &one).await,
        });
    }
    Ok(answers)
}

/// Why a message was not taken: its call or itself was before, or the conversation is somebody else's.
async fn not_taken(conn: &mut Conn, one: &Submission) -> Result<Submitted> {
    if let Some(keyed) = &one.keyed
        && let Some(reply) = idempotency::find(conn, &keyed.key).await?
        && serde_json::to_value(&reply)? != keyed.answer
    {
        return Ok(Submitted::AnsweredBefore(reply));
    }
    let before = said_before(conn, one).await;
    if let Some(keyed) = &one.keyed {
        // The same words, said at the same time under another key, were first.
        idempotency::forget(conn, &keyed.key).await?;
    }
    before.map(Submitted::SaidBefore)
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
