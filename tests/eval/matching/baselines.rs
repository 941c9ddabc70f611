//! What the matcher is held against: rankings of the same feasible providers by what they show.

use std::collections::{HashMap, HashSet};

use super::calendar::Clock;
use super::providers::{Offer, Provider};
use super::requests::Request;

/// Words that tell nothing.
const EMPTY_WORDS: [&str; 24] = [
    "a", "an", "and", "are", "at", "be", "for", "from", "i", "in", "is", "it", "me", "my", "of", "on", "or",
    "s", "t", "the", "to", "we", "with", "you",
];

/// The words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let all = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    all.filter(|word| !word.is_empty() && !EMPTY_WORDS.contains(&word.as_str()))
}

/// What is looked at, and how much it counts.
pub const PARTS: [(&str, f64); 5] =
    [("specialization", 0.30), ("distance", 0.20), ("availability", 0.20), ("rating", 0.15), ("price", 0.15)];

/// The sum of [`PARTS`] by their weights.
pub fn fixed_weights(parts: [f64; PARTS.len()]) -> f64 {
    PARTS.iter().zip(parts).map(|((_, weight), part)| weight * part).sum()
}

/// The share of the words asked for that they have among theirs.
pub fn same_words(request: &Request, offer: &Offer) -> f64 {
    let own: HashSet<String> = offer.specializations.iter().flat_map(|phrase| words(phrase)).collect();
    let asked: HashSet<String> = request.specializations.iter().flat_map(|phrase| words(phrase)).collect();
    asked.iter().filter(|word| own.contains(*word)).count() as f64 / asked.len().max(1) as f64
}

/// The share of what is needed that they have among theirs, whatever either calls it.
pub fn same_meaning(request: &Request, offer: &Offer) -> f64 {
    request.needs.iter().filter(|(at, _)| offer.meant.contains(at)).map(|(_, share)| share).sum()
}

/// What a provider shows, each of [`PARTS`] from 0 to 1.
pub fn parts(request: &Request, provider: &Provider, offer: &Offer, clock: Clock) -> [f64; PARTS.len()] {
    let distance = match provider.shows_spot {
        true => 1.0 - provider.spot.km_to(request.spot) / request.reach(provider),
        false => 0.5,
    };
    let availability = provider.calendar.free_days(offer.minutes, request.window, clock);
    // Who is not rated is in the middle.
    let rating = provider.rating().map_or(0.5, |rating| (rating - 1.0) / 4.0);
    // The share of their range that the budget covers.
    let price = match (request.budget, offer.price) {
        (Some(most), Some((low, high))) => ((most - low) as f64 / (high - low).max(1) as f64).clamp(0.0, 1.0),
        _ => 0.5,
    };
    [same_words(request, offer), distance, availability, rating, price]
}

/// BM25 over the texts of all providers.
pub struct Bm25 {
    texts: Vec<HashMap<String, f64>>,
    lengths: Vec<f64>,
    mean_length: f64,
    /// In how many texts a word is.
    spread: HashMap<String, f64>,
}

const K1: f64 = 1.2;
const B: f64 = 0.75;

impl Bm25 {
    /// Reads what all of them say.
    pub fn new(providers: &[Provider]) -> Self {
        let mut spread: HashMap<String, f64> = HashMap::new();
        let texts: Vec<HashMap<String, f64>> = providers
            .iter()
            .map(|provider| {
                let mut counts: HashMap<String, f64> = HashMap::new();
                words(&provider.text()).for_each(|word| *counts.entry(word).or_default() += 1.0);
                counts.keys().for_each(|word| *spread.entry(word.clone()).or_default() += 1.0);
                counts
            })
            .collect();
        let lengths: Vec<f64> = texts.iter().map(|counts| counts.values().sum()).collect();
        let mean_length = lengths.iter().sum::<f64>() / lengths.len() as f64;
        Self { texts, lengths, mean_length, spread }
    }

    /// How well the provider of this number answers what is asked for, phrases and description.
    pub fn score(&self, request: &Request, provider: usize) -> f64 {
        let phrases = request.specializations.iter().flat_map(|phrase| words(phrase));
        let mut asked: Vec<String> = phrases.chain(words(&request.description)).collect();
        asked.sort_unstable();
        asked.dedup();
        let length = self.lengths[provider] / self.mean_length;
        let of_word = |word: &String| {
            let count = self.texts[provider].get(word).copied().unwrap_or(0.0);
            let spread = self.spread.get(word).copied().unwrap_or(0.0);
            let rarity = (1.0 + (self.texts.len() as f64 - spread + 0.5) / (spread + 0.5)).ln();
            rarity * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
        };
        asked.iter().map(of_word).sum()
    }
}
