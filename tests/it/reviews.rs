//! Reviews: of bookings that are done, once each; what they make of a provider's reputation.

use futures::future::join_all;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

/// Curls & Co, who are in it for themselves, and people who book them.
struct Scene {
    app: App,
    provider: Uuid,
    barber: Caller,
}

impl Scene {
    async fn new() -> Self {
        let app = App::builder().workers(0).start().await;
        let user = app.user_row(Role::Provider).await;
        let provider = app.provider_row(user).await;
        let barber = app.user(&user.to_string(), Role::Provider);
        Self { app, provider, barber }
    }

    /// A consumer of this name, and a booking of theirs that began so many hours ago and is done.
    async fn customer(&self, name: &str, hours_ago: i32) -> (Caller, Uuid) {
        let user = self.app.user_row(Role::Consumer).await;
        self.app.database.execute(&format!("UPDATE users SET name = '{name}' WHERE id = '{user}'")).await;
        let booking = self.app.done_booking_row(user, self.provider, hours_ago).await;
        (self.app.user(&user.to_string(), Role::Consumer), booking)
    }

    async fn reviews(&self) -> Value {
        self.page("").await
    }

    async fn page(&self, query: &str) -> Value {
        let path = format!("/reviews/provider/{}{query}", self.provider);
        self.app.guest().await.get(&path).await.expect(200).body
    }

    /// The provider's row, as far as it is its reputation.
    async fn reputation(&self) -> Value {
        let row = format!(
            "SELECT review_count, rating, rating_mean, completed_jobs, late_cancellations, response_rate, response_minutes
             FROM providers WHERE id = '{}'",
            self.provider
        );
        self.app.database.rows(&row).await.remove(0)
    }

    /// That the provider's numbers are those of the rows, by a plain count of them.
    async fn assert_reputation(&self) {
        let told = self.reputation().await;
        let rows = format!(
            "SELECT rating, extract(epoch FROM created_at)::float8 AS at FROM reviews WHERE provider_id = '{}'",
            self.provider
        );
        let rows = self.app.database.rows(&rows).await;
        let reviews: Vec<(f64, f64)> =
            rows.iter().map(|row| (row["rating"].as_f64().unwrap(), row["at"].as_f64().unwrap())).collect();
        let count = reviews.len();
        let mean = reviews.iter().map(|(rating, _)| rating).sum::<f64>() / count as f64;
        let newest = reviews.iter().map(|(_, at)| *at).fold(0.0, f64::max);
        let weight = |at: f64| 0.5_f64.powf((newest - at) / 86_400.0 / 365.0);
        let weights: f64 = reviews.iter().map(|(_, at)| weight(*at)).sum();
        let recent = reviews.iter().map(|(rating, at)| rating * weight(*at)).sum::<f64>() / weights;
        assert_eq!(told["review_count"], count, "{told}");
        assert_close(&told["rating"], (count >= 3).then_some(mean));
        assert_close(&told["rating_mean"], (count > 0).then_some(recent));
    }
}

#[track_caller]
fn assert_close(told: &Value, wanted: Option<f64>) {
    match (told.as_f64(), wanted) {
        (Some(told), Some(wanted)) => assert!((told - wanted).abs() < 1e-9, "{told} for {wanted}"),
        (told, wanted) => assert_eq!(told, wanted),
    }
}

fn said(booking: Uuid, rating: i32) -> Value {
    json!({"booking_id": booking, "rating": rating, "text": "Lovely curls"})
}

async fn told(caller: &Caller, app: &App) -> Vec<Value> {
    let id = caller.get("/auth/me").await.expect(200).body["id"].clone();
    let kinds = format!(
        "SELECT kind::text AS kind, review_id, booking_id FROM notifications WHERE user_id = '{}' ORDER BY id",
        id.as_str().unwrap()
    );
    app.database.rows(&kinds).await
}

#[tokio::test]
async fn a_booking_that_is_done_is_reviewed_and_answered() {
    let scene = Scene::new().await;
    let (maya, booking) = scene.customer("Maya Bennett", 30).await;
    let body = json!({
        "booking_id": booking, "rating": 4, "breakdown": {"quality": 5, "punctuality": 2}, "text": "  Lovely curls ",
    });
    let answer = maya.post("/reviews", body).await.expect(201);
    let review = &answer.body;
    let place = format!("/reviews/provider/{}", scene.provider);
    assert_eq!(answer.header("location"), Some(place.as_str()));
    assert_eq!((&review["author"], &review["text"]), (&json!("Maya"), &json!("Lovely curls")));
    let breakdown = json!({"quality": 5, "punctuality": 2, "communication": null, "value": null});
    assert_eq!((&review["rating"], &review["breakdown"]), (&json!(4), &breakdown));
    let page = scene.reviews().await;
    assert_eq!(page, json!({"aggregate": null, "items": [review], "next_cursor": null}));
    let id = review["id"].as_str().unwrap();
    let about = json!({"kind": "review", "review_id": id, "booking_id": booking});
    assert_eq!(told(&scene.barber, &scene.app).await, [about]);

    let path = format!("/reviews/{id}/response");
    let put = async |caller: &Caller, text: &str| {
        caller.send(caller.call(Method::PUT, &path).json(&json!({"text": text}))).await
    };
    assert_problem!(put(&maya, "Mine!").await, 403, "not_yours");
    assert_problem!(put(&scene.barber, " \n").await, 422, "invalid", ["/body/text"]);
    let answered = put(&scene.barber, "Thank you, Maya!").await.expect(200).body;
    assert_eq!(answered["response"], "Thank you, Maya!");
    assert_eq!(put(&scene.barber, " Thank you, Maya! ").await.expect(200).body, answered, "again");
    assert_problem!(put(&scene.barber, "On second thoughts").await, 409, "illegal_move");
    assert_eq!(scene.reviews().await["items"], json!([answered]));
    let about = json!({"kind": "review_response", "review_id": id, "booking_id": booking});
    assert_eq!(told(&maya, &scene.app).await, [about], "told once");
}

#[tokio::test]
async fn an_admin_answers_in_a_providers_name_and_that_is_written_down() {
    let scene = Scene::new().await;
    let (_, booking) = scene.customer("Maya", 30).await;
    let id = scene.app.review_row(booking, 5).await;
    let admin = scene.app.user("ann", Role::Admin);
    let answer = admin.call(Method::PUT, &format!("/reviews/{id}/response")).json(&json!({"text": "Thanks"}));
    admin.send(answer).await.expect(200);
    assert_eq!(
        scene.app.database.rows("SELECT action, object_id FROM audit_log").await,
        [json!({"action": "review.respond", "object_id": id})]
    );
}

#[tokio::test]
async fn from_three_reviews_on_they_are_summed_up() {
    let scene = Scene::new().await;
    for (at, (rating, quality)) in [(5, Some(5)), (4, None), (2, Some(2)), (5, Some(5))].iter().enumerate() {
        let (customer, booking) = scene.customer("Maya", 30 + at as i32 * 2).await;
        let body = json!({"booking_id": booking, "rating": rating, "breakdown": {"quality": quality}});
        customer.post("/reviews", body).await.expect(201);
        scene.assert_reputation().await;
        assert_eq!(scene.reviews().await["aggregate"].is_null(), at < 2, "{at}");
    }
    let page = scene.reviews().await;
    let breakdown = json!({"quality": 4.0, "punctuality": null, "communication": null, "value": null});
    let distribution = json!({"1": 0, "2": 1, "3": 0, "4": 1, "5": 2});
    let sum = json!({"average": 4.0, "count": 4, "breakdown": breakdown, "distribution": distribution});
    assert_eq!(page["aggregate"], sum);
    assert_eq!(scene.reputation().await["completed_jobs"], 4);

    // Page by page, the newest first.
    let mut walked = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = scene.page(&query).await;
        walked.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(json!(walked), page["items"]);
    assert!(walked.is_sorted_by_key(|review| std::cmp::Reverse(review["id"].as_str().unwrap())));
}

#[tokio::test]
async fn what_cannot_be_reviewed() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let (maya, booking) = scene.customer("Maya", 30).await;
    let (tom, toms) = scene.customer("Tom", 33).await;
    assert_problem!(maya.post("/reviews", said(toms, 5)).await, 403, "not_yours");
    assert_problem!(maya.post("/reviews", said(Uuid::now_v7(), 5)).await, 403, "not_yours");
    // A booking is not the provider's to review, nor anybody's who may only read it.
    assert_problem!(scene.barber.post("/reviews", said(booking, 5)).await, 403, "not_yours");
    assert_problem!(app.user("ann", Role::Admin).post("/reviews", said(booking, 5)).await, 403, "not_yours");
    for status in ["confirmed", "no_show"] {
        let ended = if status == "confirmed" { "NULL" } else { "now()" };
        let set = format!("UPDATE bookings SET status = '{status}', ended_at = {ended} WHERE id = '{toms}'");
        app.database.execute(&set).await;
        let answer = tom.post("/reviews", said(toms, 5)).await;
        assert_problem!(answer, 409, "illegal_move");
        assert_eq!(answer.body["from"], status, "{answer:?}");
    }
    // The last minute of thirty days counts, the one after it does not.
    for (minutes, status) in [(-1, 409), (1, 201)] {
        let (zoe, long_ago) = scene.customer("Zoe", 30 * 24 + 40).await;
        let ended = format!(
            "UPDATE bookings SET end_at = now() - interval '30 days' + interval '{minutes} minutes',
               start_at = now() - interval '31 days' WHERE id = '{long_ago}'"
        );
        app.database.execute(&ended).await;
        assert_eq!(zoe.post("/reviews", said(long_ago, 5)).await.status, status, "{minutes}");
    }
    let wrong = json!({"booking_id": "x", "rating": 6, "breakdown": {"quality": 0, "charm": 5}, "text": 5});
    let pointers = [
        "/body/booking_id",
        "/body/rating",
        "/body/breakdown/quality",
        "/body/breakdown/charm",
        "/body/text",
    ];
    let answer = maya.post("/reviews", wrong).await;
    assert_problem!(answer, 422, "invalid");
    for pointer in pointers {
        assert!(answer.text.contains(&format!("\"{pointer}\"")), "{pointer}: {}", answer.text);
    }
    maya.post("/reviews", said(booking, 5)).await.expect(201);
    assert_problem!(maya.post("/reviews", said(booking, 5)).await, 409, "already_reviewed");
    let path = format!("/reviews/provider/{}", Uuid::now_v7());
    assert_problem!(maya.get(&path).await, 404, "not_found");
}

#[tokio::test]
async fn what_nobody_may_look_at_has_no_reviews_for_others() {
    let scene = Scene::new().await;
    let path = format!("/reviews/provider/{}", scene.provider);
    let (maya, _) = scene.customer("Maya", 30).await;
    let admin = scene.app.user("ann", Role::Admin);
    for hidden in [
        "UPDATE providers SET status = 'suspended'",
        "UPDATE providers SET status = 'active'; UPDATE provider_services SET licence = 'pending_verification'",
        "UPDATE provider_services SET licence = 'verified', licence_number = 'L1', licence_expires_on = current_date - 1",
        "DELETE FROM provider_services",
    ] {
        scene.app.database.execute(hidden).await;
        assert_problem!(maya.get(&path).await, 404, "not_found");
        scene.barber.get(&path).await.expect(200);
        admin.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn however_many_review_at_once_the_numbers_are_those_of_the_rows() {
    let scene = Scene::new().await;
    let mut customers = Vec::new();
    for at in 0..12 {
        customers.push(scene.customer("Maya", 30 + at * 2).await);
    }
    // Each says it twice at once: one of the two is told that it was said.
    let posts: Vec<Answer> = join_all(customers.iter().enumerate().flat_map(|(at, (customer, booking))| {
        [1, 5].map(|rating| customer.post("/reviews", said(*booking, if at % 3 == 0 { rating } else { 4 })))
    }))
    .await;
    let taken = posts.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 12);
    for answer in posts.iter().filter(|answer| answer.status != 201) {
        assert_problem!(answer, 409, "already_reviewed");
    }
    scene.assert_reputation().await;
    assert_eq!(told(&scene.barber, &scene.app).await.len(), 12);
}

#[tokio::test]
async fn a_review_beside_its_authors_leaving_counts_as_it_stands() {
    let scene = Scene::new().await;
    let mut customers = Vec::new();
    for at in 0..8 {
        customers.push(scene.customer("Maya", 30 + at * 2).await);
    }
    // Half of them leave while they, and the others, are writing.
    let writing =
        join_all(customers.iter().map(|(customer, booking)| customer.post("/reviews", said(*booking, 4))));
    let leaving = join_all(customers.iter().take(4).map(|(customer, _)| customer.delete("/auth/me")));
    let (written, left) = futures::join!(writing, leaving);
    assert!(left.iter().all(|answer| answer.status == 204), "{left:?}");
    for (at, answer) in written.iter().enumerate() {
        assert!(answer.status == 201 || at < 4 && answer.status == 401, "{answer:?}");
    }
    scene.assert_reputation().await;
    let named = "SELECT count(*) FROM reviews r JOIN users u ON u.id = r.user_id
                 WHERE u.status = 'deleted' AND (r.author <> '' OR r.text <> '')";
    assert_eq!(scene.app.database.value(named).await, 0);
}

#[tokio::test]
async fn the_same_call_is_one_review() {
    let scene = Scene::new().await;
    let (maya, booking) = scene.customer("Maya", 30).await;
    let post = || maya.call(Method::POST, "/reviews").header("idempotency-key", "k").json(&said(booking, 5));
    let first = maya.send(post()).await.expect(201);
    let second = maya.send(post()).await.expect(201);
    assert_eq!(first.body, second.body);
    assert_eq!(scene.app.database.value("SELECT count(*) FROM reviews").await, 1);
}

#[tokio::test]
async fn jobs_late_cancellations_and_answers_to_leads_count() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let user = app.user_row(Role::Consumer).await;
    // Answered after 10, 30 and 90 minutes and after two days; a day old without an answer; of today without one.
    for (routed_hours, answered_minutes) in
        [(50, Some(10)), (50, Some(30)), (3, Some(90)), (80, Some(48 * 60)), (25, None), (1, None)]
    {
        let request = app.request_row(user).await;
        app.lead_row(request, scene.provider).await;
        let answered = answered_minutes.map_or("NULL".to_owned(), |minutes| {
            format!("now() - interval '{routed_hours} hours' + interval '{minutes} minutes'")
        });
        let set = format!(
            "UPDATE request_matches SET routed_at = now() - interval '{routed_hours} hours', answered_at = {answered}
             WHERE request_id = '{request}'"
        );
        app.database.execute(&set).await;
    }
    let (maya, booking) = scene.customer("Maya", 60).await;
    for (hours, side, late) in [(70, "provider", true), (74, "provider", false), (78, "consumer", true)] {
        let called_off = app.done_booking_row(user, scene.provider, hours).await;
        let set = format!(
            "UPDATE bookings SET status = 'cancelled', cancelled_by = '{side}', cancel_reason = 'ill', late = {late}
             WHERE id = '{called_off}'"
        );
        app.database.execute(&set).await;
    }
    // Leads that came with bookings are not what this is about.
    let only = "DELETE FROM request_matches WHERE request_id IN (SELECT request_id FROM bookings)";
    app.database.execute(only).await;
    maya.post("/reviews", said(booking, 5)).await.expect(201);
    let told = scene.reputation().await;
    assert_eq!((&told["completed_jobs"], &told["late_cancellations"]), (&json!(1), &json!(1)), "{told}");
    assert_close(&told["response_rate"], Some(3.0 / 5.0));
    assert_eq!(told["response_minutes"], 60, "the median of 10, 30, 90 and 2,880");

    // Time passes: what was of today is a day old, and nobody did anything.
    let older =
        "UPDATE request_matches SET routed_at = routed_at - interval '24 hours' WHERE answered_at IS NULL";
    app.database.execute(older).await;
    let store = proxie_shared::storage::Store::new(&app.worker.media).unwrap();
    proxie_shared::domain::sweep::sweep(&app.database.pool(), &store).await.unwrap();
    assert_close(&scene.reputation().await["response_rate"], Some(3.0 / 6.0));
}

#[tokio::test]
async fn what_a_provider_does_counts_at_once() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let numbers = async || {
        let row = "SELECT response_rate, response_minutes, completed_jobs FROM providers WHERE id";
        app.database.rows(&format!("{row} = '{}'", deal.provider)).await.remove(0)
    };
    let routed = |request: Uuid, minutes: i32| {
        format!(
            "UPDATE request_matches SET routed_at = now() - interval '{minutes} minutes' WHERE request_id = '{request}'"
        )
    };
    // One is left lying for two days; this alone changes no number before the sweep comes by, or something else does.
    let left = deal.another(&app).await;
    app.database.execute(&routed(left.request, 2 * 24 * 60)).await;
    assert_eq!(
        numbers().await,
        json!({"response_rate": null, "response_minutes": null, "completed_jobs": 0})
    );
    app.database.execute(&routed(deal.request, 30)).await;
    let booking = deal.booked(slot(3, "12:00")).await;
    assert_eq!(numbers().await, json!({"response_rate": 0.5, "response_minutes": 30, "completed_jobs": 0}));
    let passed = deal.another(&app).await;
    app.database.execute(&routed(passed.request, 10)).await;
    deal.ann.put(&format!("/requests/{}/pass", passed.request), json!({})).await.expect(200);
    let counted = numbers().await;
    assert_close(&counted["response_rate"], Some(2.0 / 3.0));
    assert_eq!(counted["response_minutes"], 20);
    app.database.execute("UPDATE bookings SET start_at = now() - interval '1 minute'").await;
    let path = format!("/bookings/{}/complete", booking["id"].as_str().unwrap());
    deal.ann.put(&path, json!({})).await.expect(200);
    assert_eq!(numbers().await["completed_jobs"], 1);
}
