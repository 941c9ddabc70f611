//! Conversations of `data/*.json` against the concierge, with the least of a draft behind it: what is noted is known.
//!
//! `dev.json` are practice cases of another writer, `own.json` ours; the files of the whole system's tests are read too, so that
//! a change shows here within seconds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proxie_offline_llm::agents;
use proxie_offline_llm::completion::Request;
use serde_json::{Map, Value, json};

/// A draft as the worker keeps it: the fields noted so far, and what was asked for.
#[derive(Default)]
struct Desk {
    role: &'static str,
    fields: Map<String, Value>,
    asked: Vec<&'static str>,
}

impl Desk {
    fn known(&self) -> Value {
        let missing: Vec<&str> =
            ["service_id", "city"].into_iter().filter(|f| !self.fields.contains_key(*f)).collect();
        let ask: Vec<&str> = ["window", "budget"]
            .into_iter()
            .filter(|f| !self.fields.contains_key(*f) && !self.asked.contains(f))
            .collect();
        json!({"fields": self.fields, "missing": missing, "ask": ask, "ready": missing.is_empty() && ask.is_empty(), "problems": []})
    }

    /// One turn: the message, the calls it leads to, the answer.
    fn turn(&mut self, talk: &mut Vec<Value>, now: &str, message: &str) {
        let system = format!(
            "You are a concierge.\nNow: {now}\nDefault zone: America/New_York\nRole: {}\nKnown: {}\nBe kind.",
            self.role,
            self.known()
        );
        talk.push(json!({"role": "user", "content": message}));
        let mut steps: Vec<Value> = Vec::new();
        for step in 0..6 {
            let mut messages = vec![json!({"role": "system", "content": system})];
            messages.extend(talk.iter().chain(&steps).cloned());
            let request: Request = serde_json::from_value(json!({"model": "offline", "messages": messages, "tools": [
                {"type": "function", "function": {"name": "update_request_draft", "parameters": {"type": "object", "properties": {
                    "service_id": {"type": "string"}, "city": {"type": "string"}, "zone": {"type": "string"},
                    "window": {"type": "object"}, "budget": {"type": "object"}, "specializations": {"type": "array"},
                    "notes": {"type": "string"}, "name": {"type": "string"}, "urgency": {"type": "string"}, "declined": {"type": "array"}}}}},
                {"type": "function", "function": {"name": "search_providers", "parameters": {"type": "object", "properties": {
                    "service_id": {"type": "string"}, "city": {"type": "string"}, "limit": {"type": "integer"}}}}},
                offered("get_offers"), offered("get_booking_history"), offered("get_my_requests"), offered("update_preferences"),
                offered("update_profile"), offered("get_profile"), offered("recall_preferences"),
            ]}))
            .unwrap();
            let answer = agents::answer(&request, false).0;
            let Some(call) = answer.calls.first() else {
                let text = answer.text;
                for (word, field) in [("hen ", "window"), ("budget", "budget")] {
                    if text.contains(word) && text.contains('?') {
                        self.asked.push(field);
                    }
                }
                talk.push(json!({"role": "assistant", "content": text}));
                return;
            };
            if !matches!(call.name.as_str(), "update_request_draft" | "search_providers") {
                println!("   {}: {message}", call.name);
            }
            let result = if call.name == "update_request_draft" {
                let changes: Map<String, Value> = serde_json::from_str(&call.arguments).unwrap();
                self.fields.extend(changes);
                self.known()
            } else {
                json!({"providers": [], "total": 0})
            };
            let id = format!("call_{step}");
            steps.push(json!({"role": "assistant", "content": null, "tool_calls": [
                {"id": id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}]}));
            steps.push(json!({"role": "tool", "tool_call_id": id, "content": result.to_string()}));
        }
    }
}

/// A tool of the market, of which a message about a request must not make use.
fn offered(name: &str) -> Value {
    json!({"type": "function", "function": {"name": name, "parameters": {"type": "object"}}})
}

/// What differs from the expected.
fn differences(expect: &Value, said: &Map<String, Value>) -> Vec<String> {
    let mut differ = Vec::new();
    let none = Value::Null;
    let got = |field: &str| said.get(field).unwrap_or(&none);
    for (field, wanted) in expect.as_object().unwrap() {
        let lower = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
        let holds = match field.as_str() {
            "service_id_any" => wanted.as_array().unwrap().contains(got("service_id")),
            "city" | "name" => lower(got(field)) == lower(wanted),
            "window_dates" => {
                let day = |end: &str, at: usize| {
                    got("window")[end]
                        .as_str()
                        .is_some_and(|text| text.starts_with(wanted[at].as_str().unwrap()))
                };
                day("from", 0) && day("to", 1)
            }
            "notes_contain" => {
                wanted.as_array().unwrap().iter().all(|word| lower(got("notes")).contains(&lower(word)))
            }
            "specializations_contain" => wanted
                .as_array()
                .unwrap()
                .iter()
                .all(|phrase| got("specializations").to_string().to_lowercase().contains(&lower(phrase))),
            _ => got(field) == wanted,
        };
        if !holds {
            let field = field.split("_any").next().unwrap_or(field).replace("window_dates", "window");
            differ.push(format!("{field}: {} instead of {wanted}", got(&field)));
        }
    }
    differ
}

/// How many cases of a file are understood, of how many.
fn run(file: &str, role: &'static str) -> (usize, usize) {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut right = 0;
    for case in &cases {
        let (mut desk, mut talk) = (Desk { role, ..Desk::default() }, Vec::new());
        for message in case["messages"].as_array().unwrap() {
            desk.turn(&mut talk, case["now"].as_str().unwrap(), message.as_str().unwrap());
        }
        // A place nobody knows lies in the default zone, as the worker has it.
        if desk.fields.contains_key("city") && !desk.fields.contains_key("zone") {
            desk.fields.insert("zone".to_owned(), json!("America/New_York"));
        }
        let differ = differences(&case["expect"], &desk.fields);
        right += usize::from(differ.is_empty());
        if !differ.is_empty() {
            println!("{}: {}\n   {}", case["id"], differ.join("; "), case["messages"]);
        }
    }
    println!("figure: {file} by a {role}: {right} of {}", cases.len());
    (right, cases.len())
}

/// At least nineteen of twenty are understood.
fn are_understood(file: &str) {
    for role in ["guest", "consumer"] {
        let (right, all) = run(file, role);
        assert!(right * 20 >= all * 19, "{file} by a {role}: only {right} of {all}");
    }
}

#[test]
fn the_first_run() {
    are_understood("../../tests/it/data/first_run.json");
}

#[test]
fn the_run_of_the_tests() {
    are_understood("../../tests/it/data/own_run.json");
}

#[test]
fn practice_of_another_writer() {
    are_understood("tests/data/dev.json");
}

#[test]
fn our_own_conversations() {
    are_understood("tests/data/own.json");
}
