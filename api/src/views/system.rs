use serde::Serialize;
use utoipa::ToSchema;

/// The process lives.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
pub struct HealthView {
    status: &'static str,
}

impl HealthView {
    /// It does.
    pub const OK: Self = Self { status: "ok" };
}

/// Whether what it needs is there.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ready", "down": []}))]
pub struct ReadyView {
    /// `ready`, `degraded` or `unready`.
    pub status: &'static str,
    /// What does not answer.
    pub down: Vec<&'static str>,
}

/// An OpenAPI document, as far as it is said here; the rest is as OpenAPI 3.1 has it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"openapi": "3.1.0", "info": {"title": "Proxie", "version": "0.1.0"}}))]
pub struct DocumentView {
    /// The version of OpenAPI.
    openapi: String,
    info: InfoView,
}

/// What it documents.
#[derive(Serialize, ToSchema)]
struct InfoView {
    title: String,
    version: String,
}
