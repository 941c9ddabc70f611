//! Handlers: extract, one call of the domain, a view. What OpenAPI says of them stands above them.

pub mod admin;
pub mod auth;
pub mod bookings;
pub mod catalog;
pub mod chat;
pub mod client;
pub mod consumers;
pub mod docs;
pub mod enrollment;
pub mod leads;
pub mod licences;
pub mod media;
pub mod memory;
pub mod notifications;
pub mod offers;
pub mod providers;
pub mod requests;
pub mod reviews;
pub mod slots;
pub mod streams;
pub mod system;
pub mod tasks;
pub mod usage;
pub mod webhooks;
