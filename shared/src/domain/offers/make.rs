//! Making offers.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use diesel_async::AsyncConnection;

use super::read::{OfferDetails, shown_one};
use super::{NamedSlot, about, lapse, lock_request};
use crate::auth;
use crate::db::idempotency::Reply;
use crate::db::notifications::{Notice, tell};
use crate::db::{self, Conn};
use crate::domain::calendars::{Calendar, Stretch};
use crate::domain::persistence::persistently;
use crate::domain::{Domain, Once, requests};
use crate::error::{Code, Error, Problem, Result};
use crate::model::notifications::NotificationKind;
use crate::model::offers::{LIFE_HOURS, MOST_HOURS, MOST_SLOTS, OfferStatus, Snapshot};
use crate::model::providers::{Provider, ProviderService, ProviderStatus};
use crate::model::requests::{Request, RequestStatus};
use crate::model::{OfferId, RequestId, UserId};

/// An offer as a provider makes it.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// For which request.
    pub request_id: RequestId,
    /// What would be done: what the request asks for.
    pub service_id: String,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// How long it would take.
    pub duration_minutes: i32,
    /// What the price holds.
    pub price_notes: String,
    /// When it could be done, by the provider's clocks.
    pub slots: Vec<NamedSlot>,
    /// To the consumer.
    pub message: String,
    /// How long it lives, in hours; a day if it is not said.
    pub life_hours: Option<i64>,
}

/// Who makes an offer.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// The business.
    pub provider: &'a Provider,
    /// Who does it; nobody: their agent, by their rules.
    pub actor: Option<UserId>,
}

impl Domain {
    /// Offers to do what a lead of the caller asks for.
    ///
    /// # Errors
    /// `no_provider_profile`; `not_yours` for a request that was not routed to the caller, or that they passed;
    /// `request_closed`; `invalid` with every problem; `illegal_move` beside a live offer for the request.
    pub async fn post_offer(
        &self,
        caller: &auth::Provider,
        new: NewOffer,
        once: &Once<'_, OfferDetails>,
    ) -> Result<Reply> {
        let mut conn = self.queue.db.conn().await?;
        persistently!(conn, async |conn| {
            if let Some(before) = once.answered(conn).await? {
                return Ok(before);
            }
            let user = caller.user_id();
            db::users::require_active(conn, user).await?;
            let (provider, lead) = db::offers::lead_of(conn, user, new.request_id)
                .await?
                .ok_or(Error::new(Code::NoProviderProfile))?;
            if lead.is_none() {
                return Err(Error::not_yours());
            }
            let made = make(conn, Maker { provider: &provider, actor: Some(user) }, &new).await?;
            once.answer(conn, &made).await
        })
    }
}

/// Makes an offer for a lead, in the caller's transaction, which has locked nothing but users. Whether the request was
/// routed to the provider, the caller has looked at.
///
/// # Errors
/// As [`Domain::post_offer`].
pub async fn make(conn: &mut Conn, maker: Maker<'_>, new: &NewOffer) -> Result<OfferDetails> {
    let provider = maker.provider;
    let request = lock_request(conn, new.request_id).await?;
    let (request, live) = lapse(conn, request).await?;
    let now = Utc::now();
    let near = check(conn, provider, &request, new, now).await?;
    let has_live = live.iter().any(|offer| offer.provider_id == provider.id);
    require_open(&request, provider, has_live, now)?;

    let life = Duration::hours(new.life_hours.unwrap_or(LIFE_HOURS).clamp(1, MOST_HOURS));
    let last = near.iter().map(|stretch| stretch.0).max().unwrap_or(now);
    let snapshot = Snapshot {
        name: provider.name.clone(),
        city: provider.city.clone(),
        rating: provider.rating,
        review_count: provider.review_count,
        completed_jobs: provider.completed_jobs,
    };
    let row = db::offers::NewOffer {
        id: OfferId::new(),
        request_id: request.id,
        provider_id: provider.id,
        service_id: &new.service_id,
        price_cents: new.price_cents,
        currency: &new.currency,
        duration_minutes: new.duration_minutes,
        price_notes: &new.price_notes,
        message: &new.message,
        snapshot: serde_json::to_value(snapshot)?,
        automatic: maker.actor.is_none(),
        expires_at: (now + life).min(last),
    };
    let offer = db::offers::insert(conn, &row, &near).await?;
    if db::offers::note_answer(conn, request.id, provider.id).await? {
        db::reputation::recompute_in(conn, provider.id).await?;
    }
    if request.status == RequestStatus::Matched {
        requests::move_to(conn, &request, RequestStatus::OffersReceived, maker.actor, None).await?;
    }
    let notice = Notice::new(request.user_id, NotificationKind::Offer, about(request.id, offer.id));
    tell(conn, &[notice]).await?;
    shown_one(conn, offer).await
}

/// That an offer could be made as it is, and when its slots begin and end.
///
/// # Errors
/// `invalid` with every problem.
pub(in crate::domain) async fn check(
    conn: &mut Conn,
    provider: &Provider,
    request: &Request,
    new: &NewOffer,
    now: DateTime<Utc>,
) -> Result<Vec<Stretch>> {
    let services = db::providers::services_of(conn, provider.id).await?;
    let service = services.iter().find(|service| service.service_id == new.service_id);
    let stretches = stretches(new, provider.zone.parse().unwrap_or(Tz::UTC));
    let near: Vec<_> = stretches.iter().flatten().copied().collect();
    let calendar = Calendar::near(conn, provider.id, &near, None).await?;
    let mut problems = new.problems(request, provider, service, now);
    problems.extend(slot_problems(new, &stretches, &calendar, now));
    if problems.is_empty() { Ok(near) } else { Err(Error::invalid(problems)) }
}

/// That the request takes offers, and the provider may make one, who has a live one for it or not.
///
/// # Errors
/// `request_closed`; `illegal_move`.
pub(in crate::domain) fn require_open(
    request: &Request,
    provider: &Provider,
    has_live: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    match request.stands_at(now) {
        RequestStatus::Matched | RequestStatus::OffersReceived => {}
        RequestStatus::Matching => {
            let detail =
                "Providers are being looked for at the moment: offer once the request is matched again.";
            return Err(requests::refusal(RequestStatus::Matching).detail(detail));
        }
        closed => return Err(requests::refusal(closed)),
    }
    if provider.status == ProviderStatus::Suspended {
        let detail =
            "Your profile is suspended and makes no offers. Write to support if you think it should not be.";
        return Err(Error::illegal_move(Code::IllegalMove, provider.status).detail(detail));
    }
    if has_live {
        let detail = "You have a live offer for this request already. Withdraw it first.";
        return Err(Error::illegal_move(Code::IllegalMove, OfferStatus::Pending).detail(detail));
    }
    Ok(())
}

/// When each named slot begins and ends; none for one that local clocks never show.
fn stretches(new: &NewOffer, zone: Tz) -> Vec<Option<Stretch>> {
    let clocks = crate::model::calendar::Availability::closed(zone);
    let stretch = |slot: &NamedSlot| {
        let slot = clocks.slot_at(slot.date, slot.start_time, new.duration_minutes)?;
        Some((slot.start_at, slot.end_at))
    };
    new.slots.iter().map(stretch).collect()
}

/// Everything that is wrong with the slots: each must exist, come once, and be free.
fn slot_problems(
    new: &NewOffer,
    stretches: &[Option<Stretch>],
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !(1..=MOST_SLOTS).contains(&new.slots.len()) {
        problems.push(Problem::new("/body/slots", "An offer names 1 to 10 slots."));
    }
    for (at, stretch) in stretches.iter().enumerate() {
        let said_before = stretches[..at].contains(stretch) && stretch.is_some();
        let message = match stretch {
            _ if said_before => "Name each slot once.",
            None => "Local clocks never show that time.",
            Some(stretch) => match calendar.check(*stretch, now) {
                Ok(()) => continue,
                Err(why) => why.sentence(),
            },
        };
        problems.push(Problem::new(format!("/body/slots/{at}"), message));
    }
    problems
}

impl NewOffer {
    /// What is wrong with it beside its slots, by what is asked for and what the provider does.
    fn problems(
        &self,
        request: &Request,
        provider: &Provider,
        service: Option<&ProviderService>,
        now: DateTime<Utc>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |pointer: &str, message: &str| problems.push(Problem::new(pointer, message));
        if self.service_id != request.service_id {
            wrong("/body/service_id", "The request asks for another service.");
        } else if let Some(service) = service {
            let last_day = self.slots.iter().map(|slot| slot.date).max().unwrap_or(now.date_naive());
            if !service.is_bookable(last_day) {
                wrong("/body/service_id", "Your licence for this service is not in order for those days.");
            }
            if request.place.is_some_and(|place| !service.places.contains(&place)) {
                wrong("/body/service_id", "You do not offer this service where it is asked for.");
            }
            if self.currency != service.currency {
                wrong("/body/currency", "This is not the currency in which you offer this service.");
            }
        } else {
            wrong("/body/service_id", "You do not offer this service.");
        }
        if provider.min_price_cents.is_some_and(|least| self.price_cents < least) {
            wrong("/body/price_cents", "This is less than the least price of your settings.");
        }
        problems
    }
}
