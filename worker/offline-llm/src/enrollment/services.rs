//! The services that somebody offers, and their prices, in a message.

use serde_json::{Map, Value, json};

use super::summary::{PRICE, State};
use crate::concierge::money::{self, Mention};
use crate::concierge::reading::Reading;
use crate::concierge::services;
use crate::concierge::vocabulary::{Strength, VOCABULARY, hits};
use crate::provider::duration;
use crate::talk::{Scene, say};

/// A service named in a message, and where.
struct Named {
    id: String,
    at: usize,
}

/// Services that are named, in their order, and those that are denied.
fn named(reading: &Reading) -> (Vec<Named>, Vec<String>) {
    let mut found: Vec<(i32, usize, usize, &str)> = Vec::new();
    for service in &VOCABULARY.services {
        for (phrase, strength) in &service.phrases {
            if *strength != Strength::Strong {
                continue;
            }
            for hit in hits(&reading.tokens, phrase) {
                let (first, last) =
                    (hit.at.first().copied().unwrap_or(0), hit.at.last().copied().unwrap_or(0));
                let words = i32::try_from(phrase.words.len()).unwrap_or(1);
                let gap = i32::try_from(hit.gap).unwrap_or(0);
                if hit.gap <= 1 {
                    found.push((10 * words + service.rank - 2 * gap, first, last, service.id.as_str()));
                }
            }
        }
    }
    found.sort_by_key(|(score, first, ..)| (std::cmp::Reverse(*score), *first));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let (mut held, mut denied): (Vec<Named>, Vec<String>) = (Vec::new(), Vec::new());
    for (_, first, last, id) in found {
        if taken.iter().any(|(from, to)| first <= *to && *from <= last) {
            continue;
        }
        taken.push((first, last));
        let removed = reading.is_denied(first)
            || is_no(reading, first)
            || (first.saturating_sub(4)..first).any(|k| {
                matches!(reading.norm(k), "remove" | "drop" | "delete" | "without" | "dont" | "longer")
            });
        if removed {
            denied.push(id.to_owned());
        } else if !held.iter().any(|named| named.id == id) {
            held.push(Named { id: id.to_owned(), at: first });
        }
    }
    held.sort_by_key(|named| named.at);
    (held, denied)
}

/// The services that change, each with what is new of it, and those that go.
///
/// `text` is the message without the name of the business.
pub fn changes(scene: &Scene, state: &State, text: &str) -> (Vec<Value>, Vec<String>) {
    let mut reading = Reading::new(text);
    let mut amounts = money::find_marked(&mut reading);
    amounts.extend(money::find_bare(&mut reading, scene.asked(PRICE), false));
    amounts.sort_by_key(|mention| mention.range.start);
    let (mut held, mut denied) = named(&reading);
    denied.extend(taken_out(&reading, state, &held, !amounts.is_empty()));
    if held.is_empty() && denied.is_empty() {
        held.extend(by_trade(&reading));
    }
    let known: Vec<&str> = state.services().iter().map(|service| say::field(service, "service_id")).collect();
    let mut entries: Vec<(usize, Map<String, Value>)> = held
        .iter()
        .map(|named| (named.at, Map::from_iter([("service_id".to_owned(), json!(named.id))])))
        .collect();
    if entries.is_empty() && (!amounts.is_empty() || licence(scene, state).is_some()) && denied.is_empty() {
        // A price alone is that of the service that has none, or of all there are.
        let unpriced: Vec<&str> = state
            .services()
            .into_iter()
            .filter(|service| {
                ["price_min_cents", "price_cents"]
                    .iter()
                    .all(|key| service.get(*key).is_none_or(Value::is_null))
            })
            .map(|service| say::field(service, "service_id"))
            .collect();
        let of = if unpriced.is_empty() || amounts.is_empty() { known.clone() } else { unpriced };
        if !amounts.is_empty() {
            entries =
                of.iter().map(|id| (0, Map::from_iter([("service_id".to_owned(), json!(id))]))).collect();
        }
    }
    prices(scene, &reading, &amounts, &mut entries);
    denied.sort();
    denied.dedup();
    let skills = services::find(&mut Reading::new(text), &services::Before::default()).specializations;
    if let [(_, only)] = entries.as_mut_slice() {
        if !skills.is_empty() {
            only.insert("specializations".to_owned(), json!(skills));
        }
        if let Some(minutes) = duration(&scene.said) {
            only.insert("duration_minutes".to_owned(), json!(minutes));
        }
    }
    if let Some((id, details)) = licence(scene, state) {
        match entries.iter_mut().find(|(_, entry)| entry.get("service_id") == Some(&json!(id))) {
            Some((_, entry)) => entry.extend(details),
            None => {
                let mut entry = Map::from_iter([("service_id".to_owned(), json!(id))]);
                entry.extend(details);
                entries.push((0, entry));
            }
        }
    }
    // What is known already and has nothing new does not change.
    let changed = entries
        .into_iter()
        .filter(|(_, entry)| {
            entry.len() > 1
                || entry.get("service_id").and_then(Value::as_str).is_some_and(|id| !known.contains(&id))
        })
        .map(|(_, entry)| Value::Object(entry));
    let gone = denied.into_iter().filter(|id| known.contains(&id.as_str()));
    (changed.collect(), gone.collect())
}

/// "No colouring", "no more haircuts".
fn is_no(reading: &Reading, at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map_or("", |k| reading.norm(k));
    word(1) == "no" || word(2) == "no" && matches!(word(1), "more" | "longer" | "hair")
}

/// Of the services there are, those that go without being named in full: "no colouring", "just the haircuts".
fn taken_out(reading: &Reading, state: &State, held: &[Named], priced: bool) -> Vec<String> {
    let known: Vec<&str> = state.services().iter().map(|service| say::field(service, "service_id")).collect();
    let of_word = |stem: &str, id: &str| {
        let service = VOCABULARY.service(id);
        service.is_some_and(|service| {
            service.phrases.iter().any(|(phrase, _)| phrase.words.iter().any(|(_, own)| own == stem))
        })
    };
    let mut gone: Vec<String> = Vec::new();
    for (i, token) in reading.tokens.iter().enumerate() {
        if is_no(reading, i) || reading.is_denied(i) {
            let fit: Vec<&&str> = known.iter().filter(|id| of_word(&token.stem, id)).collect();
            if let [only] = fit.as_slice() {
                gone.push((**only).to_owned());
            }
        }
    }
    let spoken = crate::talk::rules::Spoken::new(reading);
    let only = crate::talk::rules::says(&spoken, "only|just ?the|do|doing|offer")
        && crate::talk::rules::says(&spoken, "actually|no|not|only|sorry|instead|rather|drop|remove");
    if only && !priced && !held.is_empty() && held.iter().all(|named| known.contains(&named.id.as_str())) {
        let others = known.iter().filter(|id| held.iter().all(|named| named.id != **id));
        gone.extend(others.map(|id| (*id).to_owned()));
    }
    gone.retain(|id| held.iter().all(|named| named.id != *id));
    gone
}

/// "I clean homes", "I cut hair": what somebody does, in words that consumers do not use.
fn by_trade(reading: &Reading) -> Option<Named> {
    const TRADES: &[(&str, &str)] = &[
        (
            "clean|cleaning|cleaner|maid|housekeeper home|homes|house|houses|apartment|apartments|flat|flats",
            "house_cleaning",
        ),
        ("cleaner|maid|housekeeper|housecleaner", "house_cleaning"),
        ("house|home cleaning|cleaner", "house_cleaning"),
        ("clean windows", "window_cleaning"),
        ("cut|style hair", "haircut"),
        ("barber|hairdresser|hairstylist", "haircut"),
        ("hair stylist|dresser", "haircut"),
        ("photograph|shoot weddings|wedding", "wedding_photography"),
        ("wedding photographer", "wedding_photography"),
        ("portrait|family photographer|photographs|photography", "portrait_photography"),
        ("fix|repair leaks|leak", "leak_repair"),
        ("unclog|clear|clean drains|drain", "drain_cleaning"),
        ("do nails", "manicure"),
        ("nail tech|technician|artist", "manicure"),
        ("makeup artist", "makeup"),
    ];
    let spoken = crate::talk::rules::Spoken::new(reading);
    TRADES
        .iter()
        .find(|(pattern, _)| crate::talk::rules::says(&spoken, pattern))
        .map(|(_, id)| Named { id: (*id).to_owned(), at: 0 })
        .or_else(|| {
            let weak = services::find(&mut Reading::new(reading.text), &services::Before::default()).service;
            weak.map(|id| Named { id, at: 0 })
        })
}

/// Gives each amount to the service before it that has none yet, else to the one behind it.
fn prices(
    scene: &Scene,
    reading: &Reading,
    amounts: &[Mention],
    entries: &mut [(usize, Map<String, Value>)],
) {
    let nested =
        scene.turn.tool(super::UPDATE).is_some_and(|tool| tool.item_names("services", "price_cents"));
    let alone = amounts.len() == 1 && entries.iter().all(|(at, _)| *at == 0);
    for amount in amounts {
        let (low, high) = (amount.min.or(amount.max), amount.max.or(amount.min));
        let (begin, end) = (amount.range.start, amount.range.end);
        let led = begin.checked_sub(1).is_some_and(|k| matches!(reading.norm(k), "from" | "starting"))
            || matches!(reading.norm(begin), "from" | "starting");
        let open = matches!(reading.norm(end), "up" | "upwards" | "onwards" | "plus")
            || reading.says(end, &["and", "up"]);
        let near = |words: &[&str]| {
            (begin.saturating_sub(5)..begin).any(|k| words.contains(&reading.norm(k))) && low == high
        };
        let most = near(&["highest", "maximum", "dearest", "top"]);
        let least = near(&["lowest", "minimum", "cheapest", "smallest"]);
        let from = least || amount.max.is_none() || amount.min.is_none() && (led || open);
        let hourly = matches!(reading.norm(amount.range.end), "an" | "a" | "per")
            || reading.is_sign(amount.range.end, "/");
        let give = |entry: &mut Map<String, Value>| {
            if nested {
                entry.insert("price_cents".to_owned(), json!(low));
            } else {
                if !most {
                    entry.insert("price_min_cents".to_owned(), json!(low));
                }
                if !from {
                    entry.insert("price_max_cents".to_owned(), json!(high));
                }
            }
            if let Some(currency) = amount.currency.filter(|_| !nested) {
                entry.insert("currency".to_owned(), json!(currency));
            }
            if hourly && !nested {
                let end = (amount.range.end + 2).min(reading.tokens.len());
                entry.insert("description".to_owned(), json!(reading.words(amount.range.start..end)));
            }
        };
        if alone {
            entries.iter_mut().for_each(|(_, entry)| give(entry));
            continue;
        }
        let open = |entry: &Map<String, Value>| {
            !entry.contains_key("price_min_cents") && !entry.contains_key("price_cents")
        };
        let before = entries.iter().rposition(|(at, entry)| *at < amount.range.start && open(entry));
        let behind = entries.iter().position(|(_, entry)| open(entry));
        if let Some((_, entry)) = before.or(behind).and_then(|at| entries.get_mut(at)) {
            give(entry);
        }
    }
}

/// Number and end of a licence, for the service that lacks it.
fn licence(scene: &Scene, state: &State) -> Option<(String, Map<String, Value>)> {
    let text = scene.said.text;
    let lower = text.to_lowercase();
    let speaks = lower.contains("licence") || lower.contains("license") || lower.contains("licensed");
    let number_asked = scene.asked(super::summary::LICENCE);
    let end_asked = scene.asked(super::summary::EXPIRY);
    if !(speaks || number_asked || end_asked) {
        return None;
    }
    let pointer = state.lacking("licence_number").or_else(|| state.lacking("licence_expires_on"));
    let id = pointer
        .and_then(|pointer| state.service_at(pointer))
        .map(str::to_owned)
        .or_else(|| scene.said.service.clone())?;
    let mut details = Map::new();
    if let Some(number) = licence_number(text).filter(|_| speaks || number_asked) {
        details.insert("licence_number".to_owned(), json!(number));
    }
    let ends = lower.contains("until")
        || lower.contains("expire")
        || lower.contains("valid")
        || lower.contains("good")
        || end_asked;
    if let Some(span) = scene.said.all_days.last().filter(|_| ends) {
        details.insert("licence_expires_on".to_owned(), json!(span.to.to_string()));
    } else if let Some(year) =
        scene.said.numbers().iter().map(|(_, n)| *n).find(|n| ends && (2026..2100).contains(n))
    {
        details.insert("licence_expires_on".to_owned(), json!(format!("{year}-12-31")));
    }
    (!details.is_empty()).then_some((id, details))
}

/// A word with a digit that is no date: "NY-12345", "PL44871".
fn licence_number(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')'))
        .map(|word| word.trim_matches(['.', '#', '!', '?', '"']))
        .find(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let year = word.len() == 4 && word.starts_with("20");
            let date = word.contains('/') || word.matches('-').count() == 2;
            digits >= 3
                && !year
                && !date
                && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !word.starts_with('$')
        })
        .map(str::to_owned)
}
