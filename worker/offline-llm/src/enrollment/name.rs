//! The name of a business in a message: given, turned round ("Tight Pipes is my company"), or corrected.

use std::sync::LazyLock;

use crate::concierge::market::between_quotes;
use crate::concierge::places;
use crate::concierge::reading::Reading;
use crate::concierge::vocabulary::VOCABULARY;
use crate::concierge::words::{fold, is_slip};
use crate::talk::Scene;

/// What somebody calls a business.
const FIRMS: &[&str] = &[
    "business",
    "company",
    "salon",
    "shop",
    "barbershop",
    "studio",
    "firm",
    "agency",
    "brand",
    "team",
    "place",
];

/// Ways to name a business, `{}` standing for one of [`FIRMS`].
const NAMINGS: &[&str] = &[
    "{} is called ",
    "{} called ",
    "{}, called ",
    "{} name is ",
    "{} name: ",
    "{} name to ",
    "{}'s name is ",
    "{}’s name is ",
    "name of my {} is ",
    "name of our {} is ",
    "name of the {} is ",
    "name of my {} to ",
    "call the {} ",
    "call my {} ",
    "call our {} ",
];

/// Words that a name stands behind.
static LEADS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of_firms = FIRMS.iter().flat_map(|firm| NAMINGS.iter().map(|naming| naming.replace("{}", firm)));
    of_firms.chain(PLAIN_LEADS.iter().map(|lead| (*lead).to_owned())).collect()
});

/// The same without a word for the business.
const PLAIN_LEADS: &[&str] = &[
    "we're called ",
    "we’re called ",
    "we are called ",
    "we call it ",
    "we call ourselves ",
    "i call it ",
    "i call myself ",
    "it's called ",
    "it’s called ",
    "its called ",
    "it is called ",
    "is called ",
    "is named ",
    "under the name ",
    "under the name of ",
    "trade as ",
    "trading as ",
    "doing business as ",
    "known as ",
    "goes by ",
    "go by ",
    "operate as ",
    "call it ",
    "change the name to ",
    "change it to ",
    "rename it to ",
    "name should be ",
];

/// The same, where it may also be said what somebody does: only a name with a capital counts.
const MILD: &[&str] = &[
    "my business is ",
    "my company is ",
    "our business is ",
    "our company is ",
    "the business is ",
    "business: ",
];

/// What stands behind a name that comes first.
const BEHIND: &[&str] = &[
    " is the name of ",
    " is what my business is called",
    " is what we're called",
    " is what we are called",
    " is my business",
    " is our business",
    " is my company",
    " is our company",
    " is the business name",
    " is my business name",
    " is the name",
];

/// Words that a correction of the name stands behind.
const CORRECTS: &[&str] = &[
    "i meant ",
    "i mean ",
    "meant ",
    "it's ",
    "it’s ",
    "its ",
    "it is ",
    "should be ",
    "should read ",
    "should say ",
    "is spelled ",
    "spell it ",
    "spelled ",
    "written ",
    "but ",
    "rather ",
    "correct name is ",
    "right name is ",
    "name is ",
    "actually ",
    "no, ",
];

/// Words that a new name stands behind, where the message says that the name has changed.
const RENAMES: &[&str] = &[
    "we're ", "we’re ", "we are ", "i'm ", "i’m ", "i am ", "it's ", "it’s ", "it is ", "is ", "to ", "as ",
    "now ",
];

/// Words that begin a sentence and no name.
const SPEAKS: &[&str] = &["hi", "hello", "hey", "dear", "good", "i", "im", "we", "were", "its", "my", "our"];

/// Words before a name that was asked for.
const WHOLE: &[&str] = &[
    "it's ",
    "it’s ",
    "its ",
    "it is ",
    "that's ",
    "that is ",
    "call me ",
    "just ",
    "i'm ",
    "i am ",
    "we're ",
    "we are ",
    "my name is ",
    "the name is ",
    "name is ",
    "name: ",
    "called ",
    "they call me ",
];

/// Words that end a name.
const ENDS: &[&str] = &[
    "in", "from", "based", "located", "where", "which", "with", "without", "since", "but", "because", "near",
    "i", "i'm", "we", "we're", "instead", "please", "not", "now", "i’m", "we’re", "w/", "is", "are",
];

/// Words behind an "and" that is no part of a name.
const GO_ON: &[&str] = &[
    "i", "i'm", "i’m", "im", "i've", "i’ve", "we", "we're", "we’re", "my", "our", "it", "it's", "am", "have",
    "offer", "do", "work", "charge", "based", "located", "in", "the", "live", "can", "clean", "fix",
    "install", "serve",
];

/// The name that a message gives; `known` is the one there is.
pub fn find(scene: &Scene, known: Option<&str>) -> Option<String> {
    let text = scene.said.text;
    let lower = text.to_lowercase();
    // What folding makes longer or shorter cannot be cut at the same place.
    if lower.len() != text.len() {
        return None;
    }
    behind(text, &lower, LEADS.iter().map(String::as_str))
        .and_then(|rest| cut(rest, false))
        .or_else(|| behind(text, &lower, MILD.iter().copied()).and_then(|rest| cut(rest, true)))
        .or_else(|| before(text, &lower))
        .or_else(|| renamed(scene, text, &lower))
        .or_else(|| set_apart(text).filter(|_| known.is_none()))
        .or_else(|| known.and_then(|known| corrected(text, &lower, known)))
}

/// What stands behind the first of some words; behind the longest, where several end in each other.
fn behind<'t, 'l>(text: &'t str, lower: &str, leads: impl Iterator<Item = &'l str>) -> Option<&'t str> {
    let ends = leads.filter_map(|lead| {
        let at = lower.find(lead)?;
        let whole = at == 0 || !lower.get(..at)?.ends_with(char::is_alphanumeric);
        whole.then_some(at + lead.len())
    });
    // "Is called" also stands in "my business is called": it ends at the same place.
    text.get(ends.min()?..)
}

/// The name at the beginning of a text.
fn cut(rest: &str, capital: bool) -> Option<String> {
    let rest = rest.trim_start();
    if rest.starts_with(['"', '“', '\'']) {
        return between_quotes(rest).or_else(|| {
            rest.trim_matches(['"', '“', '”', '\'']).split(['\'', '"', '”']).next().map(str::to_owned)
        });
    }
    let end = rest.find([',', '!', '?', ';', '\n', '(', '—', '–']).unwrap_or(rest.len());
    let end = rest.find(". ").map_or(end, |stop| stop.min(end));
    let end = rest.find(" - ").map_or(end, |stop| stop.min(end));
    let mut words: Vec<&str> = Vec::new();
    let all: Vec<&str> = rest.get(..end)?.split_whitespace().collect();
    for (at, word) in all.iter().enumerate() {
        let next = all.get(at + 1).map(|next| next.to_lowercase()).unwrap_or_default();
        let closes = at + 1 == all.len() && matches!(*word, "actually" | "sorry" | "thanks" | "though");
        let stops = closes
            || ENDS.contains(word)
            || *word == "I"
            || (*word == "and" && GO_ON.contains(&next.as_str()));
        if stops && at > 0 {
            break;
        }
        words.push(word);
    }
    let name = words.join(" ");
    let name = name.trim_matches(['.', '"', '“', '”', ':', ' ']);
    let named = name.chars().next().is_some_and(|first| first.is_uppercase() || first.is_ascii_digit());
    let small = ENDS.contains(&name) || ENDS.contains(&words.first().copied().unwrap_or_default());
    let fits = !name.is_empty() && name.len() <= 200 && words.len() <= 8 && (named || !capital && !small);
    fits.then(|| name.to_owned())
}

/// "…, Tight Pipes is the name of my business".
fn before(text: &str, lower: &str) -> Option<String> {
    let at = BEHIND.iter().filter_map(|mark| lower.find(mark)).min()?;
    let head = text.get(..at)?;
    let begin = head.rfind([',', '.', '!', '?', ';', ':', '\n']).map_or(0, |stop| stop + 1);
    let words: Vec<&str> = head.get(begin..)?.split_whitespace().collect();
    // From the end as far as there are names: "and Tight Pipes", "my brand Tight Pipes".
    let is_name = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '&');
    let joins = |word: &str| matches!(word, "and" | "of" | "the" | "by" | "for" | "n" | "de" | "la");
    let mut from = words.len();
    for at in (0..words.len()).rev() {
        let word = words.get(at)?;
        if is_name(word) {
            from = at;
        } else if !joins(word) {
            break;
        }
    }
    let name = words.get(from..)?.join(" ");
    let said = matches!(name.to_lowercase().as_str(), "" | "it" | "this" | "that" | "here" | "what");
    (!said).then(|| name.trim_matches(['"', '“', '”']).to_owned())
}

/// "The name has changed, we're Bright Homes now": the first name with a capital behind such words.
fn renamed(scene: &Scene, text: &str, lower: &str) -> Option<String> {
    if !scene.says(&["name .. changed|changes|different", "new|changed|change .. name", "renamed|rebranded"])
    {
        return None;
    }
    let mut ends: Vec<usize> = RENAMES
        .iter()
        .flat_map(|mark| lower.match_indices(mark).map(|(at, found)| (at, at + found.len())))
        .filter(|(at, _)| !lower.get(..*at).is_some_and(|head| head.ends_with(char::is_alphanumeric)))
        .map(|(_, end)| end)
        .collect();
    ends.sort_unstable();
    ends.into_iter().find_map(|end| cut(text.get(end..)?, true).filter(|name| name != "I"))
}

/// "Tight Pipes, we're in Queens": a clause of names only, which the person goes on to speak about.
fn set_apart(text: &str) -> Option<String> {
    text.split(['.', '!', '?', ';', '\n']).find_map(|sentence| {
        let (head, tail) = sentence.split_once(',')?;
        let next = tail.split_whitespace().next()?.to_lowercase();
        let goes_on =
            matches!(next.as_str(), "we" | "we're" | "we’re" | "i" | "i'm" | "i’m" | "my" | "our" | "based");
        let words: Vec<&str> = head.split_whitespace().collect();
        let joins = |word: &str| matches!(word, "&" | "and" | "of" | "the" | "by" | "for");
        let named = words.iter().all(|word| joins(word) || word.starts_with(char::is_uppercase));
        let speaks = words.first().is_some_and(|word| SPEAKS.contains(&fold(word).as_str()));
        let is_place = !places::find(&mut Reading::new(head)).is_empty();
        (goes_on && named && !speaks && !is_place && (2..=6).contains(&words.len())).then(|| words.join(" "))
    })
}

/// "Sorry, I meant Clean Queens, with an s": something much like the name there is.
fn corrected(text: &str, lower: &str, known: &str) -> Option<String> {
    let mut marks: Vec<usize> = CORRECTS
        .iter()
        .flat_map(|mark| lower.match_indices(mark).map(|(at, found)| at + found.len()))
        .collect();
    marks.push(0);
    marks.sort_unstable();
    let known = fold(known);
    marks.into_iter().rev().find_map(|at| {
        let name = cut(text.get(at..)?, true)?;
        let folded = fold(&name);
        (folded != known && is_like(&folded, &known)).then_some(name)
    })
}

/// Whether two names share a word that says something, or are nearly spelled alike.
fn is_like(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (ones, others) = (words(one), words(other));
    let same = |a: &String, b: &String| a == b || is_slip(a, b) || is_slip(b, a);
    let shared = ones.iter().filter(|a| a.len() > 2 && others.iter().any(|b| same(a, b))).count();
    let squeezed = |words: &[String]| words.concat();
    shared > 0 && ones.len() <= others.len() + 2 || squeezed(&ones) == squeezed(&others)
}

/// A short answer to the question for the name.
pub fn whole(scene: &Scene) -> Option<String> {
    let text = scene.said.text;
    if let Some(quoted) = between_quotes(text) {
        return Some(quoted);
    }
    let chat = scene.says(&[
        "only|sorry|no|not|remove",
        "< no|yes|skip|later|what|why|how|hello|hi|dont",
        "< ?im ?ill ?lets submit|finish|done|next|continue|go",
    ]) || text.contains('?')
        || scene.said.hours.is_some()
        || scene.said.cents.is_some();
    let bare = text.trim().trim_end_matches(['.', '!']);
    // "My business is cleaning homes" says what somebody does.
    let lower = bare.to_lowercase();
    let mild = MILD.iter().find(|lead| lower.starts_with(**lead)).and_then(|lead| lower.get(lead.len()..));
    let trade =
        |rest: &str| rest.split_whitespace().any(|word| ENDS.contains(&word) || VOCABULARY.knows(word));
    if mild.is_some_and(trade) {
        return None;
    }
    let lead = MILD.iter().chain(WHOLE).find(|lead| lower.starts_with(**lead));
    let name = bare.get(lead.map_or(0, |lead| lead.len())..)?.split([',', ';', '\n']).next()?.trim();
    // "Haircuts" is no name, "Haircuts by Ann" may be one.
    let small = name.chars().next().is_some_and(char::is_lowercase);
    let trade = small && name.split_whitespace().all(|word| VOCABULARY.knows(&word.to_lowercase()));
    (!chat && !trade && !name.is_empty() && name.split_whitespace().count() <= 5).then(|| name.to_owned())
}
