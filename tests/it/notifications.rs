//! Notifications: told, listed, read.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::App;

#[tokio::test]
async fn what_somebody_was_told_is_listed_and_read() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    let request = app.request_row(owner).await;
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(app.notification_row(owner).await);
    }
    app.database
        .execute(&format!(
            "UPDATE notifications SET kind = 'no_match', request_id = '{request}' WHERE id = '{}'",
            told[2]
        ))
        .await;
    let page = maya.get("/notifications?limit=2").await.expect(200).body;
    assert_eq!(page["items"][0]["id"], json!(told[2]), "the newest first");
    assert_eq!(
        (&page["items"][0]["kind"], &page["items"][0]["request_id"]),
        (&json!("no_match"), &json!(request))
    );
    assert!(page["items"][0]["text"].as_str().unwrap().ends_with('.'));
    let rest = maya.get(&format!("/notifications?cursor={}", page["next_cursor"].as_str().unwrap())).await;
    assert_eq!((&rest.body["items"][0]["id"], &rest.body["next_cursor"]), (&json!(told[0]), &Value::Null));

    let put = async |path: &str| maya.send(maya.call(Method::PUT, path)).await.expect(200).body;
    let read = put(&format!("/notifications/{}/read", told[1])).await;
    assert!(read["read_at"].is_string());
    assert_eq!(put(&format!("/notifications/{}/read", told[1])).await, read, "the first time counts");
    let unread = maya.get("/notifications?unread=true").await.expect(200).body;
    assert_eq!(unread["items"].as_array().unwrap().len(), 2);
    assert_eq!(put("/notifications/read_all").await["read"], 2);
    assert_eq!(put("/notifications/read_all").await["read"], 0);
    assert_eq!(maya.get("/notifications?unread=true").await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn notifications_cost_the_same_however_many_there_are() {
    let app = App::builder().workers(0).start().await;
    let maya = app.user("maya", Role::Consumer);
    let owner = app.id_of(&maya).await;
    app.notification_row(owner).await;
    let (one, _) = app.queries_of(&maya, "/notifications?limit=100").await;
    app.database
        .execute(&format!(
            "INSERT INTO notifications (id, user_id, kind)
               SELECT gen_random_uuid(), '{owner}', 'review' FROM generate_series(1, 999)"
        ))
        .await;
    let (many, answer) = app.queries_of(&maya, "/notifications?limit=100").await;
    assert_eq!((one, answer.body["items"].as_array().unwrap().len()), (many, 100));
    println!("figure: GET /notifications: {many} queries at 1 and at 1,000 rows");
}
