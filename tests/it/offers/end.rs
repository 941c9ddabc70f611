use proxie_shared::domain::offers::{expire_offers, expire_without_slots};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{App, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn expired(app: &App) -> usize {
    let db = app.database.pool();
    // One at a time: that nobody is left out shows too.
    expire_offers(&db, 100).await.unwrap() + expire_without_slots(&db, 1).await.unwrap()
}

#[tokio::test]
async fn an_offer_is_withdrawn_by_who_made_it() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let id = deal.offered(&[slot(1, "12:00")]).await;
    let path = format!("/offers/{id}/withdraw");
    assert_problem!(deal.maya.put(&path, Value::Null).await, 403, "not_yours");
    let withdrawn = deal.ann.put(&path, Value::Null).await.expect(200).body;
    assert_eq!((&withdrawn["status"], &withdrawn["slots"][0]["free"]), (&json!("withdrawn"), &json!(false)));
    assert_eq!(deal.stands(&app).await, "matched", "no live offer is left");
    deal.ann.put(&path, Value::Null).await.expect(200);
    let accept = deal.maya.put(&format!("/offers/{id}/accept"), json!({"slot": slot(1, "12:00")})).await;
    assert_problem!(accept, 409, "offer_not_pending");
    assert_eq!((&accept.body["from"], &accept.body["allowed"]), (&json!("withdrawn"), &json!([])));
    assert_problem!(
        deal.maya.put(&format!("/offers/{id}/decline"), Value::Null).await,
        409,
        "offer_not_pending"
    );
    let moves = app.database.rows(r#"SELECT "from", "to", actor_id FROM offer_history"#).await;
    assert_eq!(moves, [json!({"from": "pending", "to": "withdrawn", "actor_id": deal.ann_id})]);
}

#[tokio::test]
async fn an_offer_is_declined_by_who_asked_for_it() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let id = deal.offered(&[slot(1, "12:00")]).await;
    let path = format!("/offers/{id}/decline");
    assert_problem!(deal.ann.put(&path, Value::Null).await, 403, "not_yours");
    let reason = json!({"reason": "We found somebody nearer."});
    let declined = deal.maya.put(&path, reason.clone()).await.expect(200).body;
    assert_eq!((&declined["status"], &declined["reason"]), (&json!("declined"), &reason["reason"]));
    deal.maya.put(&path, Value::Null).await.expect(200);
    assert_eq!(app.told(deal.ann_id).await, ["offer_declined"], "once");
    assert_eq!(deal.stands(&app).await, "matched");
    assert_problem!(
        deal.ann.put(&format!("/offers/{id}/withdraw"), Value::Null).await,
        409,
        "offer_not_pending"
    );
}

#[tokio::test]
async fn a_request_stays_as_long_as_there_is_a_live_offer() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let other = Deal::new(&app).await;
    app.lead_row(deal.request, other.provider).await;
    let first = deal.offered(&[slot(1, "12:00")]).await;
    let mut body = deal.offer(&[slot(1, "12:00")]);
    body["price_cents"] = json!(4_000);
    let second = other.ann.post("/offers", body).await.expect(201).body["id"].as_str().unwrap().to_owned();
    deal.ann.put(&format!("/offers/{first}/withdraw"), Value::Null).await.expect(200);
    assert_eq!(deal.stands(&app).await, "offers_received");
    other.ann.put(&format!("/offers/{second}/withdraw"), Value::Null).await.expect(200);
    assert_eq!(deal.stands(&app).await, "matched");
}

#[tokio::test]
async fn what_an_admin_moves_is_written_down() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let id = deal.offered(&[slot(1, "12:00")]).await;
    let admin = app.user("root", Role::Admin);
    assert_eq!(admin.get(&format!("/offers/{id}")).await.expect(200).body["id"], json!(id));
    let asked = admin.get(&format!("/offers?request_id={}", deal.request)).await.expect(200).body;
    assert_eq!(asked["items"].as_array().unwrap().len(), 1);
    admin.put(&format!("/offers/{id}/withdraw"), Value::Null).await.expect(200);
    let logged = app.database.rows("SELECT action, owner_id FROM audit_log").await;
    assert_eq!(logged, [json!({"action": "offer.withdraw", "owner_id": deal.ann_id})]);
    // Whose it is did not do it.
    assert_problem!(
        deal.ann.put(&format!("/offers/{id}/withdraw"), Value::Null).await,
        409,
        "offer_not_pending"
    );
}

#[tokio::test]
async fn an_offer_whose_time_is_over_has_expired_before_and_after_the_sweep() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let id = deal.offered(&[slot(1, "12:00")]).await;
    app.database.execute("UPDATE offers SET expires_at = now()").await;
    let stands = async || deal.maya.get(&format!("/offers/{id}")).await.expect(200).body;
    for swept in [false, true] {
        let offer = stands().await;
        assert_eq!((&offer["status"], &offer["reason"]), (&json!("expired"), &json!("time_over")));
        for (status, count) in [("expired", 1), ("pending", 0)] {
            let listed = deal.maya.get(&format!("/offers?status={status}")).await.expect(200).body;
            assert_eq!(listed["items"].as_array().unwrap().len(), count, "{status}, swept: {swept}");
        }
        let accept = deal.maya.put(&format!("/offers/{id}/accept"), json!({"slot": slot(1, "12:00")})).await;
        assert_problem!(accept, 409, "offer_not_pending");
        assert_problem!(
            deal.ann.put(&format!("/offers/{id}/withdraw"), Value::Null).await,
            409,
            "offer_not_pending"
        );
        assert_problem!(
            deal.maya.put(&format!("/offers/{id}/decline"), Value::Null).await,
            409,
            "offer_not_pending"
        );
        assert_eq!(expired(&app).await, usize::from(!swept));
    }
    assert_eq!(deal.stands(&app).await, "matched");
    assert_eq!(app.told(deal.ann_id).await, ["offer_expired"]);
    assert_eq!(app.told(deal.maya_id).await, ["offer", "offer_expired"]);
}

#[tokio::test]
async fn an_offer_without_a_slot_that_is_left_expires() {
    let app = app().await;
    let (deal, rival) = {
        let deal = Deal::new(&app).await;
        let rival = deal.another(&app).await;
        (deal, rival)
    };
    app.database.execute("UPDATE availability SET buffer_minutes = 30").await;
    let id = deal.offered(&[slot(1, "12:00"), slot(1, "15:00")]).await;
    rival.booked(slot(1, "12:00")).await;
    let slots = deal.maya.get(&format!("/offers/{id}")).await.expect(200).body["slots"].clone();
    assert_eq!((&slots[0]["free"], &slots[1]["free"]), (&json!(false), &json!(true)));
    assert_eq!(expired(&app).await, 0);
    // Within the buffer of the other.
    deal.another(&app).await.booked(slot(1, "16:15")).await;
    assert_eq!(expired(&app).await, 1);
    let offer = deal.maya.get(&format!("/offers/{id}")).await.expect(200).body;
    assert_eq!((&offer["status"], &offer["reason"]), (&json!("expired"), &json!("slots_gone")));
    assert_eq!(deal.stands(&app).await, "matched");
}

#[tokio::test]
async fn an_offer_whose_maker_does_not_work_then_any_more_expires() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let id = deal.offered(&[slot(1, "12:00"), slot(2, "15:00")]).await;
    assert_eq!(expired(&app).await, 0);
    app.database.execute("UPDATE availability SET weekly = '{}'").await;
    assert_eq!(expired(&app).await, 1);
    let offer = deal.maya.get(&format!("/offers/{id}")).await.expect(200).body;
    assert_eq!((&offer["status"], &offer["reason"]), (&json!("expired"), &json!("slots_gone")));
    assert_eq!(deal.stands(&app).await, "matched");
}
