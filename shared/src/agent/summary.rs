//! Long conversations: what is old is summarised, so that the model sees a bounded part of it.

use super::{Conversation, prompt};
use crate::llm::Message;
use crate::model::chat::{Author, Message as Said};

/// The most messages that the model sees as they were said.
const MOST_MESSAGES: usize = 40;
/// The most characters of them.
const MOST_CHARS: usize = 60_000;
/// How many of the newest stay as they were said.
const STAY: usize = 12;

/// How many of the oldest messages are to be summarised, if there are too many: whole turns, as a late answer to an old message
/// stands beside it.
pub(super) fn too_many(said: &[Said]) -> Option<usize> {
    let chars: usize = said.iter().map(|message| message.text.chars().count()).sum();
    let is_long = said.len() > MOST_MESSAGES || chars > MOST_CHARS;
    let most = said.len().saturating_sub(STAY);
    let begins = |at: &usize| said[*at - 1].turn != said[*at].turn;
    (1..=most).rev().find(begins).filter(|_| is_long)
}

/// What the model is asked.
pub(super) fn messages(chat: &Conversation, old: &[Said]) -> Vec<Message> {
    let said: Vec<String> = old.iter().map(line).collect();
    vec![
        prompt::summary(chat.session.summary.as_deref()),
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
