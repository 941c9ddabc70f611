//! Leads that are answered without a person, by the rules of providers who want that.

use chrono::NaiveTime;
use diesel_async::AsyncConnection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::draft::{Suggested, request_of, suggested};
use super::require_open;
use crate::db::steps::Step;
use crate::db::tasks::Claimed;
use crate::db::{self, Conn, Db};
use crate::domain::offers::{Maker, NamedSlot, NewOffer, OfferDetails, make};
use crate::domain::persistence::persistently;
use crate::error::{Code, Error, Result};
use crate::model::catalog::Catalog;
use crate::model::providers::{Provider, ProviderStatus};
use crate::model::requests::RequestStatus;
use crate::model::slots::{HOUR_MINUTE, Slot};
use crate::model::tasks::Effect;
use crate::model::{OfferId, RequestId};

/// The one step of an automatic offer.
const OFFER_STEP: i32 = 1;

/// Why a lead is not answered without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// The request takes no offers any more, the lead was passed, or the provider does not do this any more.
    Closed,
    /// The provider wants to be asked, or is not at work.
    NotWanted,
    /// The provider has offered before: one that was withdrawn, declined or has lapsed is an answer too.
    Answered,
    /// Their least price is above the budget.
    OverBudget,
    /// They are not free when it is needed.
    NoSlots,
}

/// Answers a lead by the rules of a provider who does not want to be asked: once, however often it is run. Where the rules
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
    let (provider, new) = match allowed(&mut conn, catalog, task, id).await? {
        Ok(allowed) => allowed,
        Err(why_not) => return Ok(output(id, None, Some(why_not))),
    };
    persistently!(conn, async |conn| offer(conn, task, id, &provider, &new).await)
}

/// Makes the offer and writes down that it was, in one transaction.
async fn offer(
    conn: &mut Conn,
    task: &Claimed,
    id: RequestId,
    provider: &Provider,
    new: &NewOffer,
) -> Result<Value> {
    let made = match answer(conn, task, id, provider, new).await {
        Ok(Some(made)) => made,
        Ok(None) => return Ok(output(id, None, Some(WhyNot::Answered))),
        Err(error) if is_closed(&error) => return Ok(output(id, None, Some(WhyNot::Closed))),
        Err(error) => return Err(error),
    };
    let effect = Effect { kind: "offer_submitted".to_owned(), id: made.offer.id.0 };
    // The fence, last, as everybody locks tasks: a claim that holds no longer has offered nothing.
    db::tasks::hold(conn, task, OFFER_STEP, serde_json::to_value([effect])?).await?;
    let output = output(id, Some(made.offer.id), None);
    db::steps::insert(conn, task, &Step::tool(OFFER_STEP, "submit_offer", output.clone())).await?;
    Ok(output)
}

/// Answers the lead with an offer, unless it was answered before.
async fn answer(
    conn: &mut Conn,
    task: &Claimed,
    id: RequestId,
    provider: &Provider,
    new: &NewOffer,
) -> Result<Option<OfferDetails>> {
    db::users::require_active(conn, task.user_id).await?;
    // Looked at again with the request locked: another task may answer the same lead.
    let locked = db::requests::lock_all(conn, &[id]).await?;
    if locked.iter().any(|request| request.status == RequestStatus::Matching) {
        // In a moment it takes offers again.
        return Err(Error::new(Code::Unavailable).because("the request is being matched"));
    }
    let (request, _, routed, offered) = db::leads::find_for(conn, task.user_id, id).await?;
    if offered.is_some() {
        return Ok(None);
    }
    require_open(&request, routed.passed_at)?;
    make(conn, Maker { provider, actor: None }, new).await.map(Some)
}

/// The offer that the provider's rules allow, or why they allow none.
async fn allowed(
    conn: &mut Conn,
    catalog: &Catalog,
    task: &Claimed,
    id: RequestId,
) -> Result<Result<(Provider, NewOffer), WhyNot>> {
    let Suggested { request, provider, suggestion, offered, .. } =
        match suggested(conn, catalog, task.user_id, id).await {
            Ok(suggested) => suggested,
            Err(error) if is_closed(&error) => return Ok(Err(WhyNot::Closed)),
            Err(error) => return Err(error),
        };
    let why_not = if !provider.auto_offer || provider.status != ProviderStatus::Active {
        Some(WhyNot::NotWanted)
    } else if offered.is_some() {
        Some(WhyNot::Answered)
    } else if suggestion.price.is_over_budget {
        Some(WhyNot::OverBudget)
    } else if suggestion.slots.is_empty() {
        Some(WhyNot::NoSlots)
    } else {
        None
    };
    if let Some(why_not) = why_not {
        return Ok(Err(why_not));
    }
    let named = |slot: &Slot| {
        let start_time = NaiveTime::parse_from_str(&slot.start_time, HOUR_MINUTE);
        start_time.map(|start_time| NamedSlot { date: slot.date, start_time })
    };
    let slots = suggestion.slots.iter().map(named).collect::<Result<Vec<_>, _>>();
    let new = NewOffer {
        request_id: id,
        service_id: request.service_id,
        price_cents: suggestion.price.mid,
        currency: suggestion.price.currency,
        duration_minutes: suggestion.duration_minutes,
        price_notes: String::new(),
        slots: slots.map_err(|error| Error::new(Code::Internal).because(error))?,
        message: suggestion.message,
        life_hours: None,
    };
    Ok(Ok((provider, new)))
}

/// Whether something was refused because the lead takes no offer of theirs any more.
fn is_closed(error: &Error) -> bool {
    matches!(error.code, Code::NotYours | Code::RequestClosed | Code::AccountClosed | Code::IllegalMove)
}

fn output(id: RequestId, offer: Option<OfferId>, why_not: Option<WhyNot>) -> Value {
    json!({"kind": "auto_offer", "request_id": id, "offer_id": offer, "why_not": why_not})
}
