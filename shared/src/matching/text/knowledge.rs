//! What phrases of the trades mean: `shared/data/skills.json`, written from general knowledge.
//!
//! A meaning is what people say in many ways: "3B curls" and "ringlets" are curly hair. Some meanings are near each other:
//! who does one has done much of the other.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::words::stems;

/// The number of a meaning.
pub type Meaning = u16;

/// A meaning as it is written down.
#[derive(Deserialize)]
struct Written {
    /// Its name; also a way to say it.
    is: String,
    /// Other ways.
    said: Vec<String>,
    /// The names of meanings that are near it.
    #[serde(default)]
    near: Vec<String>,
}

struct Knowledge {
    by_phrase: HashMap<String, Vec<Meaning>>,
    /// The most words of a phrase, by its first.
    longest: HashMap<String, usize>,
    /// The numbers of each trade's meanings: they follow each other.
    trades: HashMap<String, Range<Meaning>>,
    near: Vec<Vec<Meaning>>,
}

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "embedded data, read at start-up and tested")]
    let trades: HashMap<String, Vec<Written>> =
        serde_json::from_str(include_str!("../../../data/skills.json")).expect("skills.json is valid");
    let mut all: Vec<(String, Written)> = Vec::new();
    for (trade, meanings) in trades {
        all.extend(meanings.into_iter().map(|meaning| (trade.clone(), meaning)));
    }
    // A map has no order of its own.
    all.sort_by(|(a_trade, a), (b_trade, b)| (a_trade, &a.is).cmp(&(b_trade, &b.is)));
    let mut knowledge = Knowledge {
        by_phrase: HashMap::new(),
        longest: HashMap::new(),
        trades: HashMap::new(),
        near: vec![Vec::new(); all.len()],
    };
    for (n, (trade, _)) in all.iter().enumerate() {
        let n = n as Meaning;
        knowledge.trades.entry(trade.clone()).and_modify(|range| range.end = n + 1).or_insert(n..n + 1);
    }
    let number: HashMap<(&str, &str), usize> = all
        .iter()
        .enumerate()
        .map(|(n, (trade, meaning))| ((trade.as_str(), meaning.is.as_str()), n))
        .collect();
    for (n, (trade, meaning)) in all.iter().enumerate() {
        for said in std::iter::once(&meaning.is).chain(&meaning.said) {
            let stems = stems(said);
            let Some(first) = stems.first() else { continue };
            let longest = knowledge.longest.entry(first.clone()).or_default();
            *longest = stems.len().max(*longest);
            let meanings = knowledge.by_phrase.entry(stems.join(" ")).or_default();
            if !meanings.contains(&(n as Meaning)) {
                meanings.push(n as Meaning);
            }
        }
        for other in meaning.near.iter().filter_map(|name| number.get(&(trade.as_str(), name.as_str()))) {
            knowledge.near[n].push(*other as Meaning);
            knowledge.near[*other].push(n as Meaning);
        }
    }
    knowledge
});

/// The meanings of a trade; all there are if it is none that is known.
pub fn of_trade(trade: Option<&str>) -> Range<Meaning> {
    let known = trade.and_then(|trade| KNOWLEDGE.trades.get(trade));
    known.cloned().unwrap_or(0..KNOWLEDGE.near.len() as Meaning)
}

/// What is meant by a text of a trade, by its stems: longer phrases before shorter ones, each word once. In order, without
/// doubles.
pub fn meanings(stems: &[String], trade: &Range<Meaning>) -> Vec<Meaning> {
    let mut found: Vec<Meaning> = Vec::new();
    let mut at = 0;
    while at < stems.len() {
        let longest = KNOWLEDGE.longest.get(&stems[at]).map_or(0, |longest| (*longest).min(stems.len() - at));
        let length = (1..=longest).rev().find(|length| {
            let said = KNOWLEDGE.by_phrase.get(&stems[at..at + length].join(" "));
            let before = found.len();
            found.extend(said.into_iter().flatten().filter(|meaning| trade.contains(meaning)));
            found.len() > before
        });
        at += length.unwrap_or(1);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether who does one has done much of the other.
pub fn are_near(one: Meaning, other: Meaning) -> bool {
    KNOWLEDGE.near[usize::from(one)].contains(&other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catalog::Catalog;

    #[test]
    fn what_the_catalog_suggests_is_understood() {
        for category in Catalog::built_in().categories() {
            let trade = of_trade(Some(&category.id));
            for phrase in category.services.iter().flat_map(|service| &service.specializations) {
                assert!(!meanings(&stems(phrase), &trade).is_empty(), "{phrase}");
            }
        }
    }

    #[test]
    fn what_is_near_has_a_name() {
        let trades: HashMap<String, Vec<Written>> =
            serde_json::from_str(include_str!("../../../data/skills.json")).unwrap_or_default();
        assert!(!trades.is_empty());
        for meanings in trades.values() {
            for near in meanings.iter().flat_map(|meaning| &meaning.near) {
                assert!(meanings.iter().any(|other| other.is == *near), "{near}");
            }
        }
    }
}
