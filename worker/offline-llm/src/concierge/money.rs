//! Amounts of money, and what they say about the budget.

use std::ops::Range;

use super::amounts::{self, Number};
use super::facts::Budget;
use super::money_words::{AFTER, LEAST, MONEY, MOST};
use super::reading::{Claim, Reading};
use super::words::{Kind, Token};

/// An amount or a range of amounts in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The least, in cents.
    pub min: Option<i64>,
    /// The most, in cents.
    pub max: Option<i64>,
    /// ISO 4217, if it was said.
    pub currency: Option<&'static str>,
    /// Its tokens.
    pub range: Range<usize>,
    /// How surely it is the budget: 0 is somebody else's or a past price.
    pub weight: u8,
}

/// Amounts that carry a currency ("$60", "50-80 dollars"); their tokens are claimed.
pub fn find_marked(reading: &mut Reading) -> Vec<Mention> {
    find(reading, |_, number| number.currency.is_some())
}

/// Bare numbers that the words around them, or the question before, make amounts.
pub fn find_bare(reading: &mut Reading, asked: bool, known: bool) -> Vec<Mention> {
    let only =
        reading.tokens.len() <= 6 && reading.tokens.iter().filter(|t| t.kind == Kind::Number).count() <= 2;
    find(reading, move |reading, number| {
        let begin = number.range.start;
        let whole = number.cents % 100 == 0;
        if !may_be_bare(reading, number) {
            return false;
        }
        let led = [LEAST, MOST].into_iter().any(|table| led_by(reading, begin, table).is_some())
            || reading.says(begin.saturating_sub(1), &["between"])
            || begin.checked_sub(1).is_some_and(|k| reading.is_sign(k, "~"));
        let clause = clause_speaks_of_money(reading, begin);
        let corrected = known && (reading.segment(begin) > 0 || is_changed(reading, number));
        let agreed = known
            && reading.norm(number.range.end) == "is"
            && matches!(reading.norm(number.range.end + 1), "ok" | "okay" | "fine" | "good");
        let end = number.range.end;
        let fair = number.cents >= 2_000
            && matches!(reading.norm(end), "is" | "seems" | "sounds" | "would")
            && (end + 1..end + 3).any(|k| {
                matches!(
                    reading.norm(k),
                    "reasonable" | "fair" | "ok" | "okay" | "fine" | "right" | "great" | "ideal"
                )
            });
        let closes = reading.tokens.get(end).is_none_or(Token::is_break);
        let short = reading.tokens.get(begin).is_some_and(|t| t.text.len() < 5);
        let before = begin.checked_sub(1).map_or("", |k| reading.norm(k));
        let goes = closes
            && short
            && number.cents >= 2_000
            && (begin.saturating_sub(2)..begin)
                .any(|k| matches!(reading.norm(k), "do" | "say" | "go" | "pay"));
        let added = goes
            || (known && only && number.cents >= 2_000)
            || known && closes && short && number.cents >= 2_000 && before == "and";
        // "…, 150": a number by itself, no year.
        let opens = begin.checked_sub(1).and_then(|k| reading.tokens.get(k)).is_some_and(|t| t.is_break())
            && !begin
                .checked_sub(2)
                .and_then(|k| reading.tokens.get(k))
                .is_some_and(|t| t.kind == Kind::Number);
        let ranges = ["-", "–"].iter().any(|sign| reading.is_sign(end, sign));
        let year = (190_000..210_000).contains(&number.cents);
        let alone = opens && (closes || ranges) && short && !year && number.cents >= 2_000;
        let owned = closes && short && (number.thousands || matches!(before, "have" | "got"));
        let after =
            matches!(reading.norm(number.range.end), "max" | "tops" | "maximum" | "ish" | "budget" | "total")
                || reading.says(number.range.end, &["or", "less"])
                || reading.says(number.range.end, &["all", "in"])
                || (reading.says(number.range.end, &["or", "so"])
                    && reading.tokens.get(number.range.end + 2).is_none_or(Token::is_break));
        let bought = reading.says(begin.saturating_sub(1), &["for"]) && number.cents >= 2_000;
        let big = number.cents >= 1_500 || (number.cents >= 500 && clause);
        (whole
            && big
            && (led || after || agreed || fair || added || owned || alone || clause || corrected || bought))
            || (asked && (only || led || clause) && number.cents >= 100)
    })
}

/// What all mentions together say: of corrected ones the last, of those the surest, else the least and the most of them.
pub fn settle(reading: &Reading, mentions: &[Mention], known_currency: Option<&str>) -> Option<Budget> {
    let wanted: Vec<&Mention> = mentions.iter().filter(|m| m.weight > 0).collect();
    let last = wanted.iter().map(|m| reading.segment(m.range.start)).max()?;
    let in_last = || wanted.iter().filter(|m| reading.segment(m.range.start) == last);
    let surest = in_last().map(|m| m.weight).max()?;
    let mut held = in_last().filter(|m| m.weight == surest);
    let first = held.next()?;
    let (mut min, mut max) = (first.min, first.max);
    let range_said = min.is_some() && max.is_some();
    for mention in held.filter(|_| !range_said) {
        min = min.or(mention.min);
        max = max.or(mention.max);
    }
    if let (Some(low), Some(high)) = (min, max)
        && low > high
    {
        (min, max) = (Some(high), Some(low));
    }
    let said = first.currency.or_else(|| mentions.iter().rev().find_map(|m| m.currency));
    Some(Budget {
        min_cents: min,
        max_cents: max,
        currency: said.or(known_currency).unwrap_or("USD").to_owned(),
    })
}

/// "can we do 250", "300 instead", "bump it up to 90": another amount for the one that is known.
fn is_changed(reading: &Reading, number: &Number) -> bool {
    const CHANGES: &[&str] =
        &["do", "make", "go", "raise", "bump", "increase", "lower", "stretch", "change", "up", "say", "set"];
    let begin = number.range.start;
    number.cents >= 1_500
        && (reading.norm(number.range.end) == "instead"
            || (begin.saturating_sub(5)..begin).any(|k| CHANGES.contains(&reading.norm(k))))
}

/// How surely an amount is the budget: 0 a past or foreign price, 1 a price of one thing, 2 an amount, 3 with words of a budget.
fn weight(reading: &Reading, range: &Range<usize>, explicit: bool) -> u8 {
    let near = |back: usize| range.start.checked_sub(back).map_or("", |k| reading.norm(k));
    let same = (range.end..range.end + 8).any(|k| matches!(reading.norm(k), "same" | "again"));
    let was = (1..=2).any(|back| matches!(near(back), "was" | "were" | "worth"));
    if (reading.stance(range.start).told || was) && !same {
        return 0;
    }
    let unit = matches!(reading.norm(range.end), "each" | "apiece" | "per" | "every")
        || (matches!(reading.norm(range.end), "a" | "an") && reading.norm(range.end + 1) != "total");
    let thing = matches!(
        reading.norm(range.end),
        "deposit" | "fee" | "rent" | "faucet" | "tip" | "voucher" | "dress" | "charger" | "gift"
    );
    match (explicit || speaks_of_budget(reading, range), unit || thing) {
        (true, false) => 3,
        (true, true) | (false, true) => 1,
        (false, false) => 2,
    }
}

/// "budget", "can pay", "thinking", "stay", "tops" in the same clause.
fn speaks_of_budget(reading: &Reading, range: &Range<usize>) -> bool {
    const WORDS: &[&str] = &[
        "budget",
        "limit",
        "spend",
        "spending",
        "pay",
        "afford",
        "thinking",
        "stay",
        "max",
        "maximum",
        "tops",
        "willing",
        "budgeted",
        "keep",
        "ok",
        "fine",
        "okay",
        "reasonable",
        "hoping",
        "ideally",
    ];
    let stop = |k: &usize| {
        reading.tokens.get(*k).is_some_and(|t| t.is_break() && !t.is_sign(":"))
            || matches!(reading.norm(*k), "but" | "so")
    };
    let begin = (0..range.start).rev().find(stop).map_or(0, |k| k + 1);
    let end = (range.end..reading.tokens.len()).find(stop).unwrap_or(reading.tokens.len());
    (begin..end)
        .any(|k| k.abs_diff(range.start).min(k.abs_diff(range.end)) <= 7 && WORDS.contains(&reading.norm(k)))
}

fn find(reading: &mut Reading, holds: impl Fn(&Reading, &Number) -> bool) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < reading.tokens.len() {
        match mention(reading, i, &holds) {
            Some(mention) => {
                i = mention.range.end;
                reading.claim(mention.range.clone(), Claim::Money);
                found.push(mention);
            }
            None => i += 1,
        }
    }
    found
}

fn mention(reading: &Reading, i: usize, holds: &impl Fn(&Reading, &Number) -> bool) -> Option<Mention> {
    let first = amounts::number(reading, i)?;
    if !first.range.clone().all(|k| reading.is_free(k)) {
        return None;
    }
    let joint = first.range.end;
    let joined = reading.is_sign(joint, "-")
        || reading.is_sign(joint, "–")
        || reading.is_sign(joint, "—")
        || matches!(reading.norm(joint), "to" | "and" | "or" | "through");
    let second = if joined { amounts::number(reading, joint + 1) } else { None };
    let second = second.filter(|s| {
        s.range.clone().all(|k| reading.is_free(k))
            && (s.cents >= first.cents || reading.norm(joint) == "or" || s.currency.is_some())
            && may_be_bare(reading, s)
    });
    if let Some(mut second) = second {
        let mut first = first.clone();
        // "1-2k", "$50 to 80".
        if second.thousands && !first.thousands && first.cents < 100_000 {
            first.cents *= 1_000;
        }
        let currency = first.currency.or(second.currency);
        first.currency = currency;
        second.currency = currency;
        if holds(reading, &first) || holds(reading, &second) {
            let (low, high) = (first.cents.min(second.cents), first.cents.max(second.cents));
            let begin =
                led_by(reading, first.range.start, &[&["between"], &["from"]]).unwrap_or(first.range.start);
            let begin = led_by(reading, begin, MOST).unwrap_or(begin);
            let range = begin..tail(reading, second.range.end);
            return Some(Mention {
                min: Some(low),
                max: Some(high),
                currency,
                weight: weight(reading, &range, true),
                range,
            });
        }
    }
    if !holds(reading, &first) {
        return None;
    }
    let end = first.range.end;
    // "We don't want to spend over 300".
    let denied = |at: usize| {
        (at.saturating_sub(5)..at).any(|k| {
            matches!(
                reading.norm(k),
                "dont" | "not" | "cant" | "wont" | "never" | "wouldnt" | "cannot" | "nothing"
            )
        })
    };
    let least = led_by(reading, first.range.start, LEAST).filter(|at| !denied(*at)).filter(|_| {
        led_by(reading, first.range.start, MOST)
            .is_none_or(|m| m >= led_by(reading, first.range.start, LEAST).unwrap_or(0))
    });
    let open = reading.is_sign(end, "+")
        || reading.says(end, &["or", "more"])
        || reading.says(end, &["and", "up"])
        || reading.says(end, &["minimum"]);
    let begin = least.or_else(|| led_by(reading, first.range.start, MOST)).unwrap_or(first.range.start);
    let (min, max) =
        if least.is_some() || open { (Some(first.cents), None) } else { (None, Some(first.cents)) };
    let range = begin..tail(reading, end);
    let explicit = begin < first.range.start || range.end > end;
    Some(Mention { min, max, currency: first.currency, weight: weight(reading, &range, explicit), range })
}

/// Words after an amount that belong to it.
fn tail(reading: &Reading, end: usize) -> usize {
    for phrase in [
        &["or", "less"][..],
        &["or", "more"],
        &["and", "up"],
        &["or", "so"],
        &["at", "most"],
        &["tops"],
        &["max"],
        &["maximum"],
        &["total"],
        &["ish"],
        &["in", "total"],
        &["all", "in"],
        &["budget"],
        &["minimum"],
    ] {
        if reading.says(end, phrase) {
            return end + phrase.len();
        }
    }
    if reading.is_sign(end, "+") || (reading.is_sign(end, "-") && reading.norm(end + 1) == "ish") {
        end + 1
    } else {
        end
    }
}

/// Where the longest of these phrases begins that ends right before `i`.
fn led_by(reading: &Reading, i: usize, phrases: &[&[&str]]) -> Option<usize> {
    phrases.iter().filter_map(|phrase| i.checked_sub(phrase.len()).filter(|k| reading.says(*k, phrase))).min()
}

fn clause_speaks_of_money(reading: &Reading, i: usize) -> bool {
    let stop = |k: &usize| reading.tokens.get(*k).is_some_and(Token::is_stop);
    let begin = (0..i).rev().find(stop).map_or(0, |k| k + 1);
    let end = (i..reading.tokens.len()).find(stop).unwrap_or(reading.tokens.len());
    (begin..end).any(|k| k.abs_diff(i) <= 6 && MONEY.contains(&reading.norm(k)))
}

/// Not a count of something, a time, a phone or house number.
fn may_be_bare(reading: &Reading, number: &Number) -> bool {
    let (begin, end) = (number.range.start, number.range.end);
    if number.currency.is_some() {
        return true;
    }
    let glued = reading.tokens.get(end).is_some_and(|t| t.glued && t.kind != Kind::Sign && t.norm != "ish");
    let sign_before = begin
        .checked_sub(1)
        .and_then(|k| reading.tokens.get(k))
        .is_some_and(|t| matches!(t.text.as_str(), "#" | "/" | ":" | "+"));
    let sign_after = reading
        .tokens
        .get(end)
        .is_some_and(|t| matches!(t.text.as_str(), "/" | ":" | "%" | "x" | "°" | "\"" | "'"));
    let next = reading.tokens.get(end);
    let follower = next
        .is_none_or(|t| t.kind == Kind::Sign || AFTER.contains(&t.norm.as_str()) || !reading.is_free(end));
    let phone = number.cents >= 1_000_000_000
        || (next.is_some_and(|t| t.is_sign("-"))
            && number.cents >= 10_000
            && amounts::number(reading, end + 1)
                .is_some_and(|n| n.cents >= 100_000 && n.cents < 1_000_000 && number.cents < 100_000));
    !glued && !sign_before && !sign_after && follower && !phone
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn budget(text: &str) -> Option<(Option<i64>, Option<i64>, String)> {
        let mut reading = Reading::new(text);
        let mut found = find_marked(&mut reading);
        found.extend(find_bare(&mut reading, false, false));
        settle(&reading, &found, None).map(|b| (b.min_cents, b.max_cents, b.currency))
    }

    #[test]
    fn amounts_as_people_say_them() {
        for (text, min, max, currency) in [
            ("$60", None, Some(6_000), "USD"),
            ("about 60 dollars", None, Some(6_000), "USD"),
            ("60 bucks", None, Some(6_000), "USD"),
            ("around 60", None, Some(6_000), "USD"),
            ("up to 100 for it", None, Some(10_000), "USD"),
            ("under 80 please", None, Some(8_000), "USD"),
            ("max 120", None, Some(12_000), "USD"),
            ("no more than 90", None, Some(9_000), "USD"),
            ("at least 50", Some(5_000), None, "USD"),
            ("between 50 and 80", Some(5_000), Some(8_000), "USD"),
            ("50-80 dollars", Some(5_000), Some(8_000), "USD"),
            ("$50 to $80", Some(5_000), Some(8_000), "USD"),
            ("$1,200", None, Some(120_000), "USD"),
            ("my budget is 1.5k", None, Some(150_000), "USD"),
            ("€60", None, Some(6_000), "EUR"),
            ("60 euros", None, Some(6_000), "EUR"),
            ("£45", None, Some(4_500), "GBP"),
            ("a hundred bucks", None, Some(10_000), "USD"),
            ("sixty dollars", None, Some(6_000), "USD"),
            ("a couple hundred dollars", None, Some(20_000), "USD"),
            ("$1-2k", Some(100_000), Some(200_000), "USD"),
            ("i can pay 70", None, Some(7_000), "USD"),
            ("$49.99", None, Some(4_999), "USD"),
            ("two hundred and fifty dollars", None, Some(25_000), "USD"),
            ("$300 or less", None, Some(30_000), "USD"),
            ("75ish budget", None, Some(7_500), "USD"),
        ] {
            assert_eq!(budget(text), Some((min, max, currency.to_owned())), "{text}");
        }
    }

    #[test]
    fn not_every_number_is_money() {
        for text in [
            "a 3 bedroom apartment",
            "I have 2 kids",
            "about 100 guests",
            "call me at 555-1234",
            "123 Main Street",
            "on the 5th floor",
            "around 40 windows",
        ] {
            assert_eq!(budget(text), None, "{text}");
        }
    }
}
