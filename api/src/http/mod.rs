//! HTTP manners: who calls, how often, what was sent, how errors look, how all of it is documented.

mod asset;
mod body;
mod browser;
mod call;
mod cors;
mod deadline;
mod envelope;
pub mod events;
mod input;
mod limits;
mod openapi;
mod operation;
mod problem;
mod ranges;
mod schema;
mod tag;
mod upload;

pub use asset::Asset;
pub use body::{BODY_MAX, parse};
pub use browser::Browser;
pub use call::Call;
pub use cors::cors;
pub use envelope::envelope;
pub use input::{Input, None, check};
pub use limits::Budget;
pub use openapi::document;
pub use operation::{Operation, operation, route};
pub use problem::{Answer, Problem, not_found};
pub use ranges::{Part, part};
pub use tag::{Tag, tagged};
pub use upload::Upload;
