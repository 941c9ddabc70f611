//! A consumer: from a need to a booking.

use chrono::{NaiveDate, NaiveTime};
use serde_json::json;

use super::{Chat, Cleaner, cleaner, drafted, only, profile};
use crate::support::{Task, day};
use crate::whole_way::{Town, are_told, enrolls};

#[tokio::test]
async fn from_a_need_to_a_booking() {
    let town = Town::new().await;
    let ann = town.registers("Ann").await.caller;
    enrolls(&town, &ann).await;
    let maya = town.registers_nameless(None).await.caller;
    assert_eq!(profile(&maya).await, (json!(null), json!(null)), "nothing is known of her");

    // The need, with her name and city.
    let when = day(5);
    let need = format!(
        "Hi, I'm Maya. I need a haircut for curly hair in Brooklyn on {}, about $60",
        when.format("%B %-d")
    );
    let (chat, shown) = Chat::begin(&maya, None, &need).await;
    let fields = drafted(&shown, "request");
    assert_eq!((&fields["service_id"], &fields["city"]), (&json!("haircut"), &json!("Brooklyn")));
    assert_eq!(shown["data"]["gathered"]["name"], "Maya", "{shown}");
    assert_eq!(profile(&maya).await, (json!("Maya"), json!("Brooklyn")), "said once, it is known");

    // The request.
    assert_eq!(chat.yes().await, ["request_created"]);
    let request = only(&maya.get("/requests").await.expect(200));
    assert_eq!((&request["service_id"], &request["city"]), (&json!("haircut"), &json!("Brooklyn")));
    assert_eq!(request["budget"]["max_cents"], 6_000);
    assert!(request["window"]["from"].as_str().unwrap().starts_with(&when.to_string()), "{request}");
    let matching = Task::new(&maya, request["match"]["task_id"].as_str().unwrap()).result().await;
    assert_eq!(matching["matches"].as_array().unwrap().len(), 1, "{matching}");

    // The offer of whom it was routed to.
    let lead = only(&ann.get("/providers/leads").await.expect(200));
    assert_eq!(
        (&lead["request"]["id"], &lead["request"]["first_name"]),
        (&request["id"], &json!("Maya")),
        "what she is called goes with it"
    );
    let at = |time: &str| json!({"date": when, "start_time": time});
    let offer = json!({
        "request_id": request["id"], "service_id": "haircut", "price_cents": 5_500, "currency": "USD",
        "duration_minutes": 60, "slots": [at("10:00"), at("15:00")], "message": "Curls are all I do.",
    });
    let offer = ann.post("/offers", offer).await.expect(201).body;
    are_told(&maya, &["offer"]).await;

    // She looks, and takes it.
    let offers = chat.say("show me my offers").await;
    assert_eq!(offers["data"]["offers"][0]["id"], offer["id"], "{offers}");
    let fields = drafted(&chat.say("take Curls & Co at 3pm, please").await, "acceptance");
    assert_eq!((&fields["offer_id"], &fields["slot"]), (&offer["id"], &at("15:00")), "{fields}");
    let booked = maya.get("/bookings").await.expect(200).body;
    assert_eq!(booked["items"], json!([]), "not without a yes");
    assert_eq!(chat.yes().await, ["offer_accepted"]);

    let booking = only(&maya.get("/bookings").await.expect(200));
    assert_eq!((&booking["offer_id"], &booking["status"]), (&offer["id"], &json!("confirmed")), "{booking}");
    assert_eq!(
        (&booking["slot"]["date"], &booking["slot"]["start_time"], &booking["price_cents"]),
        (&json!(when), &json!("15:00"), &json!(5_500))
    );
    let path = format!("/requests/{}", request["id"].as_str().unwrap());
    assert_eq!(maya.get(&path).await.expect(200).body["status"], "booked");
    assert_eq!(only(&ann.get("/bookings").await.expect(200))["id"], booking["id"]);
    are_told(&maya, &["offer", "booked"]).await;
    println!("figure: by chat alone, over HTTP with processes: from a need to a booking in 5 messages");
}

#[tokio::test]
async fn work_at_home_from_an_automatic_offer_by_the_address_to_a_booking() {
    let town = Town::new().await;
    let Cleaner { caller: olga, provider, .. } = cleaner(&town).await;
    let settings = format!("/providers/{provider}/settings");
    olga.put(&settings, json!({"auto_offer": true, "radius_km": 10.0})).await.expect(200);
    let nora = town.registers("Nora Fields").await.caller;
    let (chat, shown) =
        Chat::begin(&nora, None, "I need a house cleaning in Queens, any time, up to $160").await;
    drafted(&shown, "request");
    assert_eq!(chat.yes().await, ["request_created"]);
    are_told(&nora, &["offer"]).await;

    let offers = chat.say("show me my offers").await;
    let offer = &offers["data"]["offers"][0];
    let slot = &offer["slots"][0];
    let (date, start): (NaiveDate, NaiveTime) = (
        slot["date"].as_str().unwrap().parse().unwrap(),
        slot["start_time"].as_str().unwrap().parse().unwrap(),
    );
    let when = format!("{} at {}", date.format("%B %-d"), start.format("%-I:%M %P"));
    let taken = chat.say(&format!("I'll take the offer of Sparkle Bright, {when}")).await;
    assert_eq!(taken["draft"]["missing"], json!(["address"]), "where is asked for: {taken}");
    assert_eq!(taken["awaiting_approval"], false, "{taken}");
    let fields = drafted(&chat.say("77 Bergen Street, second floor").await, "acceptance");
    assert!(fields["address"].as_str().unwrap().contains("77 Bergen Street"), "{fields}");
    assert_eq!(fields["slot"], json!({"date": slot["date"], "start_time": slot["start_time"]}), "{fields}");
    assert_eq!(chat.yes().await, ["offer_accepted"]);
    let booking = only(&nora.get("/bookings").await.expect(200));
    assert_eq!((&booking["offer_id"], &booking["address"]), (&offer["id"], &fields["address"]), "{booking}");
    assert_eq!(booking["slot"]["start_at"], slot["start_at"], "{booking}");
}
