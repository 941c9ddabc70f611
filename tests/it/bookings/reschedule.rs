use futures::future::join;
use proxie_shared::domain::bookings::lapse_proposals;
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

fn path(booking: &Value, verb: &str) -> String {
    format!("/bookings/{}/reschedule{verb}", booking["id"].as_str().unwrap())
}

async fn propose(caller: &Caller, booking: &Value, named: Value) -> Answer {
    caller.put(&path(booking, ""), json!({"slot": named, "note": "would that do?"})).await
}

async fn agree(caller: &Caller, booking: &Value) -> Answer {
    caller.put(&path(booking, "/accept"), Value::Null).await
}

async fn disagree(caller: &Caller, booking: &Value) -> Answer {
    caller.put(&path(booking, "/decline"), Value::Null).await
}

#[tokio::test]
async fn one_side_proposes_and_the_other_agrees() {
    let app = app().await;
    for by_provider in [false, true] {
        let deal = Deal::new(&app).await;
        let (one, other) = if by_provider { (&deal.ann, &deal.maya) } else { (&deal.maya, &deal.ann) };
        let booking = deal.booked(slot(3, "12:00")).await;
        assert_problem!(agree(other, &booking).await, 409, "illegal_move");
        // Its own time is no obstacle.
        let open = propose(one, &booking, slot(3, "12:30")).await.expect(200).body;
        assert_eq!(open["slot"]["start_time"], "12:00", "the old slot holds");
        let proposal = &open["proposal"];
        let by = if by_provider { "provider" } else { "consumer" };
        assert_eq!((&proposal["by"], &proposal["note"]), (&json!(by), &json!("would that do?")));
        assert_eq!(proposal["slot"]["start_time"], "12:30");
        for own in [agree(one, &booking).await, disagree(one, &booking).await] {
            assert_problem!(own, 409, "illegal_move");
        }
        let wrong = other.put(&path(&booking, "/accept"), json!({"slot": slot(3, "13:30")})).await;
        assert_problem!(wrong, 409, "illegal_move");
        let moved =
            other.put(&path(&booking, "/accept"), json!({"slot": slot(3, "12:30")})).await.expect(200).body;
        assert_eq!((&moved["slot"]["start_time"], &moved["proposal"]), (&json!("12:30"), &Value::Null));
        agree(other, &booking).await.expect(200);
        assert_problem!(agree(one, &booking).await, 409, "illegal_move");
        assert_problem!(disagree(other, &booking).await, 409, "illegal_move");
        let (one, other) =
            if by_provider { (deal.ann_id, deal.maya_id) } else { (deal.maya_id, deal.ann_id) };
        for user in [one, other] {
            assert_eq!(app.told(user).await.last().unwrap(), "rescheduled");
        }
        let notes = format!(
            "SELECT note FROM booking_history WHERE booking_id = '{}' ORDER BY at",
            booking["id"].as_str().unwrap()
        );
        let notes = app.database.rows(&notes).await;
        assert_eq!(notes, [json!({"note": "reschedule_proposed"}), json!({"note": "reschedule_accepted"})]);
    }
}

#[tokio::test]
async fn of_a_booking_that_was_moved_both_are_reminded_anew() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    app.database
        .execute(&format!(
            "INSERT INTO notifications (id, user_id, kind, booking_id)
             SELECT gen_random_uuid(), id, 'reminder_24h', '{}' FROM unnest(ARRAY['{}', '{}']::uuid[]) id",
            booking["id"].as_str().unwrap(),
            deal.maya_id,
            deal.ann_id
        ))
        .await;
    let reminders = "SELECT count(*) FROM notifications WHERE kind = 'reminder_24h'";
    propose(&deal.maya, &booking, slot(5, "12:00")).await.expect(200);
    assert_eq!(app.database.value(reminders).await, 2);
    agree(&deal.ann, &booking).await.expect(200);
    assert_eq!(app.database.value(reminders).await, 0);
}

#[tokio::test]
async fn a_proposal_is_declined_changed_and_answered_first() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    propose(&deal.maya, &booking, slot(3, "14:00")).await.expect(200);
    propose(&deal.maya, &booking, slot(3, "14:00")).await.expect(200);
    assert_eq!(app.told(deal.ann_id).await, ["booked", "rescheduled"], "the same is told once");
    propose(&deal.maya, &booking, slot(3, "15:00")).await.expect(200);
    assert_problem!(propose(&deal.ann, &booking, slot(3, "16:00")).await, 409, "illegal_move");
    let left = disagree(&deal.ann, &booking).await.expect(200).body;
    assert_eq!((&left["slot"]["start_time"], &left["proposal"]), (&json!("12:00"), &Value::Null));
    disagree(&deal.ann, &booking).await.expect(200);
    assert_problem!(agree(&deal.ann, &booking).await, 409, "illegal_move");
    propose(&deal.ann, &booking, slot(3, "16:00")).await.expect(200);
    agree(&deal.maya, &booking).await.expect(200);
}

#[tokio::test]
async fn the_new_slot_must_be_free_when_it_is_proposed_and_when_it_is_agreed_to() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    for wrong in [slot(3, "12:00"), json!({"date": "2027-03-14", "start_time": "02:30"})] {
        assert_problem!(propose(&deal.maya, &booking, wrong).await, 422, "invalid", ["/body/slot"]);
    }
    let past = propose(&deal.maya, &booking, slot(-1, "12:00")).await;
    assert_problem!(past, 409, "slot_taken");
    propose(&deal.maya, &booking, slot(3, "14:00")).await.expect(200);
    deal.another(&app).await.booked(slot(3, "14:30")).await;
    let taken = agree(&deal.ann, &booking).await;
    assert_problem!(taken, 409, "slot_taken");
    assert_eq!(taken.body["slots"].as_array().unwrap().len(), 3, "{taken:?}");
    let free = taken.body["slots"][0].clone();
    propose(&deal.maya, &booking, json!({"date": free["date"], "start_time": free["start_time"]}))
        .await
        .expect(200);
    assert_eq!(agree(&deal.ann, &booking).await.expect(200).body["slot"], free);
}

#[tokio::test]
async fn a_proposal_lapses_after_a_day_or_with_the_start() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    let open = propose(&deal.maya, &booking, slot(3, "14:00")).await.expect(200).body;
    let until: chrono::DateTime<chrono::Utc> = open["proposal"]["until"].as_str().unwrap().parse().unwrap();
    let hours = (until - chrono::Utc::now()).num_minutes();
    assert!((23 * 60..=24 * 60).contains(&hours), "{hours}");
    app.database.execute("UPDATE bookings SET proposed_until = now()").await;
    assert_problem!(agree(&deal.ann, &booking).await, 409, "illegal_move");
    let shown =
        deal.ann.get(&format!("/bookings/{}", booking["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(shown["proposal"], Value::Null);
    let db = app.database.pool();
    let (one, other) = join(lapse_proposals(&db, 100), lapse_proposals(&db, 100)).await;
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    assert_eq!(app.told(deal.maya_id).await, ["offer", "booked", "rescheduled"]);
    propose(&deal.ann, &booking, slot(3, "14:00")).await.expect(200);
    app.database
        .execute("UPDATE bookings SET start_at = now() - interval '1 minute', end_at = now() + interval '59 minutes'")
        .await;
    assert_problem!(agree(&deal.maya, &booking).await, 409, "illegal_move");
    assert_problem!(propose(&deal.maya, &booking, slot(3, "15:00")).await, 409, "illegal_move");
    let other = Deal::new(&app).await;
    for (caller, verb) in [(&other.maya, "/accept"), (&other.ann, "/decline")] {
        assert_problem!(caller.put(&path(&booking, verb), Value::Null).await, 403, "not_yours");
    }
}

#[tokio::test]
async fn an_admin_answers_for_the_other_side() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    let admin = app.user("root", Role::Admin);
    propose(&deal.maya, &booking, slot(3, "14:00")).await.expect(200);
    assert_eq!(agree(&admin, &booking).await.expect(200).body["slot"]["start_time"], "14:00");
    assert_eq!(app.database.value("SELECT action FROM audit_log").await, "booking.reschedule");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_is_agreed_to_and_accepted_at_once_is_one_bookings() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    for days in 1..5 {
        let (moving, rival) = (deal.another(&app).await, deal.another(&app).await);
        let booking = moving.booked(slot(days, "12:00")).await;
        propose(&moving.maya, &booking, slot(days, "14:00")).await.expect(200);
        let offer = rival.offered(&[slot(days, "14:30")]).await;
        let accept = format!("/offers/{offer}/accept");
        let (moved, booked) =
            join(agree(&moving.ann, &booking), rival.maya.put(&accept, json!({"slot": slot(days, "14:30")})))
                .await;
        let mut statuses = [moved.status, booked.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{moved:?} {booked:?}");
        let lost = if moved.status == 409 { moved } else { booked };
        assert_problem!(lost, 409, "slot_taken");
    }
}
