use std::borrow::Cow;

use chrono::{DateTime, Utc};
use proxie_shared::auth::Links;
use proxie_shared::db::steps::{Step, StepKind};
use proxie_shared::domain::shown::Shown;
use proxie_shared::model::tasks::{Task, TaskError, TaskKind, TaskStage, TaskStatus};
use proxie_shared::model::{RequestId, SessionId, TaskId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::results::{EffectView, ResultView, TaskErrorView};
use super::{data, examples};
use crate::http::Input;

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
    result: Option<Cow<'a, Value>>,
    /// Why it failed.
    #[schema(value_type = Option<TaskErrorView>)]
    error: Option<TaskError>,
    /// What already happened and stands, whatever becomes of the task.
    #[schema(value_type = Vec<EffectView>)]
    effects: &'a Value,
}

impl<'a> TaskView<'a> {
    /// The view of a task, with how many wait before it, and of what its result shows what its reader may see.
    pub fn new(task: &'a Task, queue_position: Option<i64>, shown: &Shown, links: &Links) -> Self {
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
            result: data::result(task, shown, links),
            error: task.error(),
            effects: &task.effects,
        }
    }
}

/// `?status=&limit=&cursor=` of everybody's tasks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TasksQuery {
    /// Only those that stand so.
    #[schema(
        value_type = Option<String>,
        pattern = "^(processing|completed|failed|cancelled)$",
        example = "failed"
    )]
    pub status: Option<TaskStatus>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::TASK))]
    pub cursor: Option<TaskId>,
}

impl Input for TasksQuery {}

/// A task as an admin sees it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::admin_task()))]
pub struct AdminTaskView<'a> {
    task_id: TaskId,
    kind: TaskKind,
    /// Whose it is.
    user_id: UserId,
    status: TaskStatus,
    stage: TaskStage,
    step: Option<i32>,
    session_id: Option<SessionId>,
    request_id: Option<RequestId>,
    retry_of: Option<TaskId>,
    attempts: i32,
    /// Why it failed, or why it is being retried.
    error_code: Option<&'a str>,
    /// The same for people.
    error_detail: Option<&'a str>,
    /// Joins the logs of the call that made it and of the worker that runs it.
    trace_id: &'a str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> AdminTaskView<'a> {
    /// The view of anybody's task.
    pub fn new(task: &'a Task) -> Self {
        Self {
            task_id: task.id,
            kind: task.kind,
            user_id: task.user_id,
            status: task.status,
            stage: task.stage,
            step: task.step,
            session_id: task.session_id,
            request_id: task.request_id,
            retry_of: task.retry_of,
            attempts: task.attempts,
            error_code: task.error_code.as_deref(),
            error_detail: task.error_detail.as_deref(),
            trace_id: &task.trace_id,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

/// A page of everybody's tasks.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [examples::admin_task()], "next_cursor": null}))]
pub struct AdminTasksView<'a> {
    items: Vec<AdminTaskView<'a>>,
    next_cursor: Option<String>,
}

impl<'a> AdminTasksView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(tasks: &'a [Task], limit: i64) -> Self {
        let page = &tasks[..tasks.len().min(limit as usize)];
        Self {
            next_cursor: page.last().filter(|_| tasks.len() > page.len()).map(|last| last.id.to_string()),
            items: page.iter().map(AdminTaskView::new).collect(),
        }
    }
}

/// A task as an admin sees it, with what came of it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::whole_task()))]
pub struct WholeTaskView<'a> {
    #[serde(flatten)]
    task: AdminTaskView<'a>,
    /// What came of it, once it is completed.
    #[schema(value_type = Option<ResultView>)]
    result: Option<Cow<'a, Value>>,
    /// What already happened and stands, whatever becomes of the task.
    #[schema(value_type = Vec<EffectView>)]
    effects: &'a Value,
    /// What is done of it, in order.
    steps: Vec<StepView<'a>>,
}

/// A finished step of a task.
#[derive(Serialize, ToSchema)]
struct StepView<'a> {
    no: i32,
    #[schema(inline)]
    kind: StepKind,
    /// The model that answered, or the tool that acted.
    name: &'a str,
    prompt_tokens: Option<i32>,
    completion_tokens: Option<i32>,
}

impl<'a> WholeTaskView<'a> {
    /// The view of anybody's task with its steps, and of what its result shows what its reader may see.
    pub fn new(task: &'a Task, steps: &'a [Step], shown: &Shown, links: &Links) -> Self {
        let step = |step: &'a Step| StepView {
            no: step.no,
            kind: step.kind,
            name: &step.name,
            prompt_tokens: step.prompt_tokens,
            completion_tokens: step.completion_tokens,
        };
        Self {
            task: AdminTaskView::new(task),
            result: data::result(task, shown, links),
            effects: &task.effects,
            steps: steps.iter().map(step).collect(),
        }
    }
}
