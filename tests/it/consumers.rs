//! Consumers: their profile, and how their requests stand.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, assert_problem};

async fn send(caller: &Caller, method: Method, path: &str, body: Value) -> Answer {
    caller.send(caller.call(method, path).json(&body)).await
}

#[tokio::test]
async fn a_profile_is_written_and_moves() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = app.id_of(&maya).await;
    let nothing = maya.get("/consumers/me/profile").await.expect(200).body;
    assert_eq!(
        (&nothing["user_id"], &nothing["city"], &nothing["location"]),
        (&json!(id), &Value::Null, &Value::Null)
    );
    let body = json!({
        "name": "Maya Lindqvist", "email": "maya@example.com", "phone": "+1 718 555 0123", "street": "44 Court Street",
        "city": "Brooklyn", "location": {"latitude": 40.6915, "longitude": -73.9913},
    });
    let mut written = send(&maya, Method::PUT, "/consumers/me/profile", body.clone()).await.expect(200).body;
    for (field, sent) in body.as_object().unwrap() {
        assert_eq!(&written[field], sent, "{field}");
    }
    assert_eq!(written["zone"], "America/New_York", "of the known place");
    assert_eq!(maya.get(&format!("/consumers/{id}/profile")).await.expect(200).body, written);

    let path = format!("/consumers/{id}/location");
    let moved = send(&maya, Method::PATCH, &path, json!({"city": "Chicago", "location": null}))
        .await
        .expect(200)
        .body;
    for (field, now) in
        [("city", json!("Chicago")), ("zone", json!("America/Chicago")), ("location", Value::Null)]
    {
        written[field] = now;
    }
    assert_eq!(moved, written, "the rest stays");
    let moved = send(&maya, Method::PATCH, "/consumers/me/location", json!({"zone": "America/Denver"})).await;
    assert_eq!((&moved.body["zone"], &moved.body["city"]), (&json!("America/Denver"), &json!("Chicago")));
    // Put is in place of what is there; the name is the account's.
    let emptied = send(&maya, Method::PUT, "/consumers/me/profile", json!({})).await.expect(200).body;
    assert_eq!(
        (&emptied["name"], &emptied["phone"], &emptied["city"]),
        (&json!("Maya Lindqvist"), &Value::Null, &Value::Null)
    );

    let wrong = json!({"zone": "Mars/Olympus", "name": " ", "email": "maya", "location": {"latitude": 99, "longitude": 0}});
    let refused = send(&maya, Method::PUT, "/consumers/me/profile", wrong).await;
    assert_problem!(
        refused,
        422,
        "invalid",
        ["/body/zone", "/body/name", "/body/email", "/body/location/latitude"]
    );
    let ann = app.user("ann", Role::Admin);
    send(&ann, Method::PATCH, &path, json!({"city": "Boston"})).await.expect(200);
    assert_eq!(app.database.value("SELECT action FROM audit_log").await, "consumer.location");
}

#[tokio::test]
async fn requests_are_grouped_by_where_they_stand() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    let [dear, cheap] = [app.user_row(Role::Provider).await, app.user_row(Role::Provider).await];
    let [dear, cheap] = [app.provider_row(dear).await, app.provider_row(cheap).await];
    let [open, pending, upcoming, done, gone] = [
        app.request_row(owner).await,
        app.request_row(owner).await,
        app.request_row(owner).await,
        app.request_row(owner).await,
        app.request_row(owner).await,
    ];
    app.offer_row(pending, dear).await;
    let best = app.offer_row(pending, cheap).await;
    app.database.execute(&format!("UPDATE offers SET price_cents = 4500 WHERE id = '{best}'")).await;
    let offer = app.offer_row(upcoming, dear).await;
    let booking = app.booking_row(offer, 30).await;
    app.database
        .execute(&format!(
            "UPDATE requests SET status = 'completed' WHERE id = '{done}';
             UPDATE requests SET status = 'cancelled' WHERE id = '{gone}'"
        ))
        .await;
    let grouped = maya.get("/consumers/me/requests").await.expect(200);
    assert_eq!(maya.get(&format!("/consumers/{owner}/requests")).await.expect(200).body, grouped.body);
    let grouped = grouped.body;
    for (part, id) in [("open", open), ("pending", pending), ("upcoming", upcoming), ("completed", done)] {
        let item = &grouped[part]["items"][0];
        let found = item.get("request").unwrap_or(item)["id"].as_str();
        assert_eq!((&grouped[part]["count"], found), (&json!(1), Some(id.to_string().as_str())), "{part}");
    }
    let pending = &grouped["pending"]["items"][0];
    assert_eq!((&pending["offers"], &pending["best_offer"]["id"]), (&json!(2), &json!(best)));
    assert_eq!(pending["best_offer"]["price_cents"], 4_500);
    assert_eq!(grouped["upcoming"]["items"][0]["booking"]["id"], json!(booking));
    for secret in ["curls@example.com", "555 0100", "Bergen"] {
        assert!(!grouped.to_string().contains(secret), "tells {secret}");
    }
}

#[tokio::test]
async fn grouping_costs_the_same_at_one_and_at_a_thousand() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let first = app.request_row(owner).await;
    app.offer_row(first, provider).await;
    let (one, _) = app.queries_of(&maya, "/consumers/me/requests?limit=100").await;
    app.database
        .execute(&format!(
            "INSERT INTO requests (id, user_id, service_id, city, zone, expires_at, status)
               SELECT gen_random_uuid(), user_id, service_id, city, zone, expires_at,
                 (ARRAY['matching', 'offers_received', 'booked', 'completed']::request_status[])[1 + n % 4]
               FROM requests, generate_series(1, 999) n WHERE id = '{first}'"
        ))
        .await;
    let (many, answer) = app.queries_of(&maya, "/consumers/me/requests?limit=100").await;
    assert_eq!(one, many);
    let parts = ["open", "pending", "upcoming", "completed"];
    let count: i64 = parts.iter().map(|part| answer.body[part]["count"].as_i64().unwrap()).sum();
    assert_eq!(count, 1_000);
    assert!(parts.iter().all(|part| answer.body[part]["items"].as_array().unwrap().len() == 100), "bounded");
    println!("figure: GET /consumers/me/requests: {many} queries at 1 and at 1,000 rows");
}

#[tokio::test]
async fn an_admin_is_told_that_the_account_is_closed_of_whom_they_move_something() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = app.id_of(&maya).await;
    let request = app.request_row(id).await;
    app.database.execute("UPDATE users SET status = 'suspended'").await;
    let ruth = app.user("ruth", Role::Admin);
    for (method, path, body) in [
        (Method::PUT, format!("/consumers/{id}/profile"), json!({"name": "Maya"})),
        (Method::PATCH, format!("/consumers/{id}/location"), json!({"city": "Chicago"})),
        (Method::PATCH, format!("/requests/{request}"), json!({"description": "curls"})),
    ] {
        assert_problem!(send(&ruth, method, &path, body).await, 409, "illegal_move");
    }
}
