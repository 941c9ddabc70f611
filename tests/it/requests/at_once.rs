//! Requests of many at once: one statement takes them, and each is answered for itself.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::haircut;
use crate::support::{App, Caller, assert_problem};

/// A body that says whose it is.
fn of(name: &str, other: Value) -> Value {
    let mut body = haircut(other);
    body["description"] = json!(name);
    body
}

#[tokio::test]
async fn each_is_answered_for_itself() {
    let app = App::builder().workers(0).start().await;
    let names: Vec<String> = (0..20).map(|n| format!("consumer-{n}")).collect();
    let people: Vec<Caller> = names.iter().map(|name| app.consumer(name)).collect();
    for person in &people {
        app.id_of(person).await;
    }
    for _ in 0..10 {
        people[0].post("/requests", haircut(json!({"allow_duplicate": true}))).await.expect(201);
    }
    people[1].post("/requests", haircut(json!({}))).await.expect(201);
    let photo = app.media_row(app.id_of(&people[3]).await).await;
    app.database.execute("DELETE FROM tasks; DELETE FROM preferences").await;
    app.database.execute("UPDATE requests SET description = 'before'").await;

    let posts = people.iter().zip(&names).enumerate().map(|(n, (person, name))| {
        let media = if n == 2 || n == 3 { json!([photo]) } else { json!([]) };
        person.post("/requests", of(name, json!({"media": media})))
    });
    let answers = join_all(posts).await;
    assert_problem!(&answers[0], 409, "too_many_live");
    assert_problem!(&answers[1], 409, "duplicate_request");
    assert_problem!(&answers[2], 403, "not_yours");
    for (name, answer) in names.iter().zip(&answers).skip(3) {
        assert_eq!((answer.status, &answer.body["description"]), (201, &json!(name)), "{answer:?}");
    }
    let posted =
        "SELECT count(*) FROM requests r JOIN users u ON u.id = r.user_id AND u.subject = r.description
                  JOIN tasks t ON t.request_id = r.id AND t.user_id = u.id AND t.kind = 'matching'";
    assert_eq!(app.database.value(posted).await, 17);
    assert_eq!(app.database.value("SELECT count(*) FROM tasks").await, 17);
    let hung = "SELECT r.description FROM request_media m JOIN requests r ON r.id = m.request_id";
    assert_eq!(app.database.value(hung).await, "consumer-3");
    let learned = "SELECT count(DISTINCT u.subject) FROM preferences p JOIN users u ON u.id = p.user_id
                   WHERE u.subject NOT IN ('consumer-0', 'consumer-1', 'consumer-2')";
    assert_eq!(app.database.value(learned).await, 17);
}

#[tokio::test]
async fn whose_account_is_held_holds_nobody_else_up() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let others: Vec<Caller> = (0..10).map(|n| app.consumer(&format!("consumer-{n}"))).collect();
    for person in others.iter().chain([&maya]) {
        app.id_of(person).await;
    }
    let held = app.database.hold("BEGIN; SELECT FROM users WHERE subject = 'maya' FOR UPDATE").await;
    let rest = async {
        for answer in join_all(others.iter().map(|person| person.post("/requests", haircut(json!({}))))).await
        {
            answer.expect(201);
        }
        held.finish("COMMIT").await;
    };
    // More than may wait for long at once.
    let hers = join_all((0..10).map(|n| {
        let body = haircut(json!({"allow_duplicate": true}));
        maya.send(
            maya.call(Method::POST, "/requests").header("Idempotency-Key", format!("held-{n}")).json(&body),
        )
    }));
    let (hers, ()) = tokio::join!(hers, rest);
    for answer in hers {
        answer.expect(201);
    }
    assert_eq!(app.database.value("SELECT count(*) FROM tasks").await, 20);
}
