//! Whole ways by chat alone, with the API and a worker as processes and over HTTP: what people say becomes what they came for.

mod consumer;
mod guest;
mod provider;
mod restart;

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Task};
use crate::whole_way::{Town, becomes};

/// Somebody in a conversation.
struct Chat {
    caller: Caller,
    session: String,
    /// As what they speak, if not as what they are.
    role: Option<&'static str>,
}

impl Chat {
    /// A conversation that begins with these words, and what is answered. Who has no token is made a guest.
    async fn begin(caller: &Caller, role: Option<&'static str>, text: &str) -> (Self, Value) {
        let sent = caller.post("/chat", json!({"message": text, "role": role})).await;
        let task = Task::accepted(caller, &sent);
        let chat = Self { caller: task.caller().clone(), session: task.session.clone(), role };
        (chat, task.result().await)
    }

    /// What is answered to these words.
    async fn say(&self, text: &str) -> Value {
        self.task(text).await.result().await
    }

    /// What a plain yes makes happen: kinds.
    async fn yes(&self) -> Vec<String> {
        let task = self.task("yes").await;
        let result = task.result().await;
        assert!(result["draft"].is_null() && result["awaiting_approval"] == false, "{result}");
        let done = task.status().await;
        let effects = done["effects"].as_array().unwrap().iter();
        effects.map(|effect| effect["kind"].as_str().unwrap().to_owned()).collect()
    }

    async fn task(&self, text: &str) -> Task {
        let body = json!({"message": text, "session_id": self.session, "role": self.role});
        Task::accepted(&self.caller, &self.caller.post("/chat", body).await)
    }
}

/// The draft of this kind that an answer asks a yes for.
#[track_caller]
fn drafted(answer: &Value, kind: &str) -> Value {
    assert_eq!(answer["awaiting_approval"], true, "{answer}");
    let draft = &answer["draft"];
    assert_eq!((&draft["kind"], &draft["missing"]), (&json!(kind), &json!([])), "{answer}");
    draft["fields"].clone()
}

/// The only item of a list.
#[track_caller]
fn only(list: &Answer) -> Value {
    let items = list.body["items"].as_array().unwrap_or_else(|| panic!("no list: {list:?}"));
    assert_eq!(items.len(), 1, "{list:?}");
    items[0].clone()
}

/// Somebody who has become a cleaner in Queens by chat.
struct Cleaner {
    caller: Caller,
    /// The conversation, in which nothing was said since.
    chat: Chat,
    provider: String,
}

async fn cleaner(town: &Town) -> Cleaner {
    let olga = town.registers("Olga Petrova").await.caller;
    let first = "Hi! I'm Olga, I clean homes in Queens and my business is called Sparkle Bright";
    let (chat, told) = Chat::begin(&olga, Some("enrollment"), first).await;
    assert!(!told["data"]["enrollment"].is_null(), "{told}");
    chat.say("House cleaning, from $90 to $160. Monday to Friday 9 to 6.").await;
    let handed = chat.say("that's all, please submit it").await;
    let fields = drafted(&handed, "enrollment");
    assert_eq!(fields["enrollment"]["business_name"], "Sparkle Bright", "{fields}");
    let path = format!("/enrollment/{}", fields["enrollment_id"].as_str().unwrap());
    assert_eq!(olga.get(&path).await.expect(200).body["status"], "draft", "not without a yes");
    assert_eq!(chat.yes().await, ["enrollment_submitted"]);
    let mine = olga.get(&path).await.expect(200).body;
    assert_eq!(mine["status"], "verified", "{mine}");
    becomes(&olga, "provider").await;
    let provider = mine["provider_id"].as_str().unwrap().to_owned();
    Cleaner { caller: olga, chat: Chat { role: None, ..chat }, provider }
}

/// What somebody is called, and where they live, as their profile has it.
async fn profile(caller: &Caller) -> (Value, Value) {
    let profile = caller.get("/consumers/me/profile").await.expect(200).body;
    (profile["name"].clone(), profile["city"].clone())
}
