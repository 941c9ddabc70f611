//! What somebody takes along: all that is kept about them, and nothing of others.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{App, HAIRCUT};

#[tokio::test]
async fn everything_can_be_taken_along() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    maya.say(HAIRCUT).await.result().await;
    maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await.expect(201);
    let export = maya.get("/auth/me/export").await.expect(200);
    assert!(export.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(export.body["sessions"][0]["messages"].as_array().unwrap().len(), 2);
    assert_eq!(export.body["requests"][0]["service_id"], "haircut");
}

#[tokio::test]
async fn however_much_there_is_it_is_all_taken_along() {
    const SESSIONS: usize = 400;
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let owner = maya.get("/auth/me").await.expect(200).body["id"].as_str().unwrap().to_owned();
    let fields = r#"{"service_id": "haircut", "city": "Brooklyn", "specializations": []}"#;
    app.database
        .execute(&format!(
            r#"INSERT INTO chat_sessions (id, user_id, role, title, known, last_seq)
                 SELECT gen_random_uuid(), '{owner}', 'consumer', n::text, jsonb_build_object('name', 'M' || n), 3
                 FROM generate_series(1, {SESSIONS}) n;
               INSERT INTO chat_messages (id, session_id, seq, turn, author, text)
                 SELECT gen_random_uuid(), s.id, n, 1, 'user', s.title || '-' || n
                 FROM chat_sessions s, generate_series(1, 3) n WHERE s.user_id = '{owner}';
               INSERT INTO drafts (id, session_id, user_id, kind, status, fields, expires_at)
                 SELECT gen_random_uuid(), s.id, '{owner}', 'request', status, '{fields}', now() + interval '7 days'
                 FROM chat_sessions s, unnest(ARRAY['open', 'superseded']::draft_status[]) status
                 WHERE s.user_id = '{owner}'"#
        ))
        .await;
    let request = json!({
        "service_id": "haircut", "city": "Brooklyn", "location": {"latitude": 40.65, "longitude": -73.95},
        "max_distance_km": 7.5, "budget": {"min_cents": null, "max_cents": 6_000, "currency": "USD"},
        "specializations": ["curly hair"], "urgency": "soon",
    });
    maya.post("/requests", request.clone()).await.expect(201);
    app.consumer("sam").post("/requests", request.clone()).await.expect(201);

    let export = maya.get("/auth/me/export").await.expect(200).body;
    let sessions = export["sessions"].as_array().unwrap();
    let titles: HashSet<&str> = sessions.iter().map(|session| session["title"].as_str().unwrap()).collect();
    assert_eq!((sessions.len(), titles.len()), (SESSIONS, SESSIONS));
    for session in sessions {
        let title = session["title"].as_str().unwrap();
        assert_eq!(session["known"]["name"], format!("M{title}"));
        let said: Vec<&Value> =
            session["messages"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
        assert_eq!(said, [&format!("{title}-1"), &format!("{title}-2"), &format!("{title}-3")]);
        let drafts = session["drafts"].as_array().unwrap();
        assert_eq!(drafts.len(), 2);
        assert!(drafts.iter().all(|draft| draft["fields"]["city"] == "Brooklyn"));
        assert!(drafts.iter().any(|draft| draft["status"] == "superseded"));
    }
    let [kept] = export["requests"].as_array().unwrap().as_slice() else { panic!("{export}") };
    for (field, sent) in request.as_object().unwrap() {
        assert_eq!(&kept[field], sent, "{field}");
    }
}
