use chrono::{DateTime, Utc};
use proxie_shared::model::tasks::{Task, TaskError, TaskKind, TaskStage, TaskStatus};
use proxie_shared::model::{SessionId, TaskId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::examples;
use super::results::{EffectView, ResultView, TaskErrorView};

/// A task as its owner sees it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::task()))]
pub struct TaskView<'a> {
    task_id: TaskId,
    kind: TaskKind,
    status: TaskStatus,
    stage: TaskStage,
    step: Option<i32>,
    /// How many of its kind wait before it; null unless it waits.
    queue_position: Option<i64>,
    session_id: Option<SessionId>,
    retry_of: Option<TaskId>,
    attempts: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// What came of it, once it is completed.
    #[schema(value_type = Option<ResultView>)]
    result: &'a Option<Value>,
    /// Why it failed.
    #[schema(value_type = Option<TaskErrorView>)]
    error: Option<TaskError>,
    /// What already happened and stands, whatever becomes of the task.
    #[schema(value_type = Vec<EffectView>)]
    effects: &'a Value,
}

impl<'a> TaskView<'a> {
    /// The view of a task, with how many wait before it.
    pub fn new(task: &'a Task, queue_position: Option<i64>) -> Self {
        Self {
            task_id: task.id,
            kind: task.kind,
            status: task.status,
            stage: task.stage,
            step: task.step,
            queue_position,
            session_id: task.session_id,
            retry_of: task.retry_of,
            attempts: task.attempts,
            created_at: task.created_at,
            updated_at: task.updated_at,
            result: &task.result,
            error: task.error(),
            effects: &task.effects,
        }
    }
}
