//! What a request's draft gathers.

use serde::{Deserialize, Serialize};

use crate::model::MediaId;
use crate::model::catalog::ServicePlace;
use crate::model::money::Budget;
use crate::model::requests::Urgency;
use crate::model::window::Window;

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
    pub urgency: Option<Urgency>,
    /// Where it is to be done.
    #[serde(default)]
    pub place: Option<ServicePlace>,
    /// Photos of it.
    #[serde(default)]
    #[schema(value_type = Vec<String>, format = Uuid)]
    pub media: Vec<MediaId>,
    /// Post it although it is like a live one.
    #[serde(default)]
    pub allow_duplicate: bool,
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
