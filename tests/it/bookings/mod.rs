//! Bookings: read by both sides, called off, moved, done.

mod cancel;
mod done;
mod read;
mod reschedule;
