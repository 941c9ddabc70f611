//! What a guest wants that takes an account.

use serde_json::json;

use super::{SIGN_UP, smalltalk};
use crate::talk::Scene;
use crate::talk::hand::Step;
use crate::talk::rules::{self, Rule};

#[derive(Clone, Copy)]
enum Want {
    SignUp,
    Account,
}

const RULES: &[Rule<Want>] = &[
    Rule {
        intent: Want::SignUp,
        says: &[
            "sign ?me up",
            "signup",
            "register",
            "create|make|open|get ?me ?an|my account",
            "log ?me in",
            "login",
            "sign ?me in",
            "< join >",
            "post|send|submit .. request",
            "< ?yes ?please post|send|submit it",
            "how do i join|register",
        ],
        unless: &["don't|dont|without|no .. sign|register|account|registering"],
    },
    Rule {
        intent: Want::Account,
        says: &[
            "my ?own ?open offer|booking|request|appointment|review|profile",
            "accept|decline .. offer",
            "cancel|reschedule .. booking|appointment",
            "leave|write ?a ?my review",
            "what .. you .. know|remember about me",
        ],
        unless: &[],
    },
];

/// The invitation, where it is asked for.
///
/// # Errors
/// The call that shows it.
pub fn play(scene: &Scene) -> Step<Option<String>> {
    if smalltalk::is_off_topic(&scene.said.reading) {
        return Ok(None);
    }
    let Some(want) = rules::intent(&scene.said.spoken, RULES) else { return Ok(None) };
    // What the message says of a request is noted first.
    if scene.said.service.is_some() || scene.turn.forced.is_some() {
        return Ok(None);
    }
    scene.hand.call(SIGN_UP, &json!({}))?;
    let lead = match want {
        Want::SignUp => "Gladly!",
        Want::Account => "For that you need an account.",
    };
    let kept = if scene.prompt.known.fields.is_empty() { "" } else { " Everything you told me is kept." };
    Ok(Some(format!("{lead} **Sign up** with your e-mail; it takes a minute and costs nothing.{kept}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::talk::mock::Chat;

    #[test]
    fn a_need_becomes_an_invitation() {
        let ready = json!({"fields": {"service_id": "haircut", "city": "Brooklyn"}, "missing": [], "ask": [], "ready": true,
            "advice": {"estimate": {"price": {"low_cents": 5000, "high_cents": 9000, "currency": "USD"}, "duration_minutes": {"low": 45, "high": 60}}, "warnings": [], "questions": []}});
        let mut chat = Chat::new("guest")
            .tool("update_request_draft", ready.clone())
            .tool("search_providers", json!({"total": 1, "providers": [{"id": "p", "name": {"quoted": "Ana's Curls"}, "rating": 4.9, "reviews": 9, "price_from": {"cents": 5500, "currency": "USD"}}]}))
            .tool("show_signup_prompt", json!({"shown": true}));
        chat.say("a haircut in Brooklyn, any time, no budget");
        chat.called("show_signup_prompt");
        chat.hears(&["Ana's Curls", "from $55", "Usually that is $50 to $90", "Sign up"]);
        chat.line("Known", ready);
        chat.say("sign me up");
        chat.called("show_signup_prompt");
        chat.say("show my bookings").hears(&["account"]);
        chat.line("Became", json!("consumer"));
        chat.say("hello again").hears(&["You have an account now"]);
    }
}
