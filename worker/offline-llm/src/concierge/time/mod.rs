//! When: days and times of day in a message, put together to one window in the zone of the place.

pub mod calendar;
pub mod clock;
mod dated;
pub mod days;
mod settle;
mod wishes;

use std::ops::Range;

use calendar::Span;
use clock::Hours;

pub use settle::{Time, settle};

use super::reading::{Claim, Reading};

/// One thing a message says about time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub what: What,
    /// Its tokens.
    pub range: Range<usize>,
    /// Whether the text denies it.
    pub denied: bool,
}

/// Days, a time of day, or a wish that fits no window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Days.
    Days(Span),
    /// A time of day.
    Hours(Hours),
    /// "any evening", "weekends", "Saturdays": true on many days.
    Wish,
    /// "asap", "right now".
    Now,
    /// "soon".
    Soon,
}

/// Everything a message says about time; the tokens are claimed.
pub fn find(reading: &mut Reading, today: chrono::NaiveDate, asked: bool) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    let mut i = 0;
    while i < reading.tokens.len() {
        let beside = found.last().is_some_and(|last: &Item| {
            let gap = i.saturating_sub(last.range.end);
            gap == 0
                || (gap == 1
                    && (reading.is_sign(i - 1, ",")
                        || matches!(reading.norm(i - 1), "at" | "from" | "around" | "about")))
        });
        if is_past(reading, i) {
            i += 3;
            continue;
        }
        let item = wishes::at(reading, i)
            .or_else(|| one_after(reading, i, &found))
            .or_else(|| days::at(reading, i, today).map(|(span, end)| (What::Days(span), end)))
            .or_else(|| clock::at(reading, i, beside, asked).map(|(hours, end)| (What::Hours(hours), end)));
        let Some((what, end)) = item else {
            i += 1;
            continue;
        };
        let range = i..end;
        // "tonight" is a day and a time of it.
        if matches!(reading.norm(i), "tonight" | "tonite") && end == i + 1 {
            let night = clock::at(reading, i, false, asked).map(|(hours, _)| What::Hours(hours));
            if let Some(what) = night {
                found.push(Item { what, range: range.clone(), denied: reading.is_denied(i) });
            }
        }
        found.push(Item { what, denied: reading.is_denied(i), range: range.clone() });
        reading.claim(range, Claim::Time);
        i = end;
    }
    found
}

/// "since this morning", "last night": what was is no wish.
fn is_past(reading: &Reading, i: usize) -> bool {
    let unit = |k: usize| {
        matches!(
            reading.norm(k),
            "night" | "week" | "weekend" | "month" | "time" | "year" | "morning" | "evening"
        ) || calendar::weekday(reading.norm(k)).is_some()
    };
    reading.norm(i) == "since"
        || reading.norm(i) == "yesterday"
        || (reading.norm(i) == "last" && unit(i + 1) && reading.norm(i + 2) != "of")
}

/// "Not this weekend, the next one": a week after the days named before.
fn one_after(reading: &Reading, i: usize, found: &[Item]) -> Option<(What, usize)> {
    const ONES: &[&[&str]] =
        &[&["the", "next", "one"], &["next", "one"], &["the", "one", "after"], &["the", "following", "one"]];
    let length = ONES.iter().filter(|words| reading.says(i, words)).map(|words| words.len()).max()?;
    let before = found
        .iter()
        .rev()
        .find_map(|item| if let What::Days(span) = item.what { Some(span) } else { None })?;
    let next = Span { from: calendar::plus(before.from, 7), to: calendar::plus(before.to, 7) };
    Some((What::Days(next), i + length))
}

#[cfg(test)]
mod tests;
