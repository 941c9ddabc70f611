//! The profile of a consumer: shown and corrected.

use serde_json::{Map, Value, json};

use crate::concierge::reading::Reading;
use crate::concierge::{people, places};
use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::{Scene, say, trouble};

/// Shows the profile.
pub fn show(scene: &Scene) -> Step<String> {
    let result = scene.hand.call("get_profile", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    if result.is_null() {
        return Ok(NOT_HERE.to_owned());
    }
    let lines = lines(&result);
    if lines.is_empty() {
        return Ok("Your profile is still empty. Tell me your name, your city or your phone number and I'll note it.".to_owned());
    }
    Ok(format!("Your profile:\n{}", lines.join("\n")))
}

fn lines(profile: &Value) -> Vec<String> {
    ["name", "city", "phone"]
        .iter()
        .map(|key| (key, say::shown(profile, key)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("- {}: {value}", say::sentence(key)))
        .collect()
}

/// Corrects the profile.
pub fn update(scene: &Scene) -> Step<String> {
    let changes = changes(scene.said.text);
    if changes.is_empty() {
        return Ok(
            "What shall I change: your name, your city or your phone number? Tell me the new one.".to_owned()
        );
    }
    let result = scene.hand.call("update_profile", &Value::Object(changes.clone()))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    if result.is_null() {
        return Ok(NOT_HERE.to_owned());
    }
    Ok(format!("Noted in your profile:\n{}", lines(&Value::Object(changes)).join("\n")))
}

fn changes(text: &str) -> Map<String, Value> {
    let mut found = Map::new();
    if let Some(phone) = phone(text) {
        found.insert("phone".to_owned(), json!(phone));
    }
    let mut reading = Reading::new(text);
    if let Some(name) = people::find(&mut reading).or_else(|| after_to(text, "name")) {
        found.insert("name".to_owned(), json!(name));
    }
    if let Some(place) = places::find(&mut reading).into_iter().next_back() {
        found.insert("city".to_owned(), json!(place.city));
    }
    found
}

/// The name in "change my name to …".
fn after_to(text: &str, what: &str) -> Option<String> {
    let at = text.to_lowercase().find(&format!("{what} to "))? + what.len() + 4;
    let words: Vec<&str> = text
        .get(at..)?
        .split_whitespace()
        .take(3)
        .take_while(|w| w.chars().next().is_some_and(char::is_uppercase))
        .collect();
    let name = words.join(" ");
    let name = name.trim_end_matches(['.', ',', '!']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// A telephone number: at least seven digits, with signs between them.
pub fn phone(text: &str) -> Option<String> {
    let mut found = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '.' | '/') {
            found.push(c);
            continue;
        }
        let digits = found.chars().filter(char::is_ascii_digit).count();
        if (7..=15).contains(&digits) {
            return Some(found.trim_matches([' ', '.', '-', '/']).to_owned());
        }
        found.clear();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes() {
        assert_eq!(phone("my number is +1 (718) 555-0123."), Some("+1 (718) 555-0123".to_owned()));
        assert_eq!(phone("about $60 in 2026"), None);
        assert_eq!(changes("change my name to Maya Chen")["name"], "Maya Chen");
        assert_eq!(changes("I moved to Queens")["city"], "Queens");
    }
}
