//! What a message wants that only the agent's last question, or the open draft, explains.

use super::rules::Want;
use super::{bookings, offers, requests, reviews};
use crate::talk::Scene;

/// What an answer to the agent's last question wants.
pub fn of_question(scene: &Scene) -> Option<Want> {
    const QUESTIONS: &[(&str, Want)] = &[
        (offers::WHICH_ACCEPT, Want::Accept),
        (offers::WHICH_TIME, Want::Accept),
        ("What is the address where", Want::Accept),
        ("Which one would you like to take?", Want::Accept),
        ("Would you like to take it?", Want::Accept),
        ("Shall I take it for you?", Want::Accept),
        ("ow many stars", Want::Review),
        ("Does the new time suit you?", Want::AcceptTime),
        (offers::WHICH_DECLINE, Want::Decline),
        (bookings::WHICH_CANCEL, Want::Cancel),
        (bookings::WHICH_MOVE, Want::Reschedule),
        (bookings::WHICH_ANSWER, Want::AcceptTime),
        (requests::WHICH_CANCEL, Want::CancelRequest),
        (requests::WHICH_AGAIN, Want::Rebook),
        (requests::ANYWAY, Want::PostAnyway),
        (reviews::WHICH, Want::Review),
    ];
    let want = QUESTIONS.iter().find(|(question, _)| scene.asked(question)).map(|(_, want)| *want)?;
    let said = &scene.said;
    let negative = scene.says(&["< no|nope|nah|none|neither|never|dont|not", "forget it", "never mind"]);
    if negative {
        return (want == Want::AcceptTime).then_some(Want::DeclineTime);
    }
    // Only what can be an answer is one; a new wish is not.
    let answers = match want {
        Want::PostAnyway => {
            scene.says(&["yes|yeah|sure|ok|okay|anyway|please|still|second|another|go|post|send"])
        }
        _ => {
            said.spoken.len() <= 12
                && said.service.as_ref().is_none_or(|_| said.spoken.len() <= 5)
                && !said.text.trim_end().ends_with('?')
        }
    };
    answers.then_some(want)
}

/// What a message without an intent of its own changes of the open draft.
pub fn of_draft(kind: Option<&str>, scene: &Scene) -> Option<Want> {
    let said = &scene.said;
    let draft = scene.brief.draft.as_ref()?;
    let words = said.spoken.len();
    match kind? {
        "acceptance" => {
            let address = crate::talk::address::whole(said.text).is_some();
            (said.has_time() || address || is_choice(scene) || !said.numbers().is_empty())
                .then_some(Want::Accept)
        }
        "decline" => is_choice(scene).then_some(Want::Decline),
        "reschedule" => (said.has_time() || !said.numbers().is_empty()).then_some(Want::Reschedule),
        "booking_cancellation" => (draft.lacks("reason") || reason_given(scene)).then_some(Want::Cancel),
        "request_cancellation" => reason_given(scene).then_some(Want::CancelRequest),
        "review" => (words > 0 && said.service.is_none() && !is_chat(scene)).then_some(Want::Review),
        _ => None,
    }
}

fn reason_given(scene: &Scene) -> bool {
    scene.says(&["because|reason|since|due"])
}

fn is_choice(scene: &Scene) -> bool {
    scene.says(&["first|second|third|last|other|cheaper|cheapest|best|earliest|latest"])
}

/// A greeting, thanks, a question: no text of a review.
fn is_chat(scene: &Scene) -> bool {
    scene.said.text.trim_end().ends_with('?')
        || scene.says(&["< thanks|hello|hi|hey >", "< thank you >", "< yes|no|ok|sure >"])
}
