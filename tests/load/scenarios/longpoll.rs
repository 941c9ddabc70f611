//! Thousands of long polls at once, each on its own connection for its own task; what they cost, and how soon each is
//! answered once its task has ended.
//!
//! The tasks are ended at a modest rate by cancelling them as the API does. The clock starts when the cancelling commit has
//! been confirmed, before it is announced, and stops when the answer has been read.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proxie_shared::db;
use proxie_shared::model::TaskId;
use proxie_shared::queue::Queue;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Result;
use crate::data::{Chat, State, insert_chats};
use crate::drive::Summary;
use crate::http::{self, Connection};
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// How many wait at once.
const WAITING: usize = 5_000;
/// How many connect at a time.
const CONNECTING: usize = 128;
/// How many tasks end in a second.
const ENDS: u32 = 200;

/// Measures.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    let api = stage.start_api().await?;
    let chats = insert_chats(stage, WAITING, State::Queued).await?;
    let (connecting, sent) = (Arc::new(Semaphore::new(CONNECTING)), Arc::new(Semaphore::new(0)));
    let mut polls = JoinSet::new();
    for chat in &chats {
        let path = format!("/chat/status/{}?wait=30", chat.task);
        let request = http::get(&path, Some(&stage.users[chat.user].token));
        let (connecting, sent) = (Arc::clone(&connecting), Arc::clone(&sent));
        polls.spawn(poll(api.address, chat.task, request, connecting, sent));
    }
    drop(sent.acquire_many(WAITING as u32).await?);
    // A first answer to whoever could not wait would have come by now, and every poll has been read and registered.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let waiting = api.process.memory()?;
    report.add("longpoll", "API while 5,000 wait", Unit::Mb, Target::AtMost(150.0), waiting.now);

    let ending = stage.either(WAITING, 1_000);
    let ended = end(stage, &chats[..ending]).await?;
    let mut woken = Summary::new(Duration::from_secs(1))?;
    while woken.count() < ending as u64 {
        let next = tokio::time::timeout(Duration::from_secs(10), polls.join_next()).await;
        let Ok(Some(answered)) = next else {
            return Err(format!("{} of {ending} polls were answered", woken.count()).into());
        };
        let (task, at) = answered??;
        let since = ended.get(&task).ok_or("a poll was answered before its task had ended")?;
        woken.add(at.saturating_duration_since(*since));
    }
    let what = format!("answered after the end, {ENDS} ends a second");
    report.add("longpoll", format!("{what}: p50"), Unit::Ms, Target::None, woken.ms(50.0));
    report.add("longpoll", format!("{what}: p99"), Unit::Ms, Target::AtMost(20.0), woken.ms(99.0));
    report.add("longpoll", format!("{what}: longest"), Unit::Ms, Target::None, woken.ms(100.0));
    report.add("longpoll", "API, at most", Unit::Mb, Target::AtMost(150.0), api.process.memory()?.peak);
    polls.abort_all();
    api.process.stop().await
}

/// Polls until the task has ended; answers when that was known.
async fn poll(
    api: SocketAddr,
    task: Uuid,
    request: Vec<u8>,
    connecting: Arc<Semaphore>,
    sent: Arc<Semaphore>,
) -> Result<(Uuid, Instant)> {
    let turn = connecting.acquire_owned().await?;
    let mut connection = Connection::open(api).await?;
    drop(turn);
    sent.add_permits(1);
    loop {
        let response = connection.exchange(&request).await?;
        let at = Instant::now();
        if response.status != 200 {
            let body = String::from_utf8_lossy(response.body);
            return Err(format!("a poll was answered {}: {body}", response.status).into());
        }
        // Whose wait is over asks again, as clients do.
        if !holds(response.body, br#""status":"processing""#) {
            return Ok((task, at));
        }
    }
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Ends tasks at a steady rate; answers when each end was committed.
async fn end(stage: &Stage, chats: &[Chat]) -> Result<HashMap<Uuid, Instant>> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / ENDS);
    let mut ending = JoinSet::new();
    for chat in chats {
        tick.tick().await;
        ending.spawn(end_one(stage.queue.clone(), chat.task));
    }
    let mut ended = HashMap::with_capacity(chats.len());
    while let Some(one) = ending.join_next().await {
        let (task, at) = one??;
        ended.insert(task, at);
    }
    Ok(ended)
}

async fn end_one(queue: Queue, task: Uuid) -> Result<(Uuid, Instant)> {
    let mut conn = queue.db.conn().await?;
    let cancelled = db::tasks::cancel(&mut conn, TaskId(task)).await?.ok_or("the task had ended")?;
    let at = Instant::now();
    drop(conn);
    queue.announce_cancelled(&[cancelled]).await?;
    Ok((task, at))
}
