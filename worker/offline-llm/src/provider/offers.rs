//! Offers of a provider: suggested, drafted, changed, withdrawn.

use serde_json::{Map, Value, json};

use super::leads::{self, line};
use crate::concierge::market::between_quotes;
use crate::concierge::market::draft_words;
use crate::talk::brief::Open;
use crate::talk::drafts::{self, Made, NOT_HERE, made};
use crate::talk::hand::Step;
use crate::talk::said::{Said, clock};
use crate::talk::slots::{self, Chosen, Slot};
use crate::talk::{Scene, say, trouble};

/// Asked before an offer is suggested.
pub const WHICH_SUGGEST: &str = "For which lead shall I suggest an offer?";
/// Asked before an offer is drafted.
pub const WHICH_OFFER: &str = "For which lead is the offer?";
/// Asked before an offer is withdrawn.
pub const WHICH_WITHDRAW: &str = "Which offer shall I withdraw?";
/// Asked after a suggestion.
pub const SEND_IT: &str = "Shall I draft it like that?";
/// Asked where there is no price.
pub const WHICH_PRICE: &str = "For which price?";

/// Suggests an offer for a lead.
pub fn suggest(scene: &Scene) -> Step<String> {
    let leads = match leads::all(scene)? {
        Ok(leads) => leads,
        Err(words) => return Ok(words),
    };
    let (id, lead) = match leads::one_of(scene, &leads, WHICH_SUGGEST, None) {
        Ok(found) => found,
        Err(words) => return Ok(words),
    };
    let result = scene.hand.call("suggest_offer", &json!({"request_id": id}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    if result.is_null() {
        return Ok(NOT_HERE.to_owned());
    }
    Ok(format!(
        "For this lead ({}):\n\n{}\n\n{SEND_IT}",
        line(&lead),
        suggestion(result.get("suggestion").unwrap_or(&result))
    ))
}

fn suggestion(suggestion: &Value) -> String {
    let none = Value::Null;
    let price = suggestion.get("price").unwrap_or(&none);
    let currency =
        ["/currency", "/mid/currency"].iter().map(|at| say::text(price.pointer(at))).find(|t| !t.is_empty());
    let amount = |names: [&str; 2]| {
        let cents = names.iter().find_map(|name| say::cents(price.get(*name)))?;
        Some(say::money(cents, currency.unwrap_or_default()))
    };
    let mut parts = Vec::new();
    if let Some(mid) = amount(["mid", "mid_cents"]).or_else(|| say::price(suggestion)) {
        let range = amount(["low", "low_cents"]).zip(amount(["high", "high_cents"]));
        parts.push(format!(
            "I'd ask **{mid}**{}",
            range.map(|(low, high)| format!(" (usual is {low} to {high})")).unwrap_or_default()
        ));
    }
    parts.extend(
        suggestion
            .get("duration_minutes")
            .and_then(Value::as_i64)
            .map(|minutes| format!("{minutes} minutes")),
    );
    let free = slots::free(suggestion);
    if !free.is_empty() {
        parts.push(slots::words(&free));
    }
    let mut lines = vec![parts.join(", ") + "."];
    let reasons: Vec<String> = suggestion
        .get("reasons")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|r| say::plain(say::text(Some(r))))
        .filter(|t| !t.is_empty())
        .take(3)
        .collect();
    if !reasons.is_empty() {
        lines.push(reasons.iter().map(|reason| format!("- {reason}")).collect::<Vec<_>>().join("\n"));
    }
    let message = say::shown(suggestion, "message");
    if !message.is_empty() {
        lines.push(format!("> {message}"));
    }
    lines.join("\n\n")
}

/// Drafts an offer, or changes the one that is drafted.
pub fn submit(scene: &Scene) -> Step<String> {
    let open = scene.brief.open("offer");
    // A change of the draft that names no other lead needs no list of them.
    if let Some(open) = open
        .filter(|open| open.text("request_id").is_some() && !scene.says(&["offer|quote|bid .. for|to .."]))
    {
        let mut arguments = facts(scene, &slots_of(open), Some(open));
        let id = open.text("request_id").unwrap_or_default().to_owned();
        arguments.insert("request_id".to_owned(), json!(id));
        return send(scene, arguments, None);
    }
    let leads = match leads::all(scene)? {
        Ok(leads) => leads,
        Err(words) => return Ok(words),
    };
    let (id, lead) =
        match leads::one_of(scene, &leads, WHICH_OFFER, open.and_then(|open| open.text("request_id"))) {
            Ok(found) => found,
            Err(words) => return Ok(words),
        };
    let mut arguments = facts(scene, &[], None);
    if arguments.is_empty() && scene.turn.said_before().contains(WHICH_OFFER) {
        let before = Said::new(scene.before(), scene.prompt);
        arguments.extend(of_said(&before, scene.before(), &[]));
    }
    // "Send the suggestion", or nothing said: what is suggested holds, and the tool fills it in.
    arguments.insert("request_id".to_owned(), json!(id));
    send(scene, arguments, Some(&lead))
}

fn slots_of(open: &Open) -> Vec<Slot> {
    slots::free(&Value::Object(open.fields.clone()))
}

fn send(scene: &Scene, arguments: Map<String, Value>, lead: Option<&Value>) -> Step<String> {
    let result = scene.hand.call("submit_offer", &Value::Object(arguments))?;
    Ok(match made(&result) {
        Made::Draft(draft) => {
            let lead = lead.map(|lead| format!("For {}:\n\n", line(lead))).unwrap_or_default();
            format!("{lead}{}", drafts::shown(&draft, None))
        }
        Made::Trouble(trouble) => trouble.words,
        Made::Nothing => NOT_HERE.to_owned(),
    })
}

/// What a message says of an offer; with an open draft, what stays of it, too.
fn facts(scene: &Scene, drafted: &[Slot], open: Option<&Open>) -> Map<String, Value> {
    let mut found = Map::new();
    for field in ["service_id", "price_cents", "duration_minutes", "slots", "message", "price_notes"] {
        if let Some(value) = open.and_then(|open| open.fields.get(field)).filter(|value| !value.is_null()) {
            found.insert(field.to_owned(), value.clone());
        }
    }
    found.extend(of_said(&scene.said, scene.said.text, drafted));
    // "Make it 75".
    let changes = scene.says(&["make|change|set|raise|lower|reduce|drop .. #", "# >"])
        && !scene.says(&["minute|min|hour"]);
    if open.is_some()
        && changes
        && !scene.said.has_time()
        && let Some(cents) = scene.said.bare_cents()
    {
        found.insert("price_cents".to_owned(), json!(cents));
    }
    found
}

fn of_said(said: &Said, text: &str, drafted: &[Slot]) -> Map<String, Value> {
    let mut found = Map::new();
    if let Some(cents) = said.cents {
        found.insert("price_cents".to_owned(), json!(cents));
    }
    if let Some(minutes) = duration(said) {
        found.insert("duration_minutes".to_owned(), json!(minutes));
    }
    let slots = times(said, text, drafted);
    if !slots.is_empty() {
        found.insert("slots".to_owned(), json!(slots.iter().map(Slot::json).collect::<Vec<_>>()));
    }
    if let Some(message) = message(text) {
        found.insert("message".to_owned(), json!(message));
    }
    found
}

/// "60 minutes", "an hour and a half", "2 hours".
pub fn duration(said: &Said) -> Option<i64> {
    let reading = &said.reading;
    for i in 0..reading.tokens.len() {
        let unit = reading.norm(i);
        let before = i.checked_sub(1).map_or("", |k| reading.norm(k));
        if i.checked_sub(2).is_some_and(|k| matches!(reading.norm(k), "in" | "within" | "every"))
            || matches!(reading.norm(i + 1), "notice" | "between" | "of")
        {
            continue;
        }
        let count = before
            .parse::<f64>()
            .ok()
            .or_else(|| crate::concierge::amounts::small(before).map(|n| n as f64))
            .or(match before {
                "an" | "a" => Some(1.0),
                "half" => Some(0.5),
                _ => None,
            });
        let half = if reading.says(i + 1, &["and", "a", "half"]) { 0.5 } else { 0.0 };
        match unit {
            "minutes" | "minute" | "min" | "mins" => return count.map(|n| n as i64),
            "hour" | "hours" | "hr" | "hrs" if before != "an" || !per_hour(reading, i) => {
                return count.map(|n| ((n + half) * 60.0) as i64);
            }
            _ => {}
        }
    }
    None
}

/// "$40 an hour" is a price, no duration.
fn per_hour(reading: &crate::concierge::reading::Reading, hour: usize) -> bool {
    hour.checked_sub(2).is_some_and(|k| {
        reading.claimed(k) == Some(crate::concierge::reading::Claim::Money)
            || reading.tokens.get(k).is_some_and(|t| t.kind == crate::concierge::words::Kind::Number)
    })
}

/// The slots that a message names: each day with each time of its clause; a time alone moves the one slot that is drafted.
fn times(said: &Said, text: &str, drafted: &[Slot]) -> Vec<Slot> {
    let adds = text.to_lowercase().contains("add ") || text.to_lowercase().contains("also ");
    let mut found: Vec<Slot> = if adds { drafted.to_vec() } else { Vec::new() };
    let mut day = said.date();
    // "Saturday at 10 or Sunday at 2": clause by clause.
    for part in
        text.split([',', ';']).flat_map(|part| part.split(" or ")).flat_map(|part| part.split(" and "))
    {
        let clause = said.again(part);
        day = clause.date().or(day);
        if let (Some(date), Some(start)) = (day.clone(), clause.start()) {
            found.push(Slot { date, start });
        }
    }
    if found.is_empty() && said.hours.is_some() && said.days.is_none() {
        let start = said.start().or_else(|| said.hours.map(|hours| clock(hours.from)));
        if let (Some(slot), Some(start)) = (drafted.first(), start) {
            found.push(Slot { date: slot.date.clone(), start });
        }
    }
    // "Yes, but at 11": the number alone is a time where the draft has one day.
    if found.is_empty() && said.days.is_some() && said.hours.is_none() {
        if let Chosen::Several(slots) = slots::choose(said, drafted) {
            return slots;
        }
        if let (Some(date), Some(slot)) = (said.date(), drafted.first()) {
            found.push(Slot { date, start: slot.start.clone() });
        }
    }
    found.dedup();
    found.truncate(10);
    found
}

/// The message to the customer: what is quoted, or stands behind "say that", "with the message".
fn message(text: &str) -> Option<String> {
    if let Some(quoted) = between_quotes(text) {
        return Some(quoted);
    }
    let lower = text.to_lowercase();
    let marks = [
        "with the message:",
        "with the message ",
        "message:",
        "and say that ",
        "say that ",
        "and say ",
        "tell her that ",
        "tell him that ",
        "tell them that ",
        "mention that ",
        "saying that ",
        "saying ",
        "write that ",
    ];
    let at = marks.iter().find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let rest = text.get(at..)?.trim().trim_start_matches(':').trim();
    (!rest.is_empty()).then(|| say::sentence(rest))
}

/// Withdraws an offer: makes the draft.
pub fn withdraw(scene: &Scene) -> Step<String> {
    let id = scene.brief.context.get("offer_id").cloned().unwrap_or_default();
    let result = scene.hand.call("withdraw_offer", &json!({"offer_id": id}))?;
    let choices = result.pointer("/error/choices").and_then(Value::as_array).cloned().unwrap_or_default();
    if id.is_null() && !choices.is_empty() {
        let held: Vec<_> = choices.iter().map(crate::concierge::market::booking_choice).collect();
        if let crate::talk::pick::Picked::One(at) =
            crate::talk::pick::pick(&scene.said, &held, None, scene.turn.said_before())
            && let Some(choice) = held.get(at)
        {
            let result = scene.hand.call("withdraw_offer", &json!({"offer_id": choice.id}))?;
            return Ok(draft_words(&result, Some(format!("I would withdraw the offer: {}.", choice.label))));
        }
        return Ok(crate::talk::pick::which(WHICH_WITHDRAW, &held, &(0..held.len()).collect::<Vec<_>>()));
    }
    Ok(draft_words(&result, None))
}
