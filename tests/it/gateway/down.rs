//! The model is down altogether: people hear of it soon and in a sentence, keep what they said, and send it again at a touch.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use proxie_offline_llm::Fault;
use serde_json::{Value, json};

use crate::support::{App, HAIRCUT, Process, Task, eventually};

/// How long a provider is left alone that has failed: longer than anybody is kept waiting.
const REST: Duration = Duration::from_secs(20);

/// What a worker says of itself.
struct Ready(String);

impl Ready {
    /// Of a worker that skips a model after two failures.
    async fn of_worker(app: &App) -> (Process, Self) {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        drop(free);
        let rest = REST.as_millis().to_string();
        let worker = Process::worker_with(app, &[("PORT", &port), ("PROXIE_LLM_BREAKER_REST_MS", &rest)]);
        let ready = Self(format!("http://127.0.0.1:{port}/ready"));
        eventually("the worker answers", async || reqwest::get(&ready.0).await.is_ok()).await;
        (worker, ready)
    }

    /// How the model's breaker stands; the worker itself is ready.
    async fn breaker(&self) -> String {
        let answer = reqwest::get(&self.0).await.unwrap();
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["status"], "ready", "it is not the worker that is down: {body}");
        body["models"]["default"].as_str().unwrap().to_owned()
    }
}

/// What somebody is told whose message could not be answered.
async fn told(task: &Task) -> (Value, Value) {
    assert_eq!(task.failure().await, "model_unavailable");
    let done = task.done().await;
    (done["error"]["detail"].clone(), done["attempts"].clone())
}

#[tokio::test]
async fn everybody_hears_of_it_soon_and_sends_it_again_at_a_touch() {
    let app = App::builder().workers(0).llm(|llm| llm.breaker_failures = 2).start().await;
    let (_worker, ready) = Ready::of_worker(&app).await;
    assert_eq!(ready.breaker().await, "closed");
    app.model.always(Some(Fault::status(503)));

    let began = Instant::now();
    let maya = app.consumer("maya");
    let first = maya.say(HAIRCUT).await;
    let second = maya.say_in(&first.session, "make it $80").await;
    let detail =
        "The assistant cannot be reached at the moment. Your message is kept: try again in a minute.";
    assert_eq!(told(&first).await, (json!(detail), json!(3)), "twice it failed, then it is skipped");
    assert_eq!(ready.breaker().await, "open");
    assert_eq!(told(&second).await, (json!(detail), json!(1)), "nobody waits for what takes too long");
    let mut others = Vec::new();
    for name in ["noah", "zoe", "liam"] {
        let task = app.consumer(name).say("hello").await;
        assert_eq!(told(&task).await, (json!(detail), json!(1)), "{name}");
        others.push(task);
    }
    let heard = began.elapsed();
    assert!(heard < REST, "after {heard:?}");
    assert_eq!(app.model.counters().received, 2, "who is down is left alone");
    let kept = maya.transcript(&first.session).await;
    assert_eq!(kept, [HAIRCUT, "make it $80"].map(|said| ("user".to_owned(), said.to_owned())));

    app.model.clear();
    eventually("it may be tried again", async || ready.breaker().await == "half_open").await;
    let again = Task::accepted(&maya, &first.retry().await);
    assert_eq!(again.result().await["draft"]["fields"]["city"], "Brooklyn");
    assert_eq!(ready.breaker().await, "closed");
    for task in others {
        Task::accepted(task.caller(), &task.retry().await).result().await;
    }
    println!("figure: gateway: with the model down 5 messages were told so within {heard:?}");
}
