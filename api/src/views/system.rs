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
