//! Requests that are posted, and those that are to be posted.

use serde_json::{Value, json};

use super::{bookings, draft_words};
use crate::concierge;
use crate::concierge::prompt::{Draft, Prompt};
use crate::talk::drafts::NOT_HERE;
use crate::talk::hand::Step;
use crate::talk::pick::{self, Choice, Picked, pick};
use crate::talk::{Scene, say, trouble};

/// Asked before a request is cancelled.
pub const WHICH_CANCEL: &str = "Which request shall I cancel?";
/// Asked before a booking is repeated.
pub const WHICH_AGAIN: &str = "Which booking would you like again?";
/// Asked where there is a request like it.
pub const ANYWAY: &str = "Shall I post it all the same?";

fn requests(scene: &Scene, status: &str) -> Step<Result<Vec<Value>, String>> {
    let result = scene.hand.call("get_my_requests", &json!({"status": status}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Err(trouble.words));
    }
    if result.is_null() {
        return Ok(Err(NOT_HERE.to_owned()));
    }
    Ok(Ok(say::list(&result, "requests").into_iter().cloned().collect()))
}

fn line(request: &Value) -> String {
    let mut head = format!("**{}**", say::sentence(&say::service_of(request)));
    let city = say::shown(request, "city");
    if !city.is_empty() {
        head += &format!(" in {city}");
    }
    let window = request.get("window").filter(|window| window.is_object());
    let offers = request
        .get("offers")
        .and_then(|offers| offers.as_u64().or_else(|| offers.as_array().map(|o| o.len() as u64)));
    let mut parts = vec![head];
    parts.extend(window.map(|window| say::day(say::field(window, "from"))));
    parts.extend(request.get("budget").and_then(say::budget));
    parts.push(match say::field(request, "status") {
        "matching" => "looking for professionals".to_owned(),
        "matched" => "sent to professionals".to_owned(),
        "offers_received" => String::new(),
        other => say::plain(&other.replace('_', " ")),
    });
    parts.extend(offers.map(|count| match count {
        0 => "no offers yet".to_owned(),
        1 => "1 offer".to_owned(),
        count => format!("{count} offers"),
    }));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn choice(request: &Value) -> Choice {
    let from = request.pointer("/window/from").and_then(Value::as_str).unwrap_or_default();
    Choice {
        id: say::field(request, "id").to_owned(),
        label: line(request),
        name: say::field(request, "city").to_owned(),
        service: say::field(request, "service_id").to_owned(),
        cents: request.pointer("/budget/max_cents").and_then(Value::as_i64),
        times: vec![(
            from.get(..10).unwrap_or_default().to_owned(),
            from.get(11..16).unwrap_or_default().to_owned(),
        )],
        ..Choice::default()
    }
}

/// Shows requests.
pub fn show(scene: &Scene) -> Step<String> {
    let past = scene.says(&["all|past|old|previous|history|ever"]);
    let items = match requests(scene, if past { "all" } else { "open" })? {
        Ok(items) => items,
        Err(words) => return Ok(words),
    };
    if items.is_empty() {
        return Ok("You have no open requests. What do you need?".to_owned());
    }
    let waiting = items.iter().any(|item| item.get("offers").and_then(Value::as_u64).unwrap_or(0) > 0);
    let next = if waiting { "\n\nShall I show you the offers? Just say *offers*." } else { "" };
    Ok(format!("Your requests:\n\n{}{next}", say::numbered(items.iter().map(line))))
}

/// Cancels a request: makes the draft.
pub fn cancel(scene: &Scene) -> Step<String> {
    let items = match requests(scene, "open")? {
        Ok(items) => items,
        Err(words) => return Ok(words),
    };
    if items.is_empty() {
        return Ok("There is nothing open that I could cancel.".to_owned());
    }
    let choices: Vec<Choice> = items.iter().map(choice).collect();
    let drafted = scene.brief.open("request_cancellation").and_then(|draft| draft.text("request_id"));
    let id = scene.brief.context.get("request_id").and_then(Value::as_str).or(drafted);
    let at = match pick(&scene.said, &choices, id, scene.turn.said_before()) {
        Picked::One(at) => at,
        Picked::Among(among) => return Ok(pick::which(WHICH_CANCEL, &choices, &among)),
        Picked::Stranger(_) => {
            return Ok(pick::which(WHICH_CANCEL, &choices, &(0..choices.len()).collect::<Vec<_>>()));
        }
    };
    let (Some(item), Some(choice)) = (items.get(at), choices.get(at)) else { return Ok(NOT_HERE.to_owned()) };
    let reason = bookings::reason(scene.said.text);
    let result = scene.hand.call("cancel_request", &json!({"request_id": choice.id, "reason": reason}))?;
    Ok(draft_words(&result, Some(format!("I would cancel this request: {}.", line(item)))))
}

/// The draft of a request, proposed: what the tool said to it.
pub fn proposed(scene: &Scene, duplicate: bool) -> Step<Option<String>> {
    let Some(tool) =
        ["create_service_request", "request_quotes"].into_iter().find(|tool| scene.hand.has(tool))
    else {
        return Ok(None);
    };
    let result = scene.hand.call(tool, &json!({"allow_duplicate": duplicate.then_some(true)}))?;
    Ok(trouble::of(&result).map(|trouble| match trouble.code.as_str() {
        "duplicate_request" => format!("{}\n\n{ANYWAY}", trouble.words),
        _ => trouble.words,
    }))
}

/// Posts a request though there is one like it: makes the draft.
pub fn post(scene: &Scene, duplicate: bool) -> Step<Option<String>> {
    let trouble = proposed(scene, duplicate)?;
    let ready = "It goes out besides the other one. **Shall I send it out?**".to_owned();
    Ok(Some(trouble.unwrap_or(ready)))
}

/// The same as an earlier booking, with what the message changes.
pub fn rebook(scene: &Scene) -> Step<Option<String>> {
    let all = match bookings::all(scene)? {
        Ok(all) => all,
        Err(words) => return Ok(Some(words)),
    };
    let mut past: Vec<Value> =
        all.into_iter().filter(|booking| say::field(booking, "status") != "cancelled").collect();
    past.sort_by_key(|booking| std::cmp::Reverse(say::field(booking, "date").to_owned()));
    if past.is_empty() {
        return Ok(Some("You haven't booked anything yet that I could repeat. What do you need?".to_owned()));
    }
    let held = bookings::Bookings::of(past.into_iter());
    // The day that is said is the new one: only who and what tell which booking is meant.
    let mut said = crate::talk::said::Said::new(scene.said.text, scene.prompt);
    (said.days, said.hours, said.cents) = (None, None, None);
    let picked =
        pick(&said, &held.choices, scene.brief.context.get("booking_id").and_then(Value::as_str), "");
    let at = match picked {
        Picked::One(at) => at,
        // "The last one" is the first of these; without a word about which, too.
        Picked::Among(among) => among.first().copied().unwrap_or(0),
        Picked::Stranger(name) => {
            let words = format!("I see no booking with {}. {WHICH_AGAIN}", say::plain(&name));
            return Ok(Some(pick::which(
                &words,
                &held.choices,
                &(0..held.choices.len()).collect::<Vec<_>>(),
            )));
        }
    };
    let id = held.choices.get(at).map(|choice| choice.id.clone());
    let result = scene.hand.call("rebook", &json!({"booking_id": id}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(Some(trouble.words));
    }
    let Ok(known) = serde_json::from_value::<Draft>(result) else { return Ok(Some(NOT_HERE.to_owned())) };
    let prompt = Prompt { known, ..scene.prompt.clone() };
    concierge::request(scene, &prompt, true).map(Some)
}
