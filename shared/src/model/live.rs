//! What people's clients are told as it happens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::sql_enum::sql_enum;
use crate::db::schema::sql_types;

sql_enum! {
    /// What happened.
    LiveKind as sql_types::LiveEventKind {
        /// A task has come to another status or stage.
        #[strum(serialize = "task:update")]
        #[serde(rename = "task:update")]
        TaskUpdate,
        /// More of an answer's text, as it is being said.
        #[strum(serialize = "chat:delta")]
        #[serde(rename = "chat:delta")]
        ChatDelta,
        /// Something was said in a conversation, by either side.
        #[strum(serialize = "message:new")]
        #[serde(rename = "message:new")]
        MessageNew,
        /// A request of theirs is other than it was.
        #[strum(serialize = "request:updated")]
        #[serde(rename = "request:updated")]
        RequestUpdated,
        /// They have an offer.
        #[strum(serialize = "offer:new")]
        #[serde(rename = "offer:new")]
        OfferNew,
        /// An offer that they made or have is other than it was.
        #[strum(serialize = "offer:updated")]
        #[serde(rename = "offer:updated")]
        OfferUpdated,
        /// A request was routed to them.
        #[strum(serialize = "lead:new")]
        #[serde(rename = "lead:new")]
        LeadNew,
        /// They have a booking.
        #[strum(serialize = "booking:confirmed")]
        #[serde(rename = "booking:confirmed")]
        BookingConfirmed,
        /// A booking of theirs is other than it was.
        #[strum(serialize = "booking:updated")]
        #[serde(rename = "booking:updated")]
        BookingUpdated,
        /// A booking of theirs was called off.
        #[strum(serialize = "booking:cancelled")]
        #[serde(rename = "booking:cancelled")]
        BookingCancelled,
        /// They are notified of something.
        #[strum(serialize = "notification:new")]
        #[serde(rename = "notification:new")]
        NotificationNew,
    }
}

/// A row of `live_events` that has its number.
#[derive(Clone, Debug, Queryable)]
pub struct LiveEvent {
    /// Which one of the user's it is, from 1 without a gap.
    pub seq: i64,
    /// What happened.
    pub kind: LiveKind,
    /// To what: a task, message, request, offer, booking or notification.
    pub subject_id: Uuid,
    /// What is told of a delta.
    pub data: Option<Value>,
    /// When.
    pub created_at: DateTime<Utc>,
}
