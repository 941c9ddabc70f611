//! The nouns of the product as plain values: entities, states, legal moves. No I/O.
//!
//! Ids and enums derive their diesel mapping here (it must stand on the type); the SQL types are
//! declared in [`crate::db::schema`].

pub mod catalog;
pub mod chat;
pub mod drafts;
pub mod ids;
pub mod money;
pub mod places;
pub mod providers;
pub mod requests;
pub mod sql_enum;
pub mod tasks;
pub mod users;
pub mod window;

pub use ids::*;
