//! Drafts: what the agent has prepared and nobody has approved yet.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::money::Budget;
use super::sql_enum::sql_enum;
use super::window::Window;
use super::{DraftId, SessionId, UserId};
use crate::db::schema::{drafts, sql_types};

sql_enum! {
    /// What approving the draft would do.
    DraftKind as sql_types::DraftKind {
        /// Post a request.
        Request,
    }
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

/// What a request's draft gathers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestFields {
    /// Slug of the service.
    pub service_id: Option<String>,
    /// Slug of its category, from the catalog.
    pub category_id: Option<String>,
    /// As it was said.
    pub city: Option<String>,
    /// IANA zone of the city.
    pub zone: Option<String>,
    /// When, in local time of the place.
    pub window: Option<Window>,
    /// For how much.
    pub budget: Option<Budget>,
    /// Finer skills, as phrases.
    #[serde(default)]
    pub specializations: Vec<String>,
    /// What fits nowhere else.
    pub notes: Option<String>,
    /// How soon it matters.
    #[serde(default)]
    pub urgency: Option<super::requests::Urgency>,
}

impl RequestFields {
    /// What must be known before the draft can be approved.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.service_id.is_none() {
            missing.push("service_id");
        }
        if self.city.is_none() {
            missing.push("city");
        }
        missing
    }

    /// What is asked for once and may be refused.
    #[must_use]
    pub fn wanted(&self) -> Vec<&'static str> {
        let mut wanted = Vec::new();
        if self.window.is_none() {
            wanted.push("window");
        }
        if self.budget.is_none() {
            wanted.push("budget");
        }
        wanted
    }
}
