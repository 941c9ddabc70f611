use chrono::{DateTime, Duration, Utc};
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Deal, assert_problem, day, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

#[tokio::test]
async fn a_provider_offers_to_do_what_was_routed_to_them() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let answer =
        deal.ann.post("/offers", deal.offer(&[slot(1, "12:00"), slot(2, "09:10")])).await.expect(201);
    let offer = &answer.body;
    let id = offer["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), Some(format!("/offers/{id}").as_str()));
    assert_eq!((&offer["status"], &offer["automatic"]), (&json!("pending"), &json!(false)));
    assert_eq!(offer["provider"]["name"], "Curls & Co");
    let slots = offer["slots"].as_array().unwrap();
    let named: Vec<_> =
        slots.iter().map(|s| (&s["date"], &s["start_time"], &s["end_time"], &s["free"])).collect();
    let (first, second) = (json!(day(1)), json!(day(2)));
    let (noon, one, nine, ten, free) =
        (json!("12:00"), json!("13:00"), json!("09:10"), json!("10:10"), json!(true));
    assert_eq!(named, [(&first, &noon, &one, &free), (&second, &nine, &ten, &free)]);
    assert_eq!(deal.stands(&app).await, "offers_received");
    assert_eq!(app.told(deal.maya_id).await, ["offer"]);
    let answered = "SELECT answered_at IS NOT NULL FROM request_matches";
    assert_eq!(app.database.value(answered).await, true);

    for reader in [&deal.maya, &deal.ann] {
        assert_eq!(reader.get(&format!("/offers/{id}")).await.expect(200).body["id"], offer["id"]);
        let listed = reader.get("/offers").await.expect(200).body;
        assert_eq!((&listed["items"][0]["id"], &listed["next_cursor"]), (&offer["id"], &Value::Null));
        let filtered = format!("/offers?request_id={}&status=pending", deal.request);
        assert_eq!(reader.get(&filtered).await.expect(200).body["items"].as_array().unwrap().len(), 1);
        assert_eq!(reader.get("/offers?status=declined").await.expect(200).body["items"], json!([]));
    }
    let of_request = deal.maya.get(&format!("/requests/{}/offers", deal.request)).await.expect(200).body;
    assert_eq!(of_request["items"][0]["id"], offer["id"]);
    assert_problem!(deal.ann.get(&format!("/requests/{}/offers", deal.request)).await, 403, "not_yours");
    let noah = app.consumer("noah");
    assert_problem!(noah.get(&format!("/offers/{id}")).await, 403, "not_yours");
    let foreign = noah.get(&format!("/offers?request_id={}", deal.request)).await;
    assert_problem!(foreign, 403, "not_yours");
}

#[tokio::test]
async fn offers_are_for_leads() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let body = deal.offer(&[slot(1, "12:00")]);
    let nobody = app.user("somebody", Role::Provider);
    assert_problem!(nobody.post("/offers", body.clone()).await, 403, "no_provider_profile");
    let other = Deal::new(&app).await;
    assert_problem!(other.ann.post("/offers", body.clone()).await, 403, "not_yours");
    let mut unknown = body.clone();
    unknown["request_id"] = json!(Uuid::now_v7());
    assert_problem!(deal.ann.post("/offers", unknown).await, 403, "not_yours");
    app.database.execute("UPDATE request_matches SET passed_at = now()").await;
    assert_problem!(deal.ann.post("/offers", body).await, 403, "not_yours");
}

#[tokio::test]
async fn a_request_that_is_closed_takes_no_offers() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let body = deal.offer(&[slot(1, "12:00")]);
    for closed in ["status = 'cancelled'", "status = 'booked'", "status = 'matched', expires_at = now()"] {
        app.database.execute(&format!("UPDATE requests SET {closed}")).await;
        let answer = deal.ann.post("/offers", body.clone()).await;
        assert_problem!(answer, 409, "request_closed");
        assert!(answer.body["from"].is_string() && answer.body["allowed"].is_array(), "{answer:?}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_offer_is_told_at_once() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    app.database.execute("UPDATE providers SET min_price_cents = 6000").await;
    let busy = deal.another(&app).await;
    let mut body = busy.offer(&[slot(3, "12:00")]);
    body["price_cents"] = json!(6_000);
    let offer = busy.ann.post("/offers", body).await.expect(201).body["id"].as_str().unwrap().to_owned();
    let accepted = busy.maya.put(&format!("/offers/{offer}/accept"), json!({"slot": slot(3, "12:00")})).await;
    accepted.expect(200);

    let mut body = deal.offer(&[
        slot(1, "12:00"),
        slot(3, "12:30"),
        slot(1, "12:00"),
        slot(-1, "12:00"),
        slot(120, "12:00"),
    ]);
    body["currency"] = json!("EUR");
    let wrong = [
        "/body/currency",
        "/body/price_cents",
        "/body/slots/1",
        "/body/slots/2",
        "/body/slots/3",
        "/body/slots/4",
    ];
    assert_problem!(
        deal.ann.post("/offers", body.clone()).await,
        422,
        "invalid",
        [wrong[0], wrong[1], wrong[2], wrong[3], wrong[4], wrong[5]]
    );
    body["service_id"] = json!("braiding");
    let answer = deal.ann.post("/offers", body).await;
    assert_problem!(answer, 422, "invalid");
    let told = answer.body["errors"].to_string();
    assert!(told.contains("/body/service_id"), "{told}");

    let form = json!({
        "request_id": "x", "service_id": "", "price_cents": -1, "currency": "usd", "duration_minutes": 0, "slots": [],
        "message": 5, "expires_in_hours": 73,
    });
    let answer = deal.ann.post("/offers", form).await;
    assert_problem!(answer, 422, "invalid");
    for field in [
        "request_id",
        "service_id",
        "price_cents",
        "currency",
        "duration_minutes",
        "slots",
        "message",
        "expires_in_hours",
    ] {
        assert!(answer.text.contains(&format!("/body/{field}")), "{field}: {answer:?}");
    }
    let mut body = deal.offer(&[json!({"date": day(1), "start_time": "25:00"})]);
    body["slots"][0]["end_time"] = json!("26:00");
    assert_problem!(
        deal.ann.post("/offers", body).await,
        422,
        "invalid",
        ["/body/slots/0/start_time", "/body/slots/0/end_time"]
    );
}

#[tokio::test]
async fn a_service_is_offered_with_its_licence_in_order_and_where_it_is_asked_for() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let mut body = deal.offer(&[slot(1, "12:00")]);
    body["price_cents"] = json!(6_500);
    for wrong in [
        "licence = 'pending_verification'",
        "licence = 'rejected'",
        "licence = 'verified', licence_number = '1', licence_expires_on = current_date - 1",
        "licence = 'not_needed', places = '{remote}'",
    ] {
        app.database.execute(&format!("UPDATE provider_services SET {wrong}")).await;
        app.database.execute("UPDATE requests SET place = 'provider'").await;
        assert_problem!(deal.ann.post("/offers", body.clone()).await, 422, "invalid", ["/body/service_id"]);
    }
    app.database.execute("UPDATE provider_services SET places = '{provider}'").await;
    deal.ann.post("/offers", body).await.expect(201);
}

#[tokio::test]
async fn a_provider_has_one_live_offer_for_a_request() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let body = deal.offer(&[slot(1, "12:00")]);
    let posts = futures::future::join_all((0..8).map(|_| deal.ann.post("/offers", body.clone()))).await;
    assert_eq!(posts.iter().filter(|answer| answer.status == 201).count(), 1, "of many at once one is made");
    for answer in posts.iter().filter(|answer| answer.status != 201) {
        assert_problem!(answer, 409, "illegal_move");
    }
    // One whose time is over makes room, before any sweep.
    app.database.execute("UPDATE offers SET expires_at = now()").await;
    let second = deal.ann.post("/offers", body.clone()).await.expect(201).body;
    let ended = "SELECT status::text FROM offers ORDER BY id LIMIT 1";
    assert_eq!(app.database.value(ended).await, "expired");
    deal.ann
        .put(&format!("/offers/{}/withdraw", second["id"].as_str().unwrap()), Value::Null)
        .await
        .expect(200);
    deal.ann.post("/offers", body).await.expect(201);
    assert_eq!(app.told(deal.maya_id).await, ["offer", "offer_expired", "offer", "offer"]);
}

#[tokio::test]
async fn an_offer_lives_for_a_day_or_as_long_as_is_said_but_not_beyond_its_last_slot() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let lives = async |body: Value| {
        let offer = deal.ann.post("/offers", body).await.expect(201).body;
        let path = format!("/offers/{}/withdraw", offer["id"].as_str().unwrap());
        deal.ann.put(&path, Value::Null).await.expect(200);
        let time = |name: &str| offer[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        (time("expires_at"), time("expires_at") - time("created_at"))
    };
    let about = |lived: Duration, hours: i64| (lived - Duration::hours(hours)).abs() < Duration::minutes(1);
    let far = deal.offer(&[slot(10, "12:00")]);
    assert!(about(lives(far.clone()).await.1, 24));
    let mut long = far;
    long["expires_in_hours"] = json!(72);
    assert!(about(lives(long.clone()).await.1, 72));
    long["slots"] = json!([slot(1, "12:00"), slot(2, "07:00")]);
    let made = deal.ann.post("/offers", long).await.expect(201).body;
    assert_eq!(made["expires_at"], made["slots"][1]["start_at"]);
}

#[tokio::test]
async fn the_same_call_makes_one_offer() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let post = |body: Value| {
        let call = deal.ann.call(Method::POST, "/offers").header("idempotency-key", "k").json(&body);
        deal.ann.send(call)
    };
    let body = deal.offer(&[slot(1, "12:00")]);
    let first = post(body.clone()).await.expect(201);
    let again = post(body).await.expect(201);
    assert_eq!((&first.body, first.header("location")), (&again.body, again.header("location")));
    let other = post(deal.offer(&[slot(1, "13:00")])).await;
    assert_eq!((other.status, &other.body["code"]), (422, &json!("idempotency_mismatch")));
    assert_eq!(app.database.value("SELECT count(*) FROM offers").await, 1);
}

#[tokio::test]
async fn lists_go_page_by_page() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    for _ in 0..5 {
        let offer = deal.offered(&[slot(1, "12:00")]).await;
        deal.ann.put(&format!("/offers/{offer}/withdraw"), Value::Null).await.expect(200);
    }
    for caller in [&deal.ann, &deal.maya] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = caller.get(&format!("/offers?limit=2{cursor}")).await.expect(200).body;
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.iter().rev().is_sorted(), "the newest first: {seen:?}");
    }
}
