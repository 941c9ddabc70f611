//! An answer, put together from the events of its stream.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Usage;
use crate::llm::{Answer, ToolCall, call_id};

/// One event of the stream.
#[derive(Deserialize)]
pub(in crate::llm) struct Chunk {
    #[serde(default)]
    model: String,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Deserialize)]
struct CallDelta {
    /// Some give none, some give each call the same.
    #[serde(default)]
    index: Option<usize>,
    /// Some give none, or an empty one.
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Option<FunctionDelta>,
}

#[derive(Default, Deserialize)]
struct FunctionDelta {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    arguments: Option<String>,
}

/// The most tool calls of one answer; a model that asks for more is not understood.
const MOST_CALLS: usize = 16;
/// The longest answer, in bytes of text and arguments.
const MOST_BYTES: usize = 256 * 1_024;

/// Puts an answer together from its chunks.
#[derive(Default)]
pub(in crate::llm) struct Assembly {
    answer: Answer,
    /// Which call a delta of an index adds to.
    places: HashMap<usize, usize>,
    bytes: usize,
    finished: bool,
}

/// What a chunk brought.
#[derive(Default)]
pub(in crate::llm) struct More {
    /// More of the text.
    pub(in crate::llm) text: Option<String>,
    /// How many bytes, of text and arguments.
    pub(in crate::llm) bytes: usize,
}

impl Assembly {
    /// Adds a chunk; answers what it brought.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(in crate::llm) fn add(&mut self, chunk: Chunk) -> Result<More, &'static str> {
        let before = self.bytes;
        let mut more = More::default();
        if !chunk.model.is_empty() {
            self.answer.model = chunk.model;
        }
        if let Some(usage) = chunk.usage {
            self.answer.prompt_tokens = usage.prompt_tokens;
            self.answer.completion_tokens = usage.completion_tokens;
        }
        let Some(choice) = chunk.choices.into_iter().next() else { return Ok(more) };
        if let Some(reason) = choice.finish_reason {
            self.finished = true;
            self.answer.cut |= matches!(reason.as_str(), "length" | "content_filter");
        }
        if let Some(mut text) = choice.delta.content {
            // PostgreSQL keeps no NUL characters, and nobody misses them.
            text.retain(|c| c != '\0');
            self.bytes += text.len();
            self.answer.text.get_or_insert_default().push_str(&text);
            more.text = Some(text);
        }
        for delta in choice.delta.tool_calls.unwrap_or_default() {
            self.add_call(delta)?;
        }
        more.bytes = self.bytes - before;
        if self.bytes > MOST_BYTES { Err("the answer is too long") } else { Ok(more) }
    }

    fn add_call(&mut self, delta: CallDelta) -> Result<(), &'static str> {
        let id = delta.id.unwrap_or_default();
        let FunctionDelta { name, arguments } = delta.function.unwrap_or_default();
        let (name, arguments) = (name.unwrap_or_default(), arguments.unwrap_or_default());
        let calls = &mut self.answer.calls;
        let place = self.places.entry(delta.index.unwrap_or_default()).or_insert(calls.len());
        if calls.get(*place).is_some_and(|call| begins_another(call, &id, &name)) {
            *place = calls.len();
        }
        if *place == MOST_CALLS {
            return Err("too many tool calls");
        }
        if *place == calls.len() {
            calls.push(ToolCall::default());
        }
        let call = &mut calls[*place];
        if !id.is_empty() {
            call.id = id;
        }
        call.name.push_str(&name);
        self.bytes += arguments.len();
        call.arguments.push_str(&arguments);
        Ok(())
    }

    /// Whether the model was made to stop before its end.
    pub(in crate::llm) fn is_cut(&self) -> bool {
        self.answer.cut
    }

    /// The answer, if it is whole and says something. A text that was cut is better than none, a call that was is none.
    ///
    /// # Errors
    /// Says what is missing.
    pub(in crate::llm) fn finish(mut self) -> Result<Answer, &'static str> {
        if !self.finished {
            return Err("the stream broke off");
        }
        let answer = &mut self.answer;
        answer.text = answer.text.take().filter(|text| !text.trim().is_empty());
        let calls = answer.calls.iter_mut().flat_map(|c| [&mut c.id, &mut c.name, &mut c.arguments]);
        for text in calls.chain([&mut answer.model]) {
            text.retain(|c| c != '\0');
        }
        for call in answer.calls.iter_mut().filter(|call| call.id.is_empty()) {
            call.id = call_id();
        }
        if answer.calls.iter().any(|call| call.name.is_empty()) {
            return Err("a tool call without a name");
        }
        if answer.cut && !answer.calls.is_empty() {
            return Err("tool calls that were cut");
        }
        if answer.text.is_none() && answer.calls.is_empty() {
            return Err("the answer is empty");
        }
        Ok(self.answer)
    }
}

/// Whether a delta in the place of a call is of another one: it has an id of its own, or, where ids are missing, it names a tool
/// once the call is whole.
fn begins_another(call: &ToolCall, id: &str, name: &str) -> bool {
    match (call.id.as_str(), id) {
        ("", _) | (_, "") => {
            !name.is_empty() && serde_json::from_str::<Map<String, Value>>(&call.arguments).is_ok()
        }
        (before, id) => before != id,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use serde_json::json;

    use super::*;

    fn assembled(events: &[Value]) -> Result<Answer, &'static str> {
        let mut assembly = Assembly::default();
        for event in events {
            assembly.add(serde_json::from_value(event.clone()).unwrap())?;
        }
        assembly.finish()
    }

    fn deltas(calls: Value) -> Value {
        json!({"choices": [{"delta": {"tool_calls": calls}}]})
    }

    fn end(reason: &str) -> Value {
        json!({"choices": [{"delta": {}, "finish_reason": reason}]})
    }

    /// Name and arguments of each call of an answer whose calls all have ids of their own.
    fn calls(events: &[Value]) -> Vec<(String, String)> {
        let answer = assembled(&[events, &[end("tool_calls")]].concat()).unwrap();
        let ids: std::collections::HashSet<_> = answer.calls.iter().map(|call| &call.id).collect();
        assert!(ids.len() == answer.calls.len() && ids.iter().all(|id| !id.is_empty()), "{answer:?}");
        answer.calls.into_iter().map(|call| (call.name, call.arguments)).collect()
    }

    fn two() -> Vec<(String, String)> {
        [("get_offers", r#"{"id":1}"#), ("get_profile", "{}")].map(|(a, b)| (a.into(), b.into())).into()
    }

    #[test]
    fn calls_are_told_apart_by_index() {
        let events = [
            json!([{"index": 0, "id": "a", "function": {"name": "get_offers", "arguments": ""}}]),
            json!([{"index": 1, "id": "b", "function": {"name": "get_profile", "arguments": "{"}}]),
            json!([{"index": 0, "function": {"arguments": "{\"id\""}}, {"index": 1, "function": {"arguments": "}"}}]),
            json!([{"index": 0, "id": "", "function": {"name": null, "arguments": ":1}"}}]),
        ];
        assert_eq!(calls(&events.map(deltas)), two());
    }

    #[test]
    fn calls_of_one_index_or_none_are_told_apart_by_id() {
        for index in [json!(0), Value::Null] {
            let events = [
                json!([{"index": index, "id": "a", "function": {"name": "get_offers", "arguments": "{\"id\""}}]),
                json!([{"index": index, "id": "a", "function": {"arguments": ":1}"}}]),
                json!([{"index": index, "id": "b", "function": {"name": "get_profile", "arguments": ""}}]),
                json!([{"index": index, "function": {"arguments": "{}"}}]),
            ];
            assert_eq!(calls(&events.map(deltas)), two(), "{index}");
        }
        let absent = json!([{"id": "a", "function": {"name": "get_offers", "arguments": "{\"id\":1}"}},
                            {"id": "b", "function": {"name": "get_profile", "arguments": "{}"}}]);
        assert_eq!(calls(&[deltas(absent)]), two());
    }

    #[test]
    fn calls_without_ids_are_told_apart_by_being_whole_and_get_ids() {
        for id in [json!(""), Value::Null] {
            let events = [
                json!([{"index": 0, "id": id, "function": {"name": "get_offers", "arguments": "{\"id\""}}]),
                json!([{"index": 0, "id": id, "function": {"arguments": ":1}"}}]),
                json!([{"index": 0, "id": id, "function": {"name": "get_profile", "arguments": "{}"}}]),
                json!([{"index": 0, "id": id, "function": {"name": "", "arguments": ""}}]),
            ];
            assert_eq!(calls(&events.map(deltas)), two(), "{id}");
        }
    }

    #[test]
    fn too_many_calls_are_not_understood() {
        let many = |many: usize| -> Vec<Value> {
            (0..many).map(|n| json!([{"id": n.to_string(), "function": {"name": "t"}}])).map(deltas).collect()
        };
        assert_eq!(calls(&many(MOST_CALLS)).len(), MOST_CALLS);
        assert_eq!(assembled(&many(MOST_CALLS + 1)), Err("too many tool calls"));
        assert!(assembled(&[deltas(json!([{"id": "a"}])), end("stop")]).is_err(), "it has no name");
    }

    #[test]
    fn what_was_cut_is_marked_and_calls_that_were_are_none() {
        let text = json!({"choices": [{"delta": {"content": "Half an ans"}}]});
        for reason in ["length", "content_filter"] {
            let answer = assembled(&[text.clone(), end(reason)]).unwrap();
            assert_eq!((answer.text.as_deref(), answer.cut), (Some("Half an ans"), true));
            let call = deltas(json!([{"id": "a", "function": {"name": "t", "arguments": "{}"}}]));
            assert!(assembled(&[text.clone(), call, end(reason)]).is_err(), "{reason}");
        }
        assert!(!assembled(&[text.clone(), end("stop")]).unwrap().cut);
        assert!(assembled(&[text]).is_err(), "it broke off");
    }
}
