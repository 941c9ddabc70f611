//! Whom the server plays: an agent per role, a file per agent.

pub mod enrollment;
pub mod obey;
pub mod provider;
pub mod turn;

use crate::completion::{Answer, Request};
use crate::concierge;
use crate::concierge::prompt::{self, Role};
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
    let answer = match prompt.role {
        Role::Guest | Role::Consumer => concierge::play(&turn, &prompt),
        Role::Provider => provider::play(),
        Role::Enrollment => enrollment::play(),
    };
    (answer, created)
}
