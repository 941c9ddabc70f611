use futures::future::join;
use proxie_shared::domain::bookings::complete_by_itself;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn say(caller: &Caller, booking: &Value, what: &str) -> Answer {
    caller.put(&format!("/bookings/{}/{what}", booking["id"].as_str().unwrap()), Value::Null).await
}

/// Lets the work begin so many hours ago.
async fn begun(app: &App, booking: &Value, hours: i32) {
    let begun = format!(
        "UPDATE bookings SET start_at = now() - interval '{hours} hours', end_at = now() - interval '{} hours'
         WHERE id = '{}'",
        hours - 1,
        booking["id"].as_str().unwrap()
    );
    app.database.execute(&begun).await;
}

async fn jobs(app: &App, deal: &Deal) -> Value {
    app.database.value(&format!("SELECT completed_jobs FROM providers WHERE id = '{}'", deal.provider)).await
}

#[tokio::test]
async fn a_provider_says_that_the_work_is_done() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(1, "12:00")).await;
    assert_problem!(say(&deal.maya, &booking, "complete").await, 403, "not_yours");
    assert_problem!(say(&deal.ann, &booking, "complete").await, 409, "illegal_move");
    begun(&app, &booking, 1).await;
    let done = say(&deal.ann, &booking, "complete").await.expect(200).body;
    assert_eq!((&done["status"], done["contact"].is_object()), (&json!("completed"), true));
    say(&deal.ann, &booking, "complete").await.expect(200);
    assert_problem!(say(&deal.ann, &booking, "no_show").await, 409, "illegal_move");
    assert_eq!(jobs(&app, &deal).await, 1, "counted once");
    assert_eq!(deal.stands(&app).await, "completed");
    assert_eq!(app.told(deal.maya_id).await, ["offer", "booked", "completed", "review_due"]);
    assert_eq!(app.told(deal.ann_id).await, ["booked"]);
}

#[tokio::test]
async fn a_provider_says_that_nobody_was_there() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(1, "12:00")).await;
    assert_problem!(say(&deal.ann, &booking, "no_show").await, 409, "illegal_move");
    begun(&app, &booking, 1).await;
    assert_problem!(say(&deal.maya, &booking, "no_show").await, 403, "not_yours");
    let done = say(&deal.ann, &booking, "no_show").await.expect(200).body;
    assert_eq!(done["status"], "no_show");
    say(&deal.ann, &booking, "no_show").await.expect(200);
    assert_eq!((jobs(&app, &deal).await, deal.stands(&app).await), (json!(0), json!("completed")));
    assert_eq!(app.told(deal.maya_id).await, ["offer", "booked", "completed"], "there is nothing to review");
}

#[tokio::test]
async fn a_booking_completes_by_itself_two_days_after_its_end() {
    let app = app().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(1, "12:00")).await;
    let db = app.database.pool();
    begun(&app, &booking, 48).await;
    assert_eq!(complete_by_itself(&db, 100).await.unwrap(), 0);
    begun(&app, &booking, 49).await;
    let (one, other) = join(complete_by_itself(&db, 100), complete_by_itself(&db, 100)).await;
    assert_eq!(one.unwrap() + other.unwrap(), 1, "once, whoever sweeps");
    assert_eq!((jobs(&app, &deal).await, deal.stands(&app).await), (json!(1), json!("completed")));
    assert_eq!(app.told(deal.ann_id).await, ["booked", "completed"]);
    assert_eq!(app.told(deal.maya_id).await, ["offer", "booked", "completed", "review_due"]);
    let refused = say(&deal.ann, &booking, "no_show").await;
    assert_problem!(refused, 409, "illegal_move");
    assert_eq!(refused.body["from"], "completed");
}
