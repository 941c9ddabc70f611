//! An offer is drafted: as the provider says, what is left out from the open draft, else as it is suggested.

use chrono::{NaiveTime, Utc};
use serde_json::{Value, json};

use super::{leads::which, provider};
use crate::agent::tools::SubmitOffer;
use crate::agent::{Acted, Refusal, Shows};
use crate::db::{self, Conn};
use crate::domain::calendars::Calendar;
use crate::domain::desk::Work;
use crate::domain::drafts;
use crate::domain::leads::{self, Suggested};
use crate::domain::offers::{self, NamedSlot, NewOffer};
use crate::error::{Code, Error, Problem, Result};
use crate::model::calendar::LONGEST_MINUTES;
use crate::model::drafts::{Fields, LocalSlot, OfferFields};
use crate::model::money::Budget;
use crate::model::slots::{HOUR_MINUTE, Slot};

/// The shortest job, in minutes.
const SHORTEST_MINUTES: i32 = 5;
/// The longest message, and the longest notes on the price, in characters.
const MESSAGE_MAX: usize = 5_000;
const PRICE_NOTES_MAX: usize = 2_000;
/// Where `POST /offers` has the slots.
const SLOTS: &str = "/body/slots";

pub(in crate::domain::desk) async fn submit_offer(work: Work<'_>, said: SubmitOffer) -> Result<Acted> {
    let user = provider(work)?.user_id();
    let id = match which(work, said.request_id, "For which lead is the offer?").await? {
        Ok(id) => id,
        Err(refusal) => return Ok(refusal.into()),
    };
    let problems = out_of_bounds(&said);
    if !problems.is_empty() {
        return Ok(Refusal::from(Error::invalid(problems)).into());
    }
    let mut conn = work.unit.conn().await?;
    let profile = leads::require_profile(&mut conn, user).await?;
    let suggested = leads::suggested(&mut conn, &work.domain.catalog(), user, id).await?;
    let has_live = db::leads::has_live_offer(&mut conn, id, profile).await?;
    offers::require_open(&suggested.request, &suggested.provider, has_live, Utc::now())?;
    let open = match drafts::open_fields(&mut conn, work.chat).await? {
        Some(Fields::Offer(open)) if open.request_id == id => Some(open),
        _ => None,
    };
    let fields = filled(&mut conn, said, open, &suggested).await?;
    if let Some(refusal) = cannot_be(&mut conn, &fields, &suggested).await? {
        return Ok(refusal.into());
    }
    let mut acted = drafts::drafted(&mut conn, work.chat, &Fields::Offer(fields)).await?;
    if let Value::Object(result) = &mut acted.result {
        result.insert("zone".to_owned(), json!(suggested.provider.zone));
        result.insert("reasons".to_owned(), json!(suggested.reasons()));
    }
    Ok(Acted { shows: Shows { lead: Some(id), ..Shows::default() }, ..acted })
}

/// The offer as it is said, else as it was drafted, else as it is suggested.
async fn filled(
    conn: &mut Conn,
    said: SubmitOffer,
    open: Option<OfferFields>,
    suggested: &Suggested,
) -> Result<OfferFields> {
    let suggestion = &suggested.suggestion;
    let currency = suggestion.price.currency.clone();
    let open = open.as_ref();
    let price_cents = said.price_cents.or(open.map(|open| open.price_cents)).unwrap_or(suggestion.price.mid);
    let drafted_minutes = open.map(|open| open.duration_minutes);
    let duration_minutes = said.duration_minutes.or(drafted_minutes).unwrap_or(suggestion.duration_minutes);
    let slots = match said.slots.filter(|slots| !slots.is_empty()) {
        Some(slots) => slots.iter().map(written).collect(),
        None => {
            let drafted = open.map(|open| open.slots.clone()).unwrap_or_default();
            let free = still_free(conn, drafted, duration_minutes, suggested).await?;
            if free.is_empty() { fresh(conn, duration_minutes, suggested).await? } else { free }
        }
    };
    // A message that nobody wrote tells of the price and the slots as they are.
    let worded = |price: i64, slots: &[LocalSlot]| {
        let first = slots.first().map(|slot| (slot.date, slot.start_time.as_str()));
        suggestion.wording.message((price, &currency), first)
    };
    let written_by_hand = open.filter(|open| open.message != worded(open.price_cents, &open.slots));
    let message = said.message.or_else(|| written_by_hand.map(|open| open.message.clone()));
    Ok(OfferFields {
        request_id: suggested.request.id,
        service_id: said.service_id.unwrap_or_else(|| suggested.request.service_id.clone()),
        price_cents,
        duration_minutes,
        price_notes: said.price_notes.or(open.map(|open| open.price_notes.clone())).unwrap_or_default(),
        message: message.unwrap_or_else(|| worded(price_cents, &slots)),
        slots,
        currency,
    })
}

/// Of drafted slots those in which the job fits still.
async fn still_free(
    conn: &mut Conn,
    drafted: Vec<LocalSlot>,
    minutes: i32,
    suggested: &Suggested,
) -> Result<Vec<LocalSlot>> {
    let mut free = Vec::new();
    for slot in drafted {
        if let Some(taken) = stretch(conn, &slot, minutes, suggested).await?
            && Calendar::near(conn, suggested.provider.id, &[taken], None)
                .await?
                .check(taken, Utc::now())
                .is_ok()
        {
            free.push(slot);
        }
    }
    Ok(free)
}

/// Free slots when it is needed.
async fn fresh(conn: &mut Conn, minutes: i32, suggested: &Suggested) -> Result<Vec<LocalSlot>> {
    let Suggested { request, provider, service, suggestion, .. } = suggested;
    if minutes == suggestion.duration_minutes {
        return Ok(suggestion.slots.iter().map(local).collect());
    }
    let free = leads::free(conn, provider, service, request, minutes, Utc::now()).await?;
    Ok(free.iter().map(local).collect())
}

/// Why the offer could not be sent as it is, if it could not; one without slots lacks them.
async fn cannot_be(conn: &mut Conn, fields: &OfferFields, suggested: &Suggested) -> Result<Option<Refusal>> {
    let (provider, request) = (&suggested.provider, &suggested.request);
    let mut error = match new(fields) {
        Ok(new) => match offers::check(conn, provider, request, &new, Utc::now()).await {
            Ok(_) => return Ok(None),
            Err(error) if error.code == Code::Invalid => error,
            Err(error) => return Err(error),
        },
        Err(problems) => Error::invalid(problems),
    };
    error.problems.retain(|problem| problem.pointer != SLOTS || !fields.slots.is_empty());
    if error.problems.is_empty() {
        return Ok(None);
    }
    let at = |problem: &Problem| problem.pointer.strip_prefix("/body/slots/").and_then(|at| at.parse().ok());
    let bad: Option<&LocalSlot> =
        error.problems.iter().find_map(at).and_then(|at: usize| fields.slots.get(at));
    let slots = match bad {
        None => Vec::new(),
        Some(bad) => instead(conn, bad, fields.duration_minutes, suggested).await?,
    };
    for problem in &mut error.problems {
        if let Some(slot) = at(problem).and_then(|at| fields.slots.get(at)) {
            problem.message = format!("{} {}: {}", slot.date, slot.start_time, problem.message);
        }
        problem.pointer = problem.pointer.trim_start_matches("/body").to_owned();
    }
    let refusal = Refusal { slots, ..Refusal::from(error) };
    Ok(Some(match bad {
        Some(_) => Refusal { detail: "Not all of these slots are free; name others.".to_owned(), ..refusal },
        None => refusal,
    }))
}

/// Free slots near one that is not; those that are suggested, if clocks never show it.
async fn instead(conn: &mut Conn, bad: &LocalSlot, minutes: i32, suggested: &Suggested) -> Result<Vec<Slot>> {
    let Some(taken) = stretch(conn, bad, minutes, suggested).await? else {
        return Ok(suggested.suggestion.slots.clone());
    };
    let provider = suggested.provider.id;
    let calendar = Calendar::near(conn, provider, &[taken], None).await?;
    calendar.instead_of(conn, provider, taken, None, Utc::now()).await
}

/// When a slot begins and ends.
async fn stretch(
    conn: &mut Conn,
    slot: &LocalSlot,
    minutes: i32,
    suggested: &Suggested,
) -> Result<Option<crate::domain::calendars::Stretch>> {
    let Ok(start_time) = NaiveTime::parse_from_str(&slot.start_time, HOUR_MINUTE) else { return Ok(None) };
    let calendar = Calendar::near(conn, suggested.provider.id, &[], None).await?;
    let found = calendar.availability.slot_at(slot.date, start_time, minutes);
    Ok(found.map(|slot| (slot.start_at, slot.end_at)))
}

/// The offer as it would be sent.
fn new(fields: &OfferFields) -> Result<NewOffer, Vec<Problem>> {
    let (mut slots, mut problems) = (Vec::new(), Vec::new());
    for (at, slot) in fields.slots.iter().enumerate() {
        match NaiveTime::parse_from_str(&slot.start_time, HOUR_MINUTE) {
            Ok(start_time) => slots.push(NamedSlot { date: slot.date, start_time }),
            Err(_) => problems.push(Problem::new(format!("{SLOTS}/{at}"), "Write the time as HH:MM.")),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(NewOffer {
        request_id: fields.request_id,
        service_id: fields.service_id.clone(),
        price_cents: fields.price_cents,
        currency: fields.currency.clone(),
        duration_minutes: fields.duration_minutes,
        price_notes: fields.price_notes.clone(),
        slots,
        message: fields.message.clone(),
        life_hours: None,
    })
}

/// What `POST /offers` would not take, whatever the lead.
fn out_of_bounds(said: &SubmitOffer) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |is_wrong: bool, pointer: &str, message: String| {
        if is_wrong {
            problems.push(Problem::new(pointer, message));
        }
    };
    let price = said.price_cents.unwrap_or(0);
    let most = Budget::MOST_CENTS;
    wrong(!(0..=most).contains(&price), "/price_cents", format!("A price is 0 to {most} cents."));
    let minutes = said.duration_minutes.unwrap_or(SHORTEST_MINUTES);
    let message = format!("A job takes {SHORTEST_MINUTES} to {LONGEST_MINUTES} minutes.");
    wrong(!(SHORTEST_MINUTES..=LONGEST_MINUTES).contains(&minutes), "/duration_minutes", message);
    for (pointer, text, most) in
        [("/message", &said.message, MESSAGE_MAX), ("/price_notes", &said.price_notes, PRICE_NOTES_MAX)]
    {
        let is_long = text.as_deref().is_some_and(|text| text.chars().count() > most);
        wrong(is_long, pointer, format!("This has at most {most} characters."));
    }
    problems
}

/// A slot with its time as clocks show it.
fn written(slot: &LocalSlot) -> LocalSlot {
    let time = NaiveTime::parse_from_str(&slot.start_time, HOUR_MINUTE);
    let start_time =
        time.map_or_else(|_| slot.start_time.clone(), |time| time.format(HOUR_MINUTE).to_string());
    LocalSlot { date: slot.date, start_time }
}

fn local(slot: &Slot) -> LocalSlot {
    LocalSlot { date: slot.date, start_time: slot.start_time.clone() }
}
