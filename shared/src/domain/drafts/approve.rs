//! What becomes of a draft when the person answers it.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::agent::{Acted, Conversation, Refusal, Shows, Ui};
use crate::auth::{Caller, Consumer, SignedIn};
use crate::db::drafts::DraftStatus;
use crate::db::idempotency::Reply;
use crate::db::{self, Conn};
use crate::domain::bookings::{Cancellation, Reschedule as Moved};
use crate::domain::offers::{Acceptance as Accepted, NamedSlot, NewOffer};
use crate::domain::requests::Post;
use crate::domain::{Domain, Once, reviews};
use crate::error::{Code, Error, Result};
use crate::model::chat::{Action, ActionKind, AgentRole};
use crate::model::drafts::{Fields, LocalSlot, RequestFields};
use crate::model::places::place;
use crate::model::requests::Urgency;
use crate::model::slots::HOUR_MINUTE;
use crate::model::tasks::Effect;
use crate::model::{BookingId, OfferId, RequestId};
use crate::queue::UnitOfWork;

/// What an approval has done.
struct Done {
    effect: Effect,
    shows: Shows,
    /// As the model is told beside the id.
    result: Value,
}

impl Done {
    fn new(kind: &str, id: Uuid, shows: Shows) -> Self {
        Self { effect: Effect { kind: kind.to_owned(), id }, shows, result: json!({ "id": id }) }
    }
}

/// Does what the person's answer to a draft means. An answer in words to a draft that is no more is none; a button says so.
pub(in crate::domain) async fn settle(
    domain: &Domain,
    unit: &UnitOfWork,
    chat: &Conversation,
    answer: Action,
) -> Result<Acted> {
    let mut conn = unit.conn().await?;
    let open = db::drafts::lock_open(&mut conn, chat.session.id).await?;
    let same = open.filter(|draft| draft.id == answer.draft_id && draft.expires_at > chat.now);
    let Some(draft) = same.filter(|draft| draft.version == answer.draft_version) else {
        return not_open(&mut conn, chat, answer).await;
    };
    let kind = draft.kind;
    if answer.kind == ActionKind::Edit {
        return Ok(Acted::told(json!({"kind": kind, "did": "edit"})));
    }
    if answer.kind == ActionKind::Cancel {
        db::drafts::end(&mut conn, draft.id, DraftStatus::Cancelled).await?;
        return Ok(Acted::told(json!({"kind": kind, "did": "dropped"})));
    }
    let fields = Fields::of(kind, &draft.fields)?;
    let name: &'static str = kind.into();
    if chat.session.role == AgentRole::Guest {
        let refused = refused(Some(name), Code::AccountRequired.into());
        return Ok(Acted { ui: Some(Ui::SignUp), ..refused });
    }
    if let Some(missing) = fields.missing().first() {
        let detail = format!("Something is missing before this can happen: {missing}.");
        return Ok(refused(Some(name), Error::new(Code::IllegalMove).detail(detail)));
    }
    drop(conn);
    match unit.attempt(approve(domain, chat, fields)).await {
        Ok(done) => {
            let mut conn = unit.conn().await?;
            db::drafts::end(&mut conn, draft.id, DraftStatus::Approved).await?;
            let result = json!({"kind": kind, "did": "approved", "result": done.result});
            Ok(Acted { shows: done.shows, effects: vec![done.effect], ..Acted::told(result) })
        }
        Err(error) if (400..500).contains(&error.code.status()) => Ok(refused(Some(name), error)),
        Err(error) => Err(error),
    }
}

/// An answer to a draft that is not open so. A yes that was carried out before is told so: the message is tried again after
/// the model had failed, or two devices said it.
async fn not_open(conn: &mut Conn, chat: &Conversation, answer: Action) -> Result<Acted> {
    let before = match answer.kind {
        ActionKind::Approve => db::drafts::find_approved(conn, chat.session.id, answer).await?,
        ActionKind::Edit | ActionKind::Cancel => None,
    };
    Ok(match before {
        Some(kind) => Acted::told(json!({"kind": kind, "did": "approved"})),
        None if chat.message.action.is_some() => refused(None, Code::DraftChanged.into()),
        None => Acted::default(),
    })
}

/// A draft that could not be approved stays as it is, with why.
fn refused(kind: Option<&str>, error: Error) -> Acted {
    let mut acted: Acted = Refusal::from(error).into();
    if let Some(result) = acted.result.as_object_mut() {
        result.insert("kind".to_owned(), json!(kind));
        result.insert("did".to_owned(), json!("refused"));
    }
    acted
}

/// Does what a draft holds, as the person, by the functions behind the endpoints.
async fn approve(domain: &Domain, chat: &Conversation, fields: Fields) -> Result<Done> {
    let actor = &chat.actor;
    match fields {
        Fields::Request(fields) => {
            let consumer = Consumer::admitted(Some(*actor))?;
            let once = id_only(|own: &crate::domain::requests::Own| own.request.id.0);
            let made = domain.post_request(&consumer, post(fields)?, &chat.trace_id, &once).await?;
            let id = id_of(&made)?;
            Ok(Done::new("request_created", id, Shows { request: Some(RequestId(id)), ..Shows::default() }))
        }
        Fields::RequestCancellation(fields) => {
            let own = domain.cancel_request(actor, fields.request_id, fields.reason.as_deref()).await?;
            let shows = Shows { request: Some(own.request.id), ..Shows::default() };
            Ok(Done::new("request_cancelled", own.request.id.0, shows))
        }
        Fields::Offer(fields) => {
            let provider = crate::auth::Provider::admitted(Some(*actor))?;
            let new = NewOffer {
                request_id: fields.request_id,
                service_id: fields.service_id,
                price_cents: fields.price_cents,
                currency: fields.currency,
                duration_minutes: fields.duration_minutes,
                price_notes: fields.price_notes,
                slots: fields.slots.iter().map(named).collect::<Result<_>>()?,
                message: fields.message,
                life_hours: None,
            };
            let once = id_only(|made: &crate::domain::offers::OfferDetails| made.offer.id.0);
            let id = id_of(&domain.post_offer(&provider, new, &once).await?)?;
            Ok(Done::new("offer_submitted", id, offer(id)))
        }
        Fields::Withdrawal(fields) => {
            domain.withdraw_offer(actor, fields.offer_id).await?;
            Ok(Done::new("offer_withdrawn", fields.offer_id.0, offer(fields.offer_id.0)))
        }
        Fields::Decline(fields) => {
            domain.decline_offer(actor, fields.offer_id, fields.reason.as_deref()).await?;
            Ok(Done::new("offer_declined", fields.offer_id.0, offer(fields.offer_id.0)))
        }
        Fields::Acceptance(fields) => {
            let Some(slot) = &fields.slot else { return Err(Code::SlotNotOffered.into()) };
            let acceptance =
                Accepted { slot: named(slot)?, address: fields.address, instructions: fields.instructions };
            let booked = domain.accept_offer(actor, fields.offer_id, &acceptance).await?;
            let shows = Shows { offers: vec![fields.offer_id], ..booking(booked.booking.id.0) };
            let done = Done::new("offer_accepted", fields.offer_id.0, shows);
            let result = json!({"id": fields.offer_id, "booking_id": booked.booking.id, "slot": booked.slot});
            Ok(Done { result, ..done })
        }
        Fields::BookingCancellation(fields) => {
            let reason = fields.reason.unwrap_or_default();
            let cancellation = Cancellation { reason, rebook: fields.rebook };
            let id = fields.booking_id;
            let over = domain.cancel_booking(actor, id, &cancellation, &chat.trace_id).await?;
            let done = Done::new("booking_cancelled", id.0, booking(id.0));
            Ok(Done { result: json!({"id": id, "late": over.booking.late}), ..done })
        }
        Fields::Reschedule(fields) => {
            let Some(slot) = &fields.slot else { return Err(Code::Invalid.into()) };
            let moved = Moved { slot: named(slot)?, note: fields.note };
            let id = fields.booking_id;
            domain.reschedule_booking(actor, id, &moved).await?;
            Ok(Done::new("reschedule_proposed", id.0, booking(id.0)))
        }
        Fields::RescheduleAnswer(fields) => {
            let id = fields.booking_id;
            if fields.accept {
                domain.accept_reschedule(actor, id, Some(named(&fields.slot)?)).await?;
            } else {
                domain.decline_reschedule(actor, id).await?;
            }
            Ok(Done::new("reschedule_answered", id.0, booking(id.0)))
        }
        Fields::Completion(fields) => {
            domain.complete_booking(actor, fields.booking_id).await?;
            Ok(Done::new("booking_completed", fields.booking_id.0, booking(fields.booking_id.0)))
        }
        Fields::NoShow(fields) => {
            domain.report_no_show(actor, fields.booking_id).await?;
            Ok(Done::new("no_show_reported", fields.booking_id.0, booking(fields.booking_id.0)))
        }
        Fields::Review(fields) => {
            let caller = SignedIn::admitted(Some(*actor))?;
            let said = reviews::Said {
                booking_id: fields.booking_id,
                rating: fields.rating.unwrap_or_default(),
                quality: fields.quality,
                punctuality: fields.punctuality,
                communication: fields.communication,
                value: fields.value,
                text: fields.text,
            };
            let once = id_only(|review: &crate::model::reviews::Review| review.id.0);
            let id = id_of(&domain.post_review(&caller, &said, &once).await?)?;
            Ok(Done::new("review_posted", id, booking(fields.booking_id.0)))
        }
        Fields::ReviewResponse(fields) => {
            let caller = SignedIn::admitted(Some(*actor))?;
            domain.respond(&caller, fields.review_id, fields.text.as_deref().unwrap_or_default()).await?;
            Ok(Done::new("review_answered", fields.review_id.0, Shows::default()))
        }
        Fields::Enrollment(fields) => {
            let caller = SignedIn::admitted(Some(*actor))?;
            let id = fields.enrollment_id;
            // A yes is to what was shown: one that was changed elsewhere meanwhile is to be shown again.
            if domain.enrollment(&caller, id).await?.fields != fields.enrollment {
                return Err(Code::DraftChanged.into());
            }
            let submitted = domain.submit_enrollment(&caller, id, &chat.trace_id).await?;
            let shows = Shows { enrollment: Some(id), ..Shows::default() };
            let done = Done::new("enrollment_submitted", id.0, shows);
            Ok(Done { result: json!({"id": id, "status": submitted.status}), ..done })
        }
        Fields::Availability(fields) => {
            // A yes is to what was shown: hours that were changed elsewhere meanwhile are not put back.
            let now = domain.availability(actor, fields.provider_id).await?;
            if fields.replaces.is_some_and(|before| before != now) {
                return Err(Code::DraftChanged.into());
            }
            domain.put_availability(actor, fields.provider_id, &fields.availability).await?;
            Ok(Done::new("availability_changed", fields.provider_id.0, Shows::default()))
        }
    }
}

fn booking(id: Uuid) -> Shows {
    Shows { booking: Some(BookingId(id)), ..Shows::default() }
}

fn offer(id: Uuid) -> Shows {
    Shows { offers: vec![OfferId(id)], ..Shows::default() }
}

/// The request that a draft asks for.
fn post(fields: RequestFields) -> Result<Post> {
    let (Some(service_id), Some(city)) = (fields.service_id, fields.city) else {
        return Err(Code::Invalid.into());
    };
    Ok(Post {
        service_id,
        location: place(&city).map(|place| place.location),
        city,
        place: fields.place,
        max_distance_km: None,
        window: fields.window,
        urgency: fields.urgency.unwrap_or(Urgency::Flexible),
        zone: fields.zone,
        budget: fields.budget,
        description: fields.notes.unwrap_or_default(),
        specializations: fields.specializations,
        media: fields.media,
        allow_duplicate: fields.allow_duplicate,
    })
}

/// A slot by the clocks of the place.
pub(in crate::domain) fn named(slot: &LocalSlot) -> Result<NamedSlot> {
    let start_time = chrono::NaiveTime::parse_from_str(&slot.start_time, HOUR_MINUTE)
        .map_err(|error| Error::new(Code::SlotNotOffered).because(error))?;
    Ok(NamedSlot { date: slot.date, start_time })
}

/// In a conversation what was made is answered by its id; it is made once by the step's own fence.
fn id_only<'a, T: 'a>(id: impl Fn(&T) -> Uuid + Send + Sync + 'a) -> Once<'a, T> {
    Once::new(None, move |made| Reply { status: 201, location: None, body: json!(id(made)) })
}

fn id_of(reply: &Reply) -> Result<Uuid> {
    Ok(serde_json::from_value(reply.body.clone())?)
}
