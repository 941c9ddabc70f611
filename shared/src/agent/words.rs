//! A plain yes or no, by the person's own words and never by a model's.

use crate::model::chat::ActionKind;
use crate::model::drafts::DraftKind;

/// Words that say yes and nothing else. What is put together of these alone is a plain yes.
const YES: &[&str] = &[
    "yes",
    "yep",
    "yeah",
    "yup",
    "y",
    "ok",
    "okay",
    "sure",
    "absolutely",
    "definitely",
    "perfect",
    "great",
    "confirm",
    "confirmed",
    "approve",
    "approved",
    "agreed",
    "correct",
    "right",
    "exactly",
    "fine",
    "si",
    "good",
];
/// Phrases that say yes.
const YES_PHRASES: &[&str] = &[
    "go ahead",
    "go for it",
    "do it",
    "sounds good",
    "looks good",
    "looks great",
    "sounds great",
    "that works",
    "works for me",
    "thats right",
    "that is right",
    "thats correct",
    "that is correct",
    "of course",
    "lets do it",
    "please do",
    "all good",
    "i approve",
    "i confirm",
    "i agree",
    "im sure",
    "i am sure",
    "its fine",
    "thats fine",
    "that is fine",
    "its good",
    "thats good",
    "thats perfect",
    "that is perfect",
];
/// Phrases that say yes to what begins something; to what would end something they are anything.
const BEGIN_PHRASES: &[&str] = &["send it", "post it", "book it"];
/// Words that say no and nothing else.
const NO: &[&str] = &["no", "nope", "nah", "n", "stop", "never"];
/// Phrases that say no.
const NO_PHRASES: &[&str] = &[
    "never mind",
    "forget it",
    "dont",
    "do not",
    "dont do it",
    "do not do it",
    "no way",
    "not now",
    "leave it",
    "changed my mind",
    "i changed my mind",
    "ive changed my mind",
    "rather not",
    "not yet",
    "not right now",
    "id rather not",
];
/// Words that call off: a no, but to a draft that would call off it is anything.
const CALL_OFF: &[&str] = &["cancel"];
/// Phrases that call off.
const CALL_OFF_PHRASES: &[&str] = &[
    "cancel it",
    "drop it",
    "i dont need it",
    "dont need it",
    "i dont need it anymore",
    "dont need it anymore",
    "i dont need it any more",
    "no longer need it",
    "i no longer need it",
];
/// Phrases that keep what there is: a no to a draft that would end or move it; of any other draft they may mean the draft itself.
const KEEP_PHRASES: &[&str] = &[
    "keep it",
    "keep them",
    "keep the booking",
    "keep my booking",
    "keep the request",
    "keep my request",
    "keep it as it is",
    "leave it as it is",
];
/// Phrases of a no that puts off, behind which it may be said why.
const LATER: &[&str] = &["not yet", "not now", "not right now"];
/// What the reason begins with: the one who puts off speaks of themselves. Anything else may be a change, which a no would throw
/// away together with the draft.
const BECAUSE: &[&str] = &["i", "im", "ill", "ive", "we", "were", "my", "our", "let", "because", "still"];
/// Words of a change: with one of them it is more than a reason.
const CHANGES: &[&str] = &[
    "but", "make", "change", "instead", "rather", "set", "use", "add", "remove", "send", "move", "only",
    "before", "want", "should", "prefer", "mean", "meant",
];
/// Words that go with either and change nothing.
const COURTESY: &[&str] = &[
    "please", "thanks", "thank", "you", "thx", "very", "much", "so", "then", "now", "that", "it", "all",
    "oh", "well", "just", "wait", "actually",
];

/// Whether a message is a plain yes or a plain no to a draft: nothing but that, said once or more, politely or not. A question is
/// neither; "yes, but …" is a change.
pub(super) fn plain_answer(text: &str, draft: DraftKind) -> Option<ActionKind> {
    if text.contains('?') || text.chars().count() > 80 {
        return None;
    }
    let plain = letters(text);
    let said: Vec<&str> = plain.split_whitespace().collect();
    let (no, no_phrases) = no_to(draft);
    match (is_only(&said, YES, &yes_to(draft)), is_only(&said, &no, &no_phrases)) {
        (true, false) => Some(ActionKind::Approve),
        (false, true) => Some(ActionKind::Cancel),
        _ if puts_off(text) => Some(ActionKind::Cancel),
        _ => emoji(text),
    }
}

/// Whether a draft would call off what there is.
fn calls_off(draft: DraftKind) -> bool {
    use DraftKind::{BookingCancellation, Decline, RequestCancellation, Withdrawal};
    matches!(draft, RequestCancellation | BookingCancellation | Withdrawal | Decline)
}

/// Phrases that say yes to a draft.
fn yes_to(draft: DraftKind) -> Vec<&'static str> {
    let begin = if calls_off(draft) { &[] } else { BEGIN_PHRASES };
    YES_PHRASES.iter().chain(begin).copied().collect()
}

/// What says no to a draft, as words and as phrases: "cancel it" is none where cancelling is what is drafted.
fn no_to(draft: DraftKind) -> (Vec<&'static str>, Vec<&'static str>) {
    use DraftKind::{Availability, Reschedule};
    let (mut words, mut phrases) = (NO.to_vec(), NO_PHRASES.to_vec());
    if !calls_off(draft) {
        words.extend(CALL_OFF);
        phrases.extend(CALL_OFF_PHRASES);
    }
    if calls_off(draft) || matches!(draft, Reschedule | Availability) {
        phrases.extend(KEEP_PHRASES);
    }
    (words, phrases)
}

/// Small letters and figures: apostrophes go, whatever their form; everything else ends a word.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\'' | '’' | '`'))
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect()
}

/// "Not yet, I have to ask my wife": a no that puts off, and a reason that changes nothing.
fn puts_off(text: &str) -> bool {
    text.match_indices([',', '.', '!', ';', '\n']).any(|(at, _)| {
        let (head, reason) = (letters(&text[..at]), letters(&text[at..]));
        let no: Vec<&str> = head.split_whitespace().collect();
        let phrase = no.join(" ");
        let explains = reason.split_whitespace().next().is_some_and(|word| BECAUSE.contains(&word));
        let changes = reason.split_whitespace().any(|word| CHANGES.contains(&word))
            || reason.contains(|c: char| c.is_ascii_digit());
        let later = is_only(&no, NO, NO_PHRASES) && LATER.iter().any(|later| phrase.ends_with(later));
        later && explains && !changes
    })
}

/// Whether it is made of these words and phrases, and courtesy; at least one of them must be there.
fn is_only(said: &[&str], words: &[&str], phrases: &[&str]) -> bool {
    let (mut rest, mut found) = (said, false);
    while let Some((first, after)) = rest.split_first() {
        let phrase = phrases
            .iter()
            .map(|phrase| phrase.split(' ').collect::<Vec<_>>())
            .filter(|p| rest.starts_with(p));
        if let Some(phrase) = phrase.max_by_key(Vec::len) {
            (rest, found) = (&rest[phrase.len()..], true);
        } else if words.contains(first) {
            (rest, found) = (after, true);
        } else if COURTESY.contains(first) {
            rest = after;
        } else {
            return false;
        }
    }
    found
}

fn emoji(text: &str) -> Option<ActionKind> {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !('\u{1F3FB}'..='\u{1F3FF}').contains(c) && *c != '\u{FE0F}')
        .collect();
    match bare.as_str() {
        "👍" | "✅" | "👌" | "✔" => Some(ActionKind::Approve),
        "👎" | "❌" => Some(ActionKind::Cancel),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Option<ActionKind> {
        plain_answer(text, DraftKind::Request)
    }

    #[test]
    fn a_plain_yes_is_only_that() {
        for yes in [
            "yes",
            "Yes!",
            "yes please",
            "OK, go ahead.",
            "Sounds good, thanks!",
            "Yep, that's right",
            "perfect",
            "👍🏽",
            "Yes, do it",
            "looks good. post it",
        ] {
            assert_eq!(answer(yes), Some(ActionKind::Approve), "{yes}");
        }
    }

    #[test]
    fn a_plain_no_is_only_that() {
        for no in [
            "no",
            "No thanks.",
            "never mind",
            "Nope, forget it",
            "cancel it please",
            "❌",
            "Not yet, I must ask my wife.",
            "no, not now. I am driving",
        ] {
            assert_eq!(answer(no), Some(ActionKind::Cancel), "{no}");
        }
    }

    #[test]
    fn anything_more_is_neither() {
        for neither in [
            "",
            "yes, but on Sunday",
            "yes but cheaper",
            "no, Queens",
            "not yes",
            "yes?",
            "ok what does it cost",
            "make it $80",
            "submit",
            "yes and also cancel my booking",
            "I said yes yesterday",
            "thanks",
            "yes no",
            "please",
            "no problem, I will wait for Tuesday",
            "not yet, make it $80 first",
            "not now, on Sunday instead",
            "no, I said Queens",
            "not yet, Queens please",
            "not yet, the bathroom too",
            "not now, I want it in Queens",
        ] {
            assert_eq!(answer(neither), None, "{neither}");
        }
    }

    #[test]
    fn a_no_is_one_to_what_is_drafted() {
        use DraftKind::{BookingCancellation, Request, RequestCancellation, Reschedule};
        let no = Some(ActionKind::Cancel);
        for (text, draft, answer) in [
            ("cancel it", Request, no),
            ("cancel it", BookingCancellation, None),
            ("book it", BookingCancellation, None),
            ("book it", Request, Some(ActionKind::Approve)),
            ("I don't need it any more", RequestCancellation, None),
            ("never mind", BookingCancellation, no),
            ("keep it as it is", BookingCancellation, no),
            ("keep it", Reschedule, no),
            ("keep it as it is", Request, None),
        ] {
            assert_eq!(plain_answer(text, draft), answer, "{text} to {draft}");
        }
    }
}
