//! Conversations: listed, read both ways, deleted.

use proxie_offline_llm::{Fault, Kind};
use serde_json::{Value, json};

use crate::support::{App, HAIRCUT, assert_problem, eventually};

#[tokio::test]
async fn a_transcript_is_in_order_with_what_belongs_to_each_message() {
    let app = App::start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    task.result().await;
    let second = guest.say_in(&task.session, "make it $80").await;
    let result = second.result().await;

    let session = guest.session(&task.session).await;
    let items = session["messages"]["items"].as_array().unwrap().clone();
    let said: Vec<_> =
        items.iter().map(|m| (m["seq"].as_i64().unwrap(), m["role"].as_str().unwrap())).collect();
    assert_eq!(said, [(1, "user"), (2, "assistant"), (3, "user"), (4, "assistant")]);
    for message in &items {
        for field in
            ["id", "client_message_id", "text", "media", "task_id", "status", "data", "draft", "created_at"]
        {
            assert!(message.get(field).is_some(), "no {field}: {message}");
        }
        assert_eq!(message["status"], "completed", "{message}");
    }
    assert_eq!((&items[0]["text"], &items[0]["task_id"]), (&json!(HAIRCUT), &json!(task.id)));
    assert_eq!((&items[3]["text"], &items[3]["task_id"]), (&result["message"], &json!(second.id)));
    assert_eq!(items[3]["draft"], result["draft"]);
    assert_eq!(session["open_draft"], result["draft"]);
    assert_eq!((&session["id"], &session["role"]), (&json!(task.session), &json!("guest")));
    assert_eq!(session["active_tasks"], json!([]));
    assert!(session["title"].as_str().is_some_and(|title| title == "Haircut in Brooklyn"), "{session}");
}

#[tokio::test]
async fn what_is_being_answered_is_listed_as_active() {
    let app = App::start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let first = guest.say(HAIRCUT).await;
    let second = guest.say_in(&first.session, "hello?").await;
    let session = guest.session(&first.session).await;
    assert_eq!(session["active_tasks"], json!([first.id, second.id]));
    assert_eq!(session["messages"]["items"][1]["status"], "processing");
}

#[tokio::test]
async fn a_transcript_is_paged_both_ways() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let session = guest.say("message 1").await.session;
    for n in 2..=7 {
        guest.say_in(&session, &format!("message {n}")).await;
    }
    let page = async |cursor: &Value| {
        let cursor = cursor.as_str().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let path = format!("/chat/sessions/{session}?limit=3{cursor}");
        let messages = guest.get(&path).await.expect(200).body["messages"].clone();
        let items = messages["items"].as_array().unwrap();
        let seqs: Vec<i64> = items.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
        (seqs, messages["prev_cursor"].clone(), messages["next_cursor"].clone())
    };
    let (newest, older, none) = page(&Value::Null).await;
    assert_eq!((newest, &none), (vec![5, 6, 7], &Value::Null), "the newest first");
    let (middle, oldest, newer) = page(&older).await;
    assert_eq!(middle, [2, 3, 4]);
    assert_eq!(page(&newer).await.0, [5, 6, 7], "and back");
    let (first, none, newer) = page(&oldest).await;
    assert_eq!((first, &none), (vec![1], &Value::Null));
    let (next, older, _) = page(&newer).await;
    assert_eq!(next, [2, 3, 4], "forward from the beginning");
    assert_eq!(page(&older).await.0, [1]);
}

#[tokio::test]
async fn conversations_are_listed_newest_first_page_by_page() {
    let app = App::builder().workers(0).start().await;
    let (guest, other) = (app.guest().await, app.guest().await);
    let mut sessions = Vec::new();
    for n in 0..5 {
        sessions.push(guest.say(&format!("need {n}")).await.session);
    }
    other.say("mine").await;
    sessions.reverse();
    let (mut listed, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = guest.get(&format!("/chat/sessions?limit=2{cursor}")).await.expect(200).body;
        let items = page["items"].as_array().unwrap().clone();
        listed.extend(items.iter().map(|session| session["id"].as_str().unwrap().to_owned()));
        pages += 1;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((listed, pages), (sessions, 3), "all of one's own, nobody else's");
    assert_problem!(guest.get("/chat/sessions?limit=101").await, 422, "invalid", ["/query/limit"]);
}

#[tokio::test]
async fn a_deleted_conversation_is_gone_with_what_runs_in_it() {
    let app = App::start().await;
    let guest = app.guest().await;
    let first = guest.say(HAIRCUT).await;
    first.result().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let second = guest.say_in(&first.session, "I am Sara, and make it $80").await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    let path = format!("/chat/sessions/{}", first.session);
    assert_eq!(guest.delete(&path).await.status, 204);
    eventually("the call is dropped", async || app.model.counters().in_flight == 0).await;

    assert_problem!(guest.get(&path).await, 403, "not_yours");
    for task in [&first, &second] {
        assert_problem!(guest.get(&format!("/chat/status/{}", task.id)).await, 403, "not_yours");
        assert_problem!(task.retry().await, 403, "not_yours");
    }
    assert_problem!(guest.delete(&path).await, 403, "not_yours");
    let more = guest.post("/chat", json!({"message": "hello", "session_id": first.session})).await;
    assert_problem!(more, 403, "not_yours");
    assert_eq!(guest.get("/chat/sessions").await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn nothing_that_was_said_is_left_of_a_deleted_conversation() {
    let app = App::start().await;
    let guest = app.guest().await;
    let task = guest.say("a haircut in Brooklyn for Rumpelstiltskin").await;
    task.result().await;
    guest.delete(&format!("/chat/sessions/{}", task.session)).await;
    let tables = ["chat_sessions", "chat_messages", "drafts", "tasks", "task_steps"];
    for table in tables {
        let rows = format!("SELECT count(*) FROM {table} t WHERE t::text ILIKE '%Rumpelstiltskin%'");
        assert_eq!(app.database.value(&rows).await, 0, "{table} still tells");
    }
}
