//! What processes tell of themselves, and whom.

use std::collections::HashSet;
use std::net::TcpListener;

use proxie_offline_llm::Fault;
use proxie_shared::config::{HttpConfig, Secret};
use reqwest::Method;

use crate::support::{App, HAIRCUT, Process, Services, assert_problem, eventually};

/// A worker's port.
struct Port(u16);

impl Port {
    /// A worker that serves on a port of its own; it answers.
    async fn of_worker(app: &App) -> (Process, Self) {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let worker = Process::worker_with(app, &[("PORT", &port.to_string())]);
        let port = Self(port);
        eventually("the worker answers", async || port.try_get("/health").await.is_ok()).await;
        (worker, port)
    }

    async fn try_get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        reqwest::get(format!("http://127.0.0.1:{}{path}", self.0)).await
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let response = self.try_get(path).await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a text"))
    }

    async fn metrics(&self) -> Metrics {
        let (status, text) = self.get("/metrics").await;
        assert_eq!(status, 200, "{text}");
        Metrics(text)
    }
}

/// Prometheus's text.
struct Metrics(String);

impl Metrics {
    /// The value of a series.
    fn value(&self, series: &str) -> Option<f64> {
        let line = self.0.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map(|value| value.parse().expect("a number"))
    }

    #[track_caller]
    fn of(&self, series: &str) -> f64 {
        self.value(series).unwrap_or_else(|| panic!("no {series} in\n{}", self.0))
    }

    /// The names behind `# HELP` or `# TYPE`.
    fn named(&self, what: &str) -> HashSet<&str> {
        self.0.lines().filter_map(|line| line.strip_prefix(what)?.split_whitespace().next()).collect()
    }
}

#[tokio::test]
async fn a_worker_tells_what_it_has_done() {
    let app = App::builder().workers(0).start().await;
    let (_worker, port) = Port::of_worker(&app).await;
    assert_eq!(
        port.get("/ready").await,
        (200, r#"{"status":"ready","down":[],"models":{"default":"closed"}}"#.to_owned())
    );
    assert_eq!(port.get("/").await.0, 404);

    app.guest().await.say(HAIRCUT).await.result().await;
    let metrics = port.metrics().await;
    assert_eq!(metrics.of(r#"proxie_tasks_ended_total{kind="chat",status="completed"}"#), 1.0);
    assert_eq!(metrics.of(r#"proxie_task_pickup_seconds_count{kind="chat"}"#), 1.0);
    assert_eq!(metrics.of(r#"proxie_task_pickup_seconds_bucket{kind="chat",le="60"}"#), 1.0);
    assert_eq!(metrics.of(r#"proxie_task_run_seconds_count{kind="chat"}"#), 1.0);
    let calls = metrics
        .of(r#"proxie_model_calls_total{provider="default",model="offline",outcome="ok",cached="false"}"#);
    assert!(calls >= 1.0);
    assert_eq!(metrics.of("proxie_model_call_seconds_count"), calls);
    for kind in ["prompt", "completion"] {
        assert!(metrics.of(&format!(r#"proxie_model_tokens_total{{kind="{kind}"}}"#)) > 0.0);
    }
    assert!(metrics.of(r#"proxie_database_connections{state="idle"}"#) >= 1.0);
    assert_eq!(metrics.named("# HELP "), metrics.named("# TYPE "), "each metric is described");
}

#[tokio::test]
async fn a_worker_tells_what_is_open() {
    let app = App::builder().workers(0).start().await;
    let (worker, port) = Port::of_worker(&app).await;
    app.model.next(Fault { latency_ms: Some(600_000), ..Fault::default() });
    let guest = app.guest().await;
    let first = guest.say(HAIRCUT).await;
    first.reaches("running").await;
    guest.say_in(&first.session, "make it $80").await;

    let running = r#"proxie_tasks{kind="chat",stage="running"}"#;
    let queued = r#"proxie_tasks{kind="chat",stage="queued"}"#;
    eventually("one runs and one waits", async || {
        let metrics = port.metrics().await;
        metrics.of(running) == 1.0 && metrics.of(queued) == 1.0
    })
    .await;
    let metrics = port.metrics().await;
    assert!(metrics.of(r#"proxie_oldest_task_seconds{kind="chat"}"#) > 0.0);
    assert_eq!(metrics.of(r#"proxie_tasks{kind="matching",stage="running"}"#), 0.0);
    assert_eq!(metrics.of(r#"proxie_oldest_task_seconds{kind="matching"}"#), 0.0);
    for lane in ["chat", "jobs"] {
        assert!(metrics.of(&format!(r#"proxie_queue_entries{{lane="{lane}"}}"#)) >= 0.0);
    }
    worker.kill().await;
}

#[tokio::test]
async fn without_redis_a_worker_says_so() {
    let services = Services::redis_only().await;
    let app = App::builder().workers(0).redis(services.redis()).start().await;
    let (_worker, port) = Port::of_worker(&app).await;
    services.stop_redis().await;
    assert_eq!(
        port.get("/ready").await,
        (503, r#"{"status":"unready","down":["redis"],"models":{"default":"closed"}}"#.to_owned())
    );
    assert_eq!(port.get("/health").await.0, 200);
    let metrics = port.metrics().await;
    assert!(metrics.of(r#"proxie_queue_entries{lane="chat"}"#).is_nan(), "unknown");
    assert_eq!(metrics.of(r#"proxie_tasks{kind="chat",stage="queued"}"#), 0.0);
}

#[tokio::test]
async fn in_production_the_api_tells_only_who_is_inside_or_has_the_token() {
    let token = "a token of thirty-two characters";
    let production = |http: &mut HttpConfig| {
        http.production = true;
        http.metrics_token = Some(Secret::new(token));
    };
    let app = App::builder().workers(0).http(production).start().await;
    let anybody = app.anybody();
    anybody.get("/metrics").await.expect(200);
    // Behind a proxy that nobody configured everybody has an internal address.
    for header in ["x-forwarded-for", "forwarded", "via"] {
        let call = || anybody.call(Method::GET, "/metrics").header(header, "10.0.0.7");
        assert_problem!(anybody.send(call()).await, 404, "not_found");
        anybody.send(call().header("x-metrics-token", token)).await.expect(200);
        // As Prometheus sends it.
        anybody.send(call().bearer_auth(token)).await.expect(200);
        assert_problem!(anybody.send(call().bearer_auth("another")).await, 401, "unauthenticated");
        let wrong = anybody.send(call().header("x-metrics-token", "another")).await;
        assert_problem!(wrong, 404, "not_found");
    }
}
