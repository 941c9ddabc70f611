//! Providers: made, seen, changed.

mod business;

pub use business::*;
