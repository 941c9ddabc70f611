//! Copies of tasks in Redis, so that polling costs PostgreSQL little.
//!
//! A copy is written with every change and never over a newer one. Until the task ends it lives a few seconds only:
//! whatever went wrong, a stale copy is soon gone and the row is read again.

use redis::Pipeline;

use super::Redis;
use crate::db::owned::owned_key;
use crate::error::Result;
use crate::model::tasks::Task;
use crate::model::{TaskId, UserId};

/// How long a copy of a task that has not ended lives, in seconds.
const OPEN_SECONDS: u32 = 10;
/// How long a copy of an ended task lives, in seconds.
const ENDED_SECONDS: u32 = 600;

/// Writes unless what is there is as new: a copy is `<version> <json>`.
const WRITE: &str = "
local old = redis.call('GET', KEYS[1])
if old and tonumber(string.match(old, '^%d+')) >= tonumber(ARGV[1]) then return end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'EX', ARGV[3])";

fn key(redis: &Redis, owner: UserId, id: TaskId) -> String {
    redis.key(&format!("task:{}:{id}", owned_key!("queue.status", redis, owner)))
}

/// Adds the write of a copy to a pipeline.
pub(super) fn write(pipe: &mut Pipeline, redis: &Redis, task: &Task) {
    let json = match serde_json::to_string(task) {
        Ok(json) => json,
        Err(error) => {
            tracing::error!(%error, task_id = %task.id, "a task does not serialise");
            return;
        }
    };
    let seconds = if task.status.is_terminal() { ENDED_SECONDS } else { OPEN_SECONDS };
    // The text goes along each time: Redis keeps it compiled, and forgets nothing that matters when it restarts.
    pipe.cmd("EVAL").arg(WRITE).arg(1).arg(key(redis, task.user_id, task.id));
    pipe.arg(task.version).arg(json).arg(seconds).ignore();
}

/// Adds the removal of a copy to a pipeline: what stays in its place is newer than any copy that is still on its way,
/// and sends readers to the row.
pub(super) fn forget(pipe: &mut Pipeline, redis: &Redis, owner: UserId, id: TaskId) {
    pipe.cmd("SET").arg(key(redis, owner, id)).arg(format!("{} gone", i32::MAX));
    pipe.arg("EX").arg(ENDED_SECONDS).ignore();
}

/// Reads copies.
#[derive(Clone)]
pub struct StatusCopies {
    redis: Redis,
}

impl StatusCopies {
    /// Reads from this Redis.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        Self { redis }
    }

    /// The copy of this owner's task, if there is one.
    ///
    /// # Errors
    /// `unavailable` when Redis is away.
    pub async fn find_for(&self, owner: UserId, id: TaskId) -> Result<Option<Task>> {
        let mut get = redis::cmd("GET");
        get.arg(key(&self.redis, owner, id));
        let copy: Option<String> = self.redis.query(&get).await?;
        let json = copy.as_deref().and_then(|copy| copy.split_once(' ')).map(|(_, json)| json);
        // A copy of another version's form is as good as none.
        Ok(json.and_then(|json| serde_json::from_str(json).ok()))
    }
}
