//! Drafts in words: what would happen, what is missing, the question for a yes.

use serde_json::{Map, Value};

use super::brief::Open;
use super::{say, trouble};

/// What a tool that makes a draft answered.
pub enum Made {
    /// The draft.
    Draft(Open),
    /// It did not work.
    Trouble(trouble::Trouble),
    /// The tool is not offered, or said nothing that is understood.
    Nothing,
}

/// Reads the answer of a tool that makes a draft.
pub fn made(result: &Value) -> Made {
    if let Some(trouble) = trouble::of(result) {
        return Made::Trouble(trouble);
    }
    match result.get("draft").and_then(Open::read) {
        Some(draft) => Made::Draft(draft),
        None => Made::Nothing,
    }
}

/// For what cannot be done here.
pub const NOT_HERE: &str = "I can't do that from here just now; in the app you can.";

/// A draft in words, or what is missing of it. `what` says what would happen, where the caller knows more than the draft.
pub fn shown(draft: &Open, what: Option<String>) -> String {
    let what = what.filter(|what| !what.is_empty()).unwrap_or_else(|| summary(&draft.kind, &draft.fields));
    match draft.missing.first() {
        Some(missing) => format!("{what}\n\n{}", question(&draft.kind, missing)),
        None => format!("{what}\n\n**{}**", approval(&draft.kind)),
    }
}

/// The question for a yes.
pub fn approval(kind: &str) -> &'static str {
    match kind {
        "request" => "Shall I send it out?",
        "request_cancellation" => "Shall I cancel the request?",
        "offer" => "Shall I send this offer?",
        "withdrawal" => "Shall I withdraw it?",
        "decline" => "Shall I decline it?",
        "acceptance" => "Shall I book it?",
        "booking_cancellation" => "Shall I cancel the booking?",
        "reschedule" => "Shall I propose this time?",
        "reschedule_answer" => "Shall I answer that?",
        "review" => "Shall I post it?",
        "review_response" => "Shall I post this reply?",
        "enrollment" => "Shall I hand it in?",
        "availability" => "Shall I save this?",
        "completion" => "Shall I mark it as done?",
        "no_show" => "Shall I report it?",
        _ => "Shall I go ahead?",
    }
}

/// The question for something that is missing.
pub fn question(kind: &str, missing: &str) -> String {
    match (kind, missing.split('/').next().unwrap_or(missing)) {
        ("acceptance", "slot") => "Which of the times suits you?".to_owned(),
        (_, "address") => "What is the address where the work is to be done?".to_owned(),
        ("booking_cancellation", "reason") => {
            "What is the reason for cancelling? The other side will see it.".to_owned()
        }
        ("reschedule", "date") => "Which day and time would suit you instead?".to_owned(),
        ("reschedule", "start_time") => "At what time?".to_owned(),
        ("review", "rating") => "How many stars would you give, from 1 to 5?".to_owned(),
        ("review_response", "text") => "What would you like to reply?".to_owned(),
        ("offer", "price_cents") => "For which price?".to_owned(),
        ("offer", "slots") => "Which times can you offer?".to_owned(),
        ("offer", "duration_minutes") => "How long will it take?".to_owned(),
        ("request", "service_id") => "What do you need done?".to_owned(),
        ("request", "city") => "Which city or neighbourhood is it in?".to_owned(),
        (_, other) => format!("I still need one thing: {}?", say::plain(&other.replace('_', " "))),
    }
}

/// What a draft would do.
pub fn summary(kind: &str, fields: &Map<String, Value>) -> String {
    let value = Value::Object(fields.clone());
    let price = say::price(&value);
    let slot = value.get("slot").and_then(say::moment).or_else(|| say::moment(&value));
    let with =
        |label: &str, part: Option<String>| part.map(|part| format!("{label} {part}")).unwrap_or_default();
    let text = |name: &str| Some(say::shown(&value, name)).filter(|text| !text.is_empty());
    let of = text("provider").or_else(|| text("first_name"));
    match kind {
        "acceptance" => {
            let place = text("address").map(|address| format!(", at {address}"));
            format!("I would book{}{}{}.", with("", of), with(" for", slot), place.unwrap_or_default())
        }
        "offer" => {
            let times: Vec<String> = value
                .get("slots")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(say::moment)
                .collect();
            let minutes =
                value.get("duration_minutes").and_then(Value::as_i64).map(|m| format!(", {m} minutes"));
            let times = if times.is_empty() { String::new() } else { format!(": {}", say::or_list(&times)) };
            let message = text("message").map(|message| format!("\n\n> {message}")).unwrap_or_default();
            format!(
                "The offer: **{}**{}{times}.{message}",
                price.unwrap_or_else(|| "price open".to_owned()),
                minutes.unwrap_or_default()
            )
        }
        "booking_cancellation" => {
            format!("I would cancel the booking{}{}.", with(" of", slot), with(": ", text("reason")))
        }
        "request_cancellation" => format!("I would cancel the request{}.", with(": ", text("reason"))),
        "reschedule" => format!("The new time would be proposed to the other side{}.", with(":", slot)),
        "reschedule_answer" => match value.get("accept").and_then(Value::as_bool) {
            Some(false) => "I would decline the proposed time; the old one stays.".to_owned(),
            _ => "I would accept the proposed time.".to_owned(),
        },
        "review" => {
            let stars = value.get("rating").and_then(Value::as_i64).map(|stars| format!("{stars} ★"));
            format!(
                "Your review: **{}**{}.",
                stars.unwrap_or_else(|| "stars open".to_owned()),
                with(", ", text("text"))
            )
        }
        "review_response" => format!("Your reply{}.", with(": ", text("text"))),
        "withdrawal" => "I would withdraw the offer.".to_owned(),
        "decline" => "I would decline the offer.".to_owned(),
        "completion" => "I would mark the booking as done.".to_owned(),
        "no_show" => "I would report that nobody came.".to_owned(),
        "availability" => format!("Your calendar would change:\n{}", calendar(&value)),
        "enrollment" => {
            "Everything is filled in; handed in, it is checked and then you can start.".to_owned()
        }
        "request" => "Your request is ready.".to_owned(),
        _ => "Everything is ready.".to_owned(),
    }
}

/// Working times in lines.
pub fn calendar(value: &Value) -> String {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = |hours: Option<&Value>| {
        let spans: Vec<String> = hours
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|span| {
                format!("{} to {}", say::hour(say::field(span, "start")), say::hour(say::field(span, "end")))
            })
            .collect();
        if spans.is_empty() { "closed".to_owned() } else { say::and_list(&spans) }
    };
    let mut lines: Vec<String> = Vec::new();
    if let Some(weekly) = value.get("weekly").and_then(Value::as_object) {
        let days = DAYS.iter().filter(|day| weekly.contains_key(**day));
        lines.extend(days.map(|day| format!("- {}: {}", say::sentence(day), hours(weekly.get(*day)))));
    }
    let exceptions = value.get("exceptions").and_then(Value::as_array).into_iter().flatten();
    lines.extend(
        exceptions.map(|day| format!("- {}: {}", say::day(say::field(day, "date")), hours(day.get("hours")))),
    );
    let number = |name: &str| value.get(name).and_then(Value::as_i64);
    lines.extend(number("max_per_day").map(|most| format!("- at most {most} a day")));
    lines.extend(number("notice_minutes").map(|notice| format!("- {notice} minutes' notice")));
    lines.extend(number("buffer_minutes").map(|buffer| format!("- {buffer} minutes between two bookings")));
    lines.join("\n")
}
