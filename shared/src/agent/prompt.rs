//! What the model is told before the conversation.

use chrono::SecondsFormat;

use super::{Conversation, Standing};
use crate::llm::Message;
use crate::model::chat::{AgentRole, Author, Message as Said};

const COMMON: &str = include_str!("prompts/common.md");

/// The system prompt: who the agent is, what is known, the rules.
pub(super) fn system(chat: &Conversation, standing: &Standing) -> Message {
    let role = chat.session.role;
    let who = match role {
        AgentRole::Guest => include_str!("prompts/guest.md"),
        AgentRole::Consumer => include_str!("prompts/consumer.md"),
        AgentRole::Provider | AgentRole::Enrollment => include_str!("prompts/later.md"),
    };
    let known = serde_json::to_string(standing).unwrap_or_default();
    Message::System(format!(
        "{who}\n{COMMON}\nNow: {now}\nDefault zone: {zone}\nRole: {role}\nKnown: {known}\n",
        now = chat.now.to_rfc3339_opts(SecondsFormat::Secs, true),
        zone = chat.default_zone,
    ))
}

/// What was said so far, as the model sees it.
pub(super) fn history(said: &[Said]) -> impl Iterator<Item = Message> {
    said.iter().map(|message| match message.author {
        Author::User => Message::User { text: message.text.clone(), images: Vec::new() },
        Author::Assistant => Message::Assistant(message.text.clone()),
    })
}
