//! Who comes back misses nothing, whichever process they come back to.

use serde_json::{Value, json};

use super::{last_of, seq};
use crate::support::{App, Caller, HAIRCUT, LiveClient, eventually, size};

/// Somebody to whom things have happened; as many events as they were.
async fn busy(app: &App, turns: usize) -> (Caller, i64) {
    let (guest, id) = app.guest_with_id().await;
    let first = guest.say(HAIRCUT).await;
    first.result().await;
    for _ in 1..turns {
        guest.say_in(&first.session, "make it $80").await.result().await;
    }
    let unnumbered = "SELECT count(*) FROM live_events WHERE position IS NULL";
    eventually("all is numbered", async || app.database.value(unnumbered).await == 0).await;
    let last = last_of(app, id).await;
    (guest, last)
}

/// All that a client is told up to a number.
async fn all_up_to(client: &mut LiveClient, last: i64) -> Vec<Value> {
    let mut heard = Vec::new();
    while heard.last().map_or(0, seq) < last {
        heard.push(client.event().await);
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn from_every_number_the_rest_is_the_same() {
    let app = App::builder().realtime(2).start().await;
    let (guest, last) = busy(&app, size(3, 12)).await;
    let session = session_of(&guest).await;
    let mut client = LiveClient::connected(&app.live[0], &guest).await;
    client.asks("session:join", json!({"session_id": session})).await;
    client.asks("resume", json!({"after": 0})).await;
    let whole = all_up_to(&mut client, last).await;
    let numbers: Vec<i64> = whole.iter().map(seq).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "from 1 without a gap");
    for after in 0..last {
        let url = &app.live[after as usize % 2];
        let mut client = LiveClient::connected(url, &guest).await;
        client.asks("session:join", json!({"session_id": session})).await;
        client.asks("resume", json!({"after": after})).await;
        let rest = all_up_to(&mut client, last).await;
        assert_eq!(rest, whole[after as usize..], "after {after}");
    }
    println!(
        "figure: live channel resumed from each of {last} numbers over two processes, the rest identical each time"
    );
}

async fn session_of(caller: &Caller) -> String {
    let sessions = caller.get("/chat/sessions").await.expect(200).body;
    sessions["items"][0]["id"]
        .as_str()
        .or(sessions["items"][0]["session_id"].as_str())
        .expect("a conversation")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_somebody_is_away_is_told_when_they_are_back() {
    let app = App::builder().realtime(2).start().await;
    let guest = app.guest().await;
    let mut client = LiveClient::connected(&app.live[0], &guest).await;
    let first = guest.say(HAIRCUT).await;
    first.result().await;
    let ended = |event: &Value| event["data"]["status"] == "completed";
    let heard = client.until("task:update", ended).await;
    client.order(json!({"do": "disconnect"})).await;
    let until_then = client.ends().await;
    let last = until_then.last().map_or(seq(heard.last().unwrap()), |said| seq(&said["data"]));

    let second = guest.say_in(&first.session, "make it $80").await;
    second.result().await;
    let mut back = LiveClient::resumed(&app.live[1], &guest, last).await;
    let missed = back.until("task:update", ended).await;
    assert_eq!(seq(&missed[0]), last + 1);
    let texts: Vec<_> = missed
        .iter()
        .filter(|event| event["type"] == "message:new")
        .map(|event| &event["data"]["text"])
        .collect();
    assert!(texts.contains(&&json!("make it $80")), "{missed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_for_too_long_is_told_to_look_for_themselves() {
    let app = App::builder().realtime(1).start().await;
    let (guest, last) = busy(&app, 1).await;
    app.database.execute("DELETE FROM live_events WHERE seq <= 2").await;
    for after in [0, 1, last + 5] {
        let mut client = LiveClient::connected(&app.live[0], &guest).await;
        client.asks("resume", json!({"after": after})).await;
        assert_eq!(client.hears("resync").await["seq"], last, "after {after}");
    }
    // What is kept is told.
    let mut client = LiveClient::resumed(&app.live[0], &guest, 2).await;
    assert_eq!(seq(&client.event().await), 3);
    // And whoever was told to look is told what is new.
    let mut client = LiveClient::resumed(&app.live[0], &guest, 0).await;
    client.hears("resync").await;
    guest.say(HAIRCUT).await;
    assert_eq!(seq(&client.event().await), last + 1);
}
