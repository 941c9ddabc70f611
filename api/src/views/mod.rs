//! What enters and leaves the system.

pub mod admin;
pub mod auth;
pub mod chat;
mod examples;
pub mod export;
pub mod inputs;
pub mod reply;
pub mod requests;
pub mod results;
pub mod system;
pub mod tasks;
pub mod webhooks;
