//! Days in a message: "tomorrow", "next Tuesday", "December 5th", "the week after next".

use chrono::{Datelike, NaiveDate};

use super::calendar::{self, Span, coming, month, months_on, plus, week, weekday, weekday_of_week, weekend};
use super::dated::{bare_day, dated, named};
use crate::concierge::amounts::small;
use crate::concierge::reading::Reading;
use crate::concierge::words::{Kind, Token, is_slip};

/// Days at `i`, if any stand there, and where they end. A range ("Monday to Wednesday", "Dec 1-5") is one.
pub fn at(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    if !reading.is_free(i) {
        return None;
    }
    let (word, next) = (reading.norm(i), reading.norm(i + 1));
    // Deadlines and openings.
    let (lead, skip) = match (word, next) {
        ("by" | "until" | "till" | "til", "the") => ("by", 2),
        ("by" | "until" | "till" | "til", _) => ("by", 1),
        ("no", "later") => ("by", 3),
        ("before", "the") => ("before", 2),
        ("before", _) => ("before", 1),
        ("after", "the") => ("after", 2),
        ("after", _) => ("after", 1),
        ("between" | "from", "the") => ("from", 2),
        ("between" | "from", _) => ("from", 1),
        _ => ("", 0),
    };
    if !lead.is_empty() {
        let (span, end) = range(reading, i + skip, today)?;
        let open =
            matches!(reading.norm(end), "on" | "onwards" | "onward") || reading.says(end, &["or", "later"]);
        return Some(match lead {
            "by" => (Span { from: today, to: span.to.max(today) }, end),
            "before" => (Span { from: today, to: plus(span.from, -1).max(today) }, end),
            "after" => (Span { from: plus(span.to, 1), to: plus(span.to, 14) }, end),
            _ if open => (Span { from: span.from, to: plus(span.from, 13) }, end + 1),
            _ => (span, end),
        });
    }
    let skip = usize::from(matches!(word, "on" | "over" | "during"));
    let (span, end) = range(reading, i + skip, today)?;
    if reading.says(end, &["or", "later"]) || reading.says(end, &["or", "after"]) {
        return Some((Span { from: span.from, to: plus(span.from, 13) }, end + 2));
    }
    Some((span, end))
}

/// One day or days, or two joined by "to", "through", "-", "and", "or".
fn range(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let (mut span, mut end) = single(reading, i, today)?;
    loop {
        let joint = reading.norm(end);
        let to = matches!(joint, "to" | "through" | "thru" | "til" | "till" | "until")
            || reading.is_sign(end, "-")
            || reading.is_sign(end, "–")
            || reading.is_sign(end, "—");
        let or = matches!(joint, "or" | "and") || reading.is_sign(end, "&") || reading.is_sign(end, "/");
        if !to && !or {
            break;
        }
        let skip = end
            + 1
            + usize::from(reading.norm(end + 1) == "the")
            + usize::from(reading.norm(end + 1) == "on");
        let other = single(reading, skip, today).or_else(|| bare_day(reading, skip, span.to)).or_else(|| {
            let day_after = reading.says(skip, &["day", "after"]);
            day_after.then(|| (Span::day(plus(span.to, 1)), skip + 2))
        });
        let Some((other, after)) = other else { break };
        if to || other.from >= span.to {
            // "Friday to Sunday" said on a Saturday: the second follows the first.
            let (mut from, mut until) = (other.from, other.to);
            while to && until < span.from {
                (from, until) = (plus(from, 7), plus(until, 7));
            }
            let _ = from;
            span.to = until.max(span.to);
        } else {
            span.from = span.from.min(other.from);
            span.to = span.to.max(other.to);
        }
        end = after;
    }
    Some((span, end))
}

fn single(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    if !reading.is_free(i) {
        return None;
    }
    let found = relative(reading, i, today)
        .or_else(|| week_of_month(reading, i, today))
        .or_else(|| weeks(reading, i, today))
        .or_else(|| counted(reading, i, today))
        .or_else(|| dated(reading, i, today))
        .or_else(|| named(reading, i, today))?;
    // "Saturday, December 5th", "Saturday the 5th": the date holds.
    let (span, end) = found;
    if weekday(reading.norm(i)).is_some() || weekday(reading.norm(end.saturating_sub(1))).is_some() {
        let skip = end + usize::from(reading.is_sign(end, ",") || reading.is_sign(end, "."));
        let skip = skip + usize::from(reading.norm(skip) == "on");
        if span.is_day()
            && let Some(date) = dated(reading, skip, today)
        {
            return Some(date);
        }
        let skip = end + usize::from(matches!(reading.norm(end), "of" | "in"));
        if span.is_day()
            && let Some((week, after)) =
                weeks(reading, skip, today).filter(|(w, _)| !w.is_day() && (w.to - w.from).num_days() == 6)
        {
            return Some((Span::day(weekday_of_week(week.from, span.from.weekday(), 0)), after));
        }
    }
    // "next week Tuesday", "next week on Tuesday".
    if (span.to - span.from).num_days() == 6 && span.from.weekday() == chrono::Weekday::Mon {
        let skip = end + usize::from(reading.is_sign(end, ","));
        let skip = skip + usize::from(reading.norm(skip) == "on");
        if let Some(day) = weekday(reading.norm(skip)).filter(|_| reading.is_free(skip)) {
            return Some((Span::day(weekday_of_week(span.from, day, 0)), skip + 1));
        }
    }
    Some(found)
}

/// "the first week of December", "the last week of the month".
fn week_of_month(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let at = i + usize::from(reading.norm(i) == "in");
    let at = at + usize::from(reading.norm(at) == "the");
    let which = match reading.norm(at) {
        "first" | "1st" => 0,
        "second" => 7,
        "third" => 14,
        "fourth" => 21,
        "last" => -1,
        _ => return None,
    };
    let of = matches!(reading.norm(at + 2), "of" | "in");
    let weekend_said = reading.norm(at + 1) == "weekend";
    if !(weekend_said || reading.norm(at + 1) == "week") || !of {
        return None;
    }
    let (span, end) = weeks(reading, at + 2, today)?;
    if weekend_said {
        let first = coming(plus(span.from.with_day(1)?, -1), chrono::Weekday::Sat);
        let from =
            if which < 0 { coming(plus(span.to, -7), chrono::Weekday::Sat) } else { plus(first, which) };
        return Some((Span { from, to: plus(from, 1) }, end));
    }
    let span = if which < 0 {
        Span { from: plus(span.to, -6), to: span.to }
    } else {
        let first = span.from.with_day(1)?;
        Span { from: plus(first, which), to: plus(first, which + 6) }
    };
    Some((Span { from: span.from.max(today), to: span.to.max(today) }, end))
}

fn relative(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let word = reading.norm(i);
    let tomorrow = |word: &str| {
        matches!(word, "tomorrow" | "tmrw" | "tmr" | "tomo" | "2moro" | "tmw" | "tomorow" | "tommorow")
            || (word.len() > 6 && is_slip(word, "tomorrow"))
    };
    if matches!(word, "today" | "2day" | "tday") || (word == "tonight" || word == "tonite") {
        return Some((Span::day(today), i + 1));
    }
    if tomorrow(word) {
        return Some((Span::day(plus(today, 1)), i + 1));
    }
    let skip = i + usize::from(word == "the");
    if reading.says(skip, &["day", "after"]) && tomorrow(reading.norm(skip + 2)) {
        return Some((Span::day(plus(today, 2)), skip + 3));
    }
    // "The day before Thanksgiving".
    let shift = match (reading.norm(skip), reading.norm(skip + 1)) {
        ("day", "before") => -1,
        ("day", "after") => 1,
        _ => 0,
    };
    if shift != 0
        && let Some((span, end)) = single(reading, skip + 2, today)
    {
        let base = if shift < 0 { span.from } else { span.to };
        return Some((Span::day(plus(base, shift)), end));
    }
    if word == "this" && matches!(reading.norm(i + 1), "morning" | "afternoon" | "evening") {
        return Some((Span::day(today), i + 1));
    }
    None
}

/// Weeks, weekends, months and weekdays, with "this", "next", "early", "end of".
fn weeks(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let mut at = i;
    let mut part = "";
    loop {
        match reading.norm(at) {
            "early" | "beginning" | "start" => part = "early",
            "mid" | "middle" => part = "mid",
            "late" | "end" => part = "late",
            "the" | "of" | "in" | "later" | "sometime" => {}
            _ if at > i && reading.is_sign(at, "-") => {}
            _ => break,
        }
        at += 1;
        if at > i + 5 {
            return None;
        }
    }
    let (mut on, mut said) = (0, "");
    match reading.norm(at) {
        "this" | "coming" | "upcoming" | "current" => {
            (said, at) =
                ("this", at + 1 + usize::from(matches!(reading.norm(at + 1), "coming" | "upcoming" | "past")))
        }
        "next" | "following" | "nxt" => (on, said, at) = (1, "next", at + 1),
        _ => {}
    }
    let word = reading.norm(at).to_owned();
    let after_next = |end: usize| reading.says(end, &["after", "next"]);
    let weekend_word = matches!(word.as_str(), "weekend" | "wkend" | "wknd" | "weeknd")
        || (word.len() > 5 && is_slip(&word, "weekend"));
    if weekend_word {
        let of = reading.norm(at + 1) == "of" || reading.norm(at + 1) == "after";
        if of
            && let Some((date, end)) = dated(reading, at + 2, today).or_else(|| named(reading, at + 2, today))
        {
            return Some((weekend(date.from, 0), end));
        }
        if reading.norm(at + 1) == "in" && calendar::month_number(reading.norm(at + 2)).is_some() {
            return None;
        }
        return Some(if after_next(at + 1) {
            (weekend(today, 2), at + 3)
        } else {
            (weekend(today, on), at + 1)
        });
    }
    if word == "week"
        && (!said.is_empty()
            || part == "late"
            || part == "early"
            || after_next(at + 1)
            || reading.norm(at + 1) == "of")
    {
        let (span, end) = if after_next(at + 1) {
            (week(today, 2), at + 3)
        } else if reading.norm(at + 1) == "of" && said.is_empty() {
            let skip = at + 2 + usize::from(reading.norm(at + 2) == "the");
            let (date, end) = dated(reading, skip, today).or_else(|| named(reading, skip, today))?;
            (week(date.from, 0), end)
        } else {
            (week(today, on), at + 1)
        };
        let span = match part {
            "early" => Span { from: span.from, to: plus(span.from, 2) },
            "mid" => Span { from: plus(span.from, 1), to: plus(span.from, 3) },
            "late" => Span { from: plus(span.from, 3), to: span.to },
            _ => span,
        };
        return Some((Span { from: span.from.max(today), to: span.to.max(today) }, end));
    }
    if word == "month" && (!said.is_empty() || !part.is_empty()) {
        let base = if said == "next" { months_on(today.with_day(1)?, 1) } else { today };
        let span = month(base.year(), base.month(), part)?;
        return Some((Span { from: span.from.max(today), to: span.to.max(today) }, at + 1));
    }
    if let Some(number) = calendar::month_number(&word)
        && (!part.is_empty()
            || !said.is_empty()
            || (at > i && matches!(reading.norm(at - 1), "in" | "of"))
            || (at == i && stands_alone(reading, at)))
        && !reading
            .tokens
            .get(at + 1 + usize::from(reading.is_sign(at + 1, ".")))
            .is_some_and(|t| t.kind == Kind::Number && t.text.len() <= 2)
    {
        let year = if number < today.month() || (number == today.month() && said == "next") {
            today.year() + 1
        } else {
            today.year()
        };
        let span = month(year, number, part)?;
        return Some((Span { from: span.from.max(today), to: span.to.max(today) }, at + 1));
    }
    if let Some(day) = weekday(&word) {
        if at > i && said.is_empty() && !(at == i + 1 && reading.norm(i) == "the") {
            return None;
        }
        if matches!(word.as_str(), "sun" | "sat" | "wed" | "mon")
            && reading.norm(at.saturating_sub(1)) == "the"
        {
            return None;
        }
        let date = match said {
            "next" => weekday_of_week(today, day, 1),
            "this" if weekday_of_week(today, day, 0) >= today => weekday_of_week(today, day, 0),
            _ => coming(today, day),
        };
        let end = at
            + 1
            + usize::from(
                reading.is_sign(at + 1, ".")
                    && word.len() <= 5
                    && reading.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Number),
            );
        return Some(if reading.says(end, &["after", "next"]) {
            (Span::day(plus(weekday_of_week(today, day, 1), 7)), end + 2)
        } else if reading.norm(end) == "week" && said.is_empty() {
            (Span::day(plus(date, 7)), end + 1)
        } else {
            (Span::day(date), end)
        });
    }
    None
}

/// Whether a word stands between commas or ends.
fn stands_alone(reading: &Reading, at: usize) -> bool {
    let edge = |token: Option<&Token>| token.is_none_or(Token::is_break);
    edge(at.checked_sub(1).and_then(|k| reading.tokens.get(k))) && edge(reading.tokens.get(at + 1))
}

/// "in 3 days", "within a week", "in the next few days", "two weeks from now", "a week from Friday".
fn counted(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    let (lead, mut at) = match reading.norm(i) {
        "in" => ("in", i + 1),
        "within" | "during" | "over" => ("within", i + 1),
        _ => ("", i),
    };
    let mut next = false;
    while matches!(reading.norm(at), "the" | "next" | "about" | "around" | "like" | "maybe" | "coming") {
        next |= matches!(reading.norm(at), "next" | "coming");
        at += 1;
        if at > i + 5 {
            return None;
        }
    }
    let token = reading.tokens.get(at)?;
    let (low, mut after) = match token.norm.as_str() {
        "few" => (3, at + 1),
        "couple" => (2, at + 1 + usize::from(reading.norm(at + 1) == "of")),
        "a" | "an" | "one" => match reading.norm(at + 1) {
            "few" => (3, at + 2),
            "couple" => (2, at + 2 + usize::from(reading.norm(at + 2) == "of")),
            _ => (1, at + 1),
        },
        word => (small(word).or_else(|| token.text.parse().ok().filter(|n| *n < 100))?, at + 1),
    };
    let mut high = low;
    if (reading.norm(after) == "or" || reading.norm(after) == "to" || reading.is_sign(after, "-"))
        && let Some(more) =
            reading.tokens.get(after + 1).and_then(|t| small(&t.norm).or_else(|| t.text.parse().ok()))
    {
        (high, after) = (more, after + 2);
    }
    let unit = match reading.norm(after) {
        "day" | "days" => 1,
        "week" | "weeks" | "wks" => 7,
        "month" | "months" => 30,
        _ => return None,
    };
    let mut end = after + 1;
    if unit == 7 && reading.says(end, &["or", "two"]) {
        (high, end) = (2, end + 2);
    }
    let shift = |from: NaiveDate, n: i64| match (unit, u32::try_from(n)) {
        (30, Ok(months)) => months_on(from, months),
        _ => plus(from, n * unit),
    };
    if reading.norm(end) == "from" {
        let rest = end + 1;
        if reading.norm(rest) == "now" {
            return Some((Span { from: shift(today, low), to: shift(today, high) }, rest + 1));
        }
        let (base, end) = single(reading, rest, today)?;
        return Some((Span::day(shift(base.from, low)), end));
    }
    match (lead, next) {
        ("within", _) | ("in", true) | ("", true) => {
            Some((Span { from: today, to: shift(today, high) }, end))
        }
        ("in", false) if reading.norm(end) != "or" => {
            Some((Span { from: shift(today, low), to: shift(today, high) }, end))
        }
        _ => None,
    }
}
