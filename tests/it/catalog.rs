//! The catalog: read by everybody, changed by admins, the same in all processes soon after.

use futures::future::join_all;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, WAITING, assert_problem, eventually};

async fn put(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.send(caller.call(Method::PUT, path).json(&body)).await
}

/// A service that nobody has heard of, but for some fields.
fn tuning(other: Value) -> Value {
    let mut body = json!({
        "category_id": "hair_beauty", "name": "Piano tuning", "description": "Uprights and grands.",
        "licensed": false, "places": ["consumer"], "min_photos": 0,
        "price": {"min_cents": 9_000, "max_cents": 20_000, "currency": "USD"},
        "duration_minutes": {"min": 60, "max": 120}, "specializations": ["concert pitch"],
    });
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect()
}

#[tokio::test]
async fn everybody_reads_what_can_be_asked_for() {
    let app = App::builder().workers(0).start().await;
    let anybody = app.anybody();
    let short = anybody.get("/services/catalog").await.expect(200).body;
    for wanted in ["hair_beauty", "home_cleaning", "plumbing", "electrical", "photography"] {
        assert!(ids(&short["items"]).contains(&wanted), "{short}");
    }
    assert_eq!(short["next_cursor"], Value::Null);

    let full = anybody.get("/services/catalog/full").await.expect(200).body;
    assert_eq!(ids(&full["items"]), ids(&short["items"]));
    let categories = full["items"].as_array().unwrap();
    let count: usize = categories.iter().map(|category| category["services"].as_array().unwrap().len()).sum();
    assert!(count >= 25, "{count} services");
    for (category, summary) in categories.iter().zip(short["items"].as_array().unwrap()) {
        assert_eq!(ids(&category["services"]), ids(&summary["services"]));
        let id = category["id"].as_str().unwrap();
        let alone = anybody.get(&format!("/services/catalog/{id}")).await.expect(200).body;
        assert_eq!(&alone, category);
    }
    let heater = anybody.get("/services/services/water_heater_installation").await.expect(200).body;
    assert_eq!((&heater["category_id"], &heater["licensed"]), (&json!("plumbing"), &json!(true)));
    assert_eq!(heater["places"], json!(["consumer"]));
    let wedding = anybody.get("/services/services/wedding_photography").await.expect(200).body;
    assert!(wedding["min_photos"].as_u64() > Some(0) && wedding["price"]["min_cents"].as_i64() > Some(0));
    assert!(wedding["duration_minutes"]["min"].as_u64() > Some(0), "{wedding}");
    assert!(!wedding["specializations"].as_array().unwrap().is_empty(), "{wedding}");

    assert_problem!(anybody.get("/services/catalog/alchemy").await, 404, "not_found");
    assert_problem!(anybody.get("/services/services/Dragon-Taming").await, 404, "not_found");
}

#[tokio::test]
async fn the_catalog_is_read_in_pages() {
    let app = App::builder().workers(0).start().await;
    let all = app.anybody().get("/services/catalog").await.expect(200).body;
    let (mut read, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = app.anybody().get(&format!("/services/catalog?{query}")).await.expect(200).body;
        assert!(page["items"].as_array().unwrap().len() <= 2, "{page}");
        read.extend(ids(&page["items"]).into_iter().map(str::to_owned));
        let Some(next) = page["next_cursor"].as_str() else { break };
        query = format!("limit=2&cursor={next}");
    }
    assert_eq!(read, ids(&all["items"]));
    let nowhere = app.anybody().get("/services/catalog/full?cursor=alchemy&limit=0").await;
    assert_problem!(nowhere, 422, "invalid", ["/query/cursor", "/query/limit"]);
}

#[tokio::test]
async fn who_has_the_catalog_is_not_sent_it_again() {
    let app = App::builder().workers(0).start().await;
    let (anybody, ann) = (app.anybody(), app.user("ann", Role::Admin));
    for path in ["/services/catalog", "/services/catalog/full", "/services/services/haircut"] {
        let first = anybody.get(path).await.expect(200);
        let tag = first.header("etag").expect("a tag").to_owned();
        assert_eq!(first.header("cache-control"), Some("no-cache"), "{path}");
        let again = || anybody.call(Method::GET, path).header("if-none-match", &tag);
        let known = anybody.send(again()).await.expect(304);
        assert!(known.text.is_empty() && known.header("etag") == Some(&tag), "{path}");
        let name = json!({"name": format!("Haircut {path}"), "category_id": "hair_beauty"});
        put(&ann, "/services/services/haircut", tuning(name)).await.expect(200);
        assert_ne!(anybody.send(again()).await.expect(200).header("etag"), Some(tag.as_str()), "{path}");
    }
}

#[tokio::test]
async fn an_admin_makes_changes_and_retires() {
    let app = App::builder().workers(0).start().await;
    let (anybody, ann) = (app.anybody(), app.user("ann", Role::Admin));
    let music = json!({"name": " Music ", "description": "Instruments."});
    let made = put(&ann, "/services/catalog/music", music.clone()).await.expect(201);
    assert_eq!(made.header("location"), Some("/services/catalog/music"));
    assert_eq!((&made.body["name"], &made.body["services"]), (&json!("Music"), &json!([])));
    let body = tuning(json!({"category_id": "music"}));
    let made = put(&ann, "/services/services/piano_tuning", body.clone()).await.expect(201);
    assert_eq!(made.header("location"), Some("/services/services/piano_tuning"));
    let read = anybody.get("/services/services/piano_tuning").await.expect(200).body;
    assert_eq!(read, made.body);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&read[field], value, "{field}");
    }
    // What is replaced keeps its place and its services.
    let music = put(&ann, "/services/catalog/music", music).await.expect(200).body;
    assert_eq!(ids(&music["services"]), ["piano_tuning"]);
    let all = anybody.get("/services/catalog").await.expect(200).body;
    assert_eq!(ids(&all["items"]).last(), Some(&"music"));

    let maya = app.consumer("maya");
    let request = json!({"service_id": "piano_tuning", "city": "Brooklyn"});
    let posted = maya.post("/requests", request.clone()).await.expect(201).body;
    assert_problem!(ann.delete("/services/catalog/music").await, 409, "illegal_move");
    ann.delete("/services/services/piano_tuning").await.expect(204);
    ann.delete("/services/services/piano_tuning").await.expect(204);
    assert_problem!(anybody.get("/services/services/piano_tuning").await, 404, "not_found");
    assert_problem!(maya.post("/requests", request.clone()).await, 422, "invalid", ["/body/service_id"]);
    // What hangs on it stays.
    let kept = format!("SELECT service_id FROM requests WHERE id = '{}'", posted["id"].as_str().unwrap());
    assert_eq!(app.database.value(&kept).await, "piano_tuning");
    ann.delete("/services/catalog/music").await.expect(204);
    assert_problem!(anybody.get("/services/catalog/music").await, 404, "not_found");
    // Into a category that is gone nothing is put; both can come back.
    let put_back = put(&ann, "/services/services/piano_tuning", body.clone()).await;
    assert_problem!(put_back, 422, "invalid", ["/body/category_id"]);
    put(&ann, "/services/catalog/music", json!({"name": "Music", "description": ""})).await.expect(200);
    put(&ann, "/services/services/piano_tuning", body).await.expect(200);
    let again = json!({"service_id": "piano_tuning", "city": "Brooklyn", "allow_duplicate": true});
    maya.post("/requests", again).await.expect(201);

    assert_problem!(ann.delete("/services/catalog/alchemy").await, 404, "not_found");
    assert_problem!(ann.delete("/services/services/alchemy").await, 404, "not_found");
    let audit = ann.get("/admin/audit").await.expect(200).body;
    let told: Vec<_> = audit["items"].as_array().unwrap().iter().rev().collect();
    let told: Vec<_> =
        told.iter().map(|entry| format!("{} {}", entry["action"], entry["object_slug"])).collect();
    let wanted = [
        "category.put music",
        "service.put piano_tuning",
        "category.put music",
        "service.retire piano_tuning",
        "category.retire music",
        "category.put music",
        "service.put piano_tuning",
    ];
    assert_eq!(told, wanted.map(|line| format!("\"{}\"", line.replace(' ', "\" \""))), "{audit}");
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_service_is_told_at_once() {
    let app = App::builder().workers(0).start().await;
    let ann = app.user("ann", Role::Admin);
    let wrong = tuning(json!({
        "name": "  ", "places": ["consumer", "consumer"], "specializations": ["fine", " "],
        "price": {"min_cents": 2, "max_cents": 1, "currency": "USD"}, "duration_minutes": {"min": 60, "max": 30},
    }));
    let pointers =
        ["/body/name", "/body/places", "/body/specializations/1", "/body/price", "/body/duration_minutes"];
    let answer = put(&ann, "/services/services/piano_tuning", wrong).await;
    assert_eq!(answer.status, 422);
    check(&answer, &pointers);
    let wrong = json!({"name": "", "licensed": "no", "min_photos": 21, "places": [], "icon": "piano"});
    let answer = put(&ann, "/services/services/Piano-Tuning", tuning(wrong)).await;
    let pointers = [
        "/path/service_id",
        "/body/name",
        "/body/licensed",
        "/body/min_photos",
        "/body/places",
        "/body/icon",
    ];
    check(&answer, &pointers);
    assert_problem!(
        put(&ann, "/services/catalog/music", json!({})).await,
        422,
        "invalid",
        ["/body/name", "/body/description"]
    );
    assert_problem!(put(&ann, "/services/catalog/full", json!({})).await, 405, "method_not_allowed");
}

#[track_caller]
fn check(answer: &Answer, pointers: &[&str]) {
    crate::support::check_problem(answer, 422, "invalid", Some(pointers));
}

#[tokio::test]
async fn a_change_is_known_to_all_processes_soon() {
    let app = App::start().await;
    let other =
        App::builder().workers(0).database(proxie_shared::test_support::TestDatabase::at(app.database.url()));
    let other = other.start().await;
    let ann = app.user("ann", Role::Admin);
    put(&ann, "/services/services/piano_tuning", tuning(json!({}))).await.expect(201);
    app.anybody().get("/services/services/piano_tuning").await.expect(200);
    let path = "/services/services/piano_tuning";
    eventually("the other process knows it", async || other.anybody().get(path).await.status == 200).await;
    // Also what is changed by hand, and by somebody who takes their time.
    app.database.execute("UPDATE catalog_services SET retired_at = now() WHERE id = 'piano_tuning'").await;
    eventually("both know it", async || {
        app.anybody().get(path).await.status == 404 && other.anybody().get(path).await.status == 404
    })
    .await;
    // The model of the worker is offered it: what it says of it is taken.
    put(&ann, path, tuning(json!({}))).await.expect(200);
    ann.delete("/services/services/haircut").await.expect(204);
    let guest = app.guest().await;
    eventually("the worker knows that nobody cuts hair any more", async || {
        let result = guest.say("I need a haircut in Brooklyn").await.result().await;
        result["data"]["gathered"]["service_id"].is_null()
    })
    .await;
}

#[tokio::test]
async fn a_service_that_needs_a_licence_from_now_on_is_not_matched_without_one() {
    let app = App::builder().workers(0).start().await;
    let ann = app.user("ann", Role::Admin);
    let user = app.user_row(Role::Provider).await;
    let provider = app.provider_row(user).await;
    let licence = format!("SELECT licence::text FROM provider_services WHERE provider_id = '{provider}'");
    for (licensed, wanted) in
        [(true, "pending_verification"), (true, "pending_verification"), (false, "not_needed")]
    {
        put(&ann, "/services/services/haircut", tuning(json!({"licensed": licensed}))).await.expect(200);
        assert_eq!(app.database.value(&licence).await, wanted, "{licensed}");
        // Whatever a process still believes.
        app.database.execute("UPDATE provider_services SET licence = 'not_needed'").await;
        assert_eq!(app.database.value(&licence).await, wanted, "{licensed}");
    }
}

#[tokio::test]
async fn what_is_offered_while_it_begins_to_need_a_licence_waits_for_one() {
    let app = App::builder().workers(0).start().await;
    let user = app.user_row(Role::Provider).await;
    let provider = app.provider_row(user).await;
    app.database.execute("DELETE FROM provider_services").await;
    let held =
        app.database.hold("BEGIN; UPDATE catalog_services SET licensed = true WHERE id = 'haircut'").await;
    let curls = app.user(&user.to_string(), Role::Provider);
    let path = format!("/providers/{provider}/services");
    let offered =
        curls.post(&path, json!({"service_id": "haircut", "places": ["provider"], "currency": "USD"}));
    let changed = async {
        eventually("it waits", async || app.database.value(WAITING).await == 1).await;
        held.finish("COMMIT").await;
    };
    let (offered, ()) = futures::join!(offered, changed);
    assert_eq!(offered.expect(201).body["licence"], "pending_verification");
}

#[tokio::test]
async fn a_category_is_never_retired_under_a_service() {
    let app = App::builder().workers(0).start().await;
    let ann = app.user("ann", Role::Admin);
    for round in 0..crate::support::size(5, 50) {
        let category = format!("/services/catalog/round_{round}");
        put(&ann, &category, json!({"name": "Round", "description": ""})).await.expect(201);
        let body = tuning(json!({"category_id": format!("round_{round}")}));
        let path = format!("/services/services/service_{round}");
        let (puts, retired) =
            futures::join!(join_all((0..3).map(|_| put(&ann, &path, body.clone()))), ann.delete(&category));
        let stands = puts.iter().any(|answer| answer.status < 300);
        assert_eq!(retired.status == 204, !stands, "{puts:?} {retired:?}");
        assert!(puts.iter().all(|answer| [200, 201, 422].contains(&answer.status)), "{puts:?}");
    }
}
