//! Texts as words that can be compared: folded, without what says nothing, by their stems.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::model::places::folded;

/// Words that say nothing of what is needed.
const STOP: &str = "a about all also am an and any are as at be been but by can could do does done for from get give go \
    got had has have help hey hello hi how i i'd i'm if in into is it its just like looking look love make me mine my \
    need needs no not of on one or our out own please really s so some somebody someone sort sth t than that the their \
    them then there these they thing things this those to too up us use used very want wants was we well were what when \
    where which who will with would you your years year experience experienced professional pro expert specialist \
    specialise specialize specialised specialized specializing specialising specialty skilled certified trained good \
    great best friendly quality offer offering offers based local";
/// Words that nearly everybody of a trade uses: they tell nobody apart.
const COMMON: &str = "hair haircut cut cuts style styling stylist salon barber cleaning clean cleaner cleaners home house \
    plumbing plumber plumbers electrical electrician electric photography photographer photo photos photograph shoot \
    session service services job jobs work works installation install installing installer repair repairs repairing fix \
    fixing client clients customer customers makeup nails nail";
/// Ways of writing one word.
const SAME: [(&str, &str); 14] = [
    ("colour", "color"),
    ("colours", "color"),
    ("coloured", "color"),
    ("colouring", "color"),
    ("colored", "color"),
    ("coloring", "color"),
    ("grey", "gray"),
    ("greys", "gray"),
    ("jewellery", "jewelry"),
    ("mould", "mold"),
    ("moustache", "mustache"),
    ("odour", "odor"),
    ("kids", "child"),
    ("children", "child"),
];

static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());
static COMMON_STEMS: LazyLock<HashSet<String>> =
    LazyLock::new(|| COMMON.split_whitespace().map(stem).collect());
static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

fn stem(word: &str) -> String {
    let word = SAME.iter().find(|(written, _)| *written == word).map_or(word, |(_, same)| same);
    STEMMER.stem(word).into_owned()
}

/// The stems of a text's words, in order, but for those that say nothing.
pub fn stems(text: &str) -> Vec<String> {
    let folded = folded(text).replace(['\'', '’'], "");
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !STOP_WORDS.contains(word))
        .map(stem)
        .collect()
}

/// Whether everybody of a trade says it.
pub fn is_common(stem: &str) -> bool {
    COMMON_STEMS.contains(stem)
}

/// The groups of three letters in a phrase, each once, in order; words are fenced, so that how they begin counts.
pub fn trigrams(stems: &[String]) -> Vec<[char; 3]> {
    let mut all = Vec::new();
    for stem in stems {
        let fenced: Vec<char> = std::iter::once(' ').chain(stem.chars()).chain([' ']).collect();
        all.extend(fenced.windows(3).map(|three| [three[0], three[1], three[2]]));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Twice what two have in common, by what both have (Dice's coefficient); both in order, without doubles.
pub fn dice<T: Ord>(one: &[T], other: &[T]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    2.0 * common(one, other) as f64 / (one.len() + other.len()) as f64
}

/// How many two have in common; both in order, without doubles.
pub fn common<T: Ord>(one: &[T], other: &[T]) -> usize {
    let (mut a, mut b, mut both) = (0, 0, 0);
    while a < one.len() && b < other.len() {
        match one[a].cmp(&other[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                a += 1;
                b += 1;
            }
        }
    }
    both
}
