//! The HTTP API. It answers every request without waiting for a model: what is slow becomes a task.
//!
//! Handlers are thin: extract, one call of the domain, a view. Neither diesel nor redis nor apalis is named here.

mod app;
mod handlers;
mod http;
mod routes;
mod views;

pub use app::{ApiConfig, serve};
pub use routes::operations;

/// The OpenAPI document, as indented JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    http::document(&operations()).to_pretty_json()
}
