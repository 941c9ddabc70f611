//! What somebody does to what is theirs leaves what is another's alone. Each story is a test; told with an owner
//! predicate switched off, the one that is about it must not go well.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, Task, eventually};

/// Makes each story a test, and all of them one.
macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        /// Tells every story, and stops at the first that does not go well.
        pub async fn tell_all(app: &App) {
            $( $story(app).await; )*
        }

        $(
            mod $story {
                #[tokio::test(flavor = "multi_thread")]
                async fn goes_well() {
                    let app = crate::support::App::builder().workers(0).start().await;
                    super::$story(&app).await;
                }
            }
        )*
    };
}

// Passwords are dear: what needs them comes last.
stories! {
    a_conversation_is_its_owners,
    lists_and_exports_hold_ones_own,
    anothers_like_request_is_no_duplicate,
    equal_keys_of_two_are_two_keys,
    words_said_before_forget_no_key_of_another,
    what_was_not_said_leaves_no_key_behind,
    anothers_profile_keeps_nobody_from_enrolling,
    a_task_that_was_just_looked_at_is_still_its_owners,
    a_claim_moves_what_one_guest_has,
    who_is_claimed_has_nothing_more_to_give,
    closing_an_account_cancels_no_task_of_another,
    a_new_password_is_for_one,
}

const PASSWORD: &str = "correct horse battery";

/// A consumer who has never been here.
fn somebody(app: &App) -> Caller {
    app.user(&Uuid::now_v7().to_string(), Role::Consumer)
}

async fn post_request(consumer: &Caller) -> Answer {
    let request =
        json!({"service_id": "haircut", "city": "Brooklyn", "description": "nobody else shall read"});
    consumer.post("/requests", request).await.expect(201)
}

async fn sessions(caller: &Caller) -> Vec<Value> {
    let listed = caller.get("/chat/sessions").await.expect(200).body;
    listed["items"].as_array().expect("a list").clone()
}

async fn a_conversation_is_its_owners(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let said = json!({"message": "hello", "client_message_id": "his"});
    let his = Task::accepted(&noah, &noah.post("/chat", said).await);
    for said in [json!({"message": "hello"}), json!({"message": "hello", "client_message_id": "his"})] {
        let mut said = said;
        said["session_id"] = json!(his.session);
        maya.post("/chat", said).await.expect(403);
    }
    maya.get(&format!("/chat/sessions/{}", his.session)).await.expect(403);
    maya.move_on(&format!("/chat/cancel/{}", his.id)).await.expect(403);
}

async fn lists_and_exports_hold_ones_own(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    noah.say("something that nobody else shall read").await;
    post_request(&noah).await;
    let hers = maya.say("my own words").await;
    let listed = sessions(&maya).await;
    assert_eq!(listed.iter().map(|session| &session["id"]).collect::<Vec<_>>(), [hers.session.as_str()]);
    let export = maya.get("/auth/me/export").await.expect(200);
    assert!(!export.text.contains("nobody else shall read"), "the export tells what another said or needs");
    assert_eq!(export.body["requests"], json!([]));
}

async fn anothers_like_request_is_no_duplicate(app: &App) {
    post_request(&somebody(app)).await;
    post_request(&somebody(app)).await;
}

async fn post_with_key(caller: &Caller, path: &str, key: &str, body: &Value) -> Value {
    let call = caller.call(Method::POST, path).header("idempotency-key", key).json(body);
    let answer = caller.send(call).await;
    assert!([201, 202].contains(&answer.status), "{answer:?}");
    answer.body
}

async fn anothers_profile_keeps_nobody_from_enrolling(app: &App) {
    app.seed().await;
    let body = json!({"message": "I would like to offer my services", "role": "enrollment"});
    somebody(app).post("/chat", body).await.expect(202);
}

async fn what_was_not_said_leaves_no_key_behind(app: &App) {
    let his = somebody(app).say("hello").await;
    let maya = somebody(app);
    let body = json!({"message": "hello", "session_id": his.session});
    for _ in 0..2 {
        let call = maya.call(Method::POST, "/chat").header("idempotency-key", "k").json(&body);
        maya.send(call).await.expect(403);
    }
}

async fn equal_keys_of_two_are_two_keys(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    for (path, body) in [
        ("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})),
        ("/chat", json!({"message": "hello"})),
    ] {
        let his = post_with_key(&noah, path, "k", &body).await;
        let hers = post_with_key(&maya, path, "k", &body).await;
        assert_ne!(his["task_id"], hers["task_id"]);
        assert_eq!(post_with_key(&noah, path, "k", &body).await["task_id"], his["task_id"]);
        assert_eq!(post_with_key(&maya, path, "k", &body).await["task_id"], hers["task_id"]);
    }
}

async fn words_said_before_forget_no_key_of_another(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let hello = json!({"message": "hello"});
    let his = post_with_key(&noah, "/chat", "k", &hello).await;
    let session = maya.say("hello").await.session;
    let body = json!({"message": "hello again", "session_id": session, "client_message_id": "mine"});
    let hers = post_with_key(&maya, "/chat", "first", &body).await;
    assert_eq!(post_with_key(&maya, "/chat", "k", &body).await["task_id"], hers["task_id"]);
    assert_eq!(post_with_key(&noah, "/chat", "k", &hello).await["task_id"], his["task_id"]);
}

async fn a_task_that_was_just_looked_at_is_still_its_owners(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = noah.say("hello").await;
    his.status().await;
    let copies = app.redis.key(&format!("*task:*:{}", his.id));
    eventually("there is a copy of it", async || {
        !app.redis.command::<Vec<String>>(&["KEYS", &copies]).await.is_empty()
    })
    .await;
    maya.get(&format!("/chat/status/{}", his.id)).await.expect(403);
}

/// A guest who has said something and been shown a draft.
async fn guest_with_draft(app: &App) -> Task {
    let said = app.anybody().say("I need a haircut").await;
    let made = format!(
        "INSERT INTO drafts (id, session_id, user_id, kind, fields, expires_at)
         SELECT '{}', id, user_id, 'request', '{{}}', now() + interval '1 day'
         FROM chat_sessions WHERE id = '{}'",
        Uuid::now_v7(),
        said.session
    );
    app.database.execute(&made).await;
    said
}

async fn claim(consumer: &Caller, guest: &Caller) -> Answer {
    consumer.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await
}

async fn a_claim_moves_what_one_guest_has(app: &App) {
    let (claimed, other) = (guest_with_draft(app).await, guest_with_draft(app).await);
    let maya = somebody(app);
    let hers = maya.say("my own words").await;
    let moved = claim(&maya, claimed.caller()).await.expect(200).body;
    assert_eq!(moved["sessions"], json!([claimed.session]));
    assert_eq!(sessions(&maya).await.len(), 2);
    hers.status().await;
    Task::new(&maya, &claimed.id).status().await;
    assert_eq!(sessions(other.caller()).await.len(), 1);
    other.status().await;
    // Whoever has a conversation has all that is in it, and she has no other's.
    for (id, owners) in [(&claimed.session, 1), (&other.session, 1)] {
        let count = format!(
            "SELECT count(DISTINCT owner) FROM (
               SELECT user_id AS owner FROM chat_sessions WHERE id = '{id}'
               UNION ALL SELECT user_id FROM tasks WHERE session_id = '{id}'
               UNION ALL SELECT user_id FROM drafts WHERE session_id = '{id}') all_in_it"
        );
        assert_eq!(app.database.value(&count).await, owners, "{id}");
    }
}

async fn who_is_claimed_has_nothing_more_to_give(app: &App) {
    let (maya, noah) = (somebody(app), somebody(app));
    let guest = app.anybody().say("hello").await;
    claim(&maya, guest.caller()).await.expect(200);
    // For some seconds the guest may be remembered; there is nothing left in any case.
    let again = claim(&noah, guest.caller()).await;
    assert!(again.status == 422 || again.body["sessions"] == json!([]), "{again:?}");
    assert_eq!((sessions(&noah).await.len(), sessions(&maya).await.len()), (0, 1));
}

async fn closing_an_account_cancels_no_task_of_another(app: &App) {
    let (noah, zoe) = (somebody(app), somebody(app));
    let said = noah.say("hello").await;
    let matching = post_request(&noah).await.body["task_id"].as_str().expect("a task").to_owned();
    zoe.say("hello").await;
    zoe.delete("/auth/me").await.expect(204);
    // The rows: a copy may be behind for a moment.
    let open = format!(
        "SELECT count(*) FROM tasks WHERE status = 'processing' AND id IN ('{}', '{matching}')",
        said.id
    );
    assert_eq!(app.database.value(&open).await, 2);
}

fn credentials(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}

async fn a_new_password_is_for_one(app: &App) {
    let emails = [(); 2].map(|()| format!("{}@example.com", Uuid::now_v7()));
    let mut made = Vec::new();
    for email in &emails {
        made.push(app.anybody().post("/auth/register", credentials(email)).await.expect(201).body);
    }
    let maya = app.anybody().with_token(made[0]["access_token"].as_str().expect("a token"));
    let body = json!({"current_password": PASSWORD, "new_password": "a newer horse battery"});
    maya.post("/auth/password", body).await.expect(200);
    let noahs = json!({"refresh_token": made[1]["refresh_token"]});
    app.anybody().post("/auth/refresh", noahs).await.expect(200);
    app.anybody().post("/auth/login", credentials(&emails[1])).await.expect(200);
}
