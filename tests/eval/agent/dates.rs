//! Dates in conversations: `{tomorrow}`, `{next:tuesday+7}`, `{say:next:tuesday}`, in the zone of the conversation.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::Value;

/// Puts dates in place of all tokens in all texts of a value.
pub fn filled_in(value: Value, today: NaiveDate) -> Value {
    match value {
        Value::String(text) => Value::String(in_text(&text, today)),
        Value::Array(all) => all.into_iter().map(|one| filled_in(one, today)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, one)| (name, filled_in(one, today))).collect()
        }
        other => other,
    }
}

/// Braces that hold no token stay as they are: hostile texts are full of JSON.
fn in_text(text: &str, today: NaiveDate) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        match rest.find('}').and_then(|close| Some((close, token(&rest[1..close], today)?))) {
            Some((close, date)) => {
                filled.push_str(&date);
                rest = &rest[close + 1..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn token(token: &str, today: NaiveDate) -> Option<String> {
    match token.strip_prefix("say:") {
        Some(said) => Some(date(said, today)?.format("%B %-d").to_string()),
        None => Some(date(token, today)?.to_string()),
    }
}

fn date(token: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (named, more) = match token.split_once('+') {
        Some((named, more)) => (named, more.parse().ok()?),
        None => (token, 0),
    };
    let monday = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()))?;
    let date = match named {
        "today" => today,
        "tomorrow" => today.succ_opt()?,
        "weekend_start" => monday.checked_add_days(Days::new(5))?,
        "weekend_end" => monday.checked_add_days(Days::new(6))?,
        _ => {
            let wanted: Weekday = named.strip_prefix("next:")?.parse().ok()?;
            today.iter_days().skip(1).find(|day| day.weekday() == wanted)?
        }
    };
    date.checked_add_days(Days::new(more))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what a test needs and does not get fails the test")]
    use super::*;

    #[test]
    fn tokens_are_dates() {
        let wednesday = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
        let filled = |text: &str| in_text(text, wednesday);
        assert_eq!(filled("{today} {tomorrow} {today+13}"), "2026-11-18 2026-11-19 2026-12-01");
        assert_eq!(filled("{weekend_start}T00:00 {weekend_end}"), "2026-11-21T00:00 2026-11-22");
        assert_eq!(filled("{next:wednesday} {next:thursday+7}"), "2026-11-25 2026-11-26");
        assert_eq!(filled("on {say:next:tuesday}"), "on November 24");
        assert_eq!(filled(r#"CALL tool {"id": {tomorrow}}"#), r#"CALL tool {"id": 2026-11-19}"#);
    }
}
