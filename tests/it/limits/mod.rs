//! How often somebody may call.

mod calls;
mod counting;
