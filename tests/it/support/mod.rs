//! What the tests are written with: the product in this process, people who use it, its processes, its services.

mod app;
mod bucket;
pub mod builder;
mod caller;
mod deal;
pub mod files;
mod issuer;
mod live;
mod log;
mod market;
mod problem;
mod process;
mod queries;
mod recorder;
mod services;
mod signer;
mod stall;
mod task;
mod wait;

pub use app::{App, SECRET, tokens};
pub use bucket::Bucket;
pub use caller::{Answer, Caller, Fetched};
pub use deal::{Deal, day, slot};
pub use issuer::{AUDIENCE, Mood, PARTY, StandIn};
pub use live::LiveClient;
pub(crate) use problem::assert_problem;
pub use problem::check_problem;
pub use process::{Process, program_path};
pub use recorder::{Recorder, Told};
pub use services::Services;
pub use signer::{Signer, compact, hmac, with};
pub use stall::Stall;
pub use task::Task;
pub use wait::{WAITING, eventually, patience, within};

/// The example of the contract.
pub const HAIRCUT: &str = "I need a haircut for curly hair in Brooklyn this weekend, about $60";

/// How much of something a test does: `full` under `bin/verify` (`PROXIE_VERIFY=1`), else `small`.
pub fn size(small: usize, full: usize) -> usize {
    if std::env::var("PROXIE_VERIFY").is_ok_and(|set| set == "1") { full } else { small }
}
