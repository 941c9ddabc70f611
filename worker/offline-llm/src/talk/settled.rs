//! What the user's yes or no has just done, in a sentence or two.

use serde_json::Value;

use super::{say, trouble};

/// Says it.
pub fn words(settled: &Value) -> String {
    let kind = say::field(settled, "kind");
    if let Some(trouble) = trouble::of(settled) {
        return format!("I tried, but it did not work. {}", trouble.words);
    }
    let none = Value::Null;
    let result = settled.get("result").unwrap_or(&none);
    match say::field(settled, "did") {
        "approved" => approved(kind, result),
        "refused" => {
            let detail = say::shown(settled, "detail");
            let detail = if detail.is_empty() { "It has changed meanwhile.".to_owned() } else { detail };
            format!("That was not done. {detail}")
        }
        _ => cancelled(kind).to_owned(),
    }
}

fn approved(kind: &str, result: &Value) -> String {
    let booking = result.get("booking").unwrap_or(result);
    let when = say::moment(booking).map(|when| format!(" for {when}")).unwrap_or_default();
    match kind {
        "request" => "Your request is out! Professionals nearby are being asked now; I'll show you their offers as they come in.".to_owned(),
        "request_cancellation" => "The request is cancelled. If you need something else, just say so.".to_owned(),
        "acceptance" => format!("Booked{when}! The provider knows, and you find it under your bookings."),
        "decline" => "The offer is declined; the provider has been told.".to_owned(),
        "booking_cancellation" => "The booking is cancelled, and the other side has been told.".to_owned(),
        "reschedule" => format!("The new time{when} is proposed; the other side has 24 hours to answer, and until then the old one holds."),
        "reschedule_answer" => match result.get("accept").and_then(Value::as_bool) {
            Some(false) => "The proposal is declined; the old time stays.".to_owned(),
            _ => "Answered: the other side has been told.".to_owned(),
        },
        "review" => "Thank you, your review is posted.".to_owned(),
        "offer" => "Your offer is sent. I'll tell you when the customer answers.".to_owned(),
        "withdrawal" => "The offer is withdrawn.".to_owned(),
        "completion" => "Marked as done. Nice work! The customer can review it now.".to_owned(),
        "no_show" => "Reported: nobody came.".to_owned(),
        "availability" => "Your calendar is up to date.".to_owned(),
        "review_response" => "Your reply is posted.".to_owned(),
        "enrollment" => match say::field(result, "status") {
            "verified" => "Welcome to Proxie! You are verified, and leads can reach you from now on.".to_owned(),
            "pending_verification" => "Handed in! Your licence is being checked; I'll tell you as soon as that is done.".to_owned(),
            _ => "Handed in! You'll hear from us about what comes next.".to_owned(),
        },
        _ => "Done.".to_owned(),
    }
}

/// What is so when a draft is given up before it is approved.
pub fn left(kind: &str) -> &'static str {
    match kind {
        "request" => "All right, nothing was sent.",
        "offer" => "All right, the offer was not sent.",
        "acceptance" => "All right, nothing was booked.",
        "withdrawal" => "All right, the offer stays.",
        "decline" => "All right, the offer was not declined.",
        "enrollment" => "All right, nothing was handed in.",
        "availability" => "All right, your calendar stays as it is.",
        other => cancelled(other),
    }
}

fn cancelled(kind: &str) -> &'static str {
    match kind {
        "request" => "All right, nothing was sent. Tell me what to change, or what else you need.",
        "offer" => "All right, the offer was not sent.",
        "acceptance" => "All right, nothing was booked. The offers are still there.",
        "booking_cancellation" => "All right, the booking stays.",
        "request_cancellation" => "All right, the request stays open.",
        "reschedule" | "reschedule_answer" => "All right, nothing was changed.",
        "review" | "review_response" => "All right, nothing was posted.",
        "enrollment" => "All right, nothing was handed in yet. What would you like to change?",
        _ => "All right, I left it as it was.",
    }
}
