//! Journeys of people who become providers.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::talk::mock::Chat;

/// The fields as the product keeps them, and what is missing.
fn chat() -> (Chat, Rc<RefCell<Map<String, Value>>>) {
    let fields: Rc<RefCell<Map<String, Value>>> = Rc::default();
    let form = |fields: &Map<String, Value>| {
        let lacks =
            |name: &str| fields.get(name).is_none_or(|value| value.as_array().is_some_and(Vec::is_empty));
        let missing: Vec<&str> = ["business_name", "city", "services", "availability"]
            .into_iter()
            .filter(|name| lacks(name))
            .collect();
        json!({"enrollment": fields, "missing": missing, "problems": []})
    };
    let (seen, kept) = (fields.clone(), fields.clone());
    let chat = Chat::new("enrollment")
        .with("get_enrollment_summary", move |_| form(&seen.borrow()))
        .with("update_enrollment", move |changes| {
            let mut fields = kept.borrow_mut();
            for (key, value) in changes.as_object().unwrap() {
                match key.as_str() {
                    "services" => {
                        let mut all = fields.get("services").and_then(Value::as_array).cloned().unwrap_or_default();
                        for service in value.as_array().unwrap() {
                            match all.iter_mut().find(|known| known["service_id"] == service["service_id"]) {
                                Some(known) => known.as_object_mut().unwrap().extend(service.as_object().unwrap().clone()),
                                None => all.push(service.clone()),
                            }
                        }
                        fields.insert("services".to_owned(), json!(all));
                    }
                    "remove_services" => {
                        let gone = value.as_array().unwrap();
                        let mut all = fields.get("services").and_then(Value::as_array).cloned().unwrap_or_default();
                        all.retain(|service| !gone.contains(&service["service_id"]));
                        fields.insert("services".to_owned(), json!(all));
                    }
                    "weekly" => {
                        fields.insert("availability".to_owned(), json!({"weekly": value}));
                    }
                    _ => {
                        fields.insert(key.clone(), value.clone());
                    }
                }
            }
            form(&fields)
        })
        .tool("get_service_catalog", json!({"categories": [{"id": "hair_beauty", "name": "Hair & beauty", "services": [{"id": "haircut", "name": "Haircut", "licence": false}]}]}))
        .tool("request_portfolio", json!({"wanted": 2, "have": 0}))
        .draft("submit_enrollment", "enrollment", &[]);
    (chat, fields)
}

#[test]
fn everything_at_once() {
    let (mut chat, fields) = chat();
    chat.say("I'm Ana, I clean homes in Queens, $40 an hour, 8 years, Spanish and English");
    let fields = fields.borrow().clone();
    assert_eq!(fields["business_name"], "Ana");
    assert_eq!(fields["city"], "Queens");
    assert_eq!(fields["years_experience"], 8);
    assert_eq!(fields["languages"], json!(["Spanish", "English"]));
    assert_eq!(fields["services"][0]["service_id"], "house_cleaning");
    assert_eq!(fields["services"][0]["price_min_cents"], 4000);
    chat.hears(&["When do you usually work?"]);
    chat.say("Mon to Fri 9 to 5");
    assert_eq!(
        chat.called("update_enrollment")["availability"]["weekly"]["friday"],
        json!([{"start": "09:00", "end": "17:00"}])
    );
    chat.called("submit_enrollment");
    chat.hears(&["Ana", "Queens", "$40", "Shall I hand it in?"]);
    chat.yes(json!({"status": "verified"})).calls_nothing().hears(&["You are verified"]);
}

#[test]
fn step_by_step_with_corrections() {
    let (mut chat, fields) = chat();
    chat.say("hi, I want to become a provider").hears(&["Welcome", "Which services do you offer"]);
    chat.say("what services are there?").hears(&["Hair & beauty", "Haircut"]);
    chat.say("haircuts for $60 and beard trims for $25").hears(&["name of your business"]);
    {
        let fields = fields.borrow();
        assert_eq!(fields["services"][0]["price_min_cents"], 6000);
        assert_eq!(
            (&fields["services"][1]["service_id"], &fields["services"][1]["price_min_cents"]),
            (&json!("beard_trim"), &json!(2500))
        );
    }
    chat.say("Curls & Co").hears(&["Which city"]);
    assert_eq!(fields.borrow()["business_name"], "Curls & Co");
    chat.say("Brooklyn").hears(&["When do you usually work"]);
    chat.say("no, Queens");
    assert_eq!(fields.borrow()["city"], "Queens");
    chat.say("remove beard trims");
    assert_eq!(fields.borrow()["services"].as_array().unwrap().len(), 1);
    chat.say("actually $65 for haircuts");
    assert_eq!(fields.borrow()["services"][0]["price_min_cents"], 6500);
    chat.say("weekdays 10am to 6pm").hears(&["How many years"]);
    chat.say("skip").hears(&["Shall I hand it in?"]);
    chat.say("how do I add photos?").hears(&["at least 2"]);
    chat.say("what have you got so far?").hears(&["Curls & Co", "Queens"]);
    chat.say("who won the football game?").hears(&["outside"]);
}
