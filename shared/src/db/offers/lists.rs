//! Lists of offers, the newest first.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::auth::Scope;
use crate::db::Conn;
use crate::db::owned::{own, owned};
use crate::db::schema::{offers, providers, request_matches, requests};
use crate::error::Result;
use crate::model::offers::{Offer, OfferStatus};
use crate::model::{OfferId, RequestId, UserId};

/// Which offers are listed.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// For this request only.
    pub request: Option<RequestId>,
    /// That stand there only; one whose time is over has expired.
    pub status: Option<OfferStatus>,
    /// Made before this one.
    pub before: Option<OfferId>,
    /// How many at most.
    pub limit: i64,
    /// What time it is.
    pub now: DateTime<Utc>,
}

/// The offers that a user made as a provider.
///
/// # Errors
/// When the database is away.
pub async fn list_made(conn: &mut Conn, user: UserId, wanted: &Wanted) -> Result<Vec<Offer>> {
    let theirs =
        providers::table.filter(own!("offers.list_made", providers::user_id, user)).select(providers::id);
    let made = offers::table.filter(offers::provider_id.eq_any(theirs)).into_boxed();
    Ok(narrowed(made, wanted).select(Offer::as_select()).load(conn).await?)
}

/// The offers that a user received as a consumer.
///
/// # Errors
/// When the database is away.
pub async fn list_received(conn: &mut Conn, user: UserId, wanted: &Wanted) -> Result<Vec<Offer>> {
    let theirs =
        requests::table.filter(own!("offers.list_received", requests::user_id, user)).select(requests::id);
    let received = offers::table.filter(offers::request_id.eq_any(theirs)).into_boxed();
    Ok(narrowed(received, wanted).select(Offer::as_select()).load(conn).await?)
}

/// All offers for a request, whose reader the caller has looked at.
///
/// # Errors
/// When the database is away.
pub async fn list_of(conn: &mut Conn, request: RequestId, wanted: &Wanted) -> Result<Vec<Offer>> {
    let all = offers::table.filter(offers::request_id.eq(request)).into_boxed();
    Ok(narrowed(all, wanted).select(Offer::as_select()).load(conn).await?)
}

fn narrowed<'a>(mut offers: offers::BoxedQuery<'a, Pg>, wanted: &Wanted) -> offers::BoxedQuery<'a, Pg> {
    let pending = offers::status.eq(OfferStatus::Pending);
    offers = match wanted.status {
        Some(OfferStatus::Pending) => offers.filter(pending.and(offers::expires_at.gt(wanted.now))),
        Some(OfferStatus::Expired) => {
            let overdue = pending.and(offers::expires_at.le(wanted.now));
            offers.filter(offers::status.eq(OfferStatus::Expired).or(overdue))
        }
        Some(other) => offers.filter(offers::status.eq(other)),
        None => offers,
    };
    if let Some(request) = wanted.request {
        offers = offers.filter(offers::request_id.eq(request));
    }
    if let Some(before) = wanted.before {
        offers = offers.filter(offers::id.lt(before));
    }
    offers.order(offers::id.desc()).limit(wanted.limit)
}

/// Whether somebody may ask for the offers for a request: it is theirs, or was routed to them.
///
/// # Errors
/// When the database is away.
pub async fn may_ask_about(conn: &mut Conn, whose: Scope, request: RequestId) -> Result<bool> {
    let asked = requests::table.filter(requests::id.eq(request)).filter(owned!(
        "offers.may_ask_about.asked",
        requests::user_id,
        whose
    ));
    let routed = request_matches::table
        .inner_join(providers::table.on(providers::id.eq(request_matches::provider_id)))
        .filter(request_matches::request_id.eq(request))
        .filter(owned!("offers.may_ask_about.routed", providers::user_id, whose));
    Ok(select(exists(asked).or(exists(routed))).get_result(conn).await?)
}
