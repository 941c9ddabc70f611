//! The integration tests: the product as its users and operators meet it. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test needs and does not get fails the test"
)]

mod accounts;
mod auth;
mod authz_matrix;
mod bodies;
mod browsers;
mod chat;
mod crash;
mod export;
mod guards;
mod idempotency;
mod limits;
mod llm;
mod messages;
mod metrics;
mod migrations;
mod openapi;
mod operator;
mod order;
mod outage;
mod problems;
mod races;
mod requests;
mod sessions;
mod support;
mod telemetry;
mod tokens;
mod webhooks;
