//! Requests: what a consumer needs.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::catalog::ServicePlace;
use super::sql_enum::sql_enum;
use super::states::State;
use super::{RequestId, UserId};
use crate::db::schema::{requests, sql_types};

/// How many requests of one consumer may be live at once.
pub const MOST_LIVE: i64 = 10;
/// How long a request without a window lives, in days.
pub const LIFE_DAYS: i64 = 14;
/// How long after a matching its consumer may ask for another, in minutes.
pub const REMATCH_MINUTES: i64 = 10;
/// How many photos hang on a request at most.
pub const MOST_MEDIA: usize = 10;
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

impl State for RequestStatus {
    const MOVES: &'static [(Self, Self)] = &[
        (Self::Matching, Self::Matched),
        (Self::Matched, Self::Matching),
        (Self::Matched, Self::OffersReceived),
        (Self::OffersReceived, Self::Matched),
        (Self::OffersReceived, Self::Booked),
        (Self::Booked, Self::Completed),
        (Self::Booked, Self::Matching),
        (Self::Booked, Self::Cancelled),
        (Self::Matching, Self::Cancelled),
        (Self::Matched, Self::Cancelled),
        (Self::OffersReceived, Self::Cancelled),
        (Self::Matching, Self::Expired),
        (Self::Matched, Self::Expired),
        (Self::OffersReceived, Self::Expired),
    ];
}

impl RequestStatus {
    /// Whether offers are being looked for or waited for.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Matching | Self::Matched | Self::OffersReceived)
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
    /// Where the work shall be done; where the provider will if absent.
    pub place: Option<ServicePlace>,
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
    /// When it was last matched.
    pub matched_at: Option<DateTime<Utc>>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
    /// When it was posted.
    pub created_at: DateTime<Utc>,
}

impl Request {
    /// Where it stands at a time: an open one whose time is over has expired, also before that is written down.
    #[must_use]
    pub fn stands_at(&self, now: DateTime<Utc>) -> RequestStatus {
        if self.status.is_open() && self.expires_at <= now { RequestStatus::Expired } else { self.status }
    }
}
