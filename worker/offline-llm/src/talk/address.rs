//! The address and the instructions of a message.

use crate::concierge::reading::Reading;
use crate::concierge::words::{Kind, Token};

const STREETS: &[&str] = &[
    "st",
    "street",
    "ave",
    "avenue",
    "av",
    "road",
    "rd",
    "lane",
    "ln",
    "blvd",
    "boulevard",
    "drive",
    "dr",
    "way",
    "place",
    "pl",
    "court",
    "ct",
    "terrace",
    "broadway",
    "square",
    "sq",
    "parkway",
    "pkwy",
    "highway",
    "hwy",
    "row",
    "close",
    "walk",
    "path",
    "alley",
    "circle",
    "crescent",
    "plaza",
    "loop",
    "trail",
    "heights",
    "mews",
    "grove",
    "gardens",
];

/// The street address in a message: a house number, a street, and what follows it up to the end of the sentence.
pub fn find(text: &str) -> Option<String> {
    let reading = Reading::new(text);
    let tokens = &reading.tokens;
    let begin = (0..tokens.len()).find(|i| {
        let number = tokens
            .get(*i)
            .is_some_and(|t| t.kind == Kind::Number && t.text.len() <= 5 && !t.text.contains('.'));
        let money = i
            .checked_sub(1)
            .is_some_and(|k| reading.is_sign(k, "$") || reading.is_sign(k, "€") || reading.is_sign(k, "£"));
        number && !money && street(&reading, *i)
    })?;
    let mut end = begin;
    while let Some(token) = tokens.get(end) {
        let more = matches!(
            reading.norm(end + 1),
            "and" | "please" | "the" | "my" | "ring" | "buzz" | "call" | "thanks" | "at" | "on"
        );
        let abbreviated = token.is_sign(".")
            && end > begin
            && STREETS.contains(&reading.norm(end - 1))
            && tokens.get(end + 1).is_some();
        if (token.is_stop() && !abbreviated)
            || (token.is_sign(",") && more)
            || token.is_sign("(")
            || token.is_sign("—")
        {
            break;
        }
        if end > begin
            && matches!(token.norm.as_str(), "and" | "please" | "thanks" | "but" | "for" | "on" | "at" | "if")
        {
            break;
        }
        end += 1;
    }
    let found = reading.words(begin..end).trim_end_matches([',', ' ']);
    (!found.is_empty()).then(|| found.to_owned())
}

fn street(reading: &Reading, number: usize) -> bool {
    let word = |i: usize| reading.tokens.get(i).filter(|token: &&Token| token.kind != Kind::Sign);
    (number + 1..number + 5).take_while(|i| word(*i).is_some()).any(|i| {
        STREETS.contains(&reading.norm(i)) && i > number + usize::from(reading.norm(i) != "broadway")
    })
}

/// An address that is the whole answer to the question for it.
pub fn whole(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "my address is",
        "the address is",
        "address is",
        "address:",
        "it's",
        "its",
        "it is",
        "i'm at",
        "we're at",
        "at",
        "to",
        "sure,",
        "yes,",
        "ok,",
    ];
    find(text).or_else(|| {
        let first = text.split(['\n', ';']).next().unwrap_or_default().trim();
        let lower = first.to_lowercase();
        let lead =
            LEADS.iter().filter(|lead| lower.starts_with(**lead)).map(|lead| lead.len()).max().unwrap_or(0);
        let rest = first.get(lead..).unwrap_or_default().trim().trim_end_matches(['.', '!']);
        let place = rest.chars().any(|c| c.is_ascii_digit())
            && rest.chars().any(char::is_alphabetic)
            && !first.contains('?');
        place.then(|| rest.to_owned())
    })
}

/// How to get in: the sentences that speak of bells, codes, keys and the like.
pub fn instructions(text: &str) -> Option<String> {
    const WORDS: &[&str] = &[
        "ring",
        "buzz",
        "buzzer",
        "bell",
        "doorbell",
        "code",
        "gate",
        "key",
        "keys",
        "entrance",
        "door",
        "dog",
        "park",
        "parking",
        "doorman",
        "concierge",
        "knock",
        "lockbox",
        "upstairs",
        "downstairs",
        "backyard",
    ];
    let sentences = text.split_inclusive(['.', '!', ';', '\n']).flat_map(|sentence| sentence.split(", "));
    let found: Vec<&str> = sentences
        .map(|sentence| sentence.trim().trim_end_matches(['.', ';']).trim_start_matches("and ").trim())
        .filter(|sentence| {
            let reading = Reading::new(sentence);
            (0..reading.tokens.len()).any(|i| WORDS.contains(&reading.norm(i)))
        })
        .collect();
    (!found.is_empty()).then(|| found.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected) in [
            (
                "Take Maria's, my address is 12 Bergen St, Apt 4B, Brooklyn. Ring twice.",
                Some("12 Bergen St, Apt 4B, Brooklyn"),
            ),
            ("come to 350 5th Avenue and call me", Some("350 5th Avenue")),
            ("accept the $80 offer on Saturday at 10", None),
            ("Saturday at 10, 45 Grove St please", Some("45 Grove St")),
        ] {
            assert_eq!(find(text).as_deref(), expected, "{text}");
        }
        assert_eq!(whole("It's Hauptplatz 5").as_deref(), Some("Hauptplatz 5"));
        assert_eq!(
            instructions("12 Main St. The door code is 44, and ring twice.").as_deref(),
            Some("The door code is 44; ring twice")
        );
    }
}
