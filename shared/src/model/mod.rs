//! The nouns of the product as plain values: entities, states, legal moves. No I/O.
//!
//! Ids and enums derive their diesel mapping here (it must stand on the type); the SQL types are
//! declared in [`crate::db::schema`].

pub mod bookings;
pub mod calendar;
pub mod catalog;
pub mod chat;
pub mod clocks;
pub mod consumers;
pub mod drafts;
pub mod enrollment;
pub mod events;
pub mod ids;
pub mod live;
pub mod media;
pub mod memory;
pub mod money;
pub mod notifications;
pub mod offers;
pub mod places;
pub mod providers;
pub mod requests;
pub mod reviews;
pub mod slots;
pub mod sql_enum;
pub mod states;
pub mod tasks;
pub mod usage;
pub mod users;
pub mod window;

pub use ids::*;
