use chrono::{DateTime, Utc};
use proxie_shared::model::notifications::{Notification, NotificationKind};
use proxie_shared::model::{BookingId, EnrollmentId, NotificationId, OfferId, RequestId, ReviewId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples_of_requests as stories;
use crate::http::Input;

/// `…/{notification_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationPath {
    /// The notification.
    #[schema(value_type = String, format = Uuid, example = json!(stories::NOTIFICATION))]
    pub notification_id: NotificationId,
}

impl Input for NotificationPath {}

/// `?unread=&limit=&cursor=` of notifications.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationsQuery {
    /// Only what is not read yet.
    #[schema(example = true)]
    pub unread: Option<bool>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(stories::NOTIFICATION))]
    pub cursor: Option<NotificationId>,
}

impl Input for NotificationsQuery {}

/// Something that somebody was told.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::notification()))]
pub struct NotificationView {
    id: NotificationId,
    kind: NotificationKind,
    /// A sentence for people.
    text: &'static str,
    request_id: Option<RequestId>,
    offer_id: Option<OfferId>,
    booking_id: Option<BookingId>,
    review_id: Option<ReviewId>,
    enrollment_id: Option<EnrollmentId>,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl From<Notification> for NotificationView {
    fn from(notification: Notification) -> Self {
        let Notification { id, kind, about, created_at, read_at, .. } = notification;
        Self {
            id,
            kind,
            text: text(kind),
            request_id: about.request_id,
            offer_id: about.offer_id,
            booking_id: about.booking_id,
            review_id: about.review_id,
            enrollment_id: about.enrollment_id,
            created_at,
            read_at,
        }
    }
}

/// What happened, as a sentence.
fn text(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Lead => "A request fits you: look at your new lead.",
        NotificationKind::Offer => "You have an offer for your request.",
        NotificationKind::OfferDeclined => "Your offer was not taken this time.",
        NotificationKind::OfferExpired => "An offer has expired.",
        NotificationKind::Booked => "An offer was accepted: it is booked.",
        NotificationKind::Rescheduled => "There is news about the time of a booking.",
        NotificationKind::Cancelled => "A booking was cancelled.",
        NotificationKind::Reminder24h => "A booking begins within a day.",
        NotificationKind::Completed => "A booking is done.",
        NotificationKind::ReviewDue => "How was it? You can review the booking now.",
        NotificationKind::Review => "You have a new review.",
        NotificationKind::ReviewResponse => "Your review was answered.",
        NotificationKind::EnrollmentDecided => "Your enrollment was decided.",
        NotificationKind::NoMatch => "Nobody fits your request yet; its matching says what to relax.",
        NotificationKind::RequestExpired => "Your request has expired.",
    }
}

/// A page of notifications.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [stories::notification()], "next_cursor": null}))]
pub struct NotificationsView {
    items: Vec<NotificationView>,
    next_cursor: Option<String>,
}

impl NotificationsView {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(mut notifications: Vec<Notification>, limit: i64) -> Self {
        let more = notifications.len() as i64 > limit;
        notifications.truncate(limit as usize);
        Self {
            next_cursor: notifications.last().filter(|_| more).map(|last| last.id.to_string()),
            items: notifications.into_iter().map(NotificationView::from).collect(),
        }
    }
}

/// How much was marked as read.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"read": 3}))]
pub struct ReadAllView {
    /// How much was not before.
    pub read: usize,
}
