//! Requests: what a consumer needs.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::sql_enum::sql_enum;
use super::{RequestId, UserId};
use crate::db::schema::{requests, sql_types};

/// How many requests of one consumer may be live at once.
pub const MOST_LIVE: i64 = 10;
/// How long a request without a window lives, in days.
pub const LIFE_DAYS: i64 = 14;
/// How many providers a matching routes a request to.
pub const ROUTED: usize = 10;

sql_enum! {
    /// Where a request stands.
    RequestStatus as sql_types::RequestStatus {
        /// Providers are being looked for.
        Matching,
        /// Routed to providers.
        Matched,
        /// At least one live offer.
        OffersReceived,
        /// An offer was accepted.
        Booked,
        /// The work is done.
        Completed,
        /// Taken back.
        Cancelled,
        /// Its time is over.
        Expired,
    }
}

sql_enum! {
    /// How soon it matters.
    Urgency as sql_types::Urgency {
        /// Any time will do.
        Flexible,
        /// In the next days.
        Soon,
        /// Now.
        Urgent,
    }
}

/// A row of `requests`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = requests, check_for_backend(diesel::pg::Pg))]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Whose it is.
    pub user_id: UserId,
    /// What is needed.
    pub service_id: String,
    /// Where, as it was said.
    pub city: String,
    /// IANA zone of the place.
    pub zone: String,
    /// Degrees north, if known.
    pub latitude: Option<f64>,
    /// Degrees east, if known.
    pub longitude: Option<f64>,
    /// How far the consumer would go.
    pub max_distance_km: Option<f64>,
    /// Local begin of the asked window.
    pub window_from: Option<NaiveDateTime>,
    /// Local end of the asked window.
    pub window_to: Option<NaiveDateTime>,
    /// How soon it matters.
    pub urgency: Urgency,
    /// Least, in minor units.
    pub budget_min_cents: Option<i64>,
    /// Most, in minor units.
    pub budget_max_cents: Option<i64>,
    /// ISO 4217.
    pub budget_currency: Option<String>,
    /// In the consumer's words.
    pub description: String,
    /// Finer skills, as phrases.
    pub specializations: Vec<Option<String>>,
    /// Where it stands.
    pub status: RequestStatus,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
    /// When it was posted.
    pub created_at: DateTime<Utc>,
}
