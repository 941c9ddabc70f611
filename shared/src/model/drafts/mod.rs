//! Drafts: what the agent has prepared and nobody has approved yet.

mod fields;
mod request;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::sql_enum::sql_enum;
use super::{DraftId, SessionId, UserId};
use crate::db::schema::{drafts, sql_types};

pub use fields::{
    Acceptance, AvailabilityFields, BookingCancellation, Fields, LocalSlot, OfBooking, OfEnrollment, OfOffer,
    OfRequest, OfferFields, Reschedule, RescheduleAnswer, ReviewFields, ReviewResponse,
};
pub use request::RequestFields;

sql_enum! {
    /// What approving the draft would do.
    DraftKind as sql_types::DraftKind {
        /// Post a request.
        Request,
        /// Cancel a request.
        RequestCancellation,
        /// Make an offer.
        Offer,
        /// Withdraw an offer.
        Withdrawal,
        /// Decline an offer.
        Decline,
        /// Accept an offer.
        Acceptance,
        /// Cancel a booking.
        BookingCancellation,
        /// Propose another slot for a booking.
        Reschedule,
        /// Answer a proposed slot.
        RescheduleAnswer,
        /// Say that a booking is done.
        Completion,
        /// Say that nobody was there.
        NoShow,
        /// Review a booking.
        Review,
        /// Answer a review.
        ReviewResponse,
        /// Submit an enrollment.
        Enrollment,
        /// Change the working hours.
        Availability,
    }
}

/// A draft as its owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: DraftId,
    /// An approval is of one version.
    pub version: i32,
    /// What approving it does.
    pub kind: DraftKind,
    /// By its kind: the body of its endpoint, with what its path names.
    pub fields: Fields,
    /// What must still be known.
    pub missing: Vec<String>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

/// How long a draft lives without an answer, in days.
pub const DRAFT_DAYS: i64 = 7;

/// A row of `drafts`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = drafts, check_for_backend(diesel::pg::Pg))]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The conversation it belongs to.
    pub session_id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// What approving it would do.
    pub kind: DraftKind,
    /// Grows with every change: an approval is of one version.
    pub version: i32,
    /// What has been gathered.
    pub fields: Value,
    /// Which optional fields were asked for already.
    pub asked: Vec<Option<String>>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}
