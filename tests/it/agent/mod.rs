//! The agent: what is settled by the person, what it knows and says, and what those get who mean it ill.

mod hostile;
mod killed;
mod overheard;
mod photos;
mod prompts;
mod roles;
mod settle;
mod summary;
mod yes;

use serde_json::{Value, json};

use crate::support::{Caller, Task};

/// Says something in a conversation; how its task stands once it has completed.
async fn said(caller: &Caller, session: &str, text: &str) -> Value {
    let done = caller.say_in(session, text).await.done().await;
    assert_eq!(done["status"], "completed", "{text}: {done}");
    done
}

/// Presses a button of the draft that an answer shows; how its task stands once it has completed.
async fn pressed(caller: &Caller, kind: &str, shown: &Value) -> Value {
    let draft = &shown["draft"];
    let action = json!({"kind": kind, "draft_id": draft["id"], "draft_version": draft["version"]});
    let body = json!({"session_id": shown["session_id"], "action": action});
    let done = Task::accepted(caller, &caller.post("/chat", body).await).done().await;
    assert_eq!(done["status"], "completed", "{kind}: {done}");
    done
}

/// The kinds of what happened in a task.
fn effects(done: &Value) -> Vec<&str> {
    done["effects"].as_array().unwrap().iter().map(|effect| effect["kind"].as_str().unwrap()).collect()
}
