//! Bystanders of the marketplace.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{claim, somebody};
use crate::shown::Answered;
use crate::support::{App, Caller, Deal, slot};

/// Somebody with a business, who has never been here.
async fn business(app: &App) -> (Caller, Uuid) {
    let caller = app.user(&Uuid::now_v7().to_string(), Role::Provider);
    let provider = app.provider_row(app.id_of(&caller).await).await;
    (caller, provider)
}

/// A new guest and their id.
async fn guest(app: &App) -> (Caller, Uuid) {
    let made = app.anybody().move_on("/auth/guest").await.expect(201).body;
    let caller = app.anybody().with_token(made["access_token"].as_str().expect("a token"));
    (caller, made["user"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"))
}

fn ids(listed: &Value, path: &str) -> Vec<String> {
    let items = listed["items"].as_array().expect("a list").iter();
    items.map(|item| item.pointer(path).and_then(Value::as_str).expect("an id").to_owned()).collect()
}

pub async fn requests_and_leads_are_listed_to_those_whose_they_are(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = app.request_row(app.id_of(&noah).await).await;
    let hers = app.request_row(app.id_of(&maya).await).await;
    let ((curls, curls_id), (waves, waves_id)) = (business(app).await, business(app).await);
    app.lead_row(his, curls_id).await;
    app.lead_row(hers, waves_id).await;
    for (consumer, request) in [(&noah, his), (&maya, hers)] {
        let listed = consumer.get("/requests").await.expect(200).body;
        assert_eq!(ids(&listed, "/id"), [request.to_string()]);
        let grouped = consumer.get("/consumers/me/requests").await.expect(200).body;
        assert_eq!(
            (&grouped["open"]["count"], ids(&grouped["open"], "/id")),
            (&json!(1), vec![request.to_string()])
        );
    }
    for (provider, request) in [(&curls, his), (&waves, hers)] {
        let listed = provider.get("/providers/leads").await.expect(200).body;
        assert_eq!(ids(&listed, "/request/id"), [request.to_string()]);
    }
}

pub async fn who_has_no_business_has_no_leads(app: &App) {
    business(app).await;
    let provider = app.user(&Uuid::now_v7().to_string(), Role::Provider);
    provider.get("/providers/leads").await.expect(403);
}

pub async fn anothers_photo_hangs_on_no_request(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = app.media_row(app.id_of(&noah).await).await;
    let hers = app.media_row(app.id_of(&maya).await).await;
    let request = app.request_row(app.id_of(&maya).await).await;
    let patch = async |media: Uuid| {
        let call = maya.call(reqwest::Method::PATCH, &format!("/requests/{request}"));
        maya.send(call.json(&json!({"media": [media]}))).await
    };
    patch(his).await.expect(403);
    patch(hers).await.expect(200);
}

pub async fn what_another_was_told_stays_unread(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = app.notification_row(app.id_of(&noah).await).await;
    let hers = app.notification_row(app.id_of(&maya).await).await;
    let listed = maya.get("/notifications").await.expect(200).body;
    assert_eq!(ids(&listed, "/id"), [hers.to_string()]);
    let read = maya.send(maya.call(reqwest::Method::PUT, "/notifications/read_all")).await.expect(200).body;
    assert_eq!(read["read"], 1);
    let unread = noah.get("/notifications?unread=true").await.expect(200).body;
    assert_eq!(ids(&unread, "/id"), [his.to_string()]);
}

pub async fn a_guests_photos_become_one_consumers(app: &App) {
    let (claimed, other) = (app.anybody().say("hello").await, app.anybody().say("hello").await);
    let maya = somebody(app);
    let mut photos = Vec::new();
    for said in [&claimed, &other] {
        let owner = format!("SELECT user_id FROM chat_sessions WHERE id = '{}'", said.session);
        let owner: Uuid =
            app.database.value(&owner).await.as_str().and_then(|id| id.parse().ok()).expect("an id");
        photos.push((owner, app.media_row(owner).await));
    }
    claim(&maya, claimed.caller()).await.expect(200);
    let owner = async |photo: Uuid| {
        let owner = app.database.value(&format!("SELECT user_id FROM media WHERE id = '{photo}'")).await;
        owner.as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an id")
    };
    assert_eq!(owner(photos[0].1).await, app.id_of(&maya).await);
    assert_eq!(owner(photos[1].1).await, photos[1].0);
}

pub async fn what_answers_show_is_for_who_may_see_it(app: &App) {
    let theirs = Deal::new(app).await;
    let booked = theirs.booked(slot(2, "12:00")).await;
    let enrolls = theirs.maya.move_on("/enrollment/start").await.expect(201).body["id"].clone();
    let shows = json!({
        "request": theirs.request, "offers": [booked["offer_id"]], "booking": booked["id"], "bookings": [booked["id"]],
        "lead": theirs.request, "leads": [theirs.request], "enrollment": enrolls,
    });
    let bystander = somebody(app);
    let answered = Answered::new(app, app.id_of(&bystander).await, &shows).await;
    let data = answered.data(&bystander).await;
    let nothing = json!({"gathered": {"city": "Brooklyn"}, "offers": [], "bookings": [], "leads": []});
    assert_eq!(data, nothing);
}

pub async fn what_models_cost_is_told_to_whose_it_is(app: &App) {
    let ((claimed, one), (other, two), maya) = (guest(app).await, guest(app).await, somebody(app));
    for (id, cost) in [(one, 7), (two, 11), (app.id_of(&maya).await, 13)] {
        let made = format!(
            "INSERT INTO llm_usage (id, user_id, feature, provider, model, prompt_tokens, completion_tokens, cost_micros,
               latency_ms, cached, outcome)
             VALUES (gen_random_uuid(), '{id}', 'chat', 'p', 'm', 1, 1, {cost}, 1, false, 'ok')"
        );
        app.database.execute(&made).await;
    }
    let cost = async |caller: &Caller| {
        caller.get("/usage/me").await.expect(200).body["total"]["cost_micros"].clone()
    };
    assert_eq!((cost(&claimed).await, cost(&maya).await), (json!(7), json!(13)));
    claim(&maya, &claimed).await.expect(200);
    assert_eq!((cost(&other).await, cost(&maya).await), (json!(11), json!(20)));
}
