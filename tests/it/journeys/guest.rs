//! A guest: from a need to an account whose conversation goes on.

use serde_json::json;

use super::{Chat, drafted, only, profile};
use crate::whole_way::Town;

/// What somebody needs who has no account.
const NEED: &str =
    "Hi, I'm Leo from Astoria. My bathtub drain is clogged and I need someone tomorrow, $200 at most";

#[tokio::test]
async fn from_a_need_by_an_account_to_a_request() {
    let town = Town::new().await;
    let (guest, shown) = Chat::begin(&town.anybody, None, NEED).await;
    assert_eq!((&shown["ui"], &shown["awaiting_approval"]), (&json!("sign_up"), &json!(false)), "{shown}");
    let draft = shown["draft"].clone();
    assert_eq!(
        (&draft["kind"], &draft["fields"]["service_id"], &draft["fields"]["city"]),
        (&json!("request"), &json!("drain_cleaning"), &json!("Astoria"))
    );
    // A guest's yes is none yet.
    let early = guest.say("yes").await;
    assert_eq!(early["draft"]["id"], draft["id"], "{early}");

    // The account, by which the conversation is another's.
    let leo = town.registers_nameless(Some(&guest.caller)).await.caller;
    assert_eq!(profile(&leo).await, (json!("Leo"), json!("Astoria")), "what a guest has said is known");
    let session = leo.session(&guest.session).await;
    assert_eq!((&session["role"], &session["open_draft"]["id"]), (&json!("consumer"), &draft["id"]));
    assert_eq!(leo.get("/requests").await.expect(200).body["items"], json!([]), "nothing is posted yet");

    // It goes on: the new role is acknowledged in words, once, and the draft awaits a yes.
    let chat = Chat { caller: leo.clone(), session: guest.session, role: None };
    let welcome = chat.say("hello again").await;
    assert!(welcome["message"].as_str().unwrap().contains("You have an account now"), "{welcome}");
    assert_eq!(drafted(&welcome, "request"), draft["fields"], "{welcome}");
    assert_eq!(chat.yes().await, ["request_created"]);
    let request = only(&leo.get("/requests").await.expect(200));
    assert_eq!((&request["service_id"], &request["city"]), (&json!("drain_cleaning"), &json!("Astoria")));
    assert_eq!(request["budget"]["max_cents"], 20_000);
    println!(
        "figure: by chat alone, over HTTP with processes: from a guest's need to a request in 4 messages"
    );
}

#[tokio::test]
async fn what_was_stated_before_is_not_overwritten() {
    let town = Town::new().await;
    let maya = town.registers("Maya Lind").await.caller;
    let lives = maya.call(reqwest::Method::PATCH, "/consumers/me/location").json(&json!({"city": "Harlem"}));
    maya.send(lives).await.expect(200);
    let (guest, _) = Chat::begin(&town.anybody, None, NEED).await;
    let claim = json!({"guest_token": guest.caller.token});
    maya.post("/chat/sessions/claim", claim).await.expect(200);
    assert_eq!(profile(&maya).await, (json!("Maya Lind"), json!("Harlem")));
    let session = maya.session(&guest.session).await;
    assert_eq!(
        session["open_draft"]["fields"]["city"], "Astoria",
        "the need is where it was said: {session}"
    );
}
