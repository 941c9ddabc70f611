//! Conversations whose owner grows into another role: what was said stays, and the agent says once that it knows.

use proxie_offline_llm::Fault;
use serde_json::{Value, json};

use super::overheard::{Overheard, line};
use super::said;
use crate::support::{App, Caller, HAIRCUT, Task};

/// The role that a conversation's owner has newly, as long as nobody has told them.
async fn became(app: &App, session: &str) -> Value {
    app.database.value(&format!("SELECT became::text FROM chat_sessions WHERE id = '{session}'")).await
}

/// What the model was told of a new role since this was last asked, each once; empty where it was told of none.
fn told(overheard: &Overheard) -> Vec<String> {
    let calls = overheard.calls();
    overheard.forget();
    let mut told: Vec<String> =
        calls.iter().map(|call| line(call, "Became").unwrap_or_default().to_owned()).collect();
    told.dedup();
    told
}

async fn claims(guest: &Caller, app: &App) -> Caller {
    let maya = app.consumer("maya");
    maya.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await.expect(200);
    maya
}

#[tokio::test]
async fn who_signs_up_is_welcomed_once() {
    let mut app = App::builder().workers(0).start().await;
    let overheard = Overheard::begin(&mut app);
    app.start_worker();
    let guest = app.guest().await;
    let first = guest.say(HAIRCUT).await;
    assert_eq!(first.result().await["ui"], "sign_up");
    assert_eq!(became(&app, &first.session).await, Value::Null);
    assert_eq!(told(&overheard), [""]);

    let maya = claims(&guest, &app).await;
    assert_eq!(became(&app, &first.session).await, "consumer");
    assert_eq!(maya.session(&first.session).await["role"], "consumer");
    let welcome = said(&maya, &first.session, "hello again").await["result"].clone();
    assert!(welcome["message"].as_str().unwrap().contains("You have an account now"), "in words: {welcome}");
    assert_eq!(told(&overheard), ["consumer"]);
    assert_eq!(became(&app, &first.session).await, Value::Null, "that was it");
    assert_eq!(welcome["draft"]["fields"]["city"], "Brooklyn", "what was said stays: {welcome}");
    assert_eq!(welcome["awaiting_approval"], true, "{welcome}");

    let later = said(&maya, &first.session, "thank you").await["result"].clone();
    assert!(!later["message"].as_str().unwrap().contains("You have an account now"), "once: {later}");
    assert_eq!(told(&overheard), [""]);
}

#[tokio::test]
async fn a_welcome_that_failed_is_made_up_for() {
    let app = App::builder().tasks(|tasks| tasks.max_claims = 1).start().await;
    let guest = app.guest().await;
    let first = guest.say(HAIRCUT).await;
    first.result().await;
    let maya = claims(&guest, &app).await;
    app.model.always(Some(Fault::status(500)));
    let failed = maya.say_in(&first.session, "hello again").await;
    assert_eq!(failed.failure().await, "model_unavailable");
    assert_eq!(became(&app, &first.session).await, "consumer", "nobody has told her yet");
    app.model.clear();
    let told = Task::accepted(&maya, &failed.retry().await).result().await;
    assert!(told["message"].as_str().unwrap().contains("You have an account now"), "{told}");
    assert_eq!(became(&app, &first.session).await, Value::Null);
}
