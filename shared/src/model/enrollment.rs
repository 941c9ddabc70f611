//! Enrollment: how somebody becomes a provider.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::sql_enum::sql_enum;
use super::states::State;
use super::{EnrollmentId, ProviderId, UserId};
use crate::db::schema::{enrollments, sql_types};

/// How long a draft is kept, in days.
pub const DRAFT_DAYS: i64 = 90;

sql_enum! {
    /// Where an enrollment stands.
    EnrollmentStatus as sql_types::EnrollmentStatus {
        /// Being filled in.
        Draft,
        /// Waits for an admin.
        PendingVerification,
        /// Became a provider.
        Verified,
        /// Sent back with reasons.
        Rejected,
    }
}

impl State for EnrollmentStatus {
    const MOVES: &'static [(Self, Self)] = &[
        (Self::Draft, Self::Verified),
        (Self::Draft, Self::PendingVerification),
        (Self::PendingVerification, Self::Verified),
        (Self::PendingVerification, Self::Rejected),
        (Self::Rejected, Self::Draft),
    ];
}

/// A row of `enrollments`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = enrollments, check_for_backend(diesel::pg::Pg))]
pub struct Enrollment {
    /// Its id.
    pub id: EnrollmentId,
    /// Whose it is.
    pub user_id: UserId,
    /// Where it stands.
    pub status: EnrollmentStatus,
    /// What was filled in so far.
    pub fields: Value,
    /// Why it was rejected.
    pub reasons: Vec<String>,
    /// The provider that it became.
    pub provider_id: Option<ProviderId>,
    /// When the draft is swept.
    pub expires_at: DateTime<Utc>,
    /// When it was handed in last.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When an admin decided last.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
