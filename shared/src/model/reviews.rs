//! Reviews: what consumers say of bookings that are done.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{BookingId, ProviderId, ReviewId, UserId};
use crate::db::schema::reviews;

/// How long after its end a booking can be reviewed, in days.
pub const REVIEW_DAYS: i64 = 30;
/// Below so many reviews no aggregate is shown.
pub const SHOWN_FROM: i32 = 3;

/// A row of `reviews`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = reviews, check_for_backend(diesel::pg::Pg))]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Of whom.
    pub provider_id: ProviderId,
    /// Of which booking; none if it was brought along from elsewhere.
    pub booking_id: Option<BookingId>,
    /// By whom; as `booking_id`.
    pub user_id: Option<UserId>,
    /// Their first name.
    pub author: String,
    /// 1 to 5.
    pub rating: i32,
    /// 1 to 5.
    pub quality: Option<i32>,
    /// 1 to 5.
    pub punctuality: Option<i32>,
    /// 1 to 5.
    pub communication: Option<i32>,
    /// 1 to 5.
    pub value: Option<i32>,
    /// In their words.
    pub text: String,
    /// What the provider says to it.
    pub response: Option<String>,
    /// When.
    pub responded_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}
