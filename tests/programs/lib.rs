//! Proxie's own programs, as `proxie-load` and `proxie-eval` start them and call them.

pub mod http;
pub mod process;

use std::error::Error;

/// What can go wrong here is told to a person and nobody else.
pub type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;
