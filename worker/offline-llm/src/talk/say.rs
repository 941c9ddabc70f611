//! Wording: short Markdown, without what others could smuggle into it.

use chrono::{NaiveDate, NaiveTime};
use serde_json::Value;

use crate::concierge::reading::Reading;
use crate::concierge::services;
use crate::concierge::vocabulary::VOCABULARY;

/// A text, or one of others that is marked as such; empty if there is none.
pub fn text(value: Option<&Value>) -> &str {
    let value = value.map(|value| value.get("quoted").unwrap_or(value));
    value.and_then(Value::as_str).unwrap_or_default()
}

/// A text field of an object.
pub fn field<'v>(object: &'v Value, name: &str) -> &'v str {
    text(object.get(name))
}

/// The same, as it may be shown.
pub fn shown(object: &Value, name: &str) -> String {
    plain(field(object, name))
}

/// Text of others without what Markdown would read as HTML, links or emphasis.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '<' | '>' | '*' | '_' | '[' | ']' | '`' | '\n' | '!'))
        .take(300)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// An amount as people write it: `$60`, `€49.50`, `60 CHF`.
pub fn money(cents: i64, currency: &str) -> String {
    let (whole, part) = (cents / 100, cents % 100);
    let number = if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}") };
    match currency {
        "USD" | "" => format!("${number}"),
        "EUR" => format!("€{number}"),
        "GBP" => format!("£{number}"),
        other => format!("{number} {}", plain(other)),
    }
}

/// The cents of an amount: a number, or an object with them.
pub fn cents(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    value.as_i64().or_else(|| value.get("cents").or_else(|| value.get("price_cents"))?.as_i64())
}

/// The price of a thing: `price`, or `price_cents` with its currency.
pub fn price(object: &Value) -> Option<String> {
    let amount = object.get("price").filter(|price| price.is_object()).or_else(|| object.get("price_cents"));
    let currency = object.pointer("/price/currency").or_else(|| object.get("currency"));
    Some(money(cents(amount)?, text(currency)))
}

/// A budget: "up to $60".
pub fn budget(budget: &Value) -> Option<String> {
    let currency = field(budget, "currency");
    let amount = |key: &str| budget.get(key).and_then(Value::as_i64).map(|cents| money(cents, currency));
    match (amount("min_cents"), amount("max_cents")) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (None, Some(max)) => Some(format!("up to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, None) => None,
    }
}

/// "Sat 21 Nov".
pub fn day(date: &str) -> String {
    match date.get(..10).unwrap_or(date).parse::<NaiveDate>() {
        Ok(day) => day.format("%a %-d %b").to_string(),
        Err(_) => plain(date),
    }
}

/// "10 AM", "2:30 PM".
pub fn hour(time: &str) -> String {
    match NaiveTime::parse_from_str(time.get(..5).unwrap_or(time), "%H:%M") {
        Ok(time) => time.format("%-I:%M %p").to_string().replace(":00 ", " "),
        Err(_) => plain(time),
    }
}

/// "Sat 21 Nov at 10 AM".
pub fn moment(object: &Value) -> Option<String> {
    let (date, start) = (field(object, "date"), field(object, "start_time"));
    if date.is_empty() {
        return None;
    }
    Some(if start.is_empty() { day(date) } else { format!("{} at {}", day(date), hour(start)) })
}

/// What to call a service, with its article: "a haircut".
pub fn service(id: &str) -> String {
    VOCABULARY.service(id).map_or_else(|| plain(&id.replace('_', " ")), |service| service.label.clone())
}

/// The id of the service of a request, an offer or a booking: as it says, else by the name.
pub fn service_id(object: &Value) -> String {
    let id = field(object, "service_id");
    if !id.is_empty() {
        return id.to_owned();
    }
    let name = object.get("service").map(|service| service.get("name").unwrap_or(service));
    let name = text(name);
    let slug = name.to_lowercase().replace([' ', '-'], "_");
    if VOCABULARY.service(&slug).is_some() {
        return slug;
    }
    services::find(&mut Reading::new(name), &services::Before::default()).service.unwrap_or(slug)
}

/// The service of a request, a lead or a booking.
pub fn service_of(object: &Value) -> String {
    match field(object, "service_id") {
        "" => {
            let name = object.get("service").map(|service| service.get("name").unwrap_or(service));
            let name = text(name);
            if VOCABULARY.service(name).is_some() { service(name) } else { plain(name).to_lowercase() }
        }
        id => service(id),
    }
}

/// "a, b and c".
pub fn and_list(items: &[String]) -> String {
    joined(items, "and")
}

/// "a, b or c".
pub fn or_list(items: &[String]) -> String {
    joined(items, "or")
}

fn joined(items: &[String], word: &str) -> String {
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {word} {last}", rest.join(", ")),
        _ => items.concat(),
    }
}

/// A numbered list of lines.
pub fn numbered(lines: impl Iterator<Item = String>) -> String {
    lines.enumerate().map(|(i, line)| format!("{}. {line}", i + 1)).collect::<Vec<_>>().join("\n")
}

/// The items of a list in a result.
pub fn list<'v>(result: &'v Value, key: &str) -> Vec<&'v Value> {
    result.get(key).or_else(|| result.get("items")).and_then(Value::as_array).into_iter().flatten().collect()
}

/// The first letter large.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words() {
        assert_eq!(money(4_950, "EUR"), "€49.50");
        assert_eq!(
            moment(&json!({"date": "2026-11-21", "start_time": "10:00"})).as_deref(),
            Some("Sat 21 Nov at 10 AM")
        );
        assert_eq!(price(&json!({"price": {"cents": 8000, "currency": "USD"}})).as_deref(), Some("$80"));
        assert_eq!(price(&json!({"price_cents": 8000})).as_deref(), Some("$80"));
        assert_eq!(shown(&json!({"a": {"quoted": "<b>![x](y)"}}), "a"), "bx(y)");
        assert_eq!(and_list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }
}
