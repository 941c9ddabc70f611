//! Not yet.

use crate::agents::turn::Turn;
use crate::completion::Answer;
use crate::concierge::prompt::Prompt;
use crate::talk::brief::Brief;

pub fn play(_: &Turn, _: &Prompt, _: &Brief) -> Answer {
    Answer::text("Not yet.")
}
