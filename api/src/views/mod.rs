//! What enters and leaves the system.

pub mod admin;
pub mod auth;
pub mod bookings;
pub mod catalog;
pub mod chat;
pub mod consumers;
pub mod enrollment;
mod examples;
mod examples_of_requests;
pub mod export;
pub mod inputs;
pub mod leads;
pub mod licences;
pub mod media;
pub mod notifications;
pub mod offers;
pub mod providers;
pub mod reply;
pub mod requests;
pub mod results;
pub mod reviews;
pub mod slots;
pub mod system;
pub mod tasks;
pub mod usage;
pub mod webhooks;
