//! Tools for what is needed.

use serde_json::{Value, json};

use super::said::Said;
use super::text::{REASON, Text};
use super::{Work, told};
use crate::agent::tools::{CancelRequest, GetMyRequests, OneBooking, SearchProviders, UpdateRequestDraft};
use crate::agent::{Acted, Refusal, Shows};
use crate::db;
use crate::db::providers::Wanted;
use crate::domain::requests::{Own, Read};
use crate::domain::{bookings, drafts, memory};
use crate::error::{Error, Result};
use crate::model::RequestId;
use crate::model::chat::Context;
use crate::model::drafts::{Fields, OfRequest, RequestFields};
use crate::model::places::place;
use crate::model::requests::{Request, RequestStatus};
use crate::model::window::Window;

/// How many providers a search shows if it does not say.
const SHOWN: i64 = 5;
/// How many at most.
const MOST_SHOWN: i64 = 10;
/// How many requests are listed.
const LISTED: i64 = 20;

pub(super) async fn update_draft(work: Work<'_>, change: UpdateRequestDraft) -> Result<Acted> {
    let mut conn = work.unit.conn().await?;
    let standing = drafts::request::gather(&mut conn, work.chat, change, &work.domain.catalog()).await?;
    let advice = super::advice(&standing.fields, &work.domain.catalog());
    // What fills a profile, the person has said themselves; a guest's goes along when they sign up.
    let said = Said::new(&work.chat.message.text);
    let is_said = |text: &&str| said.says(text);
    let name = standing.known.name.as_deref().filter(is_said);
    let city = standing.fields.city.as_deref().filter(is_said);
    memory::fill_profile(&mut conn, work.chat.user_id(), name, city).await?;
    let mut told = serde_json::to_value(standing)?;
    if let Some(advice) = advice {
        told["advice"] = advice;
    }
    // Where nothing was taken in, a draft of something else may be the open one still.
    let open = drafts::open_fields(&mut conn, work.chat).await?;
    Ok(Acted { shows_draft: matches!(open, Some(Fields::Request(_))), ..Acted::told(told) })
}

pub(super) async fn search_providers(work: Work<'_>, search: SearchProviders) -> Result<Acted> {
    let wanted = Wanted {
        service_id: &search.service_id,
        city: &search.city,
        location: place(&search.city).map(|place| place.location),
        not_user: Some(work.chat.user_id()),
        limit: search.limit.unwrap_or(SHOWN).clamp(1, MOST_SHOWN),
    };
    let found = db::providers::find(&mut *work.unit.conn().await?, &wanted).await?;
    let providers: Vec<Value> = found.iter().map(told::candidate).collect();
    let result = json!({"total": found.len(), "providers": providers});
    let shows = Shows { providers: Some(serde_json::to_value(&found)?), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(result) })
}

/// Shows the draft of the request for approval, as posting it is.
pub(super) async fn show_draft(work: Work<'_>, allow_duplicate: Option<bool>) -> Result<Acted> {
    let mut conn = work.unit.conn().await?;
    let Some(Fields::Request(mut fields)) = drafts::open_fields(&mut conn, work.chat).await? else {
        return Ok(
            Refusal::new("no_draft", "Nothing is gathered yet: take the need into the draft first.").into()
        );
    };
    fields.allow_duplicate = allow_duplicate.unwrap_or(fields.allow_duplicate);
    drafts::request::change(&mut conn, work.chat, fields).await
}

pub(super) async fn list(work: Work<'_>, which: GetMyRequests) -> Result<Acted> {
    let all = which.status.as_deref() == Some("all");
    let own = own(work).await?;
    let own: Vec<&Own> =
        own.iter().filter(|own| all || is_live(own.request.stands_at(chrono::Utc::now()))).collect();
    let ids: Vec<RequestId> = own.iter().map(|own| own.request.id).collect();
    let live = db::offers::count_live(&mut *work.unit.conn().await?, &ids).await?;
    let catalog = work.domain.catalog();
    let told = own.iter().map(|own| {
        let offers = live.get(&own.request.id).copied().unwrap_or(0);
        told::request(&catalog, own, offers as usize)
    });
    let result = json!({"requests": told.collect::<Vec<_>>()});
    let shows = Shows { request: ids.first().copied().filter(|_| ids.len() == 1), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(result) })
}

pub(super) async fn cancel(work: Work<'_>, which: CancelRequest) -> Result<Acted> {
    let mut text = Text::default();
    let reason = text.of("/reason", which.reason, REASON);
    text.refuse()?;
    let own = own(work).await?;
    let cancellable = |own: &&Own| {
        let stands = own.request.stands_at(chrono::Utc::now());
        is_live(stands) || stands == RequestStatus::Booked
    };
    let named = which.request_id.or(match work.chat.context() {
        Some(Context::RequestId(id)) => Some(id),
        _ => None,
    });
    let id = match named {
        Some(id) => match work.domain.request(&work.chat.actor, id).await? {
            Read::Own(own) => own.request.id,
            Read::Lead(_) => return Err(Error::not_yours()),
        },
        None => match own.iter().filter(cancellable).collect::<Vec<_>>().as_slice() {
            [] => return Ok(Refusal::new("none", "There is no open request to cancel.").into()),
            [only] => only.request.id,
            several => {
                let catalog = work.domain.catalog();
                let choices = several.iter().map(|own| told::request(&catalog, own, 0)).collect();
                return Ok(Refusal::which("Which request is meant?", choices).into());
            }
        },
    };
    let mut conn = work.unit.conn().await?;
    let acted = drafts::drafted(
        &mut conn,
        work.chat,
        &Fields::RequestCancellation(OfRequest { request_id: id, reason }),
    )
    .await?;
    Ok(Acted { shows: Shows { request: Some(id), ..Shows::default() }, ..acted })
}

/// Begins a request like an earlier booking's.
pub(super) async fn rebook(work: Work<'_>, which: OneBooking) -> Result<Acted> {
    let caller = super::bookings::caller(work)?;
    let wanted = super::bookings::all();
    let bookings = work.domain.bookings(&caller, &wanted).await?;
    let mine = |details: &&bookings::BookingDetails| {
        details.booking.user_id == work.chat.user_id()
            && which.booking_id.is_none_or(|id| id == details.booking.id)
    };
    let Some(booking) = bookings.iter().find(mine) else {
        return Ok(Refusal::new("none", "There is no earlier booking to repeat.").into());
    };
    let mut conn = work.unit.conn().await?;
    let request =
        db::requests::find_for(&mut conn, work.chat.actor.scope(), booking.booking.request_id).await?;
    let fields = like(&request, &work.domain.catalog());
    let standing = drafts::request::begin(&mut conn, work.chat, fields).await?;
    let mut result = serde_json::to_value(standing)?;
    result["like"] = told::booking(&work.domain.catalog(), booking, false);
    Ok(Acted::drafted(result))
}

/// What an earlier request asked for, but when.
fn like(request: &Request, catalog: &crate::model::catalog::Catalog) -> RequestFields {
    let budget = request.budget_currency.as_ref().map(|currency| crate::model::money::Budget {
        min_cents: request.budget_min_cents,
        max_cents: request.budget_max_cents,
        currency: currency.clone(),
    });
    RequestFields {
        service_id: Some(request.service_id.clone()),
        category_id: catalog.service(&request.service_id).map(|(category, _)| category.id.clone()),
        city: Some(request.city.clone()),
        zone: Some(request.zone.clone()),
        window: None::<Window>,
        budget,
        specializations: request.specializations.iter().flatten().cloned().collect(),
        notes: Some(request.description.clone()).filter(|notes| !notes.is_empty()),
        place: request.place,
        ..RequestFields::default()
    }
}

/// Whether it can still be offered for.
fn is_live(status: RequestStatus) -> bool {
    status.is_open()
}

async fn own(work: Work<'_>) -> Result<Vec<Own>> {
    work.domain.requests(&work.chat.actor, None, None, LISTED).await
}
