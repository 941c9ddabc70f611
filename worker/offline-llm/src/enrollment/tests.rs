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

#[test]
fn names_of_businesses() {
    for (text, name) in [
        ("Hi! I'm Olga, I clean homes in Queens and my business is called Sparkle Bright", "Sparkle Bright"),
        ("We're called Queens Cleaning Crew and we work in Brooklyn", "Queens Cleaning Crew"),
        ("I'm a plumber from the Bronx, Pipe Dreams is the name of my company. From $150.", "Pipe Dreams"),
        ("Scissors and Co is my business, I cut hair", "Scissors and Co"),
        ("my company is called \"Fix & Done\"", "Fix & Done"),
        ("My business is Bright Sparks and I am in Queens", "Bright Sparks"),
        ("I run a salon called Ana's Hair Studio in Astoria", "Ana's Hair Studio"),
        ("my business name is the tidy fox, based in Harlem", "the tidy fox"),
    ] {
        let (mut chat, fields) = chat();
        chat.say(text);
        assert_eq!(fields.borrow()["business_name"], name, "{text}");
    }
    for (text, city) in [
        ("My business is Bright Sparks and I am in Queens", "Queens"),
        ("We're called Queens Cleaning Crew and we work in Brooklyn", "Brooklyn"),
    ] {
        let (mut chat, fields) = chat();
        chat.say(text);
        assert_eq!(fields.borrow()["city"], city, "{text}");
        assert!(fields.borrow().get("services").is_none(), "{text}");
    }
    for text in ["My business is cleaning homes", "my company is in Queens", "submit"] {
        let (mut chat, fields) = chat();
        chat.say("I clean homes");
        chat.say(text);
        assert!(fields.borrow().get("business_name").is_none(), "{text}");
    }
    for (text, name) in [
        ("sorry, I meant Clean Queens, with an s", "Clean Queens"),
        ("it's Clean Quinn actually", "Clean Quinn"),
        ("no, Clean Queen NYC", "Clean Queen NYC"),
        ("please change the name to Royal Sweep", "Royal Sweep"),
    ] {
        let (mut chat, fields) = chat();
        chat.say("My company is called Clean Queen");
        chat.say(text);
        assert_eq!(fields.borrow()["business_name"], name, "{text}");
        assert!(fields.borrow().get("city").is_none(), "{text}");
    }
}

#[test]
fn prices_hours_and_what_goes() {
    for (text, min, max) in [
        ("House cleaning, from $90 to $160", json!(9000), json!(16000)),
        ("house cleaning, between 90 and 160 dollars", json!(9000), json!(16000)),
        ("house cleaning from $200 up", json!(20000), Value::Null),
        ("house cleaning for $120", json!(12000), json!(12000)),
    ] {
        let (mut chat, fields) = chat();
        chat.say(text);
        let service = fields.borrow()["services"][0].clone();
        assert_eq!((&service["price_min_cents"], &service["price_max_cents"]), (&min, &max), "{text}");
    }
    for (text, day, start, end) in [
        ("I work weekdays from 8 to 5 and Saturday mornings 9 to 12", "saturday", "09:00", "12:00"),
        ("I work weekdays from 8 to 5 and Saturday mornings 9 to 12", "friday", "08:00", "17:00"),
        ("available Mon-Thu 10-6 but Fridays 8 to 2", "friday", "08:00", "14:00"),
        ("I work Tuesdays and Thursdays 9 to 5", "tuesday", "09:00", "17:00"),
        ("I work Monday to Friday between 9 and 5", "monday", "09:00", "17:00"),
    ] {
        let (mut chat, _) = chat();
        chat.say(text);
        let weekly = chat.called("update_enrollment")["availability"]["weekly"].clone();
        assert_eq!(weekly[day], json!([{"start": start, "end": end}]), "{text}");
    }
    for text in [
        "actually no colouring, just the haircuts",
        "no hair colouring please",
        "only haircuts, no more coloring",
        "sorry, just haircuts",
    ] {
        let (mut chat, fields) = chat();
        chat.say("I offer haircuts and hair colouring in Brooklyn");
        assert_eq!(fields.borrow()["services"].as_array().unwrap().len(), 2);
        chat.say(text);
        assert_eq!(fields.borrow()["services"], json!([{"service_id": "haircut"}]), "{text}");
    }
}

#[test]
fn names_in_other_words() {
    for (text, name) in [
        ("I do manicures, my salon's name is Rose & Thorn", "Rose & Thorn"),
        ("Fine. Tidy Otter Cleaning, we work in Brooklyn", "Tidy Otter Cleaning"),
        ("our new firm's name is Oak Electric, I'm in Queens", "Oak Electric"),
    ] {
        let (mut chat, fields) = chat();
        chat.say(text);
        assert_eq!(fields.borrow()["business_name"], name, "{text}");
    }
    let (mut chat, fields) = chat();
    chat.say("Hi Proxie, I clean homes in Brooklyn");
    assert!(!fields.borrow().contains_key("business_name"));
    chat.say("my business is called Tidy Fox");
    chat.say("we changed the name, it's Velvet Broom from today");
    assert_eq!(fields.borrow()["business_name"], "Velvet Broom");
}

#[test]
fn one_end_of_a_price_or_of_the_hours_changes() {
    let (mut chat, fields) = chat();
    chat.say("my business is called Tidy Fox, I clean homes in Brooklyn for $80 to $150, Tuesday to Thursday 8am to 4pm");
    chat.say("the highest price is 170 dollars");
    let service = fields.borrow()["services"][0].clone();
    assert_eq!((&service["price_min_cents"], &service["price_max_cents"]), (&json!(8000), &json!(17000)));
    chat.say("we open at 10, not at 8, and we close at 6");
    let hours = json!([{"start": "10:00", "end": "18:00"}]);
    assert_eq!(
        chat.called("update_enrollment")["availability"]["weekly"],
        json!({"tuesday": hours, "wednesday": hours, "thursday": hours})
    );
}

#[test]
fn a_no_with_its_reason_hands_nothing_in() {
    let (mut chat, _) = chat();
    chat.line("Settled", json!({"kind": "enrollment", "did": "dropped", "result": null}));
    chat.say("not yet, my wife wants to see it first");
    assert!(chat.calls.iter().all(|(tool, _)| tool != "submit_enrollment"), "{:?}", chat.calls);
}
