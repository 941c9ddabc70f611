//! The HTTP API. It answers every request without waiting for a model: what is slow becomes a task.
//!
//! Handlers are thin: extract, one call of the domain, a view. Neither diesel nor redis nor apalis is named here.

mod app;
mod handlers;
mod http;
pub mod import;
pub mod realtime;
mod routes;
mod views;

pub use app::{ApiConfig, serve, stopped};
use proxie_shared::auth::Links;
use proxie_shared::domain::export::Export;
pub use routes::operations;

/// All that is kept about somebody, as indented JSON; `links` sign where its photos are for the next minutes.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn exported(mut export: Export, links: &Links) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&views::export::ExportView::new(&mut export, links))
}

/// The OpenAPI document, as indented JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    http::document(&operations()).to_pretty_json()
}
