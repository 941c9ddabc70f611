//! Tools for offers, of both sides.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::drafts::LocalSlot;
use crate::model::{OfferId, RequestId};

/// Offers for which request.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOffers {
    /// Its id; all open requests if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub request_id: Option<RequestId>,
}

/// Which offer, and how.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptOffer {
    /// Its id; the one of the open draft, or the only live one, if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub offer_id: Option<OfferId>,
    /// Which of its slots.
    #[schema(inline)]
    pub slot: Option<LocalSlot>,
    /// Street and number, for work at the person's place.
    pub address: Option<String>,
    /// How to get in, what to know.
    pub instructions: Option<String>,
}

/// Which offer is declined.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineOffer {
    /// Its id; the only live one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub offer_id: Option<OfferId>,
    /// Why, in the person's words.
    pub reason: Option<String>,
}

/// An offer for a lead.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitOffer {
    /// For which lead; the one of the open draft, or the only open lead, if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub request_id: Option<RequestId>,
    /// Slug of the service, if it is another than the lead's.
    pub service_id: Option<String>,
    /// In cents.
    pub price_cents: Option<i64>,
    /// In minutes.
    pub duration_minutes: Option<i32>,
    /// When it could be done, in the provider's zone: 1 to 10.
    #[schema(inline)]
    pub slots: Option<Vec<LocalSlot>>,
    /// To the consumer, in the provider's voice.
    pub message: Option<String>,
    /// What the price includes or depends on.
    pub price_notes: Option<String>,
}

/// Which offer is withdrawn.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawOffer {
    /// Its id; the only live one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub offer_id: Option<OfferId>,
}
