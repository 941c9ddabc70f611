//! What the API and the workers have in common.
//!
//! Imports run one way, checked by a test:
//! `model, batch < error < config < auth < db < queue, storage < llm < matching, agent, limits < domain`.
//! `telemetry` may be used by the binaries only; `test_support` by tests only.

#[cfg(all(feature = "mutation", not(debug_assertions)))]
compile_error!("the feature `mutation` lets tests switch rules off: it is never in a release build");

pub mod agent;
pub mod auth;
mod batch;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod limits;
pub mod llm;
pub mod matching;
pub mod model;
pub mod queue;
pub mod storage;
pub mod telemetry;
#[cfg(feature = "test_support")]
pub mod test_support;
