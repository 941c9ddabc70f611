//! The realtime process: people's live channels, by Socket.IO.
//!
//! Everything that is told stands in PostgreSQL with a number among its user's ([`log`]); a [`feed`] of each connected user reads
//! on from there and tells all connections of theirs, in order. So any number of processes serve the same people, none knows
//! of another, and whoever comes back, to whichever process, names the last number it has and misses nothing. The Redis
//! adapter of Socket.IO would pass on between processes what may be lost; here nothing has to be passed on.
//!
//! Only WebSockets are served: long polls over several processes would need a balancer that knows who belongs where, and
//! clients that cannot have a WebSocket have the API.

mod feed;
mod gate;
mod hub;
mod log;
mod server;

pub use server::serve;
