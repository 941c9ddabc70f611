//! The business manager of providers: not played yet.

use crate::completion::Answer;

/// Says so.
pub fn play() -> Answer {
    Answer::text(
        "The offline model does not play the business manager for providers yet; leads, offers and bookings work in the app.",
    )
}
