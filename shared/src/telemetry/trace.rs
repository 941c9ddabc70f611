//! Traces: spans of requests, tasks, calls of the model and of tools, sent to an OpenTelemetry collector.
//!
//! Without a collector nobody sees spans, and what is here does next to nothing.

use std::cell::Cell;
use std::sync::OnceLock;

use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
};
use opentelemetry::{Context, Value};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, Sampler, SdkTracerProvider};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

use super::{EXPORT, is_ours};
use crate::config::{ConfigError, TelemetryConfig};

/// Set once there is a collector.
static ON: OnceLock<()> = OnceLock::new();

/// Sends spans to the collector that is configured, if one is. Their queue is OpenTelemetry's: 2,048 spans.
pub(super) fn exporter(
    program: &'static str,
    config: &TelemetryConfig,
) -> Result<Option<SdkTracerProvider>, ConfigError> {
    let Some(collector) = &config.collector else { return Ok(None) };
    // It reads the headers' variable by itself.
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{collector}/v1/traces"))
        .with_timeout(EXPORT)
        .build()
        .map_err(|error| ConfigError::Wrong {
            name: "OTEL_EXPORTER_OTLP_ENDPOINT",
            why: error.to_string(),
        })?;
    let name = config.service_name.clone().unwrap_or_else(|| program.to_owned());
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name(name).build())
        .with_sampler(Sampler::TraceIdRatioBased(config.share))
        .with_id_generator(Ids::default())
        .with_batch_exporter(exporter)
        .build();
    let _already_on = ON.set(());
    Ok(Some(provider))
}

/// Makes spans of ours spans of traces. What is logged inside them stays in the log.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + Send + Sync + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("proxie"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(|what| what.is_span() && is_ours(what)).with_max_level_hint(LevelFilter::INFO))
}

fn is_on() -> bool {
    ON.get().is_some()
}

/// The part of a trace that something is to be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// The span that it goes on from, if there is one: 16 hexadecimal digits.
    pub parent: Option<String>,
}

impl Trace {
    /// The trace of a W3C `traceparent` header, or a new one. Whether the caller keeps it is not our concern.
    #[must_use]
    pub fn of(traceparent: Option<&str>) -> Self {
        let Some(header) = traceparent else { return Self { id: new_id(), parent: None } };
        let given = TraceContextPropagator::new().extract_with_context(&Context::new(), &Header(header));
        let given = given.span().span_context().clone();
        if !given.is_valid() {
            return Self { id: new_id(), parent: None };
        }
        Self { id: given.trace_id().to_string(), parent: Some(given.span_id().to_string()) }
    }

    /// Puts a span that was not entered yet into the trace, below [`Self::parent`] or at its top.
    pub fn take(&self, span: &Span) {
        if !is_on() {
            return;
        }
        let Ok(trace) = TraceId::from_hex(&self.id) else { return };
        match self.parent.as_deref().and_then(|id| SpanId::from_hex(id).ok()) {
            Some(parent) => {
                let (flags, state) = (TraceFlags::SAMPLED, TraceState::default());
                let parent = SpanContext::new(trace, parent, flags, true, state);
                let _begun = span.set_parent(Context::new().with_remote_span_context(parent));
            }
            None => NEXT.set(Some(trace)),
        }
        // Asking for its context begins it.
        drop(span.context());
        NEXT.set(None);
    }
}

/// The id of a new trace.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The id of the span that we are in, for what goes on from here in another process; none if the trace is not kept.
#[must_use]
pub fn here() -> Option<String> {
    Some(kept()?.span_id().to_string())
}

/// The `traceparent` header of a call that is made from here; none if the trace is not kept.
#[must_use]
pub fn traceparent() -> Option<String> {
    let here = kept()?;
    Some(format!("00-{}-{}-01", here.trace_id(), here.span_id()))
}

fn kept() -> Option<SpanContext> {
    if !is_on() {
        return None;
    }
    let here = Span::current().context().span().span_context().clone();
    here.is_sampled().then_some(here)
}

/// Says more about a span, in the trace only.
pub fn note(span: &Span, key: &'static str, value: impl Into<Value>) {
    if is_on() {
        span.set_attribute(key, value);
    }
}

/// Says what a call of the API came to. `route` is the pattern that fitted, if any did.
pub fn http_answered(span: &Span, route: Option<&'static str>, method: &str, status: u16) {
    if !is_on() {
        return;
    }
    name(span, || format!("{method} {}", route.unwrap_or("none")));
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("http.response.status_code", i64::from(status));
    if let Some(route) = route {
        span.set_attribute("http.route", route);
    }
}

/// Calls a span by a name of ours that was not known when it began.
pub fn name(span: &Span, name: impl FnOnce() -> String) {
    if is_on() {
        span.context().span().update_name(name());
    }
}

/// Marks a span as failed, with a code of the catalogue.
pub fn failed(span: &Span, code: impl Into<&'static str>) {
    if is_on() {
        span.set_status(Status::error(code.into()));
    }
}

thread_local! {
    /// The id of the next trace that this thread begins.
    static NEXT: Cell<Option<TraceId>> = const { Cell::new(None) };
}

/// Random ids, but for a trace that has one already: in logs, and in the row of a task.
#[derive(Debug, Default)]
struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        NEXT.take().unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}

/// The one header that a caller's trace is read from.
struct Header<'a>(&'a str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_joined_or_begun() {
        let (known, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let joined = Trace::of(Some(&format!("00-{known}-{span}-01")));
        assert_eq!(joined, Trace { id: known.to_owned(), parent: Some(span.to_owned()) });
        let zeros = format!("00-{}-{span}-01", "0".repeat(32));
        let no_span = format!("00-{known}-{}-01", "0".repeat(16));
        for bad in [None, Some(""), Some("00-zz-x-01"), Some(zeros.as_str()), Some(no_span.as_str())] {
            let begun = Trace::of(bad);
            assert_eq!((begun.id.len(), begun.parent.as_ref()), (32, None), "{bad:?}");
            assert_ne!(begun.id, Trace::of(bad).id);
        }
    }

    #[test]
    fn without_a_collector_nothing_is_told() {
        assert_eq!((here(), traceparent()), (None, None));
    }
}
