//! What a chat task answers.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::turn::SETTLE;
use super::{Acted, Briefing, Conversation, DraftView, Shows, Ui, markdown};
use crate::db::steps::{Step, StepKind};
use crate::db::tasks::Reply;
use crate::error::Result;
use crate::llm::Answer;
use crate::model::MessageId;
use crate::model::chat::{ActionKind, AgentRole};

/// Tells, in what is kept of an answer, that it asks for a yes to a draft that could be approved: only such a one is answered by a
/// plain yes.
pub(super) const READY: &str = "ready";

/// What the models of one message cost.
#[derive(Debug, Default, Serialize)]
struct Usage {
    model: String,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost_micros: i64,
    cached: bool,
}

/// The task's result, and the message that stands in the conversation. What is shown beside the text is named by id.
pub(super) fn compose(
    chat: &Conversation,
    briefing: Briefing,
    steps: &[Step],
    last: &Answer,
) -> Result<(Value, Reply)> {
    let text = markdown::safe(last.text.as_deref().unwrap_or_default());
    let guest = chat.session.role == AgentRole::Guest;
    let ready = briefing.is_ready();
    // A guest's draft is kept, and awaits approval once the guest has an account.
    let awaiting = ready && !guest;
    let Shown { shows, ui, asks } = Shown::by(steps)?;
    let ui = if ready && guest { Some(Ui::SignUp) } else { ui };
    let data = data(&briefing, &shows, ready && asks)?;
    let buttons = briefing.draft.as_ref().filter(|_| awaiting).map(buttons).unwrap_or_default();
    let draft = briefing.draft.as_ref().map(serde_json::to_value).transpose()?;
    let result = json!({
        "kind": "chat",
        "session_id": chat.session.id,
        "message": text,
        "data": data,
        "draft": draft,
        "awaiting_approval": awaiting,
        "ui": ui,
        "buttons": buttons,
        "usage": usage(steps)?,
    });
    let reply = Reply { message_id: MessageId::new(), text, data, draft };
    Ok((result, reply))
}

/// What may be said to a draft at a touch.
fn buttons(draft: &DraftView) -> Vec<Value> {
    let button = |(label, kind): (&str, ActionKind)| {
        let action = json!({"kind": kind, "draft_id": draft.id, "draft_version": draft.version});
        json!({"label": label, "message": null, "action": action})
    };
    [("Approve", ActionKind::Approve), ("Edit", ActionKind::Edit), ("Cancel", ActionKind::Cancel)]
        .map(button)
        .into()
}

/// What an answer shows.
struct Shown {
    /// All that the steps show, the later over the earlier.
    shows: Shows,
    /// What the client may open.
    ui: Option<Ui>,
    /// Whether it asks for a yes to the open draft: it has put that before the person, or has looked at nothing else. An answer
    /// about other things may ask something else, and a yes to that is none to the draft.
    asks: bool,
}

impl Shown {
    fn by(steps: &[Step]) -> Result<Self> {
        let (mut shows, mut ui, mut drafted, mut looked) = (Map::new(), None, false, false);
        for step in steps.iter().filter(|step| step.kind == StepKind::Tool) {
            let acted: Acted = serde_json::from_value(step.output.clone())?;
            if let Value::Object(more) = serde_json::to_value(&acted.shows)? {
                shows.extend(more);
            }
            ui = acted.ui.or(ui);
            drafted |= acted.shows_draft;
            looked |= step.name != SETTLE;
        }
        let shows = serde_json::from_value(Value::Object(shows))?;
        Ok(Self { shows, ui, asks: drafted || !looked })
    }
}

/// What was gathered, and what is shown, by id; and whether the answer asks for a yes.
fn data(briefing: &Briefing, shows: &Shows, asks: bool) -> Result<Value> {
    let mut data = Map::new();
    if let Some(standing) = &briefing.standing
        && (standing.fields != Default::default() || standing.known.name.is_some())
    {
        let mut gathered = serde_json::to_value(&standing.fields)?;
        if let (Some(name), Some(gathered)) = (&standing.known.name, gathered.as_object_mut()) {
            gathered.insert("name".to_owned(), json!(name));
        }
        data.insert("gathered".to_owned(), gathered);
    }
    if asks {
        data.insert(READY.to_owned(), json!(true));
    }
    if *shows != Shows::default() {
        data.insert("shows".to_owned(), serde_json::to_value(shows)?);
    }
    Ok(Value::Object(data))
}

fn usage(steps: &[Step]) -> Result<Usage> {
    let mut usage = Usage { cached: true, ..Usage::default() };
    for step in steps.iter().filter(|step| step.kind == StepKind::Llm) {
        let answer: Answer = serde_json::from_value(step.output.clone())?;
        usage.model.clone_from(&step.name);
        usage.prompt_tokens += i64::from(answer.prompt_tokens);
        usage.completion_tokens += i64::from(answer.completion_tokens);
        usage.cost_micros += answer.cost_micros;
        usage.cached &= answer.cached;
    }
    Ok(usage)
}
