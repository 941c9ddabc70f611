//! When providers are free.

use chrono::{Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use proxie_shared::db::availability;
use proxie_shared::model::ProviderId;
use proxie_shared::model::calendar::{Hours, bookings_that_matter};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, assert_problem, check_problem};

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A local date of New York that is a few days off and on which clocks do not change.
fn some_day() -> NaiveDate {
    let today = Utc::now().with_timezone(&Tz::America__New_York).date_naive();
    let is_even = |day: &NaiveDate| {
        let noon = |day: NaiveDate| availability_at(day, "12:00");
        noon(*day + Days::new(1)) - noon(*day - Days::new(1)) == Duration::days(2)
    };
    (3..6).map(|n| today + Days::new(n)).find(is_even).expect("a day")
}

fn availability_at(day: NaiveDate, time: &str) -> chrono::DateTime<Utc> {
    let local = day.and_time(time.parse().expect("a time"));
    proxie_shared::model::clocks::first_at(local, Tz::America__New_York).expect("an instant")
}

async fn somebody(app: &App) -> Caller {
    app.user(&Uuid::now_v7().to_string(), Role::Consumer)
}

/// A provider who works from nine to twelve.
async fn provider(app: &App) -> Uuid {
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let hours = json!([{"start": "09:00", "end": "12:00"}]);
    let weekly: Value =
        DAYS.iter().map(|day| ((*day).to_owned(), hours.clone())).collect::<serde_json::Map<_, _>>().into();
    let set = format!("UPDATE availability SET weekly = '{weekly}' WHERE provider_id = '{provider}'");
    app.database.execute(&set).await;
    provider
}

async fn ask(caller: &Caller, provider: Uuid, from: NaiveDate, to: NaiveDate) -> Answer {
    caller.get(&format!("/providers/{provider}/slots?service_id=haircut&from={from}&to={to}")).await
}

async fn times(caller: &Caller, provider: Uuid, day: NaiveDate) -> Vec<String> {
    let answer = ask(caller, provider, day, day).await.expect(200).body;
    let items = answer["items"].as_array().expect("a list");
    items.iter().map(|slot| slot["start_time"].as_str().expect("a time").to_owned()).collect()
}

/// A booking of the provider at a local time of a day, for an hour.
async fn booking(app: &App, provider: Uuid, day: NaiveDate, time: &str) -> Uuid {
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    let booking = app.booking_row(app.offer_row(request, provider).await, 1_000).await;
    let start = availability_at(day, time).to_rfc3339();
    let set = format!(
        "UPDATE bookings SET start_at = '{start}', end_at = '{start}'::timestamptz + interval '1 hour' WHERE id = '{booking}'"
    );
    app.database.execute(&set).await;
    booking
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_free_in_their_hours_but_for_their_bookings() {
    let app = App::builder().workers(0).start().await;
    let (maya, provider, day) = (somebody(&app).await, provider(&app).await, some_day());
    let answer = ask(&maya, provider, day, day).await.expect(200).body;
    assert_eq!((&answer["duration_minutes"], &answer["next_cursor"]), (&json!(60), &json!(null)));
    let begin = availability_at(day, "09:00");
    let first = json!({
        "start_at": begin, "end_at": begin + Duration::hours(1), "date": day, "start_time": "09:00",
        "end_time": "10:00", "zone": "America/New_York",
    });
    assert_eq!(answer["items"][0], first);
    assert_eq!(times(&maya, provider, day).await, ["09:00", "09:30", "10:00", "10:30", "11:00"]);

    let booking = booking(&app, provider, day, "10:00").await;
    assert_eq!(times(&maya, provider, day).await, ["09:00", "11:00"]);
    let more = format!(
        "UPDATE availability SET buffer_minutes = 15, exceptions = '[{{\"date\": \"{}\", \"hours\": []}}]'
         WHERE provider_id = '{provider}'",
        day + Days::new(1)
    );
    app.database.execute(&more).await;
    assert_eq!(times(&maya, provider, day).await, [""; 0]);
    assert_eq!(times(&maya, provider, day + Days::new(1)).await, [""; 0], "closed by an exception");
    let cancel = format!(
        "UPDATE bookings SET status = 'cancelled', cancel_reason = 'ill', ended_at = now() WHERE id = '{booking}'"
    );
    app.database.execute(&cancel).await;
    assert_eq!(times(&maya, provider, day).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_taken_place_counts_for_its_day() {
    let app = App::builder().workers(0).start().await;
    let (maya, provider, day) = (somebody(&app).await, provider(&app).await, some_day());
    let booking = booking(&app, provider, day, "09:00").await;
    let set = format!(
        "UPDATE availability SET max_per_day = 1 WHERE provider_id = '{provider}';
         UPDATE bookings SET status = 'completed', ended_at = now() WHERE id = '{booking}'"
    );
    app.database.execute(&set).await;
    assert_eq!(times(&maya, provider, day).await, [""; 0]);
    assert_eq!(times(&maya, provider, day + Days::new(1)).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_said_at_once() {
    let app = App::builder().workers(0).start().await;
    let (maya, provider, day) = (somebody(&app).await, provider(&app).await, some_day());
    let (from, to) = ("/query/from", "/query/to");
    for (first, last, wrong) in [
        (day, day - Days::new(1), vec![to]),
        (day, day + Days::new(31), vec![to]),
        (day + Days::new(90), day + Days::new(90), vec![from, to]),
    ] {
        let answer = ask(&maya, provider, first, last).await;
        check_problem(&answer, 422, "invalid", Some(&wrong[..]));
    }
    let most = ask(&maya, provider, day, day + Days::new(30)).await.expect(200).body;
    assert_eq!(most["items"].as_array().expect("a list").len(), 31 * 5);
    let at = |query: &str| format!("/providers/{provider}/slots?{query}");
    let answer = maya.get(&at(&format!("service_id=wiring&from={day}&to={day}"))).await;
    assert_problem!(answer, 422, "invalid", ["/query/service_id"]);
    let answer = maya.get(&at("from=tomorrow&to=2026-02-30&more=1")).await;
    assert_problem!(answer, 422, "invalid", ["/query/service_id", from, to, "/query/more"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_work_has_no_slots() {
    let app = App::builder().workers(0).start().await;
    let (maya, provider, day) = (somebody(&app).await, provider(&app).await, some_day());
    let becomes = async |status: &str| {
        let set = format!("UPDATE providers SET status = '{status}' WHERE id = '{provider}'");
        app.database.execute(&set).await;
    };
    becomes("paused").await;
    assert_eq!(times(&maya, provider, day).await, [""; 0]);
    becomes("suspended").await;
    ask(&maya, provider, day, day).await.expect(404);
    becomes("active").await;
    let expired = format!(
        "UPDATE provider_services SET licence = 'verified', licence_number = '1', licence_expires_on = now()::date - 2
         WHERE provider_id = '{provider}'"
    );
    app.database.execute(&expired).await;
    ask(&maya, provider, day, day).await.expect(404);
    app.database
        .execute(&format!(
            "DELETE FROM availability WHERE provider_id = '{provider}';
        UPDATE provider_services SET licence = 'not_needed' WHERE provider_id = '{provider}'"
        ))
        .await;
    assert_eq!(times(&maya, provider, day).await, [""; 0], "who has not said when they work is closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_of_many_are_read_at_once() {
    let app = App::builder().workers(0).start().await;
    let day = some_day();
    let (busy, idle, rotten) = (provider(&app).await, provider(&app).await, provider(&app).await);
    let booked = booking(&app, busy, day, "10:00").await;
    let rot = format!("UPDATE availability SET weekly = '{{\"monday\": 9}}' WHERE provider_id = '{rotten}'");
    app.database.execute(&rot).await;
    let db = app.database.pool();
    let conn = db.conn().await.expect("PostgreSQL");
    let all = [busy, idle, rotten].map(ProviderId);
    let calendars = availability::calendars(&conn, &all).await.expect("PostgreSQL");
    assert_eq!(calendars.len(), 2, "what one has written down stops nobody else");
    assert_eq!(calendars[&all[1]].weekly.sunday, [Hours { start: 9 * 60, end: 12 * 60 }]);
    let at = availability_at(day, "10:00");
    let matter = bookings_that_matter(at, at);
    let found = availability::busy(&conn, &all, matter, None).await.expect("PostgreSQL");
    assert_eq!(found.keys().collect::<Vec<_>>(), [&all[0]]);
    assert_eq!((found[&all[0]][0].start_at, found[&all[0]][0].end_at), (at, at + Duration::hours(1)));
    let but_for = Some(proxie_shared::model::BookingId(booked));
    assert!(availability::busy(&conn, &all, matter, but_for).await.expect("PostgreSQL").is_empty());
}
