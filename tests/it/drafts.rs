//! Drafts as clients meet them: a button is of one draft in one version. What the agent makes of it is not here.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, assert_problem};

/// A conversation of somebody's in which a draft is open.
struct Shown {
    who: Caller,
    session: String,
    draft: Uuid,
}

impl Shown {
    /// A draft of this kind, in its third version.
    async fn new(app: &App, kind: &str, fields: Value) -> Self {
        let who = app.user(&Uuid::now_v7().to_string(), Role::Consumer);
        let session = who.say("hello").await.session;
        let draft = Uuid::now_v7();
        let made = format!(
            "INSERT INTO drafts (id, session_id, user_id, kind, version, fields, expires_at)
               SELECT '{draft}', id, user_id, '{kind}', 3, '{fields}', now() + interval '7 days'
               FROM chat_sessions WHERE id = '{session}'"
        );
        app.database.execute(&made).await;
        Self { who, session, draft }
    }

    async fn request(app: &App) -> Self {
        Self::new(app, "request", json!({"service_id": "haircut", "city": "Brooklyn"})).await
    }

    fn button(&self, kind: &str, version: i32) -> Value {
        json!({"kind": kind, "draft_id": self.draft, "draft_version": version})
    }

    async fn press(&self, action: Value) -> Answer {
        self.who.post("/chat", json!({"session_id": self.session, "action": action})).await
    }

    async fn open_draft(&self) -> Value {
        self.who.session(&self.session).await["open_draft"].clone()
    }

    /// What is kept of a message that was taken.
    async fn kept(&self, app: &App, taken: &Answer) -> Value {
        let task = taken.body["task_id"].as_str().expect("a task");
        app.database.value(&format!("SELECT action FROM chat_messages WHERE task_id = '{task}'")).await
    }

    async fn set(&self, app: &App, what: &str) {
        app.database.execute(&format!("UPDATE drafts SET {what} WHERE id = '{}'", self.draft)).await;
    }
}

async fn app() -> App {
    App::builder().workers(0).start().await
}

#[tokio::test]
async fn a_button_is_of_one_draft_in_one_version() {
    let app = app().await;
    let shown = Shown::request(&app).await;
    let open = shown.open_draft().await;
    assert_eq!((&open["id"], &open["version"]), (&json!(shown.draft), &json!(3)));
    let another = json!({"kind": "approve", "draft_id": Uuid::now_v7(), "draft_version": 3});
    for stale in [shown.button("approve", 2), shown.button("cancel", 4), shown.button("edit", 1), another] {
        let answer = shown.press(stale).await;
        assert_problem!(answer, 409, "draft_changed");
        assert_eq!(answer.body["draft"], open, "the present one comes along");
    }
    for kind in ["approve", "edit", "cancel"] {
        let button = shown.button(kind, 3);
        let taken = shown.press(button.clone()).await.expect(202);
        assert_eq!(shown.kept(&app, &taken).await, button);
    }
}

#[tokio::test]
async fn where_no_draft_is_open_a_button_means_none() {
    let app = app().await;
    for over in ["status = 'approved'", "status = 'cancelled'", "expires_at = now() - interval '1 minute'"] {
        let shown = Shown::request(&app).await;
        shown.set(&app, over).await;
        for action in [shown.button("approve", 3), json!("approve_request"), json!("submit_offer")] {
            let answer = shown.press(action).await;
            assert_problem!(answer, 409, "draft_changed");
            assert_eq!(answer.body.get("draft"), Some(&Value::Null), "{over}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn words_of_the_first_clients_mean_the_open_draft() {
    let app = app().await;
    let shown = Shown::request(&app).await;
    for (word, kind) in
        [("approve_request", "approve"), ("edit_request", "edit"), ("cancel_request", "cancel")]
    {
        let taken = shown.press(json!(word)).await.expect(202);
        assert_eq!(shown.kept(&app, &taken).await, shown.button(kind, 3), "{word}");
    }
    // These two say of what.
    for word in ["submit_offer", "submit_enrollment"] {
        let answer = shown.press(json!(word)).await;
        assert_problem!(answer, 409, "draft_changed");
        assert_eq!(answer.body["draft"]["kind"], "request");
    }
    let enrollment = json!({"enrollment_id": Uuid::now_v7(), "enrollment": {"city": "Brooklyn"}});
    let shown = Shown::new(&app, "enrollment", enrollment).await;
    let taken = shown.press(json!("submit_enrollment")).await.expect(202);
    assert_eq!(shown.kept(&app, &taken).await, shown.button("approve", 3));
}

#[tokio::test]
async fn a_button_is_pressed_in_a_conversation_of_ones_own() {
    let app = app().await;
    let (maya, noah) = (Shown::request(&app).await, Shown::request(&app).await);
    for action in [maya.button("approve", 3), json!("approve_request")] {
        let body = json!({"session_id": maya.session, "action": action});
        let answer = noah.who.post("/chat", body.clone()).await;
        assert_problem!(answer, 403, "not_yours");
        let anybody = app.anybody().post("/chat", body).await;
        assert_problem!(anybody, 403, "not_yours");
        let nowhere = noah.who.post("/chat", json!({"message": "yes", "action": action})).await;
        assert_problem!(nowhere, 422, "invalid", ["/body/session_id"]);
    }
    // Hers is none of his conversation's.
    assert_problem!(noah.press(maya.button("approve", 3)).await, 409, "draft_changed");
}

#[tokio::test]
async fn what_is_wrong_with_a_button_is_said() {
    let app = app().await;
    let shown = Shown::request(&app).await;
    for (action, wrong) in [
        (
            json!({"kind": "accept", "draft_id": "x", "draft_version": "3"}),
            &["action/draft_id", "action/draft_version", "action/kind", "message"][..],
        ),
        (json!({"kind": "approve", "draft_id": shown.draft}), &["action/draft_version", "message"]),
        (
            json!({"kind": "approve", "draft_id": shown.draft, "draft_version": 3, "sure": true}),
            &["action/sure"],
        ),
    ] {
        let answer = shown.press(action).await;
        // A button that is none says nothing, and there are no words.
        let pointers: Vec<String> = wrong.iter().map(|field| format!("/body/{field}")).collect();
        let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
        crate::support::check_problem(&answer, 422, "invalid", Some(&pointers));
    }
    assert_problem!(shown.press(json!("approve")).await, 422, "invalid", ["/body/action", "/body/message"]);
}

#[tokio::test]
async fn the_same_button_pressed_again_is_answered_the_same_whatever_became_of_the_draft() {
    let app = app().await;
    let shown = Shown::request(&app).await;
    let body = |version: i32, client: Option<&str>| json!({"session_id": shown.session, "action": shown.button("approve", version), "client_message_id": client});
    let keyed = async |key: &str, body: &Value| {
        shown.who.send(shown.who.call(Method::POST, "/chat").header("idempotency-key", key).json(body)).await
    };
    let by_client = shown.who.post("/chat", body(3, Some("m-1"))).await.expect(202);
    let by_key = keyed("k-1", &body(3, None)).await.expect(202);
    let refused = keyed("k-2", &body(4, None)).await;
    assert_problem!(refused, 409, "draft_changed");

    shown.set(&app, "status = 'approved'").await;
    let again = shown.who.post("/chat", body(3, Some("m-1"))).await.expect(202);
    assert_eq!(again.body["task_id"], by_client.body["task_id"]);
    let again = keyed("k-1", &body(3, None)).await.expect(202);
    assert_eq!(again.body["task_id"], by_key.body["task_id"]);
    let again = keyed("k-2", &body(4, None)).await;
    assert_eq!(again.body["draft"], refused.body["draft"], "the first answer, as it was");
    assert_problem!(keyed("k-1", &body(4, None)).await, 422, "idempotency_mismatch", []);
    assert_problem!(shown.who.post("/chat", body(3, Some("m-2"))).await, 409, "draft_changed");
}
