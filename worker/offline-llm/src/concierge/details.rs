//! What a request gains besides the facts of the message: the place of the work, the city of the profile, what is dropped again;
//! and what the specialist says to it.

use serde_json::{Value, json};

use super::UPDATE;
use super::changes::arguments;
use super::facts::{Facts, Question};
use super::places;
use super::prompt::{Prompt, Role};
use crate::talk::{Scene, say};

/// The arguments of the change.
pub fn changes(scene: &Scene, prompt: &Prompt, facts: &Facts) -> Value {
    let mut changes = arguments(facts, prompt, scene.turn.tool(UPDATE));
    let known = &prompt.known;
    let takes = |field: &str| scene.hand.takes(UPDATE, field);
    let Some(fields) = changes.as_object_mut() else { return changes };
    let has_service = facts.service.is_some() || known.text("service_id").is_some();
    let home = scene.brief.about.get("city").and_then(Value::as_str).filter(|city| !city.is_empty());
    if let Some(city) = home.filter(|_| prompt.role == Role::Consumer && has_service)
        && facts.city.is_none()
        && known.text("city").is_none()
        && takes("city")
    {
        fields.insert("city".to_owned(), json!(city));
        if let Some(zone) = places::zone_of(city) {
            fields.insert("zone".to_owned(), json!(zone));
        }
    }
    // A new need begins with what they said they like to spend; later they may have taken that back.
    let begins = facts.service.is_some() && known.text("service_id").is_none();
    let likes = scene.brief.about.pointer("/memory/stated/budget").filter(|budget| budget.is_object());
    if let Some(budget) = likes.filter(|_| prompt.role == Role::Consumer && begins)
        && facts.budget.is_none()
        && !facts.declined.contains(&Question::Budget)
        && takes("budget")
    {
        fields.insert("budget".to_owned(), budget.clone());
    }
    // Only a tool whose schema names them knows these.
    if scene.turn.tool(UPDATE).is_some_and(|tool| tool.names("place"))
        && has_service
        && let Some(place) = place(scene).filter(|place| known.text("place") != Some(place))
    {
        fields.insert("place".to_owned(), json!(place));
    }
    if scene.turn.tool(UPDATE).is_some_and(|tool| tool.names("clear")) {
        let dropped = dropped(scene, prompt, facts);
        if !dropped.is_empty() {
            fields.insert("clear".to_owned(), json!(dropped));
        }
    }
    changes
}

fn place(scene: &Scene) -> Option<&'static str> {
    let at_home =
        &["at|to|in my home|house|place|apartment|flat|office", "come to me", "at home", "house call"];
    let at_theirs = &[
        "at|in ?the|a|your|their salon|studio|shop|barbershop",
        "come to you|them",
        "i .. can .. travel to",
    ];
    if scene.says(at_home) {
        Some("consumer")
    } else if scene.says(at_theirs) {
        Some("provider")
    } else if scene.says(&["remotely", "online", "by video"]) {
        Some("remote")
    } else {
        None
    }
}

/// "Forget the budget", "any day after all": what is known and does not hold any more.
fn dropped(scene: &Scene, prompt: &Prompt, facts: &Facts) -> Vec<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("window", "date|time|day|window|weekend|deadline"),
        ("budget", "budget|price|limit"),
        ("notes", "note"),
        ("specializations", "specialization|speciality"),
    ];
    let declined = |field: &str| facts.declined.iter().any(|question: &Question| question.field() == field);
    WORDS
        .iter()
        .filter(|(field, _)| prompt.known.fields.get(*field).is_some_and(|value| !value.is_null()))
        .filter(|(field, words)| {
            declined(field)
                || scene.says(&[&format!(
                    "forget|drop|remove|clear|delete|ignore|scrap ?about ?the|my|that|any {words}"
                )])
        })
        .map(|(field, _)| *field)
        .collect()
}

/// Whether the message wants the request to go out.
pub fn wants_it_out(scene: &Scene) -> bool {
    scene.says(&[
        "post|send|submit|publish ?it|that|this|the|my ?request ?out >",
        "post|send|submit|create .. request",
        "go ahead",
        "< yes|yeah|yep|sure|ok|okay|please",
        "thats all|it|everything",
        "nothing else",
        "looks|sounds good",
        "get|request|find ?me quotes|offers",
    ])
}

/// What the specialist says: to a change, or to the question what the work usually costs or takes.
pub fn advice(scene: &Scene, noted: Option<&Value>) -> Vec<String> {
    let asks =
        scene.says(&["how much", "what .. cost", "usual|typical|normal|fair price", "how long .. take"]);
    let asked = Some(&scene.brief.specialist).filter(|_| asks);
    let advice = noted.and_then(|noted| noted.get("advice")).or(asked).filter(|advice| advice.is_object());
    let Some(advice) = advice else { return Vec::new() };
    let mut lines = Vec::new();
    lines.extend(advice.get("estimate").and_then(estimate));
    let texts = |key: &str| -> Vec<String> {
        let items = advice.get(key).and_then(Value::as_array).into_iter().flatten();
        items
            .map(|item| {
                if item.is_object() && item.get("quoted").is_none() {
                    say::shown(item, "ask")
                } else {
                    say::plain(say::text(Some(item)))
                }
            })
            .filter(|text| !text.is_empty())
            .collect()
    };
    lines.extend(texts("warnings").into_iter().take(2).map(|warning| format!("Note: {warning}")));
    let question = texts("questions").into_iter().find(|question| !scene.turn.said_ever(question));
    lines.extend(question.map(|question| format!("It would help to know: {question}")));
    // What was said once is not said again, but to who asks.
    lines.retain(|line| asks || !scene.turn.said_ever(line));
    lines
}

/// "Usually $50 to $90, 45 to 60 minutes."
fn estimate(estimate: &Value) -> Option<String> {
    let number = |names: &[&str]| names.iter().find_map(|name| say::cents(estimate.pointer(name)));
    let low = number(&["/price/low_cents", "/price/low", "/low_cents", "/price_low_cents", "/low"])?;
    let high = number(&["/price/high_cents", "/price/high", "/high_cents", "/price_high_cents", "/high"])?;
    let currency = say::text(estimate.pointer("/price/currency").or_else(|| estimate.get("currency")));
    let minutes = match (
        number(&["/duration_minutes/low"]),
        number(&["/duration_minutes/high", "/duration_minutes"]),
    ) {
        (Some(low), Some(high)) if low != high => format!(", {low} to {high} minutes"),
        (_, Some(minutes)) => format!(", about {minutes} minutes"),
        _ => String::new(),
    };
    Some(format!("Usually that is {} to {}{minutes}.", say::money(low, currency), say::money(high, currency)))
}
