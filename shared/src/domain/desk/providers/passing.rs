//! A lead is passed at once, and only by the person's own words: what a listing asks for never does it.

/// Words that pass a lead.
const WORDS: &[&str] = &[
    "pass",
    "passing",
    "skip",
    "skipping",
    "decline",
    "declining",
    "reject",
    "refuse",
    "dismiss",
    "ignore",
    "uninterested",
];
/// Phrases that pass a lead.
const PHRASES: &[&str] = &[
    "not interested",
    "no interest",
    "no thanks",
    "no thank you",
    "not for me",
    "not this one",
    "not that one",
    "turn it down",
    "turn this down",
    "turn that down",
    "turn them down",
    "turn down",
    "dont want",
    "do not want",
    "cant do",
    "cannot do",
    "cant take",
    "cannot take",
    "wont take",
    "leave it",
    "drop it",
    "let it go",
];
/// Before one of the words they say the opposite.
const NEGATIONS: &[&str] =
    &["dont", "not", "never", "wont", "didnt", "wouldnt", "shouldnt", "cant", "cannot"];
/// How far before a word its negation stands.
const NEAR: usize = 2;
/// Who asks about it does not say it.
const QUESTIONS: &[&str] = &["should i", "shall i", "what if", "what happens", "why"];

/// Whether a message says that a lead is passed.
pub(super) fn is_said(text: &str) -> bool {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '`'))
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let said: Vec<&str> = plain.split_whitespace().collect();
    let has = |phrase: &&str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        said.windows(phrase.len()).any(|some| some == phrase)
    };
    if QUESTIONS.iter().any(&has) {
        return false;
    }
    let is_denied = |at: usize| said[at.saturating_sub(NEAR)..at].iter().any(|word| NEGATIONS.contains(word));
    let mut words = said.iter().enumerate().filter(|(_, word)| WORDS.contains(word));
    PHRASES.iter().any(has) || words.any(|(at, _)| !is_denied(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_passed_in_many_words() {
        for said in [
            "Pass.",
            "I'll pass on this one",
            "skip it",
            "Please decline the cleaning lead",
            "not interested, sorry",
            "No thanks!",
            "I don’t want that one",
            "can't take it this week",
            "turn it down",
        ] {
            assert!(is_said(said), "{said}");
        }
    }

    #[test]
    fn what_says_something_else_passes_nothing() {
        for said in [
            "",
            "Show me my leads",
            "tell me more about the first lead",
            "don't pass on it",
            "please do not skip this",
            "I would never decline that",
            "Should I pass on it?",
            "what happens if I skip it?",
            "send them my passport",
            "offer $80 for it",
        ] {
            assert!(!is_said(said), "{said}");
        }
    }
}
