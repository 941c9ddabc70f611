//! Specialists: what somebody of a trade would say of a need, worked out without a model.
//!
//! A specialist is a file in `knowledge/`: vocabulary, factors for price and duration, warnings, questions worth asking, notes.
//! Adding a file adds one; `FILE.cases.json` beside it holds worked cases, which a test runs. All files are read and checked
//! when a process starts: one that is wrong is named, with the key and the reason, and the process does not start.

mod consult;
mod knowledge;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use knowledge::KnowledgeError;
use knowledge::Specialist;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::model::catalog::{Catalog, ServicePlace};
use crate::model::drafts::RequestFields;
use crate::model::requests::{Request, Urgency};

include!(concat!(env!("OUT_DIR"), "/specialists.rs"));

/// What all factors together may make of a price or a duration.
const ALL_FACTORS: (f64, f64) = (0.4, 4.0);
/// Prices are told in steps of this, in minor units.
const PRICE_STEP: f64 = 500.0;
/// Durations are told in steps of this, in minutes.
const DURATION_STEP: f64 = 5.0;
/// The longest job that is told, in minutes.
const LONGEST: f64 = 1_440.0;
/// The most reasons that are told as notes.
const MOST_NOTES: usize = 8;

static BUILT_IN: LazyLock<Result<Specialists, KnowledgeError>> =
    LazyLock::new(|| Specialists::read(FILES, Catalog::built_in()));

/// All specialists, by what they know of.
#[derive(Debug, Default)]
pub struct Specialists {
    all: Vec<Specialist>,
    by_service: HashMap<String, usize>,
}

/// What is asked a specialist.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// Slug of the service.
    pub service_id: &'a str,
    /// Finer skills, as phrases.
    pub specializations: Vec<&'a str>,
    /// All that was said beside, in the person's words.
    pub text: &'a str,
    /// How soon it matters.
    pub urgency: Option<Urgency>,
    /// Where the work shall be done.
    pub place: Option<ServicePlace>,
}

/// How demanding a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Complexity {
    /// As usual or less.
    Simple,
    /// More than usual.
    Moderate,
    /// For somebody who knows it well.
    Complex,
}

impl Complexity {
    /// The most points that are simple, and that are moderate.
    const POINTS: (i32, i32) = (0, 2);

    fn of(points: i32) -> Self {
        match points {
            points if points <= Self::POINTS.0 => Self::Simple,
            points if points <= Self::POINTS.1 => Self::Moderate,
            _ => Self::Complex,
        }
    }
}

/// What a job may cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PriceEstimate {
    /// Least, in minor units.
    pub low_cents: i64,
    /// Most, in minor units.
    pub high_cents: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
}

/// How long a job may take, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DurationEstimate {
    /// Least.
    pub low: i32,
    /// Most.
    pub high: i32,
}

/// What something in particular makes of price and duration.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SpecialistFactor)]
pub struct Factor {
    /// Its name.
    pub name: String,
    /// Times the typical price.
    pub price_factor: f64,
    /// Times the typical duration.
    pub duration_factor: f64,
    /// Why, as a sentence.
    pub because: String,
}

/// What is worth asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Question {
    /// What it is about, in a word or two.
    pub about: String,
    /// The question.
    pub ask: String,
}

/// What a specialist says of a need: the typical price and duration of the catalog, times what is special about it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Consultation {
    /// Who says it.
    pub specialist: String,
    /// How demanding it is.
    pub complexity: Complexity,
    /// What it may cost.
    pub price: PriceEstimate,
    /// How long it may take.
    pub duration_minutes: DurationEstimate,
    /// What makes these different from what is typical.
    pub factors: Vec<Factor>,
    /// Whether a warning comes before everything else: call for help first.
    pub emergency: bool,
    /// What people must be told, the most urgent first.
    pub warnings: Vec<String>,
    /// What is worth asking and was not answered, the most important first.
    pub questions: Vec<Question>,
    /// What whoever does the work should know.
    pub notes: Vec<String>,
    /// Finer skills: those that were named, and those that were said in other words.
    pub specializations: Vec<String>,
}

impl Specialists {
    /// Reads files, each a name and a text, whose services must be in the catalog.
    ///
    /// # Errors
    /// Names file, key and reason.
    pub fn read(files: &[(&str, &str)], catalog: &Catalog) -> Result<Self, KnowledgeError> {
        let mut specialists = Self::default();
        for (file, text) in files {
            let specialist = Specialist::read(file, text, catalog)?;
            for id in specialist.services.keys() {
                if let Some(other) = specialists.by_service.insert(id.clone(), specialists.all.len()) {
                    let other = &specialists.all[other].name;
                    return Err(KnowledgeError {
                        file: (*file).to_owned(),
                        key: format!("services.{id}"),
                        reason: format!("{other} knows of it already"),
                    });
                }
            }
            specialists.all.push(specialist);
        }
        Ok(specialists)
    }

    /// Those that are compiled in; to be called when a process starts, so that it does not where one is wrong.
    ///
    /// # Errors
    /// Names file, key and reason.
    pub fn start() -> Result<&'static Self> {
        BUILT_IN.as_ref().map_err(|wrong| Error::new(Code::Internal).detail(wrong.to_string()))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|specialist| specialist.name.as_str())
    }

    /// What the service's specialist says; nothing where there is none, or the catalog does not know the service.
    #[must_use]
    pub fn consult(&self, catalog: &Catalog, asked: &Asked<'_>) -> Option<Consultation> {
        let specialist = &self.all[*self.by_service.get(asked.service_id)?];
        let (_, service) = catalog.service(asked.service_id)?;
        let said = specialist.hear(asked);
        let (points, factors) = specialist.weigh(asked.service_id, &said);
        let all = |of: fn(&Factor) -> f64| {
            factors.iter().map(of).product::<f64>().clamp(ALL_FACTORS.0, ALL_FACTORS.1)
        };
        let (price, duration) = (all(|factor| factor.price_factor), all(|factor| factor.duration_factor));
        let cents = |cents: i64| stepped(cents as f64 * price, PRICE_STEP) as i64;
        let minutes =
            |minutes: u32| stepped(f64::from(minutes) * duration, DURATION_STEP).min(LONGEST) as i32;
        let told: Vec<_> = specialist.warn(asked.service_id, &said).collect();
        let notes = specialist.note(asked.service_id, &said, &factors);
        Some(Consultation {
            specialist: specialist.name.clone(),
            complexity: Complexity::of(points),
            price: PriceEstimate {
                low_cents: cents(service.price.min_cents),
                high_cents: cents(service.price.max_cents),
                currency: service.price.currency.clone(),
            },
            duration_minutes: DurationEstimate {
                low: minutes(service.duration_minutes.min),
                high: minutes(service.duration_minutes.max),
            },
            emergency: told.iter().any(|warning| warning.emergency),
            warnings: told.into_iter().map(|warning| warning.text.clone()).collect(),
            questions: specialist.ask(asked.service_id, &said),
            notes,
            specializations: specialist.specializations(asked, &said),
            factors,
        })
    }
}

/// What a service's specialist says of a need; nothing where there is none.
#[must_use]
pub fn consult(catalog: &Catalog, asked: &Asked<'_>) -> Option<Consultation> {
    BUILT_IN.as_ref().ok()?.consult(catalog, asked)
}

/// The nearest whole number of steps, one at least.
fn stepped(amount: f64, step: f64) -> f64 {
    ((amount / step).round() * step).max(step)
}

impl<'a> Asked<'a> {
    /// What a draft of a request asks, once its service is known.
    #[must_use]
    pub fn of_fields(fields: &'a RequestFields) -> Option<Self> {
        Some(Self {
            service_id: fields.service_id.as_deref()?,
            specializations: fields.specializations.iter().map(String::as_str).collect(),
            text: fields.notes.as_deref().unwrap_or_default(),
            urgency: fields.urgency,
            place: None,
        })
    }

    /// What a request asks.
    #[must_use]
    pub fn of_request(request: &'a Request) -> Self {
        Self {
            service_id: &request.service_id,
            specializations: request.specializations.iter().flatten().map(String::as_str).collect(),
            text: &request.description,
            urgency: Some(request.urgency),
            place: request.place,
        }
    }
}

impl Consultation {
    /// What a consumer's model is told of it: the line `Specialist:` of its prompt, and the advice of a draft.
    #[must_use]
    pub fn advice(&self) -> Value {
        let because: Vec<_> = self.factors.iter().map(|factor| &factor.because).collect();
        let questions: Vec<_> = self.questions.iter().map(|question| &question.ask).collect();
        json!({
            "name": self.specialist,
            "estimate": {
                "complexity": self.complexity,
                "price": self.price,
                "duration_minutes": self.duration_minutes,
                "because": because,
            },
            "emergency": self.emergency,
            "warnings": self.warnings,
            "questions": questions,
        })
    }
}
