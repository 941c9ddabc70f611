//! Notifications: what people are told.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::sql_enum::sql_enum;
use super::{BookingId, EnrollmentId, NotificationId, OfferId, RequestId, ReviewId, UserId};
use crate::db::schema::{notifications, sql_types};

sql_enum! {
    /// What happened.
    NotificationKind as sql_types::NotificationKind {
        /// A request was routed to a provider.
        Lead,
        /// A consumer has an offer.
        Offer,
        /// A provider's offer was refused.
        OfferDeclined,
        /// An offer's time is over, or its slots are gone.
        OfferExpired,
        /// An offer became a booking.
        Booked,
        /// Another slot is proposed, agreed to or refused.
        Rescheduled,
        /// A booking was called off.
        Cancelled,
        /// A booking begins within a day.
        #[strum(serialize = "reminder_24h")]
        #[serde(rename = "reminder_24h")]
        Reminder24h,
        /// A booking is done.
        Completed,
        /// A booking can be reviewed.
        ReviewDue,
        /// A provider was reviewed.
        Review,
        /// A review was answered.
        ReviewResponse,
        /// An enrollment was decided.
        EnrollmentDecided,
        /// Nobody fits a request; what to relax is in its matching.
        NoMatch,
        /// A request's time is over.
        RequestExpired,
    }
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct About {
    /// A request.
    pub request_id: Option<RequestId>,
    /// An offer.
    pub offer_id: Option<OfferId>,
    /// A booking.
    pub booking_id: Option<BookingId>,
    /// A review.
    pub review_id: Option<ReviewId>,
    /// An enrollment.
    pub enrollment_id: Option<EnrollmentId>,
}

/// A row of `notifications`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = notifications, check_for_backend(diesel::pg::Pg))]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who is told.
    pub user_id: UserId,
    /// What happened.
    pub kind: NotificationKind,
    /// With what.
    #[diesel(embed)]
    pub about: About,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// When it was said.
    pub created_at: DateTime<Utc>,
}
