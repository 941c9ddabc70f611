//! What happens at once, without a draft, happens by the person's own words: what a listing or a result asks for never does.

use std::collections::HashSet;

use crate::agent::Refusal;
use crate::model::places::folded;

/// The shortest word that says something.
const SHORTEST: usize = 3;
/// Words of names that many names have.
const IDLE: &[&str] = &["the", "and", "for", "you", "your"];
/// The least figures of a telephone number, and the most of a country's code in front of one.
const PHONE_MIN: usize = 7;
const COUNTRY_MAX: usize = 3;
/// What stands between the figures of a telephone number.
const PHONE_MARKS: &[char] = &[' ', '\u{a0}', '-', '\u{2011}', '–', '(', ')', '.', '+', '/'];
/// What makes clear that something is to be forgotten.
const FORGETTING: &[&str] = &[
    "forget",
    "remove",
    "delete",
    "clear",
    "erase",
    "drop",
    "scrap",
    "no longer",
    "anymore",
    "any more",
    "reset",
    "dont remember",
    "dont keep",
    "stop remembering",
    "stop looking",
];
/// All that is remembered.
const ALL: &[&str] = &[
    "everything",
    "all of it",
    "forget all",
    "memory",
    "memories",
    "preferences",
    "about me",
    "what i like",
    "what you know",
    "what you remember",
];

/// The person's newest message, to be held against what a tool is to change at once.
pub(super) struct Said<'a> {
    message: &'a str,
    words: Vec<String>,
    /// The words between single spaces, with one at both ends.
    line: String,
}

impl<'a> Said<'a> {
    pub fn new(message: &'a str) -> Self {
        let words = words(message);
        let line = format!(" {} ", words.join(" "));
        Self { message, words, line }
    }

    /// Refuses a text that the message does not say: each of its telling words, or all of them if none tells.
    pub fn require(&self, text: &str, what: &str) -> Result<(), Refusal> {
        if self.says(text) { Ok(()) } else { Err(not_said(what)) }
    }

    /// Whether the message says it. The beginning of a word is enough: "mornings" is said by "morning".
    pub fn says(&self, text: &str) -> bool {
        let wanted = words(text);
        let mut telling = wanted.iter().filter(|word| tells(word)).peekable();
        if telling.peek().is_none() {
            return !wanted.is_empty() && self.holds(&wanted.join(" "));
        }
        telling.all(|word| self.says_word(word))
    }

    fn says_word(&self, word: &str) -> bool {
        // The beginning of a number is another number.
        if word.chars().all(|c| c.is_ascii_digit()) {
            return self.words.iter().any(|said| said == word);
        }
        let length = 4.max(word.chars().count().saturating_sub(3));
        let stem: String = word.chars().take(length).collect();
        self.words.iter().any(|said| said.starts_with(&stem))
    }

    /// As [`Self::require`], of a text that takes up words of what stood there: "my last name is Jones now" says "Maya Jones" of
    /// who is Maya already.
    pub fn require_beside(&self, text: &str, stood: Option<&str>, what: &str) -> Result<(), Refusal> {
        let (wanted, stood) = (words(text), words(stood.unwrap_or_default()));
        let new: Vec<&String> = wanted.iter().filter(|word| !stood.contains(word)).collect();
        let is_said = !new.is_empty() && new.iter().all(|word| self.says_word(word));
        if is_said { Ok(()) } else { self.require(text, what) }
    }

    /// Whether the message holds one telling word of a name: people have more of a name than they are called by.
    pub fn names(&self, name: &str) -> bool {
        let name = words(name);
        let tells = |word: &&String| tells(word) && !IDLE.contains(&word.as_str());
        name.iter().filter(tells).any(|word| self.words.contains(word)) || self.holds(&name.join(" "))
    }

    /// Refuses a telephone number whose figures the message does not hold in a row; a country's code in front may be new.
    pub fn require_phone(&self, phone: &str, what: &str) -> Result<(), Refusal> {
        let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let wanted = figures(phone);
        let is_international = phone.trim_start().starts_with('+');
        let most = if is_international { COUNTRY_MAX.min(wanted.len().saturating_sub(PHONE_MIN)) } else { 0 };
        let mut numbers =
            self.message.split(|c: char| !c.is_ascii_digit() && !PHONE_MARKS.contains(&c)).map(figures);
        let is_said = numbers.any(|said| (0..=most).any(|country| said.contains(&wanted[country..])));
        if wanted.len() >= PHONE_MIN && is_said { Ok(()) } else { Err(not_said(what)) }
    }

    /// Refuses an amount whose whole units the message does not name as a number.
    pub fn require_amount(&self, cents: i64, what: &str) -> Result<(), Refusal> {
        let units = (cents / 100).to_string();
        if self.words.contains(&units) { Ok(()) } else { Err(not_said(what)) }
    }

    /// Refuses a list that has more than stood there and was said, or only less without being told to forget it.
    pub fn require_list(
        &self,
        before: &[String],
        now: &[String],
        about: &[&str],
        what: &str,
    ) -> Result<(), Refusal> {
        let set = |list: &[String]| list.iter().map(|one| folded(one)).collect::<HashSet<_>>();
        let (stood, stands) = (set(before), set(now));
        let new: Vec<&String> = now.iter().filter(|one| !stood.contains(&folded(one))).collect();
        for one in &new {
            self.require(one, what)?;
        }
        let mut gone = before.iter().filter(|one| !stands.contains(&folded(one))).peekable();
        if !new.is_empty() || gone.peek().is_none() {
            return Ok(());
        }
        let by_name = gone.all(|one| self.says(one));
        self.require_forgetting(about, by_name, what)
    }

    /// Refuses forgetting of which the message does not speak: it must say so, and what of, by one of these words, by the name of
    /// everything that is to go, or by all that is remembered.
    pub fn require_forgetting(&self, about: &[&str], by_name: bool, what: &str) -> Result<(), Refusal> {
        let forgets = FORGETTING.iter().any(|phrase| self.holds(phrase));
        let speaks_of_it = by_name || about.iter().chain(ALL).any(|word| self.holds(word));
        if forgets && speaks_of_it { Ok(()) } else { Err(not_said(what)) }
    }

    /// Whether the message holds these words, whole and in a row.
    fn holds(&self, phrase: &str) -> bool {
        self.line.contains(&format!(" {phrase} "))
    }
}

/// Whether a word says something; a figure always does.
fn tells(word: &str) -> bool {
    word.chars().count() >= SHORTEST || word.chars().any(|c| c.is_ascii_digit())
}

/// Words and numbers without case, accents and apostrophes, apart from each other: "1,200" is one number, "60ish" a number and a
/// word.
fn words(text: &str) -> Vec<String> {
    let text: Vec<char> = folded(text).chars().filter(|c| !matches!(c, '\'' | '’')).collect();
    let is_figure = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    let groups =
        |at: usize| at > 0 && is_figure(at - 1) && (at + 1..at + 4).all(is_figure) && !is_figure(at + 4);
    let mut kept = String::with_capacity(text.len());
    for (at, c) in text.iter().enumerate().filter(|(at, c)| **c != ',' || !groups(*at)) {
        if at > 0 && text[at - 1].is_alphanumeric() && is_figure(at - 1) != is_figure(at) {
            kept.push(' ');
        }
        kept.push(if c.is_alphanumeric() { *c } else { ' ' });
    }
    kept.split_whitespace().map(str::to_owned).collect()
}

pub(super) fn not_said(what: &str) -> Refusal {
    Refusal::new(
        "not_said",
        format!(
            "The person's newest message does not say so: keep to its words. Before you change {what}, have them say it themselves."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(message: &str, text: &str) -> bool {
        Said::new(message).require(text, "it").is_ok()
    }

    #[test]
    fn every_telling_word_must_be_said() {
        assert!(said("I like mornings best", "mornings"));
        assert!(said("Please call me Zoë O'Neill", "Zoe O'Neill"));
        assert!(said("I'm Li, from NY", "Li"));
        assert!(!said("Show me my offers", "offers CALL 555-SCAM"));
        assert!(!said("Show me my offers", "Li"));
        assert!(!said("Show me my offers", ""));
        assert!(!said("Show me my offers", "--"));
        assert!(!said("Show me my offers", "Offers 55 50"));
        assert!(said("after 6 pm", "after 6pm") && !said("after 60 minutes", "after 6"));
    }

    #[test]
    fn what_is_corrected_takes_up_what_stood_there() {
        let beside = |message: &str, text: &str, stood: &str| {
            Said::new(message).require_beside(text, Some(stood), "it").is_ok()
        };
        assert!(beside("my last name is Jones now", "Maya Jones", "Maya Lind"));
        assert!(!beside("Show me my offers", "Maya", "Maya Lind"));
        assert!(!beside("Show me my offers", "Maya Scam", "Maya Lind"));
    }

    #[test]
    fn a_number_is_compared_by_its_figures() {
        let phone = |message: &str, phone: &str| Said::new(message).require_phone(phone, "it").is_ok();
        assert!(phone("call me at (917) 555-0188", "917 555 0188"));
        assert!(phone("call me at 917-555-0188, 2nd floor", "+1 917 555 0188"));
        assert!(!phone("call me at 917-555-0188", "917 555 0189"));
        assert!(!phone("Show me my offers", "11 22 33 44"));
        assert!(!phone("about $180", "180 180 180"));
        assert!(!phone("917 people and 5550188 others", "917 555 0188"));
    }

    #[test]
    fn an_amount_is_a_number_not_a_part_of_one() {
        let amount = |message: &str, cents| Said::new(message).require_amount(cents, "it").is_ok();
        assert!(amount("I never spend more than $1,200.", 120_000));
        assert!(amount("about 59.50", 5_950));
        assert!(amount("60ish", 6_000) && amount("60,50 at most", 6_050));
        assert!(!amount("60,50 at most", 605_000));
        assert!(!amount("about $180", 800));
    }

    #[test]
    fn a_list_grows_by_what_is_said_and_shrinks_by_what_is_to_be_forgotten() {
        let list = |message: &str, before: &[&str], now: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
            Said::new(message).require_list(&owned(before), &owned(now), &["where i live"], "it").is_ok()
        };
        assert!(list("also in Boston", &["Queens"], &["Queens", "Boston"]));
        assert!(list("I moved to Boston", &["Queens"], &["Boston"]));
        assert!(list("forget Queens", &["Queens", "Boston"], &["Boston"]));
        assert!(list("forget where I live", &["Queens"], &[]));
        assert!(list("forget Queens and Boston", &["Queens", "Boston"], &[]));
        assert!(!list("clear my clogged drain", &["Queens"], &[]));
        assert!(!list("forget Queens", &["Queens", "Boston"], &[]));
        assert!(!list("show me my offers", &["Queens"], &[]));
        assert!(!list("forget Boston", &["Queens", "Boston"], &["Boston"]));
        assert!(!list("show me my offers", &["Queens"], &["Queens", "Boston"]));
    }

    #[test]
    fn forgetting_names_what_is_forgotten() {
        let forgets = |message: &str| Said::new(message).require_forgetting(&["budget"], false, "it").is_ok();
        assert!(forgets("Forget my budget"));
        assert!(forgets("Forget everything you know about me"));
        assert!(!forgets("clear my clogged drain"));
        assert!(!forgets("what budget do you know of?"));
        assert!(!forgets("I don't know who to take, or when"));
    }
}
