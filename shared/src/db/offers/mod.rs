//! Queries on offers and their slots.

mod expiry;
mod lists;
mod moves;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;
pub use expiry::{Place, live_after, overdue};
pub use lists::{Wanted, list_made, list_of, list_received, may_ask_about};
pub use moves::{accept, last_notes, move_all, moved_by};
use serde_json::Value;

use super::Conn;
use super::owned::{own, owned};
use super::schema::{offer_slots, offers, providers, request_matches, requests};
use super::statement::statement;
use crate::auth::Scope;
use crate::error::{Code, Result};
use crate::model::offers::{Offer, OfferSlot, OfferStatus};
use crate::model::providers::Provider;
use crate::model::{OfferId, ProviderId, RequestId, UserId};

/// An offer to be inserted.
#[derive(Insertable)]
#[diesel(table_name = offers)]
pub struct NewOffer<'a> {
    /// Its id.
    pub id: OfferId,
    /// For which request.
    pub request_id: RequestId,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// What would be done.
    pub service_id: &'a str,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: &'a str,
    /// How long it would take.
    pub duration_minutes: i32,
    /// What the price holds.
    pub price_notes: &'a str,
    /// To the consumer.
    pub message: &'a str,
    /// The provider as it is now.
    pub snapshot: Value,
    /// Whether the provider's agent makes it by their rules.
    pub automatic: bool,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

/// Inserts an offer with its slots, `(begin, end)`.
///
/// # Errors
/// When the database is away or refuses.
pub async fn insert(
    conn: &mut Conn,
    offer: &NewOffer<'_>,
    slots: &[(DateTime<Utc>, DateTime<Utc>)],
) -> Result<Offer> {
    let made = diesel::insert_into(offers::table)
        .values(offer)
        .returning(Offer::as_returning())
        .get_result(conn)
        .await?;
    let rows: Vec<_> = slots
        .iter()
        .map(|(start_at, end_at)| {
            (
                offer_slots::offer_id.eq(offer.id),
                offer_slots::start_at.eq(*start_at),
                offer_slots::end_at.eq(*end_at),
            )
        })
        .collect();
    diesel::insert_into(offer_slots::table).values(rows).execute(conn).await?;
    Ok(made)
}

/// The caller's provider and, if this request is a lead of theirs that they have not passed, its id.
///
/// # Errors
/// When the database is away.
pub async fn lead_of(
    conn: &mut Conn,
    user: UserId,
    request: RequestId,
) -> Result<Option<(Provider, Option<RequestId>)>> {
    let routed = request_matches::provider_id
        .eq(providers::id)
        .and(request_matches::request_id.eq(request))
        .and(request_matches::passed_at.is_null());
    Ok(providers::table
        .left_join(request_matches::table.on(routed))
        .filter(own!("offers.lead_of", providers::user_id, user))
        .order(request_matches::request_id.asc().nulls_last())
        .select((Provider::as_select(), request_matches::request_id.nullable()))
        .first(conn)
        .await
        .optional()?)
}

/// Whom an offer is between.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Sides {
    /// For which request.
    pub request_id: RequestId,
    /// Who made it.
    pub provider_id: ProviderId,
    /// Whose the request is.
    pub consumer: UserId,
    /// Whose the provider is.
    pub provider: UserId,
}

/// An offer of either side in this scope.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: OfferId) -> Result<Offer> {
    let received = owned!("offers.find_for.received", requests::user_id, whose);
    let made = owned!("offers.find_for.made", providers::user_id, whose);
    Ok(offers::table
        .inner_join(requests::table.on(requests::id.eq(offers::request_id)))
        .inner_join(providers::table.on(providers::id.eq(offers::provider_id)))
        .filter(offers::id.eq(id))
        .filter(received.or(made))
        .select(Offer::as_select())
        .get_result(conn)
        .await?)
}

/// Those of some offers of which somebody in this scope is one side.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, whose: Scope, ids: &[OfferId]) -> Result<Vec<Offer>> {
    let received = owned!("offers.all_for.received", requests::user_id, whose);
    let made = owned!("offers.all_for.made", providers::user_id, whose);
    Ok(offers::table
        .inner_join(requests::table.on(requests::id.eq(offers::request_id)))
        .inner_join(providers::table.on(providers::id.eq(offers::provider_id)))
        .filter(offers::id.eq_any(ids))
        .filter(received.or(made))
        .select(Offer::as_select())
        .load(conn)
        .await?)
}

/// Whom an offer is between that somebody in this scope made.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn made_by(conn: &mut Conn, whose: Scope, id: OfferId) -> Result<Sides> {
    Ok(offers::table
        .inner_join(requests::table.on(requests::id.eq(offers::request_id)))
        .inner_join(providers::table.on(providers::id.eq(offers::provider_id)))
        .filter(offers::id.eq(id).and(owned!("offers.made_by", providers::user_id, whose)))
        .select((offers::request_id, offers::provider_id, requests::user_id, providers::user_id))
        .get_result(conn)
        .await?)
}

/// Whom an offer is between that somebody in this scope received.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn received_by(conn: &mut Conn, whose: Scope, id: OfferId) -> Result<Sides> {
    Ok(offers::table
        .inner_join(requests::table.on(requests::id.eq(offers::request_id)))
        .inner_join(providers::table.on(providers::id.eq(offers::provider_id)))
        .filter(offers::id.eq(id).and(owned!("offers.received_by", requests::user_id, whose)))
        .select((offers::request_id, offers::provider_id, requests::user_id, providers::user_id))
        .get_result(conn)
        .await?)
}

/// How many live offers requests have, of those that have any.
///
/// # Errors
/// When the database is away.
pub async fn count_live(conn: &mut Conn, requests: &[RequestId]) -> Result<HashMap<RequestId, i64>> {
    let live = offers::status.eq(OfferStatus::Pending).and(offers::expires_at.gt(diesel::dsl::now));
    let counts: Vec<(RequestId, i64)> = offers::table
        .filter(offers::request_id.eq_any(requests).and(live))
        .group_by(offers::request_id)
        .select((offers::request_id, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    Ok(counts.into_iter().collect())
}

/// Whom offers are between; for what has found their ids by a rule of its own.
///
/// # Errors
/// When the database is away.
pub async fn sides_of(conn: &mut Conn, ids: &[OfferId]) -> Result<Vec<(OfferId, Sides)>> {
    Ok(offers::table
        .inner_join(requests::table.on(requests::id.eq(offers::request_id)))
        .inner_join(providers::table.on(providers::id.eq(offers::provider_id)))
        .filter(offers::id.eq_any(ids))
        .order(offers::id)
        .select((
            offers::id,
            (offers::request_id, offers::provider_id, requests::user_id, providers::user_id),
        ))
        .load(conn)
        .await?)
}

/// Any offer, locked till the transaction ends; its request is locked already.
///
/// # Errors
/// When the database is away or there is none.
pub async fn lock(conn: &mut Conn, id: OfferId) -> Result<Offer> {
    offers::table
        .find(id)
        .select(Offer::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(|| Code::Internal.into())
}

/// The offers for a request that are not ended, locked in order of id till the transaction ends. Their time may be over.
///
/// # Errors
/// When the database is away.
pub async fn lock_pending_of(conn: &mut Conn, request: RequestId) -> Result<Vec<Offer>> {
    Ok(offers::table
        .filter(offers::request_id.eq(request).and(offers::status.eq(OfferStatus::Pending)))
        .order(offers::id)
        .select(Offer::as_select())
        .for_no_key_update()
        .load(conn)
        .await?)
}

/// Whether a request has an offer that may still be accepted.
///
/// # Errors
/// When the database is away.
pub async fn has_live(conn: &mut Conn, request: RequestId, now: DateTime<Utc>) -> Result<bool> {
    let live = offers::table
        .filter(offers::request_id.eq(request).and(offers::status.eq(OfferStatus::Pending)))
        .filter(offers::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(conn).await?)
}

/// The slots of offers, in order.
///
/// # Errors
/// When the database is away.
pub async fn slots_of(conn: &mut Conn, ids: &[OfferId]) -> Result<Vec<OfferSlot>> {
    Ok(offer_slots::table
        .filter(offer_slots::offer_id.eq_any(ids))
        .order((offer_slots::offer_id, offer_slots::start_at))
        .select(OfferSlot::as_select())
        .load(conn)
        .await?)
}

statement! {
    /// What the provider offered stays offered; what was named before in place of something is good anew.
    Instead {
        offer: OfferId => Uuid,
        good_until: DateTime<Utc> => Timestamptz,
        starts: Vec<DateTime<Utc>> => Array<Timestamptz>,
        ends: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> diesel::sql_types::Bool =
    "INSERT INTO offer_slots (offer_id, good_until, start_at, end_at)
     SELECT o.id, o.good_until, s.start_at, s.end_at
     FROM (SELECT ?::uuid AS id, ?::timestamptz AS good_until) o, unnest(?, ?) s (start_at, end_at)
     ON CONFLICT (offer_id, start_at) DO UPDATE SET good_until = excluded.good_until
       WHERE offer_slots.good_until IS NOT NULL
     RETURNING true"
}

/// Names slots in place of one that was taken, good for a while; forgets those that are good no more.
///
/// # Errors
/// When the database is away.
pub async fn name_instead(
    conn: &mut Conn,
    offer: OfferId,
    slots: &[(DateTime<Utc>, DateTime<Utc>)],
    good_until: DateTime<Utc>,
) -> Result<()> {
    let lapsed = offer_slots::offer_id.eq(offer).and(offer_slots::good_until.le(diesel::dsl::now));
    diesel::delete(offer_slots::table.filter(lapsed)).execute(conn).await?;
    let (starts, ends) = slots.iter().copied().unzip();
    let named: Vec<bool> = Instead { offer, good_until, starts, ends }.get_results(conn).await?;
    debug_assert!(named.len() <= slots.len());
    Ok(())
}

/// Notes when a provider first answered a lead; answers whether this is the first time. If so, the provider's reputation is
/// to follow in the same transaction.
///
/// # Errors
/// When the database is away.
pub async fn note_answer(conn: &mut Conn, request: RequestId, provider: ProviderId) -> Result<bool> {
    let first =
        request_matches::table.find((request, provider)).filter(request_matches::answered_at.is_null());
    let noted = diesel::update(first)
        .set(request_matches::answered_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
        .execute(conn)
        .await?;
    Ok(noted > 0)
}
