//! Bookings of a consumer: shown, cancelled, moved.

use serde_json::{Value, json};

use super::{draft_words, requests};
use crate::concierge::prompt::Role;
use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::pick::{self, Choice, Picked, pick};
use crate::talk::said::Said;
use crate::talk::{Scene, say, slots, trouble};

/// Asked before a booking is cancelled.
pub const WHICH_CANCEL: &str = "Which booking shall I cancel?";
/// Asked before a booking is moved.
pub const WHICH_MOVE: &str = "Which booking shall I move?";
/// Asked before a proposal is answered.
pub const WHICH_ANSWER: &str = "Which proposal do you mean?";

/// Bookings and how to tell them apart.
pub struct Bookings {
    /// The bookings.
    pub items: Vec<Value>,
    /// The same, to pick from.
    pub choices: Vec<Choice>,
}

impl Bookings {
    /// Those of some bookings that hold.
    pub fn of(items: impl Iterator<Item = Value>) -> Self {
        let items: Vec<Value> = items.collect();
        let choices = items.iter().map(choice).collect();
        Self { items, choices }
    }
}

/// All bookings of the consumer, or the words for why there are none.
///
/// # Errors
/// The call that has to come first.
pub fn all(scene: &Scene) -> Step<Result<Vec<Value>, String>> {
    let result = scene.hand.call("get_booking_history", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Err(trouble.words));
    }
    if result.is_null() {
        return Ok(Err(NOT_HERE.to_owned()));
    }
    Ok(Ok(say::list(&result, "bookings").into_iter().cloned().collect()))
}

/// Whether a booking lies ahead.
pub fn is_upcoming(booking: &Value, now: chrono::NaiveDateTime) -> bool {
    let status = say::field(booking, "status");
    let date = say::field(booking, "date");
    matches!(status, "confirmed" | "") && (date.is_empty() || date >= now.date().to_string().as_str())
}

/// A booking to pick from.
pub fn choice(booking: &Value) -> Choice {
    let who = ["provider", "first_name", "consumer", "name"]
        .iter()
        .map(|key| say::field(booking, key))
        .find(|t| !t.is_empty());
    Choice {
        id: say::field(booking, "id").to_owned(),
        label: line(booking),
        name: who.unwrap_or_default().to_owned(),
        service: say::service_id(booking),
        cents: say::cents(booking.get("price").or_else(|| booking.get("price_cents"))),
        rating: None,
        times: vec![(say::field(booking, "date").to_owned(), say::field(booking, "start_time").to_owned())],
    }
}

/// A booking in a line.
pub fn line(booking: &Value) -> String {
    let who = ["provider", "first_name", "consumer", "name"]
        .iter()
        .map(|key| say::shown(booking, key))
        .find(|t| !t.is_empty());
    let mut parts = vec![format!("**{}**", say::sentence(&say::service_of(booking)))];
    parts.extend(who.map(|who| format!("with {who}")));
    parts.extend(say::moment(booking));
    parts.extend(say::price(booking));
    parts.extend(Some(say::shown(booking, "address")).filter(|address| !address.is_empty()));
    let status = say::shown(booking, "status");
    if !matches!(status.as_str(), "confirmed" | "") {
        parts.push(status.replace("noshow", "no-show"));
    }
    if let Some(proposal) = booking.get("proposal").filter(|proposal| proposal.is_object())
        && let Some(when) = say::moment(proposal)
    {
        parts.push(format!("new time proposed: {when}"));
    }
    parts.join(", ")
}

/// Shows bookings: those ahead, or all.
pub fn show(scene: &Scene, ahead: bool) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let now = scene.said.now;
    let held = Bookings::of(all.iter().filter(|booking| !ahead || is_upcoming(booking, now)).cloned());
    let count = held.items.len();
    if count == 0 {
        let past = !all.is_empty();
        return Ok(match (ahead, past) {
            (true, true) => {
                "You have no upcoming bookings. Shall I find somebody for you? Just tell me what you need."
            }
            (true, false) => {
                "You have no upcoming bookings yet. Tell me what you need and I'll find somebody."
            }
            (false, _) => "You haven't booked anything with us yet. What do you need?",
        }
        .to_owned());
    }
    if let Picked::One(at) = pick(&scene.said, &held.choices, scene.brief.id("booking_id"), "")
        && let Some(booking) = held.items.get(at)
    {
        return Ok(format!("{}.{}", line(booking), hint(booking)));
    }
    let head = if ahead { "Your upcoming bookings:" } else { "Your bookings so far:" };
    Ok(format!("{head}\n\n{}", say::numbered(held.items.iter().take(10).map(line))))
}

fn hint(booking: &Value) -> &'static str {
    if booking.get("can_review").and_then(Value::as_bool) == Some(true) {
        "\n\nYou can still review it: how many stars would you give?"
    } else if booking.get("proposal").is_some_and(Value::is_object) {
        "\n\nDoes the new time suit you?"
    } else {
        ""
    }
}

/// The booking that is meant among those ahead.
pub fn ahead(scene: &Scene, all: &[Value], question: &str, kind: &str) -> Result<Value, String> {
    let held = Bookings::of(all.iter().filter(|booking| is_upcoming(booking, scene.said.now)).cloned());
    one_of(scene, &held, question, kind)
}

/// The one that is meant, or the question which.
pub fn one_of(scene: &Scene, held: &Bookings, question: &str, kind: &str) -> Result<Value, String> {
    let drafted = scene.brief.open(kind).and_then(|draft| draft.text("booking_id"));
    let id = scene.brief.context.get("booking_id").and_then(Value::as_str).or(drafted);
    let mut picked = pick(&scene.said, &held.choices, id, scene.turn.said_before());
    if matches!(picked, Picked::Among(_)) && scene.turn.said_before().contains('?') {
        let earlier = pick(&Said::new(scene.before(), scene.prompt), &held.choices, None, "");
        if let Picked::One(at) = earlier {
            picked = Picked::One(at);
        }
    }
    match picked {
        Picked::One(at) => held.items.get(at).cloned().ok_or_else(|| NOT_HERE.to_owned()),
        Picked::Among(among) if among.is_empty() => {
            Err("I see no booking that this could be about.".to_owned())
        }
        Picked::Among(among) => Err(pick::which(question, &held.choices, &among)),
        Picked::Stranger(name) => Err(pick::which(
            &format!("I see no booking with {}. {question}", say::plain(&name)),
            &held.choices,
            &(0..held.choices.len()).collect::<Vec<_>>(),
        )),
    }
}

/// Cancels a booking, or, where none is meant, a request: makes the draft.
pub fn cancel(scene: &Scene) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let named = scene.says(&["booking|appointment|visit|session|reservation"])
        || scene.brief.id("booking_id").is_some();
    let upcoming = all.iter().filter(|booking| is_upcoming(booking, scene.said.now)).cloned();
    let held = Bookings::of(upcoming);
    let fits = scene.said.service.is_none()
        || held.choices.iter().any(|choice| scene.said.service.as_deref() == Some(&choice.service));
    if !named && scene.hand.has("cancel_request") && (held.items.is_empty() || !fits) {
        return requests::cancel(scene);
    }
    if held.items.is_empty() {
        return Ok("You have no upcoming booking to cancel.".to_owned());
    }
    let booking = match one_of(scene, &held, WHICH_CANCEL, "booking_cancellation") {
        Ok(booking) => booking,
        Err(words) => return Ok(words),
    };
    let open = scene.brief.open("booking_cancellation");
    let asked = open.is_some_and(|draft| draft.lacks("reason")) || scene.asked("What is the reason");
    let reason = reason(scene.said.text).or_else(|| asked.then(|| scene.said.text.trim().to_owned()));
    let reason = reason.or_else(|| open.and_then(|draft| draft.text("reason")).map(str::to_owned));
    let result =
        scene.hand.call("cancel_booking", &json!({"booking_id": booking.get("id"), "reason": reason}))?;
    let late = booking.get("late_to_cancel").and_then(Value::as_bool) == Some(true);
    let late = if late { " It is less than 24 hours ahead, so it counts as late." } else { "" };
    Ok(draft_words(&result, Some(format!("I would cancel {}.{late}", line(&booking)))))
}

/// Why, if the message says so.
pub fn reason(text: &str) -> Option<String> {
    const MARKS: &[&str] =
        &["because of ", "because ", "due to ", "reason is ", "reason: ", "since ", " as i ", "cause ", ": "];
    let lower = text.to_lowercase();
    let at = MARKS
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len() - usize::from(*mark == " as i ") * 2));
    let at = at.or_else(|| {
        // "Cancel my booking, I'm sick."
        let heads = [
            ", i ",
            ", i'm ",
            ", im ",
            ", i've ",
            ", my ",
            ", we ",
            ", something ",
            ". i ",
            ". i'm ",
            ". my ",
            ". we ",
            " - i",
            " — i",
        ];
        heads.iter().find_map(|head| lower.find(head).map(|at| at + 2))
    })?;
    let text = text.get(at..)?.trim().trim_end_matches(['.', '!']).trim_start_matches(['-', '—', ' ']);
    (text.len() > 2).then(|| text.to_owned())
}

/// Proposes another time for a booking: makes the draft.
pub fn reschedule(scene: &Scene) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let booking = match ahead(scene, &all, WHICH_MOVE, "reschedule") {
        Ok(booking) => booking,
        Err(words) => return Ok(words),
    };
    let (date, start) = target(scene, &booking);
    let arguments = json!({"booking_id": booking.get("id"), "date": date, "start_time": start, "note": reason(scene.said.text)});
    let result = scene.hand.call("reschedule_booking", &arguments)?;
    let free = slots::free(&result);
    let incomplete =
        result.pointer("/draft/missing").and_then(Value::as_array).is_some_and(|missing| !missing.is_empty());
    let mut words = draft_words(&result, Some(format!("Now: {}.{}", line(&booking), moved(&result))));
    if incomplete && !free.is_empty() {
        words += &format!(" Free are {}.", slots::words(&free));
    }
    Ok(words)
}

fn moved(result: &Value) -> String {
    let fields = result.pointer("/draft/fields");
    let slot =
        fields.and_then(|fields| fields.get("slot").and_then(say::moment).or_else(|| say::moment(fields)));
    slot.map(|slot| format!(" New: **{slot}**.")).unwrap_or_default()
}

/// The new date and start that a message names: those after "to", else all; a time alone is on the same day, and what the open
/// draft has holds where the message says nothing.
fn target(scene: &Scene, booking: &Value) -> (Option<String>, Option<String>) {
    let text = scene.said.text;
    let after = text.to_lowercase().rfind(" to ").and_then(|at| text.get(at + 4..));
    let tail = after.map(|tail| Said::new(tail, scene.prompt)).filter(Said::has_time);
    let said = tail.as_ref().unwrap_or(&scene.said);
    let open = scene.brief.open("reschedule");
    let drafted = |field: &str| {
        let draft = open?;
        draft.text(field).or_else(|| draft.fields.get("slot")?.get(field)?.as_str()).map(str::to_owned)
    };
    // The day of the booking itself, named to say which one, is not the new one.
    let old = say::field(booking, "date");
    let date = said.date().filter(|date| date != old || said.hours.is_some() || said.all_days.len() > 1);
    let asked_time = scene.asked("At what time?") || open.is_some();
    let bare =
        said.numbers().last().map(|(_, hour)| *hour).filter(|hour| asked_time && (1..=23).contains(hour));
    let start = said.start().or_else(|| {
        let hour = u32::try_from(bare?).ok()?;
        Some(crate::talk::said::clock(60 * if hour < 8 { hour + 12 } else { hour }))
    });
    let date = date
        .or_else(|| drafted("date"))
        .or_else(|| start.is_some().then(|| old.to_owned()).filter(|old| !old.is_empty()));
    (date, start.or_else(|| drafted("start_time")))
}

/// Answers a proposed time: makes the draft.
pub fn answer_reschedule(scene: &Scene, accept: bool) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    answer_of(scene, all, accept)
}

/// The same for bookings that are known, of either side.
///
/// # Errors
/// The call that has to come first.
pub fn answer_of(scene: &Scene, all: Vec<Value>, accept: bool) -> Step<String> {
    let own = if scene.prompt.role == Role::Provider { "provider" } else { "consumer" };
    let open = |booking: &Value| {
        let proposal = booking.get("proposal").filter(|proposal| proposal.is_object());
        proposal.is_some_and(|proposal| say::field(proposal, "by") != own)
    };
    let held = Bookings::of(all.into_iter().filter(open));
    if held.items.is_empty() {
        return Ok("Nobody has proposed a new time for one of your bookings.".to_owned());
    }
    let booking = match one_of(scene, &held, WHICH_ANSWER, "reschedule_answer") {
        Ok(booking) => booking,
        Err(words) => return Ok(words),
    };
    let result =
        scene.hand.call("answer_reschedule", &json!({"booking_id": booking.get("id"), "accept": accept}))?;
    let when = booking.get("proposal").and_then(say::moment).unwrap_or_else(|| "the new time".to_owned());
    let what = if accept {
        format!("I would accept {when}.")
    } else {
        format!("I would decline {when}; the old time stays.")
    };
    Ok(draft_words(&result, Some(what)))
}
