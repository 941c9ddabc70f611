//! What happens at once, without a draft, happens by the person's own words: what a listing or a result asks for never does.

use crate::agent::{Conversation, Refusal};
use crate::model::places::folded;

/// The shortest word that says something.
const SHORTEST: usize = 3;

/// Refuses what the person's newest message does not say by any of these words.
pub(super) fn require_any(chat: &Conversation, words: &[&str], what: &str) -> Result<(), Refusal> {
    let said = folded(&chat.message.text);
    if words.iter().any(|word| said.contains(word)) { Ok(()) } else { Err(not_said(what)) }
}

/// Refuses a text of which the person's newest message does not hold a single telling word.
pub(super) fn require_said(chat: &Conversation, text: &str, what: &str) -> Result<(), Refusal> {
    let said = folded(&chat.message.text);
    let wanted = folded(text);
    let telling = |word: &&str| word.chars().count() >= SHORTEST;
    // The beginning of a word is enough: "mornings" is said by "morning".
    let stem =
        |word: &str| word.chars().take(4.max(word.chars().count().saturating_sub(3))).collect::<String>();
    let mut words = wanted.split(|c: char| !c.is_alphanumeric()).filter(telling).peekable();
    if words.peek().is_none() || words.any(|word| said.contains(&stem(word))) {
        Ok(())
    } else {
        Err(not_said(what))
    }
}

fn not_said(what: &str) -> Refusal {
    Refusal::new(
        "not_said",
        format!("The person's newest message does not say so: ask them before you change {what}."),
    )
}
