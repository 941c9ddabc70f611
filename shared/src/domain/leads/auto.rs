//! Leads that are answered without a person, by the rules of providers who want that.

use chrono::NaiveTime;
use diesel_async::AsyncConnection;
use serde_json::{Value, json};

use super::draft::{request_of, suggestion};
use crate::db::steps::Step;
use crate::db::tasks::Claimed;
use crate::db::{self, Conn, Db};
use crate::domain::offers::{Maker, NamedSlot, NewOffer, make};
use crate::error::{Code, Error, Result};
use crate::model::catalog::Catalog;
use crate::model::providers::{Provider, ProviderStatus};
use crate::model::slots::{HOUR_MINUTE, Slot};
use crate::model::tasks::Effect;
use crate::model::{OfferId, RequestId};

/// The one step of an automatic offer.
const OFFER_STEP: i32 = 1;

/// Answers a lead by the rules of a provider who does not want to be asked: once, however often it is run; where the rules
/// allow no offer there is none, and nobody is told.
///
/// # Errors
/// `illegal_move` when the claim holds no longer; when the database is away.
pub async fn run_auto_offer(db: &Db, catalog: &Catalog, task: &Claimed) -> Result<Value> {
    let id = request_of(task)?;
    let mut conn = db.conn().await?;
    if let Some(done) = db::steps::find(&mut conn, task.id, OFFER_STEP).await? {
        return Ok(done.output);
    }
    let offered = match allowed(&mut conn, catalog, task, id).await {
        Ok((provider, new)) => offer(&mut conn, task, id, &provider, &new).await,
        Err(error) => Err(error),
    };
    match offered {
        Ok(output) => Ok(output),
        // Another claim has it, or it will be tried again.
        Err(error) if error.is_transient() || error.code == Code::Internal => Err(error),
        Err(error) => Ok(output(id, None, Some(error.code))),
    }
}

/// Makes the offer and writes down that it was, in one transaction.
async fn offer(
    conn: &mut Conn,
    task: &Claimed,
    id: RequestId,
    provider: &Provider,
    new: &NewOffer,
) -> Result<Value> {
    conn.transaction(async |conn| {
        db::users::require_active(conn, task.user_id).await?;
        let made = make(conn, Maker { provider, actor: None }, new).await?;
        let effect = Effect { kind: "offer_submitted".to_owned(), id: made.offer.id.0 };
        // The fence, last, as everybody locks tasks: a claim that holds no longer has offered nothing.
        db::tasks::hold(conn, task, OFFER_STEP, serde_json::to_value([effect])?).await?;
        let output = output(id, Some(made.offer.id), None);
        db::steps::insert(conn, task, &Step::tool(OFFER_STEP, "submit_offer", output.clone())).await?;
        Ok(output)
    })
    .await
}

/// The offer that the provider's rules allow.
///
/// # Errors
/// Why there is none.
async fn allowed(
    conn: &mut Conn,
    catalog: &Catalog,
    task: &Claimed,
    id: RequestId,
) -> Result<(Provider, NewOffer)> {
    let (request, provider, suggestion) = suggestion(conn, catalog, task, id).await?;
    let answers = provider.auto_offer && provider.status == ProviderStatus::Active;
    // One that was made and withdrawn, declined or has lapsed is an answer too.
    let is_new = !db::leads::has_offered(conn, id, provider.id).await?;
    if !answers || !is_new || suggestion.price.is_over_budget || suggestion.slots.is_empty() {
        return Err(Code::IllegalMove.into());
    }
    let named = |slot: &Slot| {
        let start_time = NaiveTime::parse_from_str(&slot.start_time, HOUR_MINUTE);
        start_time.map(|start_time| NamedSlot { date: slot.date, start_time })
    };
    let slots = suggestion.slots.iter().map(named).collect::<Result<Vec<_>, _>>();
    let new = NewOffer {
        request_id: id,
        service_id: request.service_id.clone(),
        price_cents: suggestion.price.mid,
        currency: suggestion.price.currency,
        duration_minutes: suggestion.duration_minutes,
        price_notes: String::new(),
        slots: slots.map_err(|error| Error::new(Code::Internal).because(error))?,
        message: suggestion.message,
        life_hours: None,
    };
    Ok((provider, new))
}

fn output(id: RequestId, offer: Option<OfferId>, why_not: Option<Code>) -> Value {
    json!({"kind": "auto_offer", "request_id": id, "offer_id": offer, "why_not": why_not})
}
