//! A worker's writes: claim, renew, hold, end, pause. Each refuses a claim that is no longer the newest.

use std::time::Duration;

use diesel::sql_types::{Array, Float8, Integer, Jsonb, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::{TaskSql, task_columns};
use crate::db::Conn;
use crate::db::schema::sql_types;
use crate::db::statement::statement;
use crate::error::{Code, Result};
use crate::model::tasks::{Task, TaskStage, TaskStatus};
use crate::model::{MessageId, TaskId};

/// A task in hand: the row as claimed; its `claim_no` is the fence.
pub type Claimed = Task;

statement! {
    /// Claims those of the given tasks that are due, in nobody's hand and the first of their conversation.
    Claim {
        ids: Vec<TaskId> => Array<Uuid>,
        max_claims: i32 => Integer,
        worker: String => Text,
        lease: f64 => Float8,
    } -> TaskSql = concat!(
    "WITH held AS MATERIALIZED (
       SELECT id FROM tasks WHERE id = ANY (?) AND status = 'processing' ORDER BY id FOR NO KEY UPDATE
     )
     UPDATE tasks t SET stage = 'running', attempts = attempts + 1, claim_no = claim_no + 1,
       version = version + 1, updated_at = now(), error_code = NULL, error_detail = NULL,
       lease_until = now() + a.lease, claimed_by = a.worker
     FROM held, (SELECT ? AS max_claims, ? AS worker, make_interval(secs => ?) AS lease) a
     WHERE t.id = held.id AND t.status = 'processing' AND t.run_at <= now()
       AND (t.stage <> 'running' OR t.attempts < a.max_claims)
       AND (t.lease_until IS NULL OR t.lease_until < now())
       AND NOT EXISTS (
         SELECT FROM tasks e WHERE e.session_id = t.session_id AND e.status = 'processing' AND e.seq < t.seq)
     RETURNING ", task_columns!())
}

/// Claims what can be claimed of `ids` for `lease`.
///
/// # Errors
/// When the database is away.
pub async fn claim(
    conn: &mut Conn,
    ids: Vec<TaskId>,
    worker: &str,
    lease: Duration,
    max_claims: i32,
) -> Result<Vec<Claimed>> {
    let claim = Claim { ids, max_claims, worker: worker.to_owned(), lease: lease.as_secs_f64() };
    Ok(claim.get_results(conn).await?)
}

statement! {
    /// Renews the leases of claims in hand; answers those that still hold.
    Renew {
        ids: Vec<TaskId> => Array<Uuid>,
        claims: Vec<i32> => Array<Integer>,
        lease: f64 => Float8,
    } -> Uuid =
    "WITH held AS MATERIALIZED (
       SELECT t.id FROM tasks t JOIN unnest(?, ?) AS g (id, claim_no) ON g.id = t.id AND g.claim_no = t.claim_no
       WHERE t.stage = 'running' ORDER BY t.id FOR NO KEY UPDATE OF t
     )
     UPDATE tasks t SET lease_until = now() + make_interval(secs => ?) FROM held
     WHERE t.id = held.id AND t.stage = 'running' RETURNING t.id"
}

/// Renews leases; answers the tasks whose claim still holds.
///
/// # Errors
/// When the database is away.
pub async fn renew(conn: &mut Conn, in_hand: &[(TaskId, i32)], lease: Duration) -> Result<Vec<TaskId>> {
    let (ids, claims) = in_hand.iter().copied().unzip();
    Ok(Renew { ids, claims, lease: lease.as_secs_f64() }.get_results(conn).await?)
}

statement! {
    /// Those of these claims that hold.
    Held {
        ids: Vec<TaskId> => Array<Uuid>,
        claims: Vec<i32> => Array<Integer>,
    } -> Uuid =
    "SELECT t.id FROM tasks t JOIN unnest(?, ?) AS g (id, claim_no) ON g.id = t.id AND g.claim_no = t.claim_no
     WHERE t.stage = 'running'"
}

/// The tasks whose claim holds.
///
/// # Errors
/// When the database is away.
pub async fn held(conn: &mut Conn, in_hand: &[(TaskId, i32)]) -> Result<Vec<TaskId>> {
    let (ids, claims) = in_hand.iter().copied().unzip();
    Ok(Held { ids, claims }.get_results(conn).await?)
}

statement! {
    /// Marks a step and locks the row till the transaction ends, if the claim holds.
    Hold {
        step: i32 => Integer,
        effects: Value => Jsonb,
        id: TaskId => Uuid,
        claim_no: i32 => Integer,
    } -> TaskSql = concat!(
    "UPDATE tasks t SET step = ?, effects = effects || ?, version = version + 1, updated_at = now()
     WHERE id = ? AND claim_no = ? AND stage = 'running' RETURNING ", task_columns!())
}

/// Begins the writes of a step inside a transaction: nobody else can claim or end the task until it ends.
///
/// # Errors
/// `illegal_move` when the claim is no longer the newest.
pub async fn hold(mut conn: &Conn, task: &Claimed, step: i32, effects: Value) -> Result<Task> {
    let hold = Hold { step, effects, id: task.id, claim_no: task.claim_no };
    let held: Vec<Task> = hold.get_results(&mut conn).await?;
    held.into_iter().next().ok_or_else(|| Code::IllegalMove.into())
}

/// What the agent says at the end of a chat task.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The message's id.
    pub message_id: MessageId,
    /// Markdown.
    pub text: String,
    /// What it carries beside.
    pub data: Value,
    /// The draft as it shows it.
    pub draft: Option<Value>,
}

/// How a task ends.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With a result, and what the agent says if it is a chat.
    Completed(Value, Option<Box<Reply>>),
    /// With a code of the catalogue and a sentence.
    Failed(Code, String),
}

/// A claim with how its task ends.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The task.
    pub id: TaskId,
    /// The claim.
    pub claim_no: i32,
    /// How.
    pub outcome: Outcome,
}

statement! {
    /// Ends tasks whose claims hold, and writes what the agent says, in one.
    End {
        ids: Vec<TaskId> => Array<Uuid>,
        claims: Vec<i32> => Array<Integer>,
        statuses: Vec<TaskStatus> => Array<sql_types::TaskStatus>,
        results: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
        codes: Vec<Option<&'static str>> => Array<Nullable<Text>>,
        details: Vec<Option<String>> => Array<Nullable<Text>>,
        messages: Vec<Option<MessageId>> => Array<Nullable<Uuid>>,
        texts: Vec<Option<String>> => Array<Nullable<Text>>,
        data: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
        drafts: Vec<Option<Value>> => Array<Nullable<Jsonb>>,
    } -> TaskSql = concat!(
    "WITH given AS MATERIALIZED (
       SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         AS g (id, claim_no, status, result, code, detail, message_id, text, data, draft)
     ), held AS MATERIALIZED (
       SELECT t.id FROM tasks t JOIN given USING (id) ORDER BY t.id FOR NO KEY UPDATE OF t
     ), ended AS (
       UPDATE tasks t SET status = g.status, stage = 'done', lease_until = NULL, result = g.result,
         error_code = g.code, error_detail = g.detail, version = version + 1, updated_at = now()
       FROM given g JOIN held ON held.id = g.id
       WHERE t.id = g.id AND t.claim_no = g.claim_no AND t.stage = 'running' RETURNING t.*
     ), places AS MATERIALIZED (
       SELECT s.id FROM chat_sessions s
       WHERE s.id IN (SELECT t.session_id FROM ended t JOIN given g ON g.id = t.id WHERE g.text IS NOT NULL)
       ORDER BY s.id FOR NO KEY UPDATE
     ), turn AS (
       UPDATE chat_sessions s SET last_seq = s.last_seq + 1, updated_at = now() FROM places
       WHERE s.id = places.id RETURNING s.id, s.last_seq
     ), said AS (
       INSERT INTO chat_messages (id, session_id, seq, turn, author, text, task_id, data, draft)
       SELECT g.message_id, t.session_id, turn.last_seq, asked.turn, 'assistant', g.text, t.id, g.data, g.draft
       FROM ended t JOIN given g ON g.id = t.id JOIN turn ON turn.id = t.session_id
       JOIN chat_messages asked ON asked.id = t.message_id
     )
     SELECT ", task_columns!(), " FROM ended t")
}

/// Ends tasks; answers those whose claim held, as they are now.
///
/// # Errors
/// When the database is away or refuses.
pub async fn end(conn: &mut Conn, ended: &[Ended]) -> Result<Vec<Task>> {
    let mut all = End {
        ids: Vec::new(),
        claims: Vec::new(),
        statuses: Vec::new(),
        results: Vec::new(),
        codes: Vec::new(),
        details: Vec::new(),
        messages: Vec::new(),
        texts: Vec::new(),
        data: Vec::new(),
        drafts: Vec::new(),
    };
    for one in ended {
        all.ids.push(one.id);
        all.claims.push(one.claim_no);
        let (status, result, error, reply) = match one.outcome.clone() {
            Outcome::Completed(result, reply) => {
                (TaskStatus::Completed, Some(result), None, reply.map(|reply| *reply))
            }
            Outcome::Failed(code, detail) => (TaskStatus::Failed, None, Some((code, detail)), None),
        };
        all.statuses.push(status);
        all.results.push(result);
        let (code, detail) = error.unzip();
        all.codes.push(code.map(Into::into));
        all.details.push(detail);
        let reply = reply.map(|r| (r.message_id, r.text, r.data, r.draft));
        let (message, text, data, draft) = match reply {
            Some((message, text, data, draft)) => (Some(message), Some(text), Some(data), draft),
            None => (None, None, None, None),
        };
        all.messages.push(message);
        all.texts.push(text);
        all.data.push(data);
        all.drafts.push(draft);
    }
    Ok(all.get_results(conn).await?)
}

/// Why a task in hand is given up for now.
#[derive(Clone, Debug)]
pub enum Pause {
    /// The attempt failed: try again after a pause, keeping why.
    Retry {
        /// How long to wait.
        after: Duration,
        /// Why, for an operator.
        code: Code,
        /// The same in words.
        detail: String,
    },
    /// The worker stops: somebody else shall go on at once; the attempt does not count.
    HandBack,
}

statement! {
    /// Puts a task in hand back among the waiting.
    PauseTask {
        stage: TaskStage => sql_types::TaskStage,
        after: f64 => Float8,
        uncounted: i32 => Integer,
        code: Option<&'static str> => Nullable<Text>,
        detail: Option<String> => Nullable<Text>,
        id: TaskId => Uuid,
        claim_no: i32 => Integer,
    } -> TaskSql = concat!(
    "UPDATE tasks t SET stage = ?, lease_until = NULL, run_at = now() + make_interval(secs => ?),
       pushed_at = '-infinity', attempts = attempts - ?, error_code = ?, error_detail = ?, version = version + 1,
       updated_at = now()
     WHERE id = ? AND claim_no = ? AND stage = 'running' RETURNING ", task_columns!())
}

/// Puts a task in hand back; answers it as it is now, or nothing if the claim no longer holds.
///
/// # Errors
/// When the database is away.
pub async fn pause(conn: &mut Conn, task: &Claimed, pause: &Pause) -> Result<Option<Task>> {
    let (stage, after, uncounted, code, detail) = match pause {
        Pause::Retry { after, code, detail } => {
            let code: &'static str = code.into();
            (TaskStage::Retrying, *after, 0, Some(code), Some(detail.clone()))
        }
        Pause::HandBack => (TaskStage::Queued, Duration::ZERO, 1, None, None),
    };
    let statement = PauseTask {
        stage,
        after: after.as_secs_f64(),
        uncounted,
        code,
        detail,
        id: task.id,
        claim_no: task.claim_no,
    };
    let paused: Vec<Task> = statement.get_results(conn).await?;
    Ok(paused.into_iter().next())
}
