//! Logs: one JSON object a line (`PROXIE_LOG_FORMAT=text` for people), filtered by `RUST_LOG`.
//!
//! A trace id, W3C Trace Context's, joins the lines of a request and of the task that it made.

pub mod metrics;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// async-openai logs answers that it cannot read, whole: they may be personal.
const DEFAULT_FILTER: &str = "info,async_openai=off";

/// Starts logging to standard error; what is logged is never a token, a message or a name.
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    let text = std::env::var("PROXIE_LOG_FORMAT").is_ok_and(|format| format == "text");
    // A second start in one process (tests) keeps the first.
    let _already_started = if text { log.try_init() } else { log.json().flatten_event(true).try_init() };
}

/// The trace id of a W3C `traceparent` header, or a new one.
#[must_use]
pub fn trace_id(traceparent: Option<&str>) -> String {
    traceparent
        .and_then(|header| header.split('-').nth(1))
        .filter(|id| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
        .filter(|id| id.bytes().any(|b| b != b'0'))
        .map_or_else(|| uuid::Uuid::new_v4().simple().to_string(), str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::trace_id;

    #[test]
    fn a_trace_is_joined_or_begun() {
        let known = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace_id(Some(&format!("00-{known}-00f067aa0ba902b7-01"))), known);
        for bad in [None, Some(""), Some("00-zz-x-01"), Some("00-00000000000000000000000000000000-x-01")] {
            assert_eq!(trace_id(bad).len(), 32);
            assert_ne!(trace_id(bad), trace_id(bad));
        }
    }
}
