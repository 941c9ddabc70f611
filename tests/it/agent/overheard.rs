//! Hears what the agent says to its model: stands between workers and the offline model.

use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, PayloadConfig};
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;

use crate::support::App;

/// The longest call that is passed on, in bytes.
const LONGEST: usize = 16 << 20;

/// What was said to the model.
pub struct Overheard {
    calls: Arc<Mutex<Vec<Value>>>,
}

/// The line to the model.
struct Line {
    model: String,
    http: reqwest::Client,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl Overheard {
    /// From now on; workers that run already are not heard.
    pub fn begin(app: &mut App) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let here = format!("http://{}/v1", listener.local_addr().expect("its address"));
        let model = std::mem::replace(&mut app.worker.llm.providers[0].base_url, here);
        let calls: Arc<Mutex<Vec<Value>>> = Arc::default();
        let line = Data::new(Line {
            model: model.trim_end_matches("/v1").to_owned(),
            http: reqwest::Client::new(),
            calls: Arc::clone(&calls),
        });
        let serve = move || {
            let limit = PayloadConfig::new(LONGEST);
            actix_web::App::new().app_data(limit).app_data(line.clone()).default_service(web::to(pass_on))
        };
        let server = HttpServer::new(serve).workers(1).disable_signals().listen(listener).expect("it serves");
        tokio::spawn(server.run());
        Self { calls }
    }

    /// The bodies of all calls, in order.
    pub fn calls(&self) -> Vec<Value> {
        self.calls.lock().unwrap().clone()
    }

    /// Forgets what was said so far.
    pub fn forget(&self) {
        self.calls.lock().unwrap().clear();
    }
}

async fn pass_on(request: HttpRequest, body: Bytes, line: Data<Line>) -> HttpResponse {
    line.calls.lock().unwrap().push(serde_json::from_slice(&body).unwrap_or_default());
    let call = line.http.post(format!("{}{}", line.model, request.path()));
    let answered = call.header("content-type", "application/json").body(body).send().await;
    let Ok(answer) = answered else { return HttpResponse::BadGateway().finish() };
    let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
    let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    match answer.bytes().await {
        Ok(bytes) => HttpResponse::build(status).content_type(kind.unwrap_or_default()).body(bytes),
        Err(_) => HttpResponse::BadGateway().finish(),
    }
}

/// The system prompt of a call.
pub fn system(call: &Value) -> &str {
    assert_eq!(call["messages"][0]["role"], "system", "{call}");
    call["messages"][0]["content"].as_str().expect("a text")
}

/// A line of the system prompt, without its key.
pub fn line<'a>(call: &'a Value, key: &str) -> Option<&'a str> {
    system(call).lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

/// What was said by the person and to the person, as the model is shown it.
pub fn conversation(call: &Value) -> Vec<&Value> {
    let said = |message: &&Value| {
        message["role"] == "user" || message["role"] == "assistant" && message["tool_calls"].is_null()
    };
    call["messages"].as_array().expect("messages").iter().filter(said).collect()
}
