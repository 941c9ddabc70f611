//! What makes two calls the same.
//!
//! The key is the SHA-256 of scope, model, messages, tools and parameters, normalised: what changes each time without a
//! meaning is left out.
//!
//! - Of the line `Now:` of a system prompt only the hour counts: an answer may be an hour old, and "in two hours" is then at
//!   most so wrong.
//! - Ids that models give to their calls of tools count by their order only.
//! - Runs of white space are one space, at the ends none. Case counts, so do punctuation and every word.
//! - Of an earlier answer of the model counts what it said and called, not who gave it and what it cost.
//! - Conversation, task and time of the call are not in it: the same message in a new conversation is the same call.

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Call, Message};

/// What of `Now: 2026-11-18T15:00:00Z` counts.
const TO_THE_HOUR: usize = "Now: 2026-11-18T15".len();

/// What of a call is the same whatever its model and scope.
pub(super) struct Digested(Sha256);

impl Digested {
    pub(super) fn of(call: &Call<'_>, max_completion_tokens: u32) -> Self {
        let mut ids = HashMap::new();
        let messages: Vec<Value> = call.messages.iter().map(|one| message(one, &mut ids)).collect();
        let tools: Vec<Value> =
            call.tools.iter().map(|tool| json!([tool.name, tool.description, tool.parameters])).collect();
        let whole = json!([messages, tools, max_completion_tokens, call.vision]);
        let mut hash = Sha256::new();
        hash.update(whole.to_string());
        Self(hash)
    }

    /// The key for a model in a scope, in hexadecimal.
    pub(super) fn key(&self, scope: &str, model: &str) -> String {
        let mut hash = self.0.clone();
        hash.update(json!([scope, model]).to_string());
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn message<'a>(message: &'a Message, ids: &mut HashMap<&'a str, usize>) -> Value {
    let mut id = |id: &'a str| {
        let next = ids.len();
        *ids.entry(id).or_insert(next)
    };
    match message {
        Message::System(text) => {
            let lines: Vec<String> = text.lines().map(|line| spaced(to_the_hour(line))).collect();
            json!(["system", lines.join("\n").trim()])
        }
        Message::User { text, images } => {
            let images: Vec<String> = images
                .iter()
                .map(|image| Sha256::digest(&image.bytes).iter().map(|byte| format!("{byte:02x}")).collect())
                .collect();
            json!(["user", spaced(text), images])
        }
        Message::Assistant(text) => json!(["assistant", spaced(text)]),
        Message::Calls(answer) => {
            let calls: Vec<Value> =
                answer.calls.iter().map(|call| json!([id(&call.id), call.name, call.arguments])).collect();
            json!(["calls", answer.text.as_deref().map(spaced), calls])
        }
        Message::Tool { id: of, output } => json!(["tool", id(of), output]),
    }
}

fn to_the_hour(line: &str) -> &str {
    if line.starts_with("Now: ") { line.get(..TO_THE_HOUR).unwrap_or(line) } else { line }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;
    use crate::llm::{Answer, Cache, Feature, ToolCall, Whose};
    use crate::model::{SessionId, TaskId, UserId};

    fn key(messages: &[Message], scope: &str, model: &str) -> String {
        let whose = Whose {
            user_id: UserId::new(),
            session_id: Some(SessionId::new()),
            task_id: Some(TaskId::new()),
        };
        let (feature, cache) = (Feature::Chat, Cache::User);
        let call = Call { whose, feature, messages, tools: &[], cache, deltas: None, vision: false };
        Digested::of(&call, 100).key(scope, model)
    }

    fn said(now: &str, text: &str) -> Vec<Message> {
        let system = format!("You help.\nNow: {now}\nRole: guest\n");
        vec![Message::System(system), Message::User { text: text.to_owned(), images: Vec::new() }]
    }

    #[test]
    fn what_has_no_meaning_does_not_count() {
        let first = key(&said("2026-11-18T15:00:00Z", "a haircut"), "u:1", "m");
        for (now, text) in
            [("2026-11-18T15:59:59Z", "a haircut"), ("2026-11-18T15:30:00Z", "  a \n haircut ")]
        {
            assert_eq!(key(&said(now, text), "u:1", "m"), first, "{now} {text:?}");
        }
    }

    #[test]
    fn what_has_a_meaning_counts() {
        let first = said("2026-11-18T15:00:00Z", "a haircut");
        let keys = [
            key(&first, "u:1", "m"),
            key(&first, "u:2", "m"),
            key(&first, "u:1", "n"),
            key(&said("2026-11-18T16:00:00Z", "a haircut"), "u:1", "m"),
            key(&said("2026-11-18T15:00:00Z", "a haircut?"), "u:1", "m"),
            key(&first[1..], "u:1", "m"),
        ];
        let different: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }

    #[test]
    fn ids_of_calls_count_by_their_order() {
        let turn = |id: &str, output: i32| {
            let call = ToolCall { id: id.to_owned(), name: "t".to_owned(), arguments: "{}".to_owned() };
            let answer = Answer { calls: vec![call], model: id.to_owned(), ..Answer::default() };
            key(
                &[Message::Calls(answer), Message::Tool { id: id.to_owned(), output: json!(output) }],
                "u",
                "m",
            )
        };
        assert_eq!(turn("call_1", 1), turn("call_xyz", 1));
        assert_ne!(turn("call_1", 1), turn("call_1", 2));
    }
}
