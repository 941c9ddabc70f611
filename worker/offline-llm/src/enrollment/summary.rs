//! What an enrollment holds, in words, and what to ask next.

use serde_json::{Map, Value};

use crate::talk::brief::names;
use crate::talk::{Scene, drafts, say};

/// Asked first.
pub const SERVICES: &str = "Which services do you offer, and what do you charge for them?";
/// Asked for the name.
pub const NAME: &str = "What is the name of your business, or what shall customers call you?";
/// Asked for the place.
pub const CITY: &str = "Which city or neighbourhood do you work in?";
/// Asked for the hours.
pub const HOURS: &str = "When do you usually work? For example *Mon to Fri 9 to 5*.";
/// Asked for the licence's number.
pub const LICENCE: &str = "What is the licence number";
/// Asked for the licence's end.
pub const EXPIRY: &str = "Until when is the licence good";
/// Asked for a price.
pub const PRICE: &str = "What do you charge";
/// Asked once.
pub const YEARS: &str =
    "How many years have you done this, and which languages do you speak? You can also skip this.";
/// Stands for the photos, which a tool asks for.
pub const PHOTOS: &str = "photos";

/// What an enrollment holds.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The fields.
    pub fields: Map<String, Value>,
    /// What is missing, by pointer.
    pub missing: Vec<String>,
    /// What does not fit, in words.
    pub problems: Vec<String>,
    /// Whether a tool told it.
    pub is_known: bool,
}

impl State {
    /// From a tool's result.
    pub fn of(result: &Value) -> Self {
        let enrollment = result.get("enrollment").unwrap_or(result);
        let fields = enrollment.get("fields").filter(|fields| fields.is_object()).unwrap_or(enrollment);
        let missing = result.get("missing").or_else(|| enrollment.get("missing"));
        let problems = result.get("problems").and_then(Value::as_array).into_iter().flatten();
        Self {
            fields: fields.as_object().cloned().unwrap_or_default(),
            missing: names(missing),
            problems: problems
                .map(|problem| say::shown(problem, "message"))
                .filter(|text| !text.is_empty())
                .collect(),
            is_known: result.is_object(),
        }
    }

    /// Its services.
    pub fn services(&self) -> Vec<&Value> {
        self.fields.get("services").and_then(Value::as_array).into_iter().flatten().collect()
    }

    fn has(&self, field: &str) -> bool {
        self.fields.get(field).is_some_and(|value| {
            !value.is_null() && value != "" && value.as_array().is_none_or(|list| !list.is_empty())
        })
    }

    /// The service a pointer such as `services/0/licence_number` is about.
    pub fn service_at(&self, pointer: &str) -> Option<&str> {
        let at: usize = pointer.split('/').nth(1)?.parse().ok()?;
        self.services().get(at).map(|service| say::field(service, "service_id"))
    }

    /// The first thing that is missing with this in its pointer.
    pub fn lacking(&self, field: &str) -> Option<&str> {
        self.missing.iter().find(|missing| missing.contains(field)).map(String::as_str)
    }

    /// What to ask next; none if nothing is left.
    pub fn next(&self, scene: &Scene) -> Option<String> {
        let lacks = |field: &str| {
            self.missing.iter().any(|missing| missing == field || missing.starts_with(&format!("{field}/")))
        };
        if lacks("services") && self.services().is_empty() {
            return Some(SERVICES.to_owned());
        }
        if lacks("business_name") || lacks("display_name") {
            return Some(NAME.to_owned());
        }
        if lacks("city") {
            return Some(CITY.to_owned());
        }
        let unpriced = self.services().into_iter().find(|service| {
            ["price_min_cents", "price_max_cents", "price_cents"]
                .iter()
                .all(|key| service.get(*key).is_none_or(Value::is_null))
        });
        if let Some(service) = unpriced
            && !scene.turn.said_ever(PRICE)
        {
            return Some(format!("{PRICE} for {}?", say::service(say::field(service, "service_id"))));
        }
        if lacks("availability") || lacks("weekly") {
            return Some(HOURS.to_owned());
        }
        for (part, question) in [("licence_number", LICENCE), ("licence_expires_on", EXPIRY)] {
            if let Some(pointer) = self.lacking(part) {
                let of = self
                    .service_at(pointer)
                    .map(|id| format!(" for {}", say::service(id)))
                    .unwrap_or_default();
                return Some(format!("{question}{of}?"));
            }
        }
        if lacks("portfolio") {
            return Some(PHOTOS.to_owned());
        }
        if self.is_known
            && !self.has("years_experience")
            && !self.has("languages")
            && !scene.turn.said_ever(YEARS)
            && !self.fields.is_empty()
        {
            return Some(YEARS.to_owned());
        }
        self.missing.first().map(|missing| drafts::question("enrollment", missing))
    }

    /// All of it, in lines.
    pub fn words(&self) -> String {
        let text = |key: &str| {
            let value = self.fields.get(key)?;
            Some(say::plain(say::text(Some(value)))).filter(|text| !text.is_empty())
        };
        let mut lines = Vec::new();
        lines.extend(
            ["business_name", "display_name"]
                .iter()
                .find_map(|key| text(key))
                .map(|name| format!("- Name: **{name}**")),
        );
        lines.extend(text("city").map(|city| format!("- Works in {city}")));
        lines.extend(self.services().into_iter().map(|service| format!("- {}", service_line(service))));
        lines.extend(
            self.fields
                .get("years_experience")
                .and_then(Value::as_i64)
                .map(|years| format!("- {years} years of experience")),
        );
        let languages: Vec<String> = self
            .fields
            .get("languages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(say::plain)
            .collect();
        if !languages.is_empty() {
            lines.push(format!("- Speaks {}", say::and_list(&languages)));
        }
        let hours = self.fields.get("availability").map(drafts::calendar).unwrap_or_default();
        if !hours.is_empty() {
            lines.push(hours);
        }
        let photos = self.fields.get("portfolio").and_then(Value::as_array).map_or(0, Vec::len);
        if photos > 0 {
            lines.push(format!("- {photos} photos"));
        }
        if lines.is_empty() {
            return "Nothing is filled in yet.".to_owned();
        }
        format!("So far:\n{}", lines.join("\n"))
    }
}

fn service_line(service: &Value) -> String {
    let currency = say::field(service, "currency");
    let amount =
        |key: &str| service.get(key).and_then(Value::as_i64).map(|cents| say::money(cents, currency));
    let price = match (amount("price_min_cents"), amount("price_max_cents")) {
        (Some(min), Some(max)) if min == max => format!(", {min}"),
        (Some(min), Some(max)) => format!(", {min} to {max}"),
        (Some(min), None) => format!(", from {min}"),
        (None, Some(max)) => format!(", up to {max}"),
        (None, None) => amount("price_cents").map(|price| format!(", {price}")).unwrap_or_default(),
    };
    format!("{}{price}", say::sentence(&say::service(say::field(service, "service_id"))))
}

/// A change in words.
pub fn noted(changes: &Map<String, Value>) -> String {
    let mut parts = Vec::new();
    for (key, value) in changes {
        match key.as_str() {
            "zone" | "availability" | "weekly" if key != "zone" => parts.push("your hours".to_owned()),
            "zone" => {}
            "services" => {
                let services = value.as_array().into_iter().flatten().map(service_line);
                parts.extend(services.map(|line| line.to_lowercase()));
            }
            "remove_services" => {
                let gone: Vec<String> = value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(say::service)
                    .collect();
                parts.push(format!("no longer {}", say::or_list(&gone)));
            }
            "languages" => {
                let names: Vec<String> = value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(say::plain)
                    .collect();
                parts.push(say::and_list(&names));
            }
            "years_experience" => parts.push(format!("{value} years")),
            "radius_km" => parts.push(format!("up to {value} km")),
            "bio" => parts.push("your words about yourself".to_owned()),
            _ => parts.push(say::plain(say::text(Some(value)))),
        }
    }
    parts.retain(|part| !part.is_empty());
    say::and_list(&parts)
}
