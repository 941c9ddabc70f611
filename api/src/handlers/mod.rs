//! Handlers: extract, one call of the domain, a view. What OpenAPI says of them stands above them.

pub mod admin;
pub mod auth;
pub mod chat;
pub mod docs;
pub mod requests;
pub mod system;
pub mod webhooks;
