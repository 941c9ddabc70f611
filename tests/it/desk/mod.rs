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

/// What a tool has answered in a task, the last time it was called.
async fn answered(app: &App, task: &Task, tool: &str) -> Value {
    let sql = format!(
        "SELECT output->'result' AS result FROM task_steps
         WHERE task_id = '{}' AND kind = 'tool' AND name = '{tool}' ORDER BY no DESC LIMIT 1",
        task.id
    );
    app.database.rows(&sql).await.pop().map_or(Value::Null, |row| row["result"].clone())
}

/// Says something that ends with a call; answers the task's result and what that tool answered.
async fn told(app: &App, caller: &Caller, session: Option<&str>, message: &str) -> (Value, Value) {
    told_as(app, caller, json!({"message": message, "session_id": session})).await
}

async fn told_as(app: &App, caller: &Caller, body: Value) -> (Value, Value) {
    let (_, call) = body["message"].as_str().unwrap().rsplit_once("CALL ").unwrap();
    let (tool, _) = call.split_once(' ').unwrap();
    let tool = tool.to_owned();
    let task = Task::accepted(caller, &caller.post("/chat", body).await);
    let result = task.result().await;
    let answer = answered(app, &task, &tool).await;
    (result, answer)
}

/// Approves the draft that an answer shows; answers the result.
async fn approve(caller: &Caller, shown: &Value) -> Value {
    let draft = &shown["draft"];
    let body = json!({
        "message": "", "session_id": shown["session_id"],
        "action": {"kind": "approve", "draft_id": draft["id"], "draft_version": draft["version"]},
    });
    Task::accepted(caller, &caller.post("/chat", body).await).result().await
}

fn session(result: &Value) -> &str {
    result["session_id"].as_str().unwrap()
}
