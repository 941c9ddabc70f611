//! Facts → the arguments of `update_request_draft`: only what is new, only what the schema offers.

use serde_json::{Map, Value, json};

use super::facts::{Facts, LOCAL, Question};
use super::prompt::Prompt;
use crate::agents::turn::Offered;

/// The arguments. Lists and notes are whole: what was known and what is new. Empty where nothing changes.
pub fn arguments(facts: &Facts, prompt: &Prompt, tool: Option<&Offered>) -> Value {
    let known = &prompt.known;
    let mut fields: Map<String, Value> = Map::new();
    let mut put = |field: &str, value: Value| {
        if tool.is_none_or(|tool| tool.takes(field)) && known.fields.get(field) != Some(&value) {
            fields.insert(field.to_owned(), value);
        }
    };
    if let Some(service) =
        facts.service.as_ref().filter(|id| tool.is_none_or(|tool| tool.allows("service_id", id)))
    {
        put("service_id", json!(service));
    }
    if let Some(city) = &facts.city {
        put("city", json!(city));
        if let Some(zone) = &facts.zone {
            put("zone", json!(zone));
        }
    }
    if let Some(window) = facts.window {
        put(
            "window",
            json!({"from": window.from.format(LOCAL).to_string(), "to": window.to.format(LOCAL).to_string()}),
        );
    }
    if let Some(budget) = &facts.budget {
        put("budget", json!(budget));
    }
    let special = joined(known.list("specializations"), &facts.specializations);
    if !facts.specializations.is_empty() {
        put("specializations", json!(special));
    }
    if !facts.notes.is_empty() {
        let before = known
            .text("notes")
            .map(|notes| notes.split("; ").map(str::to_owned).collect())
            .unwrap_or_default();
        put("notes", json!(joined(before, &facts.notes).join("; ")));
    }
    if let Some(name) = facts.name.as_ref().filter(|name| known.name.as_ref() != Some(name)) {
        put("name", json!(name));
    }
    if let Some(urgency) = facts.urgency {
        put("urgency", json!(urgency.as_str()));
    }
    if !facts.declined.is_empty() {
        let declined: Vec<&str> = facts.declined.iter().map(|question: &Question| question.field()).collect();
        put("declined", json!(declined));
    }
    Value::Object(fields)
}

fn joined(mut known: Vec<String>, new: &[String]) -> Vec<String> {
    for item in new {
        if !known.iter().any(|k| k.eq_ignore_ascii_case(item)) {
            known.push(item.clone());
        }
    }
    known
}
