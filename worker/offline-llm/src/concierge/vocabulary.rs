//! The words for services, as data: `data/vocabulary.json`.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::words::{Token, is_slip, stem, tokens};

/// How surely a phrase means its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Only if nothing better is said ("clean").
    Weak,
    /// Only where the category is clear from other words ("wedding", of a photographer).
    Context,
    /// By itself ("clogged drain").
    Strong,
}

/// Words that together mean something, in any order.
#[derive(Debug)]
pub struct Phrase {
    /// The words, folded, with their stems.
    pub words: Vec<(String, String)>,
    /// Whether other clauses may stand between them.
    pub anywhere: bool,
}

/// A service and the ways to say it.
#[derive(Debug)]
pub struct Service {
    /// Its id in the catalog.
    pub id: String,
    /// What to call it in a sentence, with its article.
    pub label: String,
    /// Its category.
    pub category: String,
    /// Which of two services that fit equally well is meant: the more special one has the larger number.
    pub rank: i32,
    /// The ways to say it.
    pub phrases: Vec<(Phrase, Strength)>,
}

/// A category and the words that hint at it.
#[derive(Debug)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// What to call it.
    pub label: String,
    /// The hints.
    pub phrases: Vec<Phrase>,
}

/// Everything the concierge knows about the words for services.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// All services.
    pub services: Vec<Service>,
    /// All categories.
    pub categories: Vec<Category>,
    /// By category: a specialization and the ways to say it.
    pub specializations: BTreeMap<String, Vec<(String, Vec<Phrase>)>>,
    words: HashSet<String>,
}

#[derive(Deserialize)]
struct File {
    services: Vec<ServiceEntry>,
    categories: Vec<CategoryEntry>,
    specializations: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[derive(Deserialize)]
struct ServiceEntry {
    id: String,
    label: String,
    category: String,
    rank: i32,
    phrases: Vec<String>,
    #[serde(default)]
    anywhere: Vec<String>,
    #[serde(default)]
    context: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
}

#[derive(Deserialize)]
struct CategoryEntry {
    id: String,
    label: String,
    words: Vec<String>,
}

/// Words that carry no meaning inside a phrase.
const EMPTY: &[&str] =
    &["my", "our", "the", "a", "for", "of", "on", "with", "at", "to", "from", "i", "is", "are", "and", "get"];

/// The vocabulary, read once.
pub static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    // Compiled in and read by a test: it cannot be malformed at run time.
    serde_json::from_str::<File>(include_str!("../../data/vocabulary.json"))
        .map(Vocabulary::from)
        .unwrap_or_default()
});

fn phrase(text: &str, anywhere: bool) -> Phrase {
    let words: Vec<(String, String)> = tokens(text)
        .into_iter()
        .filter(|token| !EMPTY.contains(&token.norm.as_str()))
        .map(|token| (token.norm, token.stem))
        .collect();
    Phrase { words, anywhere }
}

impl From<File> for Vocabulary {
    fn from(file: File) -> Self {
        let services: Vec<Service> = file
            .services
            .into_iter()
            .map(|entry| {
                let strong = entry.phrases.iter().map(|p| (phrase(p, false), Strength::Strong));
                let anywhere = entry.anywhere.iter().map(|p| (phrase(p, true), Strength::Strong));
                let context = entry.context.iter().map(|p| (phrase(p, false), Strength::Context));
                let weak = entry.weak.iter().map(|p| (phrase(p, false), Strength::Weak));
                Service {
                    phrases: strong.chain(anywhere).chain(context).chain(weak).collect(),
                    id: entry.id,
                    label: entry.label,
                    category: entry.category,
                    rank: entry.rank,
                }
            })
            .collect();
        let categories: Vec<Category> = file
            .categories
            .into_iter()
            .map(|entry| Category {
                phrases: entry.words.iter().map(|w| phrase(w, false)).collect(),
                id: entry.id,
                label: entry.label,
            })
            .collect();
        let specializations: BTreeMap<String, Vec<(String, Vec<Phrase>)>> = file
            .specializations
            .into_iter()
            .map(|(category, table)| {
                let rows = table
                    .into_iter()
                    .map(|(name, ways)| (name, ways.iter().map(|w| phrase(w, false)).collect()))
                    .collect();
                (category, rows)
            })
            .collect();
        let words = services
            .iter()
            .flat_map(|s| s.phrases.iter().map(|(p, _)| p))
            .chain(categories.iter().flat_map(|c| &c.phrases))
            .chain(specializations.values().flatten().flat_map(|(_, ways)| ways))
            .flat_map(|p| &p.words)
            .flat_map(|(norm, stem)| [norm.clone(), stem.clone()])
            .collect();
        Self { services, categories, specializations, words }
    }
}

impl Vocabulary {
    /// The service of this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The category of this id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// Whether a folded word belongs to any phrase.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains(word) || self.words.contains(&stem(word))
    }
}

/// Where a phrase stands in a text: the tokens of its words, and how many other words are between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The tokens, in order.
    pub at: Vec<usize>,
    /// Words in between.
    pub gap: usize,
}

/// Words that set the words of a phrase no further apart.
const LIGHT: &[&str] = &[
    "my", "our", "the", "a", "an", "is", "are", "was", "in", "on", "of", "for", "it", "keeps", "has", "been",
];

/// Other words allowed between the words of a phrase.
const SLACK: usize = 4;

/// Where the words of a phrase stand together.
pub fn hits(tokens: &[Token], phrase: &Phrase) -> Vec<Hit> {
    let mut positions: Vec<Vec<usize>> = Vec::with_capacity(phrase.words.len());
    for (norm, stem) in &phrase.words {
        let is_said =
            |token: &Token| token.norm == *norm || token.stem == *stem || is_slip(&token.norm, norm);
        let said = tokens.iter().enumerate().filter(|(_, token)| is_said(token));
        let said: Vec<usize> = said.map(|(at, _)| at).collect();
        if said.is_empty() {
            return Vec::new();
        }
        positions.push(said);
    }
    let Some((first, rest)) = positions.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    'starts: for start in first {
        let mut at = vec![*start];
        for places in rest {
            let nearest = places
                .iter()
                .filter(|p| !at.contains(p))
                .min_by_key(|p| (p.abs_diff(*start), usize::from(*p < start)));
            let Some(nearest) = nearest else { continue 'starts };
            at.push(*nearest);
        }
        at.sort_unstable();
        let (Some(low), Some(high)) = (at.first().copied(), at.last().copied()) else { continue };
        let within = tokens.get(low..=high).unwrap_or_default();
        // "Make it up to $240" is no make-up.
        let joined = |at: usize| {
            let next = within.iter().skip(at + 1).find(|t| t.kind != super::words::Kind::Sign);
            next.is_some_and(|t| t.norm == "up")
        };
        let makes: Vec<usize> =
            (0..within.len()).filter(|at| within.get(*at).is_some_and(|t| t.norm == "make")).collect();
        let apart = !makes.is_empty() && !makes.into_iter().any(joined);
        if apart && phrase.words.iter().any(|(norm, _)| norm == "up") {
            continue;
        }
        let between = (low..=high).filter(|i| !at.contains(i)).filter_map(|i| tokens.get(i));
        let gap = between
            .filter(|t| t.kind != super::words::Kind::Sign && !LIGHT.contains(&t.norm.as_str()))
            .count();
        if phrase.anywhere || (gap <= SLACK && !within.iter().any(Token::is_break)) {
            found.push(Hit { at, gap: if phrase.anywhere { 0 } else { gap } });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_vocabulary_speaks_of_the_catalog() {
        let catalog: serde_json::Value =
            serde_json::from_str(include_str!("../../../../shared/data/catalog.json")).unwrap();
        let mut ids: Vec<&str> = catalog
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|category| category["services"].as_array().unwrap())
            .map(|service| service["id"].as_str().unwrap())
            .collect();
        let mut known: Vec<&str> = VOCABULARY.services.iter().map(|s| s.id.as_str()).collect();
        ids.sort_unstable();
        known.sort_unstable();
        assert_eq!(ids, known);
    }

    #[test]
    fn the_words_of_a_phrase_may_be_apart() {
        let phrase = phrase("cut my hair", false);
        assert_eq!(hits(&tokens("get my hair cut"), &phrase).len(), 1);
        assert!(hits(&tokens("I cut my finger. My hair is fine"), &phrase).is_empty());
        let phrase = self::phrase("make up for", false);
        assert_eq!(hits(&tokens("my make up for prom"), &phrase).len(), 1);
        assert_eq!(hits(&tokens("a make-up artist"), &phrase).len(), 1);
        assert!(hits(&tokens("make it up to $240"), &phrase).is_empty());
    }
}
