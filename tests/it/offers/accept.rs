use chrono::{DateTime, Utc};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn accept(caller: &Caller, offer: &str, named: Value) -> Answer {
    caller.put(&format!("/offers/{offer}/accept"), json!({"slot": named})).await
}

/// A slot that an answer told of, as somebody names it.
fn named(told: &Value) -> Value {
    json!({"date": told["date"], "start_time": told["start_time"]})
}

#[tokio::test]
async fn an_accepted_offer_is_a_booking() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let others = [Deal::new(&app).await, Deal::new(&app).await];
    let mut losers = Vec::new();
    for other in &others {
        app.lead_row(deal.request, other.provider).await;
        let made = other.ann.post("/offers", deal.offer(&[slot(1, "12:00")])).await.expect(201);
        losers.push(made.body["id"].as_str().unwrap().to_owned());
    }
    let offer = deal.offered(&[slot(1, "12:00"), slot(1, "15:00")]).await;
    assert_problem!(accept(&deal.ann, &offer, slot(1, "12:00")).await, 403, "not_yours");
    assert_problem!(accept(&others[0].maya, &offer, slot(1, "12:00")).await, 403, "not_yours");
    let answer = accept(&deal.maya, &offer, slot(1, "15:00")).await.expect(200);
    let booking = &answer.body;
    assert_eq!((&booking["status"], &booking["side"]), (&json!("confirmed"), &json!("consumer")));
    assert_eq!((&booking["price_cents"], &booking["place"]), (&json!(5_500), &json!("provider")));
    assert_eq!(
        (&booking["slot"]["start_time"], &booking["slot"]["end_time"]),
        (&json!("15:00"), &json!("16:00"))
    );
    assert_eq!(booking["slot"]["zone"], "America/New_York");
    assert_eq!(booking["contact"]["street"], "12 Bergen Street");

    assert_eq!(deal.stands(&app).await, "booked");
    let won = deal.maya.get(&format!("/offers/{offer}")).await.expect(200).body;
    assert_eq!((&won["status"], &won["booking_id"]), (&json!("accepted"), &booking["id"]));
    for (other, loser) in others.iter().zip(&losers) {
        let lost = other.ann.get(&format!("/offers/{loser}")).await.expect(200).body;
        assert_eq!((&lost["status"], &lost["reason"]), (&json!("declined"), &json!("another_accepted")));
        assert_eq!(app.told(other.ann_id).await, ["offer_declined"]);
        assert_problem!(accept(&deal.maya, loser, slot(1, "12:00")).await, 409, "offer_not_pending");
    }
    assert_eq!(app.told(deal.ann_id).await, ["booked"]);
    assert_eq!(app.told(deal.maya_id).await, ["offer", "offer", "offer", "booked"]);

    let again = accept(&deal.maya, &offer, slot(1, "15:00")).await.expect(200);
    assert_eq!(again.body["id"], booking["id"], "the same again is what it made");
    assert_problem!(accept(&deal.maya, &offer, slot(1, "12:00")).await, 409, "offer_not_pending");
    let admin = app.user("root", Role::Admin);
    assert_problem!(accept(&admin, &offer, slot(1, "15:00")).await, 409, "offer_not_pending");
    let moves = r#"SELECT "from", "to" FROM request_history ORDER BY at"#;
    let moves = app.database.rows(moves).await;
    assert_eq!(moves.last().unwrap(), &json!({"from": "offers_received", "to": "booked"}));
    assert_eq!(app.database.value("SELECT count(*) FROM bookings").await, 1);
}

#[tokio::test]
async fn only_what_the_offer_names_is_accepted() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    for other in [slot(1, "12:30"), slot(2, "12:00"), json!({"date": "2027-03-14", "start_time": "02:30"})] {
        assert_problem!(accept(&deal.maya, &offer, other).await, 422, "slot_not_offered", ["/body/slot"]);
    }
    let wrong = json!({"slot": {"date": "soon", "start_time": "noon"}, "address": " ", "price": 1});
    let answer = deal.maya.put(&format!("/offers/{offer}/accept"), wrong).await;
    assert_problem!(
        answer,
        422,
        "invalid",
        ["/body/slot/date", "/body/slot/start_time", "/body/address", "/body/price"]
    );
    app.database.execute("UPDATE requests SET expires_at = now()").await;
    assert_problem!(accept(&deal.maya, &offer, slot(1, "12:00")).await, 409, "request_closed");
    app.database.execute("UPDATE requests SET expires_at = now() + interval '1 day'").await;
    app.database.execute("UPDATE providers SET status = 'suspended'").await;
    assert_problem!(accept(&deal.maya, &offer, slot(1, "12:00")).await, 409, "offer_not_pending");
}

#[tokio::test]
async fn work_at_the_consumers_needs_an_address() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    app.database.execute("UPDATE requests SET place = 'consumer'").await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    let body = json!({"slot": slot(1, "12:00"), "instructions": "ring twice"});
    let path = format!("/offers/{offer}/accept");
    assert_problem!(deal.maya.put(&path, body).await, 422, "address_needed", ["/body/address"]);
    let body = json!({"slot": slot(1, "12:00"), "address": "9 Dean Street", "instructions": "ring twice"});
    let booking = deal.maya.put(&path, body).await.expect(200).body;
    assert_eq!((&booking["place"], &booking["address"]), (&json!("consumer"), &json!("9 Dean Street")));
    let theirs =
        deal.ann.get(&format!("/bookings/{}", booking["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(
        (&theirs["address"], &theirs["instructions"]),
        (&json!("9 Dean Street"), &json!("ring twice"))
    );
}

#[tokio::test]
async fn where_nobody_says_the_place_is_what_the_provider_does() {
    let app = app().await;
    for (places, address, place) in [
        ("{provider,consumer}", Value::Null, "provider"),
        ("{provider,consumer}", json!("9 Dean Street"), "consumer"),
        ("{provider}", json!("9 Dean Street"), "provider"),
        ("{remote}", Value::Null, "remote"),
        ("{consumer}", Value::Null, "address_needed"),
    ] {
        let deal = Deal::new(&app).await;
        app.database.execute(&format!("UPDATE provider_services SET places = '{places}'")).await;
        let offer = deal.offered(&[slot(1, "12:00")]).await;
        let body = json!({"slot": slot(1, "12:00"), "address": address});
        let answer = deal.maya.put(&format!("/offers/{offer}/accept"), body).await;
        if place == "address_needed" {
            assert_problem!(answer, 422, "address_needed");
            continue;
        }
        let booking = answer.expect(200).body;
        assert_eq!(booking["place"], place, "{places}");
        assert_eq!(booking["address"].is_string(), place == "consumer", "nobody needs to know otherwise");
    }
    // Nobody is made to come further than they do.
    let deal = Deal::new(&app).await;
    app.database
        .execute(
            "UPDATE provider_services SET places = '{provider,consumer}'; UPDATE providers SET latitude = latitude + 0.5",
        )
        .await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    let body = json!({"slot": slot(1, "12:00"), "address": "9 Dean Street"});
    let booking = deal.maya.put(&format!("/offers/{offer}/accept"), body).await.expect(200).body;
    assert_eq!((&booking["place"], &booking["address"]), (&json!("provider"), &Value::Null));
}

#[tokio::test]
async fn who_comes_too_late_is_told_free_slots_that_the_offer_takes() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let rival = deal.another(&app).await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    rival.booked(slot(1, "12:00")).await;
    let refused = accept(&deal.maya, &offer, slot(1, "12:00")).await;
    assert_problem!(refused, 409, "slot_taken");
    let free = refused.body["slots"].as_array().unwrap();
    let starts: Vec<_> = free.iter().map(|slot| slot["start_time"].as_str().unwrap()).collect();
    assert_eq!(starts, ["10:30", "11:00", "13:00"], "the nearest, in order");

    let shown = deal.maya.get(&format!("/offers/{offer}")).await.expect(200).body;
    assert_eq!(shown["status"], "pending", "it lives by what is named instead");
    let slots = shown["slots"].as_array().unwrap();
    let good: Vec<_> = slots.iter().map(|slot| (&slot["free"], slot["good_until"].is_string())).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(good, [(&yes, true), (&yes, true), (&no, false), (&yes, true)]);
    let until: DateTime<Utc> = slots[0]["good_until"].as_str().unwrap().parse().unwrap();
    let minutes = (until - Utc::now()).num_minutes();
    assert!((13..=15).contains(&minutes), "{minutes}");

    // Lapsed, they are none of the offer's any more; asked again, they are good anew.
    app.database.execute("UPDATE offer_slots SET good_until = now() WHERE good_until IS NOT NULL").await;
    assert_problem!(accept(&deal.maya, &offer, named(&free[0])).await, 422, "slot_not_offered");
    assert_problem!(accept(&deal.maya, &offer, slot(1, "12:00")).await, 409, "slot_taken");
    let booking = accept(&deal.maya, &offer, named(&free[1])).await.expect(200).body;
    assert_eq!(booking["slot"], free[1]);
    let again = accept(&deal.maya, &offer, named(&free[1])).await.expect(200).body;
    assert_eq!(again["id"], booking["id"]);
}

#[tokio::test]
async fn an_offer_for_which_nothing_is_left_is_over() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let rival = deal.another(&app).await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    rival.booked(slot(1, "12:00")).await;
    app.database.execute("UPDATE availability SET weekly = '{}'").await;
    let refused = accept(&deal.maya, &offer, slot(1, "12:00")).await;
    assert_problem!(refused, 409, "slot_taken");
    assert_eq!(refused.body["slots"], json!([]));
    let shown = deal.maya.get(&format!("/offers/{offer}")).await.expect(200).body;
    assert_eq!((&shown["status"], &shown["reason"]), (&json!("expired"), &json!("slots_gone")));
    assert_eq!(deal.stands(&app).await, "matched");
    assert_problem!(accept(&deal.maya, &offer, slot(1, "12:00")).await, 409, "offer_not_pending");
}

#[tokio::test]
async fn buffer_and_day_limit_hold_when_a_slot_is_accepted() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let (near, later) = (deal.another(&app).await, deal.another(&app).await);
    let at_one = near.offered(&[slot(1, "13:15")]).await;
    let at_six = later.offered(&[slot(1, "18:00"), slot(2, "18:00")]).await;
    deal.booked(slot(1, "12:00")).await;
    app.database.execute("UPDATE availability SET buffer_minutes = 30").await;
    assert_problem!(accept(&near.maya, &at_one, slot(1, "13:15")).await, 409, "slot_taken");
    app.database.execute("UPDATE availability SET buffer_minutes = 0, max_per_day = 1").await;
    let refused = accept(&later.maya, &at_six, slot(1, "18:00")).await;
    assert_problem!(refused, 409, "slot_taken");
    let tomorrow = &slot(1, "18:00")["date"];
    assert!(
        refused.body["slots"].as_array().unwrap().iter().all(|slot| &slot["date"] != tomorrow),
        "{refused:?}"
    );
    accept(&later.maya, &at_six, slot(2, "18:00")).await.expect(200);
}

#[tokio::test]
async fn a_booking_that_nobody_saw_coming_is_met_by_the_constraint() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    let rival = deal.another(&app).await;
    let theirs = rival.offered(&[slot(1, "12:00")]).await;
    // As if somebody booked between the look and the insert, without a lock.
    app.database
        .execute(&format!(
            "CREATE FUNCTION sneak_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               IF new.offer_id = '{offer}' AND NOT EXISTS (SELECT FROM bookings WHERE offer_id = '{theirs}') THEN
                 RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'bookings_no_overlap', TABLE = 'bookings';
               END IF; RETURN new; END $$;
             CREATE TRIGGER sneak_in BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION sneak_in()"
        ))
        .await;
    assert_problem!(accept(&deal.maya, &offer, slot(1, "12:00")).await, 409, "slot_taken");
    assert_eq!(deal.stands(&app).await, "offers_received", "nothing of it stays");
}
