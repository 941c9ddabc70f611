//! What the product's processes tell of themselves: traces to a collector, errors to Sentry, lines in the log.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, HAIRCUT, Process, Recorder, Task, Told, eventually};

/// The caller's own trace and span.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";
/// What nobody must be told.
const EMAIL: &str = "marker-mail@example.com";
const PASSWORD: &str = "marker-password-37";
const MARKER: &str = "marker-message";
/// How long a process may take to end that needs no more than its two seconds to send what is left.
const END: Duration = Duration::from_secs(10);

/// Somebody with an account, and what proves who they are.
async fn somebody(api: &Caller) -> (Caller, Vec<String>) {
    let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Marker Name"});
    let answer = api.post("/auth/register", body).await.expect(201);
    let text = |name: &str| answer.body[name].as_str().expect(name).to_owned();
    let caller = api.with_token(&text("access_token"));
    (caller, vec![text("access_token"), text("refresh_token")])
}

/// A message with ids of the caller's own.
async fn say(caller: &Caller, request_id: &str) -> Answer {
    let call = caller.call(Method::POST, "/chat").json(&json!({"message": format!("{HAIRCUT}, {MARKER}")}));
    let call = call.header("traceparent", format!("00-{TRACE}-{SPAN}-01"));
    caller.send(call.header("x-request-id", request_id)).await
}

/// Nothing that was sent, and no log, holds what nobody must be told.
fn nothing_slipped_out(recorders: &[&Recorder], processes: &[&Process], secrets: &[String]) {
    let known = [EMAIL, PASSWORD, MARKER, "Marker Name", "curly hair", "Bearer "].map(str::to_owned);
    let mut told: Vec<Vec<u8>> = processes.iter().map(|process| process.log().into_bytes()).collect();
    for call in recorders.iter().flat_map(|recorder| recorder.received()) {
        told.push(call.head.into_bytes());
        told.push(call.body);
    }
    for secret in known.iter().chain(secrets) {
        let at = told.iter().find(|bytes| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        assert!(at.is_none(), "{secret} was told: {}", String::from_utf8_lossy(at.unwrap()));
    }
}

/// Waits for a span of this name.
async fn span(collector: &Recorder, name: &str) -> Told {
    let find = || collector.spans().into_iter().find(|told| told.span.name == name);
    eventually(&format!("the collector is told of {name:?}"), async || find().is_some()).await;
    find().expect("it was there")
}

/// Waits for a report of an error.
async fn report(sentry: &Recorder, is: impl Fn(&Value) -> bool) -> Value {
    let find = || sentry.reports().into_iter().find(|report| is(report));
    eventually("Sentry is told of an error", async || find().is_some()).await;
    find().expect("it was there")
}

#[tokio::test]
async fn a_message_is_one_trace() {
    let (app, collector) = (App::builder().workers(0).start().await, Recorder::start().await);
    let url = collector.url();
    let sending = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("RUST_LOG", "debug"),
    ];
    let (api, anybody) = Process::api(&app, &sending).await;
    let worker = Process::worker_with(&app, &sending);
    let (caller, secrets) = somebody(&anybody).await;

    let task = Task::accepted(&caller, &say(&caller, "a-request-of-the-tests").await);
    task.result().await;
    let request = span(&collector, "POST /chat").await;
    let run = span(&collector, "task chat").await;
    let model = span(&collector, "model call").await;
    let tool = span(&collector, "tool").await;

    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for told in [&request, &run, &model, &tool] {
        assert_eq!(hex(&told.span.trace_id), TRACE, "{told:?}");
    }
    assert_eq!(hex(&request.span.parent_span_id), SPAN);
    assert_eq!(run.span.parent_span_id, request.span.span_id);
    assert_eq!(model.span.parent_span_id, run.span.span_id);
    assert_eq!(tool.span.parent_span_id, run.span.span_id);
    assert_eq!((request.service.as_str(), run.service.as_str()), ("proxie-api", "proxie-worker"));

    let user = caller.get("/auth/me").await.expect(200).body["id"].as_str().map(str::to_owned);
    assert!(user.is_some());
    for (told, key, value) in [
        (&request, "http.route", Some("/chat".to_owned())),
        (&request, "http.response.status_code", Some("202".to_owned())),
        (&request, "request_id", Some("a-request-of-the-tests".to_owned())),
        (&request, "user_id", user.clone()),
        (&run, "user_id", user),
        (&run, "task_id", Some(task.id.clone())),
        (&tool, "tool", Some("update_request_draft".to_owned())),
    ] {
        assert_eq!(told.attribute(key), value, "{told:?}");
    }
    for (process, id) in [(&api, "a-request-of-the-tests"), (&worker, task.id.as_str())] {
        let log = process.log();
        let line = log.lines().find(|line| line.contains(id)).expect("a line with its id");
        assert!(line.contains(TRACE), "{line}");
    }
    nothing_slipped_out(&[&collector], &[&api, &worker], &secrets);
}

#[tokio::test]
async fn the_ids_of_logs_are_those_of_traces() {
    let (app, collector) = (App::builder().workers(0).start().await, Recorder::start().await);
    let url = collector.url();
    let sending = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
    // Made by an API that tells nobody: the worker begins the trace, and the model's provider is told of it.
    let task = {
        let (_quiet, anybody) = Process::api(&app, &[]).await;
        let body = json!({"message": HAIRCUT});
        Task::accepted(&anybody, &anybody.post("/chat", body).await)
    };
    let row = app.database.value(&format!("SELECT trace_id FROM tasks WHERE id = '{}'", task.id)).await;
    let trace = row.as_str().expect("a trace").to_owned();
    let model = Recorder::start().await;
    let told = [sending[0], sending[1], ("LLM_BASE_URL", &model.url())];
    let _worker = Process::worker_with(&app, &told);
    let run = span(&collector, "task chat").await;
    assert_eq!(run.span.trace_id.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), trace);
    assert!(run.span.parent_span_id.is_empty(), "{run:?}");
    let asked = model.received().swap_remove(0);
    assert!(asked.head.contains(&format!("traceparent: 00-{trace}-")), "{}", asked.head);
}

#[tokio::test]
async fn errors_of_the_api_are_reported() {
    let (app, sentry) = (App::builder().workers(0).start().await, Recorder::start().await);
    let dsn = sentry.dsn();
    let (api, anybody) = Process::api(&app, &[("SENTRY_DSN", &dsn), ("SENTRY_ENVIRONMENT", "tests")]).await;
    let (caller, secrets) = somebody(&anybody).await;
    let user = caller.get("/auth/me").await.expect(200).body["id"].clone();
    app.database.execute("ALTER TABLE chat_messages RENAME TO elsewhere").await;
    say(&caller, "a-request-that-fails").await.expect(500);

    let told = report(&sentry, |report| report["tags"]["request_id"] == "a-request-that-fails").await;
    assert_eq!(told["tags"]["code"], "internal", "{told}");
    assert_eq!(told["tags"]["trace_id"], TRACE, "{told}");
    assert_eq!(told["contexts"]["trace"]["trace_id"], TRACE, "{told}");
    assert_eq!(told["user"], json!({"id": user}), "{told}");
    assert_eq!(told["environment"], "tests", "{told}");
    assert!(told["extra"]["causes"].as_str().unwrap_or_default().contains("chat_messages"), "{told}");
    assert!(told["request"].is_null() && told["server_name"].is_null(), "{told}");
    assert!(!told.to_string().contains("127.0.0.1"), "no addresses: {told}");
    nothing_slipped_out(&[&sentry], &[&api], &secrets);
}

#[tokio::test]
async fn panics_of_a_worker_are_reported() {
    let (app, sentry) = (App::builder().workers(0).start().await, Recorder::start().await);
    let task = app.guest().await.say(&format!("{HAIRCUT}, {MARKER}")).await;
    // A step with the last number there is: counting on from it overflows, which panics where tests are built.
    let call = json!({"text": null, "model": "m", "prompt_tokens": 1, "completion_tokens": 1,
        "calls": [{"id": "1", "name": MARKER, "arguments": "{}"}]});
    app.database
        .execute(&format!(
            "INSERT INTO task_steps (task_id, no, kind, name, output, claim_no) VALUES ('{}', {}, 'llm', 'm', '{call}', 1)",
            task.id,
            i32::MAX
        ))
        .await;
    let worker = Process::worker_with(&app, &[("SENTRY_DSN", &sentry.dsn())]);
    let told = report(&sentry, |report| report["message"] == "panicked").await;
    assert_eq!(told["tags"]["task_id"], task.id.as_str(), "{told}");
    assert_eq!(told["tags"]["kind"], "chat", "{told}");
    assert!(told["user"]["id"].is_string(), "{told}");
    assert!(told["extra"]["location"].as_str().unwrap_or_default().contains("turn.rs"), "{told}");
    nothing_slipped_out(&[&sentry], &[&worker], &[]);
}

#[tokio::test]
async fn who_is_told_and_does_not_answer_holds_up_nothing() {
    let (app, silent) = (App::builder().workers(0).start().await, Recorder::start_hanging().await);
    let (url, dsn) = (silent.url(), silent.dsn());
    let sending = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "4"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"),
        ("SENTRY_DSN", dsn.as_str()),
    ];
    still_works(&app, &sending).await;
    assert!(silent.received().len() >= 2, "both were told");
}

#[tokio::test]
async fn who_is_told_and_is_not_there_holds_up_nothing() {
    let app = App::builder().workers(0).start().await;
    let gone = {
        let here = Recorder::start().await;
        (here.url(), here.dsn())
    };
    still_works(&app, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &gone.0), ("SENTRY_DSN", &gone.1)]).await;
}

/// Messages are answered, errors are, and both processes end when they are told to.
async fn still_works(app: &App, sending: &[(&'static str, &str)]) {
    let (api, anybody) = Process::api(app, sending).await;
    let worker = Process::worker_with(app, sending);
    let guest = Task::accepted(&anybody, &anybody.post("/chat", json!({"message": HAIRCUT})).await);
    guest.result().await;
    app.database.execute("ALTER TABLE chat_messages RENAME TO elsewhere").await;
    // More than any queue holds.
    for _ in 0..100 {
        anybody.post("/chat", json!({"message": HAIRCUT})).await.expect(500);
    }
    let told = Instant::now();
    api.signal("TERM");
    worker.signal("TERM");
    assert_eq!((api.ends().await, worker.ends().await), (Some(0), Some(0)));
    assert!(told.elapsed() < END, "{:?}", told.elapsed());
}

#[tokio::test]
async fn what_was_to_be_told_goes_out_at_the_end() {
    let (app, collector) = (App::builder().workers(0).start().await, Recorder::start().await);
    let url = collector.url();
    // Nothing would go out by itself before the test is over.
    let sending = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "600000")];
    let (api, anybody) = Process::api(&app, &sending).await;
    anybody.get("/health").await.expect(200);
    api.signal("TERM");
    assert_eq!(api.ends().await, Some(0));
    assert!(collector.spans().iter().any(|told| told.span.name == "GET /health"));
}

#[tokio::test]
async fn a_trace_that_is_not_kept_is_not_told_of() {
    let (app, collector) = (App::builder().workers(0).start().await, Recorder::start().await);
    let url = collector.url();
    let sending = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("OTEL_TRACES_SAMPLER_ARG", "0")];
    let (api, anybody) = Process::api(&app, &sending).await;
    say(&anybody, "a-request-of-the-tests").await.expect(202);
    api.signal("TERM");
    assert_eq!(api.ends().await, Some(0));
    assert!(collector.received().is_empty());
    let row = app.database.rows("SELECT trace_id, parent_span FROM tasks").await;
    assert_eq!(
        row,
        [json!({"trace_id": TRACE, "parent_span": null})],
        "the caller's trace, and no span of it"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_named_at_the_start() {
    let app = App::builder().workers(0).start().await;
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:hunter2@collector"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("SENTRY_DSN", "https://sentry.example/hunter2"),
    ] {
        for (program, arguments) in [("proxie-api", &["serve"][..]), ("proxie-worker", &[])] {
            let mut environment = app.environment();
            environment.push((name, value.to_owned()));
            let (code, said) = Process::start(program, arguments, environment).ends_saying().await;
            assert_eq!(code, Some(1), "{program} with {name}: {said}");
            assert!(said.contains(name) && !said.contains("hunter2"), "{said}");
        }
    }
}

#[tokio::test]
async fn the_configuration_is_shown_without_secrets() {
    let app = App::builder().workers(0).start().await;
    let mut environment = app.environment();
    let named = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2"),
        ("SENTRY_DSN", "https://hunter2@sentry.example/1"),
    ];
    environment.extend(named.map(|(name, value)| (name, value.to_owned())));
    let (code, said) = Process::output("proxie-api", &["config"], environment).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("https://collector.example") && said.contains("[hidden]"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}
