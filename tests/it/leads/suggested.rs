//! Offers that a provider is suggested.

use proxie_shared::model::users::Role;
use serde_json::json;

use crate::support::{App, Task, assert_problem};

#[tokio::test]
async fn an_offer_is_worked_out_from_prices_calendar_and_templates() {
    let app = App::start().await;
    let curls = app.user("curls", Role::Provider);
    let provider = app.provider_row(app.id_of(&curls).await).await;
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    app.database.execute(&format!("UPDATE users SET name = 'Maya {{price}}' WHERE id = '{owner}'")).await;
    let request = app.request_row(owner).await;
    app.lead_row(request, provider).await;
    let template = "Hi {first_name}! Your {service}: {price}, {slot}. {unknown}";
    app.database
        .execute(&format!(
            "INSERT INTO provider_templates (id, provider_id, service_id, name, body)
               VALUES (gen_random_uuid(), '{provider}', 'haircut', 'usual', '{template}')"
        ))
        .await;
    let path = format!("/requests/{request}/suggest-offer");
    let taken = curls.move_on(&path).await;
    let result = Task::accepted(&curls, &taken).result().await;
    assert_eq!(
        (&result["kind"], &result["request_id"], &result["service_id"]),
        (&json!("offer_draft"), &json!(request), &json!("haircut"))
    );
    // $40 to $80 of theirs, up to $60 of hers.
    assert_eq!(
        result["price"],
        json!({"low_cents": 4_000, "mid_cents": 5_000, "high_cents": 6_000, "currency": "USD"})
    );
    assert_eq!((&result["duration_minutes"], result["slots"].as_array().unwrap().len()), (&json!(60), 5));
    let message = result["message"].as_str().unwrap();
    assert!(message.starts_with("Hi Maya! Your ") && message.contains(": $50, on "), "{message}");
    assert!(message.ends_with(" {unknown}"), "{message}");
    assert!(!result["reasons"].as_array().unwrap().is_empty());
    assert_eq!(app.database.value("SELECT count(*) FROM offers").await, 0, "nothing is sent");
    let again = Task::accepted(&curls, &curls.move_on(&path).await).result().await;
    assert_eq!(
        (&again["price"], &again["message"]),
        (&result["price"], &result["message"]),
        "worked out, not made up"
    );

    // What is booked is not free, and one's least price holds.
    app.database
        .execute(&format!("UPDATE providers SET min_price_cents = 7000 WHERE id = '{provider}'"))
        .await;
    let dear = Task::accepted(&curls, &curls.move_on(&path).await).result().await;
    assert_eq!((&dear["price"]["low_cents"], &dear["price"]["high_cents"]), (&json!(7_000), &json!(7_000)));
    assert!(dear["reasons"].to_string().contains("above the budget"), "{dear}");

    app.database.execute(&format!("UPDATE requests SET status = 'cancelled' WHERE id = '{request}'")).await;
    assert_problem!(curls.move_on(&path).await, 409, "request_closed");
}

#[tokio::test]
async fn slots_lie_within_the_window_and_where_it_is_free() {
    let app = App::start().await;
    let curls = app.user("curls", Role::Provider);
    let provider = app.provider_row(app.id_of(&curls).await).await;
    let consumer = app.user_row(Role::Consumer).await;
    let request = app.request_row(consumer).await;
    app.lead_row(request, provider).await;
    app.database
        .execute(&format!(
            "UPDATE requests SET window_from = (now() AT TIME ZONE zone)::date + 3 + time '09:00',
               window_to = (now() AT TIME ZONE zone)::date + 3 + time '11:00' WHERE id = '{request}'"
        ))
        .await;
    let taken = curls.move_on(&format!("/requests/{request}/suggest-offer")).await;
    let result = Task::accepted(&curls, &taken).result().await;
    let slots = result["slots"].as_array().unwrap();
    assert!((1..=2).contains(&slots.len()), "{result}");
    for slot in slots {
        let (start, end) = (slot["start_time"].as_str().unwrap(), slot["end_time"].as_str().unwrap());
        assert!("09:00" <= start && end <= "11:00", "{slot}");
    }
    app.database.execute("UPDATE availability SET weekly = '{}'").await;
    let taken = curls.move_on(&format!("/requests/{request}/suggest-offer")).await;
    let never = Task::accepted(&curls, &taken).result().await;
    assert_eq!(never["slots"], json!([]));
}
