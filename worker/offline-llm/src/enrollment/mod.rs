//! The onboarding guide by rules: gathers what a provider must say, step by step or at once, and hands it in.

mod facts;
mod hours;
mod name;
mod services;
mod summary;

use serde_json::{Value, json};

use crate::agents::turn::Turn;
use crate::completion::Answer;
use crate::concierge::prompt::Prompt;
use crate::concierge::smalltalk::{self, Talk};
use crate::talk::brief::Brief;
use crate::talk::drafts::{self, Made, made};
use crate::talk::hand::Step;
use crate::talk::rules::{self, Rule};
use crate::talk::{self, Scene, say, trouble};
use summary::State;

const UPDATE: &str = "update_enrollment";
const SUMMARY: &str = "get_enrollment_summary";
const SUBMIT: &str = "submit_enrollment";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Catalog,
    Portfolio,
    Summary,
    Submit,
}

const RULES: &[Rule<Want>] = &[
    Rule {
        intent: Want::Catalog,
        says: &[
            "what|which .. services|categories|jobs|trades .. there|offer|have|possible|available|can|choose|on|you|do",
            "what|which .. can|could i .. offer|do|choose|pick",
            "show|list|see .. services|categories|catalog|catalogue|options",
            "catalog|catalogue",
            "what .. are .. options|choices|categories",
        ],
        unless: &["my services"],
    },
    Rule {
        intent: Want::Portfolio,
        says: &[
            "portfolio",
            "upload|add|send|attach|share .. photo|picture|pic|image",
            "photos|pictures .. how|where|upload|add",
            "how|where .. photos|pictures",
        ],
        unless: &[],
    },
    Rule {
        intent: Want::Summary,
        says: &[
            "summary|overview|recap",
            "summarise|summarize",
            "whats|what .. missing|left|next|needed",
            "so far",
            "what .. have .. got|noted|written",
            "show .. my ?profile ?enrollment ?application ?data ?details",
            "where are we",
            "where .. stand",
            "how far",
            "status",
            "what else .. need",
        ],
        unless: &["licence|license .. status"],
    },
    Rule {
        intent: Want::Submit,
        says: &[
            "submit|finish|finalise|finalize",
            "hand .. in",
            "send .. in|off|it",
            "< ?im|its|its ?all ready >",
            "< ?that|thats ?is ?its all|everything|it >",
            "im|we ?are done",
            "all done",
            "lets go live",
            "go live",
            "ready to start|submit|go",
        ],
        unless: &["not ready", "dont submit"],
    },
];

/// The next step of a turn: a call of a tool, or the answer.
pub fn play(turn: &Turn, prompt: &Prompt, brief: &Brief) -> Answer {
    talk::forced(turn).unwrap_or_else(|| talk::play(turn, prompt, brief, script))
}

fn script(scene: &Scene) -> Step<String> {
    let known = scene.hand.call(SUMMARY, &json!({}))?;
    if let Some(trouble) = trouble::of(&known) {
        return Ok(trouble.words);
    }
    let mut state = State::of(&known);
    let want = rules::intent(&scene.said.spoken, RULES);
    let asks = matches!(want, Some(Want::Catalog | Want::Summary)) && scene.said.text.contains('?');
    let changes = if asks { serde_json::Map::new() } else { facts::changes(scene, &state, want.is_some()) };
    let mut lines = Vec::new();
    if !changes.is_empty() {
        let result = scene.hand.call(UPDATE, &Value::Object(changes.clone()))?;
        if let Some(trouble) = trouble::of(&result) {
            return Ok(format!("{}\n\n{}", trouble.words, question(scene, &state)?));
        }
        if result.is_null() {
            return Ok(drafts::NOT_HERE.to_owned());
        }
        state = State::of(&result);
        lines.push(format!("Noted: {}.", summary::noted(&changes)));
        lines.extend(state.problems.iter().map(|problem| format!("One thing doesn't fit yet: {problem}")));
    }
    // The tool that asks for photos also takes those that came.
    if scene.brief.photos > 0 && scene.hand.has("request_portfolio") {
        lines.push(portfolio(scene)?);
        let known = scene.hand.call(SUMMARY, &json!({}))?;
        if trouble::of(&known).is_none() && known.is_object() {
            state = State::of(&known);
        }
        let next = state.next(scene).is_some_and(|ask| ask == summary::PHOTOS);
        if next || want == Some(Want::Portfolio) {
            return Ok(lines.join("\n\n"));
        }
    }
    match want {
        Some(Want::Catalog) => {
            lines.push(catalog(scene)?);
            return Ok(lines.join("\n\n"));
        }
        Some(Want::Summary) => {
            lines.push(state.words());
            lines.push(question(scene, &state)?);
            return Ok(lines.join("\n\n"));
        }
        Some(Want::Portfolio) => {
            lines.push(portfolio(scene)?);
            return Ok(lines.join("\n\n"));
        }
        Some(Want::Submit) => {
            lines.push(submit(scene, &state)?);
            return Ok(lines.join("\n\n"));
        }
        None => {}
    }
    // A no that says why: what was not to be handed in is not proposed again.
    if lines.is_empty() && scene.brief.settled.is_some() {
        return Ok(String::new());
    }
    if lines.is_empty() {
        lines.extend(talk(scene));
    }
    lines.push(question(scene, &state)?);
    Ok(lines.join("\n\n"))
}

/// What is said to a message without facts.
fn talk(scene: &Scene) -> Option<String> {
    if scene.says(&["become|join|sign|enroll|enrol|start|provider|register", "offer my", "work with"]) {
        return Some("Welcome! I'll set up your profile with you; it takes a few minutes.".to_owned());
    }
    let text = scene.said.text.trim();
    if text.is_empty() || text.starts_with('[') {
        return None;
    }
    match smalltalk::kind(&scene.said.reading) {
        Talk::Greeting => Some("Hello! I'm here to get you started as a provider on Proxie.".to_owned()),
        Talk::OffTopic => Some("That's outside of what I can do: I'm here to get you started as a provider.".to_owned()),
        Talk::Orders => Some("I'll stick to what I'm here for: getting you started as a provider.".to_owned()),
        Talk::About => Some("I'm Proxie's onboarding guide, a program that sets up your profile with you.".to_owned()),
        Talk::HowItWorks => {
            Some("You tell me what you do, where and when; after a check, leads that fit you come in. Joining costs nothing.".to_owned())
        }
        Talk::Refusal => Some("No problem.".to_owned()),
        Talk::Assent => None,
        // A declined question is no riddle.
        Talk::Unclear if scene.says(&["skip|none|nothing|later|pass", "rather not", "dont know", "no idea"]) => Some("No problem.".to_owned()),
        other => Some(smalltalk::answer(other).to_owned()),
    }
}

/// The next question, or, where nothing is left to ask, the draft.
fn question(scene: &Scene, state: &State) -> Step<String> {
    if let Some(ask) = state.next(scene) {
        return Ok(match ask.as_str() {
            summary::PHOTOS => portfolio(scene)?,
            _ => ask,
        });
    }
    if !state.is_known {
        return Ok(summary::SERVICES.to_owned());
    }
    submit(scene, state)
}

fn submit(scene: &Scene, state: &State) -> Step<String> {
    let result = scene.hand.call(SUBMIT, &json!({}))?;
    Ok(match made(&result) {
        Made::Draft(draft) if draft.missing.is_empty() => {
            format!(
                "{}\n\nHanded in, it is checked, and then you can start. **{}**",
                state.words(),
                drafts::approval("enrollment")
            )
        }
        Made::Draft(draft) => {
            let next = state.next(scene).filter(|ask| ask != summary::PHOTOS);
            let missing = draft
                .missing
                .first()
                .map(|missing| drafts::question("enrollment", missing))
                .unwrap_or_default();
            format!("Not everything is there yet. {}", next.unwrap_or(missing))
        }
        Made::Trouble(trouble) => trouble.words,
        Made::Nothing => drafts::NOT_HERE.to_owned(),
    })
}

fn portfolio(scene: &Scene) -> Step<String> {
    let result = scene.hand.call("request_portfolio", &json!({}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    let count = |key: &str| result.get(key).and_then(Value::as_i64);
    Ok(match (count("wanted"), count("have")) {
        (Some(wanted), Some(have)) if have >= wanted && wanted > 0 => {
            format!("You have {have} photos, that is enough. More are welcome.")
        }
        (Some(wanted), have) if wanted > 0 => {
            format!("Please send photos of your work: at least {wanted}; {} so far.", have.unwrap_or(0))
        }
        _ => "Please send a few photos of your work: they tell customers more than words.".to_owned(),
    })
}

fn catalog(scene: &Scene) -> Step<String> {
    let result = scene.hand.call("get_service_catalog", &json!({"category_id": scene.said.category}))?;
    if let Some(trouble) = trouble::of(&result) {
        return Ok(trouble.words);
    }
    let lines: Vec<String> = say::list(&result, "categories")
        .into_iter()
        .map(|category| {
            let services: Vec<String> = say::list(category, "services")
                .into_iter()
                .map(|service| {
                    let licence =
                        service.get("licence").or_else(|| service.get("licensed")).and_then(Value::as_bool)
                            == Some(true);
                    format!("{}{}", say::shown(service, "name"), if licence { " (licence)" } else { "" })
                })
                .collect();
            format!("- **{}**: {}", say::shown(category, "name"), services.join(", "))
        })
        .collect();
    if lines.is_empty() {
        return Ok(format!("I can't see the catalog just now. {}", summary::SERVICES));
    }
    Ok(format!("These services are on Proxie:\n{}\n\nWhich of them do you offer?", lines.join("\n")))
}

#[cfg(test)]
mod tests;
