//! A provider: from an enrollment to an offer.

use serde_json::{Value, json};

use super::{Cleaner, cleaner, drafted, only};
use crate::support::eventually;
use crate::whole_way::{Town, are_told};

#[tokio::test]
async fn from_an_enrollment_to_an_offer() {
    let town = Town::new().await;
    let Cleaner { caller: olga, chat, .. } = cleaner(&town).await;

    // The same conversation goes on with her as a provider, and she is told.
    let welcome = chat.say("hello").await;
    assert!(welcome["message"].as_str().unwrap().contains("You are a provider on Proxie now"), "{welcome}");
    assert_eq!(olga.session(&chat.session).await["role"], "provider");
    let later = chat.say("what leads do I have?").await;
    assert!(
        !later["message"].as_str().unwrap().contains("You are a provider on Proxie now"),
        "once: {later}"
    );

    // A lead.
    let maya = town.registers("Maya Lind").await.caller;
    let need = json!({
        "service_id": "house_cleaning", "city": "Queens", "description": "Two rooms and a bath",
        "budget": {"min_cents": null, "max_cents": 15_000, "currency": "USD"},
    });
    let request = maya.post("/requests", need).await.expect(201).body;
    eventually("she has a lead", async || {
        let leads = olga.get("/providers/leads").await;
        leads.body["items"].as_array().is_some_and(|leads| leads.len() == 1)
    })
    .await;
    let leads = chat.say("what leads do I have?").await;
    assert_eq!(leads["data"]["leads"][0]["request"]["id"], request["id"], "{leads}");

    // The offer, as it is suggested.
    let suggested = chat.say("what should I charge for that lead?").await;
    let suggestion = &suggested["data"]["suggestion"];
    let fields = drafted(&chat.say("ok, make the offer the way you suggest").await, "offer");
    assert_eq!(
        (&fields["request_id"], &fields["price_cents"]),
        (&request["id"], &suggestion["price"]["mid_cents"]),
        "{suggestion} became {fields}"
    );
    let path = format!("/requests/{}/offers", request["id"].as_str().unwrap());
    assert_eq!(maya.get(&path).await.expect(200).body["items"], json!([]), "not without a yes");
    assert_eq!(chat.yes().await, ["offer_submitted"]);
    let offer = only(&maya.get(&path).await.expect(200));
    assert_eq!((&offer["price_cents"], &offer["status"]), (&fields["price_cents"], &json!("pending")));
    let times = |slots: &Value| -> Vec<(Value, Value)> {
        let slots = slots.as_array().unwrap().iter();
        slots.map(|slot| (slot["date"].clone(), slot["start_time"].clone())).collect()
    };
    assert_eq!(times(&offer["slots"]), times(&fields["slots"]), "what was shown is what was sent");
    are_told(&maya, &["offer"]).await;
    println!(
        "figure: by chat alone, over HTTP with processes: from an enrollment to an offer in 10 messages"
    );
}
