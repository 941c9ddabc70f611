//! Bookings: read by both sides, called off, moved, done; and all of it at random.

mod cancel;
mod done;
mod model;
mod random;
mod read;
mod reschedule;
