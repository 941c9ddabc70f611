//! Matching: filter in SQL, score, rank. The hard rules are in [`crate::db::providers::find`] and are never bent.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::providers::Wanted;
use crate::model::ProviderId;
use crate::model::places::{Location, place};
use crate::model::providers::Candidate;
use crate::model::requests::{ROUTED, Request};

/// The most candidates that are scored.
const MOST_CANDIDATES: i64 = 1_000;

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

/// The hard rules of a request.
#[must_use]
pub fn wanted(request: &Request) -> Wanted<'_> {
    let given = request.latitude.zip(request.longitude);
    let location = given
        .map(|(latitude, longitude)| Location { latitude, longitude })
        .or_else(|| place(&request.city).map(|place| place.location));
    Wanted {
        service_id: &request.service_id,
        city: &request.city,
        location,
        max_distance_km: request.max_distance_km,
        max_cents: request.budget_max_cents,
        currency: request.budget_currency.as_deref(),
        not_user: Some(request.user_id),
        not_routed: Some(request.id),
        limit: MOST_CANDIDATES,
    }
}

/// The best of the candidates, the best first, ties by id.
#[must_use]
pub fn rank(request: &Request, candidates: &[Candidate]) -> Vec<Match> {
    let mut matches: Vec<Match> = candidates.iter().map(|c| score(request, c)).collect();
    matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.provider_id.cmp(&b.provider_id)));
    matches.truncate(ROUTED);
    matches
}

fn score(request: &Request, candidate: &Candidate) -> Match {
    let factors: Vec<Factor> = [
        ("rating", 0.4, rating(candidate)),
        ("distance", 0.3, distance(candidate)),
        ("price", 0.3, price(request, candidate)),
    ]
    .into_iter()
    .map(|(name, weight, value)| Factor { name: name.to_owned(), weight, value, share: weight * value })
    .collect();
    let score = factors.iter().map(|factor| factor.share).sum();
    Match { provider_id: candidate.provider_id, score, factors }
}

/// What a rating is worth before anybody has rated, and as how many reviews that counts.
const PRIOR: (f64, f64) = (4.3, 5.0);

/// The mean of the reviews with the prior, so that few of them are drawn to it and none is neither good nor bad.
fn rating(candidate: &Candidate) -> f64 {
    let (prior, weight) = PRIOR;
    let count = candidate.rating.map_or(0.0, |_| f64::from(candidate.review_count));
    let mean = (candidate.rating.unwrap_or(prior) * count + prior * weight) / (count + weight);
    ((mean - 1.0) / 4.0).clamp(0.0, 1.0)
}

/// Half at ten kilometres; the middle where a distance is not known.
fn distance(candidate: &Candidate) -> f64 {
    candidate.distance_km.map_or(0.5, |km| 1.0 / (1.0 + km / 10.0))
}

/// How far below the most that would be paid; the middle where either is not known.
fn price(request: &Request, candidate: &Candidate) -> f64 {
    match (request.budget_max_cents, candidate.price_from_cents) {
        (Some(most), Some(from)) if most > 0 => (1.0 - 0.5 * from as f64 / most as f64).clamp(0.0, 1.0),
        _ => 0.5,
    }
}
