//! What is told of a task while it is worked on: numbered events, from 1, in a Redis stream.
//!
//! | key | what |
//! |---|---|
//! | `events:<user>:<id>` | the stream of a task; gone a day after its last event; also the channel on which each write is hinted at |
//!
//! An entry has the event's name `e` and data `d`, and what the next write must know: the claim `c` that wrote it, the
//! number `f` of the first delta that is not void (0 if there is none), and how many bytes `n` of text those deltas have.
//! So everything about a stream is in its last entry, and one script decides by it:
//!
//! - a write of an older claim than the last one's is refused, and any after the end of the task: the fence;
//! - `reset` tells from which number on the deltas are void, and nothing if there is none;
//! - the end of a task that completed brings its text along: if what was told is not as long, it is told anew before.
//!
//! The row in PostgreSQL is the truth about the end. Events may be lost with Redis; then a `reset` from 1 and the whole text
//! follow, numbered above all that anybody has seen: by [who tells them](Tellers) when a write shows that the last number
//! is not its own, by [who reads them](Watches) when they have seen a higher one. Who finds nothing where
//! earlier claims must have written begins above all that they may have written.

mod heard;
mod live;
mod teller;
mod watch;

use std::borrow::Cow;

use redis::Pipeline;
pub use teller::{Teller, Tellers};
pub use watch::{Told, Watch, Watches};

use super::Redis;
use crate::error::Result;
use crate::model::events::Event;
use crate::model::tasks::{Lane, Task, TaskStatus};
use crate::model::{TaskId, UserId};

/// How long the events of a task are kept after the last one, in milliseconds.
const KEPT_MILLIS: u32 = 24 * 60 * 60 * 1_000;
/// How many events of a task are kept: more than all its claims may write.
const MOST_KEPT: usize = 16_384;
/// How long it is remembered that nothing is to be told of a task that was deleted, in milliseconds.
const CLOSED_MILLIS: u32 = 10 * 60 * 1_000;

/// What the script answers when an older claim writes, or anybody after the end.
const FENCED: i64 = -1;
/// What the script answers when the last number is not the expected one.
const OUT_OF_STEP: i64 = -2;

/// Arguments: claim (0: whichever wrote last), the last number that is expected (-1: any), the number above which to go on,
/// the number above which to begin where there is nothing though there was something (0: there was not), how long to keep,
/// how many, then names and data. Beside the names of events `reset` with the data `all` voids all
/// deltas, and `text` makes the text so far this one.
const APPEND: &str = "
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local no, claim, from, size, ended = 0, 0, 0, 0, false
if last then
  local told = last[2]
  no = tonumber(string.match(last[1], '^%d+'))
  claim, from, size = tonumber(told[6]), tonumber(told[8]), tonumber(told[10])
  ended = told[2] == 'completed' or told[2] == 'failed' or told[2] == 'cancelled'
end
local given, expected, floor = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if given == 0 then given = claim end
if given < claim or ended and floor <= no then return -1 end
if expected >= 0 and expected ~= no then return -2 end
local base = tonumber(ARGV[4])
if not last and base > 0 then no, from, size = base, 1, -1 end
no = math.max(no, floor)
local before = no
local function tell(name, data)
  no = no + 1
  if name == 'delta' and from == 0 then from = no end
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[6], string.format('%d-0', no),
    'e', name, 'd', data, 'c', given, 'f', from, 'n', size)
end
local function reset()
  if from > 0 then
    local data = string.format('{\"from\":%d}', from)
    from, size = 0, 0
    tell('reset', data)
  end
end
local function delta(text)
  size = math.max(size, 0) + #text
  if #text > 0 then tell('delta', cjson.encode({text = text})) end
end
for i = 7, #ARGV, 2 do
  local name, data = ARGV[i], ARGV[i + 1]
  if name == 'reset' then
    if data == 'all' then from = 1 end
    reset()
  elseif name == 'delta' then
    delta(data)
  elseif name == 'text' then
    if size ~= #data then
      reset()
      delta(data)
    end
  else
    tell(name, data)
  end
end
if no > before then
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call('PUBLISH', KEYS[1], no)
end
return no";

/// Takes the events of a task along to its new owner.
const MOVE: &str = "
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('RENAMENX', KEYS[1], KEYS[2]) end";

/// Leaves an end in place of all that was told: nothing follows it.
const CLOSE: &str = "
redis.call('DEL', KEYS[1])
redis.call('XADD', KEYS[1], '1-0', 'e', 'cancelled', 'd', '', 'c', 2147483647, 'f', 0, 'n', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PUBLISH', KEYS[1], 1)";

/// The stream of a task, and the channel of its hints.
fn key(redis: &Redis, owner: UserId, id: TaskId) -> String {
    redis.key(&format!("events:{owner}:{id}"))
}

/// Whether anything is told of a task but its end.
fn is_told(task: &Task) -> bool {
    task.kind.lane() == Lane::Chat
}

/// Events on their way into a stream.
struct Append<'a> {
    key: &'a str,
    /// Whose claim writes; 0 for whichever wrote last.
    claim: i32,
    /// The number that must be the last.
    expected: Option<u64>,
    /// Numbers go on above this one.
    floor: u64,
    /// How many claims may have written before: where nothing of it is left, numbers begin above all of theirs.
    claims_before: i32,
    /// Names and data, of deltas the bare text.
    events: Vec<(&'static str, Cow<'a, str>)>,
}

impl Append<'_> {
    fn add_to(&self, pipe: &mut Pipeline) {
        // The text goes along each time: Redis keeps it compiled, and forgets nothing that matters when it restarts.
        pipe.cmd("EVAL").arg(APPEND).arg(1).arg(self.key).arg(self.claim);
        pipe.arg(self.expected.map_or(-1, |last| i64::try_from(last).unwrap_or(i64::MAX)));
        pipe.arg(self.floor)
            .arg(self.claims_before.max(0) as usize * MOST_KEPT)
            .arg(KEPT_MILLIS)
            .arg(MOST_KEPT);
        for (name, data) in &self.events {
            pipe.arg(*name).arg(data.as_ref());
        }
    }
}

/// An event as the script takes it.
fn written(event: &Event) -> (&'static str, Cow<'_, str>) {
    let data = match event {
        Event::Delta(text) => Cow::Borrowed(text.as_str()),
        Event::Reset => Cow::Borrowed(""),
        Event::Stage(..) | Event::Tool(..) => Cow::Owned(event.data().to_string()),
    };
    (event.name(), data)
}

/// How many claims may have told of a task.
fn claims_that_told(task: &Task) -> i32 {
    if is_told(task) { task.claim_no } else { 0 }
}

/// What ends the stream of a task: the text that must stand there, and how it has ended.
fn end_of(task: &Task) -> Vec<(&'static str, Cow<'_, str>)> {
    let text = match task.status {
        TaskStatus::Completed => Some(text_of(task).unwrap_or_default()),
        TaskStatus::Failed => Some(""),
        // What was said before it was cancelled was said.
        TaskStatus::Cancelled | TaskStatus::Processing => None,
    };
    let text = text.map(|text| ("text", Cow::Borrowed(text)));
    text.into_iter().chain([(task.status.into(), Cow::Borrowed(""))]).collect()
}

/// The text of a chat's answer, which is what its deltas must add up to.
#[must_use]
pub fn text_of(task: &Task) -> Option<&str> {
    task.result.as_ref()?["message"].as_str().filter(|_| is_told(task))
}

/// Adds the end of a task to a pipeline.
pub(super) fn end(pipe: &mut Pipeline, redis: &Redis, task: &Task) {
    if is_told(task) && task.status.is_terminal() {
        let key = key(redis, task.user_id, task.id);
        let (claim, claims_before) = (task.claim_no, claims_that_told(task));
        let events = end_of(task);
        Append { key: &key, claim, expected: None, floor: 0, claims_before, events }.add_to(pipe);
        pipe.ignore();
    }
}

/// Adds to a pipeline that nothing is told of a task any more.
pub(super) fn close(pipe: &mut Pipeline, redis: &Redis, owner: UserId, id: TaskId) {
    pipe.cmd("EVAL").arg(CLOSE).arg(1).arg(key(redis, owner, id)).arg(CLOSED_MILLIS).ignore();
}

/// Adds to a pipeline that a task has another owner.
pub(super) fn hand_on(pipe: &mut Pipeline, redis: &Redis, from: UserId, to: UserId, id: TaskId) {
    pipe.cmd("EVAL").arg(MOVE).arg(2).arg(key(redis, from, id)).arg(key(redis, to, id)).ignore();
}

/// Writes events now; answers the last number, or [`FENCED`] or [`OUT_OF_STEP`].
async fn append(redis: &Redis, append: &Append<'_>) -> Result<i64> {
    let mut pipe = Pipeline::new();
    append.add_to(&mut pipe);
    let (answer,): (i64,) = redis.run(&pipe).await?;
    Ok(answer)
}
