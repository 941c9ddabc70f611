//! What comes with the words of a message: photos, and what it is about.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::files::{jpeg, quarters};
use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn photo_of(caller: &Caller) -> String {
    let photo = caller.upload(&jpeg(&quarters(60, 40), 90)).await.expect(201);
    photo.body["id"].as_str().expect("an id").to_owned()
}

async fn with_media(caller: &Caller, media: Value) -> Answer {
    caller.post("/chat", json!({"message": "like this one", "media": media})).await
}

async fn about(caller: &Caller, context: Value) -> Answer {
    caller.post("/chat", json!({"message": "tell me more", "context": context})).await
}

#[tokio::test]
async fn photos_come_with_a_message_in_their_order() {
    let app = app().await;
    let maya = app.consumer("maya");
    let (first, second) = (photo_of(&maya).await, photo_of(&maya).await);
    // Neither words nor a title are needed.
    let taken = maya.post("/chat", json!({"media": [second, first]})).await.expect(202).body;
    let session = taken["session_id"].as_str().unwrap();
    let told = maya.session(session).await;
    assert_eq!(told["title"], Value::Null);
    let message = &told["messages"]["items"][0];
    assert_eq!(message["text"], "");
    let media = message["media"].as_array().unwrap();
    let ids: Vec<&str> = media.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&second, &first]);
    for one in media {
        let file = app.anybody().call(reqwest::Method::GET, one["url"].as_str().unwrap());
        assert_eq!(app.anybody().fetch(file).await.status, 200, "a signed link: {one}");
    }
    let exported = maya.get("/auth/me/export").await.expect(200).body;
    assert_eq!(exported["sessions"][0]["messages"][0]["media"][0]["id"], json!(second));

    // They stay as long as the conversation does.
    let path = format!("/media/{first}");
    assert_problem!(maya.delete(&path).await, 409, "media_in_use");
    assert_eq!(maya.delete(&format!("/chat/sessions/{session}")).await.status, 204);
    assert_eq!(maya.delete(&path).await.status, 204);
}

#[tokio::test]
async fn only_ones_own_photos_are_sent() {
    let app = app().await;
    let (maya, noah) = (app.consumer("maya"), app.consumer("noah"));
    let (hers, his) = (photo_of(&maya).await, photo_of(&noah).await);
    let unready = app.media_row(app.id_of(&maya).await).await;
    app.database.execute(&format!("UPDATE media SET ready_at = NULL WHERE id = '{unready}'")).await;
    for foreign in [json!([his]), json!([hers, his]), json!([Uuid::now_v7()]), json!([unready])] {
        assert_problem!(with_media(&maya, foreign).await, 403, "not_yours");
    }
    let users = app.database.value("SELECT count(*) FROM users").await;
    assert_problem!(with_media(&app.anybody(), json!([hers])).await, 403, "not_yours");
    assert_eq!(
        app.database.value("SELECT count(*) FROM users").await,
        users,
        "nobody is made a guest for nothing"
    );

    let film = app.media_row(app.id_of(&maya).await).await;
    let is_film = format!("UPDATE media SET kind = 'video', mime = 'video/mp4' WHERE id = '{film}'");
    app.database.execute(&is_film).await;
    assert_problem!(with_media(&maya, json!([hers, film])).await, 422, "invalid", ["/body/media/1"]);
    assert_problem!(with_media(&maya, json!([hers, hers])).await, 422, "invalid", ["/body/media/1"]);
    let many: Vec<Uuid> = (0..11).map(|_| Uuid::now_v7()).collect();
    assert_problem!(with_media(&maya, json!(many)).await, 422, "invalid", ["/body/media"]);
    assert_problem!(with_media(&maya, json!(["x"])).await, 422, "invalid", ["/body/media/0"]);
    assert_problem!(maya.post("/chat", json!({"media": []})).await, 422, "invalid", ["/body/message"]);
    assert_eq!(app.database.value("SELECT count(*) FROM chat_messages").await, 0);
}

#[tokio::test]
async fn a_claim_takes_the_photos_of_what_was_said_along() {
    let app = app().await;
    let (guest, maya) = (app.guest().await, app.consumer("maya"));
    let photo = photo_of(&guest).await;
    let taken = with_media(&guest, json!([photo])).await.expect(202).body;
    let claim = json!({"guest_token": guest.token});
    maya.post("/chat/sessions/claim", claim).await.expect(200);
    let told = maya.session(taken["session_id"].as_str().unwrap()).await;
    assert_eq!(told["messages"]["items"][0]["media"][0]["id"], json!(photo));
    maya.get(&format!("/media/{photo}")).await.expect(200);
}

#[tokio::test]
async fn a_message_is_about_what_its_sender_sees() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booked = deal.booked(slot(2, "12:00")).await;
    let stranger = Deal::new(&app).await;
    let ada = app.user(&app.user_row(Role::Admin).await.to_string(), Role::Admin);
    for context in [
        json!({"request_id": deal.request}),
        json!({"offer_id": booked["offer_id"]}),
        json!({"booking_id": booked["id"]}),
    ] {
        for side in [&deal.maya, &deal.ann, &ada] {
            let taken = about(side, context.clone()).await.expect(202).body;
            let kept = format!(
                "SELECT context FROM chat_messages WHERE task_id = '{}'",
                taken["task_id"].as_str().unwrap()
            );
            assert_eq!(app.database.value(&kept).await, context);
        }
        for other in [&stranger.maya, &stranger.ann, &app.guest().await, &app.anybody()] {
            assert_problem!(about(other, context.clone()).await, 403, "not_yours");
        }
    }
    for field in ["request_id", "offer_id", "booking_id"] {
        assert_problem!(about(&deal.maya, json!({field: Uuid::now_v7()})).await, 403, "not_yours");
    }
}

#[tokio::test]
async fn a_message_may_be_about_any_provider_who_can_be_seen() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let provider = json!({"provider_id": deal.provider});
    for caller in [&deal.maya, &deal.ann, &app.guest().await, &app.anybody()] {
        about(caller, provider.clone()).await.expect(202);
    }
    let users = app.database.value("SELECT count(*) FROM users").await;
    for caller in [&deal.maya, &app.anybody()] {
        assert_problem!(about(caller, json!({"provider_id": Uuid::now_v7()})).await, 404, "not_found");
    }
    app.database.execute("UPDATE providers SET status = 'suspended'").await;
    for caller in [&deal.maya, &app.anybody()] {
        assert_problem!(about(caller, provider.clone()).await, 404, "not_found");
    }
    assert_eq!(
        app.database.value("SELECT count(*) FROM users").await,
        users,
        "nobody is made a guest for nothing"
    );
}

#[tokio::test]
async fn a_message_is_about_one_thing() {
    let app = app().await;
    let maya = app.consumer("maya");
    let id = Uuid::now_v7();
    for context in [json!({}), json!({"request_id": id, "offer_id": id})] {
        assert_problem!(about(&maya, context).await, 422, "invalid", ["/body/context"]);
    }
    for context in [json!({"request_id": "x"}), json!({"request_id": null})] {
        assert_problem!(about(&maya, context).await, 422, "invalid", ["/body/context/request_id"]);
    }
    assert_problem!(about(&maya, json!("x")).await, 422, "invalid", ["/body/context"]);
    // What it is about is not what is said.
    let silent = maya.post("/chat", json!({"context": {"request_id": id}})).await;
    assert_problem!(silent, 422, "invalid", ["/body/message"]);
}

#[tokio::test]
async fn words_alone_cost_no_query_more_than_ever() {
    let app = app().await;
    let maya = app.consumer("maya");
    let session = maya.say("hello").await.session;
    let cost = async |body: Value| {
        let mut least = usize::MAX;
        for _ in 0..4 {
            let before = app.database.queries();
            maya.post("/chat", body.clone()).await.expect(202);
            least = least.min(app.database.queries() - before);
        }
        least
    };
    assert_eq!(cost(json!({"message": "hello", "session_id": session})).await, 1, "one statement");
    let photo = photo_of(&maya).await;
    assert_eq!(cost(json!({"message": "hello", "session_id": session, "media": [photo]})).await, 2);
}
