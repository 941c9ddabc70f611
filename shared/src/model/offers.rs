//! Offers: what a provider proposes for a request.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::sql_enum::sql_enum;
use super::states::State;
use super::{OfferId, ProviderId, RequestId};
use crate::db::schema::{offer_slots, offers, sql_types};

/// How long an offer lives, in hours, if nothing ends it sooner.
pub const LIFE_HOURS: i64 = 24;
/// The longest that it may.
pub const MOST_HOURS: i64 = 72;
/// How many slots an offer names at most.
pub const MOST_SLOTS: usize = 10;
/// How long slots are good that are named in place of one that was taken, in minutes.
pub const ALTERNATIVES_MINUTES: i64 = 15;
/// How many of them are named.
pub const ALTERNATIVES: usize = 3;

sql_enum! {
    /// Where an offer stands.
    OfferStatus as sql_types::OfferStatus {
        /// Waits for the consumer.
        Pending,
        /// Became a booking.
        Accepted,
        /// Refused, or another was accepted.
        Declined,
        /// Taken back by the provider.
        Withdrawn,
        /// Its time is over, or none of its slots is left.
        Expired,
    }
}

impl State for OfferStatus {
    const MOVES: &'static [(Self, Self)] = &[
        (Self::Pending, Self::Accepted),
        (Self::Pending, Self::Declined),
        (Self::Pending, Self::Withdrawn),
        (Self::Pending, Self::Expired),
    ];
}

/// A row of `offers`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = offers, check_for_backend(diesel::pg::Pg))]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// For which request.
    pub request_id: RequestId,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// What would be done.
    pub service_id: String,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// How long it would take.
    pub duration_minutes: i32,
    /// What the price holds.
    pub price_notes: String,
    /// To the consumer.
    pub message: String,
    /// Where it stands.
    pub status: OfferStatus,
    /// The provider as it was then: [`Snapshot`] as JSON.
    pub snapshot: Value,
    /// Whether the provider's agent made it by their rules.
    pub automatic: bool,
    /// Begin of the slot that was accepted.
    pub accepted_start_at: Option<DateTime<Utc>>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

impl Offer {
    /// Where it stands at a time: a live one whose time is over has expired, also before that is written down.
    #[must_use]
    pub fn stands_at(&self, now: DateTime<Utc>) -> OfferStatus {
        let is_over = self.status == OfferStatus::Pending && self.expires_at <= now;
        if is_over { OfferStatus::Expired } else { self.status }
    }
}

/// A provider as it was when it offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// The business's name.
    pub name: String,
    /// Where they work from.
    pub city: String,
    /// Mean rating 1 to 5; null below three reviews.
    pub rating: Option<f64>,
    /// How many reviews that is of.
    pub review_count: i32,
    /// Jobs done through here.
    pub completed_jobs: i32,
}

/// A row of `offer_slots`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = offer_slots, check_for_backend(diesel::pg::Pg))]
pub struct OfferSlot {
    /// Of which offer.
    pub offer_id: OfferId,
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End.
    pub end_at: DateTime<Utc>,
    /// Null for what the provider offered; else until when it is good in place of one that was taken.
    pub good_until: Option<DateTime<Utc>>,
}

impl OfferSlot {
    /// Whether the offer still names it.
    #[must_use]
    pub fn is_good_at(&self, now: DateTime<Utc>) -> bool {
        self.good_until.is_none_or(|until| now < until)
    }
}
