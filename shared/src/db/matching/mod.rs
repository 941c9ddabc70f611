//! Queries on who fits a request, and on whom it is routed to.

mod reach;
mod remote;
mod route;
mod said;

pub use reach::{InReach, MOST_IN_REACH, Wanted, in_reach};
pub use remote::{RemoteOffers, sweep_changes};
pub use route::{Noted, Routed, Routing, has_open_lead, note, route, wake};
pub use said::{Said, Vector, embedded_text, put_vector, said, text_of, without_vector};
