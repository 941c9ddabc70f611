//! Tasks, as their owner sees and moves them.

mod places;
mod positions;
mod stream;
mod waiters;

use std::time::Duration;

use diesel_async::AsyncConnection;
pub use places::Places;
pub use positions::Positions;
pub use stream::{Next, TaskStream};
use tokio::time::{Instant, timeout_at};
pub use waiters::Waiters;

use super::{Domain, Once, audit, users};
use crate::auth::{Actor, Admin};
use crate::db;
use crate::db::idempotency::Reply;
use crate::db::steps::Step;
use crate::error::{Code, Error, Result};
use crate::model::TaskId;
use crate::model::tasks::{Task, TaskKind, TaskStage, TaskStatus};

impl Domain {
    /// A task of the caller: from its copy, else from its row.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn task(&self, actor: &Actor, id: TaskId) -> Result<Task> {
        // Without Redis the row answers; also to an admin who looks at another's.
        match self.shared.copies.find_for(actor.user_id(), id).await {
            Ok(Some(copy)) => Ok(copy),
            Ok(None) | Err(_) => {
                let mut conn = self.queue.db.conn().await?;
                let task = db::tasks::find_for(&mut conn, actor.scope(), id).await?;
                self.queue.courier.copy(&task);
                Ok(task)
            }
        }
    }

    /// A task of the caller as soon as it has ended, or as it is when `wait` is over.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn task_when_ended(&self, actor: &Actor, id: TaskId, wait: Duration) -> Result<Task> {
        let until = Instant::now() + wait;
        loop {
            // Register first, then look: what ends in between is not missed.
            let waiter = self.shared.waiters.register(id);
            let ended = waiter.woken();
            // Boxed: thousands wait here, and the look is over before the wait begins.
            let task = Box::pin(self.task(actor, id)).await?;
            if task.status.is_terminal() || self.shared.waiters.are_released() {
                return Ok(task);
            }
            if timeout_at(until, ended).await.is_err() {
                return Box::pin(self.task(actor, id)).await;
            }
        }
    }

    /// Answers all who wait for a task, and those who come, as it is, and ends all streams: the process is about to stop.
    pub fn release_waiters(&self) {
        self.shared.waiters.release();
    }

    /// Everybody's tasks, the newest first; of one status and made before one, if these are given.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn all_tasks(
        &self,
        _: &Admin,
        status: Option<TaskStatus>,
        before: Option<TaskId>,
        limit: i64,
    ) -> Result<Vec<Task>> {
        let mut conn = self.queue.db.conn().await?;
        db::tasks::list(&mut conn, status, before, limit).await
    }

    /// Anybody's task, with its finished steps.
    ///
    /// # Errors
    /// `not_yours` when there is none.
    pub async fn task_with_steps(&self, admin: &Admin, id: TaskId) -> Result<(Task, Vec<Step>)> {
        let mut conn = self.queue.db.conn().await?;
        let task = db::tasks::find_for(&mut conn, admin.scope(), id).await?;
        let steps = db::steps::of_task(&mut conn, id).await?;
        Ok((task, steps))
    }

    /// How many tasks of its kind wait before this one; none unless it waits.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn queue_position(&self, task: &Task) -> Result<Option<i64>> {
        match task.stage {
            TaskStage::Queued => self.shared.positions.of(task).await.map(Some),
            _ => Ok(None),
        }
    }

    /// Cancels a task of the caller; one that has ended stays as it is.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move` for a matching, which ends with its request.
    pub async fn cancel_task(&self, actor: &Actor, id: TaskId) -> Result<Task> {
        let mut conn = self.queue.db.conn().await?;
        let task = db::tasks::find_for(&mut conn, actor.scope(), id).await?;
        if task.kind == TaskKind::Matching && !task.status.is_terminal() {
            return Err(
                Error::new(Code::IllegalMove).detail("A matching is cancelled by cancelling its request.")
            );
        }
        let cancelled = conn
            .transaction(async |conn| {
                let cancelled = db::tasks::cancel(conn, id).await?;
                if cancelled.is_some() {
                    audit::record_unless_own(conn, actor, "task.cancel", id.0, task.user_id).await?;
                }
                Ok::<_, Error>(cancelled)
            })
            .await?;
        let task = match cancelled {
            Some(task) => task,
            None => db::tasks::find_for(&mut conn, actor.scope(), id).await?,
        };
        drop(conn);
        if task.status == TaskStatus::Cancelled {
            self.queue.announce_cancelled(std::slice::from_ref(&task)).await?;
        }
        Ok(task)
    }

    /// Tries a task of the caller that failed or was cancelled again, as a new task.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`.
    pub async fn retry_task(
        &self,
        actor: &Actor,
        id: TaskId,
        trace_id: &str,
        once: &Once<'_, Task>,
    ) -> Result<Reply> {
        let mut conn = self.queue.db.conn().await?;
        let (reply, task) = conn
            .transaction(async |conn| {
                if let Some(before) = once.answered(conn).await? {
                    return Ok((before, None));
                }
                let owner = db::tasks::find_for(conn, actor.scope(), id).await?.user_id;
                users::require_open(conn, actor, owner).await?;
                let task = db::tasks::retry_for(conn, actor.scope(), id, trace_id).await?;
                audit::record_unless_own(conn, actor, "task.retry", id.0, task.user_id).await?;
                Ok::<_, Error>((once.answer(conn, &task).await?, Some(task)))
            })
            .await?;
        if let Some(task) = &task {
            self.queue.announce_new(task);
        }
        Ok(reply)
    }
}
