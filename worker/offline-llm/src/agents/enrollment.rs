//! The onboarding guide: not played yet.

use crate::completion::Answer;

/// Says so.
pub fn play() -> Answer {
    Answer::text(
        "The offline model does not play the onboarding guide yet; you can fill in your enrollment in the app.",
    )
}
