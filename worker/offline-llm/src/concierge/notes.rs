//! What a message says besides its facts: short clauses in the user's words.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::reading::{Claim, Reading};
use super::words::{Kind, Token};

/// The longest note, in characters.
const LONGEST: usize = 160;

/// Words that carry no wish by themselves.
static FILLER: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../data/filler_words.txt").split_whitespace().collect());
/// Wishes although all their words are common.
const WISHES: &[&[&str]] = &[&["cheap"], &["as", "cheap", "as", "possible"], &["not", "too", "expensive"]];

/// Notes from the tokens that no fact claimed. `parts` are notes that other readers made.
pub fn find(reading: &Reading) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for clause in clauses(reading) {
        let words: Vec<usize> =
            clause.clone().filter(|i| reading.tokens.get(*i).is_some_and(|t| t.kind != Kind::Sign)).collect();
        let facts = words
            .iter()
            .filter(|i| {
                matches!(
                    reading.claimed(**i),
                    Some(Claim::Time | Claim::Money | Claim::Service | Claim::Place | Claim::Name)
                )
            })
            .count();
        let question = reading.is_sign(clause.end, "?");
        if facts == 0 && !question {
            if has_wish(reading, &words) {
                push(&mut notes, reading, trim(reading, clause));
            }
        } else if facts > 0 && !question && describes(reading, &words) {
            push(&mut notes, reading, trim(reading, clause));
        } else if facts > 0 {
            for part in counts(reading, &clause).into_iter().chain(asides(reading, &clause)) {
                push(&mut notes, reading, part);
            }
        }
    }
    notes
}

fn push(notes: &mut Vec<String>, reading: &Reading, range: Range<usize>) {
    let mut note = reading.words(range).replace('\n', " ");
    if note.chars().count() > LONGEST {
        note = note.chars().take(LONGEST).collect::<String>().trim_end().to_owned() + "…";
    }
    if note.chars().count() > 2 && !notes.iter().any(|known| known.contains(&note)) {
        notes.push(note);
    }
}

fn clauses(reading: &Reading) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begin = 0;
    for i in 0..=reading.tokens.len() {
        let ends = reading.tokens.get(i).is_none_or(|t| {
            t.is_break() && !(t.is_sign(":") && reading.tokens.get(i + 1).is_some_and(|n| n.glued))
        });
        let joint = matches!(reading.norm(i), "but" | "plus" | "because" | "since")
            || (reading.norm(i) == "and" && is_clause(reading, i + 1))
            || (reading.is_sign(i, "-") && !reading.tokens.get(i).is_some_and(|t| t.glued));
        if ends || joint {
            if begin < i {
                found.push(begin..i);
            }
            begin = i + usize::from(ends || joint);
        }
    }
    found
}

/// Whether at least two words follow before the clause ends: "steel and wool" is one wish.
fn is_clause(reading: &Reading, at: usize) -> bool {
    (at..at + 2).all(|i| reading.tokens.get(i).is_some_and(|t| !t.is_break()))
}

fn has_wish(reading: &Reading, words: &[usize]) -> bool {
    let begin = words.first().copied().unwrap_or(0);
    if WISHES.iter().any(|wish| words.iter().any(|i| reading.says(*i, wish))) {
        return true;
    }
    let content = words.iter().filter(|i| reading.is_free(**i) && is_content(reading, **i)).count();
    let special = words.iter().any(|i| reading.claimed(*i) == Some(Claim::Specialization));
    if special && content < 2 {
        return false;
    }
    let enough = words.len() > 1 || reading.norm(begin).len() > 6;
    content > 0 && enough
}

/// A clause that names the service and says more about it: "the breaker trips when I run the microwave".
fn describes(reading: &Reading, words: &[usize]) -> bool {
    let begins = words.first().is_some_and(|i| {
        matches!(reading.norm(*i), "the" | "my" | "our" | "its" | "it" | "there" | "theres")
    });
    let only_service = words.iter().all(|i| {
        !matches!(reading.claimed(*i), Some(Claim::Time | Claim::Money | Claim::Place | Claim::Name))
    });
    let content = words.iter().filter(|i| reading.is_free(**i) && is_content(reading, **i)).count();
    only_service && content >= if begins { 1 } else { 2 }
}

fn is_content(reading: &Reading, i: usize) -> bool {
    let token = reading.tokens.get(i);
    token.is_some_and(|t| t.kind != Kind::Sign && !FILLER.contains(t.norm.as_str()))
}

/// A clause without leading and trailing fillers such as "and also please".
fn trim(reading: &Reading, clause: Range<usize>) -> Range<usize> {
    const EDGE: &[&str] = &[
        "and", "also", "please", "but", "so", "oh", "pls", "thanks", "thank", "you", "well", "yes", "ok",
        "hi", "hello", "hey", "that", "because", "btw",
    ];
    let mut range = clause;
    while range.len() > 1
        && (EDGE.contains(&reading.norm(range.start))
            || reading.claimed(range.start) == Some(Claim::Manner)
            || (reading.tokens.get(range.start).is_some_and(|t| t.kind == Kind::Sign && !t.is_sign("$"))))
    {
        range.start += 1;
    }
    while range.len() > 1
        && matches!(
            reading.norm(range.end - 1),
            "please" | "pls" | "thanks" | "and" | "also" | "you" | "thank"
        )
        && reading.norm(range.end - 1) != "your"
    {
        range.end -= 1;
    }
    range
}

/// Words that end a count of things.
const ENDS: &[&str] = &[
    "for", "in", "on", "at", "to", "and", "or", "needs", "need", "that", "with", "is", "are", "who", "near",
    "please", "a", "an", "the", "you", "u", "me", "would", "of", "i",
];

/// Counts of things: "3 bedroom apartment", "two cats", "about 100 guests", a street address.
fn counts(reading: &Reading, clause: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut i = clause.start;
    while i < clause.end {
        let free = |k: usize| {
            k < clause.end
                && matches!(reading.claimed(k), None | Some(Claim::Specialization | Claim::Service))
        };
        let figure = reading.tokens.get(i).is_some_and(|t| t.kind == Kind::Number)
            || super::amounts::small(reading.norm(i)).is_some_and(|n| n > 1);
        if !figure || !reading.is_free(i) {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while free(end)
            && end < i + 8
            && (reading.tokens.get(end).is_some_and(|t| {
                t.is_sign("-") || t.is_sign("/") || t.is_sign("%") || t.is_sign("\"") || t.is_sign("&")
            }) || (reading.is_word(end)
                && !reading.tokens.get(end).is_some_and(|t| ENDS.contains(&t.norm.as_str())))
                || reading.tokens.get(end).is_some_and(|t| t.kind == Kind::Number))
        {
            end += 1;
        }
        if end > i + 1 || reading.tokens.get(i).is_some_and(|t| t.text.len() == 5) {
            found.push(i..end);
        }
        i = end;
    }
    found
}

/// A part of a clause with facts that adds one: after "with", "who", "that", "for my", as long as it holds content of its own.
fn asides(reading: &Reading, clause: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut i = clause.start;
    while i < clause.end {
        let opens = matches!(
            reading.norm(i),
            "with"
                | "who"
                | "that"
                | "without"
                | "for"
                | "under"
                | "behind"
                | "using"
                | "includes"
                | "including"
                | "from"
                | "in"
                | "inside"
        );
        if !opens || !reading.is_free(i) {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < clause.end
            && reading.is_free(end)
            && (end == i + 1 || !matches!(reading.norm(end), "with" | "who" | "without" | "for"))
        {
            end += 1;
        }
        let content = (i + 1..end).filter(|k| is_content(reading, *k)).count();
        let number =
            (i + 1..end).any(|k| reading.tokens.get(k).is_some_and(|t: &Token| t.kind == Kind::Number));
        if content > 0 && !number {
            let from = if matches!(reading.norm(i), "that") { i + 1 } else { i };
            found.push(from..end);
        }
        i = end;
    }
    found
}
