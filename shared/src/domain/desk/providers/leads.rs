//! Leads: looked at, passed, and what could be offered for them.

use serde_json::{Map, Value, json};

use super::{passing, provider};
use crate::agent::specialists::Consultation;
use crate::agent::{Acted, Refusal, Shows};
use crate::db;
use crate::db::drafts::DraftStatus;
use crate::db::leads::Filter;
use crate::domain::desk::{Work, told};
use crate::domain::drafts;
use crate::domain::leads::{self, Lead};
use crate::error::Result;
use crate::model::RequestId;
use crate::model::catalog::Catalog;
use crate::model::chat::Context;
use crate::model::drafts::{DraftKind, Fields};
use crate::model::places::place;
use crate::model::requests::Request;
use crate::model::tasks::Effect;
use crate::model::window::Window;

/// How many leads are shown.
const MOST: i64 = 20;

pub(in crate::domain::desk) async fn leads(work: Work<'_>) -> Result<Acted> {
    let waiting = Filter { passed: Some(false), open: Some(true), ..Filter::default() };
    let found = work.domain.leads(&provider(work)?, &waiting, None, MOST).await?;
    let catalog = work.domain.catalog();
    let told: Vec<Value> = found.iter().map(|lead| in_short(&catalog, lead)).collect();
    let shows = Shows { leads: found.iter().map(|lead| lead.need.request.id).collect(), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(json!({ "leads": told })) })
}

pub(in crate::domain::desk) async fn lead(work: Work<'_>, named: Option<RequestId>) -> Result<Acted> {
    let id = match which(work, named, "Which lead is to be shown?").await? {
        Ok(id) => id,
        Err(refusal) => return Ok(refusal.into()),
    };
    let viewed = work.domain.view_lead(&provider(work)?, id).await?;
    let told = in_full(&work.domain.catalog(), &viewed);
    Ok(Acted { shows: Shows { lead: Some(id), ..Shows::default() }, ..Acted::told(json!({ "lead": told })) })
}

pub(in crate::domain::desk) async fn pass(work: Work<'_>, named: Option<RequestId>) -> Result<Acted> {
    if !passing::is_said(&work.chat.message.text) {
        let detail =
            "The person's newest message does not say that they pass: ask them before you pass a lead.";
        return Ok(Refusal::new("not_said", detail).into());
    }
    let id = match which(work, named, "Which lead is to be passed?").await? {
        Ok(id) => id,
        Err(refusal) => return Ok(refusal.into()),
    };
    work.domain.pass_lead(&provider(work)?, id, None).await?;
    // What was drafted for it can be sent no more.
    let mut conn = work.unit.conn().await?;
    if let Some(open) = db::drafts::lock_open(&mut conn, work.chat.session.id).await?
        && open.kind == DraftKind::Offer
        && open.fields["request_id"] == json!(id)
    {
        db::drafts::end(&mut conn, open.id, DraftStatus::Superseded).await?;
    }
    let effects = vec![Effect { kind: "lead_passed".to_owned(), id: id.0 }];
    Ok(Acted { effects, ..Acted::told(json!({"passed": true, "request_id": id})) })
}

pub(in crate::domain::desk) async fn suggest(work: Work<'_>, named: Option<RequestId>) -> Result<Acted> {
    let user = provider(work)?.user_id();
    let id = match which(work, named, "For which lead is an offer to be suggested?").await? {
        Ok(id) => id,
        Err(refusal) => return Ok(refusal.into()),
    };
    let mut conn = work.unit.conn().await?;
    leads::require_profile(&mut conn, user).await?;
    let suggested = leads::suggested(&mut conn, &work.domain.catalog(), user, id).await?;
    let suggestion = &suggested.suggestion;
    let price = |cents: i64| told::money(cents, &suggestion.price.currency);
    let result = json!({"suggestion": {
        "request_id": id,
        "service_id": suggested.request.service_id,
        "price": {
            "low": price(suggestion.price.low), "mid": price(suggestion.price.mid), "high": price(suggestion.price.high),
        },
        "duration_minutes": suggestion.duration_minutes,
        "slots": suggestion.slots.iter().map(told::slot).collect::<Vec<_>>(),
        "zone": suggested.provider.zone,
        "message": suggestion.message,
        "reasons": suggested.reasons(),
    }});
    let shows = Shows { suggestion: Some(suggested.shown()), lead: Some(id), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(result) })
}

/// The lead that is meant: that is named, that the message is about, that the open draft is for, else the only one that
/// waits for an answer.
pub(super) async fn which(
    work: Work<'_>,
    named: Option<RequestId>,
    ask: &str,
) -> Result<Result<RequestId, Refusal>> {
    let in_context = match work.chat.context() {
        Some(Context::RequestId(id)) => Some(id),
        _ => None,
    };
    if let Some(id) = named.or(in_context) {
        return Ok(Ok(id));
    }
    let open = drafts::open_fields(&mut *work.unit.conn().await?, work.chat).await?;
    if let Some(Fields::Offer(offer)) = open {
        return Ok(Ok(offer.request_id));
    }
    let waiting = Filter { passed: Some(false), open: Some(true), offered: Some(false), ..Filter::default() };
    let found = work.domain.leads(&provider(work)?, &waiting, None, MOST).await?;
    Ok(match found.as_slice() {
        [] => Err(Refusal::new("none", "There is no lead that waits for an answer.")),
        [only] => Ok(only.need.request.id),
        several => {
            let catalog = work.domain.catalog();
            Err(Refusal::which(ask, several.iter().map(|lead| in_short(&catalog, lead)).collect()))
        }
    })
}

/// A lead as one of several.
fn in_short(catalog: &Catalog, lead: &Lead) -> Value {
    let mut told = told_of(catalog, lead);
    told.insert("notes".to_owned(), told::excerpt(&lead.need.request.description));
    Value::Object(told)
}

/// A lead with all that is needed.
fn in_full(catalog: &Catalog, lead: &Lead) -> Value {
    let request = &lead.need.request;
    let phrases: Vec<&str> = request.specializations.iter().flatten().map(String::as_str).collect();
    let mut told = told_of(catalog, lead);
    told.extend([
        ("notes".to_owned(), told::quoted(&request.description)),
        ("urgency".to_owned(), json!(request.urgency)),
        ("place".to_owned(), json!(request.place)),
        ("specializations".to_owned(), told::quoted(&phrases.join(", "))),
        ("photos".to_owned(), json!(lead.need.media.len())),
        ("zone".to_owned(), json!(request.zone)),
        ("expires_at".to_owned(), json!(request.expires_at)),
        ("specialist".to_owned(), lead.need.specialist.as_ref().map_or(Value::Null, specialist)),
    ]);
    Value::Object(told)
}

fn told_of(catalog: &Catalog, lead: &Lead) -> Map<String, Value> {
    let request = &lead.need.request;
    let window = request.window_from.zip(request.window_to).map(|(from, to)| Window { from, to });
    let fields = [
        ("request_id", json!(request.id)),
        ("service", json!(told::service(catalog, &request.service_id))),
        ("service_id", json!(request.service_id)),
        ("city", city(&request.city)),
        ("window", json!(window)),
        ("budget", budget(request)),
        ("score", json!((lead.score * 100.0).round() / 100.0)),
        ("why", json!(lead.why)),
        ("viewed", json!(lead.viewed_at.is_some())),
        ("offer_id", json!(lead.offer_id)),
        ("first_name", lead.need.first_name.as_deref().map_or(Value::Null, told::excerpt)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What matters to who does the work.
fn specialist(said: &Consultation) -> Value {
    json!({
        "name": said.specialist,
        "complexity": said.complexity,
        "price": {
            "low": told::money(said.price.low_cents, &said.price.currency),
            "high": told::money(said.price.high_cents, &said.price.currency),
        },
        "duration_minutes": said.duration_minutes,
        "warnings": said.warnings,
        "notes": said.notes,
    })
}

/// The name of a known place; anything else is somebody's words.
fn city(said: &str) -> Value {
    place(said).map_or_else(|| told::excerpt(said), |known| json!(known.name))
}

fn budget(request: &Request) -> Value {
    request.budget_currency.as_ref().map_or(Value::Null, |currency| {
        json!({
            "min_cents": request.budget_min_cents, "max_cents": request.budget_max_cents, "currency": currency,
        })
    })
}
