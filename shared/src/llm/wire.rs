//! The parts of the OpenAI wire format that we read and write; what we do not read may be anything.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Image, Message, ToolCall, ToolSpec};

/// What stands in the place of pictures for a model that sees none.
const UNSEEN: &str = "(The person sent pictures with this. You cannot see them.)";
/// Bytes of what stands around a message.
const AROUND: usize = 32;
/// Bytes, and tokens at most, of what providers say of tools by themselves.
const ABOUT_TOOLS: usize = 1_024;

/// The body of a streamed chat completion, with the longest answer and how that is named.
pub(super) fn request(
    model: &str,
    messages: &[Message],
    tools: &[ToolSpec],
    (limit_field, limit): (&str, u32),
    vision: bool,
) -> Value {
    let mut body = json!({
        "model": model,
        "messages": messages.iter().map(|one| message(one, vision)).collect::<Vec<_>>(),
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    body[limit_field] = limit.into();
    if !tools.is_empty() {
        body["tools"] = tools
            .iter()
            .map(|tool| {
                json!({"type": "function", "function": {
                    "name": tool.name, "description": tool.description, "parameters": tool.parameters}})
            })
            .collect();
    }
    body
}

/// How much is sent: bytes of text, and pictures.
pub(super) fn size(messages: &[Message], tools: &[ToolSpec]) -> (usize, usize) {
    let (mut bytes, mut pictures) = (0, 0);
    for message in messages {
        bytes += AROUND
            + match message {
                Message::System(text) | Message::Assistant(text) => text.len(),
                Message::User { text, images } => {
                    pictures += images.len();
                    text.len() + if images.is_empty() { 0 } else { UNSEEN.len() }
                }
                Message::Calls(answer) => {
                    let calls = answer
                        .calls
                        .iter()
                        .map(|call| AROUND + call.id.len() + call.name.len() + call.arguments.len());
                    answer.text.as_ref().map_or(0, String::len) + calls.sum::<usize>()
                }
                Message::Tool { id, output } => id.len() + output.to_string().len(),
            };
    }
    for tool in tools {
        bytes += AROUND + tool.name.len() + tool.description.len() + tool.parameters.to_string().len();
    }
    (bytes + if tools.is_empty() { 0 } else { ABOUT_TOOLS }, pictures)
}

fn message(message: &Message, vision: bool) -> Value {
    match message {
        Message::System(text) => json!({"role": "system", "content": text}),
        Message::User { text, images } if images.is_empty() => json!({"role": "user", "content": text}),
        Message::User { text, images } if vision => seen(text, images),
        Message::User { text, .. } => json!({"role": "user", "content": format!("{text}\n{UNSEEN}")}),
        Message::Assistant(text) => json!({"role": "assistant", "content": text}),
        Message::Calls(answer) => {
            let calls: Vec<_> = answer
                .calls
                .iter()
                .map(|call| {
                    json!({"id": call.id, "type": "function",
                           "function": {"name": call.name, "arguments": call.arguments}})
                })
                .collect();
            json!({"role": "assistant", "content": answer.text, "tool_calls": calls})
        }
        Message::Tool { id, output } => {
            json!({"role": "tool", "tool_call_id": id, "content": output.to_string()})
        }
    }
}

/// A message with pictures.
fn seen(text: &str, images: &[Image]) -> Value {
    let pictures = images.iter().map(|image| {
        let url = format!("data:{};base64,{}", image.mime, BASE64.encode(&image.bytes));
        json!({"type": "image_url", "image_url": {"url": url}})
    });
    let content: Vec<Value> = [json!({"type": "text", "text": text})].into_iter().chain(pictures).collect();
    json!({"role": "user", "content": content})
}

/// The body of a call that makes a vector.
pub(super) fn embedding_request(model: &str, text: &str) -> Value {
    json!({"model": model, "input": text, "encoding_format": "float"})
}

/// The answer to it.
#[derive(Deserialize)]
pub(super) struct Embeddings {
    #[serde(default)]
    data: Vec<Embedding>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Embedding {
    embedding: Vec<f32>,
}

/// The longest vector that is believed.
const LONGEST_VECTOR: usize = 8_192;

impl Embeddings {
    /// Tokens sent, if that was counted.
    pub(super) fn prompt_tokens(&self) -> u32 {
        self.usage.as_ref().map_or(0, |usage| usage.prompt_tokens)
    }

    /// The one vector that was asked for.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(super) fn vector(self) -> Result<Vec<f32>, &'static str> {
        let vector = self.data.into_iter().next().map(|one| one.embedding).unwrap_or_default();
        match vector.len() {
            0 => Err("no vector"),
            length if length > LONGEST_VECTOR => Err("the vector is too long"),
            _ if vector.iter().any(|number| !number.is_finite()) => Err("the vector is not made of numbers"),
            _ => Ok(vector),
        }
    }
}

/// One event of the stream.
#[derive(Deserialize)]
pub(super) struct Chunk {
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
    #[serde(default)]
    index: usize,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Option<FunctionDelta>,
}

#[derive(Deserialize)]
struct FunctionDelta {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

/// The most tool calls of one answer; a model that asks for more is not understood.
const MOST_CALLS: usize = 16;
/// The longest answer, in bytes of text and arguments.
const MOST_BYTES: usize = 256 * 1_024;

/// Puts an answer together from its chunks.
#[derive(Default)]
pub(super) struct Assembly {
    answer: Answer,
    bytes: usize,
    finished: bool,
}

/// What a chunk brought.
#[derive(Default)]
pub(super) struct More {
    /// More of the text.
    pub(super) text: Option<String>,
    /// How many bytes, of text and arguments.
    pub(super) bytes: usize,
}

impl Assembly {
    /// Adds a chunk; answers what it brought.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(super) fn add(&mut self, chunk: Chunk) -> Result<More, &'static str> {
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
        self.finished |= choice.finish_reason.is_some();
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
        if delta.index >= MOST_CALLS {
            return Err("too many tool calls");
        }
        let calls = &mut self.answer.calls;
        if calls.len() <= delta.index {
            calls.resize_with(delta.index + 1, ToolCall::default);
        }
        let call = &mut calls[delta.index];
        if let Some(id) = delta.id {
            call.id = id;
        }
        if let Some(function) = delta.function {
            call.name.push_str(&function.name.unwrap_or_default());
            let arguments = function.arguments.unwrap_or_default();
            self.bytes += arguments.len();
            call.arguments.push_str(&arguments);
        }
        Ok(())
    }

    /// The answer, if it is whole and says something.
    ///
    /// # Errors
    /// Says what is missing.
    pub(super) fn finish(mut self) -> Result<Answer, &'static str> {
        if !self.finished {
            return Err("the stream broke off");
        }
        let answer = &mut self.answer;
        answer.text = answer.text.take().filter(|text| !text.trim().is_empty());
        let calls = answer.calls.iter_mut().flat_map(|c| [&mut c.id, &mut c.name, &mut c.arguments]);
        for text in calls.chain([&mut answer.model]) {
            text.retain(|c| c != '\0');
        }
        if self.answer.calls.iter().any(|call| call.name.is_empty() || call.id.is_empty()) {
            return Err("a tool call without name or id");
        }
        if self.answer.text.is_none() && self.answer.calls.is_empty() {
            return Err("the answer is empty");
        }
        Ok(self.answer)
    }
}
