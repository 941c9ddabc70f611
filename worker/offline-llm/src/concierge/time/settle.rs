//! From what was said about time to one window and notes.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::calendar::{self, Span, plus};
use super::clock::{Hours, MIDNIGHT, Sort};
use super::{Item, What};
use crate::concierge::facts::{Urgency, Window};
use crate::concierge::reading::Reading;

/// What a message says about time, settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Time {
    /// The window.
    pub window: Option<Window>,
    /// Wishes that do not fit it, in the user's words.
    pub notes: Vec<String>,
    /// How much of a hurry.
    pub urgency: Option<Urgency>,
}

/// Puts the items of a message together. `now` is local to the place; `known` is the window of the draft, whose days hold when
/// only another time of day is said.
pub fn settle(reading: &Reading, items: &[Item], now: NaiveDateTime, known: Option<Window>) -> Time {
    let mut time = Time::default();
    let today = now.date();
    for item in items
        .iter()
        .filter(|item| item.denied && matches!(item.what, What::Days(_) | What::Hours(_) | What::Wish))
    {
        time.notes.push(format!("not {}", reading.words(item.range.clone()).trim_start_matches("on ")));
    }
    // The day of another event holds only where no day is asked for.
    let direct = |want: fn(&What) -> bool| items.iter().any(|i| !i.denied && !i.aside && want(&i.what));
    let (days_asked, hours_asked) =
        (direct(|w| matches!(w, What::Days(_))), direct(|w| matches!(w, What::Hours(_))));
    let held: Vec<&Item> = items
        .iter()
        .filter(|item| {
            let better = match item.what {
                What::Days(_) => days_asked,
                What::Hours(_) => hours_asked,
                _ => false,
            };
            !(item.denied || item.aside && better)
        })
        .collect();
    if held.iter().any(|item| item.what == What::Now) {
        time.urgency = Some(Urgency::Urgent);
    } else if held.iter().any(|item| item.what == What::Soon) {
        time.urgency = Some(Urgency::Soon);
    }
    let last = |want: fn(&What) -> bool| {
        held.iter().filter(|i| want(&i.what)).map(|i| reading.segment(i.range.start)).max()
    };
    let in_last = |want: fn(&What) -> bool| -> Vec<&Item> {
        let last = last(want);
        held.iter()
            .copied()
            .filter(|i| want(&i.what) && Some(reading.segment(i.range.start)) == last)
            .collect()
    };
    let wishes: Vec<&Item> = in_last(|w| matches!(w, What::Wish));
    let days: Vec<&Item> = in_last(|w| matches!(w, What::Days(_)));
    let mut hours: Vec<&Item> = in_last(|w| matches!(w, What::Hours(_)));
    // A later correction by days only keeps the time said before; by a time only keeps the days.
    if last(|w| matches!(w, What::Days(_))) < last(|w| matches!(w, What::Wish)) && !wishes.is_empty() {
        hours.clear();
    }
    for wish in &wishes {
        time.notes.push(reading.words(wish.range.clone()).to_owned());
    }
    let mut spans: Vec<Span> =
        days.iter().filter_map(|i| if let What::Days(span) = i.what { Some(span) } else { None }).collect();
    if let (Some(window), [item], [span]) = (known, days.as_slice(), spans.as_slice()) {
        spans = vec![in_known_week(reading, item, *span, window, today)];
    }
    spans.dedup();
    // "Next week, Tuesday": the day within the week.
    if let Some(day) = spans.iter().copied().find(|s| s.is_day())
        && spans.iter().all(|s| *s == day || (!s.is_day() && s.from <= day.from && day.to <= s.to))
    {
        spans = vec![day];
    }
    let parts: Vec<Hours> =
        hours.iter().filter_map(|i| if let What::Hours(h) = i.what { Some(h) } else { None }).collect();
    let words = |items: &[&Item]| -> String {
        let from = items.iter().map(|i| i.range.start).min().unwrap_or(0);
        let to = items.iter().map(|i| i.range.end).max().unwrap_or(0);
        reading.words(from..to).to_owned()
    };
    let whole = |span: Span| window(span.from, 0, span.to, MIDNIGHT);
    match (spans.as_slice(), parts.as_slice()) {
        ([], []) => {}
        ([], times) if !wishes.is_empty() => {
            let _ = times;
            time.notes.push(words(&hours));
        }
        ([], times) => match known.filter(|w| w.from.date() == w.to.date()) {
            Some(window_known) => time.window = Some(on(window_known.from.date(), together(times))),
            None => {
                let hours_said = together(times);
                let open = matches!(hours_said.kind, Sort::Open | Sort::Part);
                if open || known.is_some() {
                    time.notes.push(words(&hours));
                } else {
                    let day = if now.time() < at(hours_said.from).time() { today } else { plus(today, 1) };
                    time.window = Some(on(day, hours_said));
                }
            }
        },
        // Another day for the one that is known keeps its hours.
        ([span], []) => {
            let kept = known.filter(|w| {
                w.from.date() == w.to.date() && span.is_day() && (w.from.hour(), w.to.hour()) != (0, 23)
            });
            time.window = Some(match kept {
                Some(w) => {
                    Window { from: span.from.and_time(w.from.time()), to: span.to.and_time(w.to.time()) }
                }
                None => whole(*span),
            });
        }
        ([span], times) if span.is_day() => {
            if paired(&hours) {
                time.notes.push(words(&hours));
            }
            time.window = Some(on(span.from, if paired(&hours) { hull(times) } else { together(times) }));
        }
        ([span], _) => {
            time.window = Some(whole(*span));
            time.notes.push(words(&hours));
        }
        (spans, times) => {
            let from = spans.iter().map(|s| s.from).min().unwrap_or(today);
            let to = spans.iter().map(|s| s.to).max().unwrap_or(today);
            let each: Vec<&Item> = days.iter().chain(&hours).copied().collect();
            time.window = Some(match (times.first(), times.last()) {
                (Some(first), Some(last)) if times.len() == spans.len() => {
                    window(from, first.from, to, last.to)
                }
                _ => whole(Span { from, to }),
            });
            if !times.is_empty() || (to - from).num_days() >= i64::try_from(spans.len()).unwrap_or(1) {
                time.notes.push(words(&each));
            }
        }
    }
    if time.window.is_none() && wishes.is_empty() {
        time.window = match time.urgency {
            Some(Urgency::Urgent) => Some(Window { from: minute(now), to: end_of(plus(today, 1)) }),
            Some(Urgency::Soon) => Some(Window { from: minute(now), to: end_of(plus(today, 7)) }),
            _ => None,
        };
    }
    // A day that is today, said with hurry, begins now.
    if let Some(window) = time.window.as_mut()
        && time.urgency == Some(Urgency::Urgent)
        && window.from < now
        && window.to > now
    {
        window.from = minute(now);
    }
    time.notes.retain(|note| !note.is_empty());
    time.notes.dedup();
    time
}

/// A bare weekday in place of a day that is more than a week away is one of that week.
fn in_known_week(reading: &Reading, item: &Item, span: Span, known: Window, today: NaiveDate) -> Span {
    let bare = item.range.len() <= 2
        && calendar::weekday(reading.norm(item.range.end.saturating_sub(1))).is_some()
        && !matches!(reading.norm(item.range.start), "this" | "next" | "coming");
    let far = (known.from.date() - today).num_days() > 6 && (known.to - known.from).num_days() < 7;
    if !(bare && far && span.is_day()) {
        return span;
    }
    let day = calendar::weekday_of_week(known.from.date(), span.from.weekday(), 0);
    if day > today { Span::day(day) } else { span }
}

/// "in the morning or after 5": two times of one day that do not meet.
fn paired(hours: &[&Item]) -> bool {
    let mut known: Option<Hours> = None;
    for item in hours {
        let What::Hours(said) = item.what else { continue };
        if let Some(before) = known
            && !said.loose
            && !before.loose
            && (said.from >= before.to || before.from >= said.to)
        {
            return true;
        }
        known = Some(said);
    }
    false
}

fn hull(times: &[Hours]) -> Hours {
    let from = times.iter().map(|h| h.from).min().unwrap_or(0);
    let to = times.iter().map(|h| h.to).max().unwrap_or(MIDNIGHT);
    Hours { from, to, kind: Sort::Between, loose: false }
}

/// Several times of one day: what they have in common; an hour without am or pm goes with the part of the day.
fn together(times: &[Hours]) -> Hours {
    let part = times.iter().find(|h| h.kind == Sort::Part);
    let mut held: Option<Hours> = None;
    for said in times {
        let mut said = *said;
        if let Some(part) = part.filter(|_| said.loose) {
            let twelve = 12 * 60;
            let fits = |from: u32| from >= part.from && from < part.to;
            if !fits(said.from) && said.kind != Sort::Open {
                if fits(said.from + twelve) {
                    (said.from, said.to) = (said.from + twelve, (said.to + twelve).min(MIDNIGHT));
                } else if said.from >= twelve && fits(said.from - twelve) {
                    (said.from, said.to) = (said.from - twelve, said.to.saturating_sub(twelve));
                }
            } else if said.kind == Sort::Open && said.from > 0 && fits(said.from + twelve) {
                said.from += twelve;
            }
        }
        held = Some(match held {
            Some(before) if before.from.max(said.from) < before.to.min(said.to) => Hours {
                from: before.from.max(said.from),
                to: before.to.min(said.to),
                kind: said.kind,
                loose: false,
            },
            _ if held.is_some_and(|h| h.kind == Sort::Exact) && said.kind == Sort::Part => {
                held.unwrap_or(said)
            }
            _ => said,
        });
    }
    held.unwrap_or(Hours { from: 0, to: MIDNIGHT, kind: Sort::Part, loose: false })
}

fn at(minutes: u32) -> NaiveDateTime {
    NaiveDate::default().and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minutes))
}

fn window(from: NaiveDate, first: u32, to: NaiveDate, last: u32) -> Window {
    Window { from: from.and_time(at(first).time()), to: to.and_time(at(last).time()) }
}

fn on(day: NaiveDate, hours: Hours) -> Window {
    window(day, hours.from.min(MIDNIGHT - 1), day, hours.to)
}

fn minute(time: NaiveDateTime) -> NaiveDateTime {
    time.with_second(0).and_then(|t| t.with_nanosecond(0)).unwrap_or(time)
}

fn end_of(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN).checked_add_days(Days::new(1)).unwrap_or_default() - Duration::minutes(1)
}
