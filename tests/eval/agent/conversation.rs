//! A conversation as its file has it; README says what the fields mean.

use std::fs;
use std::path::Path;

use chrono::{NaiveDate, Utc};
use proxie_tests::Result;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::dates;

/// What a name of ours stands for that is given nowhere: the newest that the person of the conversation made.
pub const MINE: &str = "mine";

/// Fields as the API has them.
pub type Fields = Map<String, Value>;

/// Who speaks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Guest,
    Consumer,
    Provider,
    Enrollment,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Guest, Self::Consumer, Self::Provider, Self::Enrollment];

    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Consumer => "consumer",
            Self::Provider => "provider",
            Self::Enrollment => "enrollment",
        }
    }
}

/// Who wrote it, knowing what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Written with the evaluation.
    Own,
    /// By somebody who had seen the contract alone.
    Fresh,
}

/// A conversation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    pub id: String,
    pub role: Role,
    #[serde(rename = "what")]
    pub _what: String,
    #[serde(default = "new_york", rename = "zone")]
    pub _zone: String,
    pub me: Option<Me>,
    #[serde(default)]
    pub given: Given,
    pub turns: Vec<Turn>,
    #[serde(default)]
    pub end: End,
}

/// The person who speaks.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Me {
    pub name: Option<String>,
    pub city: Option<String>,
    pub phone: Option<String>,
    pub memory: Option<Fields>,
    pub provider: Option<String>,
}

/// The world.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    pub providers: Vec<Business>,
    pub people: Vec<Somebody>,
    pub requests: Vec<Need>,
    pub offers: Vec<Bid>,
    pub bookings: Vec<Deal>,
    pub proposals: Vec<Proposal>,
    pub reviews: Vec<Opinion>,
    pub enrollment: Option<Fields>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    pub name: String,
    pub business: Option<String>,
    pub bio: Option<String>,
    pub headline: Option<String>,
    pub city: Option<String>,
    pub person: Option<String>,
    pub services: Option<Vec<Fields>>,
    pub hours: Option<Map<String, Value>>,
    #[serde(default)]
    pub auto_offer: bool,
    pub min_price_cents: Option<i64>,
    #[serde(default)]
    pub notice_minutes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Somebody {
    pub name: String,
    pub full_name: Option<String>,
    pub city: Option<String>,
}

#[derive(Deserialize)]
pub struct Need {
    pub name: Option<String>,
    pub of: Option<String>,
    /// The body of `POST /requests`.
    #[serde(flatten)]
    pub body: Fields,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bid {
    pub name: Option<String>,
    pub from: String,
    pub on: String,
    pub service_id: Option<String>,
    pub price_cents: i64,
    pub duration_minutes: Option<i64>,
    pub slots: Vec<Value>,
    pub message: Option<String>,
    pub price_notes: Option<String>,
    pub expires_in_hours: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    pub name: Option<String>,
    #[serde(alias = "offer")]
    pub accepts: String,
    pub slot: Option<Value>,
    pub address: Option<String>,
    pub instructions: Option<String>,
    pub began_hours_ago: Option<i64>,
    pub status: Option<String>,
}

/// Which side of a booking does it.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Me,
    #[default]
    Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    pub booking: String,
    pub by: Side,
    pub slot: Value,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    pub name: Option<String>,
    pub of: String,
    pub rating: i64,
    pub text: Option<String>,
}

/// Something that happens: exactly one of what it names.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turn {
    pub say: Option<String>,
    #[serde(rename = "photos")]
    pub photos: usize,
    pub about: Option<Map<String, Value>>,
    pub press: Option<String>,
    pub press_old: Option<String>,
    pub sign_up: Option<String>,
    pub then: Option<Happening>,
    pub stands: Option<Stands>,
    pub takes_back: bool,
}

/// What happens meanwhile.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    Request(Need),
    Offer(Bid),
    Withdraw(String),
    Decline(String),
    Accept(Deal),
    SlotTaken {
        provider: String,
        date: String,
        start_time: String,
    },
    Propose(Proposal),
    CancelBooking {
        booking: String,
        #[serde(default)]
        by: Side,
        reason: Option<String>,
    },
    TimePasses(String),
    Complete(String),
    Review(Opinion),
}

/// What a task's result must be. A value that is absent is not checked; one that is null must be null.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stands {
    pub awaiting: Option<Value>,
    #[serde(deserialize_with = "given")]
    pub draft: Option<Value>,
    #[serde(deserialize_with = "given")]
    pub gathered: Option<Value>,
    #[serde(deserialize_with = "given")]
    pub data: Option<Value>,
    #[serde(deserialize_with = "given")]
    pub ui: Option<Value>,
    pub effects: Option<Value>,
    pub task: Option<String>,
    pub refused: Option<String>,
}

/// What must be so afterwards.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct End {
    pub requests: Vec<Value>,
    pub bookings: Vec<Value>,
    pub offers: Vec<Value>,
    pub reviews: Vec<Value>,
    pub things: Fields,
    pub profile: Option<Value>,
    pub memory: Option<Value>,
    pub availability: Option<Value>,
    pub provider: Option<Value>,
    #[serde(deserialize_with = "given")]
    pub enrollment: Option<Value>,
    pub role: Option<Value>,
    pub effects: Option<Value>,
}

/// Tells null from absent.
fn given<'de, D: serde::Deserializer<'de>>(value: D) -> std::result::Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

fn new_york() -> String {
    "America/New_York".to_owned()
}

impl Conversation {
    /// Reads one with its dates filled in.
    ///
    /// # Errors
    /// What of it is not as the README says.
    pub fn read(file: &Path) -> Result<Self> {
        let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file)?;
        let raw: Value = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
        let zone = raw["zone"].as_str().unwrap_or("America/New_York");
        let filled = dates::filled_in(raw.clone(), today(zone).map_err(|error| wrong(&error))?);
        let read: Self = serde_json::from_value(filled).map_err(|error| wrong(&error))?;
        if file.file_stem().is_none_or(|name| name.to_string_lossy() != read.id) {
            return Err(wrong(&"the file is called otherwise").into());
        }
        for (at, turn) in read.turns.iter().enumerate() {
            let Turn { say, press, press_old, sign_up, then, .. } = turn;
            let named =
                [say.is_some(), press.is_some(), press_old.is_some(), sign_up.is_some(), then.is_some()];
            if named.iter().filter(|is| **is).count() != 1 {
                return Err(wrong(&format!("turn {at} is not exactly one thing")).into());
            }
        }
        Ok(read)
    }

    /// All of a folder, by id.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_all(folder: &Path) -> Result<Vec<Self>> {
        let mut files: Vec<_> = fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        files.iter().map(|file| Self::read(file)).collect()
    }
}

fn today(zone: &str) -> Result<NaiveDate> {
    let zone: chrono_tz::Tz = zone.parse().map_err(|_| format!("{zone} is no zone"))?;
    Ok(Utc::now().with_timezone(&zone).date_naive())
}
