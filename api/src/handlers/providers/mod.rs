//! Providers: made, seen, changed.

mod business;
mod services;
mod settings;
mod templates;

pub use business::*;
pub use services::*;
pub use settings::*;
pub use templates::*;
