//! Events of a task as Server-Sent Events (HTML, 9.2): a few lines of text each.

use proxie_shared::auth::Links;
use proxie_shared::domain::shown::Shown;
use proxie_shared::model::tasks::Task;
use proxie_shared::queue::events::Told;
use serde::Serialize;
use utoipa::ToSchema;

use super::tasks::TaskView;

/// One event of the stream.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": "4", "event": "delta", "data": "{\"text\":\"Three people could \"}"}))]
pub struct EventView {
    /// Its number.
    #[schema(pattern = "^[0-9]+$")]
    id: String,
    event: EventName,
    /// What is told, in JSON.
    #[schema(content_media_type = "application/json")]
    data: String,
}

/// What an event tells; the last three end the stream.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the schema is used")]
enum EventName {
    Stage,
    Delta,
    Reset,
    Tool,
    Completed,
    Failed,
    Cancelled,
}

/// An event that is not the last.
pub fn frame(told: &Told) -> String {
    format!("id: {}\nevent: {}\ndata: {}\n\n", told.no, told.name, told.data)
}

/// The last event: the task as its status tells it.
pub fn last_frame(no: u64, task: &Task, shown: &Shown, links: &Links) -> String {
    let view = serde_json::to_string(&TaskView::new(task, None, shown, links)).unwrap_or_else(|error| {
        tracing::error!(%error, task_id = %task.id, "a task does not serialise");
        "null".to_owned()
    });
    format!("id: {no}\nevent: {}\ndata: {view}\n\n", task.status)
}
