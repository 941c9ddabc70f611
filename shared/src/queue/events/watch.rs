//! Who reads: one reader of the process for all who follow tasks, so that a client costs no connection.
//!
//! A subscription hears that something was written to the streams that are followed; the reader then fetches what is new
//! of all of them in one round trip, and each task's events are kept once for all who follow it, for as long as anybody
//! does. While the subscription is down, and now and then all the same, everything is looked at.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use redis::streams::{StreamId, StreamRangeReply};
use redis::{ErrorKind, Pipeline, RedisError, RedisResult};
use tokio::sync::{Notify, mpsc};
use tokio::time::{interval, sleep, timeout};

use super::{Append, append, claims_that_told, end_of, key};
use crate::error::Result;
use crate::model::tasks::{Task, TaskStatus};
use crate::model::{TaskId, UserId};
use crate::queue::Redis;

/// How often everything is looked at all the same: a hint may be lost, a connection dead without a sign.
const NET: Duration = Duration::from_secs(5);
/// How often everything is looked at while no hints arrive.
const SLOW: Duration = Duration::from_millis(500);
/// The most streams of one round trip.
const BATCH: usize = 64;
/// The most events of one stream in one round trip.
const MOST: usize = 1_000;
/// The most changes of the subscription at once.
const CHANGES: usize = 512;
/// The most events that are handed over at once.
const HANDFUL: usize = 128;

/// An event as it was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its number.
    pub no: u64,
    /// What it is called.
    pub name: Arc<str>,
    /// What it tells, as JSON; of an end nothing, as the row has it.
    pub data: Arc<str>,
}

impl Told {
    /// How the task has ended, if this tells of it.
    #[must_use]
    pub fn end(&self) -> Option<TaskStatus> {
        TaskStatus::of_end(&self.name)
    }
}

/// All tasks that are followed in this process.
pub struct Watches {
    redis: Redis,
    /// Begins with the first who follows one.
    hub: OnceLock<Arc<Hub>>,
}

/// Follows a task until it is dropped.
pub struct Watch {
    hub: Arc<Hub>,
    key: Arc<str>,
    log: Arc<Log>,
}

struct Hub {
    redis: Redis,
    watched: Mutex<HashMap<Arc<str>, Watched>>,
    /// Streams that may have something new.
    new: Mutex<HashSet<Arc<str>>>,
    read: Notify,
    /// Streams that are followed, or no longer.
    changes: mpsc::UnboundedSender<Arc<str>>,
}

struct Watched {
    count: usize,
    log: Arc<Log>,
}

/// What is known of a stream.
#[derive(Default)]
struct Log {
    known: Mutex<Known>,
    changed: Arc<Notify>,
}

#[derive(Default)]
struct Known {
    told: Vec<Told>,
    /// The highest number that anybody who follows it has seen.
    seen: u64,
    /// Whether it was read.
    read: bool,
    /// Whether it could not be read the last time.
    away: bool,
}

impl Watches {
    /// Reads from this Redis.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        Self { redis, hub: OnceLock::new() }
    }

    /// Follows a task of this owner, whose events up to `seen` are known; must be called inside a tokio runtime, which the
    /// reader then runs in.
    #[must_use]
    pub fn watch(&self, owner: UserId, id: TaskId, seen: u64) -> Watch {
        let hub = self.hub.get_or_init(|| Hub::start(self.redis.clone()));
        let key: Arc<str> = key(&self.redis, owner, id).into();
        let mut watched = hub.lock();
        let is_new = !watched.contains_key(&key);
        let entry =
            watched.entry(Arc::clone(&key)).or_insert_with(|| Watched { count: 0, log: Arc::default() });
        entry.count += 1;
        let log = Arc::clone(&entry.log);
        drop(watched);
        let mut known = log.lock();
        known.seen = known.seen.max(seen);
        let look = known.told.last().is_none_or(|last| last.no < seen);
        drop(known);
        let watch = Watch { hub: Arc::clone(hub), key, log };
        if is_new {
            // It is read once the subscription stands: what is told in between is not missed.
            drop(hub.changes.send(Arc::clone(&watch.key)));
        }
        if is_new || look {
            watch.look();
        }
        watch
    }
}

impl Watch {
    /// Resolves when something has changed, from this call on.
    pub fn changed(&self) -> impl Future<Output = ()> + use<> {
        // `notified_owned` counts from its making, not from its first poll.
        Arc::clone(&self.log.changed).notified_owned()
    }

    /// What was told after this number, or the first of it.
    #[must_use]
    pub fn after(&self, no: u64) -> Vec<Told> {
        let known = self.log.lock();
        let begin = known.told.partition_point(|told| told.no <= no);
        known.told[begin..].iter().take(HANDFUL).cloned().collect()
    }

    /// Whether the event of this number is the last, and tells of the end.
    #[must_use]
    pub fn ends_at(&self, no: u64) -> bool {
        let known = self.log.lock();
        known.told.last().is_some_and(|last| last.no == no && last.end().is_some())
    }

    /// Whether the stream was read, or cannot be.
    #[must_use]
    pub fn was_tried(&self) -> bool {
        let known = self.log.lock();
        known.read || known.away
    }

    /// Asks for another look at the stream.
    pub fn look(&self) {
        self.hub.look([Arc::clone(&self.key)]);
    }

    /// Writes the end of a task where it is missing, above what was seen.
    ///
    /// # Errors
    /// `unavailable` when Redis is away.
    pub async fn end(&self, task: &Task, seen: u64) -> Result<()> {
        let is_lost = self.log.lock().told.last().map_or(0, |last| last.no) < seen;
        let mut events = end_of(task);
        if is_lost {
            events.insert(0, ("reset", "all".into()));
        }
        let claims_before = claims_that_told(task);
        let end = Append { key: &self.key, claim: 0, expected: None, floor: seen, claims_before, events };
        append(&self.hub.redis, &end).await?;
        self.look();
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = self.hub.lock();
        let Some(entry) = watched.get_mut(&self.key) else { return };
        entry.count -= 1;
        if entry.count == 0 {
            watched.remove(&self.key);
            drop(self.hub.changes.send(Arc::clone(&self.key)));
        }
    }
}

impl Hub {
    fn start(redis: Redis) -> Arc<Self> {
        let (changes, changed) = mpsc::unbounded_channel();
        let hub = Arc::new(Self {
            redis,
            watched: Mutex::default(),
            new: Mutex::default(),
            read: Notify::new(),
            changes,
        });
        tokio::spawn(listen(Arc::clone(&hub), changed));
        tokio::spawn(read(Arc::clone(&hub)));
        hub
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has streams looked at.
    fn look(&self, keys: impl IntoIterator<Item = Arc<str>>) {
        self.new.lock().unwrap_or_else(PoisonError::into_inner).extend(keys);
        self.read.notify_one();
    }

    /// Has all streams looked at.
    fn look_at_all(&self) {
        let all: Vec<_> = self.lock().keys().map(Arc::clone).collect();
        self.look(all);
    }

    /// Some of the streams to look at, that are still followed.
    fn take(&self) -> Vec<(Arc<str>, Arc<Log>)> {
        let mut new = self.new.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<_> = new.iter().take(BATCH).map(Arc::clone).collect();
        for key in &keys {
            new.remove(key);
        }
        drop(new);
        let watched = self.lock();
        let followed = |key: Arc<str>| watched.get(&key).map(|entry| (key, Arc::clone(&entry.log)));
        keys.into_iter().filter_map(followed).collect()
    }
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Takes in what is new; answers whether it was as much as is read at once, and above which number the stream has to go
    /// on because somebody has seen more than there is.
    fn hear(&mut self, new: StreamRangeReply, last: &StreamRangeReply) -> (bool, Option<u64>) {
        let more = new.ids.len() == MOST;
        self.told.extend(new.ids.iter().filter_map(told));
        (self.read, self.away) = (true, false);
        let last = last.ids.first().and_then(told);
        let floor = self.seen.max(self.told.last().map_or(0, |last| last.no));
        // Of an empty stream nothing is known: it may be that nothing was ever told. After an end the row decides.
        let is_lost = last.is_some_and(|last| last.no < floor && last.end().is_none());
        (more, is_lost.then_some(floor))
    }
}

fn told(entry: &StreamId) -> Option<Told> {
    let no = entry.id.split('-').next()?.parse().ok()?;
    let (name, data): (String, String) = (entry.get("e")?, entry.get("d")?);
    Some(Told { no, name: name.into(), data: data.into() })
}

/// Reads what is new, for ever.
async fn read(hub: Arc<Hub>) {
    loop {
        let batch = hub.take();
        if batch.is_empty() {
            hub.read.notified().await;
            continue;
        }
        if let Err(error) = read_some(&hub, &batch).await {
            tracing::debug!(causes = error.causes(), "events could not be read");
            for (_, log) in &batch {
                log.lock().away = true;
                log.changed.notify_waiters();
            }
            // Whoever listens looks at everything meanwhile.
            sleep(SLOW).await;
            hub.look(batch.into_iter().map(|(key, _)| key));
        }
    }
}

async fn read_some(hub: &Hub, batch: &[(Arc<str>, Arc<Log>)]) -> Result<()> {
    let mut pipe = Pipeline::new();
    for (key, log) in batch {
        let after = log.lock().told.last().map_or(0, |last| last.no);
        pipe.cmd("XRANGE").arg(key.as_ref()).arg(format!("({after}-0")).arg("+").arg("COUNT").arg(MOST);
        pipe.cmd("XREVRANGE").arg(key.as_ref()).arg("+").arg("-").arg("COUNT").arg(1);
    }
    let mut replies: std::vec::IntoIter<StreamRangeReply> =
        hub.redis.run::<Vec<StreamRangeReply>>(&pipe).await?.into_iter();
    let mut again = Vec::new();
    for (key, log) in batch {
        let (Some(new), Some(last)) = (replies.next(), replies.next()) else { break };
        let (more, lost) = log.lock().hear(new, &last);
        log.changed.notify_waiters();
        if let Some(floor) = lost {
            // Events were lost, and are numbered anew below what was seen: who tells them notices, and tells the text again.
            let events = vec![("reset", "all".into())];
            let reset = Append { key, claim: 0, expected: None, floor, claims_before: 0, events };
            append(&hub.redis, &reset).await?;
        }
        if more || lost.is_some() {
            again.push(Arc::clone(key));
        }
    }
    if !again.is_empty() {
        hub.look(again);
    }
    Ok(())
}

/// Hears of what is new, for ever.
async fn listen(hub: Arc<Hub>, mut changes: mpsc::UnboundedReceiver<Arc<str>>) {
    loop {
        match listen_once(&hub, &mut changes).await {
            Ok(()) => return,
            Err(error) => tracing::debug!(%error, "the subscription to events ended"),
        }
        hub.look_at_all();
        sleep(SLOW).await;
    }
}

/// Until the subscription breaks, or nobody can follow anything any more.
async fn listen_once(hub: &Arc<Hub>, changes: &mut mpsc::UnboundedReceiver<Arc<str>>) -> RedisResult<()> {
    let limit = hub.redis.timeout();
    let subscription = answered(hub.redis.client().get_async_pubsub(), limit).await?;
    let (mut sink, mut hints) = subscription.split();
    let all: Vec<_> = hub.lock().keys().map(Arc::clone).collect();
    // Of a connection that has subscribed to nothing Redis thinks otherwise.
    let own = hub.redis.key("events");
    answered(sink.subscribe(&own), limit).await?;
    for some in all.chunks(CHANGES) {
        answered(sink.subscribe(names(some)), limit).await?;
    }
    hub.look_at_all();
    let mut net = interval(NET);
    let mut changed = Vec::new();
    loop {
        tokio::select! {
            count = changes.recv_many(&mut changed, CHANGES) => {
                if count == 0 {
                    return Ok(());
                }
                // What was changed twice is as it is now.
                let (followed, left): (Vec<_>, Vec<_>) = {
                    let watched = hub.lock();
                    changed.drain(..).partition(|key| watched.contains_key(key))
                };
                if !followed.is_empty() {
                    answered(sink.subscribe(names(&followed)), limit).await?;
                    hub.look(followed);
                }
                if !left.is_empty() {
                    answered(sink.unsubscribe(names(&left)), limit).await?;
                }
            }
            hint = hints.next() => match hint {
                Some(hint) => hub.look([hint.get_channel_name().into()]),
                None => return Err(gone(())),
            },
            _ = net.tick() => {
                // Said again it changes nothing: Redis shows that it is there.
                answered(sink.subscribe(&own), limit).await?;
                hub.look_at_all();
            }
        }
    }
}

async fn answered<T>(asked: impl Future<Output = RedisResult<T>>, limit: Duration) -> RedisResult<T> {
    timeout(limit, asked).await.map_err(gone)?
}

fn gone<E>(_: E) -> RedisError {
    (ErrorKind::Io, "no answer").into()
}

fn names(keys: &[Arc<str>]) -> Vec<&str> {
    keys.iter().map(AsRef::as_ref).collect()
}
