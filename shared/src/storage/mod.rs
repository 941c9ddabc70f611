//! Objects: what people upload, on disk or in a bucket, and what is done to it before it is kept.
//!
//! A file's way: [`Spool`] (what arrives, in a file that has no name), [`Cleaner`] (nothing is kept but the picture or
//! film itself), [`Store`]. No step has more than a part of a file in memory; only a picture that is decoded, for its small
//! copy or to be turned, is there as a whole, and how many of these are is bounded by their size.

mod cleaning;
mod formats;
mod spool;
mod store;

pub use cleaning::{Cleaned, Cleaner};
pub use formats::Format;
pub use spool::{Spool, Spooled};
pub use store::{Object, Store};
