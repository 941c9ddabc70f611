//! What a message said, as facts of a request.

use chrono::NaiveDateTime;
use serde::Serialize;

/// How a local time is written in a request: `YYYY-MM-DDTHH:MM`.
pub const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// When the work may be done, local to the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The earliest minute.
    pub from: NaiveDateTime,
    /// The latest minute.
    pub to: NaiveDateTime,
}

/// What the user would pay, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// The least, if said.
    pub min_cents: Option<i64>,
    /// The most, if said.
    pub max_cents: Option<i64>,
    /// ISO 4217.
    pub currency: String,
}

/// How much of a hurry there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// No hurry.
    Flexible,
    /// In the next days.
    Soon,
    /// At once.
    Urgent,
}

impl Urgency {
    /// As the tool takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flexible => "flexible",
            Self::Soon => "soon",
            Self::Urgent => "urgent",
        }
    }
}

/// A question of the concierge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Which service.
    Service,
    /// Where.
    City,
    /// When.
    Window,
    /// For how much.
    Budget,
}

impl Question {
    /// The field it asks for, as the draft names it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Service => "service_id",
            Self::City => "city",
            Self::Window => "window",
            Self::Budget => "budget",
        }
    }
}

/// Everything one message said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The id of a service of the catalog.
    pub service: Option<String>,
    /// A category, when the service is not clear from it ("a plumber").
    pub category: Option<String>,
    /// The place, as the user calls it, in clean spelling.
    pub city: Option<String>,
    /// The zone of the place, if the place is known.
    pub zone: Option<String>,
    /// When.
    pub window: Option<Window>,
    /// For how much.
    pub budget: Option<Budget>,
    /// How it should be done.
    pub specializations: Vec<String>,
    /// What fits nowhere else, in the user's words.
    pub notes: Vec<String>,
    /// The user's first name.
    pub name: Option<String>,
    /// How much of a hurry.
    pub urgency: Option<Urgency>,
    /// What the user does not want to say or does not care about.
    pub declined: Vec<Question>,
}
