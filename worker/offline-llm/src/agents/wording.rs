//! `Word the offer.`: a friendly sentence or two from the facts of an offer.

use serde_json::Value;

use super::turn::Turn;
use crate::completion::Answer;
use crate::talk::{say, slots};

/// The message of the offer.
pub fn play(turn: &Turn) -> Answer {
    let facts = [turn.user.as_str(), turn.system.as_str()].into_iter().find_map(json).unwrap_or_default();
    Answer::text(words(&facts))
}

/// The first JSON object in a text.
fn json(text: &str) -> Option<Value> {
    let rest = text.get(text.find('{')?..)?;
    serde_json::Deserializer::from_str(rest).into_iter::<Value>().next()?.ok()
}

fn words(facts: &Value) -> String {
    let any = |names: &[&str]| names.iter().map(|name| say::shown(facts, name)).find(|text| !text.is_empty());
    let greeting = any(&["first_name", "name", "consumer"])
        .map(|name| format!("Hi {name}"))
        .unwrap_or_else(|| "Hello".to_owned());
    let service = say::service_of(facts);
    let service = if service.is_empty() { "this for you".to_owned() } else { service };
    let price = say::price(facts).map(|price| format!(" for {price}")).unwrap_or_default();
    let minutes = facts.get("duration_minutes").and_then(Value::as_i64);
    let minutes = minutes.map(|minutes| format!(", in about {minutes} minutes")).unwrap_or_default();
    let free = slots::free(facts);
    let times = if free.is_empty() {
        "Let me know when it suits you.".to_owned()
    } else {
        format!("I'm free {}; which suits you?", slots::words(&free))
    };
    format!("{greeting}, I'd be glad to do {service}{price}{minutes}. {times}")
}
