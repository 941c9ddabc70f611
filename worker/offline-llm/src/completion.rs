//! The wire types of `POST /v1/chat/completions`, as <https://platform.openai.com/docs/api-reference/chat> has them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::hash::fnv1a;

/// A request. Parameters that mean nothing to rules (temperature and the like) are accepted and ignored.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// The model; faults may be appended: `offline?latency_ms=500&fault=cut`.
    pub model: String,
    /// The conversation.
    pub messages: Vec<Message>,
    /// The tools offered.
    #[serde(default)]
    pub tools: Option<Vec<Tool>>,
    /// Which tools may or must be called.
    #[serde(default)]
    pub tool_choice: Option<Value>,
    /// Whether to answer by server-sent events.
    #[serde(default)]
    pub stream: Option<bool>,
    /// How to stream.
    #[serde(default)]
    pub stream_options: Option<StreamOptions>,
}

/// How to stream.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct StreamOptions {
    /// Whether a last chunk carries the usage.
    #[serde(default)]
    pub include_usage: Option<bool>,
}

/// One message of a conversation.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// system, developer, user, assistant or tool.
    pub role: String,
    /// Text, or parts of which those of type text count.
    #[serde(default)]
    pub content: Option<Value>,
    /// Calls the assistant made.
    #[serde(default)]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// Of a tool's result: the call it answers.
    #[serde(default)]
    pub tool_call_id: Option<String>,
}

impl Message {
    /// Its text.
    pub fn text(&self) -> String {
        match &self.content {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => parts
                .iter()
                .filter_map(|part| part.get("text").and_then(Value::as_str))
                .collect::<Vec<_>>()
                .join("\n"),
            _ => String::new(),
        }
    }
}

impl Message {
    /// How many pictures it holds.
    pub fn images(&self) -> usize {
        let parts = self.content.as_ref().and_then(Value::as_array).into_iter().flatten();
        parts.filter(|part| part.get("image_url").is_some()).count()
    }
}

/// A tool offered.
#[derive(Debug, Clone, Deserialize)]
pub struct Tool {
    /// The function.
    pub function: Function,
}

/// A function offered.
#[derive(Debug, Clone, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The JSON Schema of its arguments.
    #[serde(default)]
    pub parameters: Value,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ToolCall {
    /// Its id.
    #[serde(default)]
    pub id: String,
    /// Always `function`.
    #[serde(rename = "type", default = "function")]
    pub kind: String,
    /// What is called.
    pub function: Called,
}

fn function() -> String {
    "function".to_owned()
}

/// A function called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Called {
    /// Its name.
    pub name: String,
    /// Its arguments, as JSON text.
    pub arguments: String,
}

/// What the model answers: text, or calls of tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The text; empty where tools are called.
    pub text: String,
    /// The calls.
    pub calls: Vec<Called>,
}

impl Answer {
    /// An answer of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), calls: Vec::new() }
    }

    /// An answer that calls one tool.
    pub fn call(name: &str, arguments: &Value) -> Self {
        Self {
            text: String::new(),
            calls: vec![Called { name: name.to_owned(), arguments: arguments.to_string() }],
        }
    }
}

/// Tokens counted by a rule of thumb: one per four characters, begun ones whole.
pub fn count_tokens(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(4)).unwrap_or(u64::MAX)
}

/// An answer with what the wire needs besides: ids, the model, the usage. All of it follows from the request.
#[derive(Debug, Clone)]
pub struct Completion {
    id: String,
    model: String,
    created: i64,
    text: String,
    calls: Vec<ToolCall>,
    prompt_tokens: u64,
    completion_tokens: u64,
}

impl Completion {
    /// The answer to a request. `created` is the time in the prompt: the server has no clock of its own.
    pub fn new(request: &Request, model: &str, created: i64, answer: Answer) -> Self {
        let mut seen = String::new();
        for message in &request.messages {
            seen.push_str(&message.role);
            seen.push_str(&message.text());
            for call in message.tool_calls.iter().flatten() {
                seen.push_str(&call.function.name);
                seen.push_str(&call.function.arguments);
            }
        }
        let tools: u64 = request
            .tools
            .iter()
            .flatten()
            .map(|tool| count_tokens(&tool.function.parameters.to_string()) + 8)
            .sum();
        let id = fnv1a(seen.as_bytes());
        let calls: Vec<ToolCall> = answer
            .calls
            .into_iter()
            .enumerate()
            .map(|(i, called)| ToolCall {
                id: format!("call_{id:016x}{i}"),
                kind: function(),
                function: called,
            })
            .collect();
        let said: u64 = calls
            .iter()
            .map(|c| count_tokens(&c.function.name) + count_tokens(&c.function.arguments) + 3)
            .sum();
        Self {
            id: format!("chatcmpl-{id:016x}"),
            model: model.to_owned(),
            created,
            prompt_tokens: count_tokens(&seen)
                + tools
                + 3 * u64::try_from(request.messages.len()).unwrap_or(0),
            completion_tokens: count_tokens(&answer.text) + said,
            text: answer.text,
            calls,
        }
    }

    /// Spoils the arguments of every call, so that they are no JSON.
    pub fn spoil_arguments(&mut self) {
        for call in &mut self.calls {
            let kept = call.function.arguments.chars().count().saturating_sub(1).max(1);
            call.function.arguments = call.function.arguments.chars().take(kept).collect::<String>() + ",,";
        }
    }

    /// Leaves nothing of the answer.
    pub fn clear(&mut self) {
        self.text.clear();
        self.calls.clear();
        self.completion_tokens = 0;
    }

    fn finish_reason(&self) -> &'static str {
        if self.calls.is_empty() { "stop" } else { "tool_calls" }
    }

    fn usage(&self) -> Value {
        json!({
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        })
    }

    /// The body of an answer in one piece. Without choices if told so.
    pub fn body(&self, choices: bool) -> Value {
        let mut message = json!({"role": "assistant", "content": null, "refusal": null});
        if self.calls.is_empty() {
            message["content"] = json!(self.text);
        } else {
            message["tool_calls"] = json!(self.calls);
        }
        let choice =
            json!({"index": 0, "message": message, "logprobs": null, "finish_reason": self.finish_reason()});
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": if choices { vec![choice] } else { Vec::new() },
            "usage": self.usage(),
            "system_fingerprint": "offline",
        })
    }

    fn chunk(&self, choices: Value, usage: Option<Value>) -> Value {
        let mut chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage;
        }
        chunk
    }

    /// The chunks of a streamed answer: text by words, arguments in pieces, then the reason, then, if asked for, the usage.
    pub fn chunks(&self, choices: bool, include_usage: bool) -> Vec<Value> {
        // With include_usage every chunk but the last has `usage: null`.
        let none = include_usage.then_some(Value::Null);
        let delta = |delta: Value, reason: Option<&str>| {
            self.chunk(
                json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": reason}]),
                none.clone(),
            )
        };
        let mut chunks = Vec::new();
        if choices {
            chunks.push(delta(json!({"role": "assistant", "content": if self.calls.is_empty() { json!("") } else { Value::Null }}), None));
            chunks.extend(self.text.split_inclusive(' ').map(|piece| delta(json!({"content": piece}), None)));
            for (i, call) in self.calls.iter().enumerate() {
                let head = json!({"index": i, "id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": ""}});
                chunks.push(delta(json!({"tool_calls": [head]}), None));
                let letters: Vec<char> = call.function.arguments.chars().collect();
                for piece in letters.chunks(24) {
                    let piece: String = piece.iter().collect();
                    chunks.push(delta(
                        json!({"tool_calls": [{"index": i, "function": {"arguments": piece}}]}),
                        None,
                    ));
                }
            }
            chunks.push(delta(json!({}), Some(self.finish_reason())));
        }
        if include_usage {
            chunks.push(self.chunk(json!([]), Some(self.usage())));
        }
        chunks
    }
}
