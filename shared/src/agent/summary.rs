//! Long conversations: what is old is summarised, so that the model sees a bounded part of it.

use super::Conversation;
use crate::llm::Message;
use crate::model::chat::{Author, Message as Said};

/// The most messages that the model sees as they were said.
const MOST_MESSAGES: usize = 40;
/// The most characters of them.
const MOST_CHARS: usize = 60_000;
/// How many of the newest stay as they were said.
const STAY: usize = 12;

/// How many of the oldest messages are to be summarised, if there are too many.
pub(super) fn too_many(said: &[Said]) -> Option<usize> {
    let chars: usize = said.iter().map(|message| message.text.chars().count()).sum();
    let is_long = said.len() > MOST_MESSAGES || chars > MOST_CHARS;
    is_long.then(|| said.len().saturating_sub(STAY)).filter(|old| *old > 0)
}

/// What the model is asked.
pub(super) fn messages(chat: &Conversation, old: &[Said]) -> Vec<Message> {
    let so_far = chat.session.summary.as_deref().unwrap_or("Nothing.");
    let said: Vec<String> = old.iter().map(line).collect();
    vec![
        Message::System(format!("{}\nSo far: {so_far}\n", include_str!("prompts/summary.md"))),
        Message::User { text: said.join("\n"), images: Vec::new() },
    ]
}

fn line(message: &Said) -> String {
    let who = match message.author {
        Author::User => "Person",
        Author::Assistant => "Assistant",
    };
    format!("{who}: {}", message.text)
}
