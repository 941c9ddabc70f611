use chrono::{DateTime, Utc};
use proxie_shared::db::audit::AuditEntry;
use proxie_shared::model::providers::{Provider, ProviderStatus};
use proxie_shared::model::users::{Role, UserStatus};
use proxie_shared::model::{ProviderId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::examples;
use crate::http::Input;

/// `…/{user_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPath {
    /// The user.
    #[schema(value_type = String, format = Uuid, example = json!(examples::USER))]
    pub user_id: UserId,
}

impl Input for UserPath {}

/// `?limit=&cursor=` of the audit log.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(example = json!(examples::MESSAGE))]
    pub cursor: Option<Uuid>,
}

impl Input for AuditQuery {}

/// `PUT /admin/users/{user_id}/status`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "suspended"}))]
pub struct StatusBody {
    /// What the account is to be.
    pub status: UserStatus,
}

impl Input for StatusBody {}

/// A role that an account can have.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Needs work done.
    Consumer,
    /// Does the work.
    Provider,
    /// Runs the place.
    Admin,
}

impl From<AccountRole> for Role {
    fn from(role: AccountRole) -> Self {
        match role {
            AccountRole::Consumer => Self::Consumer,
            AccountRole::Provider => Self::Provider,
            AccountRole::Admin => Self::Admin,
        }
    }
}

/// `PUT /admin/users/{user_id}/role`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "admin"}))]
pub struct RoleBody {
    /// What the user is to be.
    pub role: AccountRole,
}

impl Input for RoleBody {}

/// Where an admin moves a provider.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AdminProviderStatus {
    /// Takes work.
    Active,
    /// Does not.
    Suspended,
}

/// `PUT /admin/providers/{provider_id}/status`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "suspended", "note": "Two customers were never visited."}))]
pub struct ProviderStatusBody {
    /// What the provider is to be.
    status: AdminProviderStatus,
    /// Why; kept with the move.
    #[schema(max_length = 2_000)]
    note: Option<String>,
}

impl ProviderStatusBody {
    /// What the provider is to be.
    pub fn status(&self) -> ProviderStatus {
        match self.status {
            AdminProviderStatus::Active => ProviderStatus::Active,
            AdminProviderStatus::Suspended => ProviderStatus::Suspended,
        }
    }

    /// Why.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

impl Input for ProviderStatusBody {}

/// How a provider stands.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"provider_id": examples::PROVIDER, "status": "suspended"}))]
pub struct ProviderStatusView {
    provider_id: ProviderId,
    status: ProviderStatus,
}

impl ProviderStatusView {
    /// The view of how a provider stands.
    pub fn new(provider: &Provider) -> Self {
        Self { provider_id: provider.id, status: provider.status }
    }
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::audit()))]
pub struct AuditView {
    items: Vec<AuditEntryView>,
    next_cursor: Option<String>,
}

/// A move of an admin.
#[derive(Serialize, ToSchema)]
pub struct AuditEntryView {
    id: Uuid,
    /// Nobody for an operator on the command line.
    admin_id: Option<UserId>,
    /// Noun and verb, as in `task.cancel`.
    action: String,
    /// With what; null for what the catalog holds.
    object_id: Option<Uuid>,
    /// With what of the catalog.
    object_slug: Option<String>,
    /// Whose it was.
    owner_id: Option<UserId>,
    /// More, depending on the action.
    #[schema(value_type = NoteView)]
    note: serde_json::Value,
    created_at: DateTime<Utc>,
}

/// What a move changed.
#[derive(Serialize, ToSchema)]
pub struct NoteView {
    /// A status or a role, as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from: Option<String>,
    /// What it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<String>,
    /// Of which service, with a licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    service_id: Option<String>,
}

impl AuditView {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(mut entries: Vec<AuditEntry>, limit: i64) -> Self {
        let more = entries.len() as i64 > limit;
        entries.truncate(limit as usize);
        Self {
            next_cursor: entries.last().filter(|_| more).map(|entry| entry.id.to_string()),
            items: entries.into_iter().map(AuditEntryView::from).collect(),
        }
    }
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, admin_id, action, object_id, owner_id, note, created_at, object_slug } = entry;
        Self { id, admin_id, action, object_id, object_slug, owner_id, note, created_at }
    }
}
