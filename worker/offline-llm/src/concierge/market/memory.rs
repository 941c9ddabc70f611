//! What is remembered of a consumer: shown, corrected, forgotten.

use serde_json::{Map, Value, json};

use crate::concierge::places;
use crate::concierge::reading::Reading;
use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::{Scene, say, trouble};

const KEYS: &[(&str, &str)] = &[
    ("budget", "your budget"),
    ("timing", "your times"),
    ("style", "how you like things done"),
    ("places", "your places"),
    ("favourite_providers", "your favourite providers"),
];

/// Says what is remembered.
pub fn recall(scene: &Scene) -> Step<String> {
    let result = scene.hand.call("recall_preferences", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    if result.is_null() {
        return Ok(NOT_HERE.to_owned());
    }
    let stated = lines(result.get("stated"));
    let learned = lines(result.get("learned"));
    let mut parts = Vec::new();
    if !stated.is_empty() {
        parts.push(format!("You told me:\n{}", stated.join("\n")));
    }
    if !learned.is_empty() {
        parts.push(format!("From what you did I gather:\n{}", learned.join("\n")));
    }
    if parts.is_empty() {
        return Ok("I don't know any of your preferences yet. Tell me, for example, *remember that I like Saturdays*.".to_owned());
    }
    parts.push("You can correct any of it, or tell me to forget it.".to_owned());
    Ok(parts.join("\n\n"))
}

fn lines(preferences: Option<&Value>) -> Vec<String> {
    let known = preferences.and_then(Value::as_object).into_iter().flatten();
    known
        .filter_map(|(key, value)| {
            let label = KEYS.iter().find(|(name, _)| name == key).map_or_else(
                || key.replace('_', " "),
                |(_, label)| (*label).trim_start_matches("your ").to_owned(),
            );
            worded(value).map(|value| format!("- {}: {value}", say::plain(&label)))
        })
        .collect()
}

fn worded(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => say::plain(text),
        Value::Array(items) => say::and_list(&items.iter().filter_map(worded).collect::<Vec<_>>()),
        Value::Object(_) if value.get("quoted").is_some() => say::plain(say::text(Some(value))),
        Value::Object(map) => say::budget(value)
            .unwrap_or_else(|| map.values().filter_map(worded).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "yes".to_owned(),
        _ => String::new(),
    };
    (!text.is_empty()).then_some(text)
}

/// Has something remembered.
pub fn remember(scene: &Scene) -> Step<String> {
    let changes = stated(scene);
    if changes.is_empty() {
        return Ok("What shall I remember? For example your budget, the times that suit you, or who you like to book.".to_owned());
    }
    let result = scene.hand.call("update_preferences", &Value::Object(changes.clone()))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    if result.is_null() {
        return Ok(NOT_HERE.to_owned());
    }
    Ok(format!("I'll remember that:\n{}", lines(Some(&Value::Object(changes))).join("\n")))
}

/// What a message states: an amount is the budget, a time the timing, a place a place, a name behind "favourite" a provider, and
/// everything else the style.
fn stated(scene: &Scene) -> Map<String, Value> {
    let said = &scene.said;
    let mut found = Map::new();
    let known = |key: &str| -> Vec<String> {
        let list = scene.brief.about.pointer(&format!("/memory/stated/{key}")).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(|item| item.as_str().or_else(|| item.get("quoted")?.as_str()))
            .map(str::to_owned)
            .collect()
    };
    if let Some(cents) = said.cents {
        let min = said.range.map(|(min, _)| min);
        found.insert(
            "budget".to_owned(),
            json!({"min_cents": min, "max_cents": cents, "currency": said.currency.unwrap_or("USD")}),
        );
    }
    let what = statement(said.text);
    let timed = scene.says(&["morning|afternoon|evening|weekend|weekday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mornings|evenings|noon|lunch|night"]) || said.hours.is_some();
    if timed {
        found.insert("timing".to_owned(), json!(what));
    }
    let mut reading = Reading::new(said.text);
    let mut here: Vec<String> = places::find(&mut reading).into_iter().map(|mention| mention.city).collect();
    if let Some(name) = favourite(said.text) {
        let mut names = known("favourite_providers");
        here.retain(|place| !name.contains(place.as_str()));
        if !names.contains(&name) {
            names.push(name);
        }
        found.insert("favourite_providers".to_owned(), json!(names));
    }
    if !here.is_empty() {
        let mut all = known("places");
        here.retain(|place| !all.contains(place));
        all.extend(here);
        found.insert("places".to_owned(), json!(all));
    }
    if found.is_empty() && !what.is_empty() {
        found.insert("style".to_owned(), json!(what));
    }
    found
}

/// What is stated, without "please remember that I …".
fn statement(text: &str) -> String {
    const LEADS: &[&str] = &[
        "please ",
        "can you ",
        "could you ",
        "remember ",
        "keep in mind ",
        "note ",
        "down ",
        "that ",
        "from now on, ",
        "from now on ",
        "for the future, ",
        "for the future ",
        "in general, ",
        "in general ",
        "in future ",
        "update my preferences",
        "change my preferences",
        "set my preferences",
        ": ",
        "to ",
    ];
    let mut rest = text.trim().trim_end_matches(['.', '!']);
    while let Some(lead) =
        LEADS.iter().find(|lead| rest.get(..lead.len()).is_some_and(|head| head.eq_ignore_ascii_case(lead)))
    {
        rest = rest.get(lead.len()..).unwrap_or_default().trim_start();
    }
    rest.to_owned()
}

/// The name behind "my favourite … is".
fn favourite(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("favourite").or_else(|| lower.find("favorite"))?;
    let rest = text.get(at..)?;
    let begin = rest.find(" is ").map(|is| is + 4)?;
    let name: Vec<&str> = rest
        .get(begin..)?
        .split_whitespace()
        .take_while(|word| word.chars().next().is_some_and(char::is_uppercase))
        .collect();
    let name = name.join(" ");
    let name = name.trim_end_matches(['.', ',', '!']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// Has something forgotten.
pub fn forget(scene: &Scene) -> Step<String> {
    let of = |words: &[&str]| scene.says(words);
    let mut keys: Vec<&str> = Vec::new();
    for (key, words) in [
        ("budget", "budget|price|spend|money"),
        ("timing", "time|timing|times|days|when|weekend|morning|evening"),
        ("style", "style|how"),
        ("places", "place|places|city|where|address"),
        ("favourite_providers", "favourite|favorite|provider|who"),
    ] {
        if of(&[words]) {
            keys.push(key);
        }
    }
    if keys.is_empty() || of(&["everything|all|memory"]) {
        keys = KEYS.iter().map(|(key, _)| *key).collect();
    }
    let result = scene.hand.call("update_preferences", &json!({"forget": keys}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    if result.is_null() {
        return Ok(NOT_HERE.to_owned());
    }
    let labels: Vec<String> =
        KEYS.iter().filter(|(key, _)| keys.contains(key)).map(|(_, label)| (*label).to_owned()).collect();
    Ok(format!("Forgotten: {}.", say::and_list(&labels)))
}

/// "Looking for a barber tomorrow, I usually pay about $40": a need with what is usual, nothing to remember.
pub fn is_need(scene: &Scene) -> bool {
    let asked_to = scene.says(&[
        "remember|memory|preference|favourite|favorite",
        "keep in mind",
        "from now on",
        "for the future",
        "in future",
        "< note",
    ]);
    let needs = scene.says(&[
        "looking for",
        "searching|search for",
        "< ?i|we need|want|require",
        "i|we|id ?would ?like ?to need|want|like|book",
        "find|get|book me|us|a|an|someone|somebody",
        "can|could someone|somebody|anyone|you",
        "someone|somebody to|for|who",
    ]);
    !asked_to && scene.said.service.is_some() && (needs || scene.said.has_time())
}
