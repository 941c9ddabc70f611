use actix_web::HttpResponse;
use actix_web::http::header::RETRY_AFTER;
use proxie_shared::auth::Anyone;
use proxie_shared::error::Code;
use proxie_shared::telemetry::metrics::CONTENT_TYPE;

use crate::http::{Answer, Call};
use crate::views::system::{HealthView, ReadyView};

/// Tell that the process lives
///
/// Says nothing about what it needs; see `/ready` for that.
#[utoipa::path(get, path = "/health", tag = "system", responses((status = 200, body = HealthView)))]
pub async fn health(_call: Call<Anyone>) -> Answer {
    Ok(HttpResponse::Ok().json(HealthView::OK))
}

/// Tell whether what it needs is there
///
/// Names what is down. Without Redis it serves on, only slower: `degraded`.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "system",
    responses((status = 200, body = ReadyView), (status = 503, description = "PostgreSQL is down.", body = ReadyView))
)]
pub async fn ready(call: Call<Anyone>) -> Answer {
    let checks = call.app.domain.readiness().await;
    let down: Vec<_> = checks.iter().filter(|(_, up)| !up).map(|(name, _)| *name).collect();
    Ok(match down.as_slice() {
        [] => HttpResponse::Ok().json(ReadyView { status: "ready", down }),
        names if names.contains(&"postgres") => HttpResponse::ServiceUnavailable()
            .insert_header((RETRY_AFTER, 2))
            .json(ReadyView { status: "unready", down }),
        _ => HttpResponse::Ok().json(ReadyView { status: "degraded", down }),
    })
}

/// Read the metrics
///
/// In the text format of Prometheus. In production only for who sends the configured token, as `X-Metrics-Token` or as
/// `Authorization: Bearer`, or calls from an internal address; for others there is nothing here.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "system",
    security((), ("metrics" = [])),
    responses((status = 200, description = "Metrics.", body = String, content_type = "text/plain; version=0.0.4"))
)]
pub async fn metrics(call: Call<Anyone>) -> Answer {
    if !call.app.may_read_metrics(&call.request, call.header("x-metrics-token").or(call.bearer())) {
        return Err(Code::NotFound.into());
    }
    call.app.gauges.refresh().await;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(call.app.metrics.render()))
}
