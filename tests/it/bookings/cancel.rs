use futures::future::join;
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn cancel(caller: &Caller, booking: &Value, rebook: bool) -> Answer {
    let path = format!("/bookings/{}/cancel", booking["id"].as_str().unwrap());
    caller.put(&path, json!({"reason": "I have to work", "rebook": rebook})).await
}

#[tokio::test]
async fn a_consumer_cancels_and_the_request_is_cancelled_too() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    let cancelled = cancel(&deal.maya, &booking, false).await.expect(200).body;
    assert_eq!((&cancelled["status"], &cancelled["cancelled_by"]), (&json!("cancelled"), &json!("consumer")));
    assert_eq!((&cancelled["late"], &cancelled["cancel_reason"]), (&json!(false), &json!("I have to work")));
    assert_eq!(cancelled["contact"], Value::Null);
    assert_eq!(deal.stands(&app).await, "cancelled");
    cancel(&deal.maya, &booking, false).await.expect(200);
    let other = cancel(&deal.ann, &booking, false).await;
    assert_problem!(other, 409, "illegal_move");
    assert_eq!((&other.body["from"], &other.body["allowed"]), (&json!("cancelled"), &json!([])));
    assert_eq!(app.told(deal.ann_id).await, ["booked", "cancelled"]);
    let moves = app.database.rows(r#"SELECT "from", "to", note FROM booking_history"#).await;
    assert_eq!(moves, [json!({"from": "confirmed", "to": "cancelled", "note": "I have to work"})]);
    // The time is free again.
    deal.another(&app).await.booked(slot(3, "12:00")).await;
}

#[tokio::test]
async fn whom_the_provider_lets_down_is_matched_again_with_somebody_else() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(1, "00:30")).await;
    app.database.execute("UPDATE requests SET expires_at = now() + interval '1 hour'").await;
    app.database.execute("UPDATE tasks SET status = 'completed', stage = 'done', result = '{}'").await;
    let cancelled = cancel(&deal.ann, &booking, false).await.expect(200).body;
    assert_eq!(cancelled["cancelled_by"], "provider");
    assert_eq!(deal.stands(&app).await, "matching");
    let tasks = "SELECT count(*) FROM tasks WHERE kind = 'matching' AND status = 'processing'";
    assert_eq!(app.database.value(tasks).await, 1);
    let lives = "SELECT expires_at > now() + interval '13 days' FROM requests";
    assert_eq!(app.database.value(lives).await, true, "it has time to be matched");
    assert_eq!(app.told(deal.maya_id).await.last().unwrap(), "cancelled");
    // Whom it was taken from does not get it back.
    app.database.execute("UPDATE requests SET status = 'matched'").await;
    assert_problem!(deal.ann.post("/offers", deal.offer(&[slot(1, "12:00")])).await, 403, "not_yours");
    let other = Deal::new(&app).await;
    app.lead_row(deal.request, other.provider).await;
    let offer = other.ann.post("/offers", deal.offer(&[slot(1, "12:00")])).await.expect(201).body;
    let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    deal.maya.put(&path, json!({"slot": slot(1, "12:00")})).await.expect(200);
    assert_eq!(deal.stands(&app).await, "booked", "a request may be booked twice, one after the other");
}

#[tokio::test]
async fn a_consumer_who_wants_somebody_else_is_matched_again() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    cancel(&deal.maya, &booking, true).await.expect(200);
    assert_eq!(deal.stands(&app).await, "matching");
    cancel(&deal.maya, &booking, true).await.expect(200);
    let tasks = "SELECT count(*) FROM tasks WHERE kind = 'matching'";
    assert_eq!(app.database.value(tasks).await, 2, "that of the beginning, and one more");
}

#[tokio::test]
async fn within_a_day_of_the_start_it_is_late_and_counts_for_a_provider() {
    let app = app().await;
    for (hours, late) in [(23, true), (25, false)] {
        let deal = Deal::new(&app).await;
        let begins = |id: &str| {
            format!(
                "UPDATE bookings SET start_at = now() + interval '{hours} hours',
                   end_at = now() + interval '{} hours' WHERE id = '{id}'",
                hours + 1
            )
        };
        for (caller, counted) in [(&deal.maya, false), (&deal.ann, true)] {
            let booking = deal.another(&app).await;
            let (maya, booking) = (booking.maya.clone(), booking.booked(slot(6, "12:00")).await);
            app.database.execute(&begins(booking["id"].as_str().unwrap())).await;
            let caller = if counted { caller } else { &maya };
            let cancelled = cancel(caller, &booking, false).await.expect(200).body;
            assert_eq!(cancelled["late"], late);
            let count = format!("SELECT late_cancellations FROM providers WHERE id = '{}'", deal.provider);
            assert_eq!(app.database.value(&count).await, i32::from(late && counted));
        }
    }
}

#[tokio::test]
async fn what_has_begun_is_not_called_off() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(1, "12:00")).await;
    app.database.execute("UPDATE bookings SET start_at = now() - interval '1 minute'").await;
    for caller in [&deal.maya, &deal.ann] {
        assert_problem!(cancel(caller, &booking, false).await, 409, "illegal_move");
    }
    let path = format!("/bookings/{}/cancel", booking["id"].as_str().unwrap());
    assert_problem!(deal.maya.put(&path, json!({"reason": "  "})).await, 422, "invalid", ["/body/reason"]);
    assert_problem!(deal.maya.put(&path, json!({})).await, 422, "invalid", ["/body/reason"]);
    let other = Deal::new(&app).await;
    assert_problem!(cancel(&other.ann, &booking, false).await, 403, "not_yours");
}

#[tokio::test]
async fn an_admin_is_on_neither_side() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    let admin = app.user("root", Role::Admin);
    let cancelled = cancel(&admin, &booking, true).await.expect(200).body;
    assert_eq!((&cancelled["cancelled_by"], &cancelled["side"]), (&Value::Null, &Value::Null));
    assert_eq!(deal.stands(&app).await, "matching");
    for user in [deal.maya_id, deal.ann_id] {
        assert_eq!(app.told(user).await.last().unwrap(), "cancelled");
    }
    assert_eq!(app.database.value("SELECT action FROM audit_log").await, "booking.cancel");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_sides_that_cancel_at_once_one_did() {
    let app = app().await;
    for _ in 0..4 {
        let deal = Deal::new(&app).await;
        let booking = deal.booked(slot(3, "12:00")).await;
        let (hers, theirs) =
            join(cancel(&deal.maya, &booking, false), cancel(&deal.ann, &booking, false)).await;
        let mut statuses = [hers.status, theirs.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{hers:?} {theirs:?}");
        let stands = if hers.status == 200 { "cancelled" } else { "matching" };
        assert_eq!(deal.stands(&app).await, stands);
    }
}
