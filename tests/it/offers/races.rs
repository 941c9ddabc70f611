use std::collections::BTreeMap;

use futures::future::{join, join_all};
use proxie_shared::domain::offers::expire_offers;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Deal, WAITING, assert_problem, check_problem, eventually, size, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

fn accept(named: &Value) -> Value {
    json!({"slot": named})
}

/// That one of many won, and that each other was told why not.
fn one_won(answers: &[Answer], codes: &[&str]) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    let winners: Vec<&str> =
        answers.iter().filter(|a| a.status == 200).filter_map(|a| a.body["id"].as_str()).collect();
    assert!(!winners.is_empty(), "nobody won: {:?}", answers.first());
    assert!(winners.iter().all(|id| *id == winners[0]), "one booking: {winners:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        let code = answer.body["code"].as_str().unwrap_or_default();
        assert!(codes.contains(&code), "{answer:?}");
        check_problem(answer, 409, code, None);
        if code == "slot_taken" {
            assert_eq!(answer.body["slots"].as_array().map(Vec::len), Some(3), "{answer:?}");
        }
        *told.entry(code.to_owned()).or_default() += 1;
    }
    told
}

async fn bookings(app: &App) -> Value {
    app.database.value("SELECT count(*) FROM bookings WHERE status = 'confirmed'").await
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_accept_one_offer_it_is_one_booking() {
    let app = app().await;
    let (rivals, times) = (size(10, 100), size(2, 100));
    let deal = Deal::new(&app).await;
    for time in 0..times {
        let next = deal.another(&app).await;
        let days = 1 + (time / 20) as i64;
        let slots: Vec<Value> = (0..2)
            .map(|half| {
                slot(
                    days,
                    &format!("{:02}:{}", time % 20, half * 3).replace(":0", ":00").replace(":3", ":30"),
                )
            })
            .collect();
        let mut body = next.offer(&slots);
        body["duration_minutes"] = json!(30);
        let offer = next.ann.post("/offers", body).await.expect(201).body["id"].as_str().unwrap().to_owned();
        let path = format!("/offers/{offer}/accept");
        // Half of them for the one slot, half for the other: the same person, but not the same move.
        let calls = (0..rivals).map(|n| next.maya.put(&path, accept(&slots[n % 2])));
        one_won(&join_all(calls).await, &["offer_not_pending"]);
        assert_eq!(bookings(&app).await, time + 1);
        assert_eq!(app.told(next.maya_id).await, ["offer", "booked"], "told once");
    }
    println!("figure: {rivals} accepts of one offer at once, {times} times: one booking each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_siblings_are_accepted_one_is_the_booking() {
    let app = app().await;
    let (rivals, times) = (size(10, 100), size(2, 100));
    let mut makers = Vec::new();
    for _ in 0..rivals {
        makers.push(Deal::new(&app).await);
    }
    let deal = Deal::new(&app).await;
    for time in 0..times {
        let next = deal.another(&app).await;
        let named = slot(1 + (time / 20) as i64, &format!("{:02}:00", time % 20));
        let mut paths = Vec::new();
        for maker in &makers {
            app.lead_row(next.request, maker.provider).await;
            let mut body = next.offer(std::slice::from_ref(&named));
            body["duration_minutes"] = json!(30);
            let made = maker.ann.post("/offers", body).await;
            // Some have won before, at just that time: never, as each time is another.
            paths.push(format!("/offers/{}/accept", made.expect(201).body["id"].as_str().unwrap()));
        }
        let answers = join_all(paths.iter().map(|path| next.maya.put(path, accept(&named)))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        one_won(&answers, &["offer_not_pending"]);
        let ends = format!(
            "SELECT count(*) FILTER (WHERE status = 'declined') FROM offers WHERE request_id = '{}'",
            next.request
        );
        assert_eq!(app.database.value(&ends).await, rivals - 1);
        assert_eq!(bookings(&app).await, time + 1);
    }
    println!("figure: {rivals} sibling offers accepted at once, {times} times: one booking each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_want_one_slot_through_requests_of_their_own_one_has_it() {
    let app = app().await;
    let (rivals, times) = (size(10, 100), size(2, 100));
    let deal = Deal::new(&app).await;
    let mut others = Vec::new();
    let mut told = BTreeMap::<String, usize>::new();
    for time in 0..times {
        let named = slot(1 + (time / 20) as i64, &format!("{:02}:00", time % 20));
        others.clear();
        for _ in 0..rivals {
            let other = deal.another(&app).await;
            let mut body = other.offer(std::slice::from_ref(&named));
            body["duration_minutes"] = json!(30);
            let made = other.ann.post("/offers", body).await.expect(201);
            others.push((made.body["id"].as_str().unwrap().to_owned(), other));
        }
        let paths: Vec<_> = others.iter().map(|(offer, _)| format!("/offers/{offer}/accept")).collect();
        let calls = others.iter().zip(&paths).map(|((_, other), path)| other.maya.put(path, accept(&named)));
        let answers = join_all(calls).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for (code, count) in one_won(&answers, &["slot_taken"]) {
            *told.entry(code).or_default() += count;
        }
        assert_eq!(bookings(&app).await, time + 1);
        // What one of the losers was told is theirs to have.
        let (at, loser) = answers.iter().enumerate().find(|(_, answer)| answer.status == 409).unwrap();
        let free = &loser.body["slots"][0];
        if time == 0 {
            let named = json!({"date": free["date"], "start_time": free["start_time"]});
            let taken = others[at].1.maya.put(&paths[at], accept(&named)).await.expect(200).body;
            assert_eq!(&taken["slot"], free);
            app.database
                .execute(&format!(
                    "UPDATE bookings SET status = 'cancelled', cancel_reason = 'x', ended_at = now() WHERE id = '{}'",
                    taken["id"].as_str().unwrap()
                ))
                .await;
        }
    }
    println!(
        "figure: one slot through {rivals} requests at once, {times} times: one booking each time, {told:?}"
    );
}

/// What stands after two moves at once must be what one after the other would have left.
#[tokio::test(flavor = "multi_thread")]
async fn accepting_beside_whatever_else_happens_leaves_a_state_that_makes_sense() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let db = app.database.pool();
    let mut won = BTreeMap::<&str, usize>::new();
    for time in 0..size(12, 400) {
        let next = deal.another(&app).await;
        let named = slot(1 + (time % 80) as i64, &format!("{:02}:00", (time / 80) * 2));
        let offer = next.offered(std::slice::from_ref(&named)).await;
        let path = format!("/offers/{offer}/accept");
        let accepting = next.maya.put(&path, accept(&named));
        let beside = ["withdraw", "decline", "expire"][time % 3];
        let (accepted, other) = match beside {
            "withdraw" => {
                let path = format!("/offers/{offer}/withdraw");
                join(accepting, async { next.ann.put(&path, Value::Null).await.status }).await
            }
            "decline" => {
                let path = format!("/offers/{offer}/decline");
                join(accepting, async { next.maya.put(&path, Value::Null).await.status }).await
            }
            _ => {
                let over = format!(
                    "UPDATE offers SET expires_at = now() WHERE id = '{offer}' AND status = 'pending'"
                );
                join(accepting, async {
                    app.database.execute(&over).await;
                    if expire_offers(&db, 100).await.unwrap() == 1 { 200 } else { 409 }
                })
                .await
            }
        };
        let stands = next.maya.get(&format!("/offers/{offer}")).await.expect(200).body["status"].clone();
        let booked = format!("SELECT count(*) FROM bookings WHERE offer_id = '{offer}'");
        let booked = app.database.value(&booked).await;
        if accepted.status == 200 {
            assert_eq!((other, stands, booked), (409, json!("accepted"), json!(1)), "{beside}");
            assert_eq!(next.stands(&app).await, "booked");
            *won.entry("accept").or_default() += 1;
        } else {
            assert_problem!(accepted, 409, "offer_not_pending");
            assert_eq!((other, booked), (200, json!(0)), "{beside}");
            assert_eq!(next.stands(&app).await, "matched", "{beside}");
            *won.entry(beside).or_default() += 1;
        }
    }
    println!("figure: accept beside withdraw, decline, expiry: {won:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_move_the_calendar_at_once_wait_for_each_other() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let rival = deal.another(&app).await;
    let (mine, theirs) = (deal.offered(&[slot(1, "12:00")]).await, rival.offered(&[slot(1, "12:30")]).await);
    let lock = format!("BEGIN; SELECT FROM providers WHERE id = '{}' FOR NO KEY UPDATE", deal.provider);
    let held = app.database.hold(&lock).await;
    let (mine, theirs) = (format!("/offers/{mine}/accept"), format!("/offers/{theirs}/accept"));
    let both = join(
        deal.maya.put(&mine, accept(&slot(1, "12:00"))),
        rival.maya.put(&theirs, accept(&slot(1, "12:30"))),
    );
    let meanwhile = async {
        eventually("both wait", async || app.database.value(WAITING).await == 2).await;
        held.finish("COMMIT").await;
    };
    let ((one, other), ()) = join(both, meanwhile).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "the hours overlap");
    let id: Uuid = deal.provider;
    let overlap = format!("SELECT count(*) FROM bookings WHERE provider_id = '{id}'");
    assert_eq!(app.database.value(&overlap).await, 1);
}
