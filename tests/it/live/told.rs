//! What people are told: everything of theirs as it stands at its own address, and nothing of anybody else's.

use serde_json::{Value, json};

use super::{kinds, seq};
use crate::support::{App, Deal, HAIRCUT, LiveClient, slot};

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_are_told_of_all_that_becomes_of_a_request() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let deal = Deal::new(&app).await;
    let url = &app.live[0];
    let mut maya = LiveClient::resumed(url, &deal.maya, 0).await;
    let mut ann = LiveClient::resumed(url, &deal.ann, 0).await;
    let bystander = app.consumer("somebody else");
    let mut silent = LiveClient::connected(url, &bystander).await;

    let noon = slot(2, "12:00");
    let offer = deal.offered(std::slice::from_ref(&noon)).await;
    let heard = maya.until("offer:new", |event| event["data"]["id"] == offer.as_str()).await;
    let new = heard.last().unwrap();
    let read = deal.maya.get(&format!("/offers/{offer}")).await.expect(200).body;
    assert_eq!(new["data"], read, "as at its own address");

    let booked =
        deal.maya.put(&format!("/offers/{offer}/accept"), json!({"slot": noon})).await.expect(200).body;
    let path = format!("/bookings/{}", booked["id"].as_str().unwrap());
    for (client, caller) in [(&mut maya, &deal.maya), (&mut ann, &deal.ann)] {
        let heard = client.until("booking:confirmed", |_| true).await;
        let confirmed = &heard.last().unwrap()["data"];
        let read = caller.get(&path).await.expect(200).body;
        assert_eq!(confirmed, &read, "as that side sees it");
    }

    deal.maya.put(&format!("{path}/cancel"), json!({"reason": "I am ill"})).await.expect(200);
    let mut everything = Vec::new();
    for client in [&mut maya, &mut ann] {
        let heard = client.until("booking:cancelled", |_| true).await;
        assert_eq!(heard.last().unwrap()["data"]["cancel_reason"], "I am ill", "{heard:?}");
        everything.extend(heard);
    }
    // Nothing was told to who has nothing to do with it: the next that they hear is their own.
    bystander.say(HAIRCUT).await;
    let heard = silent.until("message:new", |_| true).await;
    assert_eq!(kinds(&heard), ["message:new"], "{heard:?}");
    assert_eq!(seq(&heard[0]), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_told_to_whom_it_was_routed() {
    let app = App::builder().realtime(1).start().await;
    let ann_id = app.user_row(proxie_shared::model::users::Role::Provider).await;
    app.provider_row(ann_id).await;
    let ann = app.user(&ann_id.to_string(), proxie_shared::model::users::Role::Provider);
    let mut client = LiveClient::connected(&app.live[0], &ann).await;
    let maya = app.consumer("maya");
    let made =
        maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await.expect(201).body;
    let heard = client.until("lead:new", |_| true).await;
    let lead = heard.last().unwrap();
    assert_eq!(lead["data"]["request"]["id"], made["id"], "{lead}");
    // That it was told is not that it was looked at.
    let leads = ann.get("/providers/leads").await.expect(200).body;
    assert_eq!(leads["items"][0]["viewed_at"], json!(null), "{leads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_told_with_its_task_and_its_messages() {
    let app = App::builder().realtime(1).start().await;
    let guest = app.guest().await;
    let mut client = LiveClient::connected(&app.live[0], &guest).await;
    let task = guest.say(HAIRCUT).await;
    let result = task.result().await;
    let answered = |event: &Value| event["data"]["role"] == "assistant";
    let mut heard = client.until("message:new", answered).await;
    if heard.iter().all(|event| event["data"]["status"] != "completed") {
        heard.extend(client.until("task:update", |event| event["data"]["status"] == "completed").await);
    }
    let said: Vec<_> =
        heard.iter().filter(|event| event["type"] == "message:new").map(|event| &event["data"]).collect();
    assert_eq!(said.len(), 2, "{heard:?}");
    assert_eq!((&said[0]["role"], &said[0]["text"]), (&json!("user"), &json!(HAIRCUT)));
    assert_eq!(said[1]["text"], result["message"]);
    assert!(said.iter().all(|message| message["session_id"] == task.session.as_str()), "{said:?}");
    let ended =
        heard.iter().find(|event| event["type"] == "task:update" && event["data"]["status"] == "completed");
    let done = &ended.unwrap()["data"];
    assert_eq!(done["task_id"], task.id.as_str());
    assert_eq!(done["result"], result);
    let numbers: Vec<i64> = heard.iter().map(seq).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "in order: {numbers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_more_ones_own_is_told_without_what_it_was() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    guest.delete(&format!("/chat/sessions/{}", task.session)).await.expect(204);
    let mut client = LiveClient::resumed(&app.live[0], &guest, 0).await;
    let heard = client.until("message:new", |_| true).await;
    assert_eq!(heard.last().unwrap()["data"], json!(null), "{heard:?}");
}
