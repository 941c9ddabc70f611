//! What is remembered of consumers: they see it, correct it and have it forgotten.
//!
//! It is learned where something is done, in the same transaction: posting a request, agreeing on a booking, coming back to a
//! provider, reviewing one. What is forgotten is not learned again from what lies behind.

use diesel_async::AsyncConnection;

use super::{Domain, users};
use crate::auth::SignedIn;
use crate::db::memory::Preference;
use crate::db::{self, Conn};
use crate::error::{Error, Problem, Result};
use crate::model::bookings::Booking;
use crate::model::memory::{
    DISLIKED, Evidence, Favourite, LIKED, LearnedBudget, LearnedFavourite, LearnedWords, MOST_STATED, Memory,
    MemoryChange, Pattern, PreferenceKey, PreferenceSource, WORDS_MAX,
};
use crate::model::money::Budget;
use crate::model::places::place;
use crate::model::{ProviderId, UserId};

/// How much of each kind is told.
const TOLD: i64 = MOST_STATED as i64;
/// The longest name and city, in characters.
const PROFILE_MAX: usize = 200;

impl Domain {
    /// What is remembered of the caller.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn memory(&self, caller: &SignedIn) -> Result<Memory> {
        of(&mut *self.queue.db.conn().await?, caller.user_id()).await
    }

    /// States preferences in place of what the caller stated before; answers what is remembered now.
    ///
    /// # Errors
    /// `invalid` with every problem.
    pub async fn state_memory(&self, caller: &SignedIn, change: MemoryChange) -> Result<Memory> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| state(conn, caller.user_id(), change).await).await.map_err(in_body)
    }

    /// Forgets what is remembered of the caller, of one key or all of it; answers what is left.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn forget_memory(&self, caller: &SignedIn, key: Option<PreferenceKey>) -> Result<Memory> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            users::require_open(conn, caller, caller.user_id()).await?;
            forget(conn, caller.user_id(), key).await
        })
        .await
    }
}

/// Problems as they are told of a body.
fn in_body(mut error: Error) -> Error {
    for problem in &mut error.problems {
        problem.pointer.insert_str(0, "/body");
    }
    error
}

/// What is remembered of somebody.
///
/// # Errors
/// When the database is away.
pub async fn of(conn: &mut Conn, user: UserId) -> Result<Memory> {
    Ok(memory(db::memory::of(conn, user, TOLD).await?))
}

/// All that is remembered of somebody, however much it is.
///
/// # Errors
/// When the database is away.
pub(super) async fn all_of(conn: &mut Conn, user: UserId) -> Result<Memory> {
    Ok(memory(db::memory::of(conn, user, i64::MAX).await?))
}

/// States preferences in place of what somebody stated before, in the caller's transaction; answers what is remembered now.
/// Pointers of problems begin with the field: `/budget`.
///
/// # Errors
/// `invalid` with every problem; `account_closed`.
pub async fn state(conn: &mut Conn, user: UserId, change: MemoryChange) -> Result<Memory> {
    let mut problems = problems(&change);
    let favourites = change.favourite_providers.as_deref().unwrap_or_default();
    let shown = if favourites.is_empty() { Vec::new() } else { db::memory::shown(conn, favourites).await? };
    for (at, provider) in favourites.iter().enumerate().filter(|(_, id)| !shown.contains(id)) {
        let message = format!("There is no provider {provider}; GET /providers finds them.");
        problems.push(Problem::new(format!("/favourite_providers/{at}"), message));
    }
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    db::users::require_active(conn, user).await?;
    let (keys, stated) = stated(change);
    if !keys.is_empty() {
        db::memory::state(conn, user, &keys, stated).await?;
    }
    of(conn, user).await
}

/// Forgets what is remembered of somebody, of one key or all of it; answers what is left.
///
/// # Errors
/// When the database is away.
pub async fn forget(conn: &mut Conn, user: UserId, key: Option<PreferenceKey>) -> Result<Memory> {
    db::memory::forget(conn, user, key).await?;
    of(conn, user).await
}

/// Writes what a conversation tells into the profile, where nothing was said before; answers whether it did.
///
/// # Errors
/// When the database is away.
pub async fn fill_profile(
    conn: &mut Conn,
    user: UserId,
    name: Option<&str>,
    city: Option<&str>,
) -> Result<bool> {
    let words = |text: Option<&str>| {
        let text = text?.split_whitespace().collect::<Vec<_>>().join(" ");
        (1..=PROFILE_MAX).contains(&text.chars().count()).then_some(text)
    };
    let mut filled = false;
    if let Some(name) = words(name) {
        filled |= db::memory::fill_name(conn, user, &name).await?;
    }
    if let Some(city) = words(city) {
        let zone = place(&city).map(|place| place.zone.to_string());
        filled |= db::memory::fill_city(conn, user, &city, zone.as_deref()).await?;
    }
    Ok(filled)
}

/// How a provider fares with each service: what they win, and at what price.
///
/// # Errors
/// When the database is away.
pub async fn patterns(conn: &mut Conn, provider: ProviderId) -> Result<Vec<Pattern>> {
    db::memory::patterns_of(conn, provider).await
}

/// Learns from a booking that was agreed on; last in its transaction.
pub(super) async fn learn_booked(conn: &mut Conn, booking: &Booking) -> Result<()> {
    db::memory::learn(conn, booking.user_id, Evidence::of_booking(booking)).await
}

/// Learns from a booking that is done: who comes back to a provider likes it. Last in its transaction.
pub(super) async fn learn_done(conn: &mut Conn, booking: &Booking) -> Result<()> {
    if db::memory::done_with(conn, booking.user_id, booking.provider_id).await? < 2 {
        return Ok(());
    }
    db::memory::learn(conn, booking.user_id, vec![Evidence::favourite(booking.provider_id)]).await
}

/// Learns from a review; last in its transaction.
pub(super) async fn learn_reviewed(
    conn: &mut Conn,
    user: UserId,
    provider: ProviderId,
    rating: i32,
) -> Result<()> {
    match rating {
        LIKED.. => db::memory::learn(conn, user, vec![Evidence::favourite(provider)]).await,
        ..=DISLIKED => db::memory::unlearn_favourite(conn, user, provider).await,
        _ => Ok(()),
    }
}

/// What is wrong with a change and can be seen without looking anything up.
fn problems(change: &MemoryChange) -> Vec<Problem> {
    let mut problems = Vec::new();
    let is_fit = |text: &String| (1..=WORDS_MAX).contains(&text.trim().chars().count());
    let unfit = || "Write 1 to 200 characters.".to_owned();
    if let Some(Some(budget)) = &change.budget {
        let budget =
            Budget { min_cents: None, max_cents: Some(budget.max_cents), currency: budget.currency.clone() };
        problems.extend(budget.problem().map(|problem| Problem::new("/budget", problem)));
    }
    for (pointer, text) in [("/timing", &change.timing), ("/style", &change.style)] {
        if text.as_ref().and_then(Option::as_ref).is_some_and(|text| !is_fit(text)) {
            problems.push(Problem::new(pointer, unfit()));
        }
    }
    let places = change.places.as_deref().unwrap_or_default();
    for (at, _) in places.iter().enumerate().filter(|(_, place)| !is_fit(place)) {
        problems.push(Problem::new(format!("/places/{at}"), unfit()));
    }
    let favourites = change.favourite_providers.as_deref().unwrap_or_default();
    for (pointer, count) in [("/places", places.len()), ("/favourite_providers", favourites.len())] {
        if count > MOST_STATED {
            problems.push(Problem::new(pointer, "Name 20 at most."));
        }
    }
    problems
}

/// What a change is about, and what is to be written down of it.
fn stated(change: MemoryChange) -> (Vec<PreferenceKey>, Vec<Evidence>) {
    let MemoryChange { budget, timing, style, places, favourite_providers } = change;
    let (mut keys, mut stated) = (Vec::new(), Vec::new());
    if let Some(budget) = budget {
        keys.push(PreferenceKey::Budget);
        stated.extend(budget.map(|budget| Evidence::amount("", budget.max_cents, &budget.currency)));
    }
    for (key, text) in [(PreferenceKey::Timing, timing), (PreferenceKey::Style, style)] {
        if let Some(text) = text {
            keys.push(key);
            stated.extend(text.and_then(|text| Evidence::words(key, "", &text)));
        }
    }
    if let Some(places) = places {
        keys.push(PreferenceKey::Places);
        stated.extend(places.iter().filter_map(|place| Evidence::words(PreferenceKey::Places, "", place)));
    }
    if let Some(favourites) = favourite_providers {
        keys.push(PreferenceKey::FavouriteProviders);
        stated.extend(favourites.into_iter().map(Evidence::favourite));
    }
    (keys, stated)
}

/// Rows as they are told, in order.
fn memory(rows: Vec<Preference>) -> Memory {
    let mut memory = Memory::default();
    for row in rows {
        match row.source {
            PreferenceSource::Stated => add_stated(&mut memory, row),
            PreferenceSource::Learned => add_learned(&mut memory, row),
        }
    }
    memory
}

fn add_stated(memory: &mut Memory, row: Preference) {
    let stated = &mut memory.stated;
    match row.key {
        PreferenceKey::Budget => {
            let spent = row.amount_cents.zip(row.currency);
            stated.budget =
                spent.map(|(max_cents, currency)| crate::model::memory::Spending { max_cents, currency });
        }
        PreferenceKey::Timing => stated.timing = row.value,
        PreferenceKey::Style => stated.style = row.value,
        PreferenceKey::Places => stated.places.extend(row.value),
        PreferenceKey::FavouriteProviders => {
            let known = row.provider_id.zip(row.provider_name);
            stated
                .favourite_providers
                .extend(known.map(|(provider_id, name)| Favourite { provider_id, name }));
        }
    }
}

fn add_learned(memory: &mut Memory, row: Preference) {
    let learned = &mut memory.learned;
    let (seen, last_seen_at, service_id) = (row.seen, row.last_seen_at, row.service_id);
    let of_service = Some(service_id.clone()).filter(|service| !service.is_empty());
    let words = row.value.map(|value| LearnedWords { value, service_id: of_service, seen, last_seen_at });
    match row.key {
        PreferenceKey::Budget => {
            learned.budget.extend(row.amount_cents.zip(row.currency).map(|(usual_cents, currency)| {
                LearnedBudget { service_id, usual_cents, currency, seen, last_seen_at }
            }))
        }
        PreferenceKey::Timing => learned.timing.extend(words),
        PreferenceKey::Style => learned.style.extend(words),
        PreferenceKey::Places => learned.places.extend(words),
        PreferenceKey::FavouriteProviders => learned.favourite_providers.extend(
            row.provider_id.zip(row.provider_name).map(|(provider_id, name)| LearnedFavourite {
                provider_id,
                name,
                seen,
                last_seen_at,
            }),
        ),
    }
}
