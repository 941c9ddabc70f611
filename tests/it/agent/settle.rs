//! What the agent drafts happens by the person's yes, once.

use proxie_offline_llm::Fault;
use serde_json::json;

use crate::support::{App, HAIRCUT, Task};

const POSTED: &str = "SELECT count(*) FROM requests";

#[tokio::test]
async fn a_yes_stands_though_the_model_fails_after_it_and_is_not_done_again() {
    let app = App::builder().tasks(|tasks| tasks.max_claims = 1).start().await;
    let maya = app.consumer("maya");
    let first = maya.say(HAIRCUT).await;
    assert_eq!(first.result().await["awaiting_approval"], true);
    app.model.always(Some(Fault::status(500)));
    let yes = maya.say_in(&first.session, "yes, please").await;
    assert_eq!(yes.failure().await, "model_unavailable");
    assert_eq!(yes.status().await["effects"][0]["kind"], "request_created");
    app.model.clear();
    let again = Task::accepted(&maya, &yes.retry().await);
    let told = again.result().await;
    assert_eq!((&told["draft"], &told["awaiting_approval"]), (&json!(null), &json!(false)), "{told}");
    assert_eq!(again.status().await["effects"], json!([]), "it has happened already");
    assert_eq!(app.database.value(POSTED).await, 1);
}

#[tokio::test]
async fn one_button_pressed_twice_is_one_request() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let first = maya.say(HAIRCUT).await;
    app.start_worker();
    let draft = first.result().await["draft"].clone();
    let action = json!({"kind": "approve", "draft_id": draft["id"], "draft_version": draft["version"]});
    let press = || maya.post("/chat", json!({"session_id": first.session, "action": action}));
    let (one, other) = futures::join!(press(), press());
    let mut created = 0;
    for pressed in [one, other] {
        // The second may come when the first is done: then it is refused at once.
        if pressed.status == 409 {
            continue;
        }
        let task = Task::accepted(&maya, &pressed);
        task.result().await;
        created += task.status().await["effects"].as_array().map_or(0, Vec::len);
    }
    assert_eq!((created, app.database.value(POSTED).await), (1, json!(1)));
}

#[tokio::test]
async fn a_yes_to_a_question_is_none_to_the_draft() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let first = maya.say("I need a haircut in Brooklyn").await;
    assert_eq!(first.result().await["awaiting_approval"], false, "when and for how much is asked for");
    let yes = maya.say_in(&first.session, "yes").await;
    yes.result().await;
    assert_eq!(yes.status().await["effects"], json!([]));
    assert_eq!(app.database.value(POSTED).await, 0);
}

#[tokio::test]
async fn a_yes_that_says_more_is_a_change() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let first = maya.say(HAIRCUT).await;
    let shown = first.result().await["draft"].clone();
    let more = maya.say_in(&first.session, "yes, but make it $80").await;
    let changed = more.result().await["draft"].clone();
    assert_eq!(app.database.value(POSTED).await, 0);
    assert_eq!((&changed["id"], &changed["fields"]["budget"]["max_cents"]), (&shown["id"], &json!(8_000)));
    assert!(changed["version"].as_i64() > shown["version"].as_i64(), "a changed draft needs a new yes");
    maya.say_in(&first.session, "yes").await.result().await;
    assert_eq!(app.database.value(POSTED).await, 1);
}
