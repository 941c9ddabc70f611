//! Readable rules for what a message wants.
//!
//! A pattern is words, one after the other: `cancel .. booking|appointment`. `a|b` is one of them (a plural `s` and typing errors
//! are forgiven), `?a` may be left out, `..` are up to five other words of the same sentence, `<` is the beginning of a sentence
//! and `>` its end; `#` is a number.

use crate::concierge::reading::Reading;
use crate::concierge::words::{Kind, is_slip};

/// Words that "up to five" stands for.
const GAP: usize = 5;

/// Words that do not count at the beginning of a sentence.
const OPENERS: &[&str] = &[
    "hi", "hello", "hey", "ok", "okay", "please", "pls", "and", "so", "well", "oh", "yes", "yeah", "hmm",
    "great", "thanks", "then", "now", "alright", "cool", "perfect", "actually", "no", "sorry", "sure", "but",
    "also",
];

/// What a message may want, and how people say it.
pub struct Rule<I> {
    /// What is wanted.
    pub intent: I,
    /// Ways to say it.
    pub says: &'static [&'static str],
    /// What makes it something else.
    pub unless: &'static [&'static str],
}

/// The words of a message, sentence ends between them.
#[derive(Debug, Clone, Default)]
pub struct Spoken(Vec<String>);

const END: &str = ".";

impl Spoken {
    /// The words of a message.
    pub fn new(reading: &Reading) -> Self {
        let mut words = vec![END.to_owned()];
        for token in &reading.tokens {
            if token.kind != Kind::Sign {
                words.push(token.norm.clone());
            } else if token.is_stop() {
                words.push(END.to_owned());
            }
        }
        words.push(END.to_owned());
        Self(words)
    }

    /// Whether there are only words of these.
    pub fn is_only(&self, alternatives: &str) -> bool {
        self.0
            .iter()
            .filter(|word| *word != END)
            .all(|word| alternatives.split('|').any(|other| other == word))
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.0.iter().filter(|word| *word != END).count()
    }
}

/// The first rule that a message fits.
pub fn intent<I: Copy>(spoken: &Spoken, rules: &[Rule<I>]) -> Option<I> {
    let fits = |patterns: &[&str]| patterns.iter().any(|pattern| says(spoken, pattern));
    rules.iter().find(|rule| fits(rule.says) && !fits(rule.unless)).map(|rule| rule.intent)
}

/// Whether a message fits a pattern anywhere.
pub fn says(spoken: &Spoken, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split_whitespace().collect();
    (0..spoken.0.len()).any(|at| matches(&spoken.0, at, &parts))
}

fn matches(words: &[String], at: usize, parts: &[&str]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return true };
    let word = words.get(at).map_or(END, String::as_str);
    match *part {
        "<" => {
            let begin = words.get(..at).unwrap_or_default();
            let fillers = begin.iter().rev().take_while(|word| *word != END);
            fillers.into_iter().all(|word| OPENERS.contains(&word.as_str()))
                && word != END
                && matches(words, at, rest)
        }
        ">" => word == END && matches(words, at, rest),
        ".." => (at..=at + GAP)
            .take_while(|next| *next == at || words.get(next - 1).is_some_and(|word| word != END))
            .any(|next| matches(words, next, rest)),
        part => match part.strip_prefix('?') {
            Some(optional) => {
                (is_one_of(word, optional) && matches(words, at + 1, rest)) || matches(words, at, rest)
            }
            None => is_one_of(word, part) && matches(words, at + 1, rest),
        },
    }
}

fn is_one_of(word: &str, alternatives: &str) -> bool {
    word != END
        && alternatives.split('|').any(|alternative| {
            word == alternative
                || word.strip_suffix('s').is_some_and(|one| one.len() > 3 && one == alternative)
                || (alternative == "#" && word.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ','))
                || (alternative.len() > 4 && is_slip(word, alternative))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let fits = |text: &str, pattern: &str| says(&Spoken::new(&Reading::new(text)), pattern);
        assert!(fits("Please cancel my next booking!", "cancel .. booking|appointment"));
        assert!(fits("cancel bookings", "cancel .. booking"));
        assert!(!fits("Cancel. My booking is fine", "cancel .. booking"));
        assert!(fits("ok, take it", "< take it >"));
        assert!(!fits("I take it", "< take it >"));
        assert!(fits("5 stars", "# star"));
        assert!(fits("show the offers", "show ?me ?the offer"));
        assert!(fits("any ofers yet", "any offers"));
    }
}
