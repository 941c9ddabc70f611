//! What tasks answer. The worker writes it as JSON; these types say how it looks.
#![expect(dead_code, reason = "only the schemas are used")]

use proxie_shared::agent::DraftView;
use proxie_shared::matching::Match;
use proxie_shared::model::{RequestId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The result of a completed task, by its kind.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum ResultView {
    /// What the agent says.
    Chat(Box<ChatResultView>),
    /// Who could do it.
    Matching(MatchingResultView),
    /// Nothing: an operator's probe.
    Probe(ProbeResultView),
}

/// What the agent says.
#[derive(Serialize, ToSchema)]
pub struct ChatResultView {
    kind: ChatKind,
    session_id: SessionId,
    /// Markdown.
    message: String,
    /// What it shows beside: any of gathered, providers and others, each as at its own endpoint.
    #[schema(value_type = Object)]
    data: serde_json::Value,
    draft: Option<DraftView>,
    awaiting_approval: bool,
    /// What the client may open.
    ui: Option<String>,
    /// What the client may offer to say.
    buttons: Vec<ButtonView>,
    usage: UsageView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChatKind {
    Chat,
}

/// Something to say or do at a touch.
#[derive(Serialize, ToSchema)]
pub struct ButtonView {
    label: String,
    message: Option<String>,
}

/// What the answer cost.
#[derive(Serialize, ToSchema)]
pub struct UsageView {
    model: String,
    prompt_tokens: i64,
    completion_tokens: i64,
    /// Millionths of a dollar.
    cost_micros: i64,
    cached: bool,
}

/// Who could do it.
#[derive(Serialize, ToSchema)]
pub struct MatchingResultView {
    kind: MatchingKind,
    request_id: RequestId,
    /// How many were looked at.
    considered: i64,
    /// The best first.
    matches: Vec<Match>,
    /// What would let more in.
    relax: Vec<RelaxView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MatchingKind {
    Matching,
}

/// A constraint, and how many more would match without it.
#[derive(Serialize, ToSchema)]
pub struct RelaxView {
    constraint: String,
    would_add: i64,
}

/// Nothing.
#[derive(Serialize, ToSchema)]
pub struct ProbeResultView {
    kind: ProbeKind,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ProbeKind {
    Probe,
}

/// Something that happened and stands.
#[derive(Serialize, ToSchema)]
pub struct EffectView {
    /// As in `request_created`.
    kind: String,
    /// Of what it made or moved.
    id: Uuid,
}
