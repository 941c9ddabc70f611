//! The integration tests: the product as its users and operators meet it. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test needs and does not get fails the test"
)]

mod auth;
mod chat;
mod crash;
mod guards;
mod llm;
mod messages;
mod migrations;
mod operator;
mod order;
mod outage;
mod problems;
mod requests;
mod sessions;
mod support;
