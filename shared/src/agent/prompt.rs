//! What the model is told before the conversation.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::{Briefing, Conversation};
use crate::llm::{Image, Message};
use crate::model::chat::{AgentRole, Author, Message as Said};

/// A prompt file with its version, which grows whenever its text changes.
struct Prompt {
    version: u32,
    text: &'static str,
}

const COMMON: Prompt = Prompt { version: 3, text: include_str!("prompts/common.md") };
const GUEST: Prompt = Prompt { version: 2, text: include_str!("prompts/guest.md") };
const CONSUMER: Prompt = Prompt { version: 4, text: include_str!("prompts/consumer.md") };
const PROVIDER: Prompt = Prompt { version: 2, text: include_str!("prompts/provider.md") };
const ENROLLMENT: Prompt = Prompt { version: 1, text: include_str!("prompts/enrollment.md") };
const SUMMARY: Prompt = Prompt { version: 1, text: include_str!("prompts/summary.md") };

fn of(role: AgentRole) -> &'static Prompt {
    match role {
        AgentRole::Guest => &GUEST,
        AgentRole::Consumer => &CONSUMER,
        AgentRole::Provider => &PROVIDER,
        AgentRole::Enrollment => &ENROLLMENT,
    }
}

/// Name and version of what the model is told, such as `consumer@3 common@2`; `summary@1` if some of it was summarised.
pub(super) fn version(chat: &Conversation) -> String {
    let role = chat.session.role;
    let version = format!("{role}@{} common@{}", of(role).version, COMMON.version);
    match chat.session.summary {
        Some(_) => format!("{version} summary@{}", SUMMARY.version),
        None => version,
    }
}

/// The system prompt of a summary, which goes on from what was summarised so far.
pub(super) fn summary(so_far: Option<&str>) -> Message {
    Message::System(format!("{}\nSo far: {}\n", SUMMARY.text, so_far.unwrap_or("Nothing.")))
}

/// The system prompt: who the agent is, the rules, what is known, what has just been settled.
pub(super) fn system(
    chat: &Conversation,
    briefing: &Briefing,
    settled: Option<&Value>,
    seen: bool,
) -> Message {
    let role = chat.session.role;
    let mut lines = vec![
        format!("Now: {}", chat.now.to_rfc3339_opts(SecondsFormat::Secs, true)),
        format!("Default zone: {}", chat.default_zone),
        format!("Role: {role}"),
    ];
    let mut line = |key: &str, value: Option<Value>| {
        if let Some(value) = value.filter(|value| !value.is_null()) {
            lines.push(format!("{key}: {value}"));
        }
    };
    line("Known", briefing.standing.as_ref().map(|standing| json!(standing)));
    line("About", Some(briefing.about.clone()));
    line("Draft", briefing.draft.as_ref().map(|draft| {
        json!({"kind": draft.kind, "version": draft.version, "fields": draft.fields, "missing": draft.missing})
    }));
    line("Specialist", briefing.specialist.clone());
    line("Settled", settled.cloned());
    line("Context", chat.context().map(|context| json!(context)));
    line("Photos", (!chat.photos.is_empty()).then(|| json!({"count": chat.photos.len(), "seen": seen})));
    if let Some(role) = chat.session.became {
        lines.push(format!("Became: {role}"));
    }
    if let Some(summary) = &chat.session.summary {
        // It was made of what others wrote, too.
        let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(format!("Earlier: {}", json!({ "quoted": summary })));
    }
    Message::System(format!("{}\n{}\n{}\n", of(role).text, COMMON.text, lines.join("\n")))
}

/// What was said so far, as the model sees it.
pub(super) fn history(said: &[Said]) -> impl Iterator<Item = Message> {
    said.iter().map(|message| match message.author {
        Author::User => Message::User { text: words(message), images: Vec::new() },
        Author::Assistant => Message::Assistant(message.text.clone()),
    })
}

/// The message that is answered.
pub(super) fn newest(chat: &Conversation, images: Vec<Image>) -> Message {
    Message::User { text: words(&chat.message), images }
}

/// What the person said; a button or a photo without words is named.
fn words(message: &Said) -> String {
    match message.action.as_ref().and_then(|action| action["kind"].as_str()) {
        _ if !message.text.trim().is_empty() => message.text.clone(),
        Some(kind) => format!("[{kind}]"),
        None => "[photo]".to_owned(),
    }
}
