//! Requests: posted by consumers, matched by a task.

mod cancel;
mod change;
mod moves;
mod post;
mod read;
mod time;

pub(in crate::domain) use cancel::cancel_in;
pub use change::Change;
pub(in crate::domain) use moves::{move_to, refusal};
pub use post::Post;
pub(in crate::domain) use read::all_own;
pub use read::{Own, Read};
pub use time::{expire_requests, match_those_due};
