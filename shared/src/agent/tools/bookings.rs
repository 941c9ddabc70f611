//! Tools for bookings, of both sides, and for reviews.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::{BookingId, ReviewId};

/// A booking, by its id or by being the only one.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OneBooking {
    /// Its id; the only one that fits if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub booking_id: Option<BookingId>,
}

/// Which booking is cancelled, and why.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBooking {
    /// Its id; the only upcoming one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub booking_id: Option<BookingId>,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// Whether a consumer's request is to look for somebody else.
    pub rebook: Option<bool>,
}

/// Another slot for a booking.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleBooking {
    /// Its id; the only upcoming one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub booking_id: Option<BookingId>,
    /// `YYYY-MM-DD`, in the provider's zone.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<NaiveDate>,
    /// `HH:MM`, in the provider's zone.
    pub start_time: Option<String>,
    /// What is said with it.
    pub note: Option<String>,
}

/// The answer to a proposed slot.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerReschedule {
    /// Of which booking; the only one with a proposal of the other side if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub booking_id: Option<BookingId>,
    /// Whether the slot is taken.
    pub accept: bool,
}

/// A review.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitReview {
    /// Of which booking; the last one that can be reviewed if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub booking_id: Option<BookingId>,
    /// 1 to 5.
    pub rating: Option<i32>,
    /// How good the work was, 1 to 5.
    pub quality: Option<i32>,
    /// Whether they came in time, 1 to 5.
    pub punctuality: Option<i32>,
    /// How well one could talk with them, 1 to 5.
    pub communication: Option<i32>,
    /// What it was worth, 1 to 5.
    pub value: Option<i32>,
    /// In the person's words.
    pub text: Option<String>,
}

/// The public answer to a review.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondToReview {
    /// Which; the latest without an answer if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub review_id: Option<ReviewId>,
    /// The answer, in the provider's words.
    pub text: Option<String>,
}
