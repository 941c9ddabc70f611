//! What people write, and what is understood of it: conversations in `data/*.json`, each over HTTP, at its own time.
//!
//! `own_run.json` was written with the tests; `first_run.json` and `second_run.json` by people who had not seen the
//! offline model. What they were at their first run stands in `tests/README.md`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::support::App;

/// A conversation and what is to be understood of it.
#[derive(Deserialize)]
struct Case {
    id: String,
    /// What makes it hard.
    #[serde(default)]
    why: String,
    now: DateTime<Utc>,
    messages: Vec<String>,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    service_id: Option<String>,
    service_id_any: Option<Vec<String>>,
    city: Option<String>,
    zone: Option<String>,
    window: Option<Span>,
    /// The dates of `from` and `to`.
    window_dates: Option<(String, String)>,
    budget: Option<Value>,
    name: Option<String>,
    notes_contain: Option<Vec<String>>,
    specializations_contain: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Span {
    from: String,
    to: String,
}

/// What differs from the expected, field by field.
fn differences(expected: &Expected, gathered: &Value) -> Vec<String> {
    let mut differ = Vec::new();
    let mut check = |field: &str, holds: bool, wanted: String| {
        if !holds {
            differ.push(format!("{field}: {} instead of {wanted}", gathered[field]));
        }
    };
    let text = |field: &str| gathered[field].as_str().unwrap_or_default();
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    if let Some(service) = &expected.service_id {
        check("service_id", text("service_id") == service, service.clone());
    }
    if let Some(any) = &expected.service_id_any {
        check("service_id", any.iter().any(|one| one == text("service_id")), format!("any of {any:?}"));
    }
    if let Some(city) = &expected.city {
        check("city", same(text("city"), city), city.clone());
    }
    if let Some(zone) = &expected.zone {
        check("zone", text("zone") == zone, zone.clone());
    }
    let from = gathered["window"]["from"].as_str().unwrap_or_default();
    let to = gathered["window"]["to"].as_str().unwrap_or_default();
    if let Some(span) = &expected.window {
        check("window", (from, to) == (&span.from, &span.to), format!("{} to {}", span.from, span.to));
    }
    if let Some((first, last)) = &expected.window_dates {
        let holds = from.starts_with(first.as_str()) && to.starts_with(last.as_str());
        check("window", holds, format!("{first} to {last}"));
    }
    if let Some(budget) = &expected.budget {
        check("budget", &gathered["budget"] == budget, budget.to_string());
    }
    if let Some(name) = &expected.name {
        check("name", same(text("name"), name), name.clone());
    }
    for word in expected.notes_contain.iter().flatten() {
        check("notes", text("notes").to_lowercase().contains(&word.to_lowercase()), format!("…{word}…"));
    }
    for phrase in expected.specializations_contain.iter().flatten() {
        let all = gathered["specializations"].to_string().to_lowercase();
        check("specializations", all.contains(&phrase.to_lowercase()), format!("[…{phrase}…]"));
    }
    differ
}

/// Runs all cases of a file; how many were understood, of how many.
async fn run(cases: &[Case]) -> usize {
    let now = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let app = App::builder()
        .clock(Arc::new(move || DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap()))
        .start()
        .await;
    let mut right = 0;
    for case in cases {
        now.store(case.now.timestamp(), Ordering::SeqCst);
        let guest = app.guest().await;
        let (first, rest) = case.messages.split_first().expect("a message");
        let task = guest.say(first).await;
        let mut result = task.result().await;
        for message in rest {
            result = guest.say_in(&task.session, message).await.result().await;
        }
        let differ = differences(&case.expect, &result["data"]["gathered"]);
        right += usize::from(differ.is_empty());
        let told = if differ.is_empty() { "ok".to_owned() } else { differ.join("; ") };
        println!("{:<28} {told}", case.id);
        if !differ.is_empty() {
            println!("{:<28}   ({}) {:?}", "", case.why, case.messages);
        }
    }
    right
}

/// At least nine tenths of a file's cases are understood.
async fn are_understood(file: &str) {
    let path = format!("{}/it/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).expect("cases");
    let right = run(&cases).await;
    println!("figure: {file}: {right} of {} conversations understood", cases.len());
    assert!(right * 10 >= cases.len() * 9, "{file}: only {right} of {} right", cases.len());
}

#[tokio::test]
async fn messages_written_with_the_tests() {
    are_understood("own_run.json").await;
}

#[tokio::test]
async fn messages_of_somebody_who_had_not_seen_the_model() {
    are_understood("first_run.json").await;
}

#[tokio::test]
async fn messages_of_somebody_else_who_had_not_seen_the_model() {
    are_understood("second_run.json").await;
}
