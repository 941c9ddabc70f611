//! The concierge by rules: understand the newest message, note it in the draft, look who could do it, answer.

pub mod amounts;
pub mod background;
pub mod changes;
pub mod facts;
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
use facts::Facts;
use prompt::{Draft, Prompt, Role};
use reading::Reading;
use reply::{Found, Scene};
use understand::{Context, understand};

/// The tool that changes the draft.
pub const UPDATE: &str = "update_request_draft";
/// The tool that looks for providers.
pub const SEARCH: &str = "search_providers";

/// How many providers a search asks for.
const LIMIT: u64 = 3;

/// The next step of a turn: a call of a tool, or the answer.
pub fn play(turn: &Turn, prompt: &Prompt) -> Answer {
    let facts = read(turn, prompt);
    let changes = changes::arguments(&facts, prompt, turn.tool(UPDATE));
    if let Some(forced) = turn.forced.as_deref() {
        return force(forced, &changes, turn, &draft(turn, prompt, &changes));
    }
    // Once they are noted the prompt knows them, and nothing is new any more.
    let has_changes = turn.called(UPDATE) || changes.as_object().is_some_and(|fields| !fields.is_empty());
    if has_changes && turn.tool(UPDATE).is_some() && !turn.called(UPDATE) {
        return Answer::call(UPDATE, &changes);
    }
    let draft = draft(turn, prompt, &changes);
    let curious = asks_for_providers(&turn.user);
    if (has_changes || curious)
        && draft.is_searchable()
        && turn.tool(SEARCH).is_some()
        && !turn.called(SEARCH)
    {
        return Answer::call(SEARCH, &search(&draft));
    }
    if turn.must_call && !turn.called_any() {
        let name = if turn.tool(UPDATE).is_some() {
            Some(UPDATE.to_owned())
        } else {
            turn.tools.first().map(|t| t.name.clone())
        };
        if let Some(name) = name {
            return force(&name, &changes, turn, &draft);
        }
    }
    Answer::text(reply::compose(&scene(turn, prompt, &facts, draft, has_changes)))
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
fn draft(turn: &Turn, prompt: &Prompt, changes: &Value) -> Draft {
    let answered = turn.result(UPDATE).and_then(|result| serde_json::from_value::<Draft>(result).ok());
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
        &["who", "could"],
        &["what", "are", "my", "options"],
        &["any", "recommendations"],
        &["who", "would", "you", "recommend"],
        &["find", "me"],
    ];
    let reading = Reading::new(text);
    (0..reading.tokens.len()).any(|i| ASKS.iter().any(|ask| reading.says(i, ask)))
}

fn scene<'a>(turn: &Turn, prompt: &'a Prompt, facts: &'a Facts, draft: Draft, changed: bool) -> Scene<'a> {
    let failure = [UPDATE, SEARCH].iter().filter_map(|tool| turn.result(tool)).find_map(|result| {
        let error = result.get("error")?;
        let text = error
            .as_str()
            .or_else(|| error.get("detail").or_else(|| error.get("message")).and_then(Value::as_str));
        Some(text.unwrap_or("please try again").to_owned())
    });
    let understood = changed || *facts != Facts { category: None, ..Facts::default() };
    Scene {
        role: if prompt.role == Role::Consumer { Role::Consumer } else { Role::Guest },
        name: facts.name.as_deref().filter(|name| prompt.known.name.as_deref() != Some(name)),
        changed: understood && (changed || facts.category.is_none()),
        talk: (!understood).then(|| smalltalk::kind(&Reading::new(&turn.user))),
        category: facts.category.as_deref(),
        found: turn.result(SEARCH).and_then(|result| found(&result)),
        draft,
        failure,
    }
}

fn found(result: &Value) -> Option<Vec<Found>> {
    let providers = result.get("providers")?.as_array()?;
    let text = |provider: &Value, key: &str| {
        provider.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    Some(
        providers
            .iter()
            .map(|provider| Found {
                name: text(provider, "name"),
                city: text(provider, "city"),
                rating: provider.get("rating").and_then(Value::as_f64),
                reviews: provider.get("review_count").and_then(Value::as_u64).unwrap_or(0),
                price: provider.get("price_from_cents").and_then(Value::as_i64),
                currency: provider.get("currency").and_then(Value::as_str).unwrap_or("USD").to_owned(),
            })
            .filter(|provider| !provider.name.is_empty())
            .collect(),
    )
}

#[cfg(test)]
mod tests;
