//! What a consumer wants besides a new request: offers, bookings, reviews, what is remembered.

mod bookings;
mod memory;
mod offers;
mod pending;
mod profile;
mod requests;
mod reviews;
mod rules;

pub use bookings::{
    Bookings, answer_of, choice as booking_choice, is_upcoming, line as booking_line, one_of, reason,
};
pub use profile::phone;
pub use requests::proposed;
pub use reviews::between_quotes;
use rules::Want;

use serde_json::Value;

use crate::talk::Scene;
use crate::talk::drafts::{self, Made, NOT_HERE, made};
use crate::talk::hand::Step;

/// The answer to a message that is about the market; none if it is about a new request.
///
/// # Errors
/// The call of a tool that comes first.
pub fn play(scene: &Scene) -> Step<Option<String>> {
    let Some(want) = wanted(scene) else { return Ok(None) };
    let text = match want {
        Want::ShowOffers => offers::show(scene)?,
        Want::Accept => offers::accept(scene)?,
        Want::Decline => offers::decline(scene)?,
        Want::Requests => requests::show(scene)?,
        Want::CancelRequest => requests::cancel(scene)?,
        Want::PostAnyway => return requests::post(scene, true),
        Want::Bookings => bookings::show(scene, true)?,
        Want::History => bookings::show(scene, false)?,
        Want::Cancel => bookings::cancel(scene)?,
        Want::Reschedule => bookings::reschedule(scene)?,
        Want::AcceptTime => bookings::answer_reschedule(scene, true)?,
        Want::DeclineTime => bookings::answer_reschedule(scene, false)?,
        Want::Rebook => return requests::rebook(scene),
        Want::Review => reviews::submit(scene)?,
        Want::Recall => memory::recall(scene)?,
        Want::Remember => memory::remember(scene)?,
        Want::Forget => memory::forget(scene)?,
        Want::Profile => profile::show(scene)?,
        Want::SetProfile => profile::update(scene)?,
    };
    Ok(Some(text))
}

/// What is wanted: by the words, else as the answer to the question before, else as a change of the open draft.
fn wanted(scene: &Scene) -> Option<Want> {
    let open = scene.brief.draft.as_ref().map(|draft| draft.kind.as_str());
    if scene.said.text.trim().is_empty() {
        return None;
    }
    // A text that is asked for may hold any words.
    let free =
        scene.brief.draft.as_ref().is_some_and(|d| d.lacks("reason") && d.kind == "booking_cancellation");
    let by_words = rules::want(scene).filter(|want| !free || *want == Want::Cancel);
    by_words.or_else(|| pending::of_question(scene)).or_else(|| pending::of_draft(open, scene))
}

/// The stars that a message names.
pub fn rating(text: &str) -> Option<i64> {
    reviews::rating(text, false)
}

/// The words for a draft that a tool made, or for why it did not.
pub fn draft_words(result: &Value, what: Option<String>) -> String {
    match made(result) {
        Made::Draft(draft) => drafts::shown(&draft, what),
        Made::Trouble(trouble) => trouble.words,
        Made::Nothing => NOT_HERE.to_owned(),
    }
}

#[cfg(test)]
mod tests;
