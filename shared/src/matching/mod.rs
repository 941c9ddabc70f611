//! Matching: filter, score, rank.
//!
//! The hard rules are asked in SQL ([`crate::db::matching::in_reach`]) and of the calendar, and never bent. Every provider
//! in reach is weighed by what is known of it at once; calendars and running text are read for those only whose score could
//! still be among the best, best bound first. So what comes out is what weighing everybody in full would give, at the cost
//! of a few hundred calendars.

mod candidates;
mod relax;
mod score;
mod text;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::config::MatchingConfig;
use crate::db::Conn;
use crate::db::matching::{InReach, RemoteOffers, Wanted, in_reach};
use crate::error::Result;
use crate::model::ProviderId;
use crate::model::catalog::Catalog;
use crate::model::clocks::reached_at;
use crate::model::places::{Location, place, plain};
use crate::model::providers::Provider;
use crate::model::requests::{ROUTED, Request};

#[cfg(feature = "test_support")]
use std::sync::Arc;

#[cfg(feature = "test_support")]
use crate::db::matching::Said;
#[cfg(feature = "test_support")]
use crate::model::calendar::{Availability, Busy};
use candidates::Candidates;
pub use relax::{Constraint, Relax, relax};
use score::kilometres;

/// How far a consumer goes who does not say, in kilometres.
pub const REACH_KM: f64 = 25.0;
/// How far ahead a request without a window looks, in days.
pub const AHEAD_DAYS: i64 = 14;
/// How long a job takes of a service that the catalog does not know, in minutes.
const USUAL_MINUTES: i32 = 60;

/// A part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Factor {
    /// What it measures.
    pub name: String,
    /// How much it counts; all weights add up to 1.
    pub weight: f64,
    /// 0 to 1.
    pub value: f64,
    /// `weight × value`; all shares add up to the score.
    pub share: f64,
}

/// A provider with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Match {
    /// Who.
    pub provider_id: ProviderId,
    /// 0 to 1.
    pub score: f64,
    /// How it came about.
    pub factors: Vec<Factor>,
}

/// What a model makes of a request's words.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which model; only providers' vectors of the same are compared.
    pub model: String,
    /// The vector.
    pub vector: Vec<f32>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How many providers were in reach.
    pub considered: usize,
    /// The best of those who can be free, the best first, ties by id.
    pub matches: Vec<Match>,
}

/// A request as it is matched, at a moment.
#[derive(Clone, Copy)]
pub struct Matching<'a> {
    /// The request.
    pub request: &'a Request,
    /// What a model makes of its words, where there is one.
    pub asked: Option<&'a Asked>,
    /// What is usual of its service.
    pub catalog: &'a Catalog,
    /// How much each factor counts.
    pub weights: MatchingConfig,
    /// Now.
    pub now: DateTime<Utc>,
    /// Whoever works from afar.
    pub remote: &'a RemoteOffers,
}

impl Matching<'_> {
    /// How long the work takes at a provider's, in minutes: as they say, else as is usual.
    fn minutes(&self, one: &InReach) -> i32 {
        let usual = || {
            self.catalog
                .service(&self.request.service_id)
                .map(|(_, service)| service.duration_minutes.usual())
        };
        one.duration_minutes.or_else(usual).unwrap_or(USUAL_MINUTES)
    }
}

/// The best providers for a request.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &Conn, matching: &Matching<'_>) -> Result<Found> {
    let in_reach = in_reach(conn, matching.remote, &wanted(matching.request)).await?;
    let considered = in_reach.len();
    let mut candidates = Candidates::new(matching, in_reach);
    while let Some(some) = candidates.next() {
        candidates.weigh(conn, some).await?;
    }
    Ok(Found { considered, matches: candidates.best })
}

/// Everybody in reach who can be free, weighed in full, in order; of each that is known what is in their calendar and what
/// they say. For tests: [`find`] must come to the same at less cost.
#[cfg(feature = "test_support")]
#[must_use]
pub fn rank_all(
    matching: &Matching<'_>,
    in_reach: Vec<Arc<InReach>>,
    know: impl Fn(ProviderId) -> Option<(Availability, Vec<Busy>, Said)>,
) -> Vec<Match> {
    Candidates::new(matching, in_reach).all(know)
}

/// The hard rules of a request, but for the calendar.
#[must_use]
pub fn wanted(request: &Request) -> Wanted<'_> {
    Wanted {
        service_id: &request.service_id,
        city: &request.city,
        location: location(request),
        place: request.place,
        max_distance_km: reach_km(request),
        max_cents: request.budget_max_cents,
        currency: request.budget_currency.as_deref(),
        not_user: request.user_id,
        not_routed: request.id,
    }
}

/// Where a request is: where it says, else the middle of the place that it names, if that is known.
fn location(request: &Request) -> Option<Location> {
    let given = request.latitude.zip(request.longitude);
    given
        .map(|(latitude, longitude)| Location { latitude, longitude })
        .or_else(|| place(&request.city).map(|place| place.location))
}

/// Whether a provider comes as far as to a request, by the rule by which it is matched.
#[must_use]
pub fn comes_to(provider: &Provider, request: &Request) -> bool {
    let own = provider.latitude.zip(provider.longitude);
    let own = own.map(|(latitude, longitude)| Location { latitude, longitude });
    match location(request).zip(own) {
        Some((from, to)) => kilometres(from, to) <= provider.radius_km,
        None => plain(&request.city) == plain(&provider.city),
    }
}

/// How far the consumer goes, in kilometres.
fn reach_km(request: &Request) -> f64 {
    request.max_distance_km.unwrap_or(REACH_KM)
}

/// Between which instants the work shall begin.
#[must_use]
pub fn window(request: &Request, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let zone: Tz = request.zone.parse().unwrap_or(Tz::UTC);
    match request.window_from.zip(request.window_to) {
        Some((from, to)) => (reached_at(from, zone), reached_at(to, zone)),
        None => (now, now + Duration::days(AHEAD_DAYS)),
    }
}

/// Puts a match in its place among the best.
fn insert(best: &mut Vec<Match>, new: Match) {
    let order = |a: &Match, b: &Match| b.score.total_cmp(&a.score).then(a.provider_id.cmp(&b.provider_id));
    let at = best.partition_point(|other| order(other, &new).is_lt());
    if at < ROUTED {
        best.insert(at, new);
        best.truncate(ROUTED);
    }
}
