//! The parts of the OpenAI wire format that we read and write; what we do not read may be anything.

mod assembly;

pub(super) use assembly::{Assembly, Chunk};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Image, Message, ToolSpec};

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

/// What was counted.
#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}
