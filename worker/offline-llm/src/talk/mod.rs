//! What all agents share: the lines of the prompt, the tools of a turn, rules for intents, picking among things, and wording.

pub mod address;
pub mod again;
pub mod brief;
pub mod drafts;
pub mod hand;
#[cfg(test)]
pub mod mock;
pub mod opening;
pub mod pick;
pub mod rules;
pub mod said;
pub mod say;
pub mod settled;
pub mod slots;
pub mod trouble;

use serde_json::json;

use crate::agents::turn::{Offered, Turn};
use crate::completion::Answer;
use crate::concierge::prompt::Prompt;
use brief::Brief;
use hand::{Hand, Step};
use said::Said;

/// What an agent works with while it answers one message.
pub struct Scene<'t> {
    /// The conversation.
    pub turn: &'t Turn,
    /// The time, the zone, the role and the request so far.
    pub prompt: &'t Prompt,
    /// The other lines of the prompt.
    pub brief: &'t Brief,
    /// The tools.
    pub hand: Hand<'t>,
    /// What the newest message says.
    pub said: Said<'t>,
}

impl<'t> Scene<'t> {
    /// The newest message of a conversation, read.
    pub fn new(turn: &'t Turn, prompt: &'t Prompt, brief: &'t Brief) -> Self {
        Self { turn, prompt, brief, hand: Hand::new(turn), said: Said::new(&turn.user, prompt) }
    }

    /// Whether the message says one of these patterns (see [`rules`]).
    pub fn says(&self, patterns: &[&str]) -> bool {
        patterns.iter().any(|pattern| rules::says(&self.said.spoken, pattern))
    }

    /// The user's message before the newest.
    pub fn before(&self) -> &'t str {
        self.turn.earlier_users().next_back().unwrap_or_default()
    }

    /// Whether the agent's last message asked this.
    pub fn asked(&self, question: &str) -> bool {
        self.turn.said_before().contains(question)
    }
}

/// The next step of a turn by an agent's script: a call of a tool, or the answer, after what has to be said first.
pub fn play(
    turn: &Turn,
    prompt: &Prompt,
    brief: &Brief,
    script: impl FnOnce(&Scene<'_>) -> Step<String>,
) -> Answer {
    let scene = Scene::new(turn, prompt, brief);
    let first = opening::words(&scene);
    if opening::is_all(&scene) {
        return Answer::text(opening::and_next(first, prompt.role));
    }
    if let Some(text) = opening::edited(&scene).or_else(|| opening::given_up(&scene)) {
        return Answer::text(text);
    }
    let step = again::shown(&scene).unwrap_or_else(|| script(&scene));
    answer(first, step)
}

/// The call that the caller insists on, with the least that its tool takes.
pub fn forced(turn: &Turn) -> Option<Answer> {
    let name = turn.forced.as_deref()?;
    Some(Answer::call(name, &turn.tool(name).map_or_else(|| json!({}), Offered::least)))
}

/// The answer of a script, with what has to be said first before it.
fn answer(first: Vec<String>, script: Step<String>) -> Answer {
    match script {
        Err(call) => call,
        Ok(text) => {
            let parts: Vec<String> =
                first.into_iter().chain([text]).filter(|part| !part.is_empty()).collect();
            Answer::text(parts.join("\n\n"))
        }
    }
}
