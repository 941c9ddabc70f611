//! What people say, as words that phrases are looked for in.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::model::places::folded;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// Words before a phrase that take it back: "no pets", "not very long".
const NEGATIONS: [&str; 11] =
    ["no", "not", "without", "never", "nothing", "dont", "doesnt", "isnt", "arent", "havent", "hasnt"];
/// How many words before a phrase may take it back.
const NEGATES: usize = 2;
/// How many words may stand between a number and what it counts: "3 large bedrooms".
const COUNTS_OVER: usize = 1;
const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// The words of a phrase or of a part of a sentence: folded, by their stems.
pub fn words(text: &str) -> Vec<String> {
    let folded = folded(text).replace(['\'', '’'], "");
    let mut words = Vec::new();
    for word in folded.split(|c: char| !(c.is_alphanumeric() || "$€£".contains(c))) {
        // "3br" is three of something; "3b" is a word, and so is "240v".
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        let (number, rest) = word.split_at(digits);
        if digits > 0 && rest.chars().count() > 1 && rest.chars().all(char::is_alphabetic) {
            words.push(number.to_owned());
            words.push(STEMMER.stem(rest).into_owned());
        } else if !word.is_empty() {
            words.push(STEMMER.stem(word).into_owned());
        }
    }
    words
}

/// The parts of a text that phrases do not reach over.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', ',', ';', ':', '!', '?', '\n', '(', ')'])
}

fn number(word: &str) -> Option<i64> {
    let said = NUMBERS.iter().position(|name| *name == word).and_then(|at| i64::try_from(at).ok());
    said.or_else(|| word.parse().ok().filter(|number| (0..=10_000).contains(number)))
}

/// What a phrase means: by itself, and as a unit that a number stands before.
#[derive(Clone, Debug, Default)]
struct Meaning {
    is: Option<String>,
    counts: Option<String>,
}

/// All phrases of a specialist, by their words.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    by_words: HashMap<Vec<String>, Meaning>,
    longest: usize,
}

/// What was said: meanings, with a number where it was counted.
pub type Said = BTreeMap<String, Option<i64>>;

impl Phrases {
    /// Adds a phrase for a meaning, or for a unit that is counted; answers what it meant before, if that was something else.
    pub fn add(&mut self, words: Vec<String>, is: &str, counts: bool) -> Option<String> {
        self.longest = self.longest.max(words.len());
        let meaning = self.by_words.entry(words).or_default();
        let meant = if counts { &mut meaning.counts } else { &mut meaning.is };
        meant.replace(is.to_owned()).filter(|before| before != is)
    }

    /// What a text says, longer phrases before shorter ones, each word once; what is taken back is not said.
    pub fn read(&self, text: &str, said: &mut Said) {
        for part in parts(text) {
            let words = words(part);
            let mut at = 0;
            while at < words.len() {
                let longest = self.longest.min(words.len() - at);
                let found = (1..=longest).rev().find_map(|length| {
                    self.by_words.get(&words[at..at + length]).map(|found| (length, found))
                });
                let Some((length, meaning)) = found else {
                    at += 1;
                    continue;
                };
                let before = &words[..at];
                let counted = before.iter().rev().take(COUNTS_OVER + 1).find_map(|word| number(word));
                if let (Some(unit), Some(number)) = (&meaning.counts, counted) {
                    said.insert(unit.clone(), Some(number));
                }
                let is_taken_back =
                    before.iter().rev().take(NEGATES).any(|word| NEGATIONS.contains(&word.as_str()));
                if let Some(is) = meaning.is.as_ref().filter(|_| !is_taken_back) {
                    said.entry(is.clone()).or_default();
                }
                at += length;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Said {
        let mut phrases = Phrases::default();
        for (said, is, counts) in [
            ("long hair", "long hair", false),
            ("hair", "hair", false),
            ("no hot water", "no hot water", false),
            ("pets", "pets", false),
            ("bedrooms", "bedrooms", true),
            ("br", "bedrooms", true),
            ("kids", "children", false),
            ("kids", "people", true),
        ] {
            phrases.add(words(said), is, counts);
        }
        let mut said = Said::new();
        phrases.read(text, &mut said);
        said
    }

    #[test]
    fn longer_phrases_come_first_and_what_is_taken_back_is_not_said() {
        assert_eq!(read("My LONG hairs").into_keys().collect::<Vec<_>>(), ["long hair"]);
        assert_eq!(read("no pets and not very long hair"), Said::new());
        assert_eq!(read("no, I have pets"), Said::from([("pets".to_owned(), None)]));
        assert_eq!(read("there is no hot water"), Said::from([("no hot water".to_owned(), None)]));
    }

    #[test]
    fn what_is_counted_needs_a_number() {
        let bedrooms = |number| Said::from([("bedrooms".to_owned(), Some(number))]);
        for text in ["3 bedrooms", "a three-bedroom flat", "3br", "2-3 large bedrooms"] {
            assert_eq!(read(text), bedrooms(3), "{text}");
        }
        let both = Said::from([("children".to_owned(), None), ("people".to_owned(), Some(2))]);
        assert_eq!(read("my two kids"), both, "a unit may mean something by itself");
        for text in ["the bedrooms", "$60 for bedrooms", "3 of the many bedrooms"] {
            assert_eq!(read(text), Said::new(), "{text}");
        }
    }
}
