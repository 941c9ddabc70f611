use actix_web::HttpResponse;
use serde_json::json;

use crate::http::{Answer, Anyone, Call};

/// `GET /health`: the process lives.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// `GET /ready`: what it needs is there; names what is down. Without Redis it serves on, only slower.
pub async fn ready(call: Call<Anyone>) -> Answer {
    let checks = call.app.domain.readiness().await;
    let down: Vec<_> = checks.iter().filter(|(_, up)| !up).map(|(name, _)| *name).collect();
    let (mut response, status) = match down.as_slice() {
        [] => (HttpResponse::Ok(), "ready"),
        down if down.contains(&"postgres") => (HttpResponse::ServiceUnavailable(), "unready"),
        _ => (HttpResponse::Ok(), "degraded"),
    };
    Ok(response.json(json!({"status": status, "down": down})))
}
