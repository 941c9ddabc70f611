//! What a provider's score is made of: each factor from 0 to 1. Everything follows from the rows and the request's id.

use std::sync::Arc;

use super::{Factor, Match, Matching, location, reach_km};
use crate::config::MatchingConfig;
use crate::db::matching::InReach;
use crate::model::catalog::PriceRange;
use crate::model::places::Location;
use crate::model::requests::Request;
use crate::model::{ProviderId, RequestId};

/// The radius of the globe, in kilometres.
const GLOBE_KM: f64 = 6371.0;
/// How much of the distance's value is its share of what whoever travels would go; the rest is kilometres alone.
const OF_REACH: f64 = 0.4;
/// Where kilometres alone are worth half.
const HALF_KM: f64 = 12.0;
/// The value of a distance that nobody knows, within one city.
const SAME_CITY: f64 = 0.6;

/// As how many reviews the mean of all counts beside a provider's own.
const SHRINK: f64 = 6.0;
/// The mean rating before anybody near has been rated, and as how many reviews it counts.
const STARS: (f64, f64) = (4.4, 20.0);
/// At most so many reviews of one provider count in the mean of all.
const HEARD: f64 = 10.0;
/// Fewer stars than this are worth nothing; five are worth all.
const WORST: f64 = 3.0;
/// How far, in stars, a rating that nobody has given yet may be moved for one request, either way. Without it the same
/// newcomers would stand behind the same others each time.
const UNKNOWN: f64 = 0.25;
/// How much of the rating's value is that appointments are kept.
const KEPT: f64 = 0.25;
/// What share of jobs is called off late before anything is known, and as how many jobs that counts.
const LATE: (f64, f64) = (0.04, 12.0);
/// The share of jobs called off late that is worth nothing.
const LATE_WORST: f64 = 0.25;

/// The share of leads that is answered before anything is known.
const ANSWERED: f64 = 0.7;
/// The minutes to an answer before anything is known.
const ANSWERED_IN: f64 = 180.0;
/// The minutes at which fast is worth half.
const HALF_MINUTES: f64 = 240.0;

/// The value of a price that nobody knows.
const NO_PRICE: f64 = 0.5;

/// Scores the providers in reach of one request.
pub(super) struct Scorer<'a> {
    weights: MatchingConfig,
    request: &'a Request,
    from: Option<Location>,
    /// The mean rating of those in reach.
    mean: f64,
    usual: Option<&'a PriceRange>,
}

/// The factors that are known without the calendar and without running text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    distance: f64,
    rating: f64,
    price: f64,
    responsiveness: f64,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(matching: &Matching<'a>, in_reach: &[Arc<InReach>]) -> Self {
        let heard = |one: &Arc<InReach>| f64::from(one.review_count).min(HEARD);
        let rated = in_reach.iter().filter_map(|one| Some((one.rating?, heard(one))));
        let (sum, count) = rated.fold((STARS.0 * STARS.1, STARS.1), |(sum, n), (rating, heard)| {
            (sum + rating * heard, n + heard)
        });
        let Matching { request, catalog, weights, .. } = *matching;
        let usual = catalog.service(&request.service_id).map(|(_, service)| &service.price);
        Self { weights, request, from: location(request).map(rounded), mean: sum / count, usual }
    }

    pub(super) fn known(&self, one: &InReach) -> Known {
        Known {
            distance: self.distance(one),
            rating: (1.0 - KEPT) * self.stars(one) + KEPT * kept(one),
            price: self.price(one),
            responsiveness: responsiveness(one),
        }
    }

    /// The whole score.
    pub(super) fn score(&self, known: Known, specialization: f64, availability: f64) -> f64 {
        self.parts(known, specialization, availability).map(|(_, weight, value)| weight * value).sum()
    }

    /// The same, with how it came about.
    pub(super) fn explained(
        &self,
        id: ProviderId,
        known: Known,
        specialization: f64,
        availability: f64,
    ) -> Match {
        let factor = |(name, weight, value): (&str, f64, f64)| Factor {
            name: name.to_owned(),
            weight,
            value,
            share: weight * value,
        };
        let factors = self.parts(known, specialization, availability).map(factor).collect();
        Match { provider_id: id, score: self.score(known, specialization, availability), factors }
    }

    /// Each factor's name, weight and value.
    fn parts(
        &self,
        known: Known,
        specialization: f64,
        availability: f64,
    ) -> impl Iterator<Item = (&'static str, f64, f64)> {
        let values =
            [specialization, known.distance, availability, known.rating, known.price, known.responsiveness];
        let part =
            |((name, weight), value): ((&'static str, f64), f64)| (name, weight, value.clamp(0.0, 1.0));
        self.weights.all().into_iter().zip(values).map(part)
    }

    /// The travelling of whoever travels, by the way that is the least trouble. Both points are rounded first: a score is
    /// shown to both sides, and must not tell either where exactly the other is.
    fn distance(&self, one: &InReach) -> f64 {
        if one.remote {
            return 1.0;
        }
        let spot =
            one.latitude.zip(one.longitude).map(|(latitude, longitude)| Location { latitude, longitude });
        let Some((from, to)) = self.from.zip(spot.map(rounded)) else { return SAME_CITY };
        let km = kilometres(from, to);
        let worth = |reach: f64| {
            let of_reach = if reach > 0.0 { 1.0 - (km / reach).min(1.0) } else { 0.0 };
            OF_REACH * of_reach + (1.0 - OF_REACH) / (1.0 + km / HALF_KM)
        };
        let there = if one.at_provider { worth(reach_km(self.request)) } else { 0.0 };
        let here = if one.at_consumer { worth(one.radius_km) } else { 0.0 };
        there.max(here)
    }

    /// The mean of the reviews, few of them drawn to the mean of all: who has none is neither good nor bad.
    fn stars(&self, one: &InReach) -> f64 {
        let count = one.rating.map_or(0.0, |_| f64::from(one.review_count.max(0)));
        let own = one.rating.unwrap_or(self.mean);
        let mean = (own * count + self.mean * SHRINK) / (count + SHRINK);
        let unknown = (SHRINK / (count + SHRINK)).sqrt();
        let stars = mean + UNKNOWN * unknown * chance(self.request.id, one.provider_id);
        ((stars - WORST) / (5.0 - WORST)).clamp(0.0, 1.0)
    }

    /// How what they usually ask lies to the most that would be paid; without that, to what is usual.
    fn price(&self, one: &InReach) -> f64 {
        let Some(asked) = asked(one) else { return NO_PRICE };
        let most = self.request.budget_max_cents.filter(|most| *most > 0);
        match (most, self.usual) {
            // All of it is worth half, half of it nearly everything; what may end above it is worth less and less.
            (Some(most), _) => (1.5 - asked / most as f64).clamp(0.0, 1.0),
            (None, Some(usual)) if usual.max_cents > 0 => {
                (1.0 - 0.5 * asked / usual.max_cents as f64).clamp(0.0, 1.0)
            }
            _ => NO_PRICE,
        }
    }
}

/// The middle of what they ask, in minor units.
fn asked(one: &InReach) -> Option<f64> {
    let least = one.price_min_cents.or(one.price_max_cents)?;
    let most = one.price_max_cents.unwrap_or(least).max(least);
    Some((least + most) as f64 / 2.0)
}

/// How often appointments are not called off late.
fn kept(one: &InReach) -> f64 {
    let (late, jobs) = (f64::from(one.late_cancellations), f64::from(one.completed_jobs));
    let share = (late + LATE.0 * LATE.1) / (jobs + late + LATE.1);
    (1.0 - share / LATE_WORST).clamp(0.0, 1.0)
}

/// How many leads are answered, and how fast.
fn responsiveness(one: &InReach) -> f64 {
    let minutes = one.response_minutes.map_or(ANSWERED_IN, f64::from).max(0.0);
    one.response_rate.unwrap_or(ANSWERED) * (0.5 + 0.5 / (1.0 + minutes / HALF_MINUTES))
}

/// As the public may know it: to 0.01°.
fn rounded(spot: Location) -> Location {
    let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
    Location { latitude: round(spot.latitude), longitude: round(spot.longitude) }
}

/// The great circle's distance, by the haversine formula.
pub(super) fn kilometres(from: Location, to: Location) -> f64 {
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let inner = half(from.latitude, to.latitude)
        + from.latitude.to_radians().cos()
            * to.latitude.to_radians().cos()
            * half(from.longitude, to.longitude);
    2.0 * GLOBE_KM * inner.sqrt().min(1.0).asin()
}

/// A number from -1 to 1 that is always the same for the two, and says nothing of either (SplitMix64's last step).
fn chance(request: RequestId, provider: ProviderId) -> f64 {
    let both = request.0.as_u128().rotate_left(64) ^ provider.0.as_u128();
    let mut bits = (both as u64) ^ ((both >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    (bits >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
}
