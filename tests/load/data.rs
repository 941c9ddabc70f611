//! Rows in bulk, as the product would have written them one by one.

use proxie_shared::model::TaskId;
use proxie_shared::model::tasks::Lane;
use serde_json::json;
use uuid::Uuid;

use crate::Result;
use crate::stage::Stage;

/// How many entries are handed to the courier at a time: it drops what its queue does not hold.
const PUSHES: usize = 8_000;

/// A chat: a session of one message with its task, and whose it is.
pub struct Chat {
    /// An index into the stage's users.
    pub user: usize,
    /// The session.
    pub session: Uuid,
    /// The task that answers the message.
    pub task: Uuid,
}

/// How the task of a chat stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits, and has its entry in the queue.
    Queued,
    /// Completed, with a result of the usual size.
    Done,
}

/// Inserts chats, spread evenly over the users.
pub async fn insert_chats(stage: &Stage, count: usize, state: State) -> Result<Vec<Chat>> {
    let chats: Vec<Chat> = (0..count)
        .map(|number| Chat {
            user: number % stage.users.len(),
            session: Uuid::now_v7(),
            task: Uuid::now_v7(),
        })
        .collect();
    let users: Vec<Uuid> = chats.iter().map(|chat| stage.users[chat.user].id).collect();
    let sessions: Vec<Uuid> = chats.iter().map(|chat| chat.session).collect();
    let messages: Vec<Uuid> = chats.iter().map(|_| Uuid::now_v7()).collect();
    let tasks: Vec<Uuid> = chats.iter().map(|chat| chat.task).collect();
    let insert = "WITH given AS MATERIALIZED (
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS g (user_id, session_id, message_id, task_id)
         ), begun AS (
           INSERT INTO chat_sessions (id, user_id, role, last_seq, title)
           SELECT session_id, user_id, 'consumer', 1, 'I need a haircut' FROM given
         ), said AS (
           INSERT INTO chat_messages (id, session_id, seq, turn, author, text, task_id)
           SELECT message_id, session_id, 1, 1, 'user', 'I need a haircut in Brooklyn', task_id FROM given
         )
         INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, status, stage, result, attempts, claim_no,
                            version, trace_id)
         SELECT task_id, 'chat', user_id, session_id, 1, message_id,
                CASE WHEN $5::bool THEN 'completed' ELSE 'processing' END::task_status,
                CASE WHEN $5::bool THEN 'done' ELSE 'queued' END::task_stage,
                CASE WHEN $5::bool THEN $6::text::jsonb END, $5::bool::int, $5::bool::int, CASE WHEN $5::bool THEN 3 ELSE 1 END,
                replace(task_id::text, '-', '')
         FROM given";
    let done = state == State::Done;
    if state == State::Queued {
        push(stage, Lane::Chat, &tasks).await;
    }
    stage.pg.execute(insert, &[&users, &sessions, &messages, &tasks, &done, &usual_result()]).await?;
    stage.pg.batch_execute("ANALYZE tasks, chat_sessions, chat_messages").await?;
    Ok(chats)
}

/// Inserts probes that wait, each with its entry in the queue.
pub async fn insert_probes(stage: &Stage, count: usize) -> Result<()> {
    let tasks: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    let insert = "INSERT INTO tasks (id, kind, user_id, trace_id)
                  SELECT id, 'probe', $2, replace(id::text, '-', '') FROM unnest($1::uuid[]) AS id";
    push(stage, Lane::Jobs, &tasks).await;
    stage.pg.execute(insert, &[&tasks, &stage.users[0].id]).await?;
    stage.pg.batch_execute("ANALYZE tasks").await?;
    Ok(())
}

/// Before the rows are inserted, and while no worker runs: all rows of a bulk have the time at which it began, and the
/// relay would take the entries of rows so much older than the queue for lost.
async fn push(stage: &Stage, lane: Lane, tasks: &[Uuid]) {
    for some in tasks.chunks(PUSHES) {
        for id in some {
            stage.queue.courier.push(lane, TaskId(*id));
        }
        stage.queue.courier.flush().await;
    }
}

/// A result like the concierge's.
fn usual_result() -> String {
    json!({
        "message": "I found three people in Brooklyn who cut curly hair this weekend. Maya Bennett is rated 4.6 and asks $55 to \
                    $80; shall I post your request to all three?",
        "draft": {
            "id": Uuid::now_v7(),
            "kind": "request",
            "version": 2,
            "fields": {
                "service": "haircut", "city": "Brooklyn", "budget_max_cents": 6_000, "currency": "USD",
                "window": {"from": "2026-11-28T00:00:00-05:00", "to": "2026-11-30T00:00:00-05:00"},
                "notes": "curly hair"
            },
            "missing": []
        },
        "providers": [
            {"id": Uuid::now_v7(), "name": "Maya Bennett, Hair", "rating": 4.6, "review_count": 31, "city": "Brooklyn"},
            {"id": Uuid::now_v7(), "name": "Omar Iyer, Hair", "rating": 4.4, "review_count": 12, "city": "Brooklyn"}
        ]
    })
    .to_string()
}
