//! The integration tests: the product as its users and operators meet it. See `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test needs and does not get fails the test"
)]

mod accounts;
mod agent;
mod agent_eval;
mod auth;
mod authz_matrix;
mod bodies;
mod bookings;
mod browsers;
mod calendar;
mod canaries;
mod catalog;
mod chat;
mod client;
mod consumers;
mod crash;
mod desk;
mod drafts;
mod enrollment;
mod erasure;
mod export;
mod gateway;
mod guards;
mod idempotency;
mod import;
mod journeys;
mod leads;
mod limits;
mod lists;
mod live;
mod llm;
mod matching;
mod media;
mod memory;
mod messages;
mod metrics;
mod migrations;
mod notifications;
mod offers;
mod openapi;
mod operator;
mod order;
mod outage;
mod problems;
mod providers;
mod races;
mod requests;
mod reviews;
mod said;
mod schedule;
mod sessions;
mod shown;
mod slots;
mod specialists;
mod states;
mod stream;
mod support;
mod tasks;
mod telemetry;
mod tokens;
mod webhooks;
mod whole_way;
