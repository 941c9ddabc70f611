//! Bookings of a provider: shown, done, missed, moved, cancelled.

use serde_json::{Value, json};

use crate::concierge::market::{Bookings, answer_of, booking_line, draft_words, is_upcoming, one_of, reason};
use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::{Scene, say, trouble};

/// Asked before a booking is marked as done.
pub const WHICH_DONE: &str = "Which booking is done?";
/// Asked before nobody is reported to have come.
pub const WHICH_NO_SHOW: &str = "At which booking did nobody come?";
/// Asked before a booking is cancelled.
pub const WHICH_CANCEL: &str = "Which booking shall I cancel?";

fn all(scene: &Scene) -> Step<Result<Vec<Value>, String>> {
    let result = scene.hand.call("get_my_bookings", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Err(trouble.words));
    }
    if result.is_null() {
        return Ok(Err(NOT_HERE.to_owned()));
    }
    let mut all: Vec<Value> = say::list(&result, "bookings").into_iter().cloned().collect();
    // Who is spoken of is the other side.
    for booking in all.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(consumer) = booking.get("consumer").or_else(|| booking.get("first_name")).cloned() {
            booking.insert("provider".to_owned(), consumer);
        }
    }
    Ok(Ok(all))
}

/// Shows the bookings ahead, of the days that are named, or all.
pub fn show(scene: &Scene) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let past = scene.says(&["past|history|previous|all|done|completed"]);
    let mut held: Vec<&Value> =
        all.iter().filter(|booking| past || is_upcoming(booking, scene.said.now)).collect();
    if scene.said.days.is_some() {
        held.retain(|booking| {
            scene.said.means(say::field(booking, "date"), say::field(booking, "start_time"))
        });
    }
    if scene.says(&["whos next", "next booking|appointment|job|customer", "who is next"]) {
        held.sort_by_key(|booking| {
            (say::field(booking, "date").to_owned(), say::field(booking, "start_time").to_owned())
        });
        held.truncate(1);
    }
    if held.is_empty() {
        let when = if scene.said.days.is_some() {
            "You have nothing booked then."
        } else {
            "You have no upcoming bookings yet."
        };
        return Ok(format!("{when} Shall I show you your leads?"));
    }
    Ok(format!("Your bookings:\n\n{}", say::numbered(held.into_iter().take(10).map(booking_line))))
}

/// Marks a booking as done, or as missed: makes the draft.
pub fn mark(scene: &Scene, tool: &str) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let now = (scene.said.now.date().to_string(), scene.said.now.format("%H:%M").to_string());
    let confirmed: Vec<Value> =
        all.into_iter().filter(|booking| matches!(say::field(booking, "status"), "confirmed" | "")).collect();
    let begun = |booking: &&Value| {
        (say::field(booking, "date").to_owned(), say::field(booking, "start_time").to_owned()) <= now
    };
    // Only what has begun can be over; where nothing has, the tool says so.
    let over: Vec<Value> = confirmed.iter().filter(begun).cloned().collect();
    let held = Bookings::of(if over.is_empty() { confirmed.into_iter() } else { over.into_iter() });
    if held.items.is_empty() {
        return Ok("I see no booking that this could be about.".to_owned());
    }
    let done = tool == "complete_booking";
    let (question, kind) = if done { (WHICH_DONE, "completion") } else { (WHICH_NO_SHOW, "no_show") };
    let booking = match one_of(scene, &held, question, kind) {
        Ok(booking) => booking,
        Err(words) => return Ok(words),
    };
    let result = scene.hand.call(tool, &json!({"booking_id": booking.get("id")}))?;
    let what = if done { "I would mark this as done" } else { "I would report that nobody came" };
    Ok(draft_words(&result, Some(format!("{what}: {}.", booking_line(&booking)))))
}

/// Answers a proposed time: makes the draft.
pub fn answer(scene: &Scene, accept: bool) -> Step<String> {
    match all(scene)? {
        Ok(all) => answer_of(scene, all, accept),
        Err(words) => Ok(words),
    }
}

/// Cancels a booking: makes the draft.
pub fn cancel(scene: &Scene) -> Step<String> {
    let all = match all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(words),
    };
    let held = Bookings::of(all.into_iter().filter(|booking| is_upcoming(booking, scene.said.now)));
    if held.items.is_empty() {
        return Ok("You have no upcoming booking to cancel.".to_owned());
    }
    let booking = match one_of(scene, &held, WHICH_CANCEL, "booking_cancellation") {
        Ok(booking) => booking,
        Err(words) => return Ok(words),
    };
    let open = scene.brief.open("booking_cancellation");
    let asked = open.is_some_and(|draft| draft.lacks("reason"));
    let why = reason(scene.said.text).or_else(|| asked.then(|| scene.said.text.trim().to_owned()));
    let result =
        scene.hand.call("cancel_booking", &json!({"booking_id": booking.get("id"), "reason": why}))?;
    Ok(draft_words(&result, Some(format!("I would cancel {}.", booking_line(&booking)))))
}
