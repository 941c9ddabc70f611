//! What the system prompt tells: the time, the zone, the role and the draft so far.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::facts::{LOCAL, Question, Window};

/// Whom the agent speaks with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Somebody without an account.
    #[default]
    Guest,
    /// A consumer.
    Consumer,
    /// A provider.
    Provider,
    /// Somebody who is becoming a provider.
    Enrollment,
}

/// The draft as the prompt or the last tool result shows it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The fields.
    pub fields: Map<String, Value>,
    /// Needed and not there.
    pub missing: Vec<String>,
    /// Worth asking for.
    pub ask: Vec<String>,
    /// The user's first name.
    pub name: Option<String>,
    /// Whether the draft is complete.
    pub ready: Option<bool>,
    /// What was wrong with the last change.
    pub problems: Vec<Problem>,
}

/// Something wrong with a field.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// Which field.
    pub pointer: String,
    /// What is wrong, for people.
    pub message: String,
}

impl Draft {
    /// A text field that is not empty.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A list of texts.
    pub fn list(&self, field: &str) -> Vec<String> {
        self.fields
            .get(field)
            .and_then(Value::as_array)
            .map(|items| items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// The window.
    pub fn window(&self) -> Option<Window> {
        let window = self.fields.get("window")?;
        let time = |key: &str| {
            window
                .get(key)
                .and_then(Value::as_str)
                .and_then(|text| NaiveDateTime::parse_from_str(text.get(..16)?, LOCAL).ok())
        };
        Some(Window { from: time("from")?, to: time("to")? })
    }

    /// Whether it is known what and where.
    pub fn is_searchable(&self) -> bool {
        self.text("service_id").is_some() && self.text("city").is_some()
    }
}

/// What the system prompt tells.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// The time.
    pub now: DateTime<Utc>,
    /// The zone where no place is known.
    pub zone: Tz,
    /// Whom the agent speaks with.
    pub role: Role,
    /// The draft so far.
    pub known: Draft,
}

/// Reads the lines `Now:`, `Default zone:`, `Role:` and `Known:` among prose. Where one is missing: the epoch, UTC, guest,
/// nothing.
pub fn read(text: &str) -> Prompt {
    let value = |key: &str| text.lines().rev().find_map(|line| line.trim().strip_prefix(key)).map(str::trim);
    Prompt {
        now: value("Now:")
            .and_then(|v| DateTime::parse_from_rfc3339(v).ok())
            .map(|t| t.with_timezone(&Utc))
            .unwrap_or_default(),
        zone: value("Default zone:").and_then(|v| v.parse().ok()).unwrap_or(Tz::UTC),
        role: match value("Role:") {
            Some("consumer") => Role::Consumer,
            Some("provider") => Role::Provider,
            Some("enrollment") => Role::Enrollment,
            _ => Role::Guest,
        },
        known: value("Known:").and_then(|v| serde_json::from_str(v).ok()).unwrap_or_default(),
    }
}

/// What the assistant asked last, by the words of its last question.
pub fn asked(text: &str) -> Vec<Question> {
    let questions: Vec<&str> = text
        .split_inclusive(['?', '.', '!', '\n'])
        .filter(|sentence| sentence.trim_end().ends_with('?'))
        .collect();
    let joined = questions.join(" ").to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| joined.contains(word));
    let mut found = Vec::new();
    if any(&[
        "what service",
        "which service",
        "what do you need",
        "what can i help",
        "what kind of",
        "which kind",
        "what would you like",
        "what are you looking",
        "help you with",
        "need done",
        "which of these",
    ]) {
        found.push(Question::Service);
    }
    if any(&[
        "where",
        "which city",
        "what city",
        "which area",
        "neighborhood",
        "neighbourhood",
        "location",
        "which town",
        "what town",
    ]) {
        found.push(Question::City);
    }
    if any(&[
        "when",
        "what day",
        "which day",
        "what time",
        "what date",
        "which date",
        "how soon",
        "timing",
        "schedule",
    ]) {
        found.push(Question::Window);
    }
    if any(&["budget", "how much", "price", "spend", "pay", "cost"]) {
        found.push(Question::Budget);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_among_prose() {
        let prompt = read(
            "You help.\nNow: 2026-11-22T20:42:00Z\nDefault zone: America/New_York\nRole: consumer\nKnown: {\"fields\":{\"city\":\"Brooklyn\"},\"missing\":[\"service_id\"],\"ask\":[],\"name\":null}\nBe kind.",
        );
        assert_eq!(prompt.zone, Tz::America__New_York);
        assert_eq!(prompt.role, Role::Consumer);
        assert_eq!(prompt.known.text("city"), Some("Brooklyn"));
        assert_eq!(read("hello").known.missing.len(), 0);
    }

    #[test]
    fn what_was_asked() {
        assert_eq!(asked("Got it: a haircut. Which city is it in?"), [Question::City]);
        assert_eq!(
            asked("When would suit you, and do you have a budget in mind?"),
            [Question::Window, Question::Budget]
        );
    }
}
