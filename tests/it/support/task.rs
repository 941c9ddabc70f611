//! A task, as who asked for it sees it.

use serde_json::Value;

use super::{Answer, Caller, eventually, patience, within};

/// A task, as who asked for it sees it.
#[derive(Clone, Debug)]
pub struct Task {
    caller: Caller,
    /// Its id.
    pub id: String,
    /// The conversation that it belongs to; empty if to none.
    pub session: String,
}

impl Task {
    /// A task of `caller`.
    pub fn new(caller: &Caller, id: &str) -> Self {
        Self { caller: caller.clone(), id: id.to_owned(), session: String::new() }
    }

    /// The task of a message that was taken.
    #[track_caller]
    pub fn accepted(caller: &Caller, answer: &Answer) -> Self {
        assert_eq!(answer.status, 202, "{answer:?}");
        let text = |name: &str| answer.body[name].as_str().unwrap_or_default().to_owned();
        let (id, session) = (text("task_id"), text("session_id"));
        assert_eq!(answer.header("location"), Some(format!("/chat/status/{id}").as_str()), "{answer:?}");
        let token = answer.body["guest_token"].as_str();
        let caller = token.map_or_else(|| caller.clone(), |token| caller.with_token(token));
        Self { caller, id, session }
    }

    /// How it stands.
    pub async fn status(&self) -> Value {
        self.caller.get(&format!("/chat/status/{}", self.id)).await.expect(200).body
    }

    /// How it stands once it has ended.
    pub async fn done(&self) -> Value {
        within(patience(), "the end of a task", async {
            loop {
                let path = format!("/chat/status/{}?wait=30", self.id);
                let task = self.caller.get(&path).await.expect(200).body;
                if task["status"] != "processing" {
                    return task;
                }
            }
        })
        .await
    }

    /// Its result, once it has completed.
    pub async fn result(&self) -> Value {
        let done = self.done().await;
        assert_eq!(done["status"], "completed", "{done}");
        done["result"].clone()
    }

    /// Its error's code, once it has failed.
    pub async fn failure(&self) -> String {
        let done = self.done().await;
        assert_eq!(done["status"], "failed", "{done}");
        assert!(done["result"].is_null(), "{done}");
        let detail = done["error"]["detail"].as_str().unwrap_or_default();
        assert!(detail.ends_with('.') && detail.contains(' '), "a sentence for people: {done}");
        done["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits until it has reached a stage.
    pub async fn reaches(&self, stage: &str) {
        eventually(stage, async || self.status().await["stage"] == stage).await;
    }

    /// Cancels it.
    pub async fn cancel(&self) -> Answer {
        self.caller.move_on(&format!("/chat/cancel/{}", self.id)).await
    }

    /// Tries it again.
    pub async fn retry(&self) -> Answer {
        self.caller.move_on(&format!("/chat/retry/{}", self.id)).await
    }

    /// Who asked for it: a guest that was made for it has its own token.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}
