use chrono::{NaiveDate, NaiveTime, Utc};
use proxie_shared::db::offers::Wanted;
use proxie_shared::domain::offers::{Acceptance, NamedSlot, NewOffer};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::offers::OfferStatus;
use proxie_shared::model::slots::HOUR_MINUTE;
use proxie_shared::model::{OfferId, RequestId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::OFFER;
use crate::http::Input;
use crate::views::examples;
use crate::views::inputs::ListQuery;

/// `/offers/{offer_id}…`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferPath {
    /// The offer.
    #[schema(value_type = String, format = Uuid, example = json!(OFFER))]
    pub offer_id: OfferId,
}

impl Input for OfferPath {}

/// `/requests/{request_id}/offers`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffersOfPath {
    /// The request.
    #[schema(value_type = String, format = Uuid, example = json!(examples::REQUEST))]
    pub request_id: RequestId,
}

impl Input for OffersOfPath {}

/// `?request_id=&status=&limit=&cursor=`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffersQuery {
    /// For this request only.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::REQUEST))]
    request_id: Option<RequestId>,
    /// That stand there only.
    #[schema(
        value_type = Option<String>,
        pattern = "^(pending|accepted|declined|withdrawn|expired)$",
        example = "pending"
    )]
    status: Option<OfferStatus>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(OFFER))]
    cursor: Option<OfferId>,
}

impl Input for OffersQuery {}

/// `?status=&limit=&cursor=`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffersOfQuery {
    /// That stand there only.
    #[schema(
        value_type = Option<String>,
        pattern = "^(pending|accepted|declined|withdrawn|expired)$",
        example = "pending"
    )]
    status: Option<OfferStatus>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(OFFER))]
    cursor: Option<OfferId>,
}

impl Input for OffersOfQuery {}

impl OffersQuery {
    /// What is asked for, one more than is shown; and how many are.
    pub fn wanted(&self) -> (Wanted, i64) {
        wanted(self.request_id, self.status, self.limit, self.cursor)
    }
}

impl OffersOfQuery {
    /// What is asked for, one more than is shown; and how many are.
    pub fn wanted(&self) -> (Wanted, i64) {
        wanted(None, self.status, self.limit, self.cursor)
    }
}

fn wanted(
    request: Option<RequestId>,
    status: Option<OfferStatus>,
    limit: Option<i64>,
    before: Option<OfferId>,
) -> (Wanted, i64) {
    let limit = limit.unwrap_or(ListQuery::LIMIT);
    (Wanted { request, status, before, limit: limit + 1, now: Utc::now() }, limit)
}

/// A slot by the provider's clocks.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"date": "2026-11-28", "start_time": "14:00"}))]
pub struct NamedSlotBody {
    /// The local date of its begin.
    #[schema(example = "2026-11-28")]
    date: NaiveDate,
    /// Its begin as local clocks show it, `HH:MM`.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "14:00")]
    start_time: String,
}

impl From<NamedSlotBody> for NamedSlot {
    fn from(body: NamedSlotBody) -> Self {
        // It matches the pattern.
        let start_time = NaiveTime::parse_from_str(&body.start_time, HOUR_MINUTE).unwrap_or_default();
        Self { date: body.date, start_time }
    }
}

/// `POST /offers`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "request_id": examples::REQUEST, "service_id": "haircut", "price_cents": 5_500, "currency": "USD",
    "duration_minutes": 60, "price_notes": "Wash and cut.", "slots": [{"date": "2026-11-28", "start_time": "14:00"}],
    "message": "I cut curls dry, one by one."
}))]
pub struct OfferBody {
    /// A lead of the caller's.
    #[schema(value_type = String, format = Uuid)]
    request_id: RequestId,
    /// What it asks for.
    #[schema(min_length = 1, max_length = 100)]
    service_id: String,
    /// For how much, in minor units; not below the least price of the caller's settings.
    #[schema(minimum = 0, maximum = 100_000_000)]
    price_cents: i64,
    /// ISO 4217: the one in which the caller offers the service.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    currency: String,
    /// How long it would take.
    #[schema(minimum = 5, maximum = 1_440)]
    duration_minutes: i32,
    /// What the price holds.
    #[schema(max_length = 2_000)]
    price_notes: Option<String>,
    /// When it could be done, each free in the caller's calendar.
    #[schema(min_items = 1, max_items = 10)]
    slots: Vec<NamedSlotBody>,
    /// To the consumer.
    #[schema(max_length = 5_000)]
    message: Option<String>,
    /// How long the offer lives, in hours, but not beyond the begin of its last slot; 24 if absent.
    #[schema(minimum = 1, maximum = 72, example = 24)]
    expires_in_hours: Option<i64>,
}

impl Input for OfferBody {}

impl From<OfferBody> for NewOffer {
    fn from(body: OfferBody) -> Self {
        Self {
            request_id: body.request_id,
            service_id: body.service_id,
            price_cents: body.price_cents,
            currency: body.currency,
            duration_minutes: body.duration_minutes,
            price_notes: body.price_notes.unwrap_or_default(),
            slots: body.slots.into_iter().map(NamedSlot::from).collect(),
            message: body.message.unwrap_or_default(),
            life_hours: body.expires_in_hours,
        }
    }
}

/// `PUT /offers/{offer_id}/accept`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"slot": {"date": "2026-11-28", "start_time": "14:00"}}))]
pub struct AcceptBody {
    /// One of the offer's.
    slot: NamedSlotBody,
    /// Where the work is done, if it is done at the caller's.
    #[schema(min_length = 1, max_length = 500)]
    address: Option<String>,
    /// How to get in, what to know.
    #[schema(max_length = 2_000)]
    instructions: Option<String>,
}

impl Input for AcceptBody {
    fn problems(&self, _catalog: &Catalog) -> Vec<Problem> {
        match &self.address {
            Some(address) if address.trim().is_empty() => {
                vec![Problem::new("/address", "Say where the work is done.")]
            }
            _ => Vec::new(),
        }
    }
}

impl From<AcceptBody> for Acceptance {
    fn from(body: AcceptBody) -> Self {
        let said =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { slot: body.slot.into(), address: said(body.address), instructions: said(body.instructions) }
    }
}

/// `PUT /offers/{offer_id}/decline`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "We found somebody nearer."}))]
pub struct DeclineBody {
    /// Why; the provider reads it.
    #[schema(max_length = 1_000)]
    reason: Option<String>,
}

impl Input for DeclineBody {
    const OPTIONAL: bool = true;
}

impl DeclineBody {
    /// Why, if anything was said.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty())
    }
}
