//! What tasks answer. The worker writes it as JSON; these types say how it looks.
#![expect(dead_code, reason = "only the schemas are used")]

use proxie_shared::agent::Ui;
use proxie_shared::domain::leads::WhyNot;
use proxie_shared::error::Code;
use proxie_shared::matching::{Match, Relax};
use proxie_shared::model::chat::ActionKind;
use proxie_shared::model::drafts::DraftView;
use proxie_shared::model::slots::Slot;
use proxie_shared::model::{DraftId, OfferId, RequestId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::data::DataView;
use super::{examples, examples_of_requests as stories};

/// The result of a completed task, by its kind.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum ResultView {
    /// What the agent says.
    Chat(Box<ChatResultView>),
    /// Who could do it.
    Matching(MatchingResultView),
    /// What a provider would offer for a lead.
    OfferDraft(OfferDraftResultView),
    /// How a provider's agent answers a lead.
    AutoOffer(AutoOfferResultView),
    /// A provider's vector.
    Embedding(EmbeddingResultView),
    /// Nothing: an operator's probe.
    Probe(ProbeResultView),
}

/// What the agent says.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::chat_result()))]
pub struct ChatResultView {
    kind: ChatKind,
    session_id: SessionId,
    /// Markdown.
    message: String,
    data: DataView<'static>,
    draft: Option<DraftView>,
    awaiting_approval: bool,
    /// What the client may open.
    ui: Option<Ui>,
    /// What the client may offer to say or do.
    buttons: Vec<ButtonView>,
    usage: AnswerUsageView,
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
    /// What to say; null if it is something to do.
    message: Option<String>,
    /// What to do with the draft: to be sent back as `action`; null if it is something to say.
    action: Option<ActionView>,
}

/// What to do with a draft.
#[derive(Serialize, ToSchema)]
pub struct ActionView {
    kind: ActionKind,
    draft_id: DraftId,
    draft_version: i32,
}

/// What the answer cost.
#[derive(Serialize, ToSchema)]
pub struct AnswerUsageView {
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
    relax: Vec<Relax>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MatchingKind {
    Matching,
}

/// Whether a provider's vector was made anew.
#[derive(Serialize, ToSchema)]
pub struct EmbeddingResultView {
    kind: EmbeddingKind,
    /// False if the text is as before, or no model makes vectors.
    embedded: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EmbeddingKind {
    Embedding,
}

/// What a provider would offer for a lead; nothing of it is sent to the consumer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::offer_draft()))]
pub struct OfferDraftResultView {
    kind: OfferDraftKind,
    request_id: RequestId,
    service_id: String,
    price: SuggestedPriceView,
    duration_minutes: i32,
    /// Up to five free slots when it is needed.
    slots: Vec<Slot>,
    /// From the provider's template, if there is one.
    message: String,
    /// Why it is as it is.
    reasons: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OfferDraftKind {
    OfferDraft,
}

/// How a provider's agent answers a lead: with an offer, or why not.
#[derive(Serialize, ToSchema)]
pub struct AutoOfferResultView {
    kind: AutoOfferKind,
    request_id: RequestId,
    /// What was offered.
    offer_id: Option<OfferId>,
    /// Why nothing was.
    why_not: Option<WhyNot>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AutoOfferKind {
    AutoOffer,
}

/// What a price could be, in minor units.
#[derive(Serialize, ToSchema)]
pub struct SuggestedPriceView {
    low_cents: i64,
    mid_cents: i64,
    high_cents: i64,
    /// ISO 4217.
    currency: String,
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

/// Why a task failed.
#[derive(Serialize, ToSchema)]
pub struct TaskErrorView {
    code: Code,
    /// A sentence for people.
    detail: String,
}

/// Something that happened and stands.
#[derive(Serialize, ToSchema)]
pub struct EffectView {
    /// As in `request_created`.
    kind: String,
    /// Of what it made or moved.
    id: Uuid,
}
