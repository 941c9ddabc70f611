//! One message while it is being understood: its tokens, which of them are already taken for a fact, where it corrects
//! itself and what it says no to.

use std::ops::Range;

use super::background::{Stance, stances};
use super::words::{Kind, Token, is_slip, norm, slice, tokens};

/// What a token was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// A day, a time of day, or a wish about them.
    Time,
    /// An amount of money.
    Money,
    /// A service.
    Service,
    /// A wish about how a service is done.
    Specialization,
    /// A place.
    Place,
    /// The user's name.
    Name,
    /// Unwillingness, urgency or a correction: said, used, and not worth a note.
    Manner,
}

/// A message being understood.
#[derive(Debug)]
pub struct Reading<'t> {
    /// The message.
    pub text: &'t str,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Whether dates are written with the day first, as outside the US.
    pub day_first: bool,
    claims: Vec<Option<Claim>>,
    segments: Vec<usize>,
    stances: Vec<Stance>,
}

/// Phrases after which what was said before no longer holds.
const CORRECTIONS: &[&[&str]] = &[
    &["no", "wait"],
    &["wait", "no"],
    &["oh", "wait"],
    &["hold", "on"],
    &["sorry"],
    &["i", "meant"],
    &["i", "mean"],
    &["actually"],
    &["scratch", "that"],
    &["on", "second", "thought"],
    &["second", "thoughts"],
    &["changed", "my", "mind"],
    &["or", "rather"],
    &["make", "it"],
    &["make", "that"],
    &["change", "it", "to"],
    &["change", "that", "to"],
    &["switch", "to"],
    &["correction"],
    &["oops"],
    &["my", "bad"],
    &["my", "mistake"],
    &["nvm"],
    &["never", "mind"],
    &["nevermind"],
    &["lets", "do"],
    &["lets", "say"],
    &["no"],
    &["nope"],
    &["nah"],
    &["wait"],
];

/// Words between a "not" and what it denies.
const BETWEEN: &[&str] = &[
    "a", "an", "the", "on", "in", "at", "for", "my", "another", "any", "to", "really", "it", "this", "that",
    "do", "need", "want", "looking", "be", "been", "about", "with",
];

impl<'t> Reading<'t> {
    /// Tokens of the text, nothing claimed yet.
    pub fn new(text: &'t str) -> Self {
        let tokens = tokens(text);
        let mut reading = Self {
            text,
            claims: vec![None; tokens.len()],
            segments: vec![0; tokens.len()],
            stances: stances(&tokens),
            day_first: false,
            tokens,
        };
        reading.find_corrections();
        reading
    }

    fn find_corrections(&mut self) {
        let (mut i, mut segment) = (0, 0);
        while i < self.tokens.len() {
            let length = CORRECTIONS
                .iter()
                .filter(|phrase| self.says(i, phrase))
                .map(|phrase| phrase.len())
                .max()
                .unwrap_or(0);
            let next = norm(&self.tokens, i + length);
            let alone =
                i + length >= self.tokens.len() || self.tokens.get(i + length).is_some_and(Token::is_break);
            // "no" alone, before a comma: not "no later than"; "actually also" adds; "make it quick" is no correction, but does
            // no harm; "make it" ends "can make it".
            let single = matches!(self.norm(i), "no" | "nope" | "nah" | "wait") && length == 1;
            let holds = length > 0
                && (!single || alone || self.tokens.get(i + 1).is_some_and(|t| t.is_sign("-")))
                && !matches!(next, "also" | "and" | "too" | "for")
                && !(self.norm(i) == "make"
                    && i > 0
                    && matches!(self.norm(i - 1), "can" | "cant" | "to" | "could" | "not"));
            if holds {
                segment += 1;
                self.claim(i..i + length, Claim::Manner);
            }
            for j in i..(i + length.max(1)).min(self.tokens.len()) {
                if let Some(slot) = self.segments.get_mut(j) {
                    *slot = segment;
                }
            }
            i += length.max(1);
        }
    }

    /// The folded word at `i`.
    pub fn norm(&self, i: usize) -> &str {
        norm(&self.tokens, i)
    }

    /// Whether these words, one after the other, stand at `i`.
    pub fn says(&self, i: usize, words: &[&str]) -> bool {
        !words.is_empty() && words.iter().enumerate().all(|(k, word)| self.norm(i + k) == *word)
    }

    /// Whether these words stand at `i`, typing errors forgiven.
    pub fn about_says(&self, i: usize, words: &[&str]) -> bool {
        !words.is_empty() && words.iter().enumerate().all(|(k, word)| is_slip(self.norm(i + k), word))
    }

    /// The length of the longest of these phrases at `i`, typing errors forgiven.
    pub fn longest(&self, i: usize, phrases: &[&[&str]]) -> Option<usize> {
        phrases.iter().filter(|p| self.about_says(i, p)).map(|p| p.len()).max()
    }

    /// Takes tokens for a fact.
    pub fn claim(&mut self, range: Range<usize>, what: Claim) {
        for i in range {
            if let Some(slot) = self.claims.get_mut(i) {
                *slot = Some(what);
            }
        }
    }

    /// What a token was taken for.
    pub fn claimed(&self, i: usize) -> Option<Claim> {
        self.claims.get(i).copied().flatten()
    }

    /// Whether a token exists and is not taken.
    pub fn is_free(&self, i: usize) -> bool {
        self.claims.get(i).is_some_and(Option::is_none)
    }

    /// How many corrections stand before a token: of two facts, the one with the larger number holds.
    pub fn segment(&self, i: usize) -> usize {
        self.segments.get(i).copied().unwrap_or(0)
    }

    /// Whether a token is asked for, or only told of.
    pub fn stance(&self, i: usize) -> Stance {
        self.stances.get(i).copied().unwrap_or_default()
    }

    /// Whether the text denies what ends before `end` ("the 25th doesn't work", "the photographer is already booked").
    pub fn is_dismissed(&self, end: usize) -> bool {
        const OUT: &[&[&str]] = &[
            &["doesnt", "work"],
            &["wont", "work"],
            &["didnt", "work"],
            &["does", "not", "work"],
            &["doesnt", "suit"],
            &["isnt", "possible"],
            &["isnt", "good"],
            &["is", "not", "possible"],
            &["is", "no", "good"],
            &["is", "out"],
            &["is", "bad"],
            &["is", "taken"],
            &["is", "full"],
            &["is", "impossible"],
            &["is", "already"],
            &["is", "sorted"],
            &["is", "booked"],
            &["i", "cant"],
            &["we", "cant"],
            &["wont", "do"],
            &["im", "away"],
            &["im", "busy"],
            &["i", "work"],
            &["im", "working"],
            &["is", "impossible"],
        ];
        OUT.iter().any(|words| self.says(end, words))
    }

    /// Whether the text denies what begins at `i` ("not a haircut", "anything but Saturday").
    pub fn is_denied(&self, i: usize) -> bool {
        let mut k = i;
        for _ in 0..5 {
            let Some(before) = k.checked_sub(1) else { return false };
            let word = self.norm(before);
            let pair = before.checked_sub(1).map_or("", |b| self.norm(b));
            if matches!(
                word,
                "not"
                    | "except"
                    | "isnt"
                    | "arent"
                    | "dont"
                    | "without"
                    | "cant"
                    | "wont"
                    | "never"
                    | "doesnt"
                    | "scrap"
                    | "skip"
            ) || (matches!(word, "forget" | "cancel" | "drop")
                && !matches!(pair, "dont" | "not" | "to" | "please"))
                || matches!(
                    (pair, word),
                    ("instead" | "instad", "of")
                        | ("rather", "than")
                        | ("anything", "but")
                        | ("no", "longer")
                )
            {
                return true;
            }
            if !BETWEEN.contains(&word) {
                return false;
            }
            k = before;
        }
        false
    }

    /// The user's words from one token to another.
    pub fn words(&self, range: Range<usize>) -> &'t str {
        slice(self.text, &self.tokens, range)
    }

    /// Whether the token at `i` is a word.
    pub fn is_word(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|token| token.kind == Kind::Word)
    }

    /// Whether the token at `i` is this sign.
    pub fn is_sign(&self, i: usize, sign: &str) -> bool {
        self.tokens.get(i).is_some_and(|token| token.is_sign(sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_begins_a_new_segment() {
        let reading = Reading::new("Saturday, no wait, Sunday");
        assert_eq!((reading.segment(0), reading.segment(5)), (0, 1));
        let reading = Reading::new("no later than Sunday");
        assert_eq!(reading.segment(3), 0);
    }

    #[test]
    fn what_is_denied() {
        let reading = Reading::new("not a haircut, a beard trim");
        assert!(reading.is_denied(2));
        assert!(!reading.is_denied(5));
    }
}
