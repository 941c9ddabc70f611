//! Queries on requests and their matches.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Conn;
use super::owned::own;
use super::schema::{request_matches, requests};
use crate::error::{Code, Result};
use crate::model::requests::{Request, RequestStatus, Urgency};
use crate::model::{ProviderId, RequestId, UserId};

/// A request to be inserted.
#[derive(Insertable)]
#[diesel(table_name = requests)]
pub struct NewRequest<'a> {
    /// Its id.
    pub id: RequestId,
    /// Whose it is.
    pub user_id: UserId,
    /// What is needed.
    pub service_id: &'a str,
    /// Where.
    pub city: &'a str,
    /// IANA zone of the place.
    pub zone: &'a str,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How far the consumer would go.
    pub max_distance_km: Option<f64>,
    /// Local begin of the window.
    pub window_from: Option<NaiveDateTime>,
    /// Local end of the window.
    pub window_to: Option<NaiveDateTime>,
    /// How soon it matters.
    pub urgency: Urgency,
    /// Least, in minor units.
    pub budget_min_cents: Option<i64>,
    /// Most, in minor units.
    pub budget_max_cents: Option<i64>,
    /// ISO 4217.
    pub budget_currency: Option<&'a str>,
    /// In the consumer's words.
    pub description: &'a str,
    /// Finer skills.
    pub specializations: &'a [String],
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

const LIVE: [RequestStatus; 4] =
    [RequestStatus::Matching, RequestStatus::Matched, RequestStatus::OffersReceived, RequestStatus::Booked];

/// The live requests of a consumer, whose row the caller has locked: two posts at once are counted one after the other.
///
/// # Errors
/// When the database is away.
pub async fn live_for(conn: &mut Conn, owner: UserId) -> Result<Vec<Request>> {
    Ok(requests::table
        .filter(own!("requests.live_for", requests::user_id, owner))
        .filter(requests::status.eq_any(LIVE))
        .filter(requests::expires_at.gt(diesel::dsl::now))
        .select(Request::as_select())
        .load(conn)
        .await?)
}

/// All requests of a consumer, in order.
///
/// # Errors
/// When the database is away.
pub async fn list_for(conn: &mut Conn, owner: UserId) -> Result<Vec<Request>> {
    Ok(requests::table
        .filter(own!("requests.list_for", requests::user_id, owner))
        .order(requests::id)
        .select(Request::as_select())
        .load(conn)
        .await?)
}

/// Inserts a request.
///
/// # Errors
/// When the database is away or refuses.
pub async fn insert(conn: &mut Conn, request: &NewRequest<'_>) -> Result<Request> {
    Ok(diesel::insert_into(requests::table)
        .values(request)
        .returning(Request::as_select())
        .get_result(conn)
        .await?)
}

/// Any request; for workers.
///
/// # Errors
/// When the database is away or there is none.
pub async fn find(conn: &mut Conn, id: RequestId) -> Result<Request> {
    requests::table
        .find(id)
        .select(Request::as_select())
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(|| Code::Internal.into())
}

/// A provider that a request is routed to.
#[derive(Insertable)]
#[diesel(table_name = request_matches)]
pub struct NewMatch {
    /// The request.
    pub request_id: RequestId,
    /// The provider.
    pub provider_id: ProviderId,
    /// 0 to 1.
    pub score: f64,
    /// How the score came about.
    pub factors: Value,
}

/// Routes a request: inserts its matches and, if there are any, moves it from matching to matched.
/// Done twice it changes nothing more.
///
/// # Errors
/// When the database is away.
pub async fn route(conn: &mut Conn, id: RequestId, matches: &[NewMatch]) -> Result<()> {
    if matches.is_empty() {
        return Ok(());
    }
    diesel::insert_into(request_matches::table)
        .values(matches)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    diesel::update(
        requests::table.filter(requests::id.eq(id).and(requests::status.eq(RequestStatus::Matching))),
    )
    .set((requests::status.eq(RequestStatus::Matched), requests::updated_at.eq(diesel::dsl::now)))
    .execute(conn)
    .await?;
    Ok(())
}
