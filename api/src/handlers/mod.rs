//! Handlers: extract, one call of the domain, a view.

pub mod auth;
pub mod chat;
pub mod health;
pub mod requests;
