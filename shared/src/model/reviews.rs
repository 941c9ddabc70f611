//! Reviews: what consumers say of bookings that are done.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{BookingId, ProviderId, ReviewId, UserId};
use crate::db::schema::reviews;

/// How long after its end a booking can be reviewed, in days.
pub const REVIEW_DAYS: i64 = 30;
/// Below so many reviews no aggregate is shown.
pub const SHOWN_FROM: i32 = 3;

/// A review counts half of one that was written so many days later: people change, and so do businesses.
pub const HALF_LIFE_DAYS: f64 = 365.0;

/// What reviews say of a provider together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reputation {
    /// How many there are.
    pub count: i32,
    /// Their plain mean; none without reviews.
    pub mean: Option<f64>,
    /// Their mean with weights that halve every [`HALF_LIFE_DAYS`]. Only how much older one is than another matters, so it
    /// does not change while time passes.
    pub recent: Option<f64>,
}

impl Reputation {
    /// Of reviews: rating and time of each.
    #[must_use]
    pub fn of(reviews: impl Iterator<Item = (i32, DateTime<Utc>)> + Clone) -> Self {
        let Some(newest) = reviews.clone().map(|(_, at)| at).max() else { return Self::default() };
        let (mut count, mut sum, mut weighted, mut weights) = (0, 0.0, 0.0, 0.0);
        for (rating, at) in reviews {
            let days = (newest - at).as_seconds_f64() / 86_400.0;
            let weight = (-days / HALF_LIFE_DAYS).exp2();
            count += 1;
            sum += f64::from(rating);
            weighted += f64::from(rating) * weight;
            weights += weight;
        }
        // The mean of equal numbers may be a hair beside them.
        let within = |mean: f64| mean.clamp(1.0, 5.0);
        Self { count, mean: Some(within(sum / f64::from(count))), recent: Some(within(weighted / weights)) }
    }

    /// The mean as it is shown: from [`SHOWN_FROM`] reviews on.
    #[must_use]
    pub fn shown(&self) -> Option<f64> {
        self.mean.filter(|_| self.count >= SHOWN_FROM)
    }
}

/// A row of `reviews`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = reviews, check_for_backend(diesel::pg::Pg))]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Of whom.
    pub provider_id: ProviderId,
    /// Of which booking; none if it was brought along from elsewhere.
    pub booking_id: Option<BookingId>,
    /// By whom; as `booking_id`.
    pub user_id: Option<UserId>,
    /// Their first name.
    pub author: String,
    /// 1 to 5.
    pub rating: i32,
    /// 1 to 5.
    pub quality: Option<i32>,
    /// 1 to 5.
    pub punctuality: Option<i32>,
    /// 1 to 5.
    pub communication: Option<i32>,
    /// 1 to 5.
    pub value: Option<i32>,
    /// In their words.
    pub text: String,
    /// What the provider says to it.
    pub response: Option<String>,
    /// When.
    pub responded_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use chrono::Duration;

    use super::*;

    #[test]
    fn the_mean_is_shown_from_three_reviews_on() {
        let now = Utc::now();
        let of = |ratings: &[i32]| Reputation::of(ratings.iter().map(|rating| (*rating, now)));
        assert_eq!(of(&[]), Reputation::default());
        assert_eq!((of(&[5, 4]).shown(), of(&[5, 4]).mean), (None, Some(4.5)));
        assert_eq!(of(&[5, 4, 3]).shown(), Some(4.0));
        assert_eq!(of(&[5; 97]).recent, Some(5.0));
    }

    #[test]
    fn a_younger_review_counts_more_and_time_passing_changes_nothing() {
        let now = Utc::now();
        let year = Duration::days(365);
        let then = |at: DateTime<Utc>| Reputation::of([(5, at), (2, at - year)].into_iter());
        // 5 counts twice as much as 2.
        assert!((then(now).recent.unwrap() - 4.0).abs() < 1e-9);
        assert_eq!(then(now), then(now - year * 40));
    }
}
