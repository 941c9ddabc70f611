//! Whom the server plays: an agent per role, a folder per agent; and the small tasks that are no conversation.

pub mod obey;
mod summary;
pub mod turn;
mod wording;

use crate::completion::{Answer, Request};
use crate::concierge;
use crate::concierge::prompt::{self, Role};
use crate::talk::brief::Brief;
use crate::{enrollment, provider};
use turn::Turn;

/// The answer to a conversation, and the time in its prompt (Unix seconds). With `obey`, a call that a text of the
/// conversation asks for goes before everything.
pub fn answer(request: &Request, obey: bool) -> (Answer, i64) {
    let turn = Turn::new(request);
    let prompt = prompt::read(&turn.system);
    let created = prompt.now.timestamp();
    if obey && let Some(call) = obey::call(request) {
        return (call, created);
    }
    let mut brief = Brief::read(&turn.system);
    // Every step of a turn reads the message in the light of what was there when it came.
    if turn.began_draft() {
        brief.draft = None;
    }
    let answer = match turn.system.lines().next().map(str::trim) {
        Some("Summarise.") => summary::play(&turn),
        Some("Word the offer.") => wording::play(&turn),
        _ => match prompt.role {
            Role::Guest | Role::Consumer => concierge::play(&turn, &prompt, &brief),
            Role::Provider => provider::play(&turn, &prompt, &brief),
            Role::Enrollment => enrollment::play(&turn, &prompt, &brief),
        },
    };
    (answer, created)
}
