//! Which of several things a message means: by name, service, price, time, order or rank.

use serde_json::Value;

use super::said::Said;
use super::say;
use crate::concierge::vocabulary::VOCABULARY;
use crate::concierge::words::{Kind, fold, is_common, is_slip};

/// A thing that may be meant.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// What to call it in a question.
    pub label: String,
    /// Whose it is.
    pub name: String,
    /// Of which service.
    pub service: String,
    /// Its price, in cents.
    pub cents: Option<i64>,
    /// The rating of whose it is.
    pub rating: Option<f64>,
    /// Dates and starts.
    pub times: Vec<(String, String)>,
}

/// What was picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// This one.
    One(usize),
    /// One of these.
    Among(Vec<usize>),
    /// Somebody by a name that none of them has.
    Stranger(String),
}

impl Said<'_> {
    /// Whether one of these words is said.
    pub fn speaks_of(&self, words: &[&str]) -> bool {
        self.reading.tokens.iter().any(|token| {
            words.iter().any(|word| {
                token.norm == *word
                    || token.norm.strip_suffix('s') == Some(word)
                    || (word.len() > 5 && is_slip(&token.norm, word))
            })
        })
    }
}

/// The place in a list that an ordinal names: "the second one", "#2", "the last".
pub fn ordinal(said: &Said, length: usize) -> Option<usize> {
    const NAMES: &[&[&str]] = &[
        &["first", "1st", "former"],
        &["second", "2nd"],
        &["third", "3rd"],
        &["fourth", "4th"],
        &["fifth", "5th"],
        &["sixth", "6th"],
    ];
    let tokens = &said.reading.tokens;
    let norm = |i: usize| said.reading.norm(i);
    for i in 0..tokens.len() {
        if matches!(norm(i), "last" | "latter") && !matches!(norm(i + 1), "time" | "week" | "month" | "year")
        {
            return length.checked_sub(1);
        }
        let thing = !matches!(norm(i + 1), "time" | "floor" | "of");
        if thing && let Some(at) = NAMES.iter().position(|names| names.contains(&norm(i))) {
            return (at < length).then_some(at);
        }
        let numbered =
            matches!(norm(i), "number" | "no" | "option" | "offer" | "lead" | "booking" | "request" | "nr")
                || said.reading.is_sign(i, "#");
        let whole = i == 0 && tokens.len() <= 2;
        let at = if numbered { i + 1 } else { i };
        let number =
            tokens.get(at).filter(|t| t.kind == Kind::Number && (numbered || whole) && t.text.len() == 1);
        if let Some(number) = number.and_then(|token| token.text.parse::<usize>().ok()) {
            return number.checked_sub(1).filter(|at| *at < length);
        }
    }
    None
}

/// Picks. `id` is what the context names; `before` is what the agent said last, which may name the only one that is spoken of.
pub fn pick(said: &Said, choices: &[Choice], id: Option<&str>, before: &str) -> Picked {
    if let Some(at) = id.and_then(|id| choices.iter().position(|choice| choice.id == id)) {
        return Picked::One(at);
    }
    let mut left: Vec<usize> = (0..choices.len()).collect();
    let mut said_something = false;
    let mut narrow = |keep: &dyn Fn(&Choice) -> bool, left: &mut Vec<usize>| {
        let fit: Vec<usize> = left.iter().copied().filter(|at| choices.get(*at).is_some_and(keep)).collect();
        if !fit.is_empty() && (fit.len() < left.len() || choices.len() == 1) {
            said_something = true;
        }
        if !fit.is_empty() {
            *left = fit;
        }
    };
    let best = left
        .iter()
        .filter_map(|at| choices.get(*at))
        .map(|choice| named(said, &choice.name))
        .max()
        .unwrap_or(0);
    if best > 0 {
        narrow(&|choice| named(said, &choice.name) == best, &mut left);
    } else if let Some(stranger) = stranger(said) {
        return Picked::Stranger(stranger);
    }
    if let Some(service) = &said.service {
        narrow(&|choice| choice.service == *service, &mut left);
    } else if let Some(category) = said.category {
        narrow(
            &|choice| VOCABULARY.service(&choice.service).is_some_and(|s| s.category == category),
            &mut left,
        );
    }
    if let Some(cents) = said.cents {
        narrow(&|choice| choice.cents == Some(cents), &mut left);
    }
    if said.has_time() {
        narrow(&|choice| choice.times.iter().any(|(date, start)| said.means(date, start)), &mut left);
    }
    if let Some(at) = ranked(said, choices, &left) {
        return Picked::One(at);
    }
    if left.len() > 1
        && !said.speaks_of(&["slot"])
        && let Some(at) = ordinal(said, choices.len())
    {
        return Picked::One(at);
    }
    // "Yes, take it": the only one the agent spoke of last.
    if left.len() > 1 && !said_something {
        let before = fold(before);
        let spoken: Vec<usize> = left
            .iter()
            .copied()
            .filter(|at| {
                choices.get(*at).is_some_and(|c| !c.name.is_empty() && before.contains(&fold(&c.name)))
            })
            .collect();
        if spoken.len() == 1 {
            left = spoken;
        }
    }
    match left.as_slice() {
        [one] => Picked::One(*one),
        _ => Picked::Among(left),
    }
}

/// How many words of a name are said; common words count only with the whole name.
pub fn named(said: &Said, name: &str) -> usize {
    let name = fold(name);
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).collect();
    let is_said =
        |word: &str| said.reading.tokens.iter().any(|token| token.norm == word || is_slip(&token.norm, word));
    let own =
        |word: &&&str| !is_common(word) && !VOCABULARY.knows(word) && !matches!(**word, "co" | "and" | "the");
    let hits = words.iter().filter(own).filter(|word| is_said(word)).count();
    if hits == 0 && words.len() > 1 && words.iter().all(|word| is_said(word)) { words.len() } else { hits }
}

/// "Bob's offer", where nobody is called so.
pub fn stranger(said: &Said) -> Option<String> {
    let tokens = &said.reading.tokens;
    tokens.iter().enumerate().find_map(|(i, token)| {
        let owned = token.text.ends_with("'s") || token.text.ends_with("’s");
        let thing = matches!(
            said.reading.norm(i + 1),
            "offer" | "booking" | "request" | "lead" | "review" | "appointment"
        );
        let called =
            token.capital() && !is_common(&token.norm) && token.norm != "today" && token.norm != "tomorrow";
        // In the middle of a sentence a capital is a name, whatever else the word means ("Bob's offer").
        let named =
            owned && thing && called && said.reading.is_free(i) && (i > 0 || !VOCABULARY.knows(&token.norm));
        named.then(|| token.text.trim_end_matches("'s").trim_end_matches("’s").to_owned())
    })
}

/// "The cheapest", "the best rated", "the earliest".
fn ranked(said: &Said, choices: &[Choice], left: &[usize]) -> Option<usize> {
    let of = |at: &usize| choices.get(*at);
    let price = |at: &usize| of(at).and_then(|c| c.cents).unwrap_or(i64::MAX);
    let first = |at: &usize| of(at).and_then(|c| c.times.iter().min().cloned());
    let tenths = |at: &usize| of(at).and_then(|c| c.rating).map_or(0, |rating| (rating * 100.0) as i64);
    if said.speaks_of(&["cheapest", "cheaper", "lowest", "least"])
        || said.text.to_lowercase().contains("best price")
    {
        return left.iter().copied().min_by_key(|at| price(at));
    }
    if said.speaks_of(&["priciest", "dearest"]) || said.text.to_lowercase().contains("most expensive") {
        return left.iter().copied().filter(|at| price(at) < i64::MAX).max_by_key(|at| price(at));
    }
    if said.speaks_of(&["best", "highest", "top", "rated", "better"]) {
        return left.iter().copied().rev().max_by_key(|at| tenths(at));
    }
    if said.speaks_of(&["earliest", "soonest", "earlier", "sooner", "next"]) {
        return left.iter().copied().filter(|at| first(at).is_some()).min_by_key(|at| first(at));
    }
    None
}

/// The question which one is meant, with the choices.
pub fn which(question: &str, choices: &[Choice], among: &[usize]) -> String {
    let lines = among.iter().filter_map(|at| choices.get(*at)).map(|choice| choice.label.clone());
    format!("{question}\n\n{}", say::numbered(lines))
}

/// Choices that a tool names because it could not know which one is meant.
pub fn named_by_tool(error: &Value) -> Vec<String> {
    let choices = error.get("choices").and_then(Value::as_array).into_iter().flatten();
    choices
        .map(|choice| {
            let who = ["provider", "first_name", "consumer", "name", "label"]
                .iter()
                .map(|key| say::shown(choice, key))
                .find(|t| !t.is_empty());
            let parts = [Some(say::service_of(choice)), who, say::price(choice), say::moment(choice)];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        })
        .filter(|label| !label.is_empty())
        .collect()
}
