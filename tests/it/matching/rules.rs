//! The hard rules one by one, over HTTP.

use chrono::{Duration, Utc};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Caller, Task};

/// Somebody in the middle of Brooklyn who cuts hair there and at the consumer's for $40 to $80, within 10 km, changed by
/// some SQL in which `$1` is their id.
pub async fn barber(app: &App, change: &str) -> Uuid {
    let user = app.user_row(Role::Provider).await;
    let id = app.provider_row(user).await;
    if !change.is_empty() {
        app.database.execute(&change.replace("$1", &format!("'{id}'"))).await;
    }
    id
}

/// A body that asks for a haircut in Brooklyn, but for some fields.
pub fn haircut(other: Value) -> Value {
    let mut body = json!({
        "service_id": "haircut", "city": "Brooklyn", "zone": "America/New_York", "description": "curly hair",
        "location": {"latitude": 40.68, "longitude": -73.94},
    });
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Posts a request; its id and the result of its matching.
pub async fn post(caller: &Caller, body: Value) -> (String, Value) {
    let posted = caller.post("/requests", body).await.expect(201).body;
    let result = Task::new(caller, posted["task_id"].as_str().unwrap()).result().await;
    (posted["id"].as_str().unwrap().to_owned(), result)
}

/// Who was matched, the best first.
pub fn ids(result: &Value) -> Vec<Uuid> {
    let matches = result["matches"].as_array().unwrap();
    matches.iter().map(|one| one["provider_id"].as_str().unwrap().parse().unwrap()).collect()
}

/// Whether a request like this is routed to a barber changed like that.
async fn fits(change: &str, body: Value) -> bool {
    let app = App::start().await;
    let barber = barber(&app, change).await;
    let (_, result) = post(&app.consumer("maya"), haircut(body)).await;
    match ids(&result).as_slice() {
        [] => false,
        [one] => *one == barber,
        _ => panic!("{result}"),
    }
}

#[tokio::test]
async fn cities_are_compared_without_case_accents_and_spaces() {
    let nowhere =
        "UPDATE providers SET latitude = NULL, longitude = NULL, city = '  mONTREÁL ' WHERE id = $1";
    let city = json!({"city": "Montréal", "zone": "America/Toronto", "location": null});
    assert!(fits(nowhere, city).await);
    assert!(!fits(nowhere, json!({"city": "Brooklyn"})).await);
}

#[tokio::test]
async fn the_date_line_is_no_border() {
    let fiji = "UPDATE providers SET latitude = -17, longitude = -179.95, city = 'Taveuni' WHERE id = $1";
    let across = json!({"city": "Somosomo", "zone": "Pacific/Fiji", "location": {"latitude": -17, "longitude": 179.98}});
    assert!(fits(fiji, across).await, "seven kilometres");
    let far =
        json!({"city": "Suva", "zone": "Pacific/Fiji", "location": {"latitude": -17, "longitude": 179.0}});
    assert!(!fits(fiji, far).await, "a hundred kilometres");
}

#[tokio::test]
async fn the_pole_is_near_to_all_who_are_near_to_it() {
    let pole = "UPDATE providers SET latitude = 89.95, longitude = 0, city = 'Pole' WHERE id = $1";
    let opposite = json!({"city": "Camp", "zone": "UTC", "location": {"latitude": 89.95, "longitude": 180}});
    assert!(fits(pole, opposite).await, "eleven kilometres");
}

#[tokio::test]
async fn who_works_from_afar_is_anywhere() {
    let afar = "UPDATE providers SET latitude = -40, longitude = 170, city = 'Wellington' WHERE id = $1;
                UPDATE provider_services SET places = '{remote}' WHERE provider_id = $1";
    assert!(fits(afar, json!({})).await);
    assert!(fits(afar, json!({"place": "remote"})).await);
    assert!(!fits(afar, json!({"place": "provider"})).await);
}

#[tokio::test]
async fn the_place_that_is_asked_for_decides_whose_kilometres_count() {
    // About twenty kilometres north; whoever comes to the consumer goes ten.
    let north = "UPDATE providers SET latitude = 40.86 WHERE id = $1";
    assert!(fits(north, json!({"place": "provider"})).await, "25 km if nothing is said");
    assert!(!fits(north, json!({"place": "provider", "max_distance_km": 15})).await);
    assert!(!fits(north, json!({"place": "consumer", "max_distance_km": 100})).await);
    let goes = "UPDATE providers SET latitude = 40.86, radius_km = 30 WHERE id = $1";
    assert!(fits(goes, json!({"place": "consumer", "max_distance_km": 1})).await);
    assert!(fits(goes, json!({"place": null, "max_distance_km": 1})).await, "one way is enough");
    let stays = "UPDATE provider_services SET places = '{provider}' WHERE provider_id = $1";
    assert!(!fits(stays, json!({"place": "consumer"})).await);
}

#[tokio::test]
async fn a_licence_is_good_to_its_last_day() {
    let until = |day: &str| {
        format!(
            "UPDATE provider_services SET licence = 'verified', licence_number = 'L-1',
               licence_expires_on = (now() AT TIME ZONE 'UTC')::date {day} WHERE provider_id = $1"
        )
    };
    assert!(fits(&until(""), json!({})).await);
    assert!(!fits(&until("- 1"), json!({})).await);
}

#[tokio::test]
async fn the_price_must_be_able_to_meet_the_most() {
    let most = |cents: i64| json!({"budget": {"max_cents": cents, "currency": "USD"}});
    assert!(fits("", most(4_000)).await);
    assert!(!fits("", most(3_999)).await);
    let never = "UPDATE providers SET min_price_cents = 5000 WHERE id = $1";
    assert!(!fits(never, most(4_999)).await);
    assert!(fits(never, most(5_000)).await);
    assert!(!fits("", json!({"budget": {"max_cents": 9_000, "currency": "EUR"}})).await);
    assert!(
        fits("", json!({"budget": {"min_cents": 9_000, "currency": "USD"}})).await,
        "a least bounds nothing"
    );
}

#[tokio::test]
async fn who_is_stopped_is_not_found() {
    let user =
        "UPDATE users SET status = 'suspended' WHERE id = (SELECT user_id FROM providers WHERE id = $1)";
    assert!(!fits(user, json!({})).await);
    assert!(!fits("UPDATE providers SET status = 'paused' WHERE id = $1", json!({})).await);
}

#[tokio::test]
async fn who_cannot_be_free_then_is_not_found() {
    let day = (Utc::now() + Duration::days(3)).format("%Y-%m-%d").to_string();
    let window = |from: &str, to: &str| json!({"window": {"from": format!("{day}T{from}"), "to": format!("{day}T{to}")}});
    let closed = format!(
        r#"UPDATE availability SET exceptions = '[{{"date": "{day}", "hours": [{{"start": "14:00", "end": "15:30"}}]}}]'
           WHERE provider_id = $1"#
    );
    assert!(fits(&closed, window("13:00", "14:30")).await);
    assert!(fits(&closed, window("14:10", "15:00")).await, "the last job begins at 14:30");
    assert!(!fits(&closed, window("14:40", "20:00")).await);
    assert!(!fits(&closed, window("08:00", "14:00")).await);
    let notice = "UPDATE availability SET notice_minutes = 43200 WHERE provider_id = $1";
    assert!(
        !fits(notice, json!({})).await,
        "thirty days' notice, and nobody asks for more than fourteen days ahead"
    );
    assert!(
        !fits("DELETE FROM availability WHERE provider_id = $1", json!({})).await,
        "who says no hours has none"
    );
}
