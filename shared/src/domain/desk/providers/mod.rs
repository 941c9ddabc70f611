//! Tools of providers: leads, offers, hours, reviews, numbers.

mod hours;
mod leads;
mod numbers;
mod offer;
mod passing;

pub(super) use hours::availability;
pub(super) use leads::{lead, leads, pass, suggest};
pub(super) use numbers::{performance, respond};
pub(super) use offer::submit_offer;

use super::Work;
use crate::auth::{Caller, Provider};
use crate::error::Result;

/// The person, who must be a provider.
fn provider(work: Work<'_>) -> Result<Provider> {
    Provider::admitted(Some(work.chat.actor))
}
