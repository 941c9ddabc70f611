//! What is remembered of a consumer: what they stated, and apart from it, weaker, what was learned from what they did.

use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::places::plain;
use super::requests::Request;
use super::sql_enum::sql_enum;
use super::window::Window;
use super::{ProviderId, bookings::Booking};
use crate::db::schema::sql_types;

/// How many of one kind are stated at most.
pub const MOST_STATED: usize = 20;
/// The longest words of one, in characters.
pub const WORDS_MAX: usize = 200;
/// From which rating on a provider is liked.
pub const LIKED: i32 = 4;
/// Up to which rating a provider is not liked any more.
pub const DISLIKED: i32 = 2;

sql_enum! {
    /// What a preference is about.
    PreferenceKey as sql_types::PreferenceKey {
        /// What they want to spend.
        Budget,
        /// When it suits them.
        Timing,
        /// How they like it.
        Style,
        /// Where they need things.
        Places,
        /// Whom they like.
        FavouriteProviders,
    }
}

sql_enum! {
    /// How it is known.
    PreferenceSource as sql_types::PreferenceSource {
        /// They said so.
        Stated,
        /// From what they did.
        Learned,
    }
}

/// What somebody wants to spend at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spending {
    /// In minor units.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub max_cents: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
}

/// A provider that somebody likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Favourite {
    /// Whom.
    pub provider_id: ProviderId,
    /// The business's name.
    pub name: String,
}

/// What somebody has said of their preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stated {
    /// What they want to spend.
    pub budget: Option<Spending>,
    /// When it suits them, in their words.
    pub timing: Option<String>,
    /// How they like it, in their words.
    pub style: Option<String>,
    /// Where they need things.
    pub places: Vec<String>,
    /// Whom they like.
    pub favourite_providers: Vec<Favourite>,
}

/// What somebody usually spends for a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LearnedBudget {
    /// Slug of the service.
    pub service_id: String,
    /// About how much, in minor units.
    pub usual_cents: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// How often it was seen.
    pub seen: i32,
    /// When last.
    pub last_seen_at: DateTime<Utc>,
}

/// Something that was learned, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LearnedPreference)]
pub struct LearnedWords {
    /// What.
    pub value: String,
    /// Slug of the service that it was seen with; null for what holds of all.
    pub service_id: Option<String>,
    /// How often it was seen.
    pub seen: i32,
    /// When last.
    pub last_seen_at: DateTime<Utc>,
}

/// A provider that somebody came back to, or was content with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LearnedFavourite {
    /// Whom.
    pub provider_id: ProviderId,
    /// The business's name.
    pub name: String,
    /// How often it was seen.
    pub seen: i32,
    /// When last.
    pub last_seen_at: DateTime<Utc>,
}

/// What was learned from what somebody did; of each the surest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Learned {
    /// What they spend.
    pub budget: Vec<LearnedBudget>,
    /// When they have things done.
    pub timing: Vec<LearnedWords>,
    /// What they ask for.
    pub style: Vec<LearnedWords>,
    /// Where they need things.
    pub places: Vec<LearnedWords>,
    /// Whom they like.
    pub favourite_providers: Vec<LearnedFavourite>,
}

/// What is remembered of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Memory {
    /// What they said: it comes before what was learned.
    pub stated: Stated,
    /// What they did.
    pub learned: Learned,
}

impl Memory {
    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What somebody states anew: what is `None` stays; nothing, or an empty list, takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryChange {
    /// What they want to spend.
    pub budget: Option<Option<Spending>>,
    /// When it suits them.
    pub timing: Option<Option<String>>,
    /// How they like it.
    pub style: Option<Option<String>>,
    /// Where they need things: all of them.
    pub places: Option<Vec<String>>,
    /// Whom they like: all of them.
    pub favourite_providers: Option<Vec<ProviderId>>,
}

/// A preference to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is about.
    pub key: PreferenceKey,
    /// Slug of a service; empty: of all.
    pub service_id: String,
    /// What makes two the same.
    pub same: String,
    /// In words.
    pub value: Option<String>,
    /// In minor units.
    pub amount_cents: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Whom.
    pub provider_id: Option<ProviderId>,
}

impl Evidence {
    fn new(key: PreferenceKey, service_id: &str, same: String) -> Self {
        let service_id = service_id.to_owned();
        Self { key, service_id, same, value: None, amount_cents: None, currency: None, provider_id: None }
    }

    /// Something in words, if they are some and not too many.
    #[must_use]
    pub fn words(key: PreferenceKey, service_id: &str, words: &str) -> Option<Self> {
        let value = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_fit = (1..=WORDS_MAX).contains(&value.chars().count());
        // Folded it may be longer, or nothing.
        let same: String =
            Some(plain(&value)).filter(|plain| !plain.is_empty()).unwrap_or_else(|| value.clone());
        let same = same.chars().take(2 * WORDS_MAX).collect();
        is_fit.then(|| Self { value: Some(value), ..Self::new(key, service_id, same) })
    }

    /// An amount.
    #[must_use]
    pub fn amount(service_id: &str, cents: i64, currency: &str) -> Self {
        Self {
            amount_cents: Some(cents),
            currency: Some(currency.to_owned()),
            ..Self::new(PreferenceKey::Budget, service_id, currency.to_owned())
        }
    }

    /// A provider.
    #[must_use]
    pub fn favourite(provider: ProviderId) -> Self {
        let same = provider.to_string();
        Self { provider_id: Some(provider), ..Self::new(PreferenceKey::FavouriteProviders, "", same) }
    }

    /// What posting a request tells: where, when, how, for how much; each once, in order.
    #[must_use]
    pub fn of_request(request: &Request) -> Vec<Self> {
        let service = request.service_id.as_str();
        let window = request.window_from.zip(request.window_to);
        let timing = window.and_then(|(from, to)| timing(Window { from, to }));
        let spent = request.budget_max_cents.zip(request.budget_currency.as_deref());
        let styles = request.specializations.iter().flatten();
        let words = [
            Self::words(PreferenceKey::Places, "", &request.city),
            timing.and_then(|timing| Self::words(PreferenceKey::Timing, "", &timing)),
        ];
        let all = words.into_iter().flatten();
        let all = all.chain(spent.map(|(cents, currency)| Self::amount(service, cents, currency)));
        ordered(
            all.chain(styles.filter_map(|phrase| Self::words(PreferenceKey::Style, service, phrase)))
                .collect(),
        )
    }

    /// What agreeing on a booking tells: when, for how much.
    #[must_use]
    pub fn of_booking(booking: &Booking) -> Vec<Self> {
        let zone: Tz = booking.zone.parse().unwrap_or(Tz::UTC);
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
        let timing = timing(Window { from: local(booking.start_at), to: local(booking.end_at) });
        let timing = timing.and_then(|timing| Self::words(PreferenceKey::Timing, "", &timing));
        let spent = Self::amount(&booking.service_id, booking.price_cents, &booking.currency);
        ordered(timing.into_iter().chain([spent]).collect())
    }
}

/// Each once, in the order in which everybody writes them.
fn ordered(mut all: Vec<Evidence>) -> Vec<Evidence> {
    let order = |one: &Evidence| (one.key as u8, one.service_id.clone(), one.same.clone());
    all.sort_by_key(order);
    all.dedup_by_key(|one| order(one));
    all
}

/// Which kind of time a window is, if it is one: `weekends`, `weekday evenings`.
#[must_use]
pub fn timing(window: Window) -> Option<String> {
    let is_weekend = |at: NaiveDateTime| matches!(at.weekday(), Weekday::Sat | Weekday::Sun);
    let days = (window.to.date() - window.from.date()).num_days();
    let day = match (is_weekend(window.from), is_weekend(window.to)) {
        (true, true) if days <= 1 => "weekend",
        // Of one week, as no weekend lies in between.
        (false, false) if days <= 4 && window.from.iso_week() == window.to.iso_week() => "weekday",
        _ => return None,
    };
    let part = |at: NaiveTime| match at.hour() {
        0..12 => "mornings",
        12..17 => "afternoons",
        _ => "evenings",
    };
    let last = window.to.time().overflowing_sub_signed(TimeDelta::minutes(1)).0;
    let (from, to) = (part(window.from.time()), part(last));
    Some(if days == 0 && from == to { format!("{day} {from}") } else { format!("{day}s") })
}

/// How a provider fares with a service.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, diesel::Queryable)]
#[schema(as = ServicePattern)]
pub struct Pattern {
    /// Slug of the service.
    pub service_id: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// How many offers they made.
    pub offers: i64,
    /// How many of these were accepted.
    pub wins: i64,
    /// Wins of all that are not pending any more; null without any.
    pub win_rate: Option<f64>,
    /// The mean price of what was accepted, in minor units; null without any.
    pub average_price_won_cents: Option<i64>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::window::LOCAL_MINUTE;

    fn when(from: &str, to: &str) -> Option<String> {
        let local = |text: &str| NaiveDateTime::parse_from_str(text, LOCAL_MINUTE).unwrap();
        timing(Window { from: local(from), to: local(to) })
    }

    #[test]
    fn windows_are_kinds_of_times() {
        // 21 November 2026 is a Saturday.
        for (from, to, kind) in [
            ("2026-11-21T00:00", "2026-11-22T23:59", Some("weekends")),
            ("2026-11-21T09:00", "2026-11-21T12:00", Some("weekend mornings")),
            ("2026-11-22T13:00", "2026-11-22T16:30", Some("weekend afternoons")),
            ("2026-11-24T18:00", "2026-11-24T21:00", Some("weekday evenings")),
            ("2026-11-24T00:00", "2026-11-24T23:59", Some("weekdays")),
            ("2026-11-23T00:00", "2026-11-27T23:59", Some("weekdays")),
            ("2026-11-20T00:00", "2026-11-23T23:59", None),
            ("2026-11-20T00:00", "2026-11-21T23:59", None),
            ("2026-11-21T00:00", "2026-12-06T23:59", None),
        ] {
            assert_eq!(when(from, to).as_deref(), kind, "{from} {to}");
        }
    }

    #[test]
    fn the_same_in_other_letters_is_the_same() {
        let style = |words| Evidence::words(PreferenceKey::Style, "haircut", words);
        let [one, other] = ["Dry  Cut", " dry cut "].map(|words| style(words).unwrap());
        assert_eq!((one.same.as_str(), &one.same), ("dry cut", &other.same));
        assert_eq!(one.value.as_deref(), Some("Dry Cut"));
        assert_eq!(ordered(vec![other.clone(), one.clone()]).len(), 1);
        assert_eq!((style("  "), style(&"x".repeat(201))), (None, None));
    }
}
