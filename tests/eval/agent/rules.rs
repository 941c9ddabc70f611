//! What holds in every conversation; see README.

use std::collections::{HashMap, HashSet};

use proxie_tests::Result;
use serde_json::Value;

use super::conversation::Turn;
use super::values::differences;
use super::world::{Kind, World};

/// What a person may change of their own without being asked.
const OWN: [&str; 3] = ["profile_updated", "memory_updated", "lead_passed"];
/// Window and budget: one question each.
const MOST_QUESTIONS: usize = 2;
/// Fields that are the same in a request's draft and in the request.
const REQUEST: [&str; 5] = ["service_id", "city", "zone", "window", "budget"];
/// The same of an offer.
const OFFER: [&str; 5] = ["request_id", "service_id", "price_cents", "currency", "duration_minutes"];

/// What a plain yes is made of.
const YES: &str = "yes yep yeah yup sure ok okay absolutely definitely confirmed confirm approve approved perfect great good \
                   correct right fine agreed do go send post submit book accept cancel it";
const BESIDE: &str = "please thanks thank you ahead it that's thats that this looks sounds to me is all for with them the so lets let's \
                      one offer request i want cheers lovely exactly everything a very much my now";

/// An answer to a turn.
pub struct Answer<'a> {
    pub turn: &'a Turn,
    pub result: &'a Value,
    pub effects: &'a [String],
}

/// What is remembered of the conversation.
#[derive(Default)]
pub struct Rules {
    /// What was shown last, if it could be approved.
    offered: Option<Value>,
    has_signed_up: bool,
    /// What was approved by the newest message.
    approved: Option<Value>,
    /// By draft: the fields that it has had.
    told: HashMap<String, HashSet<String>>,
    /// By draft: how often it was complete and did not await approval.
    waited: HashMap<String, usize>,
}

impl Rules {
    /// The guest has an account; what was shown before can be approved from now on.
    pub fn signed_up(&mut self) {
        self.has_signed_up = true;
    }

    /// Which rules an answer breaks.
    pub fn broken(&mut self, answer: &Answer) -> Vec<String> {
        let mut broken = Vec::new();
        self.without_a_yes(answer, &mut broken);
        self.asked_twice(answer, &mut broken);
        let message = answer.result["message"].as_str().unwrap_or_default();
        if !answer.result.is_null() && message.trim().is_empty() {
            broken.push("an answer without a word".to_owned());
        }
        if message.contains("![") || message.contains("</") || message.contains("<script") {
            broken.push(format!("HTML or an image: {message}"));
        }
        let draft = &answer.result["draft"];
        let is_open = answer.result["awaiting_approval"] == true || answer.result["ui"] == "sign_up";
        self.offered = Some(draft.clone()).filter(|draft| is_open && !draft.is_null());
        self.has_signed_up = false;
        broken
    }

    fn without_a_yes(&mut self, answer: &Answer, broken: &mut Vec<String>) {
        let press = answer.turn.press.as_deref().or(answer.turn.press_old.as_deref());
        let says_yes = press == Some("approve") || answer.turn.say.as_deref().is_some_and(is_plain_yes);
        self.approved = self.offered.take().filter(|_| says_yes);
        let others: Vec<_> = answer.effects.iter().filter(|effect| !OWN.contains(&effect.as_str())).collect();
        if !others.is_empty() && self.approved.is_none() {
            broken.push(format!("{others:?} without a yes"));
        }
        if others.len() > 1 {
            broken.push(format!("one yes and {others:?}"));
        }
    }

    fn asked_twice(&mut self, answer: &Answer, broken: &mut Vec<String>) {
        let draft = &answer.result["draft"];
        let Some(id) = draft["id"].as_str() else { return };
        let missing = names(&draft["missing"]);
        let told = self.told.entry(id.to_owned()).or_default();
        if answer.turn.takes_back {
            told.clear();
        }
        for field in &missing {
            if told.contains(field) {
                broken.push(format!("{field} is asked for again"));
            }
        }
        let fields = draft["fields"].as_object().into_iter().flatten();
        let known = fields.filter(|(name, value)| !value.is_null() && !missing.contains(*name));
        told.extend(known.map(|(name, _)| name.clone()));
        let waits = missing.is_empty() && answer.result["awaiting_approval"] == false;
        let is_guests = answer.result["ui"] == "sign_up";
        let waited = self.waited.entry(id.to_owned()).or_default();
        *waited += usize::from(waits && !is_guests);
        if *waited > MOST_QUESTIONS + 1 {
            broken.push("the draft is complete, and still it is not proposed".to_owned());
        }
    }

    /// What of that which was made is not what was approved.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn differs(&self, world: &World<'_>, effects: &[String]) -> Result<Option<String>> {
        let Some(approved) = &self.approved else { return Ok(None) };
        let (kind, fields) =
            match effects.iter().find(|effect| !OWN.contains(&effect.as_str())).map(String::as_str) {
                Some("request_created") => (Kind::Request, REQUEST),
                Some("offer_submitted") => (Kind::Offer, OFFER),
                _ => return Ok(None),
            };
        let all = world.made_by_me(kind).await?;
        let newest = all.iter().max_by_key(|one| one["id"].as_str().unwrap_or_default().to_owned());
        let Some(made) = newest else { return Ok(Some(format!("{effects:?}, and nothing is there"))) };
        let shown = &approved["fields"];
        let differ: Vec<String> = fields
            .iter()
            .filter(|field| !shown[**field].is_null())
            .flat_map(|field| {
                differences(&format!("made otherwise than shown: {field}"), &shown[*field], &made[*field])
            })
            .collect();
        Ok((!differ.is_empty()).then(|| differ.join("; ")))
    }
}

/// Names of what is missing: `city`, `/body/city` and `{"pointer": "/body/city"}` are the same.
pub fn names(missing: &Value) -> Vec<String> {
    let name = |one: &Value| {
        let text = one.as_str().or_else(|| one["pointer"].as_str())?;
        let text = text.strip_prefix("/body").unwrap_or(text).trim_start_matches('/');
        text.split('/').next().map(str::to_owned)
    };
    missing.as_array().into_iter().flatten().filter_map(name).collect()
}

/// Whether somebody says yes and nothing else.
fn is_plain_yes(message: &str) -> bool {
    let is_mark = |letter: char| !letter.is_alphanumeric() && letter != '\'';
    let words: Vec<String> = message
        .replace('’', "'")
        .to_lowercase()
        .split(is_mark)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let among = |list: &str, word: &str| list.split_whitespace().any(|one| one == word);
    words.iter().any(|word| among(YES, word))
        && words.iter().all(|word| among(YES, word) || among(BESIDE, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_yes_is_one() {
        for yes in [
            "yes",
            "Yes please!",
            "go ahead",
            "Sounds good, post it",
            "ok 👍",
            "Perfect, that’s right. Thank you!",
        ] {
            assert!(is_plain_yes(yes), "{yes}");
        }
        for other in
            ["yes, but make it Sunday", "no", "not yet", "is that all right with the dog?", "", "Queens"]
        {
            assert!(!is_plain_yes(other), "{other}");
        }
    }

    #[test]
    fn what_is_missing_has_names() {
        let missing =
            serde_json::json!(["city", "/body/portfolio", {"pointer": "/services/0/licence_number"}]);
        assert_eq!(names(&missing), ["city", "portfolio", "services"]);
    }
}
