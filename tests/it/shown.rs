//! What answers show beside their text: kept as ids, shown as the same things are at their own addresses, for who looks.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Caller, Deal, slot};

/// A conversation in which an answer has shown something.
pub struct Answered {
    pub session: Uuid,
    pub task: Uuid,
}

impl Answered {
    /// An answer to somebody.
    pub async fn new(app: &App, owner: Uuid, shows: &Value) -> Self {
        let [session, task, asked, answer] = [(); 4].map(|()| Uuid::now_v7());
        let data = json!({"gathered": {"city": "Brooklyn"}, "shows": shows});
        let result = json!({
            "kind": "chat", "session_id": session, "message": "Here.", "data": data, "draft": null,
            "awaiting_approval": false, "ui": null, "buttons": [], "usage": {},
        });
        let made = format!(
            "INSERT INTO chat_sessions (id, user_id, role, last_seq) VALUES ('{session}', '{owner}', 'consumer', 2);
             INSERT INTO chat_messages (id, session_id, seq, turn, author, text, task_id, data) VALUES
               ('{asked}', '{session}', 1, 1, 'user', 'Show me', '{task}', NULL),
               ('{answer}', '{session}', 2, 1, 'assistant', 'Here.', '{task}', '{data}');
             INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, status, stage, result, trace_id)
               VALUES ('{task}', 'chat', '{owner}', '{session}', 1, '{asked}', 'completed', 'done', '{result}', 'trace')"
        );
        app.database.execute(&made).await;
        Self { session, task }
    }

    /// What a reader is shown: by the task, which is what the transcript shows too.
    pub async fn data(&self, reader: &Caller) -> Value {
        let task = reader.get(&format!("/chat/status/{}", self.task)).await.expect(200).body;
        let session = reader.session(&self.session.to_string()).await;
        let data = task["result"]["data"].clone();
        assert_eq!(session["messages"]["items"][1]["data"], data);
        data
    }
}

async fn at(reader: &Caller, path: String) -> Value {
    reader.get(&path).await.expect(200).body
}

async fn app() -> App {
    App::builder().workers(0).start().await
}

#[tokio::test]
async fn a_consumer_sees_each_as_at_its_own_address() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booked = deal.booked(slot(2, "12:00")).await;
    let (booking, offer) = (booked["id"].as_str().unwrap(), booked["offer_id"].as_str().unwrap());
    let found = json!([{"provider_id": deal.provider, "name": "Curls & Co"}]);
    let begun = deal.maya.move_on("/enrollment/start").await.expect(201).body["id"].clone();
    let shows = json!({
        "providers": found, "request": deal.request, "offers": [offer], "booking": booking, "bookings": [booking],
        "categories": true, "enrollment": begun,
    });
    let data = Answered::new(&app, deal.maya_id, &shows).await.data(&deal.maya).await;
    assert_eq!((&data["gathered"]["city"], &data["providers"]), (&json!("Brooklyn"), &found));
    assert_eq!(data["request"], at(&deal.maya, format!("/requests/{}", deal.request)).await);
    assert_eq!(data["offers"], json!([at(&deal.maya, format!("/offers/{offer}")).await]));
    let whole = at(&deal.maya, format!("/bookings/{booking}")).await;
    assert_eq!((&data["booking"], &data["bookings"]), (&whole, &json!([whole])));
    assert_eq!(data["categories"], at(&deal.maya, "/services/catalog/full".to_owned()).await["items"]);
    assert_eq!(data["enrollment"], at(&deal.maya, "/enrollment/mine".to_owned()).await);
    assert!(data.get("shows").is_none() && data.get("leads").is_none(), "{data}");
}

#[tokio::test]
async fn a_provider_sees_leads_and_what_to_offer() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let suggestion = json!({"kind": "offer_draft", "request_id": deal.request});
    let shows = json!({"lead": deal.request, "leads": [deal.request], "suggestion": suggestion});
    let answered = Answered::new(&app, deal.ann_id, &shows).await;
    let data = answered.data(&deal.ann).await;
    let listed = at(&deal.ann, "/providers/leads".to_owned()).await;
    assert_eq!((&data["leads"], &data["lead"]), (&listed["items"], &listed["items"][0]));
    assert_eq!(data["suggestion"], suggestion);

    // As it is now, not as it was.
    let passed = format!("/requests/{}/pass", deal.request);
    deal.ann.put(&passed, json!({})).await.expect(200);
    assert_eq!(answered.data(&deal.ann).await["lead"]["passed"], true);
}

#[tokio::test]
async fn what_may_not_be_seen_any_more_is_left_out() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let offer = deal.offered(&[slot(2, "12:00")]).await;
    let shows = json!({"request": deal.request, "offers": [offer, Uuid::now_v7()], "leads": [deal.request]});
    let answered = Answered::new(&app, deal.maya_id, &shows).await;
    let data = answered.data(&deal.maya).await;
    assert_eq!((data["offers"].as_array().map(Vec::len), &data["leads"]), (Some(1), &json!([])));

    let other = app.user_row(Role::Consumer).await;
    app.database
        .execute(&format!("UPDATE requests SET user_id = '{other}' WHERE id = '{}'", deal.request))
        .await;
    let data = answered.data(&deal.maya).await;
    assert_eq!((data.get("request"), &data["offers"]), (None, &json!([])));
}

#[tokio::test]
async fn an_admin_sees_it_too_and_an_export_names_it() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let offer = deal.offered(&[slot(2, "12:00")]).await;
    let shows = json!({"request": deal.request, "offers": [offer]});
    let answered = Answered::new(&app, deal.maya_id, &shows).await;
    let data = answered.data(&deal.maya).await;
    let ada = app.user(&app.user_row(Role::Admin).await.to_string(), Role::Admin);
    let task = at(&ada, format!("/admin/tasks/{}", answered.task)).await;
    assert_eq!(task["result"]["data"], data);

    let export = at(&deal.maya, "/auth/me/export".to_owned()).await;
    let named = &export["sessions"][0]["messages"][1]["data"];
    assert_eq!(
        (&named["request_id"], &named["offer_ids"]),
        (&json!(deal.request), &json!([offer])),
        "what it is stands elsewhere in there"
    );
}

#[tokio::test]
async fn what_is_shown_costs_as_many_queries_for_much_as_for_little() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let mut offers = Vec::new();
    let (mut requests, mut bookings) = (vec![deal.request], Vec::new());
    for _ in 0..6 {
        let request = app.request_row(deal.maya_id).await;
        app.lead_row(request, deal.provider).await;
        let offer = app.offer_row(request, deal.provider).await;
        bookings
            .push(app.done_booking_row(deal.maya_id, deal.provider, 20 + 2 * bookings.len() as i32).await);
        offers.push(offer);
        requests.push(request);
    }
    let one = json!({"request": requests[0], "offers": offers[..1], "bookings": bookings[..1], "leads": requests[..1]});
    let few = Answered::new(&app, deal.maya_id, &one).await;
    let all = json!({"request": requests[0], "offers": offers, "bookings": bookings, "leads": requests});
    let many = Answered::new(&app, deal.maya_id, &all).await;
    for (few, many) in [
        (format!("/chat/status/{}", few.task), format!("/chat/status/{}", many.task)),
        (format!("/chat/sessions/{}", few.session), format!("/chat/sessions/{}", many.session)),
    ] {
        let (few, (many, _)) =
            (app.queries_of(&deal.maya, &few).await.0, app.queries_of(&deal.maya, &many).await);
        assert_eq!(few, many);
    }
    let nothing = Answered::new(&app, deal.maya_id, &json!({})).await;
    let (cost, _) = app.queries_of(&deal.maya, &format!("/chat/status/{}", nothing.task)).await;
    assert_eq!(cost, 0, "the copy answers, and nothing is looked for");
}
