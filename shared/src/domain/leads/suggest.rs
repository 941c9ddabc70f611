//! What a provider would offer for a lead: worked out from their prices, calendar and templates, without a model.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::agent::specialists::{Asked, Complexity, Consultation, consult};
use crate::db::{self, Conn};
use crate::error::Result;
use crate::matching;
use crate::model::calendar::{FURTHEST_DAYS, LONGEST_MINUTES, MOST_DAYS};
use crate::model::catalog::{Catalog, DurationRange, PriceRange, Service};
use crate::model::providers::{Provider, ProviderService};
use crate::model::requests::Request;
use crate::model::slots::Slot;

/// How many slots are suggested at most.
const SLOTS: usize = 5;
/// How long a job takes of which nothing is known, in minutes.
const USUAL_MINUTES: i32 = 60;
/// How much further up their range a provider's price lies for each thing that is asked for beside the first, and how far
/// that goes.
const EACH_FURTHER: f64 = 0.05;
const FURTHEST_UP: f64 = 0.85;
/// The most reasons of the specialist's that are told.
const MOST_REASONS: usize = 3;
/// What one says who has no template.
const PLAIN: &str = "Hello {first_name}, I can do your {service} for {price}. I could come to it {slot}.";

/// What a price could be, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Price {
    /// Least.
    pub low: i64,
    /// In between.
    pub mid: i64,
    /// Most.
    pub high: i64,
    /// ISO 4217.
    pub currency: String,
    /// Whether the least is more than the consumer would pay.
    pub is_over_budget: bool,
}

/// What would be offered.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Suggestion {
    /// For how much.
    pub price: Price,
    /// How long it would take.
    pub duration_minutes: i32,
    /// When it could be done: nothing, if never in the window.
    pub slots: Vec<Slot>,
    /// To the consumer.
    pub message: String,
    /// How that is worded.
    pub wording: Wording,
    /// Why it is as it is, in sentences.
    pub reasons: Vec<String>,
}

/// Works out what a provider would offer for a request, `service` being what they offer of it.
///
/// # Errors
/// When the database is away.
pub(super) async fn work_out(
    conn: &mut Conn,
    provider: &Provider,
    service: &ProviderService,
    request: &Request,
    first_name: Option<&str>,
    catalog: &Catalog,
    now: DateTime<Utc>,
) -> Result<Suggestion> {
    let specialist = consult(catalog, &Asked::of_request(request));
    let catalog = catalog.service(&request.service_id).map(|(_, known)| known);
    let price = price(provider, service, request, catalog.map(|known| &known.price), specialist.as_ref());
    let duration_minutes = duration(service, catalog, specialist.as_ref());
    let slots = free(conn, provider, service, request, duration_minutes, now).await?;
    let template = db::leads::template_of(conn, provider.id, &request.service_id).await?;
    let name = catalog.map_or(request.service_id.as_str(), |known| known.name.as_str());
    let wording = Wording {
        template: template.unwrap_or_else(|| PLAIN.to_owned()),
        first_name: first_name.unwrap_or("there").to_owned(),
        service: name.to_lowercase(),
    };
    let first = slots.first().map(|slot| (slot.date, slot.start_time.as_str()));
    let message = wording.message((price.mid, &price.currency), first);
    let reasons = reasons(&price, service, request, specialist.as_ref(), duration_minutes, &slots);
    Ok(Suggestion { price, duration_minutes, slots, message, wording, reasons })
}

/// How a provider words an offer for a lead.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Wording {
    template: String,
    first_name: String,
    service: String,
}

impl Wording {
    /// The message of an offer at a price, whose first slot begins then.
    pub(in crate::domain) fn message(
        &self,
        (cents, currency): (i64, &str),
        first: Option<(NaiveDate, &str)>,
    ) -> String {
        let words = Words {
            first_name: &self.first_name,
            service: &self.service,
            price: &in_words(cents, currency),
            slot: &first.map_or_else(|| "soon".to_owned(), when),
        };
        words.fill(&self.template)
    }
}

/// Within what the provider asks, else what the specialist reckons with or is typical; not below their least price, and not
/// above the budget where that can be met.
fn price(
    provider: &Provider,
    service: &ProviderService,
    request: &Request,
    typical: Option<&PriceRange>,
    specialist: Option<&Consultation>,
) -> Price {
    let estimate = specialist.map(|said| PriceRange {
        min_cents: said.price.low_cents,
        max_cents: said.price.high_cents,
        currency: said.price.currency.clone(),
    });
    let typical = estimate.as_ref().or(typical).filter(|typical| typical.currency == service.currency);
    let floor = provider.min_price_cents.unwrap_or(0);
    let most = service.price_max_cents.unwrap_or(i64::MAX);
    let usual = typical.map(|typical| typical.min_cents.min(most));
    let low = service.price_min_cents.or(usual).unwrap_or(floor).max(floor);
    let high = service.price_max_cents.or(typical.map(|typical| typical.max_cents)).unwrap_or(low).max(low);
    let same_money = request.budget_currency.as_deref() == Some(service.currency.as_str());
    let most = request.budget_max_cents.filter(|_| same_money);
    let is_over_budget = most.is_some_and(|most| most < low);
    let high = most.map_or(high, |most| high.min(most)).max(low);
    let up = ((high - low) as f64 * demanding(specialist, request)).round() as i64;
    let mid = whole(low + up).clamp(low, high);
    Price { low, mid, high, currency: service.currency.clone(), is_over_budget }
}

/// How much is asked for, as a part of the way from the least price to the most: how demanding it is, and how many things
/// it is.
fn demanding(specialist: Option<&Consultation>, request: &Request) -> f64 {
    let demanding = match specialist.map(|said| said.complexity) {
        Some(Complexity::Simple) => 0.3,
        Some(Complexity::Moderate) | None => 0.5,
        Some(Complexity::Complex) => 0.7,
    };
    let further = request.specializations.len().saturating_sub(1);
    (demanding + EACH_FURTHER * further as f64).min(FURTHEST_UP)
}

/// To the whole unit, as people name prices.
fn whole(cents: i64) -> i64 {
    (cents + 50) / 100 * 100
}

/// As the provider says, else as the specialist reckons with, else as is usual.
fn duration(service: &ProviderService, catalog: Option<&Service>, specialist: Option<&Consultation>) -> i32 {
    let estimate = specialist.map(|said| {
        let [min, max] = [said.duration_minutes.low, said.duration_minutes.high].map(i32::unsigned_abs);
        DurationRange { min, max }.usual().min(LONGEST_MINUTES)
    });
    let usual = || estimate.or_else(|| catalog.map(|known| known.duration_minutes.usual()));
    service.duration_minutes.or_else(usual).unwrap_or(USUAL_MINUTES)
}

/// The first free slots that begin within the request's window while the licence is good, a day apart where there are
/// enough.
pub(in crate::domain) async fn free(
    conn: &mut Conn,
    provider: &Provider,
    service: &ProviderService,
    request: &Request,
    duration_minutes: i32,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>> {
    let (from, to) = matching::window(request, now);
    let (from, to) = (from.max(now), to.min(request.expires_at));
    if from >= to {
        return Ok(Vec::new());
    }
    let calendars = db::availability::calendars(conn, &[provider.id]).await?;
    let Some(calendar) = calendars.into_values().next() else { return Ok(Vec::new()) };
    let span = crate::model::calendar::bookings_that_matter(from, to);
    let busy = db::availability::busy(conn, &[provider.id], span, None).await?;
    let busy = busy.into_values().next().unwrap_or_default();
    let own: Tz = provider.zone.parse().unwrap_or(Tz::UTC);
    let (first, last) = (from.with_timezone(&own).date_naive(), to.with_timezone(&own).date_naive());
    let last = last.min(now.with_timezone(&own).date_naive() + Days::new(FURTHEST_DAYS));
    let fits = |slot: &Slot| slot.start_at >= from && slot.start_at < to && service.is_bookable(slot.date);
    let mut all: Vec<Slot> = Vec::new();
    // A calendar answers so many days at once.
    for first in first.iter_days().step_by(MOST_DAYS as usize).take_while(|first| *first <= last) {
        let some = calendar.slots(&busy, duration_minutes, first, last, now);
        all.extend(some.into_iter().filter(fits));
        if all.len() >= SLOTS {
            break;
        }
    }
    Ok(spread(all))
}

/// Of each day the first, then of each the next, until there are enough; in order of time.
fn spread(all: Vec<Slot>) -> Vec<Slot> {
    let mut ranked: Vec<(usize, Slot)> = Vec::with_capacity(all.len());
    let mut on_day = 0;
    for slot in all {
        on_day = match ranked.last() {
            Some((_, before)) if before.date == slot.date => on_day + 1,
            _ => 0,
        };
        // Those of one day lie at least as far apart as they are long.
        ranked.push((on_day, slot));
    }
    ranked.sort_by_key(|(rank, slot)| (*rank, slot.start_at));
    let mut chosen: Vec<Slot> = Vec::new();
    for (_, slot) in ranked {
        let apart = chosen.iter().all(|other| slot.end_at <= other.start_at || other.end_at <= slot.start_at);
        if apart {
            chosen.push(slot);
        }
        if chosen.len() == SLOTS {
            break;
        }
    }
    chosen.sort_by_key(|slot| slot.start_at);
    chosen
}

/// What stands in a template's braces.
struct Words<'a> {
    first_name: &'a str,
    service: &'a str,
    price: &'a str,
    slot: &'a str,
}

impl Words<'_> {
    /// In one go: what is filled in is not looked at for braces.
    fn fill(&self, template: &str) -> String {
        let known = [
            ("{first_name}", self.first_name),
            ("{service}", self.service),
            ("{price}", self.price),
            ("{slot}", self.slot),
        ];
        let (mut filled, mut rest) = (String::with_capacity(template.len()), template);
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            match known.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, word)) => {
                    filled.push_str(word);
                    rest = &rest[name.len()..];
                }
                None => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        filled.chars().take(MESSAGE_MAX).collect()
    }
}

/// The longest message of an offer, in characters.
const MESSAGE_MAX: usize = 5_000;

/// An amount as it is written: `55.00 USD`, without a fraction where there is none.
fn in_words(cents: i64, currency: &str) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    let sign = if currency == "USD" { "$" } else { "" };
    let code = if currency == "USD" { String::new() } else { format!(" {currency}") };
    if rest == 0 { format!("{sign}{whole}{code}") } else { format!("{sign}{whole}.{rest:02}{code}") }
}

/// A slot as it is said: `on Saturday, 28 November at 14:00`.
fn when((date, start_time): (NaiveDate, &str)) -> String {
    format!("on {} at {start_time}", date.format("%A, %-d %B"))
}

fn reasons(
    price: &Price,
    service: &ProviderService,
    request: &Request,
    specialist: Option<&Consultation>,
    duration_minutes: i32,
    slots: &[Slot],
) -> Vec<String> {
    let mut reasons = Vec::new();
    reasons.push(match (service.price_min_cents.is_some(), price.is_over_budget) {
        (_, true) => "Your least price is above the budget.".to_owned(),
        (true, false) => "The price is within your range for this service.".to_owned(),
        (false, false) => "You name no price for this service: it is what is typical.".to_owned(),
    });
    let factors = specialist.map(|said| said.factors.as_slice()).unwrap_or_default();
    reasons.extend(factors.iter().take(MOST_REASONS).map(|factor| factor.because.clone()));
    reasons.extend(match specialist.map(|said| said.complexity) {
        Some(Complexity::Complex) => Some("It is demanding: the price is in the upper part.".to_owned()),
        Some(Complexity::Simple) => Some("It is simple: the price is in the lower part.".to_owned()),
        Some(Complexity::Moderate) | None => None,
    });
    if !price.is_over_budget && request.budget_max_cents == Some(price.high) {
        reasons.push("It stays within the budget.".to_owned());
    }
    reasons.push(match service.duration_minutes {
        Some(_) => format!("It takes {duration_minutes} minutes, as you say."),
        None => format!("It usually takes about {duration_minutes} minutes."),
    });
    reasons.push(match slots.len() {
        0 => "You are not free when it is needed.".to_owned(),
        1 => "You are free once when it is needed.".to_owned(),
        free => format!("{free} of your free slots are when it is needed."),
    });
    reasons
}
