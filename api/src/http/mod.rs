//! HTTP manners: who calls, what was sent, how errors look.

mod call;
mod envelope;
mod input;
mod problem;
mod schema;

pub use call::{Anyone, Call};
pub use envelope::envelope;
pub use input::{Input, None, NotYet};
pub use problem::{Answer, Problem, method_not_allowed, not_found};
