//! What providers show, and when they work.

use futures::future::join_all;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{barber, open};
use crate::support::{Answer, App, Caller, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn send(caller: &Caller, method: Method, path: &str, body: Value) -> Answer {
    caller.send(caller.call(method, path).json(&body)).await
}

#[tokio::test]
async fn pictures_are_shown_described_and_taken_out() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}/portfolio");
    let user = app.id_of(&owner).await;
    let mut items = Vec::new();
    for at in 0..3 {
        let media = app.media_row(user).await;
        let body = json!({"media_id": media, "title": format!(" {at} "), "service_id": "haircut"});
        let shown = owner.post(&path, body).await.expect(201);
        let item = shown.body["id"].as_str().unwrap().to_owned();
        assert_eq!(shown.header("location"), Some(format!("{path}/{item}").as_str()));
        assert_eq!(
            (&shown.body["media"]["id"], &shown.body["title"]),
            (&json!(media), &json!(at.to_string()))
        );
        items.push((item, media));
    }
    let maya = app.guest().await;
    let page = maya.get(&format!("{path}?limit=2")).await.expect(200).body;
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&page), [items[2].0.clone(), items[1].0.clone()], "the newest first");
    assert!(page["items"][0]["media"]["thumb_url"].as_str().unwrap().contains(".public."), "{page}");
    let rest =
        maya.get(&format!("{path}?cursor={}", page["next_cursor"].as_str().unwrap())).await.expect(200).body;
    assert_eq!((ids(&rest), &rest["next_cursor"]), (vec![items[0].0.clone()], &Value::Null));

    let again = json!({"media_id": items[0].1});
    assert_problem!(owner.post(&path, again).await, 409, "illegal_move");
    let one = format!("{path}/{}", items[0].0);
    let changed = send(&owner, Method::PATCH, &one, json!({"title": null, "description": "3B"})).await;
    let changed = changed.expect(200).body;
    assert_eq!(
        (&changed["title"], &changed["description"], &changed["service_id"]),
        (&json!(""), &json!("3B"), &json!("haircut"))
    );
    let wrong = json!({"service_id": "unicorn_grooming", "media_id": items[1].1});
    assert_problem!(
        send(&owner, Method::PATCH, &one, wrong).await,
        422,
        "invalid",
        ["/body/service_id", "/body/media_id"]
    );
    assert_problem!(owner.delete(&format!("/media/{}", items[0].1)).await, 409, "media_in_use");
    owner.delete(&one).await.expect(204);
    assert_problem!(owner.delete(&one).await, 404, "not_found");
    assert_eq!(app.database.value("SELECT count(*) FROM media").await, 3, "they stay the owner's");
}

#[tokio::test]
async fn only_ones_own_is_shown() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let (other, others) = open(&app, "other", json!({})).await;
    let path = format!("/providers/{id}/portfolio");
    let foreign = app.media_row(app.id_of(&other).await).await;
    let half = app.media_row(app.id_of(&owner).await).await;
    app.database.execute(&format!("UPDATE media SET ready_at = NULL WHERE id = '{half}'")).await;
    for media in [foreign, half, Uuid::now_v7()] {
        assert_problem!(owner.post(&path, json!({"media_id": media})).await, 403, "not_yours");
    }
    // An admin shows what is the owner's, and not their own.
    let ann = app.user("ann", Role::Admin);
    let anns = app.media_row(app.id_of(&ann).await).await;
    assert_problem!(ann.post(&path, json!({"media_id": anns})).await, 403, "not_yours");
    let item = other.post(&format!("/providers/{others}/portfolio"), json!({"media_id": foreign})).await;
    let item = item.expect(201).body["id"].as_str().unwrap().to_owned();
    // Through one's own business nothing of another's is reached.
    assert_problem!(owner.delete(&format!("{path}/{item}")).await, 404, "not_found");
    app.database.execute("UPDATE providers SET status = 'suspended'").await;
    assert_problem!(app.consumer("maya").get(&path).await, 404, "not_found");
    owner.get(&path).await.expect(200);
}

#[tokio::test]
async fn one_picture_is_shown_once_however_many_calls_at_once() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let media = app.media_row(app.id_of(&owner).await).await;
    let path = format!("/providers/{id}/portfolio");
    let answers = join_all((0..5).map(|_| owner.post(&path, json!({"media_id": media})))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem!(answer, 409, "illegal_move");
    }
}

fn calendar() -> Value {
    json!({
        "zone": "America/New_York",
        "weekly": {
            "monday": [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "00:00"}], "tuesday": [],
            "wednesday": [], "thursday": [], "friday": [], "saturday": [], "sunday": [],
        },
        "exceptions": [{"date": "2026-12-24", "hours": []}], "notice_minutes": 60, "max_per_day": null,
        "buffer_minutes": 15,
    })
}

#[tokio::test]
async fn hours_are_kept_and_the_zone_is_that_of_the_business() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}/availability");
    let usual = owner.get(&path).await.expect(200).body;
    assert_eq!(usual["weekly"]["friday"], json!([{"start": "09:00", "end": "17:00"}]));
    assert_eq!((&usual["notice_minutes"], &usual["weekly"]["sunday"]), (&json!(120), &json!([])));
    let mut wanted = calendar();
    wanted["zone"] = json!("America/Chicago");
    assert_eq!(send(&owner, Method::PUT, &path, wanted.clone()).await.expect(200).body, wanted);
    assert_eq!(owner.get(&path).await.expect(200).body, wanted);
    assert_eq!(owner.get(&format!("/providers/{id}")).await.expect(200).body["zone"], "America/Chicago");
    // The least that is said: closed, but for Mondays.
    let least = json!({"zone": "UTC", "weekly": {"monday": [{"start": "10:00", "end": "24:00"}]}});
    let put = send(&owner, Method::PUT, &path, least).await.expect(200).body;
    assert_eq!(put["weekly"]["monday"], json!([{"start": "10:00", "end": "00:00"}]));
    assert_eq!((&put["exceptions"], &put["notice_minutes"]), (&json!([]), &json!(120)));
    assert_problem!(app.consumer("maya").get(&path).await, 403, "not_yours");
    assert_problem!(app.guest().await.get(&path).await, 403, "account_required");
}

#[tokio::test]
async fn everything_that_is_wrong_with_hours_is_told_at_once() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}/availability");
    let mut wrong = calendar();
    wrong["weekly"]["monday"] = json!([{"start": "12:00", "end": "09:00"}]);
    wrong["weekly"]["tuesday"] =
        json!([{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]);
    wrong["exceptions"] = json!([{"date": "2026-12-24", "hours": []}, {"date": "2026-12-24", "hours": []}]);
    wrong["notice_minutes"] = json!(-1);
    assert_problem!(
        send(&owner, Method::PUT, &path, wrong).await,
        422,
        "invalid",
        [
            "/body/weekly/monday/0/end",
            "/body/weekly/tuesday/1",
            "/body/exceptions/1/date",
            "/body/notice_minutes"
        ]
    );
    let mut wrong = calendar();
    wrong["zone"] = json!("Mars/Olympus");
    wrong["weekly"]["monday"] = json!([{"start": "25:00", "end": "26:00"}]);
    wrong["max_per_day"] = json!(0);
    let answer = send(&owner, Method::PUT, &path, wrong).await;
    assert_problem!(answer, 422, "invalid");
    for field in ["zone", "weekly/monday/0/start", "max_per_day"] {
        assert!(answer.text.contains(&format!("\"/body/{field}\"")), "{field}: {answer:?}");
    }
    let before = owner.get(&path).await.expect(200).body;
    assert_eq!(before["notice_minutes"], 120, "nothing was changed");
}

#[tokio::test]
async fn a_business_can_bring_its_hours_along() {
    let app = app().await;
    let owner = app.consumer("curls");
    let made = owner.post("/providers", barber(json!({"availability": calendar()}))).await.expect(201).body;
    let path = format!("/providers/{}/availability", made["id"].as_str().unwrap());
    assert_eq!(owner.get(&path).await.expect(200).body, calendar());
    let mut other = calendar();
    other["zone"] = json!("Europe/Athens");
    other["weekly"]["monday"] = json!([{"start": "12:00", "end": "09:00"}]);
    let tom = app.consumer("tom");
    assert_problem!(
        tom.post("/providers", barber(json!({"zone": "America/New_York", "availability": other}))).await,
        422,
        "invalid",
        ["/body/availability/zone", "/body/availability/weekly/monday/0/end"]
    );
    let nowhere = json!({"name": "A", "city": "Atlantis", "availability": calendar()});
    let made = tom.post("/providers", nowhere).await.expect(201).body;
    assert_eq!(made["zone"], "America/New_York", "that of the calendar");
}
