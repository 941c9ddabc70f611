//! What the agent does for providers, and for who becomes one: through a model that makes exactly the calls that it is told to.

mod enrolling;
mod offering;
mod running;

use proxie_offline_llm::{Fault, Kind};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Caller, Task};

/// A model that makes the calls that a message asks for by `CALL tool {…}`.
async fn obedient() -> App {
    let app = App::start().await;
    app.model.always(Some(Fault::kind(Kind::Obey)));
    app
}

/// A hairdresser with a lead: her, her profile, the request.
async fn with_lead(app: &App) -> (Caller, Uuid, Uuid) {
    let curls = app.user("curls", Role::Provider);
    let provider = app.provider_row(app.id_of(&curls).await).await;
    let request = lead(app, provider).await;
    (curls, provider, request)
}

async fn lead(app: &App, provider: Uuid) -> Uuid {
    let consumer = app.user_row(Role::Consumer).await;
    let request = app.request_row(consumer).await;
    app.lead_row(request, provider).await;
    request
}

/// What the tools of a task have answered.
async fn results(app: &App, task: &Task) -> Vec<Value> {
    let sql = format!(
        "SELECT output->'result' AS result FROM task_steps WHERE task_id = '{}' AND kind = 'tool' ORDER BY no",
        task.id
    );
    app.database.rows(&sql).await.into_iter().map(|row| row["result"].clone()).collect()
}

/// Says something with one call in it, and answers the task's result with what the tool answered.
async fn told(app: &App, caller: &Caller, session: Option<&str>, message: &str) -> (Value, Value) {
    told_as(app, caller, json!({"message": message, "session_id": session})).await
}

async fn told_as(app: &App, caller: &Caller, body: Value) -> (Value, Value) {
    let task = Task::accepted(caller, &caller.post("/chat", body).await);
    let result = task.result().await;
    let tool = results(app, &task).await.pop().unwrap_or_default();
    (result, tool)
}

fn session(result: &Value) -> &str {
    result["session_id"].as_str().unwrap()
}

/// The approval of the draft that an answer shows.
fn approval(result: &Value) -> Value {
    let draft = &result["draft"];
    json!({
        "session_id": result["session_id"],
        "action": {"kind": "approve", "draft_id": draft["id"], "draft_version": draft["version"]},
    })
}
