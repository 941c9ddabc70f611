//! An admin stops a provider, and lets it go on.

use diesel_async::AsyncConnection;

use crate::auth::Admin;
use crate::db;
use crate::domain::{Domain, audit};
use crate::error::{Code, Error, Result};
use crate::model::ProviderId;
use crate::model::providers::{Provider, ProviderStatus};
use crate::model::states::State;

impl Domain {
    /// Suspends a provider, which nobody finds or books then, or makes it active again. What is agreed stays.
    ///
    /// # Errors
    /// `not_found`; `illegal_move`.
    pub async fn set_provider_status(
        &self,
        admin: &Admin,
        id: ProviderId,
        to: ProviderStatus,
        note: Option<&str>,
    ) -> Result<Provider> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let before = db::licences::lock_provider(conn, id).await?;
            if before.status == to {
                return Ok(before);
            }
            if !before.status.may_become(to) {
                return Err(Error::illegal_move(Code::IllegalMove, before.status));
            }
            let by = Some(admin.user_id());
            db::providers::set_status(conn, id, (before.status, to), by, note).await?;
            let said = serde_json::json!({"from": before.status, "to": to});
            audit::record(conn, by, "provider.status", id.0, Some(before.user_id), said).await?;
            db::matching::wake(conn, &[id]).await?;
            Ok(Provider { status: to, ..before })
        })
        .await
    }
}
