//! The HTTP server: OpenAI's routes and the control of faults.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::error::InternalError;
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, Result, web};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::agents;
use crate::completion::{Completion, Request};
use crate::control::Control;
use crate::embeddings;
use crate::faults::{Fault, Faults, Kind};
use crate::wire;

/// The names of the models.
pub const MODELS: &[&str] = &["offline", "offline-vision", "offline-embeddings"];

/// Connections held at once; one thread waits for all of them.
const CONNECTIONS: usize = 100_000;

/// Starts the server on a listener. Runs once it is awaited or spawned, also on a plain tokio runtime; takes no signals.
///
/// # Errors
/// The listener cannot be used.
pub fn serve(listener: TcpListener, faults: Faults) -> std::io::Result<(Server, Control)> {
    let control = Control::new(faults);
    let data = web::Data::new(control.clone());
    let server = HttpServer::new(move || App::new().app_data(data.clone()).configure(routes))
        .workers(1)
        .max_connections(CONNECTIONS)
        .keep_alive(Duration::from_secs(75))
        // Longer than clients keep a connection that they have made and not used: what is just being asked is not refused.
        .client_request_timeout(Duration::from_secs(120))
        // A client that goes away ends its call at once: that is how dropped calls are counted.
        .h1_allow_half_closed(false)
        .shutdown_timeout(1)
        .disable_signals()
        .listen(listener)?
        .run();
    Ok((server, control))
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(64 << 20))
        .route("/v1/chat/completions", web::post().to(chat))
        .route("/v1/embeddings", web::post().to(embed))
        .route("/v1/models", web::get().to(models))
        .route("/v1/models/{id}", web::get().to(model))
        .route("/health", web::get().to(health))
        .route("/control/faults", web::put().to(put_faults))
        .route("/control/faults", web::get().to(get_faults))
        .route("/control/counters", web::get().to(get_counters))
        .default_service(web::to(not_found));
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|cause| invalid(&format!("The body is not understood: {cause}.")))
}

fn invalid(message: &str) -> Error {
    refusal(wire::error(400, "invalid_request_error", None, message))
}

fn refusal(response: HttpResponse) -> Error {
    InternalError::from_response("refused", response).into()
}

fn asked_for(request: &HttpRequest) -> std::result::Result<Fault, String> {
    match request.headers().get("X-Offline-Faults").map(|value| value.to_str()) {
        Some(Ok(text)) => Fault::parse(text),
        Some(Err(_)) => Err("X-Offline-Faults is not text".to_owned()),
        None => Ok(Fault::default()),
    }
}

async fn chat(request: HttpRequest, body: web::Bytes, control: web::Data<Control>) -> Result<HttpResponse> {
    let call = control.arrive();
    match answer(&request, &body, &control).await {
        Ok((completion, fault, body)) if body.stream == Some(true) => {
            let usage = body.stream_options.and_then(|options| options.include_usage);
            Ok(wire::streamed(&completion, fault, usage == Some(true), call))
        }
        Ok((completion, fault, _)) => Ok(wire::whole(&completion, &fault, call)),
        Err(refusal) => {
            call.finish();
            Err(refusal)
        }
    }
}

async fn answer(
    request: &HttpRequest,
    body: &[u8],
    control: &Control,
) -> Result<(Completion, Fault, Request)> {
    let fault = control.take();
    let body: Request = parse(body)?;
    if body.messages.is_empty() {
        return Err(invalid("'messages' is empty."));
    }
    let wrong = |message: String| invalid(&format!("{message}."));
    let (model, of_model) = Fault::of_model(&body.model).map_err(wrong)?;
    let fault = fault.overlaid(of_model).overlaid(asked_for(request).map_err(wrong)?);
    if fault.fault == Some(Kind::Hang) {
        std::future::pending::<()>().await;
    }
    if let Some(wait) = fault.latency_ms.filter(|wait| *wait > 0) {
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    if let Some(status) = fault.status {
        return Err(refusal(wire::refuse(status, fault.retry_after)));
    }
    let (answer, created) = agents::answer(&body, fault.fault == Some(Kind::Obey));
    let mut completion = Completion::new(&body, model, created, answer);
    match fault.fault {
        Some(Kind::MalformedArguments) => completion.spoil_arguments(),
        Some(Kind::Empty | Kind::NoChoices) => completion.clear(),
        _ => {}
    }
    Ok((completion, fault, body))
}

async fn embed(body: web::Bytes) -> Result<HttpResponse> {
    let request: embeddings::Request = parse(&body)?;
    let answer = embeddings::answer(&request).map_err(|message| invalid(&message))?;
    Ok(HttpResponse::Ok().json(answer))
}

fn described(id: &str) -> Value {
    json!({"id": id, "object": "model", "created": 0, "owned_by": "proxie"})
}

async fn models() -> HttpResponse {
    let data: Vec<Value> = MODELS.iter().map(|id| described(id)).collect();
    HttpResponse::Ok().json(json!({"object": "list", "data": data}))
}

async fn model(id: web::Path<String>) -> HttpResponse {
    if MODELS.contains(&id.as_str()) {
        HttpResponse::Ok().json(described(&id))
    } else {
        wire::error(
            404,
            "invalid_request_error",
            Some("model_not_found"),
            &format!("The model '{id}' does not exist."),
        )
    }
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

async fn put_faults(body: web::Bytes, control: web::Data<Control>) -> Result<HttpResponse> {
    control.set_faults(parse(&body)?);
    Ok(HttpResponse::Ok().json(control.faults()))
}

async fn get_faults(control: web::Data<Control>) -> HttpResponse {
    HttpResponse::Ok().json(control.faults())
}

async fn get_counters(control: web::Data<Control>) -> HttpResponse {
    HttpResponse::Ok().json(control.counters())
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    let message = format!("Unknown request URL: {} {}.", request.method(), request.path());
    wire::error(404, "invalid_request_error", Some("unknown_url"), &message)
}

#[cfg(test)]
mod tests;
