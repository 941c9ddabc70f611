//! The business manager of providers by rules: leads, offers, bookings, the calendar, reviews and numbers.

mod bookings;
mod calendar;
mod leads;
mod offers;
mod reviews;
mod rules;

pub use calendar::weekly;
pub use offers::duration;

use crate::agents::turn::Turn;
use crate::completion::Answer;
use crate::concierge::prompt::Prompt;
use crate::concierge::smalltalk::{self, Talk};
use crate::talk::brief::Brief;
use crate::talk::hand::Step;
use crate::talk::{self, Scene, drafts};
use rules::Want;

const HELP: &str = "I can show you your leads, suggest and send offers, keep your bookings and your calendar, and tell you how you are doing. What shall I do?";

/// The next step of a turn: a call of a tool, or the answer.
pub fn play(turn: &Turn, prompt: &Prompt, brief: &Brief) -> Answer {
    talk::forced(turn).unwrap_or_else(|| talk::play(turn, prompt, brief, script))
}

fn script(scene: &Scene) -> Step<String> {
    let Some(want) = rules::want(scene) else { return Ok(talk(scene)) };
    match want {
        Want::Leads => leads::show(scene),
        Want::Details => leads::details(scene),
        Want::Pass => leads::pass(scene),
        Want::Suggest => offers::suggest(scene),
        Want::Offer => offers::submit(scene),
        Want::Withdraw => offers::withdraw(scene),
        Want::Bookings => bookings::show(scene),
        Want::Complete => bookings::mark(scene, "complete_booking"),
        Want::NoShow => bookings::mark(scene, "report_no_show"),
        Want::AcceptTime => bookings::answer(scene, true),
        Want::DeclineTime => bookings::answer(scene, false),
        Want::Cancel => bookings::cancel(scene),
        Want::Calendar => calendar::update(scene),
        Want::Respond => reviews::respond(scene),
        Want::Performance => reviews::performance(scene),
    }
}

/// What is no wish that is known.
fn talk(scene: &Scene) -> String {
    let pending = scene.brief.draft.as_ref().map(|draft| drafts::shown(draft, None));
    let said = match smalltalk::kind(&scene.said.reading) {
        Talk::Greeting => {
            let name = scene.brief.about.get("name").and_then(serde_json::Value::as_str);
            let name = name.map(|name| format!(", {}", crate::talk::say::plain(name))).unwrap_or_default();
            format!("Hello{name}!")
        }
        Talk::OffTopic => "That's outside of what I can do: I help with your business on Proxie.".to_owned(),
        Talk::Orders => "I'll stick to what I'm here for: your business on Proxie.".to_owned(),
        Talk::About => "I'm Proxie's business manager, a program that works for you.".to_owned(),
        Talk::HowItWorks => "It works like this: leads that fit you come in, you send an offer, and the customer picks one; then it stands in your calendar.".to_owned(),
        Talk::Unclear if scene.said.text.trim().is_empty() || scene.said.text.starts_with('[') => String::new(),
        other => smalltalk::answer(other).to_owned(),
    };
    let next = pending.unwrap_or_else(|| HELP.to_owned());
    [said, next].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests;
