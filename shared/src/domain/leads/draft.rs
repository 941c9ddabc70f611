//! An offer that a provider is suggested: the task of it.

use chrono::Utc;
use serde_json::{Value, json};

use super::require_open;
use super::suggest::{Suggestion, work_out};
use crate::db::tasks::Claimed;
use crate::db::{self, Conn, Db};
use crate::error::{Code, Error, Result};
use crate::model::catalog::Catalog;
use crate::model::providers::{Provider, ProviderService, ProviderStatus};
use crate::model::requests::Request;
use crate::model::{OfferId, RequestId, UserId};

/// Works out an offer for a lead of the task's user; it changes nothing, and may be done again.
///
/// # Errors
/// `not_yours` when the request is not routed to them any more; `request_closed`, `illegal_move` when it takes no offer of
/// theirs; when the database is away.
pub async fn run_offer_draft(db: &Db, catalog: &Catalog, task: &Claimed) -> Result<Value> {
    let id = request_of(task)?;
    let mut conn = db.conn().await?;
    Ok(suggested(&mut conn, catalog, task.user_id, id).await?.shown())
}

/// What a provider would offer for a lead.
pub(in crate::domain) struct Suggested {
    pub request: Request,
    pub provider: Provider,
    /// What they offer of it.
    pub service: ProviderService,
    pub suggestion: Suggestion,
    /// The latest that they did offer for it.
    pub offered: Option<OfferId>,
}

impl Suggested {
    /// As the result of a task.
    pub(in crate::domain) fn shown(&self) -> Value {
        let Suggestion { price, duration_minutes, slots, message, .. } = &self.suggestion;
        json!({
            "kind": "offer_draft",
            "request_id": self.request.id,
            "service_id": self.request.service_id,
            "price": {
                "low_cents": price.low, "mid_cents": price.mid, "high_cents": price.high, "currency": price.currency,
            },
            "duration_minutes": duration_minutes,
            "slots": slots,
            "message": message,
            "reasons": self.reasons(),
        })
    }

    /// Why it is as it is, in sentences.
    pub(in crate::domain) fn reasons(&self) -> Vec<String> {
        let mut reasons = self.suggestion.reasons.clone();
        if self.provider.status != ProviderStatus::Active {
            reasons.push("Your profile is not active.".to_owned());
        }
        reasons
    }
}

/// What a user would offer for a request that was routed to them.
///
/// # Errors
/// As [`run_offer_draft`].
pub(in crate::domain) async fn suggested(
    conn: &mut Conn,
    catalog: &Catalog,
    user: UserId,
    id: RequestId,
) -> Result<Suggested> {
    let now = Utc::now();
    let (request, name, routed, offered) = db::leads::find_for(conn, user, id).await?;
    require_open(&request, routed.passed_at)?;
    let provider = db::providers::get(conn, routed.provider_id).await?;
    let services = db::providers::services_of(conn, provider.id).await?;
    let service = services.into_iter().find(|service| service.service_id == request.service_id);
    let service = service.filter(|service| service.is_bookable(now.date_naive())).ok_or_else(|| {
        Error::new(Code::IllegalMove).detail("You do not offer this service, or its licence is not in order.")
    })?;
    let first_name = name.as_deref().and_then(super::first_name);
    let first_name = first_name.as_deref();
    let suggestion = work_out(conn, &provider, &service, &request, first_name, catalog, now).await?;
    Ok(Suggested { request, provider, service, suggestion, offered })
}

/// The request that a task is about.
pub(super) fn request_of(task: &Claimed) -> Result<RequestId> {
    task.request_id.ok_or_else(|| Error::new(Code::Internal).because("a task about a lead without a request"))
}
