//! Times of day in a message: "at 3pm", "between 2 and 5", "in the evening", "after work".

use crate::concierge::reading::Reading;
use crate::concierge::words::Kind;

/// The last minute of a day.
pub const MIDNIGHT: u32 = 24 * 60 - 1;

/// Minutes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first minute.
    pub from: u32,
    /// The last minute.
    pub to: u32,
    /// What was said.
    pub kind: Sort,
    /// An hour without am or pm: by a part of the day beside it, twelve hours may be added.
    pub loose: bool,
}

/// What was said about the time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A time of the clock.
    Exact,
    /// From one time to another.
    Between,
    /// After a time, or before one.
    Open,
    /// A part of the day.
    Part,
}

fn hours(from: u32, to: u32, kind: Sort, loose: bool) -> Hours {
    Hours { from, to: to.min(MIDNIGHT), kind, loose }
}

/// A time of day at `i`, and where it ends. `beside` says that a day stands right before it, `asked` that the time was asked for.
pub fn at(reading: &Reading, i: usize, beside: bool, asked: bool) -> Option<(Hours, usize)> {
    if !reading.is_free(i) {
        return None;
    }
    part(reading, i)
        .or_else(|| between(reading, i, beside))
        .or_else(|| led(reading, i, beside, asked))
        .or_else(|| {
            let (time, end) = point(reading, i)?;
            let sure = time.sure || (beside && follows(reading, end));
            sure.then(|| (hours(time.minutes, time.minutes + 60, Sort::Exact, time.loose), end))
        })
}

fn part(reading: &Reading, i: usize) -> Option<(Hours, usize)> {
    let begin = i;
    let mut i = i;
    while matches!(reading.norm(i), "in" | "the" | "during" | "at" | "around" | "this") && i < begin + 3 {
        i += 1;
    }
    let (early, late) = (reading.norm(i) == "early", matches!(reading.norm(i), "late" | "later"));
    let mid = reading.norm(i) == "mid";
    let at = i + usize::from(early || late || mid) + usize::from(mid && reading.is_sign(i + 1, "-"));
    let word = reading.norm(at);
    let fine = |from: u32, to: u32| {
        let (from, to) = (from * 60, to * 60);
        match (early, late, mid) {
            (true, _, _) => (from, from + (to - from) / 2),
            (_, true, _) => (from + (to - from) / 2, to),
            (_, _, true) => (from + (to - from) / 4, to - (to - from) / 4),
            _ => (from, to),
        }
    };
    let ((from, to), end) = match word {
        "morning" | "mornin" => (fine(8, 12), at + 1),
        "afternoon" | "arvo" | "aftrnoon" | "afternon" => (fine(12, 17), at + 1),
        "evening" | "eve" | "evenin" if reading.norm(at.saturating_sub(1)) != "christmas" => {
            (fine(17, 21), at + 1)
        }
        "night" | "tonight" | "tonite" => ((18 * 60, MIDNIGHT), at + 1),
        "noon" | "midday" => ((12 * 60, 13 * 60), at + 1),
        "lunchtime" => ((12 * 60, 14 * 60), at + 1),
        "lunch" if matches!(reading.norm(at.saturating_sub(1)), "at" | "around" | "during") && at > begin => {
            ((12 * 60, 14 * 60), at + 1 + usize::from(reading.norm(at + 1) == "time"))
        }
        "dawn" | "sunrise" => ((6 * 60, 8 * 60), at + 1),
        "sunset" | "dusk" => ((16 * 60, 18 * 60), at + 1),
        "after" if at == begin && matches!(reading.norm(at + 1), "work" | "school" | "dinner") => {
            let from = match reading.norm(at + 1) {
                "work" => 17,
                "school" => 15,
                _ => 19,
            };
            ((from * 60, 21 * 60), at + 2)
        }
        "after" if at == begin && reading.norm(at + 1) == "lunch" => ((13 * 60, 17 * 60), at + 2),
        "before" if at == begin && reading.norm(at + 1) == "work" => ((6 * 60, 9 * 60), at + 2),
        "before" if at == begin && reading.norm(at + 1) == "lunch" => ((8 * 60, 12 * 60), at + 2),
        "first" if reading.says(at, &["first", "thing"]) => ((8 * 60, 10 * 60), at + 2),
        _ => return None,
    };
    Some((
        hours(from, to, if matches!(word, "noon" | "midday") { Sort::Exact } else { Sort::Part }, false),
        end,
    ))
}

fn between(reading: &Reading, i: usize, beside: bool) -> Option<(Hours, usize)> {
    let lead = matches!(reading.norm(i), "between" | "from" | "btw" | "anywhere" | "betwen");
    let at = i + usize::from(lead);
    let (first, joint) = point(reading, at)?;
    let joined = matches!(reading.norm(joint), "and" | "to" | "till" | "until" | "til" | "or" | "through")
        || reading.is_sign(joint, "-")
        || reading.is_sign(joint, "–")
        || reading.is_sign(joint, "—");
    if !joined {
        return None;
    }
    let or = reading.norm(joint) == "or";
    let (second, end) = point(reading, joint + 1)?;
    let sure = first.sure
        || second.sure
        || ((lead || beside) && follows(reading, end) && first.hour <= 24 && second.hour <= 24);
    if !sure {
        return None;
    }
    let (mut from, mut to) = (first, second);
    if from.loose && !to.loose {
        // "2-5pm", "10 to 2pm".
        let late = from.bare + 12 * 60;
        from.minutes = if to.minutes >= 12 * 60 && late < to.minutes { late } else { from.bare };
    } else if !from.loose && to.loose {
        to.minutes = if to.bare > from.minutes { to.bare } else { to.bare + 12 * 60 };
    } else if from.loose && to.loose && to.minutes <= from.minutes {
        to.minutes = to.bare + 12 * 60;
    }
    let until = if or { to.minutes + 60 } else { to.minutes };
    (until > from.minutes)
        .then(|| (hours(from.minutes, until, Sort::Between, first.loose && second.loose), end))
}

fn led(reading: &Reading, i: usize, beside: bool, asked: bool) -> Option<(Hours, usize)> {
    let (open, at) = match (reading.norm(i), reading.norm(i + 1)) {
        ("after" | "past" | "since", _) => ("after", i + 1),
        ("from", _) => ("from", i + 1),
        ("later" | "earlier", "than") => (if reading.norm(i) == "later" { "after" } else { "before" }, i + 2),
        ("starting", "at" | "from") => ("after", i + 2),
        ("not", "before") | ("anytime", "after") => ("after", i + 2),
        ("no", "earlier") => ("after", i + 3),
        ("before" | "by" | "until" | "till" | "til", _) => ("before", i + 1),
        ("no", "later") => ("before", i + 3),
        ("not", "after") | ("anytime", "before") => ("before", i + 2),
        ("at" | "around" | "about" | "near" | "circa" | "say" | "like", _) => ("at", i + 1),
        _ if reading.is_sign(i, "@") || reading.is_sign(i, "~") => ("at", i + 1),
        _ => return None,
    };
    let at = at + usize::from(matches!(reading.norm(at), "around" | "about" | "like" | "exactly"));
    if let Some((noon, end)) = part(reading, at).filter(|(h, _)| h.kind == Sort::Exact) {
        return Some(match open {
            "after" | "from" => (hours(noon.from, MIDNIGHT, Sort::Open, false), end),
            "before" => (hours(0, noon.from, Sort::Open, false), end),
            _ => (noon, end),
        });
    }
    let (time, end) = point(reading, at)?;
    let clear = matches!(reading.norm(i), "at") || reading.is_sign(i, "@") || open != "at" || beside || asked;
    let onward = matches!(reading.norm(end), "on" | "onwards" | "onward");
    if !(time.sure || clear && time.hour <= 12 && follows(reading, end)) {
        return None;
    }
    let end = end + usize::from(onward);
    Some(match open {
        "after" => (hours(time.minutes, MIDNIGHT, Sort::Open, time.loose), end),
        "from" if time.sure || onward || beside => {
            (hours(time.minutes, MIDNIGHT, Sort::Open, time.loose), end)
        }
        "from" => return None,
        "before" => (hours(0, time.minutes, Sort::Open, time.loose), end),
        _ => (hours(time.minutes, time.minutes + 60, Sort::Exact, time.loose), end),
    })
}

/// Whether what follows a bare number lets it be a time: no unit, no thing that is counted.
fn follows(reading: &Reading, end: usize) -> bool {
    const AFTER: &[&str] = &[
        "or",
        "for",
        "in",
        "at",
        "on",
        "and",
        "but",
        "if",
        "please",
        "today",
        "tomorrow",
        "tonight",
        "this",
        "next",
        "would",
        "works",
        "is",
        "with",
        "thanks",
        "my",
        "i",
        "so",
        "the",
        "would",
        "ish",
        "sharp",
        "because",
        "to",
        "until",
        "any",
        "ideally",
        "preferably",
        "onwards",
        "onward",
        "pls",
        "near",
        "around",
        "about",
        "then",
        "budget",
        "max",
        "under",
        "when",
        "since",
        "as",
        "also",
        "instead",
        "though",
        "maybe",
        "work",
        "only",
        "every",
        "we",
        "it",
        "that",
        "most",
        "max",
    ];
    reading.tokens.get(end).is_none_or(|t| {
        (t.kind == Kind::Sign && !matches!(t.text.as_str(), "%" | "/" | "$" | "€" | "£"))
            || AFTER.contains(&t.norm.as_str())
            || !reading.is_free(end)
            || super::calendar::weekday(&t.norm).is_some()
    })
}

#[derive(Debug, Clone, Copy)]
struct Point {
    /// The hour as written.
    hour: u32,
    /// Minutes of the day, an hour without am or pm guessed: 1 to 7 are afternoon.
    minutes: u32,
    /// The same without the guess.
    bare: u32,
    /// Written in a way that is only a time.
    sure: bool,
    /// No am or pm was said.
    loose: bool,
}

fn point(reading: &Reading, i: usize) -> Option<(Point, usize)> {
    let token = reading.tokens.get(i).filter(|_| reading.is_free(i))?;
    if let ("noon" | "midday" | "midnight", _) = (token.norm.as_str(), ()) {
        let minutes = if token.norm == "midnight" { MIDNIGHT } else { 12 * 60 };
        return Some((Point { hour: minutes / 60, minutes, bare: minutes, sure: true, loose: false }, i + 1));
    }
    if matches!(token.norm.as_str(), "half" | "quarter") && matches!(reading.norm(i + 1), "past" | "to") {
        let (hour, end) = hour(reading, i + 2)?;
        let shift = match (token.norm.as_str(), reading.norm(i + 1)) {
            ("half", _) => 30,
            (_, "past") => 15,
            _ => 45,
        };
        let base = if shift == 45 { hour.checked_sub(1)? } else { hour };
        return finish(reading, base, shift, end, true);
    }
    let (hour, mut end) = hour(reading, i)?;
    let (mut minute, mut sure) = (0, false);
    let figure = token.kind == Kind::Number;
    let sign = reading.is_sign(end, ":")
        || (reading.is_sign(end, ".") && reading.tokens.get(end + 1).is_some_and(|t| t.text.len() == 2));
    if figure
        && sign
        && let Some(said) =
            reading.tokens.get(end + 1).filter(|t| t.glued && t.kind == Kind::Number && t.text.len() == 2)
    {
        minute = said.text.parse().ok().filter(|m| *m < 60)?;
        (sure, end) = (true, end + 2);
    }
    finish(reading, hour, minute, end, sure)
}

fn hour(reading: &Reading, i: usize) -> Option<(u32, usize)> {
    let token = reading.tokens.get(i)?;
    // "The 10 am one", "that one".
    let before = i.checked_sub(1).map_or("", |k| reading.norm(k));
    if token.norm == "one" && matches!(before, "am" | "pm" | "oclock" | "the" | "that" | "this" | "other") {
        return None;
    }
    let hour = match token.kind {
        Kind::Number => token.text.parse::<u32>().ok().or_else(|| {
            // "3.30pm"
            token.text.split_once('.').filter(|(_, m)| m.len() == 2).and_then(|(h, _)| h.parse().ok())
        })?,
        _ => u32::try_from(crate::concierge::amounts::small(&token.norm)?).ok()?,
    };
    (hour <= 24).then_some((hour, i + 1))
}

fn finish(reading: &Reading, hour: u32, minute: u32, end: usize, mut sure: bool) -> Option<(Point, usize)> {
    let dotted = reading.is_sign(end + 1, ".") && reading.norm(end + 2) == "m";
    let (half, end) = match reading.norm(end) {
        "am" => (Some(0), end + 1),
        "pm" => (Some(12), end + 1),
        "a" if dotted => (Some(0), end + 3 + usize::from(reading.is_sign(end + 3, "."))),
        "p" if dotted => (Some(12), end + 3 + usize::from(reading.is_sign(end + 3, "."))),
        "p" if reading.tokens.get(end).is_some_and(|t| t.glued) => (Some(12), end + 1),
        "a" if reading.tokens.get(end).is_some_and(|t| t.glued) => (Some(0), end + 1),
        "oclock" | "uhr" | "h" | "hrs" | "ish" | "sharp" => {
            sure = true;
            (None, end + 1)
        }
        "o" if reading.is_sign(end + 1, "'") => {
            sure = true;
            (None, end + 3)
        }
        _ => (None, end),
    };
    let bare = (hour % 24) * 60 + minute;
    Some(match half {
        Some(_) if hour > 12 => (Point { hour, minutes: bare, bare, sure: true, loose: false }, end),
        Some(half) => {
            let minutes = (hour % 12 + half) * 60 + minute;
            (Point { hour, minutes, bare: minutes, sure: true, loose: false }, end)
        }
        None => {
            let guess = if (1..=7).contains(&hour) { bare + 12 * 60 } else { bare };
            (Point { hour, minutes: guess, bare, sure, loose: hour <= 12 }, end)
        }
    })
}
