//! Bookings: accepted offers.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::catalog::ServicePlace;
use super::sql_enum::sql_enum;
use super::states::State;
use super::{BookingId, OfferId, ProviderId, RequestId, UserId};
use crate::db::schema::{bookings, sql_types};

/// Cancelled less than so many hours before its start, a booking is cancelled late.
pub const LATE_HOURS: i64 = 24;
/// How long the other side has to answer a proposal, in hours.
pub const PROPOSAL_HOURS: i64 = 24;
/// How many hours before it begins both sides are reminded of it.
pub const REMINDED_HOURS: i64 = 24;
/// How long after its end a booking completes by itself, in hours.
pub const COMPLETES_AFTER_HOURS: i64 = 48;
/// How long after completion each side sees how to reach the other, in days.
pub const CONTACT_DAYS: i64 = 30;

sql_enum! {
    /// Where a booking stands.
    BookingStatus as sql_types::BookingStatus {
        /// Agreed.
        Confirmed,
        /// Done.
        Completed,
        /// Called off by one side.
        Cancelled,
        /// The consumer was not there.
        NoShow,
    }
}

impl State for BookingStatus {
    const MOVES: &'static [(Self, Self)] = &[
        (Self::Confirmed, Self::Completed),
        (Self::Confirmed, Self::Cancelled),
        (Self::Confirmed, Self::NoShow),
    ];
}

sql_enum! {
    /// Whose side of a booking somebody is on.
    BookingSide as sql_types::BookingSide {
        /// Who needs the work.
        Consumer,
        /// Who does it.
        Provider,
    }
}

impl BookingSide {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Consumer => Self::Provider,
            Self::Provider => Self::Consumer,
        }
    }
}

/// Another slot that one side proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End.
    pub end_at: DateTime<Utc>,
    /// By whom.
    pub by: BookingSide,
    /// Until when the other side may agree.
    pub until: DateTime<Utc>,
}

/// A row of `bookings`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bookings, check_for_backend(diesel::pg::Pg))]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// For which request.
    pub request_id: RequestId,
    /// From which offer.
    pub offer_id: OfferId,
    /// Who does the work.
    pub provider_id: ProviderId,
    /// Who needs it.
    pub user_id: UserId,
    /// What is done.
    pub service_id: String,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End.
    pub end_at: DateTime<Utc>,
    /// IANA zone in which the slot was agreed.
    pub zone: String,
    /// Where the work is done.
    pub place: ServicePlace,
    /// The consumer's, for work there.
    pub address: Option<String>,
    /// How to get in, what to know.
    pub instructions: Option<String>,
    /// Where it stands.
    pub status: BookingStatus,
    /// Who called it off.
    pub cancelled_by: Option<BookingSide>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// Whether that was less than [`LATE_HOURS`] before the start.
    pub late: bool,
    /// Begin of another slot that is proposed.
    pub proposed_start_at: Option<DateTime<Utc>>,
    /// End of it.
    pub proposed_end_at: Option<DateTime<Utc>>,
    /// By whom.
    pub proposed_by: Option<BookingSide>,
    /// Until when the other side may agree.
    pub proposed_until: Option<DateTime<Utc>>,
    /// What is said with it.
    pub proposed_note: Option<String>,
    /// When it left `confirmed`.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was agreed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Booking {
    /// Where it stands at a time: of which nobody said anything, it has completed by itself, also before that is written
    /// down.
    #[must_use]
    pub fn stands_at(&self, now: DateTime<Utc>) -> BookingStatus {
        let is_over = self.end_at + Duration::hours(COMPLETES_AFTER_HOURS) <= now;
        if self.status == BookingStatus::Confirmed && is_over {
            BookingStatus::Completed
        } else {
            self.status
        }
    }

    /// Whether the work may have begun.
    #[must_use]
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.start_at <= now
    }

    /// The slot that is proposed, if somebody may still agree to it.
    #[must_use]
    pub fn proposal(&self, now: DateTime<Utc>) -> Option<Proposal> {
        let (start_at, end_at) = self.proposed_start_at.zip(self.proposed_end_at)?;
        let (by, until) = self.proposed_by.zip(self.proposed_until)?;
        (self.status == BookingStatus::Confirmed && now < until).then_some(Proposal {
            start_at,
            end_at,
            by,
            until,
        })
    }

    /// Whether each side sees how to reach the other: from agreement to [`CONTACT_DAYS`] after the end; of one that was
    /// called off, not at all.
    #[must_use]
    pub fn shows_contact(&self, now: DateTime<Utc>) -> bool {
        match self.stands_at(now) {
            BookingStatus::Confirmed => true,
            BookingStatus::Cancelled => false,
            BookingStatus::Completed | BookingStatus::NoShow => {
                // One that completed by itself, which nobody has written down yet.
                let by_itself = self.end_at + Duration::hours(COMPLETES_AFTER_HOURS);
                now < self.ended_at.unwrap_or(by_itself) + Duration::days(CONTACT_DAYS)
            }
        }
    }
}
