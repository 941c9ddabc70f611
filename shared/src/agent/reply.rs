//! What a chat task answers.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Conversation, Standing, tools};
use crate::db::steps::{Step, StepKind};
use crate::db::tasks::Reply;
use crate::error::Result;
use crate::llm::Answer;
use crate::model::MessageId;
use crate::model::chat::AgentRole;

/// What the models of one message cost.
#[derive(Debug, Default, Serialize)]
struct Usage {
    model: String,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost_micros: i64,
    cached: bool,
}

/// The task's result, and the message that stands in the conversation.
pub(super) fn compose(
    chat: &Conversation,
    standing: Standing,
    steps: &[Step],
    last: &Answer,
) -> Result<(Value, Reply)> {
    let text = last.text.clone().unwrap_or_default();
    let guest = chat.session.role == AgentRole::Guest;
    let data = data(&standing, steps)?;
    let draft = standing.draft.as_ref().map(serde_json::to_value).transpose()?;
    let ready = standing.ready && draft.is_some();
    let result = json!({
        "kind": "chat",
        "session_id": chat.session.id,
        "message": text,
        "data": data,
        "draft": draft,
        // A guest's draft is kept, and awaits approval once the guest has an account.
        "awaiting_approval": ready && !guest,
        "ui": (ready && guest).then_some("sign_up"),
        "buttons": [],
        "usage": usage(steps),
    });
    let reply = Reply { message_id: MessageId::new(), text, data, draft };
    Ok((result, reply))
}

/// The views beside the text: what was gathered, and who was found.
fn data(standing: &Standing, steps: &[Step]) -> Result<Value> {
    let mut data = Map::new();
    if standing.draft.is_some() || standing.known.name.is_some() {
        let mut gathered = serde_json::to_value(&standing.fields)?;
        if let (Some(name), Some(gathered)) = (&standing.known.name, gathered.as_object_mut()) {
            gathered.insert("name".to_owned(), json!(name));
        }
        data.insert("gathered".to_owned(), gathered);
    }
    let found = steps
        .iter()
        .rev()
        .filter(|step| step.kind == StepKind::Tool && tools::finds_providers(&step.name))
        .find_map(|step| step.output.get("providers"));
    if let Some(providers) = found {
        data.insert("providers".to_owned(), providers.clone());
    }
    Ok(Value::Object(data))
}

fn usage(steps: &[Step]) -> Usage {
    let mut usage = Usage::default();
    for step in steps.iter().filter(|step| step.kind == StepKind::Llm) {
        usage.model.clone_from(&step.name);
        usage.prompt_tokens += i64::from(step.prompt_tokens.unwrap_or(0));
        usage.completion_tokens += i64::from(step.completion_tokens.unwrap_or(0));
    }
    usage
}
