//! `Idempotency-Key`: the same call has its effect once.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, Deal, HAIRCUT, WAITING, assert_problem, eventually, slot};

async fn post(caller: &Caller, path: &str, key: &str, body: &Value) -> Answer {
    caller.send(caller.call(Method::POST, path).header("idempotency-key", key).json(body)).await
}

fn request() -> Value {
    json!({"service_id": "haircut", "city": "Brooklyn"})
}

async fn count(app: &App, table: &str) -> i64 {
    app.database.value(&format!("SELECT count(*) FROM {table}")).await.as_i64().unwrap()
}

/// The same but for its id.
fn same(answer: &Answer) -> (u16, Option<&str>, Value) {
    let mut body = answer.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status, answer.header("location"), body)
}

#[tokio::test]
async fn fifty_at_once_have_one_effect_and_equal_answers() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    for (path, body, table) in
        [("/requests", request(), "requests"), ("/chat", json!({"message": HAIRCUT}), "tasks")]
    {
        let before = count(&app, table).await;
        let answers = futures::future::join_all((0..50).map(|_| post(&maya, path, "once", &body))).await;
        let first = same(&answers[0]);
        assert!([201, 202].contains(&first.0), "{:?}", answers[0]);
        for answer in &answers {
            assert_eq!(same(answer), first);
            assert_eq!(answer.text, answers[0].text, "letter by letter");
        }
        assert_eq!(count(&app, table).await, before + 1, "{path}");
    }
    assert_eq!(count(&app, "chat_messages").await, 1);
    println!(
        "figure: Idempotency-Key: 50 equal calls at once, one effect, equal answers, on POST /requests and POST /chat"
    );
}

#[tokio::test]
async fn equal_messages_that_arrive_together_are_taken_in_one_go() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    maya.get("/auth/me").await.expect(200);
    // While the table is held they gather and go out in few statements, in which keys are there more than once; those that
    // are held too long go alone.
    let held = app.database.hold("BEGIN; LOCK TABLE idempotency_keys").await;
    let body = json!({"message": HAIRCUT});
    let calls = futures::future::join_all((0..30).map(|call| {
        let key = if call % 2 == 0 { "even" } else { "odd" };
        post(&maya, "/chat", key, &body)
    }));
    let meanwhile = async {
        eventually("they wait", async || app.database.value(WAITING).await != 0).await;
        held.finish("COMMIT").await;
    };
    let (answers, ()) = tokio::join!(calls, meanwhile);
    let tasks: std::collections::BTreeSet<String> =
        answers.into_iter().map(|answer| answer.expect(202).body["task_id"].to_string()).collect();
    assert_eq!((tasks.len(), count(&app, "tasks").await), (2, 2));
}

#[tokio::test]
async fn another_call_with_the_key_is_refused() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    post(&maya, "/chat", "k", &json!({"message": "hello"})).await.expect(202);
    let other = post(&maya, "/chat", "k", &json!({"message": "good-bye"})).await;
    assert_problem!(other, 422, "idempotency_mismatch", []);
    // Another operation, another caller: another key.
    post(&maya, "/requests", "k", &request()).await.expect(201);
    post(&app.consumer("noah"), "/chat", "k", &json!({"message": "good-bye"})).await.expect(202);
    for bad in ["", " ", &"x".repeat(256)] {
        let refused = post(&maya, "/requests", bad, &request()).await;
        assert_problem!(refused, 422, "invalid", ["/header/Idempotency-Key"]);
    }
}

#[tokio::test]
async fn a_refusal_is_repeated_too() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let first = post(&maya, "/requests", "a", &request()).await.expect(201);
    let refused = post(&maya, "/requests", "b", &request()).await;
    assert_problem!(refused, 409, "duplicate_request");
    // It would go through now; but it was answered.
    app.database.execute("UPDATE requests SET status = 'cancelled'").await;
    let again = post(&maya, "/requests", "b", &request()).await;
    assert_eq!(same(&again), same(&refused));
    assert_ne!(again.body["request_id"], refused.body["request_id"]);
    assert_eq!(same(&post(&maya, "/requests", "a", &request()).await), same(&first));
}

#[tokio::test]
async fn a_message_to_anothers_conversation_leaves_no_key_behind() {
    let app = App::builder().workers(0).start().await;
    let hers = app.consumer("maya").say(HAIRCUT).await.session;
    let noah = app.consumer("noah");
    let body = json!({"message": "hello", "session_id": hers});
    let refused = post(&noah, "/chat", "k", &body).await;
    assert_problem!(refused, 403, "not_yours");
    assert_problem!(post(&noah, "/chat", "k", &body).await, 403, "not_yours");
}

#[tokio::test]
async fn a_message_said_before_is_answered_by_its_task_whatever_the_key() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let session = maya.say("hello").await.session;
    let body = json!({"message": HAIRCUT, "session_id": session, "client_message_id": "mine"});
    let first = post(&maya, "/chat", "a", &body).await.expect(202);
    let other = post(&maya, "/chat", "b", &body).await.expect(202);
    assert_eq!(first.body["task_id"], other.body["task_id"]);
    assert_eq!(post(&maya, "/chat", "b", &body).await.expect(202).body["task_id"], first.body["task_id"]);
    assert_eq!(count(&app, "tasks").await, 2);
    // The key stands for that call now.
    let another = json!({"message": "something else", "session_id": session});
    assert_problem!(post(&maya, "/chat", "b", &another).await, 422, "idempotency_mismatch", []);
}

#[tokio::test]
async fn a_key_is_good_for_a_day() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    for (path, body) in [("/chat", json!({"message": "hello"})), ("/requests", request())] {
        let first = post(&maya, path, "k", &body).await;
        app.database.execute("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'").await;
        app.database.execute("UPDATE requests SET status = 'cancelled'").await;
        let next = post(&maya, path, "k", &body).await;
        assert_eq!(next.status, first.status, "{next:?}");
        assert_ne!(same(&next), same(&first));
        assert_eq!(same(&post(&maya, path, "k", &body).await), same(&next));
    }
}

#[tokio::test]
async fn without_a_token_a_key_means_nothing_and_no_token_is_kept() {
    let app = App::builder().workers(0).start().await;
    let body = json!({"message": "hello"});
    let anybody = app.anybody();
    let one = post(&anybody, "/chat", "k", &body).await.expect(202);
    let other = post(&anybody, "/chat", "k", &body).await.expect(202);
    assert_ne!(one.body["session_id"], other.body["session_id"]);
    assert_eq!(count(&app, "idempotency_keys").await, 0);
    let guest = app.guest().await;
    post(&guest, "/chat", "k", &body).await.expect(202);
    let kept = app.database.value("SELECT answer::text FROM idempotency_keys").await;
    assert!(!kept.as_str().unwrap().contains("token"), "{kept}");
}

#[tokio::test]
async fn a_first_call_that_does_not_end_is_waited_for_and_then_told() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    maya.get("/auth/me").await.expect(200);
    let held = app
        .database
        .hold(
            "BEGIN; INSERT INTO idempotency_keys (user_id, route, key, sent)
             SELECT id, 'POST /requests', 'k', sha256('other') FROM users WHERE subject = 'maya'",
        )
        .await;
    let refused = post(&maya, "/requests", "k", &request()).await;
    assert_problem!(refused, 409, "idempotency_in_flight");
    drop(held);
    post(&maya, "/requests", "k", &request()).await.expect(201);
}

#[tokio::test]
async fn every_operation_that_creates_answers_a_key_the_same_twice() {
    let app = App::builder().workers(0).start().await;
    let creating: Vec<String> = proxie_api::operations()
        .iter()
        .map(|operation| operation.declared())
        .filter(|declared| declared.creates)
        .map(|declared| declared.name())
        .collect();
    let mut tried = Vec::new();
    for (operation, body) in [
        ("POST /chat", json!({"message": "hello"})),
        ("POST /requests", request()),
        ("POST /chat/retry/{task_id}", Value::Null),
        ("POST /admin/tasks/{task_id}/retry", Value::Null),
        ("POST /providers", json!({"name": "Curls & Co", "city": "Brooklyn"})),
        (
            "POST /providers/{provider_id}/services",
            json!({"service_id": "braiding", "places": ["provider"], "currency": "USD"}),
        ),
        ("POST /providers/{provider_id}/portfolio", json!({"media_id": null})),
        ("POST /providers/{provider_id}/templates", json!({"name": "usual", "body": "Hi {first_name}"})),
        ("POST /enrollment/start", Value::Null),
        ("POST /requests/{request_id}/match", Value::Null),
        ("POST /requests/{request_id}/suggest-offer", Value::Null),
    ] {
        let role = match operation {
            "POST /admin/tasks/{task_id}/retry" => Role::Admin,
            "POST /requests/{request_id}/suggest-offer" => Role::Provider,
            business if business.contains("{provider_id}") => Role::Provider,
            _ => Role::Consumer,
        };
        let maya = app.user(&format!("of {operation}"), role);
        let mut path = operation.trim_start_matches("POST ").to_owned();
        if path.contains("{task_id}") {
            let task = maya.say("hello").await.id;
            maya.move_on(&format!("/chat/cancel/{task}")).await.expect(200);
            path = path.replace("{task_id}", &task);
        }
        if path.contains("{provider_id}") {
            let provider = app.provider_row(app.id_of(&maya).await).await;
            path = path.replace("{provider_id}", &provider.to_string());
        }
        if path.contains("{request_id}") {
            let id = app.id_of(&maya).await;
            let owner = if role == Role::Consumer { id } else { app.user_row(Role::Consumer).await };
            let request = app.request_row(owner).await;
            let long_ago = "UPDATE tasks SET created_at = now() - interval '1 hour' WHERE request_id";
            app.database.execute(&format!("{long_ago} = '{request}'")).await;
            if role == Role::Provider {
                app.lead_row(request, app.provider_row(id).await).await;
            }
            path = path.replace("{request_id}", &request.to_string());
        }
        let mut body = body;
        if operation.ends_with("/portfolio") {
            body["media_id"] = json!(app.media_row(app.id_of(&maya).await).await);
        }
        let first = post(&maya, &path, "k", &body).await;
        assert!([201, 202].contains(&first.status), "{first:?}");
        assert_eq!(same(&post(&maya, &path, "k", &body).await), same(&first));
        tried.push(operation.to_owned());
    }
    let deal = Deal::new(&app).await;
    let offer = deal.offer(&[slot(2, "12:00")]);
    let first = post(&deal.ann, "/offers", "k", &offer).await.expect(201);
    assert_eq!(same(&post(&deal.ann, "/offers", "k", &offer).await), same(&first));
    tried.push("POST /offers".to_owned());
    let owner = app.user_row(Role::Consumer).await;
    let booking =
        app.done_booking_row(owner, app.provider_row(app.user_row(Role::Provider).await).await, 30).await;
    let (maya, body) =
        (app.user(&owner.to_string(), Role::Consumer), json!({"booking_id": booking, "rating": 5}));
    let first = post(&maya, "/reviews", "k", &body).await.expect(201);
    assert_eq!(same(&post(&maya, "/reviews", "k", &body).await), same(&first));
    tried.push("POST /reviews".to_owned());
    // Its body is a file: `media/kept.rs` sends it twice.
    tried.push("POST /media".to_owned());
    tried.sort();
    let mut creating = creating;
    creating.sort();
    assert_eq!(tried, creating);
}
