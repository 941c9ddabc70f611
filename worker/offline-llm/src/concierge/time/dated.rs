//! Dates by number and by name: "December 5th", "12/5", "the 5th", "Christmas Eve".

use chrono::{Datelike, NaiveDate};

use super::calendar::{self, Span, holiday, months_on, rolled, weekday};
use crate::concierge::reading::Reading;
use crate::concierge::words::Kind;

/// "December 5th", "5 December", "12/5", "2026-12-05", "the 5th".
pub fn dated(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let i = i + usize::from(
        reading.norm(i) == "the" && reading.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Number),
    );
    let the = i.checked_sub(1).map_or("", |k| reading.norm(k));
    let token = reading.tokens.get(i)?;
    let year_at = |k: usize| {
        let k = k + usize::from(reading.is_sign(k, ","));
        reading
            .tokens
            .get(k)
            .filter(|t| t.kind == Kind::Number && t.text.len() == 4)
            .and_then(|t| t.text.parse::<i32>().ok())
            .filter(|y| (2000..2100).contains(y))
            .map(|y| (y, k + 1))
    };
    let place = |month: u32, day: u32, end: usize| match year_at(end) {
        Some((year, end)) => NaiveDate::from_ymd_opt(year, month, day).map(|d| (Span::day(d), end)),
        None => rolled(today, month, day).map(|d| (Span::day(d), end)),
    };
    if let Some(month) = calendar::month_number(&token.norm) {
        let k = i + 1 + usize::from(reading.is_sign(i + 1, "."));
        let k = k + usize::from(reading.norm(k) == "the");
        let day: u32 = reading.tokens.get(k).filter(|t| t.kind == Kind::Number)?.text.parse().ok()?;
        return place(month, day, k + 1 + usize::from(is_ordinal(reading, k)));
    }
    if token.kind != Kind::Number {
        return None;
    }
    let number = |k: usize| {
        reading
            .tokens
            .get(k)
            .filter(|t| t.kind == Kind::Number && t.glued)
            .and_then(|t| t.text.parse::<u32>().ok())
    };
    if let Some(found) = dotted(reading, i, today) {
        return Some(found);
    }
    let first: u32 = token.text.parse().ok()?;
    if token.text.len() == 4 && reading.is_sign(i + 1, "-") && reading.is_sign(i + 3, "-") {
        let date = NaiveDate::from_ymd_opt(i32::try_from(first).ok()?, number(i + 2)?, number(i + 4)?)?;
        return Some((Span::day(date), i + 5));
    }
    if reading.is_sign(i + 1, "/")
        && let Some(second) = number(i + 2)
    {
        let (month, day) = ordered(reading, first, second);
        if reading.is_sign(i + 3, "/")
            && let Some(year) = number(i + 4)
        {
            let year = i32::try_from(if year < 100 { 2000 + year } else { year }).ok()?;
            return NaiveDate::from_ymd_opt(year, month, day).map(|d| (Span::day(d), i + 5));
        }
        return rolled(today, month, day).map(|d| (Span::day(d), i + 3));
    }
    // "19-06-2027".
    if reading.is_sign(i + 1, "-")
        && reading.is_sign(i + 3, "-")
        && let (Some(second), Some(year)) =
            (number(i + 2), number(i + 4).filter(|y| (2000..2100).contains(y)))
    {
        let (month, day) = ordered(reading, first, second);
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        return Some((Span::day(date), i + 5));
    }
    if let Some(found) = several(reading, i, today) {
        return Some(found);
    }
    let ordinal = is_ordinal(reading, i);
    let after = i + 1 + usize::from(ordinal);
    let month_at = after + usize::from(reading.norm(after) == "of");
    if let Some(month) = calendar::month_number(reading.norm(month_at)) {
        return place(month, first, month_at + 1);
    }
    if ordinal && (reading.says(month_at, &["this", "month"]) || reading.says(month_at, &["next", "month"])) {
        let base = if reading.norm(month_at) == "next" { months_on(today.with_day(1)?, 1) } else { today };
        return base.with_day(first).map(|d| (Span::day(d), month_at + 2));
    }
    let thing = matches!(
        reading.norm(after),
        "floor"
            | "ave"
            | "avenue"
            | "street"
            | "st"
            | "grade"
            | "birthday"
            | "anniversary"
            | "time"
            | "story"
            | "person"
            | "and"
    );
    if ordinal
        && !thing
        && (1..=31).contains(&first)
        && matches!(the, "the" | "on" | "and" | "or" | "to" | "by" | "until" | "between" | "from" | "")
    {
        return next_day_of_month(today, first).map(|d| (Span::day(d), after));
    }
    if ordinal && !thing && weekday(the).is_some() {
        return next_day_of_month(today, first).map(|d| (Span::day(d), after));
    }
    None
}

/// Month and day of two numbers: the month first, as in the US; the day first elsewhere and where the month would be none.
fn ordered(reading: &Reading, first: u32, second: u32) -> (u32, u32) {
    if first > 12 || (reading.day_first && second <= 12) { (second, first) } else { (first, second) }
}

/// "19.06.2027", "19.6.27", "on 19.06.": the day first, as where dates have points.
fn dotted(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let token = reading.tokens.get(i)?;
    let parts: Vec<u32> = token.text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let short = token.text.split('.').all(|part| part.len() <= 2);
    match parts.as_slice() {
        [first, second, year] if token.text.len() >= 6 => {
            let (day, month) = if *second > 12 { (*second, *first) } else { (*first, *second) };
            let year = i32::try_from(if *year < 100 { 2000 + *year } else { *year }).ok()?;
            NaiveDate::from_ymd_opt(year, month, day).map(|d| (Span::day(d), i + 1))
        }
        [day, month] if short => {
            let point = reading.is_sign(i + 1, ".") && reading.tokens.get(i + 1).is_some_and(|t| t.glued);
            let closed = point && reading.tokens.get(i + 2).is_some_and(|t| !t.capital());
            let lead = i.checked_sub(1).map_or("", |k| reading.norm(k));
            let led = matches!(lead, "on" | "am") || weekday(lead).is_some();
            let clock = matches!(reading.norm(i + 1), "am" | "pm" | "h" | "uhr");
            (closed || (led && !clock && (reading.day_first || *day > 12)))
                .then(|| rolled(today, *month, *day))?
                .map(|d| (Span::day(d), i + 1 + usize::from(closed)))
        }
        _ => None,
    }
}

/// "5 or 6 December", "7th to 11th of December", "5, 6 or 7 December".
fn several(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let (mut at, mut days) = (i, Vec::new());
    loop {
        let at_the = at + usize::from(reading.norm(at) == "the");
        let day: u32 = reading.tokens.get(at_the).filter(|t| t.kind == Kind::Number)?.text.parse().ok()?;
        days.push(day);
        at = at_the + 1 + usize::from(is_ordinal(reading, at_the));
        let joint = matches!(reading.norm(at), "or" | "and" | "to" | "through" | "till" | "until")
            || ["-", "–", "—", "/", "&", ","].iter().any(|sign| reading.is_sign(at, sign));
        if !joint {
            break;
        }
        at += 1;
        at += usize::from(matches!(reading.norm(at), "or" | "and") && days.len() > 1);
    }
    let month_at = at + usize::from(reading.norm(at) == "of");
    let month = calendar::month_number(reading.norm(month_at))?;
    let (first, last) = (*days.iter().min()?, *days.iter().max()?);
    if days.len() < 2 || first == last {
        return None;
    }
    let year = reading
        .tokens
        .get(month_at + 1)
        .filter(|t| t.kind == Kind::Number && t.text.len() == 4)
        .and_then(|t| t.text.parse::<i32>().ok())
        .filter(|y| (2000..2100).contains(y));
    let end = month_at + 1 + usize::from(year.is_some());
    let (from, to) = match year {
        Some(year) => {
            (NaiveDate::from_ymd_opt(year, month, first)?, NaiveDate::from_ymd_opt(year, month, last)?)
        }
        None => {
            let to = rolled(today, month, last)?;
            (to.with_day(first)?.max(today), to)
        }
    };
    Some((Span { from, to }, end))
}

fn next_day_of_month(today: NaiveDate, day: u32) -> Option<NaiveDate> {
    (0..3).filter_map(|on| months_on(today.with_day(1)?, on).with_day(day)).find(|date| *date >= today)
}

/// Holidays.
pub fn named(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    (1..=3).rev().find_map(|length| {
        let words: Vec<&str> = (i..i + length).map(|k| reading.norm(k)).collect();
        let name = words.join(" ");
        // "Christmas lights", "a Christmas card" are things, not days.
        let thing = matches!(
            reading.norm(i + length),
            "light"
                | "lights"
                | "card"
                | "cards"
                | "party"
                | "tree"
                | "dinner"
                | "decorations"
                | "photos"
                | "pictures"
                | "shoot"
                | "photo"
        );
        holiday(today, &name).filter(|_| !thing).map(|day| (Span::day(day), i + length))
    })
}

/// A bare day of the month after a date ("Dec 1 to 5").
pub fn bare_day(reading: &Reading, i: usize, after: NaiveDate) -> Option<(Span, usize)> {
    let token = reading.tokens.get(i).filter(|t| t.kind == Kind::Number)?;
    let day: u32 = token.text.parse().ok()?;
    let (ordinal, clock) = (
        is_ordinal(reading, i),
        matches!(reading.norm(i + 1), "am" | "pm" | "a" | "p") || reading.is_sign(i + 1, ":"),
    );
    let date = after.with_day(day).filter(|date| *date > after && !clock)?;
    let explicit = i >= 2
        && (calendar::month_number(reading.norm(i.saturating_sub(3))).is_some()
            || is_ordinal(reading, i.saturating_sub(3))
            || calendar::month_number(reading.norm(i.saturating_sub(4))).is_some()
            || ordinal);
    explicit.then_some((Span::day(date), i + 1 + usize::from(ordinal)))
}

fn is_ordinal(reading: &Reading, i: usize) -> bool {
    reading.tokens.get(i + 1).is_some_and(|t| t.glued && matches!(t.norm.as_str(), "st" | "nd" | "rd" | "th"))
}
