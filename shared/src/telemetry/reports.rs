//! Errors, reported to Sentry: each line of ours of level `error`, with the ids of what it happened in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use sentry::protocol::{Context as Known, Event as Report, TraceContext, User, Value};
use sentry::transports::ReqwestHttpTransportOptions;
use sentry::{ClientInitGuard, ClientOptions, Transport, TransportFactory, TransportOptions};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::{EXPORT, ids, is_ours};
use crate::config::{ConfigError, TelemetryConfig};

/// What reports can be looked for by.
const TAGS: [&str; 6] = ["request_id", "trace_id", "user_id", "task_id", "kind", "code"];

/// Sends reports to the project that is configured, if one is: nothing that Sentry would find out by itself, such as
/// the names of machines.
pub(super) fn client(config: &TelemetryConfig) -> Result<Option<ClientInitGuard>, ConfigError> {
    let Some(dsn) = &config.sentry else { return Ok(None) };
    let wrong = |why: String| ConfigError::Wrong { name: "SENTRY_DSN", why };
    let http = reqwest::Client::builder().timeout(EXPORT).build();
    let http = http.map_err(|error| wrong(error.to_string()))?;
    let mut options = ClientOptions::new()
        .default_integrations(false)
        .send_default_pii(false)
        .max_breadcrumbs(0)
        .environment(config.environment.clone())
        .release(config.release.clone())
        .transport(Sender(http));
    options.dsn = Some(dsn.reveal().parse().map_err(|_| wrong("it is not a DSN".to_owned()))?);
    Ok(Some(sentry::init(options)))
}

/// Sentry's own way of sending, with a limit of time: one call that hangs must not hold up all that follow.
struct Sender(reqwest::Client);

impl TransportFactory for Sender {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(ReqwestHttpTransportOptions::from(options).with_client(self.0.clone()).build())
    }
}

/// Reports errors of ours.
pub(super) fn layer<S>() -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let told = filter_fn(|what| what.is_event() && *what.level() == Level::ERROR && is_ours(what));
    Reports.with_filter(told.with_max_level_hint(LevelFilter::ERROR))
}

struct Reports;

/// The fields of a line, and the ids of where it was logged.
#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Reports {
    fn on_event(&self, event: &Event<'_>, _ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        ids::each(|name, id| drop(fields.0.insert(name, id.to_string())));
        event.record(&mut fields);
        sentry::capture_event(report(event.metadata().target(), fields.0));
    }
}

/// What is sent of an error. Those of the same place in the code, words and code of the catalogue are one issue.
fn report(target: &str, mut fields: BTreeMap<&'static str, String>) -> Report<'static> {
    let message = fields.remove("message").unwrap_or_default();
    let part = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let same = [target.to_owned(), message.clone(), part("code"), part("location")];
    let trace_id = fields.get("trace_id").and_then(|id| id.parse().ok());
    let trace = trace_id.map(|trace_id| Known::from(TraceContext { trace_id, ..TraceContext::default() }));
    let user = fields.remove("user_id").map(|id| User { id: Some(id), ..User::default() });
    let (tags, rest): (BTreeMap<_, _>, BTreeMap<_, _>) =
        fields.into_iter().partition(|(name, _)| TAGS.contains(name));
    Report {
        level: sentry::Level::Error,
        logger: Some(target.to_owned()),
        fingerprint: Cow::Owned(same.into_iter().map(Cow::Owned).collect()),
        message: Some(match tags.get("code") {
            Some(code) => format!("{message}: {code}"),
            None => message,
        }),
        contexts: trace.map(|trace| ("trace".to_owned(), trace)).into_iter().collect(),
        tags: tags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        extra: rest.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect(),
        user,
        ..Report::default()
    }
}
