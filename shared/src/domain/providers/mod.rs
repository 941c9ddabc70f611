//! Providers: who does the work.

mod business;
mod create;
mod embedding;

pub use business::{Business, NewBusiness, Offered};
pub use create::Opened;
