//! What is said before the answer itself: a new role, what a yes has just done, pictures.

use super::{Scene, drafts, say, settled};
use crate::concierge::prompt::Role;

/// What has to be said first.
pub fn words(scene: &Scene) -> Vec<String> {
    let mut lines = Vec::new();
    match scene.brief.became.as_deref() {
        Some("consumer") => {
            lines.push("Welcome! You have an account now, and everything you told me is kept.".to_owned())
        }
        Some("provider") => {
            lines.push("Welcome! You are a provider on Proxie now: I show you leads, and help with offers, bookings and your calendar.".to_owned());
        }
        _ => {}
    }
    lines.extend(scene.brief.settled.as_ref().map(settled::words));
    lines.extend(photos(scene));
    lines
}

fn photos(scene: &Scene) -> Option<String> {
    let images = scene.turn.images;
    if scene.turn.sees && images > 0 {
        return Some(format!("I see {}.", counted(images)));
    }
    let count = usize::try_from(scene.brief.photos).unwrap_or(0).max(images);
    let enrolling = scene.prompt.role == Role::Enrollment;
    (count > 0).then(|| {
        if enrolling {
            format!(
                "I got {} for your portfolio. I can't look at pictures myself, but customers will.",
                counted(count)
            )
        } else {
            format!(
                "I got {}, but I can't look at pictures: please tell me in words what they show.",
                counted(count)
            )
        }
    })
}

fn counted(count: usize) -> String {
    if count == 1 { "1 photo".to_owned() } else { format!("{count} photos") }
}

/// Whether the message is a yes, a no or a button that is settled, and holds no further wish.
pub fn is_all(scene: &Scene) -> bool {
    const PLAIN: &str = "yes|yep|yeah|yup|y|ok|okay|sure|absolutely|definitely|perfect|great|confirm|confirmed|approve|approved|agreed|correct|right|exactly|fine|si|good|go|ahead|for|it|do|sounds|looks|that|thats|works|me|of|course|lets|please|send|post|book|all|no|nope|nah|n|cancel|stop|never|mind|forget|dont|not|leave|drop|edit|i|im|is|its|thanks|thank|you|thx|very|much|so|then|now|oh|well|just|hand|in|submit|changed|my|rather|id|way";
    scene.brief.settled.is_some() && scene.said.text.trim() != "[edit]" && scene.said.spoken.is_only(PLAIN)
}

/// What is said to the button that changes a draft.
pub fn edited(scene: &Scene) -> Option<String> {
    (scene.said.text.trim() == "[edit]").then(|| {
        let draft = scene.brief.draft.as_ref().map(|draft| drafts::summary(&draft.kind, &draft.fields));
        [draft.unwrap_or_default(), "What would you like to change?".to_owned()]
            .join("\n\n")
            .trim()
            .to_owned()
    })
}

/// What is said to somebody who gives up what is drafted in words that are no plain no ("forget it, I don't need it any more",
/// "no, wait, keep it"): nothing has happened, and how the draft goes.
pub fn given_up(scene: &Scene) -> Option<String> {
    let draft = scene.brief.draft.as_ref()?;
    let said = &scene.said;
    let ends = matches!(
        draft.kind.as_str(),
        "request_cancellation" | "booking_cancellation" | "withdrawal" | "decline"
    );
    let gives_up = scene.says(&[
        "forget|forgot it|that|about",
        "never mind",
        "nevermind|nvm",
        "dont|not need|want|like it|this|that|them|one|any ?more|anymore",
        "no longer need|want|interested",
        "not needed|interested ?any ?more|anymore",
        "changed my mind",
        "drop|scrap|scratch|discard|abandon ?the ?whole it|that|this|draft|thing",
        "cancel it|that|this|everything|draft",
        "leave it|that ?be >",
    ]) || ends
        && scene.says(&["keep|leave ?it|that|this|my|the|them", "dont|not cancel|decline|withdraw|do"]);
    let more = said.has_time()
        || said.cents.is_some()
        || said.text.contains('?')
        || said.spoken.len() > 14
        || scene.says(&["but|instead|rather|make|change|need a|an|someone|somebody"]);
    (gives_up && !more).then(|| {
        let words = settled::left(&draft.kind);
        format!("{words} The draft goes with **Cancel**, or when you just say *no*.")
    })
}

/// The opening with a hint what comes next.
pub fn and_next(first: Vec<String>, role: Role) -> String {
    let text = first.join("\n\n");
    let asks = text.trim_end().ends_with('?') || text.contains("1. ");
    let next = match role {
        _ if asks => "",
        Role::Provider => "Is there anything else, your leads perhaps?",
        Role::Enrollment => "",
        _ => "Is there anything else I can do for you?",
    };
    [text, say::plain(next)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}
