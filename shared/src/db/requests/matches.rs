//! Whom a request was routed to, as its consumer sees them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::db::Conn;
use crate::db::schema::{providers, request_matches};
use crate::error::Result;
use crate::model::{MediaId, ProviderId, RequestId};

/// A provider with the score that they were routed with.
#[derive(Clone, Debug, Queryable)]
pub struct Matched {
    /// Who.
    pub provider_id: ProviderId,
    /// The business's name.
    pub name: String,
    /// A line.
    pub headline: String,
    /// Where they work from.
    pub city: String,
    /// Their picture.
    pub photo_id: Option<MediaId>,
    /// Mean rating 1 to 5; null below three reviews.
    pub rating: Option<f64>,
    /// How many reviews that is of.
    pub review_count: i32,
    /// Jobs done through here.
    pub completed_jobs: i32,
    /// 0 to 1.
    pub score: f64,
    /// How it came about.
    pub factors: Value,
    /// Which routing they came with.
    pub round: i32,
    /// Since when.
    pub routed_at: DateTime<Utc>,
    /// When they first looked.
    pub viewed_at: Option<DateTime<Utc>>,
    /// When they passed.
    pub passed_at: Option<DateTime<Utc>>,
}

/// A page of the providers that a request was routed to: by rounds, the best first.
///
/// # Errors
/// When the database is away.
pub async fn matches(
    conn: &mut Conn,
    id: RequestId,
    after: Option<ProviderId>,
    limit: i64,
) -> Result<Vec<Matched>> {
    let mut query = request_matches::table
        .inner_join(providers::table.on(providers::id.eq(request_matches::provider_id)))
        .filter(request_matches::request_id.eq(id))
        .order((request_matches::round, request_matches::score.desc(), request_matches::provider_id))
        .limit(limit)
        .select((
            providers::id,
            providers::name,
            providers::headline,
            providers::city,
            providers::photo_id,
            providers::rating,
            providers::review_count,
            providers::completed_jobs,
            request_matches::score,
            request_matches::factors,
            request_matches::round,
            request_matches::routed_at,
            request_matches::viewed_at,
            request_matches::passed_at,
        ))
        .into_boxed();
    if let Some(after) = after {
        let ended: Option<(i32, f64)> = request_matches::table
            .find((id, after))
            .select((request_matches::round, request_matches::score))
            .get_result(conn)
            .await
            .optional()?;
        let Some((round, score)) = ended else { return Ok(Vec::new()) };
        let same_score = request_matches::score.eq(score).and(request_matches::provider_id.gt(after));
        let same_round =
            request_matches::round.eq(round).and(request_matches::score.lt(score).or(same_score));
        query = query.filter(request_matches::round.gt(round).or(same_round));
    }
    Ok(query.load(conn).await?)
}
