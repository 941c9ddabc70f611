//! Providers: made, seen, changed.

mod business;
mod portfolio;
mod search;
mod services;
mod settings;
mod templates;

pub use business::*;
pub use portfolio::*;
pub use search::*;
pub use services::*;
pub use settings::*;
pub use templates::*;
