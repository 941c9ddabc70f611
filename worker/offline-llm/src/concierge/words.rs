//! Text as tokens: words, numbers and signs, with their places in the text, plus the tolerance for typing errors.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with apostrophes inside (`don't`).
    Word,
    /// Digits, with points and commas between them (`1,200`, `1.5`).
    Number,
    /// Any other single character that is not white space, and the line break.
    Sign,
}

/// One word, number or sign.
#[derive(Debug, Clone)]
pub struct Token {
    /// What it is made of.
    pub kind: Kind,
    /// As written.
    pub text: String,
    /// Lower case, without accents, apostrophes and a possessive `'s`.
    pub norm: String,
    /// The Porter stem of `norm`.
    pub stem: String,
    /// Bytes of the text it stands for.
    pub bytes: Range<usize>,
    /// No white space between it and the token before.
    pub glued: bool,
}

impl Token {
    /// Whether it starts with a capital letter.
    pub fn capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is this sign.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// Whether a sentence ends here.
    pub fn is_stop(&self) -> bool {
        self.kind == Kind::Sign && matches!(self.text.as_str(), "." | "!" | "?" | ";" | "\n")
    }

    /// Whether a clause ends here.
    pub fn is_break(&self) -> bool {
        self.is_stop()
            || (self.kind == Kind::Sign && matches!(self.text.as_str(), "," | "(" | ")" | ":" | "—"))
    }
}

/// Lower case, without accents and apostrophes.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’' | '‘' | '`'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn normal(word: &str) -> String {
    let bare = word.replace(['’', '‘', '`'], "'");
    let lower = bare.to_lowercase();
    // Folded they would be other words: "wed", "were".
    match lower.as_str() {
        "we'd" => return "wewould".to_owned(),
        "we're" => return "weare".to_owned(),
        _ => {}
    }
    // Not of "it's", "what's": those are verbs.
    let possessive = lower.strip_suffix("'s").filter(|rest| {
        !matches!(
            *rest,
            "it" | "that"
                | "what"
                | "there"
                | "he"
                | "she"
                | "who"
                | "where"
                | "how"
                | "let"
                | "name"
                | "here"
        )
    });
    fold(possessive.unwrap_or(&lower))
}

/// The Porter stem of a folded word.
pub fn stem(word: &str) -> String {
    static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
    ENGLISH.stem(word).into_owned()
}

/// Cuts a text into tokens.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map_or(text.len(), |(byte, _)| *byte);
    let letter = |i: usize| chars.get(i).is_some_and(|(_, c)| c.is_alphabetic());
    let digit = |i: usize| chars.get(i).is_some_and(|(_, c)| c.is_ascii_digit());
    let mut found: Vec<Token> = Vec::new();
    let mut i = 0;
    while let Some((_, c)) = chars.get(i).copied() {
        let begin = i;
        let kind = if c.is_alphabetic() {
            while letter(i)
                || (letter(i + 1)
                    && chars
                        .get(i)
                        .is_some_and(|(_, c)| matches!(c, '\'' | '’' | '‘' | '`') || is_combining_mark(*c)))
            {
                i += 1;
            }
            Kind::Word
        } else if c.is_ascii_digit() {
            while digit(i)
                || (chars.get(i).is_some_and(|(_, c)| matches!(c, '.' | ',')) && digit(i + 1) && i > begin)
            {
                i += 1;
            }
            Kind::Number
        } else {
            i += 1;
            if c.is_whitespace() && c != '\n' {
                continue;
            }
            Kind::Sign
        };
        let bytes = at(begin)..at(i);
        let text = text.get(bytes.clone()).unwrap_or_default().to_owned();
        let norm = normal(&text);
        found.push(Token {
            kind,
            stem: stem(&norm),
            glued: found.last().is_some_and(|last| last.bytes.end == bytes.start),
            norm,
            text,
            bytes,
        });
    }
    found
}

/// Whether this folded word is ordinary English, so neither a place nor a typing error of something else.
pub fn is_common(word: &str) -> bool {
    static COMMON: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| include_str!("../../data/common_words.txt").split_whitespace().collect());
    COMMON.contains(word)
}

/// Whether `written` may be a typing error of `meant`: same first letter, one slip from five letters on, two from eight; in
/// words of four letters only swapped ones. Ordinary words are never errors.
pub fn is_slip(written: &str, meant: &str) -> bool {
    if written == meant {
        return true;
    }
    // Of most pairs this says it all.
    if written.chars().next() != meant.chars().next() {
        return false;
    }
    let (w, m) = (written.chars().count(), meant.chars().count());
    if w.abs_diff(m) > 2 || w.min(m) < 4 || written.chars().any(|c| c.is_ascii_digit()) || is_common(written)
    {
        return false;
    }
    let slips = strsim::osa_distance(written, meant);
    match w.min(m) {
        4 => {
            let sorted = |s: &str| {
                let mut letters: Vec<char> = s.chars().collect();
                letters.sort_unstable();
                letters
            };
            slips == 1 && w == m && sorted(written) == sorted(meant)
        }
        5..=7 => slips <= 1,
        _ => slips <= 2,
    }
}

/// The text between two tokens, both included, in the user's words.
pub fn slice<'t>(text: &'t str, tokens: &[Token], range: Range<usize>) -> &'t str {
    match (tokens.get(range.start), range.end.checked_sub(1).and_then(|last| tokens.get(last))) {
        (Some(first), Some(last)) if first.bytes.start <= last.bytes.end => {
            text.get(first.bytes.start..last.bytes.end).unwrap_or_default().trim()
        }
        _ => "",
    }
}

/// The folded word at `i`, or nothing past the end.
pub fn norm(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |token| token.norm.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_signs() {
        let texts: Vec<String> = tokens("Don't pay $1,200 at 3pm!").into_iter().map(|t| t.text).collect();
        assert_eq!(texts, ["Don't", "pay", "$", "1,200", "at", "3", "pm", "!"]);
        assert_eq!(tokens("Anna's café")[0].norm, "anna");
        assert_eq!(tokens("Anna's café")[1].norm, "cafe");
    }

    #[test]
    fn slips_are_forgiven_in_longer_words_only() {
        for (written, meant) in
            [("brookyln", "brooklyn"), ("hiar", "hair"), ("electrican", "electrician"), ("clogge", "clogged")]
        {
            assert!(is_slip(written, meant), "{written} / {meant}");
        }
        for (written, meant) in [("clear", "clean"), ("hear", "hair"), ("train", "drain"), ("trip", "trim")] {
            assert!(!is_slip(written, meant), "{written} / {meant}");
        }
    }
}
