//! Working hours, days off and limits in a message.

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Map, Value, json};

use crate::concierge::amounts::small;
use crate::concierge::market::draft_words;
use crate::concierge::reading::Reading;
use crate::concierge::time::calendar::{Span, plus, weekday};
use crate::concierge::time::clock::{self, MIDNIGHT, Sort};
use crate::talk::Scene;
use crate::talk::hand::Step;
use crate::talk::said::clock as written;

/// Asked where nothing is understood.
pub const WHAT: &str =
    "When do you work, or when are you off? For example *Mon to Fri 9 to 5* or *off on Friday*.";

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Words that close the days they stand with, where no hours are said.
const CLOSED: &[&str] =
    &["off", "closed", "close", "not", "dont", "except", "no", "never", "without", "cant", "wont"];

/// A stretch of hours, in minutes of the day.
pub type Hours = (u32, u32);

/// Whether a message names hours, days off or limits.
pub fn changes(scene: &Scene) -> bool {
    !arguments(scene).is_empty()
}

/// Changes the calendar: makes the draft.
pub fn update(scene: &Scene) -> Step<String> {
    let arguments = arguments(scene);
    if arguments.is_empty() {
        return Ok(WHAT.to_owned());
    }
    let result = scene.hand.call("update_availability", &Value::Object(arguments))?;
    Ok(draft_words(&result, None))
}

fn arguments(scene: &Scene) -> Map<String, Value> {
    let said = &scene.said;
    let mut found = Map::new();
    let off = scene.says(&[
        "off|unavailable|closed|away|vacation|holiday|holidays|sick|leave|busy|block|close",
        "dont|not|cant|wont|no ?longer work|working|available",
        "day|days|time off",
    ]);
    // "I'm away on Friday" denies Friday, which here is the day that is meant.
    let dated = dates(if off && said.all_days.is_empty() { &said.denied_days } else { &said.all_days });
    let usual = weekly(said.text, off);
    // "Fridays", "Mon–Fri" are every week; "on Friday", "Dec 20 to 27", "tomorrow" are dates.
    let every = scene.says(&["every|each|weekdays|weekends|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|usually|always|anymore|longer|from now on"]);
    let works = scene.says(&["i|we ?only ?now work|working", "hours|open|available"]) && !off;
    if !usual.is_empty() && (every || works || dated.is_empty()) && !(off && !every && !dated.is_empty()) {
        found.insert("weekly".to_owned(), Value::Object(usual));
    } else if !dated.is_empty() {
        let hours = said
            .hours
            .filter(|hours| hours.kind == Sort::Between && !off)
            .map(|hours| json!([{"start": written(hours.from), "end": written(hours.to)}]));
        let hours = match (hours, off, said.hours) {
            (Some(hours), _, _) => hours,
            // "Off on Friday afternoon": the rest of the usual day is not known here, so the morning stays.
            (None, true, Some(part)) if part.from >= 12 * 60 => {
                json!([{"start": "09:00", "end": written(part.from)}])
            }
            (None, true, Some(part)) if part.to <= 12 * 60 && part.from > 0 => {
                json!([{"start": written(part.to), "end": "17:00"}])
            }
            _ => json!([]),
        };
        let exceptions: Vec<Value> =
            dated.iter().map(|date| json!({"date": date.to_string(), "hours": hours})).collect();
        found.insert("exceptions".to_owned(), json!(exceptions));
    }
    let numbers = limits(&said.reading);
    found.extend(numbers);
    found
}

/// The dates that a message names, at most two months of them.
fn dates(spans: &[Span]) -> Vec<NaiveDate> {
    let mut found = Vec::new();
    for span in spans {
        let mut day = span.from;
        while day <= span.to && found.len() < 62 {
            if !found.contains(&day) {
                found.push(day);
            }
            day = plus(day, 1);
        }
    }
    found
}

/// The hours of every week that a text names, by day; an empty list is a day off.
pub fn weekly(text: &str, off: bool) -> Map<String, Value> {
    let mut found = Map::new();
    let clauses = text
        .split([';', '.'])
        .flat_map(|part| part.split(" and on "))
        .flat_map(|part| part.split(", "))
        .flat_map(parts);
    let mut waiting: Vec<Weekday> = Vec::new();
    let mut last: Vec<Hours> = Vec::new();
    for clause in clauses {
        let reading = Reading::new(&clause);
        let days = days(&reading);
        let hours = hours(&reading);
        let closed = off || (0..reading.tokens.len()).any(|i| CLOSED.contains(&reading.norm(i)));
        if hours.is_empty() {
            match (closed, last.is_empty()) {
                (true, _) => put(&mut found, &days, &[]),
                (_, false) => put(&mut found, &days, &last),
                _ => waiting.extend(days),
            }
            continue;
        }
        waiting.extend(days);
        if !waiting.is_empty() {
            put(&mut found, &std::mem::take(&mut waiting), &hours);
            last = hours;
        }
    }
    // "Weekdays" without hours: the usual ones.
    if !waiting.is_empty() && !off {
        put(&mut found, &waiting, &[(9 * 60, 17 * 60)]);
    }
    found
}

/// "Weekdays 8 to 5 and Saturday 9 to 12": the parts at each "and" before a day. "Between 9 and 5" stays whole.
fn parts(clause: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in clause.replace(" & ", " and ").replace(" but ", " and ").split(" and ") {
        match parts.last_mut() {
            Some(before) if days(&Reading::new(part)).is_empty() => {
                before.push_str(" and ");
                before.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

fn put(found: &mut Map<String, Value>, days: &[Weekday], hours: &[Hours]) {
    let spans: Vec<Value> =
        hours.iter().map(|(from, to)| json!({"start": written(*from), "end": written(*to)})).collect();
    for day in days {
        let name =
            DAYS.get(usize::try_from(day.num_days_from_monday()).unwrap_or(0)).copied().unwrap_or_default();
        found.insert(name.to_owned(), json!(spans));
    }
}

/// Days of the week: "Mon–Fri", "Tuesdays and Thursdays", "weekdays", "every day".
fn days(reading: &Reading) -> Vec<Weekday> {
    let day = |i: usize| {
        let norm = reading.norm(i);
        weekday(norm).or_else(|| weekday(norm.strip_suffix('s')?))
    };
    let mut found: Vec<Weekday> = Vec::new();
    let mut i = 0;
    while i < reading.tokens.len() {
        match reading.norm(i) {
            "weekdays" | "weekday" => {
                found.extend([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri])
            }
            "weekends" | "weekend" => found.extend([Weekday::Sat, Weekday::Sun]),
            "daily" => found.extend(all_days()),
            "every" | "each" | "seven" if matches!(reading.norm(i + 1), "day" | "days") => {
                found.extend(all_days())
            }
            _ => {}
        }
        if let Some(first) = day(i) {
            let joined = matches!(reading.norm(i + 1), "to" | "through" | "thru" | "till" | "until")
                || ["-", "–", "—"].iter().any(|sign| reading.is_sign(i + 1, sign));
            match day(i + 2).filter(|_| joined) {
                Some(last) => {
                    let mut at = first;
                    found.push(at);
                    while at != last {
                        at = at.succ();
                        found.push(at);
                    }
                    i += 2;
                }
                None => found.push(first),
            }
        }
        i += 1;
    }
    found
}

fn all_days() -> impl Iterator<Item = Weekday> {
    NaiveDate::from_ymd_opt(2026, 11, 16)
        .into_iter()
        .flat_map(|monday| (0..7).map(move |n| plus(monday, n).weekday()))
}

/// "9 to 5", "from 10am until 6pm", "8 to 12 and 1 to 5"; "mornings", "after 10" only where no stretches are said.
fn hours(reading: &Reading) -> Vec<Hours> {
    let mut found: Vec<Hours> = Vec::new();
    let mut loosely = None;
    let mut i = 0;
    while i < reading.tokens.len() {
        let Some((hours, end)) = clock::at(reading, i, true, true) else {
            i += 1;
            continue;
        };
        i = end.max(i + 1);
        match hours.kind {
            Sort::Between => {
                // "9 to 12 and 2 to 6": the second is in the afternoon.
                let after = found.last().map_or(0, |(_, to)| *to);
                let late = if hours.loose && hours.from < after { 12 * 60 } else { 0 };
                let (from, to) = (hours.from + late, hours.to + late);
                if from >= after && to > from && to <= MIDNIGHT {
                    found.push((from, to));
                }
            }
            Sort::Open if hours.from == 0 && hours.to > 0 => loosely = loosely.or(Some((9 * 60, hours.to))),
            Sort::Open if hours.from > 0 => {
                loosely = loosely.or(Some((hours.from, (17 * 60).max(hours.from + 60))));
            }
            Sort::Part if hours.to > hours.from => loosely = loosely.or(Some((hours.from, hours.to))),
            _ => {}
        }
    }
    if found.is_empty() { loosely.into_iter().collect() } else { found }
}

/// "No more than 3 a day", "30 minutes between jobs", "a day's notice".
fn limits(reading: &Reading) -> Map<String, Value> {
    let mut found = Map::new();
    let value = |i: usize| {
        let norm = reading.norm(i);
        norm.parse::<i64>().ok().or_else(|| small(norm)).or(match norm {
            "a" | "an" => Some(1),
            "half" => Some(30),
            _ => None,
        })
    };
    for i in 0..reading.tokens.len() {
        let Some(number) = value(i).filter(|n| *n > 0) else { continue };
        let article = matches!(reading.norm(i), "a" | "an");
        let mut next = i + 1;
        let things = matches!(
            reading.norm(next),
            "bookings"
                | "jobs"
                | "appointments"
                | "customers"
                | "clients"
                | "booking"
                | "job"
                | "appointment"
                | "visits"
        );
        next += usize::from(things);
        let per_day = (matches!(reading.norm(next), "a" | "per" | "each" | "every" | "in")
            && matches!(reading.norm(next + 1), "day"))
            || reading.norm(next) == "daily"
            || reading.says(next, &["in", "a", "day"]);
        if per_day && !article && (1..=50).contains(&number) {
            found.insert("max_per_day".to_owned(), json!(number));
            continue;
        }
        let minutes = match reading.norm(i + 1) {
            "minutes" | "minute" | "min" | "mins" => number,
            "hours" | "hour" | "hrs" | "h" => number * 60,
            "days" | "day" => number * 24 * 60,
            _ if reading.says(i, &["half", "an", "hour"]) => 30,
            _ => continue,
        };
        let said = |words: &[&str]| (i.saturating_sub(6)..i + 8).any(|k| words.contains(&reading.norm(k)));
        if said(&["notice", "ahead", "advance"]) {
            found.entry("notice_minutes").or_insert(json!(minutes));
        } else if said(&["between", "buffer", "break", "gap", "pause"]) {
            found.entry("buffer_minutes").or_insert(json!(minutes));
        }
    }
    found
}
