//! Events of a task as Server-Sent Events (HTML, 9.2): a few lines of text each.

use proxie_shared::auth::Links;
use proxie_shared::domain::shown::Shown;
use proxie_shared::model::tasks::Task;
use proxie_shared::queue::events::Told;

use super::tasks::TaskView;

/// The stream of a message that was answered.
pub const EXAMPLE: &str = "retry: 1000\n\n\
    id: 1\nevent: stage\ndata: {\"stage\":\"running\",\"attempts\":1}\n\n\
    id: 2\nevent: tool\ndata: {\"name\":\"search_providers\",\"state\":\"started\"}\n\n\
    id: 3\nevent: tool\ndata: {\"name\":\"search_providers\",\"state\":\"finished\"}\n\n\
    id: 4\nevent: delta\ndata: {\"text\":\"Three people could \"}\n\n\
    id: 5\nevent: reset\ndata: {\"from\":4}\n\n\
    id: 6\nevent: delta\ndata: {\"text\":\"Three people in Brooklyn could do it.\"}\n\n\
    id: 7\nevent: completed\ndata: {\"task_id\":\"01a205b5-4c12-7aa3-92c6-0be47d5f1c22\",\"status\":\"completed\"}\n\n";

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
