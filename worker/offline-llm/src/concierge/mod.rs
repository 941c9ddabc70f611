//! The concierge by rules: what the message is about first (the market, or a new request); then understand it, note it in the
//! draft, look who could do it, propose it, answer.

pub mod amounts;
pub mod background;
pub mod changes;
mod details;
pub mod facts;
mod guest;
pub mod market;
pub mod money;
mod money_words;
pub mod notes;
pub mod people;
pub mod places;
mod places_parts;
mod places_unknown;
pub mod prompt;
pub mod reading;
pub mod reply;
pub mod services;
pub mod smalltalk;
pub mod time;
pub mod understand;
pub mod unwilling;
pub mod vocabulary;
pub mod words;

use serde_json::{Value, json};

use crate::agents::turn::Turn;
use crate::completion::Answer;
use crate::talk::brief::Brief;
use crate::talk::hand::Step;
use crate::talk::{self, Scene as TurnScene, trouble};
use facts::Facts;
use prompt::{Draft, Prompt, Role};
use reading::Reading;
use understand::{Context, understand};

/// The tool that changes the draft.
pub const UPDATE: &str = "update_request_draft";
/// The tool that looks for providers.
pub const SEARCH: &str = "search_providers";

/// The tool that invites guests to sign up.
pub const SIGN_UP: &str = "show_signup_prompt";

/// How many providers a search asks for.
const LIMIT: u64 = 3;

/// The next step of a turn: a call of a tool, or the answer.
pub fn play(turn: &Turn, prompt: &Prompt, brief: &Brief) -> Answer {
    talk::play(turn, prompt, brief, script)
}

fn script(scene: &TurnScene) -> Step<String> {
    if scene.prompt.role == Role::Consumer
        && scene.turn.forced.is_none()
        && let Some(text) = market::play(scene)?
    {
        return Ok(text);
    }
    if scene.prompt.role == Role::Guest
        && let Some(text) = guest::play(scene)?
    {
        return Ok(text);
    }
    request(scene, scene.prompt, false)
}

/// The answer to a message about a new request. `again` says that the draft was filled from an earlier booking in this turn.
///
/// # Errors
/// The call of a tool that comes first.
pub fn request(scene: &TurnScene, prompt: &Prompt, again: bool) -> Step<String> {
    let (turn, hand) = (scene.turn, &scene.hand);
    let facts = read(turn, prompt);
    let changes = details::changes(scene, prompt, &facts);
    if let Some(forced) = turn.forced.as_deref() {
        return Err(force(forced, &changes, turn, &draft(None, prompt, &changes)));
    }
    // Once they are noted the prompt knows them, and nothing is new any more.
    let has_changes = turn.called(UPDATE) || changes.as_object().is_some_and(|fields| !fields.is_empty());
    let noted = if has_changes { Some(hand.call(UPDATE, &changes)?) } else { None };
    let draft = draft(noted.as_ref(), prompt, &changes);
    let curious = asks_for_providers(&turn.user);
    let searches = (has_changes && !again || curious) && draft.is_searchable() && hand.has(SEARCH);
    let found = if searches { Some(hand.call(SEARCH, &search(&draft))?) } else { None };
    let answered = !prompt::asked(turn.said_before()).is_empty();
    let wants = has_changes || again || answered || details::wants_it_out(scene);
    let mut instead = None;
    if draft.ready == Some(true) && wants && !turn.must_call {
        match prompt.role {
            Role::Consumer => instead = market::proposed(scene, false)?,
            _ => drop(hand.call(SIGN_UP, &json!({}))?),
        }
    }
    if turn.must_call && !turn.called_any() {
        let name = if hand.has(UPDATE) {
            Some(UPDATE.to_owned())
        } else {
            turn.tools.first().map(|t| t.name.clone())
        };
        if let Some(name) = name {
            return Err(force(&name, &changes, turn, &draft));
        }
    }
    let results = [noted.as_ref(), found.as_ref()];
    let mut said = reply::Scene { instead, ..said(scene, prompt, &facts, draft, has_changes || again) };
    said.failure = results.into_iter().flatten().find_map(trouble::of).map(|trouble| trouble.words);
    said.found = found.as_ref().and_then(reply::found);
    said.advice = details::advice(scene, noted.as_ref());
    if !said.advice.is_empty() {
        said.talk = None;
    }
    Ok(reply::compose(&said))
}

/// The facts of the newest message, in the light of the question before it.
fn read(turn: &Turn, prompt: &Prompt) -> Facts {
    let asked = prompt::asked(turn.said_before());
    let earlier = if prompt.known.text("service_id").is_none() {
        turn.earlier_users().rev().find_map(|text| services::category_of(&Reading::new(text)))
    } else {
        None
    };
    understand(&turn.user, &Context { prompt, asked: &asked, category: earlier })
}

/// The draft as the last update left it, else as the prompt had it with the changes laid over.
fn draft(noted: Option<&Value>, prompt: &Prompt, changes: &Value) -> Draft {
    let answered = noted.and_then(|result| serde_json::from_value::<Draft>(result.clone()).ok());
    if let Some(draft) = answered.filter(|draft| !draft.fields.is_empty()) {
        return draft;
    }
    let mut draft = prompt.known.clone();
    for (field, value) in changes.as_object().into_iter().flatten() {
        draft.fields.insert(field.clone(), value.clone());
        draft.missing.retain(|missing| missing != field);
        draft.ask.retain(|ask| ask != field);
    }
    for field in ["service_id", "city"] {
        if draft.text(field).is_none() && !draft.missing.iter().any(|missing| missing == field) {
            draft.missing.push(field.to_owned());
        }
    }
    draft
}

fn search(draft: &Draft) -> Value {
    json!({"service_id": draft.text("service_id"), "city": draft.text("city"), "limit": LIMIT})
}

/// A tool the caller insists on.
fn force(name: &str, changes: &Value, turn: &Turn, draft: &Draft) -> Answer {
    match name {
        UPDATE => Answer::call(UPDATE, changes),
        SEARCH => Answer::call(SEARCH, &search(draft)),
        other => Answer::call(
            other,
            &turn.tool(other).map_or_else(|| json!({}), crate::agents::turn::Offered::least),
        ),
    }
}

/// "Who do you have?", "show me some options".
fn asks_for_providers(text: &str) -> bool {
    const ASKS: &[&[&str]] = &[
        &["who", "do", "you", "have"],
        &["show", "me"],
        &["any", "providers"],
        &["who", "is", "available"],
        &["whos", "available"],
        &["which", "providers"],
        &["who", "can"],
        &["who", "does"],
        &["who", "is", "good"],
        &["whos", "good"],
        &["anyone", "who"],
        &["anybody", "who"],
        &["is", "there", "anyone"],
        &["is", "there", "anybody"],
        &["who", "could"],
        &["what", "are", "my", "options"],
        &["any", "recommendations"],
        &["who", "would", "you", "recommend"],
        &["find", "me"],
    ];
    let reading = Reading::new(text);
    (0..reading.tokens.len()).any(|i| ASKS.iter().any(|ask| reading.says(i, ask)))
}

/// What the answer is made from, without what tools said.
fn said<'a>(
    scene: &TurnScene,
    prompt: &'a Prompt,
    facts: &'a Facts,
    draft: Draft,
    changed: bool,
) -> reply::Scene<'a> {
    let understood = changed || *facts != Facts { category: None, ..Facts::default() };
    reply::Scene {
        role: if prompt.role == Role::Consumer { Role::Consumer } else { Role::Guest },
        name: facts.name.as_deref().filter(|name| prompt.known.name.as_deref() != Some(name)),
        known_name: scene.brief.about.get("name").and_then(Value::as_str).map(str::to_owned),
        changed: understood && (changed || facts.category.is_none()),
        talk: (!understood && !scene.said.text.starts_with('['))
            .then(|| smalltalk::kind(&Reading::new(&scene.turn.user))),
        category: facts.category.as_deref(),
        draft,
        ..reply::Scene::default()
    }
}

#[cfg(test)]
mod tests;
