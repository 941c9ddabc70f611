//! The user's first name.

use super::reading::{Claim, Reading};
use super::words::{Token, is_common};

const LEADS: &[(&[&str], bool)] = &[
    (&["my", "name", "is"], true),
    (&["my", "names"], true),
    (&["my", "name's"], true),
    (&["the", "names"], true),
    (&["name", "is"], true),
    (&["the", "name", "is"], true),
    (&["call", "me"], true),
    (&["its"], false),
    (&["im"], false),
    (&["i", "am"], false),
    (&["this", "is"], false),
    (&["name"], false),
];

/// What "I'm …" says that is no name.
const NOT_NAMES: &[&str] = &[
    "proxie",
    "brooklyn",
    "here",
    "new",
    "sorry",
    "sure",
    "currently",
    "ready",
    "free",
    "based",
    "not",
    "a",
    "an",
    "the",
    "in",
    "at",
    "ok",
    "okay",
    "saturday",
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "flexible",
    "tomorrow",
    "pregnant",
    "available",
    "interested",
    "renovating",
    "hosting",
    "hoping",
    "moving",
    "thinking",
    "selling",
    "tired",
    "desperate",
    "stuck",
    "also",
    "near",
    "from",
    "back",
    "so",
    "very",
    "allergic",
    "curious",
    "good",
    "fine",
    "great",
    "asap",
    "urgent",
    "getting",
    "having",
    "vegan",
    "engaged",
    "locked",
    "broke",
    "budget",
];

/// The first name the user gives, if any; its tokens are claimed.
pub fn find(reading: &mut Reading) -> Option<String> {
    let (lead, at) = introduced(reading).or_else(|| signed(reading))?;
    let name = clean(&reading.tokens.get(at)?.text);
    reading.claim(lead..at + 1, Claim::Name);
    // A family name behind it.
    if reading
        .tokens
        .get(at + 1)
        .is_some_and(|t| t.capital() && !is_common(&t.norm) && t.text.chars().skip(1).all(char::is_lowercase))
        && reading.is_word(at + 1)
    {
        reading.claim(at + 1..at + 2, Claim::Name);
    }
    Some(name)
}

fn introduced(reading: &Reading) -> Option<(usize, usize)> {
    (0..reading.tokens.len()).find_map(|i| {
        let (words, sure) =
            LEADS.iter().filter(|(words, _)| reading.says(i, words)).max_by_key(|(words, _)| words.len())?;
        let at = i + words.len() + usize::from(reading.is_sign(i + words.len(), ":"));
        let token = reading.tokens.get(at)?;
        let ends = reading.tokens.get(at + 1).is_none_or(|next| {
            next.is_break()
                || matches!(
                    next.norm.as_str(),
                    "and"
                        | "from"
                        | "here"
                        | "i"
                        | "im"
                        | "looking"
                        | "btw"
                        | "by"
                        | "i'm"
                        | "need"
                        | "my"
                        | "we"
                )
        });
        let family = reading.tokens.get(at + 1).is_some_and(Token::capital);
        let fits = reading.is_word(at)
            && token.norm.len() > 1
            && !NOT_NAMES.contains(&token.norm.as_str())
            && !token.norm.ends_with("ing")
            && !token.norm.ends_with("ed")
            && !super::services::is_vocabulary(&token.norm);
        let mild = words.len() == 1 && matches!(words.first(), Some(&"its" | &"name"));
        let holds = match (sure, token.capital()) {
            (true, _) => true,
            (false, true) => {
                (ends || family)
                    && !is_common(&token.norm)
                    && !(mild && super::places::zone_of(&token.norm).is_some())
            }
            (false, false) => {
                ends && !mild
                    && !is_common(&token.norm)
                    && super::places::zone_of(&token.norm).is_none()
                    && (i == 0 || is_greeting(reading, i))
            }
        };
        (fits && holds).then_some((i, at))
    })
}

/// Whether only a greeting stands before `i`.
fn is_greeting(reading: &Reading, i: usize) -> bool {
    (0..i).all(|k| {
        !reading.is_word(k)
            || matches!(
                reading.norm(k),
                "hi" | "hello" | "hey" | "there" | "good" | "morning" | "evening" | "afternoon" | "yo"
            )
    }) || reading.tokens.get(i - 1).is_some_and(Token::is_break)
}

/// "Tom here", and a name under a letter ("Thanks, Maria").
fn signed(reading: &Reading) -> Option<(usize, usize)> {
    let last = reading.tokens.len().checked_sub(1)?;
    let last = if reading.tokens.get(last).is_some_and(Token::is_stop) { last.checked_sub(1)? } else { last };
    let name = |at: usize| {
        reading.tokens.get(at).is_some_and(|t| {
            t.capital()
                && t.text.chars().skip(1).all(char::is_lowercase)
                && t.norm.len() > 2
                && !is_common(&t.norm)
                && !NOT_NAMES.contains(&t.norm.as_str())
                && !super::services::is_vocabulary(&t.norm)
                && super::places::zone_of(&t.norm).is_none()
        })
    };
    let here = (0..last)
        .find(|k| name(*k) && reading.norm(k + 1) == "here" && (*k == 0 || is_greeting(reading, *k)));
    if let Some(at) = here {
        return Some((at, at));
    }
    let thanks = last.checked_sub(2).is_some_and(|k| {
        reading.is_sign(k + 1, ",") || reading.is_sign(k + 1, "\n") || reading.is_sign(k + 1, "-")
    }) && (last.saturating_sub(5)..last)
        .any(|k| matches!(reading.norm(k), "thanks" | "thank" | "regards" | "cheers" | "best" | "thx"));
    (thanks && name(last)).then_some((last, last))
}

fn clean(word: &str) -> String {
    let mut letters = word.strip_suffix("'s").unwrap_or(word).chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_only_looks_like_one() {
        for (text, name) in [
            ("Hi, I'm Anna and I need a haircut", Some("Anna")),
            ("my name is tom", Some("Tom")),
            ("This is Maria, my sink leaks", Some("Maria")),
            ("Tom here. Clogged toilet!", Some("Tom")),
            ("hi im sara, need braids", Some("Sara")),
            ("Need a cleaner on Friday. Thanks, Julia", Some("Julia")),
            ("I'm looking for a barber", None),
            ("I'm in Brooklyn", None),
            ("I'm flexible", None),
            ("this is urgent", None),
            ("I'm getting married", None),
            ("it's Saturday", None),
        ] {
            assert_eq!(find(&mut Reading::new(text)).as_deref(), name, "{text}");
        }
    }
}
