//! What a message says about time, money and services, whatever it is about.

use chrono::{NaiveDate, NaiveDateTime};

use super::rules::Spoken;
use crate::concierge::prompt::Prompt;
use crate::concierge::reading::{Claim, Reading};
use crate::concierge::services;
use crate::concierge::time::calendar::Span;
use crate::concierge::time::clock::{Hours, MIDNIGHT, Sort};
use crate::concierge::time::{self, Item, What};
use crate::concierge::words::Kind;
use crate::concierge::{amounts, money};

/// A message, read.
#[derive(Debug)]
pub struct Said<'t> {
    /// The message.
    pub text: &'t str,
    /// Its tokens; times and amounts are claimed.
    pub reading: Reading<'t>,
    /// Its words, for rules.
    pub spoken: Spoken,
    /// The days it names last.
    pub days: Option<Span>,
    /// The time of day it names last.
    pub hours: Option<Hours>,
    /// All days it names that it does not deny.
    pub all_days: Vec<Span>,
    /// Days it denies, or is away on.
    pub denied_days: Vec<Span>,
    /// The amount it names last with a currency, or in words that say so, in cents.
    pub cents: Option<i64>,
    /// The currency of it.
    pub currency: Option<&'static str>,
    /// A range of amounts.
    pub range: Option<(i64, i64)>,
    /// The service it names.
    pub service: Option<String>,
    /// The category it hints at.
    pub category: Option<&'static str>,
    /// The local time.
    pub now: NaiveDateTime,
}

impl<'t> Said<'t> {
    /// Reads a message.
    pub fn new(text: &'t str, prompt: &Prompt) -> Self {
        Self::at(text, prompt.now.with_timezone(&prompt.zone).naive_local())
    }

    /// Another text, read at the same time.
    pub fn again<'u>(&self, text: &'u str) -> Said<'u> {
        Said::at(text, self.now)
    }

    fn at(text: &'t str, now: NaiveDateTime) -> Self {
        let mut reading = Reading::new(text);
        let mut amounts = money::find_marked(&mut reading);
        let items = time::find(&mut reading, now.date(), false);
        amounts.extend(money::find_bare(&mut reading, false, true));
        amounts.sort_by_key(|mention| (reading.segment(mention.range.start), mention.range.start));
        let last = amounts.last();
        let held = |want: fn(&What) -> bool| -> Option<&Item> {
            let mut held: Vec<&Item> = items.iter().filter(|item| !item.denied && want(&item.what)).collect();
            held.sort_by_key(|item| reading.segment(item.range.start));
            held.last().copied()
        };
        let days = held(|what| matches!(what, What::Days(_))).and_then(|item| match item.what {
            What::Days(span) => Some(span),
            _ => None,
        });
        let hours = held(|what| matches!(what, What::Hours(_))).and_then(|item| match item.what {
            What::Hours(hours) => Some(with_part(&items, item, hours)),
            _ => None,
        });
        let spans = |denied: bool| -> Vec<Span> {
            let spans = items.iter().filter(|item| item.denied == denied);
            spans
                .filter_map(|item| match item.what {
                    What::Days(span) => Some(span),
                    _ => None,
                })
                .collect()
        };
        let mut words = Reading::new(text);
        let category = services::category_of(&words);
        let service = services::find(&mut words, &services::Before::default()).service;
        Self {
            text,
            spoken: Spoken::new(&reading),
            all_days: spans(false),
            denied_days: spans(true),
            days,
            hours,
            cents: last.and_then(|mention| mention.max.or(mention.min)),
            currency: last.and_then(|mention| mention.currency),
            range: last.and_then(|mention| mention.min.zip(mention.max)),
            service,
            category,
            now,
            reading,
        }
    }

    /// Whether it says a day or a time.
    pub fn has_time(&self) -> bool {
        self.days.is_some() || self.hours.is_some()
    }

    /// Whether a local date and time is one that it means.
    pub fn means(&self, date: &str, start: &str) -> bool {
        let day = date.parse::<NaiveDate>().ok();
        let day_fits = self.days.is_none_or(|span| day.is_some_and(|day| span.from <= day && day <= span.to));
        day_fits && self.hours.is_none_or(|hours| minutes(start).is_some_and(|start| is_in(hours, start)))
    }

    /// The exact time of day it names, as `HH:MM`.
    pub fn start(&self) -> Option<String> {
        let hours = self.hours.filter(|hours| matches!(hours.kind, Sort::Exact | Sort::Between))?;
        Some(clock(hours.from))
    }

    /// The one day it names, as `YYYY-MM-DD`.
    pub fn date(&self) -> Option<String> {
        self.days.filter(|span| span.is_day()).map(|span| span.from.to_string())
    }

    /// Numbers that are no time and no amount, with the token each stands at.
    pub fn numbers(&self) -> Vec<(usize, i64)> {
        (0..self.reading.tokens.len())
            .filter(|i| matches!(self.reading.claimed(*i), None | Some(Claim::Manner)))
            .filter_map(|i| {
                let token = self.reading.tokens.get(i)?;
                let value = match token.kind {
                    Kind::Number => token.text.parse().ok(),
                    Kind::Word => amounts::small(&token.norm).filter(|_| token.norm != "one"),
                    Kind::Sign => None,
                };
                value.map(|value| (i, value))
            })
            .collect()
    }

    /// An amount that only the question before makes one: "make it 75", "80".
    pub fn bare_cents(&self) -> Option<i64> {
        self.cents.or_else(|| self.numbers().last().map(|(_, number)| number * 100))
    }
}

/// "At 9 in the morning", "tomorrow evening at 7": the time of the clock, in the part of the day that is said beside it.
fn with_part(items: &[Item], item: &Item, hours: Hours) -> Hours {
    let beside = items.iter().filter(|other| !other.denied).find_map(|other| match other.what {
        What::Hours(found) => {
            let touches = other.range.end == item.range.start || item.range.end == other.range.start;
            let (clock, part) = if hours.kind == Sort::Part { (found, hours) } else { (hours, found) };
            let fits = part.kind == Sort::Part && matches!(clock.kind, Sort::Exact | Sort::Between);
            (touches && fits).then_some((clock, part))
        }
        _ => None,
    });
    let Some((clock, part)) = beside else { return hours };
    let twelve = 12 * 60;
    let late = clock.loose && part.from >= twelve && clock.to < twelve;
    let early = clock.loose && part.to <= twelve && clock.from > twelve;
    let moved = |minutes: u32| match (late, early) {
        (true, _) => minutes + twelve,
        (_, true) => minutes - twelve,
        _ => minutes,
    };
    Hours { from: moved(clock.from), to: moved(clock.to).min(MIDNIGHT), kind: clock.kind, loose: false }
}

/// `HH:MM` of minutes of a day.
pub fn clock(minutes: u32) -> String {
    let minutes = minutes.min(MIDNIGHT);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes of a day of `HH:MM`.
pub fn minutes(start: &str) -> Option<u32> {
    let (hour, minute) = start.split_once(':')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.get(..2)?.parse::<u32>().ok()?)
}

fn is_in(hours: Hours, start: u32) -> bool {
    let twelve = 12 * 60;
    let holds = |from: u32, to: u32| match hours.kind {
        Sort::Exact => start == from,
        Sort::Between => start >= from && start < to.max(from + 1),
        Sort::Open | Sort::Part => start >= from && start <= to,
    };
    holds(hours.from, hours.to)
        || (hours.loose
            && hours.kind == Sort::Exact
            && (start == hours.from + twelve || start + twelve == hours.from))
}
