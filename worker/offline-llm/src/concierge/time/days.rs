//! Days in a message: "tomorrow", "next Tuesday", "December 5th", "the week after next".

use chrono::{Datelike, NaiveDate};

use super::calendar::{
    self, Span, coming, holiday, month, months_on, plus, rolled, week, weekday, weekday_of_week, weekend,
};
use crate::concierge::amounts::small;
use crate::concierge::reading::Reading;
use crate::concierge::words::{Kind, is_slip};

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
        let other = single(reading, skip, today).or_else(|| bare_day(reading, skip, span.to));
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

/// A bare day of the month after a date ("Dec 1 to 5").
fn bare_day(reading: &Reading, i: usize, after: NaiveDate) -> Option<(Span, usize)> {
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

fn single(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
    if !reading.is_free(i) {
        return None;
    }
    let found = relative(reading, i, today)
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
        && (!part.is_empty() || !said.is_empty() || (at > i && reading.norm(at - 1) == "in"))
        && !reading.tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number && t.text.len() <= 2)
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

/// "December 5th", "5 December", "12/5", "2026-12-05", "the 5th".
fn dated(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
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
    let first: u32 = token.text.parse().ok()?;
    if token.text.len() == 4 && reading.is_sign(i + 1, "-") && reading.is_sign(i + 3, "-") {
        let date = NaiveDate::from_ymd_opt(i32::try_from(first).ok()?, number(i + 2)?, number(i + 4)?)?;
        return Some((Span::day(date), i + 5));
    }
    if reading.is_sign(i + 1, "/")
        && let Some(second) = number(i + 2)
    {
        // Month first, as in the US; the other way where that is no date.
        let (month, day) = if first > 12 { (second, first) } else { (first, second) };
        if reading.is_sign(i + 3, "/")
            && let Some(year) = number(i + 4)
        {
            let year = i32::try_from(if year < 100 { 2000 + year } else { year }).ok()?;
            return NaiveDate::from_ymd_opt(year, month, day).map(|d| (Span::day(d), i + 5));
        }
        return rolled(today, month, day).map(|d| (Span::day(d), i + 3));
    }
    let ordinal = is_ordinal(reading, i);
    let after = i + 1 + usize::from(ordinal);
    let month_at = after + usize::from(reading.norm(after) == "of");
    if let Some(month) = calendar::month_number(reading.norm(month_at)) {
        return place(month, first, month_at + 1);
    }
    if ordinal && reading.says(month_at, &["this", "month"])
        || ordinal && reading.says(month_at, &["next", "month"])
    {
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

fn next_day_of_month(today: NaiveDate, day: u32) -> Option<NaiveDate> {
    (0..3).filter_map(|on| months_on(today.with_day(1)?, on).with_day(day)).find(|date| *date >= today)
}

/// Holidays.
fn named(reading: &Reading, i: usize, today: NaiveDate) -> Option<(Span, usize)> {
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
