//! Logs, traces and reports of errors.
//!
//! Logs: one JSON object a line (`PROXIE_LOG_FORMAT=text` for people), filtered by `RUST_LOG`. Traces go to a collector
//! and errors to Sentry where that is configured. A trace id, W3C Trace Context's, joins the lines, spans and reports
//! of a request and of the task that it made. None of them ever holds a token, a message, a name or an address.

mod ids;
mod log;
pub mod metrics;
mod panics;
mod reports;
pub mod trace;

use std::time::Duration;

pub use ids::{Ids, caller};
use opentelemetry_sdk::trace::SdkTracerProvider;
use sentry::ClientInitGuard;
use tracing::Metadata;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{ConfigError, LogConfig, TelemetryConfig};

/// How long what is left may take to go out when the process ends.
const FLUSH: Duration = Duration::from_secs(2);
/// How long a collector or Sentry may take to answer one call.
const EXPORT: Duration = Duration::from_secs(5);

/// What this process sends to others; told at the end, so that they get the rest.
#[must_use]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    reports: Option<ClientInitGuard>,
}

/// Starts logging to standard error, and to send traces and errors where `config` names somebody.
///
/// Whoever is slow or away costs spans and reports, never time: both wait in short queues, and threads of their own
/// send them.
///
/// # Errors
/// When there is no sending to who is named.
pub fn init(
    program: &'static str,
    log: &LogConfig,
    config: &TelemetryConfig,
) -> Result<Telemetry, ConfigError> {
    let traces = trace::exporter(program, config)?;
    let reports = reports::client(config)?;
    let subscriber = tracing_subscriber::registry()
        .with(log::lines(log))
        .with(traces.as_ref().map(trace::layer))
        .with(reports.as_ref().map(|_| reports::layer()));
    // A second start in one process (tests) keeps the first.
    let _already_started = subscriber.try_init();
    panics::log();
    Ok(Telemetry { traces, reports })
}

/// Whether we have worded it ourselves: what libraries say may hold anything, and stays in the log.
fn is_ours(what: &Metadata<'_>) -> bool {
    what.target().starts_with("proxie_")
}

impl Telemetry {
    /// Sends what is left, for as long as [`FLUSH`] allows.
    pub async fn flush(self) {
        let traces = self.traces.map(|traces| finish(move || drop(traces.shutdown_with_timeout(FLUSH))));
        let reports = self.reports.map(|reports| finish(move || drop(reports)));
        let all = futures::future::join_all(traces.into_iter().chain(reports));
        if tokio::time::timeout(FLUSH, all).await.is_err() {
            tracing::warn!("what was left of traces and reports did not go out in time");
        }
    }
}

/// Does what may block on a thread that the end of the process does not wait for.
fn finish(work: impl FnOnce() + Send + 'static) -> tokio::sync::oneshot::Receiver<()> {
    let (done, finished) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        work();
        let _gave_up = done.send(());
    });
    finished
}
