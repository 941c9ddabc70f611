//! One message and what is known already → facts.

use chrono_tz::Tz;

use super::facts::{Facts, Question, Urgency};
use super::people;
use super::places::{self, Mention};
use super::prompt::Prompt;
use super::reading::Reading;
use super::services::{self, Before};
use super::{money, notes, time, unwilling};

/// What is known when a message is read.
#[derive(Debug)]
pub struct Context<'a> {
    /// The time, the zone and the draft.
    pub prompt: &'a Prompt,
    /// What the concierge asked last.
    pub asked: &'a [Question],
    /// A category that earlier messages spoke of.
    pub category: Option<&'a str>,
}

/// Reads a message.
pub fn understand(text: &str, context: &Context) -> Facts {
    let known = &context.prompt.known;
    let mut reading = Reading::new(text);
    let name = people::find(&mut reading);
    let mut amounts = money::find_marked(&mut reading);
    // The days are read in the zone of the place, and the place stands in what the days leave: so the zone is looked up first.
    let zone = zone(text, context);
    reading.day_first = abroad(zone);
    let now = context.prompt.now.with_timezone(&zone).naive_local();
    let asks_budget = context.asked.contains(&Question::Budget);
    let asks_window = context.asked.contains(&Question::Window);
    let items = time::find(&mut reading, now.date(), asks_window && !asks_budget);
    amounts.extend(money::find_bare(
        &mut reading,
        asks_budget,
        !amounts.is_empty() || known.fields.get("budget").is_some_and(serde_json::Value::is_object),
    ));
    amounts.sort_by_key(|m| m.range.start);
    let currency =
        known.fields.get("budget").and_then(|b| b.get("currency")).and_then(serde_json::Value::as_str);
    let budget = money::settle(&reading, &amounts, currency);
    let times = time::settle(&reading, &items, now, known.window());
    let cities = places::find(&mut reading);
    let city = city(&reading, &cities);
    let said = services::find(
        &mut reading,
        &Before { service: known.text("service_id"), category: context.category, asked: context.asked },
    );
    let declined = unwilling::find(&mut reading, context.asked, times.window.is_some(), budget.is_some());
    let unhurried = unwilling::is_unhurried(&reading);
    let mut all_notes = times.notes;
    if let Some(mention) = city {
        all_notes.extend(mention.part.clone());
    }
    let has_others = !said.others.is_empty();
    all_notes.extend(said.others);
    all_notes.extend(per_unit(&reading, &amounts));
    all_notes.extend(notes::find(&reading));
    let mut facts = Facts {
        service: said.service,
        category: said.category,
        city: city.map(|m| m.city.clone()),
        zone: city.and_then(|m| m.zone.clone()),
        window: times.window,
        budget,
        specializations: said.specializations,
        notes: Vec::new(),
        name,
        urgency: times.urgency.or(unhurried.then_some(Urgency::Flexible)),
        declined,
    };
    // Notes belong to a request: words around nothing are no wishes.
    let nothing = Facts { category: facts.category.clone(), ..Facts::default() };
    if facts != nothing
        || !items.is_empty()
        || has_others
        || (is_statement(&reading) && known.text("service_id").is_some())
    {
        facts.notes = all_notes;
    }
    facts
}

/// A price by the hour or the like stays visible as a note.
fn per_unit(reading: &Reading, amounts: &[money::Mention]) -> Vec<String> {
    amounts
        .iter()
        .filter_map(|m| {
            let end = m.range.end;
            let length =
                if matches!(reading.norm(end), "an" | "a" | "per" | "each") || reading.is_sign(end, "/") {
                    2
                } else {
                    return None;
                };
            let unit = matches!(
                reading.norm(end + 1),
                "hour"
                    | "hr"
                    | "h"
                    | "person"
                    | "room"
                    | "window"
                    | "visit"
                    | "week"
                    | "month"
                    | "session"
                    | "light"
                    | "outlet"
                    | "head"
            );
            ((unit || reading.norm(end) == "per") && length == 2)
                .then(|| reading.words(m.range.start..end + length).to_owned())
        })
        .collect()
}

/// Of the places of a message: the last correction, then where the work is rather than where the user lives, then the first.
fn city<'m>(reading: &Reading, cities: &'m [Mention]) -> Option<&'m Mention> {
    let held = || cities.iter().filter(|m| !reading.is_denied(m.range.start));
    let last = held().map(|m| reading.segment(m.range.start)).max()?;
    let weight = held().filter(|m| reading.segment(m.range.start) == last).map(|m| m.weight).max()?;
    held().find(|m| reading.segment(m.range.start) == last && m.weight == weight)
}

/// The zone of the place of this message, else of the draft, else the default.
fn zone(text: &str, context: &Context) -> Tz {
    let mut reading = Reading::new(text);
    people::find(&mut reading);
    let cities = places::find(&mut reading);
    let here = city(&reading, &cities).and_then(|m| m.zone.clone());
    let known = &context.prompt.known;
    here.or_else(|| known.text("zone").map(str::to_owned))
        .or_else(|| known.text("city").and_then(places::zone_of).map(str::to_owned))
        .and_then(|zone| zone.parse().ok())
        .unwrap_or(context.prompt.zone)
}

/// Whether dates are written with the day first.
fn abroad(zone: Tz) -> bool {
    const US: &[&str] = &[
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Phoenix",
        "America/Anchorage",
        "America/Boise",
        "America/Detroit",
        "America/Indiana/Indianapolis",
        "America/Kentucky/Louisville",
        "Pacific/Honolulu",
        "America/Toronto",
        "America/Vancouver",
        "UTC",
    ];
    !US.contains(&zone.name())
}

/// Whether a message tells something, rather than asks or chats.
fn is_statement(reading: &Reading) -> bool {
    const TELLS: &[&str] = &[
        "my", "the", "we", "has", "have", "its", "is", "are", "with", "only", "prefer", "theres", "there",
        "hair", "room", "bring", "dog", "cat", "need", "should", "must", "no",
    ];
    let words = (0..reading.tokens.len()).filter(|i| reading.is_word(*i)).count();
    words >= 3
        && !reading.tokens.iter().any(|t| t.is_sign("?"))
        && (0..reading.tokens.len()).any(|i| TELLS.contains(&reading.norm(i)))
        && !super::smalltalk::is_off_topic(reading)
}
