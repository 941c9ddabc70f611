//! What a tool answers when it did not work, in words.

use serde_json::Value;

use super::pick::named_by_tool;
use super::{say, slots};

/// An error of a tool.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// The code of the contract.
    pub code: String,
    /// What to say.
    pub words: String,
}

/// The error of a result, if it is one; a tool that does not exist is none.
pub fn of(result: &Value) -> Option<Trouble> {
    let error = result.get("error")?;
    if let Some(text) = error.as_str() {
        return Some(Trouble {
            code: String::new(),
            words: format!("That did not work: {}", say::plain(text)),
        });
    }
    let code = say::field(error, "code").to_owned();
    let detail = ["detail", "message"].iter().map(|key| say::shown(error, key)).find(|text| !text.is_empty());
    let mut lines =
        vec![detail.unwrap_or_else(|| "That did not work just now; please try again.".to_owned())];
    let problems = error.get("problems").and_then(Value::as_array).into_iter().flatten();
    let problems: Vec<String> = problems
        .map(|problem| say::shown(problem, "message"))
        .filter(|text| !text.is_empty())
        .map(|text| format!("- {text}"))
        .collect();
    if !problems.is_empty() {
        lines.push(problems.join("\n"));
    }
    let free = slots::free(error);
    if !free.is_empty() {
        lines.push(format!("Free instead: {}. Which one suits you?", slots::words(&free)));
    }
    let choices = named_by_tool(error);
    if !choices.is_empty() {
        lines.push(say::numbered(choices.into_iter()));
    }
    Some(Trouble { code, words: lines.join("\n\n") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_in_words() {
        let taken = json!({"error": {"code": "slot_taken", "detail": "That time is taken.", "slots": [{"date": "2026-11-21", "start_time": "14:00"}]}});
        let words = of(&taken).map(|trouble| trouble.words).unwrap_or_default();
        assert!(words.contains("That time is taken.") && words.contains("Sat 21 Nov at 2 PM"), "{words}");
        assert!(of(&json!({"offers": []})).is_none());
    }
}
