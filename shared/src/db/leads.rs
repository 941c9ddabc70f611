//! Queries on leads: requests as they were routed to providers.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Conn;
use super::owned::own;
use super::schema::{offers, provider_templates, providers, request_matches, requests, users};
use super::statement::statement;
use crate::error::Result;
use crate::model::offers::OfferStatus;
use crate::model::requests::{Request, RequestStatus};
use crate::model::{OfferId, ProviderId, RequestId, UserId};

/// How a request stands with a provider.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = request_matches, check_for_backend(diesel::pg::Pg))]
pub struct Routed {
    /// To whom.
    pub provider_id: ProviderId,
    /// 0 to 1.
    pub score: f64,
    /// How the score came about.
    pub factors: Value,
    /// Since when.
    pub routed_at: DateTime<Utc>,
    /// When they first looked.
    pub viewed_at: Option<DateTime<Utc>>,
    /// When they passed.
    pub passed_at: Option<DateTime<Utc>>,
}

/// A lead: the request, its consumer's name, how it stands, and the provider's latest offer for it.
pub type LeadRow = (Request, Option<String>, Routed, Option<OfferId>);

/// Which leads are listed; what is not said is not asked.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// For this service.
    pub service_id: Option<String>,
    /// Looked at, or not.
    pub viewed: Option<bool>,
    /// Offered for, or not.
    pub offered: Option<bool>,
    /// Passed, or not.
    pub passed: Option<bool>,
    /// Whether the request takes offers still, or does not.
    pub open: Option<bool>,
}

/// The provider's offers for the request of a match.
#[diesel::dsl::auto_type(no_type_alias)]
fn their_offers() -> _ {
    offers::table.filter(
        offers::request_id
            .eq(request_matches::request_id)
            .and(offers::provider_id.eq(request_matches::provider_id)),
    )
}

/// Matches with their requests, consumers and providers.
#[diesel::dsl::auto_type(no_type_alias)]
fn joined() -> _ {
    request_matches::table
        .inner_join(requests::table.on(requests::id.eq(request_matches::request_id)))
        .inner_join(users::table.on(users::id.eq(requests::user_id)))
        .inner_join(providers::table.on(providers::id.eq(request_matches::provider_id)))
}

/// The latest of the provider's offers.
fn latest_offer() -> SqlLiteral<Nullable<Uuid>> {
    sql("(SELECT o.id FROM offers o WHERE o.request_id = request_matches.request_id
          AND o.provider_id = request_matches.provider_id ORDER BY o.id DESC LIMIT 1)")
}

/// The provider's profile of a user, if they have one.
///
/// # Errors
/// When the database is away.
pub async fn profile_of(conn: &mut Conn, user: UserId) -> Result<Option<ProviderId>> {
    let theirs = providers::table.filter(own!("leads.profile_of", providers::user_id, user));
    Ok(theirs.select(providers::id).get_result(conn).await.optional()?)
}

/// A page of a provider's leads, the latest routed first: those of the user's profile.
///
/// # Errors
/// When the database is away.
pub async fn list_for(
    conn: &mut Conn,
    user: UserId,
    provider: ProviderId,
    filter: &Filter,
    before: Option<RequestId>,
    limit: i64,
) -> Result<Vec<LeadRow>> {
    const OPEN: [RequestStatus; 3] =
        [RequestStatus::Matching, RequestStatus::Matched, RequestStatus::OffersReceived];
    let mut query = joined()
        .filter(own!("leads.list_for", providers::user_id, user))
        .order((request_matches::routed_at.desc(), request_matches::request_id.desc()))
        .limit(limit)
        .select((Request::as_select(), users::name, Routed::as_select(), latest_offer()))
        .into_boxed();
    if let Some(service) = &filter.service_id {
        query = query.filter(requests::service_id.eq(service));
    }
    query = match filter.viewed {
        Some(true) => query.filter(request_matches::viewed_at.is_not_null()),
        Some(false) => query.filter(request_matches::viewed_at.is_null()),
        None => query,
    };
    query = match filter.offered {
        Some(true) => query.filter(exists(their_offers())),
        Some(false) => query.filter(not(exists(their_offers()))),
        None => query,
    };
    query = match filter.passed {
        Some(true) => query.filter(request_matches::passed_at.is_not_null()),
        Some(false) => query.filter(request_matches::passed_at.is_null()),
        None => query,
    };
    let is_open = || requests::status.eq_any(OPEN).and(requests::expires_at.gt(diesel::dsl::now));
    query = match filter.open {
        Some(true) => query.filter(is_open()),
        Some(false) => query.filter(not(is_open())),
        None => query,
    };
    if let Some(before) = before {
        let ended: Option<DateTime<Utc>> = request_matches::table
            .find((before, provider))
            .select(request_matches::routed_at)
            .get_result(conn)
            .await
            .optional()?;
        let Some(ended) = ended else { return Ok(Vec::new()) };
        query = query.filter(
            request_matches::routed_at
                .lt(ended)
                .or(request_matches::routed_at.eq(ended).and(request_matches::request_id.lt(before))),
        );
    }
    Ok(query.load(conn).await?)
}

/// A lead of a provider, by the provider's user.
///
/// # Errors
/// `not_yours` when the request was not routed to them.
pub async fn find_for(conn: &mut Conn, user: UserId, id: RequestId) -> Result<LeadRow> {
    Ok(joined()
        .filter(request_matches::request_id.eq(id).and(own!("leads.find_for", providers::user_id, user)))
        .select((Request::as_select(), users::name, Routed::as_select(), latest_offer()))
        .get_result(conn)
        .await?)
}

/// Those of some requests that were routed to a provider, by the provider's user.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, user: UserId, ids: &[RequestId]) -> Result<Vec<LeadRow>> {
    Ok(joined()
        .filter(request_matches::request_id.eq_any(ids))
        .filter(own!("leads.all_for", providers::user_id, user))
        .select((Request::as_select(), users::name, Routed::as_select(), latest_offer()))
        .load(conn)
        .await?)
}

/// Notes that a provider has looked at a lead, for the first time.
///
/// # Errors
/// When the database is away.
pub async fn view(conn: &mut Conn, id: RequestId, provider: ProviderId) -> Result<()> {
    diesel::update(request_matches::table.find((id, provider)).filter(request_matches::viewed_at.is_null()))
        .set(
            request_matches::viewed_at
                .eq(diesel::dsl::now.into_sql::<diesel::sql_types::Timestamptz>().nullable()),
        )
        .execute(conn)
        .await?;
    Ok(())
}

statement! {
    /// If everybody to whom it was routed has passed, the request is to be routed on at once.
    Pass {
        id: RequestId => Uuid,
        provider: ProviderId => Uuid,
        reason: Option<String> => Nullable<Text>,
    } -> Bool =
    "WITH a AS (SELECT ? AS request_id, ? AS provider_id, ? AS reason),
     passed AS (
       UPDATE request_matches m SET passed_at = now(), answered_at = coalesce(m.answered_at, now()),
         viewed_at = coalesce(m.viewed_at, now()), pass_reason = a.reason
       FROM a WHERE m.request_id = a.request_id AND m.provider_id = a.provider_id AND m.passed_at IS NULL
       RETURNING m.request_id
     )
     UPDATE requests r SET next_match_at = now() FROM a
     WHERE r.id = a.request_id AND r.status = 'matched' AND NOT EXISTS (
       SELECT FROM request_matches m
       WHERE m.request_id = a.request_id AND m.provider_id <> a.provider_id AND m.passed_at IS NULL)
       AND EXISTS (SELECT FROM passed)
     RETURNING true"
}

/// Notes that a provider passes a lead, whose request the caller has locked: of two that pass at once one is the last. The
/// provider's reputation is to follow in the same transaction.
///
/// # Errors
/// When the database is away.
pub async fn pass(conn: &mut Conn, id: RequestId, provider: ProviderId, reason: Option<&str>) -> Result<()> {
    let pass = Pass { id, provider, reason: reason.map(str::to_owned) };
    pass.get_results::<bool>(conn).await?;
    Ok(())
}

/// Whether a provider has a live offer for a request.
///
/// # Errors
/// When the database is away.
pub async fn has_live_offer(conn: &mut Conn, id: RequestId, provider: ProviderId) -> Result<bool> {
    let live = offers::table.filter(
        offers::request_id
            .eq(id)
            .and(offers::provider_id.eq(provider))
            .and(offers::status.eq(OfferStatus::Pending))
            .and(offers::expires_at.gt(diesel::dsl::now)),
    );
    Ok(diesel::select(exists(live)).get_result(conn).await?)
}

/// How a provider words offers for a service: with a template for it, else with one for all.
///
/// # Errors
/// When the database is away.
pub async fn template_of(conn: &mut Conn, provider: ProviderId, service: &str) -> Result<Option<String>> {
    Ok(provider_templates::table
        .filter(provider_templates::provider_id.eq(provider))
        .filter(provider_templates::service_id.eq(service).or(provider_templates::service_id.is_null()))
        .order((provider_templates::service_id.asc().nulls_last(), provider_templates::id))
        .select(provider_templates::body)
        .first(conn)
        .await
        .optional()?)
}
