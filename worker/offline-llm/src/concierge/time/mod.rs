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
    /// Whether it is the day of something else ("before my parents come on Friday").
    pub aside: bool,
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
        if let Some(length) = greeting(reading, i) {
            i += length;
            continue;
        }
        let item = wishes::at(reading, i)
            .or_else(|| one_after(reading, i, &found))
            .or_else(|| {
                let beside = day_beside(reading, i, &found)?;
                // The days it leans on are those of something else.
                found.iter_mut().for_each(|item| item.aside |= matches!(item.what, What::Days(_)));
                Some(beside)
            })
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
                found.push(Item { what, range: range.clone(), denied: reading.is_denied(i), aside: false });
            }
        }
        // What happened on a day is over.
        if matches!(what, What::Days(_)) && reading.stance(i).past && !is_ahead(reading, i) {
            reading.claim(range, Claim::Time);
            i = end;
            continue;
        }
        let denied = is_away(reading, i) || reading.is_denied(i) || reading.is_dismissed(end);
        found.push(Item { what, denied, aside: is_aside(reading, i), range: range.clone() });
        reading.claim(range, Claim::Time);
        i = end;
    }
    found
}

/// "Good morning!", "have a nice weekend", "happy Friday": no time is meant.
fn greeting(reading: &Reading, i: usize) -> Option<usize> {
    let kind = matches!(reading.norm(i), "good" | "happy")
        || (matches!(reading.norm(i), "nice" | "great" | "lovely" | "wonderful")
            && i.checked_sub(1).is_some_and(|k| reading.norm(k) == "a"));
    let unit = |k: usize| {
        matches!(reading.norm(k), "morning" | "afternoon" | "evening" | "night" | "weekend" | "day" | "week")
            || calendar::weekday(reading.norm(k)).is_some()
    };
    (kind && unit(i + 1)).then_some(2)
}

/// "I'm away on Friday", "busy this weekend".
fn is_away(reading: &Reading, i: usize) -> bool {
    let at = (1..=2)
        .filter_map(|back| i.checked_sub(back))
        .find(|k| !matches!(reading.norm(*k), "on" | "the" | "all"));
    at.is_some_and(|k| matches!(reading.norm(k), "away" | "busy" | "unavailable" | "gone" | "abroad"))
}

/// Words that look ahead in a clause of the past ("had to cancel, can you come Friday").
fn is_ahead(reading: &Reading, i: usize) -> bool {
    i.checked_sub(1).is_some_and(|k| reading.norm(k) == "to")
        || matches!(reading.norm(i), "this" | "next" | "tomorrow" | "today" | "tonight" | "coming")
        || reading.norm(i + 1) == "next"
        || (i.saturating_sub(6)..i).any(|k| {
            matches!(
                reading.norm(k),
                "would" | "can" | "could" | "will" | "is" | "hoping" | "wondering" | "if"
            )
        })
}

/// The day of another event: "before my in-laws come on the 26th", "lease ends Nov 30".
fn is_aside(reading: &Reading, i: usize) -> bool {
    const EVENTS: &[&str] = &[
        "birthday",
        "wedding",
        "anniversary",
        "ceremony",
        "gala",
        "interview",
        "prom",
        "rehearsal",
        "party",
        "concert",
        "ends",
        "end",
        "expires",
        "come",
        "comes",
        "coming",
        "arrive",
        "arrives",
        "arriving",
        "visit",
        "visits",
        "visiting",
        "leave",
        "leaves",
        "fly",
        "flies",
        "flying",
        "starts",
        "begins",
        "moving",
        "turns",
        "due",
        "back",
        "opens",
        "closing",
        "travel",
        "traveling",
    ];
    let at = (1..=3).filter_map(|back| i.checked_sub(back)).find(|k| {
        !matches!(
            reading.norm(*k),
            "on" | "the" | "by" | "in" | "over" | "out" | "up" | "here" | "for" | "until"
        )
    });
    let works =
        (i.saturating_sub(5)..i).any(|k| reading.says(k, &["i", "work"]) || reading.norm(k) == "working");
    let ask = (i.saturating_sub(5)..i)
        .any(|k| matches!(reading.norm(k), "can" | "could" | "please" | "someone" | "somebody" | "you"));
    let told = at.is_some_and(|k| {
        reading.tokens.get(k).is_some_and(|t| !t.is_break()) && EVENTS.contains(&reading.norm(k))
    });
    // "The wedding starts at 4pm".
    let hour = reading.norm(i) == "at" && i.checked_sub(1).is_some_and(|k| EVENTS.contains(&reading.norm(k)));
    ((told || hour || works) && !ask) || reading.stance(i).told
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

/// The days said last.
fn days_before(found: &[Item]) -> Option<Span> {
    found.iter().rev().find_map(|item| if let What::Days(span) = item.what { Some(span) } else { None })
}

/// "The day before", "the day after", of days said before.
fn day_beside(reading: &Reading, i: usize, found: &[Item]) -> Option<(What, usize)> {
    let shift = match (reading.norm(i + 1), reading.norm(i)) {
        ("before", "day") => -1,
        ("after", "day") => 1,
        _ => return None,
    };
    let closes = reading.tokens.get(i + 2).is_none_or(super::words::Token::is_break)
        || matches!(reading.norm(i + 2), "that" | "it" | "please" | "would" | "is" | "for" | "in" | "at");
    let day = Span::day(calendar::plus(days_before(found)?.from, shift));
    closes.then_some((What::Days(day), i + 2))
}

/// "Not this weekend, the next one": a week after the days named before.
fn one_after(reading: &Reading, i: usize, found: &[Item]) -> Option<(What, usize)> {
    const ONES: &[&[&str]] =
        &[&["the", "next", "one"], &["next", "one"], &["the", "one", "after"], &["the", "following", "one"]];
    let length = ONES.iter().filter(|words| reading.says(i, words)).map(|words| words.len()).max()?;
    let before = days_before(found)?;
    let next = Span { from: calendar::plus(before.from, 7), to: calendar::plus(before.to, 7) };
    Some((What::Days(next), i + length))
}

#[cfg(test)]
mod tests;
