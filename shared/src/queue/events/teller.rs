//! Who tells: the worker's side. Nothing here waits for Redis but [`Teller::finish`], and that not long.
//!
//! What is told in one moment goes out together, for all tasks in hand in one round trip. While Redis is away nothing piles
//! up but the answer's text, which is kept anyhow: once a write has failed, the text as it is then is told anew.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::Pipeline;
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};

use super::heard::Heard;
use super::live::{self, Said, Speakers};
use super::{Append, FENCED, OUT_OF_STEP, is_told, key, written};
use crate::db::Db;
use crate::db::live::Delta;
use crate::error::Result;
use crate::model::events::{Event, ToolState};
use crate::model::tasks::{Task, TaskStage};
use crate::model::{TaskId, UserId};
use crate::queue::Redis;

/// How long what is told is gathered before it goes out.
const GATHER: Duration = Duration::from_millis(40);
/// How long to wait after Redis has refused.
const PAUSE: Duration = Duration::from_millis(250);
/// The most tasks of one round trip.
const BATCH: usize = 256;
/// How many events a claim may write; what comes after is told at once at its end.
const MOST_EVENTS: usize = 3_000;
/// How long the end of a task waits for what was told of it.
const PATIENCE: Duration = Duration::from_millis(500);

/// All who tell of tasks in this process.
#[derive(Clone)]
pub struct Tellers {
    post: Arc<Post>,
}

/// Where what is told waits for the next round trip.
struct Post {
    waiting: Mutex<Vec<Arc<Inner>>>,
    /// Something is there.
    wake: Notify,
    /// Somebody waits for it.
    hurry: Notify,
    speakers: Arc<Speakers>,
}

/// Tells of one claim of a task.
pub struct Teller {
    /// Of tasks that nobody listens to nothing is told.
    inner: Option<Arc<Inner>>,
    post: Arc<Post>,
}

pub(super) struct Inner {
    id: TaskId,
    claim: i32,
    state: Mutex<State>,
}

struct State {
    owner: UserId,
    /// The text that stands.
    text: String,
    /// How much of the model's words is told.
    heard: Heard,
    /// How much of the text is told on live channels.
    said: Said,
    /// What is not written yet; deltas next to each other are one.
    events: Vec<Event>,
    /// The last number that this claim has written.
    last: Option<u64>,
    /// How many events it has written.
    count: usize,
    /// Whether what is in the stream may not be what was told.
    out_of_step: bool,
    /// Whether another claim has the task, or it has ended.
    fenced: bool,
    /// Whether it stands in the post.
    posted: bool,
    /// Told when all is written, or given up.
    flushed: Vec<oneshot::Sender<()>>,
}

impl Tellers {
    /// Starts what writes; must be called inside a tokio runtime.
    #[must_use]
    pub fn start(redis: Redis, db: Db) -> Self {
        let speakers = Arc::new(Speakers::default());
        tokio::spawn(live::tell(db, Arc::clone(&speakers)));
        let (wake, hurry) = (Notify::new(), Notify::new());
        let post = Arc::new(Post { waiting: Mutex::default(), wake, hurry, speakers });
        tokio::spawn(deliver(redis, Arc::clone(&post)));
        Self { post }
    }

    /// Tells of a claim that has just begun; what an earlier one told is void.
    #[must_use]
    pub fn begin(&self, task: &Task) -> Teller {
        let state = State {
            owner: task.user_id,
            text: String::new(),
            heard: Heard::default(),
            said: Said::default(),
            events: Vec::new(),
            last: None,
            count: 0,
            out_of_step: false,
            fenced: false,
            posted: false,
            flushed: Vec::new(),
        };
        let inner = Inner { id: task.id, claim: task.claim_no, state: Mutex::new(state) };
        let inner = is_told(task).then(|| Arc::new(inner));
        if let Some(inner) = &inner {
            self.post.speakers.add(inner);
        }
        let teller = Teller { inner, post: Arc::clone(&self.post) };
        if task.claim_no > 1 {
            teller.tell(|state| state.events.push(Event::Reset));
        }
        teller.stage(task.stage, task.attempts);
        teller
    }

    /// Waits until all that was told so far is written, or given up.
    pub async fn flush(&self) {
        let waiting: Vec<_> = self.post.lock().iter().map(Arc::clone).collect();
        for inner in waiting {
            self.post.flush(&inner).await;
        }
    }
}

impl Teller {
    /// The task has come to another stage.
    pub fn stage(&self, stage: TaskStage, attempts: i32) {
        self.tell(|state| state.events.push(Event::Stage(stage, attempts)));
    }

    /// More of the answer's text, as the model says it.
    pub fn delta(&self, text: &str) {
        self.tell(|state| state.hear(text));
    }

    /// The text so far is void.
    pub fn reset(&self) {
        self.tell(State::reset);
    }

    /// A tool acts.
    pub fn tool(&self, name: &str, tool: ToolState) {
        self.tell(|state| state.events.push(Event::Tool(name.to_owned(), tool)));
    }

    /// The task as it is now; it may have another owner, whose events are kept apart.
    pub fn task(&self, task: &Task) {
        if self.lock().is_some_and(|state| state.owner != task.user_id) {
            self.tell(|state| state.owner = task.user_id);
        }
    }

    /// The whole text is this. Waits a moment until all is written, so that the end can be told.
    pub async fn finish(&self, text: &str) {
        let Some(inner) = &self.inner else { return };
        if inner.lock().text != text {
            self.tell(|state| state.finish(text));
        }
        let _written_or_late = timeout(PATIENCE, self.post.flush(inner)).await;
    }

    fn lock(&self) -> Option<MutexGuard<'_, State>> {
        self.inner.as_ref().map(|inner| inner.lock())
    }

    fn tell(&self, change: impl FnOnce(&mut State)) {
        let Some(inner) = &self.inner else { return };
        let mut state = inner.lock();
        if state.fenced {
            return;
        }
        change(&mut state);
        if !std::mem::replace(&mut state.posted, true) {
            drop(state);
            self.post.lock().push(Arc::clone(inner));
            self.post.wake.notify_one();
        }
    }
}

impl Post {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Inner>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn flush(&self, inner: &Arc<Inner>) {
        let flushed = {
            let mut state = inner.lock();
            if !state.posted {
                return;
            }
            let (sent, flushed) = oneshot::channel();
            state.flushed.push(sent);
            flushed
        };
        self.hurry.notify_one();
        let _given_up = flushed.await;
    }
}

impl Inner {
    /// What is to be told on live channels now.
    pub fn delta(&self) -> Option<Delta> {
        let mut state = self.lock();
        let State { text, said, fenced, .. } = &mut *state;
        let data = said.rest(text).filter(|_| !*fenced)?;
        Some(Delta { task: self.id, claim: self.claim, data })
    }

    /// What was to be told there may not have been.
    pub fn lost(&self) {
        self.lock().said.lost();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// More of what the model says.
    fn hear(&mut self, text: &str) {
        let told = self.heard.hear(text);
        self.delta(&told);
    }

    /// The whole text, after what was told of it.
    fn finish(&mut self, text: &str) {
        match text.strip_prefix(&self.text) {
            Some(rest) => self.delta(rest),
            None => {
                self.reset();
                self.delta(text);
            }
        }
    }

    fn delta(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        match self.events.last_mut() {
            Some(Event::Delta(before)) => before.push_str(text),
            _ => self.events.push(Event::Delta(text.to_owned())),
        }
    }

    fn reset(&mut self) {
        self.text.clear();
        self.heard = Heard::default();
        self.said.reset();
        // What nobody has heard needs not be taken back; of what was written the script knows.
        self.events.retain(|event| !matches!(event, Event::Delta(_) | Event::Reset));
        self.events.push(Event::Reset);
    }

    /// What is to be written now, and what is expected there.
    fn take(&mut self) -> (Vec<Event>, bool) {
        let anew = std::mem::take(&mut self.out_of_step);
        let mut events = std::mem::take(&mut self.events);
        if anew {
            events.retain(|event| !matches!(event, Event::Delta(_) | Event::Reset));
            if !self.text.is_empty() {
                events.push(Event::Delta(self.text.clone()));
            }
        }
        self.count += events.len();
        (events, anew)
    }

    /// Takes note of what came of it; answers whether there is more to write.
    fn written(&mut self, answer: Option<i64>) -> bool {
        match answer {
            Some(FENCED) => {
                self.fenced = true;
                self.events.clear();
            }
            Some(OUT_OF_STEP) => self.out_of_step = true,
            Some(last) => self.last = u64::try_from(last).ok(),
            // Nobody knows whether it was written.
            None => self.out_of_step = true,
        }
        let more = !self.fenced && (self.out_of_step || !self.events.is_empty());
        let given_up = answer.is_none();
        if !more || given_up {
            for sent in self.flushed.drain(..) {
                let _left = sent.send(());
            }
        }
        self.posted = more;
        more
    }
}

/// Whether a claim that goes on has told so much that the rest has to wait for its end.
fn must_wait(inner: &Arc<Inner>) -> bool {
    let state = inner.lock();
    state.count >= MOST_EVENTS && state.flushed.is_empty() && Arc::strong_count(inner) > 1
}

/// Writes what is told, for ever.
async fn deliver(redis: Redis, post: Arc<Post>) {
    let mut kept = Vec::new();
    loop {
        if kept.is_empty() && post.lock().is_empty() {
            post.wake.notified().await;
        }
        kept.append(&mut post.lock());
        let (later, now): (Vec<_>, Vec<_>) = kept.drain(..).partition(must_wait);
        kept = later;
        let mut away = false;
        for batch in now.chunks(BATCH) {
            let answers = write(&redis, batch).await;
            away |= answers.is_err();
            if let Err(error) = &answers {
                tracing::debug!(causes = error.causes(), "events could not be written");
            }
            for (at, inner) in batch.iter().enumerate() {
                let answer = answers.as_ref().ok().and_then(|answers| answers.get(at).copied());
                if inner.lock().written(answer) {
                    kept.push(Arc::clone(inner));
                }
            }
        }
        // What the tasks of a worker that is gone had to tell, they tell no more.
        kept.retain(|inner| Arc::strong_count(inner) > 1 || !away);
        tokio::select! {
            () = sleep(if away { PAUSE } else { GATHER }) => {}
            () = post.hurry.notified(), if !away => {}
        }
    }
}

async fn write(redis: &Redis, batch: &[Arc<Inner>]) -> Result<Vec<i64>> {
    let mut pipe = Pipeline::new();
    for inner in batch {
        let mut state = inner.lock();
        let (events, anew) = state.take();
        let key = key(redis, state.owner, inner.id);
        let (expected, floor) = match (anew, state.last) {
            (true, last) => (None, last.unwrap_or(0)),
            (false, last) => (last, 0),
        };
        let mut told: Vec<_> = events.iter().map(written).collect();
        if anew {
            told.insert(0, ("reset", Cow::Borrowed("all")));
        }
        let (claim, claims_before) = (inner.claim, inner.claim - 1);
        Append { key: &key, claim, expected, floor, claims_before, events: told }.add_to(&mut pipe);
    }
    redis.run(&pipe).await
}
