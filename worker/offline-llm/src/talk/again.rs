//! A yes behind which there is no question: of the draft that waits it is none, as it was not shown just before. It is shown again.

use serde_json::{Map, Value, json};

use super::brief::Open;
use super::drafts::{Made, made};
use super::hand::Step;
use super::{Scene, drafts};

const YES: &str = "yes|yep|yeah|yup|y|ok|okay|sure|absolutely|definitely|perfect|great|confirm|confirmed|approve|approved|agreed|correct|right|go|ahead|do|it|please|send|post|book|sounds|looks|good|fine";

/// Shows the draft again, by the tool that drafts it.
pub fn shown(scene: &Scene) -> Option<Step<String>> {
    let draft = scene.brief.draft.as_ref().filter(|draft| draft.missing.is_empty())?;
    let asked = scene.turn.said_before().lines().last().is_some_and(|line| line.contains('?'));
    if scene.brief.settled.is_some() || asked || !scene.said.spoken.is_only(YES) {
        return None;
    }
    let (tool, arguments) = call(draft).filter(|(tool, _)| scene.hand.has(tool))?;
    Some(scene.hand.call(tool, &arguments).map(|result| match made(&result) {
        Made::Draft(draft) => drafts::shown(&draft, None),
        Made::Trouble(trouble) => trouble.words,
        Made::Nothing => drafts::NOT_HERE.to_owned(),
    }))
}

/// The tool that shows such a draft, with what names it.
fn call(draft: &Open) -> Option<(&'static str, Value)> {
    let (tool, named): (_, &[&str]) = match draft.kind.as_str() {
        "request" => ("create_service_request", &[]),
        "request_cancellation" => ("cancel_request", &["request_id", "reason"]),
        "acceptance" => ("accept_offer", &["offer_id"]),
        "decline" => ("decline_offer", &["offer_id", "reason"]),
        "booking_cancellation" => ("cancel_booking", &["booking_id", "rebook"]),
        "reschedule" => ("reschedule_booking", &["booking_id"]),
        "reschedule_answer" => ("answer_reschedule", &["booking_id", "accept"]),
        "review" => ("submit_review", &["booking_id"]),
        "offer" => ("submit_offer", &["request_id"]),
        "withdrawal" => ("withdraw_offer", &["offer_id"]),
        "completion" => ("complete_booking", &["booking_id"]),
        "no_show" => ("report_no_show", &["booking_id"]),
        "review_response" => ("respond_to_review", &["review_id"]),
        "availability" => ("update_availability", &[]),
        "enrollment" => ("submit_enrollment", &[]),
        _ => return None,
    };
    let known = |name: &&str| Some(((*name).to_owned(), draft.fields.get(*name)?.clone()));
    Some((tool, json!(named.iter().filter_map(known).collect::<Map<_, _>>())))
}
