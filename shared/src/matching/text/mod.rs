//! How well words fit: what a consumer asks for, against what a provider says they can do.
//!
//! A request is a list of needs: each phrase of its specializations, and what its description means beside. A need is met
//! by the phrase of the provider's that fits best: by meaning ([`knowledge`]), else by common words, else by common groups
//! of letters. What is said only in running text meets it less surely.

mod knowledge;
mod words;

use std::collections::HashMap;
use std::ops::Range;

use knowledge::{Meaning, are_near, meanings, of_trade};
use words::{common, dice, is_common, stems, trigrams};

/// What a need of the description counts beside one of the specializations.
const DESCRIBED: f64 = 0.5;
/// What a need counts that is not understood, and only compared word by word.
const IN_WORDS: f64 = 0.3;
/// How well a meaning fits that is near the one asked for.
const NEAR: f64 = 0.5;
/// How well words at most fit where both sides are understood and mean something else.
const OTHER: f64 = 0.2;
/// Below which common groups of letters are chance.
const CHANCE: f64 = 0.4;
/// What they count beside whole words.
const LETTERS: f64 = 0.85;
/// What is said in running text counts beside a phrase among the skills.
const IN_TEXT: f64 = 0.6;
/// The fit where nothing in particular is asked for.
const NOTHING_ASKED: f64 = 0.5;

/// A phrase as it is compared.
#[derive(Clone, Debug)]
struct Phrase {
    meanings: Vec<Meaning>,
    /// In order, without doubles; without what everybody says, unless there is nothing else.
    words: Vec<String>,
    letters: Vec<[char; 3]>,
}

impl Phrase {
    fn new(text: &str, trade: &Range<Meaning>) -> Self {
        let mut phrase = Self::running(text, trade);
        phrase.letters = trigrams(&phrase.words);
        phrase
    }

    /// Of running text, in which no letters are compared.
    fn running(text: &str, trade: &Range<Meaning>) -> Self {
        let all = stems(text);
        let telling: Vec<String> = all.iter().filter(|stem| !is_common(stem)).cloned().collect();
        let mut words = if telling.is_empty() { all.clone() } else { telling };
        words.sort_unstable();
        words.dedup();
        Self { meanings: meanings(&all, trade), words, letters: Vec::new() }
    }

    /// How well a provider's phrase meets this one.
    fn met_by(&self, other: &Self) -> f64 {
        let letters = dice(&self.letters, &other.letters);
        let letters = if letters >= CHANCE { LETTERS * letters } else { 0.0 };
        let in_words = dice(&self.words, &other.words).max(letters);
        let meant = meant(&self.meanings, &other.meanings);
        let differ = meant == 0.0 && !self.meanings.is_empty() && !other.meanings.is_empty();
        if differ { in_words.min(OTHER) } else { in_words.max(meant) }
    }
}

/// How many of the asked meanings are among the others, those that are near counting half.
fn meant(asked: &[Meaning], among: &[Meaning]) -> f64 {
    if asked.is_empty() {
        return 0.0;
    }
    let one = |meaning: &Meaning| {
        if among.binary_search(meaning).is_ok() {
            1.0
        } else if among.iter().any(|other| are_near(*meaning, *other)) {
            NEAR
        } else {
            0.0
        }
    };
    asked.iter().map(one).sum::<f64>() / asked.len() as f64
}

struct Need {
    phrase: Phrase,
    weight: f64,
    /// Met by what it holds of the provider's phrase, not the other way round: a long text.
    is_text: bool,
}

/// What a request asks for, in words.
pub struct Needs {
    all: Vec<Need>,
    trade: Range<Meaning>,
    /// How well a provider's phrase meets each need: few phrases are said by many.
    met: HashMap<String, Vec<f64>>,
}

impl Needs {
    /// What these phrases and this description ask for, in a trade by its category in the catalog.
    pub fn new<'a>(
        trade: Option<&str>,
        specializations: impl IntoIterator<Item = &'a str>,
        description: &str,
    ) -> Self {
        let trade = of_trade(trade);
        let phrases = specializations.into_iter().map(|text| Phrase::new(text, &trade));
        let mut all: Vec<Need> = phrases
            .filter(|phrase| !phrase.words.is_empty())
            .map(|phrase| Need { phrase, weight: 1.0, is_text: false })
            .collect();
        let described = Phrase::running(description, &trade);
        for meaning in &described.meanings {
            if !all.iter().any(|need| need.phrase.meanings.contains(meaning)) {
                let phrase = Phrase { meanings: vec![*meaning], words: Vec::new(), letters: Vec::new() };
                all.push(Need { phrase, weight: DESCRIBED, is_text: false });
            }
        }
        if !described.words.is_empty() {
            all.push(Need { phrase: described, weight: IN_WORDS, is_text: true });
        }
        Self { all, trade, met: HashMap::new() }
    }

    /// Whether nothing in particular is asked for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How well each need is met by a provider's skills.
    pub fn met_by(&mut self, skills: &[String]) -> Vec<f64> {
        let mut met = vec![0.0_f64; self.all.len()];
        for skill in skills {
            if !self.met.contains_key(skill) {
                let phrase = Phrase::new(skill, &self.trade);
                let one = |need: &Need| match need.is_text {
                    false => need.phrase.met_by(&phrase),
                    true => {
                        common(&need.phrase.words, &phrase.words) as f64 / phrase.words.len().max(1) as f64
                    }
                };
                let each = self.all.iter().map(one).collect();
                self.met.insert(skill.clone(), each);
            }
            for (met, one) in met.iter_mut().zip(&self.met[skill]) {
                *met = met.max(*one);
            }
        }
        met
    }

    /// How well each need is met by what a provider says in running text.
    pub fn said_in(&self, text: &str) -> Vec<f64> {
        let text = Phrase::running(text, &self.trade);
        let one = |need: &Need| {
            let words = &need.phrase.words;
            let in_words =
                if words.is_empty() { 0.0 } else { common(words, &text.words) as f64 / words.len() as f64 };
            IN_TEXT * meant(&need.phrase.meanings, &text.meanings).max(in_words)
        };
        self.all.iter().map(one).collect()
    }

    /// The fit of what meets each need: 0 to 1.
    pub fn fit(&self, met: &[f64], said: &[f64]) -> f64 {
        let weights: f64 = self.all.iter().map(|need| need.weight).sum();
        if weights == 0.0 {
            return NOTHING_ASKED;
        }
        let each = self.all.iter().zip(met.iter().zip(said));
        each.map(|(need, (met, said))| need.weight * met.max(*said)).sum::<f64>() / weights
    }

    /// The most that running text could make of a fit.
    pub fn fit_at_most(&self, met: &[f64]) -> f64 {
        self.fit(met, &vec![IN_TEXT; met.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(asked: &str, skills: &[&str]) -> f64 {
        let mut needs = Needs::new(None, [asked], "");
        let skills: Vec<String> = skills.iter().map(|skill| (*skill).to_owned()).collect();
        let met = needs.met_by(&skills);
        needs.fit(&met, &vec![0.0; met.len()])
    }

    #[test]
    fn what_is_said_in_other_words_is_met() {
        for (asked, skill) in [
            ("3B curls", "curly hair"),
            ("ringlets", "Curly Hair"),
            ("my roots are showing", "root touch-up"),
            ("green cleaning products", "eco-friendly"),
            ("baby pictures", "newborn"),
            ("wall connector for my Tesla", "Level 2"),
            ("clogged kitchen sink", "kitchen"),
        ] {
            let right = fit(asked, &[skill]);
            assert!(right >= 0.5, "{asked} / {skill}: {right}");
        }
    }

    #[test]
    fn what_means_something_else_is_not_met() {
        for (asked, skill) in [
            ("curly hair", "fine hair"),
            ("balayage", "grey coverage"),
            ("newborn", "headshots"),
            ("tankless", "gas"),
        ] {
            let wrong = fit(asked, &[skill]);
            assert!(wrong <= 0.25, "{asked} / {skill}: {wrong}");
        }
    }

    #[test]
    fn words_nobody_has_written_down_are_compared_by_letters() {
        assert!(fit("zoomorphic topiary", &["topiaries, zoomorphic"]) > 0.6);
        assert!(fit("xylographic prints", &["xylography print"]) > 0.5);
        assert!(fit("xylographic prints", &["macrame"]) < 0.1);
    }

    #[test]
    fn nothing_asked_is_met_by_everybody_alike() {
        let mut needs = Needs::new(None, [], "");
        assert!(needs.is_empty());
        let met = needs.met_by(&["curly hair".to_owned()]);
        assert_eq!(needs.fit(&met, &[]), NOTHING_ASKED);
    }

    #[test]
    fn running_text_counts_less_than_a_skill() {
        let needs = Needs::new(Some("hair_beauty"), ["curly hair"], "");
        let said = needs.said_in("I have cut coils and curls for ten years.");
        let fit = needs.fit(&vec![0.0; said.len()], &said);
        assert!((fit - IN_TEXT).abs() < 1e-9, "{fit}");
        assert!(needs.fit_at_most(&vec![0.0; said.len()]) >= fit);
    }
}
