//! What a message says of the person who enrolls: name, place, years, languages, hours and how to reach them.

use chrono::Datelike;
use serde_json::{Map, Value, json};

use super::UPDATE;
use super::summary::{CITY, NAME, State, YEARS};
use super::{hours, name, services};
use crate::concierge::market::phone;
use crate::concierge::reading::Reading;
use crate::concierge::words::Kind;
use crate::concierge::{amounts, money, people, places};
use crate::talk::Scene;

const LANGUAGES: &[&str] = &[
    "english",
    "spanish",
    "french",
    "german",
    "italian",
    "portuguese",
    "chinese",
    "mandarin",
    "cantonese",
    "russian",
    "arabic",
    "hindi",
    "korean",
    "japanese",
    "polish",
    "ukrainian",
    "vietnamese",
    "tagalog",
    "bengali",
    "urdu",
    "turkish",
    "greek",
    "hebrew",
    "dutch",
    "swedish",
    "farsi",
    "persian",
    "punjabi",
    "creole",
    "romanian",
    "czech",
];

/// The arguments of the change: only what is new. `wants` says that the message wants something of the guide.
pub fn changes(scene: &Scene, state: &State, wants: bool) -> Map<String, Value> {
    let text = scene.said.text;
    let mut found = Map::new();
    let names = |field: &str| scene.turn.tool(UPDATE).is_some_and(|tool| tool.names(field));
    if text.trim_start().starts_with('[') {
        return found;
    }
    let name_field = if names("display_name") { "display_name" } else { "business_name" };
    let known_name = state.fields.get(name_field).and_then(Value::as_str).filter(|name| !name.is_empty());
    let called = name::find(scene, known_name)
        .or_else(|| if scene.asked(NAME) && !wants { name::whole(scene) } else { None });
    // The words of a name are no place and no service.
    let masked = called.as_ref().map_or_else(|| text.to_owned(), |name| text.replace(name.as_str(), "it"));
    let mut reading = Reading::new(&masked);
    let person = people::find(&mut reading);
    // A name such as "Queens Cleaning" says neither where nor what.
    let is_name = scene.asked(NAME) && called.is_some() && text.split_whitespace().count() <= 5;
    if let Some(name) = called.or_else(|| person.filter(|_| known_name.is_none())) {
        found.insert(name_field.to_owned(), json!(name));
    }
    if is_name {
        return found;
    }
    money::find_marked(&mut reading);
    if let Some(place) = city(scene, &mut reading) {
        found.insert("city".to_owned(), json!(place.0));
        found.extend(place.1.map(|zone| ("zone".to_owned(), json!(zone))));
    }
    if let Some(years) = years(scene) {
        found.insert("years_experience".to_owned(), json!(years));
    }
    let languages = languages(text, state);
    if !languages.is_empty() {
        found.insert("languages".to_owned(), json!(languages));
    }
    let hours = hours::changes(scene, state);
    if !hours.is_empty() {
        if names("weekly") || !names("availability") && !scene.hand.takes(UPDATE, "availability") {
            found.insert("weekly".to_owned(), Value::Object(hours));
        } else {
            found.insert("availability".to_owned(), json!({"weekly": hours}));
        }
    }
    found.extend(radius(&reading).map(|km| ("radius_km".to_owned(), json!(km))));
    found.extend(
        phone(text)
            .filter(|_| !scene.says(&["licence|license"]))
            .map(|phone| ("phone".to_owned(), json!(phone))),
    );
    let email = text
        .split_whitespace()
        .map(|word| word.trim_matches([',', '.', ';', '(', ')']))
        .find(|word| word.contains('@') && word.contains('.'));
    found.extend(email.map(|email| ("email".to_owned(), json!(email))));
    found.extend(bio(text).map(|bio| ("bio".to_owned(), json!(bio))));
    let (services, gone) = services::changes(scene, state, &masked);
    if !services.is_empty() {
        found.insert("services".to_owned(), json!(services));
    }
    if !gone.is_empty() {
        found.insert("remove_services".to_owned(), json!(gone));
    }
    found.retain(|field, value| state.fields.get(field) != Some(value));
    // A zone that is known and a city that is not new say nothing.
    if !found.contains_key("city") {
        found.remove("zone");
    }
    found
}

fn city(scene: &Scene, reading: &mut Reading) -> Option<(String, Option<String>)> {
    let mentions = places::find(reading);
    let held: Vec<_> = mentions.iter().filter(|mention| !reading.is_denied(mention.range.start)).collect();
    let last = held.iter().map(|mention| reading.segment(mention.range.start)).max()?;
    let mention = held.into_iter().find(|mention| reading.segment(mention.range.start) == last)?;
    // A language is no place.
    let word = mention.city.to_lowercase();
    let asked = scene.asked(CITY) || mention.zone.is_some();
    (asked && !LANGUAGES.contains(&word.as_str())).then(|| (mention.city.clone(), mention.zone.clone()))
}

/// "8 years", "since 2015"; a bare number where it was asked for.
fn years(scene: &Scene) -> Option<i64> {
    let reading = &scene.said.reading;
    let value = |i: usize| {
        let token = reading.tokens.get(i)?;
        match token.kind {
            Kind::Number => token.text.parse::<i64>().ok(),
            Kind::Word => amounts::in_words(reading, i).map(|(value, _)| value),
            Kind::Sign => None,
        }
    };
    let this_year = i64::from(scene.said.now.year());
    let found = (0..reading.tokens.len()).find_map(|i| {
        let number = value(i)?;
        let next = i + 1 + usize::from(reading.is_sign(i + 1, "+"));
        let unit = matches!(reading.norm(next), "years" | "year" | "yrs" | "yr")
            && !matches!(reading.norm(next + 1), "old" | "ago");
        let since = i.checked_sub(1).is_some_and(|k| reading.norm(k) == "since")
            && (1950..=this_year).contains(&number);
        if since { Some(this_year - number) } else { unit.then_some(number) }
    });
    let bare = || scene.said.numbers().first().map(|(_, number)| *number).filter(|_| scene.asked(YEARS));
    found.or_else(bare).filter(|years| (0..=80).contains(years))
}

/// The languages of a message besides those that are known.
fn languages(text: &str, state: &State) -> Vec<String> {
    let reading = Reading::new(text);
    let said: Vec<&str> = (0..reading.tokens.len())
        .filter(|i| !reading.is_denied(*i))
        .filter_map(|i| LANGUAGES.iter().find(|language| **language == reading.norm(i)).copied())
        .collect();
    let denied: Vec<&str> = (0..reading.tokens.len())
        .filter(|i| reading.is_denied(*i))
        .filter_map(|i| LANGUAGES.iter().find(|language| **language == reading.norm(i)).copied())
        .collect();
    if said.is_empty() && denied.is_empty() {
        return Vec::new();
    }
    let only = (0..reading.tokens.len()).any(|i| reading.norm(i) == "only");
    let known = state
        .fields
        .get("languages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let mut all: Vec<String> = if only { Vec::new() } else { known.map(str::to_owned).collect() };
    for language in said {
        let name = crate::talk::say::sentence(language);
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.retain(|name| !denied.contains(&name.to_lowercase().as_str()));
    all
}

/// "Up to 10 km", "within 5 miles".
fn radius(reading: &Reading) -> Option<f64> {
    (0..reading.tokens.len()).find_map(|i| {
        let number: f64 =
            reading.tokens.get(i).filter(|token| token.kind == Kind::Number)?.text.parse().ok()?;
        match reading.norm(i + 1) {
            "km" | "kilometers" | "kilometres" | "kms" => Some(number),
            "miles" | "mile" | "mi" => Some((number * 16.093_44).round() / 10.0),
            _ => None,
        }
    })
}

/// What stands behind "about me:" or "bio:".
fn bio(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = ["about me:", "bio:", "my bio is", "description:"]
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let bio = text.get(at..)?.trim().trim_matches(['"', '“', '”']);
    (!bio.is_empty()).then(|| bio.to_owned())
}
