//! Tools for offers that were received, and for withdrawing one that was made.

use serde_json::{Value, json};

use super::text::{ADDRESS, INSTRUCTIONS, REASON, Text};
use super::{Work, told};
use crate::agent::tools::{AcceptOffer, DeclineOffer, GetOffers, WithdrawOffer};
use crate::agent::{Acted, Refusal, Shows, Ui};
use crate::auth::{Caller, SignedIn};
use crate::db;
use crate::db::offers::Wanted;
use crate::domain::drafts;
use crate::domain::offers::OfferDetails;
use crate::error::Result;
use crate::model::chat::Context;
use crate::model::drafts::{Acceptance, Fields, LocalSlot, OfOffer};
use crate::model::offers::OfferStatus;
use crate::model::{OfferId, RequestId};

/// How many offers are looked at.
const MOST: i64 = 15;

pub(super) async fn list(work: Work<'_>, which: GetOffers) -> Result<Acted> {
    let request = which.request_id.or(match work.chat.context() {
        Some(Context::RequestId(id)) => Some(id),
        _ => None,
    });
    let offers = live(work, request).await?;
    let catalog = work.domain.catalog();
    let told: Vec<Value> = match offers.as_slice() {
        [only] => vec![told::offer(&catalog, only)],
        several => several.iter().map(|offer| told::offer_in_short(&catalog, offer)).collect(),
    };
    let shows = Shows { offers: offers.iter().map(|offer| offer.offer.id).collect(), ..Shows::default() };
    let ui = (offers.len() > 1).then_some(Ui::CompareOffers);
    Ok(Acted { shows, ui, ..Acted::told(json!({ "offers": told })) })
}

pub(super) async fn accept(work: Work<'_>, how: AcceptOffer) -> Result<Acted> {
    let mut text = Text::default();
    let address = text.of("/address", how.address, ADDRESS);
    let instructions = text.of("/instructions", how.instructions, INSTRUCTIONS);
    text.refuse()?;
    let open = drafts::open_fields(&mut *work.unit.conn().await?, work.chat).await?;
    let open = match open {
        Some(Fields::Acceptance(fields)) => Some(fields),
        _ => None,
    };
    let named = how.offer_id.or_else(|| in_context(work)).or(open.as_ref().map(|open| open.offer_id));
    let offer = match the_one(work, named, "Which offer is to be accepted?").await? {
        Ok(offer) => offer,
        Err(refusal) => return Ok(refusal.into()),
    };
    let id = offer.offer.id;
    let before = open.filter(|open| open.offer_id == id);
    let free: Vec<LocalSlot> =
        offer.slots.iter().filter(|shown| shown.free).map(|shown| local(&shown.slot)).collect();
    let kept = before.as_ref().and_then(|before| before.slot.clone()).filter(|slot| free.contains(slot));
    let slot = match how.slot {
        Some(slot) if free.contains(&slot) => Some(slot),
        Some(_) => {
            let detail = "The offer has no such free slot; these are free.";
            let slots =
                offer.slots.iter().filter(|shown| shown.free).map(|shown| shown.slot.clone()).collect();
            return Ok(Refusal { slots, ..Refusal::new("slot_not_offered", detail) }.into());
        }
        None => kept.or_else(|| free.first().filter(|_| free.len() == 1).cloned()),
    };
    let needs_address = work.domain.needs_address(&work.chat.actor, id).await?;
    let mut conn = work.unit.conn().await?;
    let (_, profile) =
        db::consumers::find_for(&mut conn, work.chat.actor.scope(), work.chat.user_id()).await?;
    let known = profile.and_then(|profile| profile.street).filter(|_| needs_address);
    let before = before.map(|before| (before.address, before.instructions)).unwrap_or_default();
    let fields = Fields::Acceptance(Acceptance {
        offer_id: id,
        slot,
        address: address.or(before.0).or(known),
        instructions: instructions.or(before.1),
        needs_address,
    });
    let mut acted = drafts::drafted(&mut conn, work.chat, &fields).await?;
    acted.result["offer"] = told::offer(&work.domain.catalog(), &offer);
    let ui = fields.missing().contains(&"slot").then_some(Ui::PickSlot);
    Ok(Acted { ui, shows: Shows { offers: vec![id], ..Shows::default() }, ..acted })
}

pub(super) async fn decline(work: Work<'_>, which: DeclineOffer) -> Result<Acted> {
    let mut text = Text::default();
    let reason = text.of("/reason", which.reason, REASON);
    text.refuse()?;
    let named = which.offer_id.or_else(|| in_context(work));
    let offer = match the_one(work, named, "Which offer is to be declined?").await? {
        Ok(offer) => offer,
        Err(refusal) => return Ok(refusal.into()),
    };
    let id = offer.offer.id;
    let fields = Fields::Decline(OfOffer { offer_id: id, reason });
    let mut acted = drafts::drafted(&mut *work.unit.conn().await?, work.chat, &fields).await?;
    acted.result["offer"] = told::offer(&work.domain.catalog(), &offer);
    Ok(Acted { shows: Shows { offers: vec![id], ..Shows::default() }, ..acted })
}

pub(super) async fn withdraw(work: Work<'_>, which: WithdrawOffer) -> Result<Acted> {
    let named = which.offer_id.or_else(|| in_context(work));
    let offer = match the_one(work, named, "Which offer is to be withdrawn?").await? {
        Ok(offer) => offer,
        Err(refusal) => return Ok(refusal.into()),
    };
    let id = offer.offer.id;
    let fields = Fields::Withdrawal(OfOffer { offer_id: id, reason: None });
    let mut acted = drafts::drafted(&mut *work.unit.conn().await?, work.chat, &fields).await?;
    acted.result["offer"] = told::offer(&work.domain.catalog(), &offer);
    Ok(Acted { shows: Shows { offers: vec![id], ..Shows::default() }, ..acted })
}

fn local(slot: &crate::model::slots::Slot) -> LocalSlot {
    LocalSlot { date: slot.date, start_time: slot.start_time.clone() }
}

fn in_context(work: Work<'_>) -> Option<OfferId> {
    match work.chat.context() {
        Some(Context::OfferId(id)) => Some(id),
        _ => None,
    }
}

/// The offer that is named, else the only live one; else what could be meant.
async fn the_one(work: Work<'_>, named: Option<OfferId>, ask: &str) -> Result<Result<OfferDetails, Refusal>> {
    if let Some(id) = named {
        return Ok(Ok(work.domain.offer(&work.chat.actor, id).await?));
    }
    let mut live = live(work, None).await?;
    Ok(match live.len() {
        0 => Err(Refusal::new("none", "There is no live offer.")),
        1 => Ok(live.remove(0)),
        _ => {
            let catalog = work.domain.catalog();
            Err(Refusal::which(ask, live.iter().map(|offer| told::offer_in_short(&catalog, offer)).collect()))
        }
    })
}

/// The person's live offers: received, or made.
async fn live(work: Work<'_>, request: Option<RequestId>) -> Result<Vec<OfferDetails>> {
    let caller = SignedIn::admitted(Some(work.chat.actor))?;
    let status = Some(OfferStatus::Pending);
    let wanted = Wanted { request, status, before: None, limit: MOST, now: chrono::Utc::now() };
    work.domain.offers(&caller, &wanted).await
}
