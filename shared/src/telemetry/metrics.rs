//! Metrics for Prometheus: what there is, in which buckets, and their text.
//!
//! Whoever has something to count does so where it happens, through the `metrics` crate: that costs next to nothing
//! until [`install`] is called. Gauges are set when somebody looks
//! ([`domain::metrics`](crate::domain::metrics::Gauges)). The values of labels come from lists of ours, never from
//! callers, so that there are not too many.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::model::tasks::TaskKind;

/// The media type of the text.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The upper bounds of all histograms, in seconds: from a read that a copy answers to the time limit of a model.
const SECONDS: [f64; 15] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// How often what was recorded is put into buckets; until then each single value is kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// The methods that are counted under their names.
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// The metrics of this process.
#[derive(Clone, Debug)]
pub struct Handle(PrometheusHandle);

impl Handle {
    /// All of them in Prometheus's text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Starts to record; a second call answers what the first has started.
pub fn install() -> Handle {
    static INSTALLED: OnceLock<Handle> = OnceLock::new();
    INSTALLED.get_or_init(start).clone()
}

fn start() -> Handle {
    let builder = PrometheusBuilder::new().set_buckets(&SECONDS);
    #[allow(clippy::expect_used, reason = "start-up: fails only where there are no buckets")]
    let recorder = builder.expect("there are buckets").build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!("something else records the metrics of this process");
    }
    describe();
    let upkeep = handle.clone();
    // A thread, not a task: it outlives every runtime.
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            upkeep.run_upkeep();
        }
    });
    Handle(handle)
}

fn describe() {
    describe_counter!("proxie_http_requests_total", "Requests answered, by route, method and status.");
    describe_histogram!("proxie_http_request_duration_seconds", "From a request to its answer.");
    describe_counter!(
        "proxie_tasks_ended_total",
        "Tasks that ended, by kind and status; a cancellation asked for twice counts twice."
    );
    describe_histogram!(
        "proxie_task_pickup_seconds",
        "From a task's making to its first claim, with the wait for earlier messages of its conversation."
    );
    describe_histogram!(
        "proxie_task_run_seconds",
        "An attempt of a task, from its claim to what came of it, by kind."
    );
    describe_counter!(
        "proxie_model_calls_total",
        "Calls of models, by provider, model, outcome (ok, or what went wrong) and whether an earlier answer did."
    );
    describe_counter!(
        "proxie_model_cost_micros_total",
        "What models cost, by provider and model, in millionths of a dollar."
    );
    describe_gauge!("proxie_model_breaker", "Breakers of providers: 0 closed, 1 half open, 2 open.");
    describe_histogram!("proxie_model_call_seconds", "From a call of the model to its whole answer.");
    describe_counter!(
        "proxie_model_tokens_total",
        "Tokens sent to the model (prompt) and received (completion)."
    );
    describe_gauge!("proxie_tasks", "Open tasks in all of the product, by kind and stage.");
    describe_gauge!("proxie_oldest_task_seconds", "The age of the oldest open task of each kind.");
    describe_gauge!("proxie_long_polls", "Calls that wait for a task to end.");
    describe_gauge!("proxie_streams", "Streams of tasks that are open.");
    describe_gauge!("proxie_queue_entries", "Entries in each lane of the queue.");
    describe_gauge!(
        "proxie_database_connections",
        "This process's connections to PostgreSQL, busy and idle."
    );
}

/// Records an answer to a request. `route` is the pattern that fitted (`/offers/{id}`), if any did.
pub fn http_answered(route: Option<&'static str>, method: &str, status: u16, took: Duration) {
    let route = route.unwrap_or("none");
    let method = METHODS.iter().find(|known| **known == method).copied().unwrap_or("other");
    histogram!("proxie_http_request_duration_seconds", "route" => route, "method" => method).record(took);
    counter!("proxie_http_requests_total", "route" => route, "method" => method, "status" => status.to_string())
        .increment(1);
}

/// Records an attempt of a task.
pub fn task_ran(kind: TaskKind, took: Duration) {
    histogram!("proxie_task_run_seconds", "kind" => <&str>::from(kind)).record(took);
}

/// Whether an address is this machine's or of a private network: those may read metrics without a token.
#[must_use]
pub fn is_internal(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    #[test]
    fn answers_are_counted_under_names_of_ours() {
        install();
        http_answered(Some("/offers/{id}"), "GET", 200, Duration::from_millis(3));
        http_answered(None, "BREW", 404, Duration::from_millis(3));
        let text = install().render();
        for line in [
            r#"proxie_http_requests_total{route="/offers/{id}",method="GET",status="200"} 1"#,
            r#"proxie_http_requests_total{route="none",method="other",status="404"} 1"#,
            r#"proxie_http_request_duration_seconds_bucket{route="none",method="other",le="0.0025"} 0"#,
            r#"proxie_http_request_duration_seconds_bucket{route="none",method="other",le="0.005"} 1"#,
            r#"proxie_http_request_duration_seconds_count{route="none",method="other"} 1"#,
        ] {
            assert!(text.lines().any(|there| there == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn private_networks_are_internal() {
        for internal in
            ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"]
        {
            assert!(is_internal(internal.parse().unwrap()), "{internal}");
        }
        for external in ["192.0.2.7", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "0.0.0.0"] {
            assert!(!is_internal(external.parse().unwrap()), "{external}");
        }
    }
}
