//! What is told of an enrollment, put over what is filled in.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::shape;
use crate::agent::tools::{ServiceArgs, UpdateEnrollment};
use crate::domain::enrollment::EnrollmentFields;
use crate::error::{Problem, Result};
use crate::model::MediaId;
use crate::model::calendar::Availability;
use crate::model::catalog::Catalog;
use crate::model::places::place;

/// Fields by their names.
type Fields = Map<String, Value>;

/// How often what cannot be is taken back before the rest is left to the endpoint's own judgement.
const ROUNDS: usize = 4;
/// A price that cannot be is two.
const PRICES: [&str; 2] = ["price_min_cents", "price_max_cents"];

/// The fields that change, as `PATCH /enrollment/{id}` takes them, and what was left out as it cannot be.
pub(super) fn changes(
    before: &Fields,
    said: &UpdateEnrollment,
    photos: &[MediaId],
    default_zone: Tz,
    catalog: &Catalog,
) -> Result<(Fields, Vec<Problem>)> {
    let mut after = before.clone();
    put_words(&mut after, said);
    put_services(&mut after, said);
    put_zone(&mut after, before, said);
    put_hours(&mut after, said, default_zone)?;
    put_photos(&mut after, photos);

    let mut told: Vec<Problem> = Vec::new();
    for _ in 0..ROUNDS {
        let wrong = wrong(&after, before, catalog)?;
        if wrong.is_empty() {
            break;
        }
        take_back(&mut after, before, &wrong);
        told.extend(wrong.into_iter().filter(|problem| !told.contains(problem)).collect::<Vec<_>>());
    }
    let names = after.keys().chain(before.keys());
    let changed = names.filter(|name| after.get(*name) != before.get(*name));
    let changes = changed.map(|name| (name.clone(), after.get(name).cloned().unwrap_or_default())).collect();
    Ok((changes, told))
}

/// What is one field of the enrollment each; said as nothing it is taken out.
fn put_words(after: &mut Fields, said: &UpdateEnrollment) {
    let texts = [
        ("business_name", &said.business_name),
        ("headline", &said.headline),
        ("bio", &said.bio),
        ("city", &said.city),
        ("phone", &said.phone),
        ("email", &said.email),
        ("street", &said.street),
    ];
    for (name, text) in texts {
        match text.as_deref().map(str::trim) {
            Some("") => drop(after.remove(name)),
            Some(text) => drop(after.insert(name.to_owned(), json!(text))),
            None => {}
        }
    }
    let others = [
        ("radius_km", said.radius_km.map(|radius| json!(radius))),
        ("languages", said.languages.as_ref().map(|languages| json!(languages))),
        ("years_experience", said.years_experience.map(|years| json!(years))),
    ];
    for (name, value) in others {
        if let Some(value) = value {
            after.insert(name.to_owned(), value);
        }
    }
}

/// Services are merged by their slugs.
fn put_services(after: &mut Fields, said: &UpdateEnrollment) {
    let mut services = list(after, "services");
    for new in said.services.iter().flatten() {
        let known = services.iter_mut().find(|service| service["service_id"] == json!(new.service_id));
        match known.and_then(Value::as_object_mut) {
            Some(known) => put_service(known, new),
            None => {
                let mut made = Map::new();
                put_service(&mut made, new);
                services.push(Value::Object(made));
            }
        }
    }
    let removed = said.remove_services.as_deref().unwrap_or_default();
    services.retain(|service| !removed.iter().any(|id| service["service_id"] == json!(id)));
    put_list(after, "services", services);
}

fn put_service(service: &mut Fields, new: &ServiceArgs) {
    if let Ok(Value::Object(said)) = serde_json::to_value(new) {
        service.extend(said);
    }
    // A price that is said alone is right, whatever the other was.
    let is_upside_down = |service: &Fields| {
        let [min, max] = PRICES.map(|name| service.get(name).and_then(Value::as_i64));
        min.zip(max).is_some_and(|(min, max)| min > max)
    };
    if is_upside_down(service) {
        match (new.price_min_cents, new.price_max_cents) {
            (Some(_), None) => drop(service.remove("price_max_cents")),
            (None, Some(_)) => drop(service.remove("price_min_cents")),
            _ => {}
        }
    }
}

/// The zone is said, or that of the known city; that of an earlier city is not another's.
fn put_zone(after: &mut Fields, before: &Fields, said: &UpdateEnrollment) {
    let city = after.get("city").and_then(Value::as_str);
    let has_moved = after.get("city") != before.get("city");
    let zone = match said.zone.as_deref().map(str::trim).filter(|zone| !zone.is_empty()) {
        Some(zone) => Some(json!(zone)),
        None if has_moved => city.and_then(place).map(|known| json!(known.zone)),
        None => return,
    };
    match zone {
        Some(zone) => after.insert("zone".to_owned(), zone),
        None => after.remove("zone"),
    };
}

/// Days that are said, in the zone of the business.
fn put_hours(after: &mut Fields, said: &UpdateEnrollment, default_zone: Tz) -> Result<()> {
    let zone = after.get("zone").and_then(Value::as_str).and_then(|zone| zone.parse::<Tz>().ok());
    let known: Option<Availability> = match after.get("availability") {
        Some(hours) => Some(serde_json::from_value(hours.clone())?),
        None => None,
    };
    if said.weekly.is_none() && known.is_none() {
        return Ok(());
    }
    let mut hours = known.unwrap_or_else(|| Availability::closed(default_zone));
    hours.zone = zone.unwrap_or(hours.zone);
    if let Some(weekly) = &said.weekly {
        weekly.over(&mut hours.weekly);
    }
    after.insert("availability".to_owned(), serde_json::to_value(hours)?);
    Ok(())
}

/// Photos that are not there yet; they count for all services.
fn put_photos(after: &mut Fields, photos: &[MediaId]) {
    let mut shown = list(after, "portfolio");
    for id in photos {
        if !shown.iter().any(|photo| photo["media_id"] == json!(id)) {
            shown.push(json!({ "media_id": id }));
        }
    }
    put_list(after, "portfolio", shown);
}

fn list(fields: &Fields, name: &str) -> Vec<Value> {
    fields.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// An empty list is none.
fn put_list(fields: &mut Fields, name: &str, list: Vec<Value>) {
    match list.is_empty() {
        true => drop(fields.remove(name)),
        false => drop(fields.insert(name.to_owned(), Value::Array(list))),
    }
}

/// What cannot be of the fields that change.
fn wrong(after: &Fields, before: &Fields, catalog: &Catalog) -> Result<Vec<Problem>> {
    let value = Value::Object(after.clone());
    let mut problems = shape::problems(&value);
    if problems.is_empty() {
        problems = serde_json::from_value::<EnrollmentFields>(value)?.problems(catalog);
    }
    problems.retain(|problem| {
        let name = problem.pointer.split('/').nth(1).unwrap_or_default();
        after.get(name) != before.get(name)
    });
    Ok(problems)
}

/// Puts what cannot be back to what it was: of a service only the field, if it is one.
fn take_back(after: &mut Fields, before: &Fields, wrong: &[Problem]) {
    let earlier = list(before, "services");
    let mut unknown: Vec<Value> = Vec::new();
    for problem in wrong {
        let mut parts = problem.pointer.split('/').skip(1);
        let name = parts.next().unwrap_or_default();
        let at = parts.next().and_then(|at| at.parse::<usize>().ok());
        let service = match (name, at) {
            ("services", Some(at)) => after.get_mut(name).and_then(|all| all.get_mut(at)),
            _ => None,
        };
        let Some(service) = service.and_then(Value::as_object_mut) else {
            restore(after, before, name);
            continue;
        };
        let was = earlier.iter().find(|was| was.get("service_id") == service.get("service_id"));
        let none = Map::new();
        let was = was.and_then(Value::as_object).unwrap_or(&none);
        match parts.next() {
            Some("service_id") | None if was.is_empty() => {
                unknown.extend(service.get("service_id").cloned());
            }
            Some("service_id") | None => service.clone_from(was),
            Some(price) if PRICES.contains(&price) => {
                PRICES.iter().for_each(|name| restore(service, was, name))
            }
            Some(field) => restore(service, was, field),
        }
    }
    let mut services = list(after, "services");
    services.retain(|service| !unknown.iter().any(|id| service.get("service_id") == Some(id)));
    put_list(after, "services", services);
}

fn restore(after: &mut Fields, before: &Fields, name: &str) {
    match before.get(name) {
        Some(was) => drop(after.insert(name.to_owned(), was.clone())),
        None => drop(after.remove(name)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    fn filled(before: Value, said: Value) -> (Value, Vec<String>) {
        let (Value::Object(before), said) = (before, serde_json::from_value(said).unwrap()) else {
            unreachable!()
        };
        let (changes, problems) =
            changes(&before, &said, &[], Tz::America__New_York, Catalog::built_in()).unwrap();
        (Value::Object(changes), problems.into_iter().map(|problem| problem.pointer).collect())
    }

    #[test]
    fn services_are_merged_by_their_slugs() {
        let before = json!({"services": [{"service_id": "haircut", "price_max_cents": 5_000}]});
        let said = json!({"services": [
            {"service_id": "haircut", "price_min_cents": 6_000}, {"service_id": "braiding", "places": ["provider"]},
        ]});
        let wanted = json!({"services": [
            {"service_id": "haircut", "price_min_cents": 6_000}, {"service_id": "braiding", "places": ["provider"]},
        ]});
        assert_eq!(filled(before.clone(), said), (wanted, vec![]));
        let (gone, _) = filled(before, json!({"remove_services": ["haircut"]}));
        assert_eq!(gone, json!({"services": null}));
    }

    #[test]
    fn what_cannot_be_is_left_out_and_told() {
        let before = json!({"email": "ana@curls.example"});
        let said = json!({"email": "nobody", "business_name": "Curls", "services": [
            {"service_id": "haircut", "duration_minutes": 2}, {"service_id": "levitation"},
        ]});
        let (changes, problems) = filled(before, said);
        assert_eq!(changes, json!({"business_name": "Curls", "services": [{"service_id": "haircut"}]}));
        assert_eq!(problems.len(), 3, "{problems:?}");
    }

    #[test]
    fn hours_are_in_the_zone_of_the_city() {
        let said = json!({"city": "Chicago", "weekly": {"tuesday": [{"start": "09:00", "end": "17:00"}]}});
        let (changes, problems) = filled(json!({}), said);
        assert_eq!((&changes["zone"], problems), (&json!("America/Chicago"), vec![]));
        assert_eq!(changes["availability"]["zone"], "America/Chicago");
        let (moved, _) = filled(changes, json!({"city": "Brooklyn"}));
        assert_eq!(moved["availability"]["zone"], "America/New_York");
        assert_eq!(moved["availability"]["weekly"]["tuesday"].as_array().unwrap().len(), 1);
    }
}
