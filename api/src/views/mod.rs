//! What enters and leaves the system.

pub mod auth;
pub mod chat;
pub mod inputs;
pub mod requests;
pub mod tasks;
