//! What is remembered of consumers, and how providers fare.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::{own, owned_sql};
use super::schema::{consumer_profiles, preferences, sql_types, users};
use super::statement::statement;
use super::users::account_is_open;
use crate::error::Result;
use crate::model::memory::{Evidence, Pattern, PreferenceKey, PreferenceSource};
use crate::model::{ProviderId, UserId};

/// Writes down what was learned by an owner, from rows `g` in the order in which everybody writes it: the same again is
/// surer. An amount follows what is seen, the more the less was seen before.
macro_rules! learn_sql {
    ($owner:literal, $rows:literal) => {
        concat!(
            "INSERT INTO preferences AS p (user_id, source, key, service_id, same, value, amount_cents, currency, provider_id)
             SELECT ", $owner, ", 'learned', g.key::preference_key, g.service_id, g.same, g.value, g.amount_cents,
               g.currency, g.provider_id
             FROM ", $rows, "
             ON CONFLICT (user_id, source, key, service_id, same) DO UPDATE
             SET seen = least(p.seen + 1, 1000000), last_seen_at = now(), value = excluded.value,
               amount_cents = (p.amount_cents * least(p.seen, 9) + excluded.amount_cents) / (least(p.seen, 9) + 1)"
        )
    };
}

pub(in crate::db) use learn_sql;

/// Evidence as arrays, a column each.
#[derive(Debug, Default)]
pub(in crate::db) struct Columns {
    pub keys: Vec<String>,
    pub services: Vec<String>,
    pub sames: Vec<String>,
    pub values: Vec<Option<String>>,
    pub amounts: Vec<Option<i64>>,
    pub currencies: Vec<Option<String>>,
    pub providers: Vec<Option<ProviderId>>,
}

impl Columns {
    pub fn of(evidence: impl IntoIterator<Item = Evidence>) -> Self {
        let mut columns = Self::default();
        for Evidence { key, service_id, same, value, amount_cents, currency, provider_id } in evidence {
            columns.keys.push(key.to_string());
            columns.services.push(service_id);
            columns.sames.push(same);
            columns.values.push(value);
            columns.amounts.push(amount_cents);
            columns.currencies.push(currency);
            columns.providers.push(provider_id);
        }
        columns
    }
}

statement! {
    Learn {
        owner: UserId => Uuid,
        keys: Vec<String> => Array<Text>,
        services: Vec<String> => Array<Text>,
        sames: Vec<String> => Array<Text>,
        values: Vec<Option<String>> => Array<Nullable<Text>>,
        amounts: Vec<Option<i64>> => Array<Nullable<BigInt>>,
        currencies: Vec<Option<String>> => Array<Nullable<Text>>,
        providers: Vec<Option<ProviderId>> => Array<Nullable<Uuid>>,
    } -> Bool = concat!(
    learn_sql!(
        "?::uuid",
        "unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::uuid[])
           g (key, service_id, same, value, amount_cents, currency, provider_id)"
    ), " RETURNING true")
}

/// Learns what somebody has just done, in the order in which everybody writes it; to be called last in the transaction
/// that does it.
///
/// # Errors
/// When the database is away.
pub async fn learn(conn: &mut Conn, owner: UserId, evidence: Vec<Evidence>) -> Result<()> {
    if evidence.is_empty() {
        return Ok(());
    }
    let Columns { keys, services, sames, values, amounts, currencies, providers } = Columns::of(evidence);
    let learn = Learn { owner, keys, services, sames, values, amounts, currencies, providers };
    let _learned: Vec<bool> = learn.get_results(conn).await?;
    Ok(())
}

statement! {
    /// Somebody comes back to a provider: an earlier booking with it was done too.
    ComesBack { provider: ProviderId => Uuid, owner: UserId => Uuid } -> BigInt =
    concat!("SELECT count(*) FROM bookings b WHERE b.status = 'completed' AND b.provider_id = ?
       AND ", owned_sql!("memory.comes_back", "b.user_id = ?"))
}

/// How many bookings of a consumer with a provider are done.
///
/// # Errors
/// When the database is away.
pub async fn done_with(conn: &mut Conn, owner: UserId, provider: ProviderId) -> Result<i64> {
    Ok(ComesBack { provider, owner }.get_result(conn).await?)
}

/// Unlearns that somebody likes a provider.
///
/// # Errors
/// When the database is away.
pub async fn unlearn_favourite(conn: &mut Conn, owner: UserId, provider: ProviderId) -> Result<()> {
    diesel::delete(preferences::table)
        .filter(own!("memory.unlearn", preferences::user_id, owner))
        .filter(preferences::source.eq(PreferenceSource::Learned))
        .filter(preferences::provider_id.eq(provider))
        .execute(conn)
        .await?;
    Ok(())
}

/// A preference as it is read.
#[derive(Clone, Debug, Queryable)]
pub struct Preference {
    /// How it is known.
    pub source: PreferenceSource,
    /// What it is about.
    pub key: PreferenceKey,
    /// Slug of a service; empty: of all.
    pub service_id: String,
    /// In words.
    pub value: Option<String>,
    /// In minor units.
    pub amount_cents: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Whom.
    pub provider_id: Option<ProviderId>,
    /// Their business's name.
    pub provider_name: Option<String>,
    /// How often it was seen.
    pub seen: i32,
    /// When last.
    pub last_seen_at: DateTime<Utc>,
}

statement! {
    /// As they were stated; of what was learned the surest first. Providers that nobody may look at are nobody's favourites.
    Remembered { owner: UserId => Uuid, most: i64 => BigInt }
    -> (sql_types::PreferenceSource, sql_types::PreferenceKey, Text, Nullable<Text>, Nullable<BigInt>, Nullable<Text>,
        Nullable<Uuid>, Nullable<Text>, Integer, Timestamptz) = concat!(
    "WITH a AS (SELECT ?::uuid AS owner, ?::bigint AS most)
     SELECT source, key, service_id, value, amount_cents, currency, provider_id, name, seen, last_seen_at FROM (
       SELECT m.*, p.name, row_number() OVER (
         PARTITION BY m.source, m.key ORDER BY m.position, m.seen DESC, m.last_seen_at DESC, m.service_id, m.same) AS place
       FROM a, preferences m LEFT JOIN providers p ON p.id = m.provider_id
       WHERE ", owned_sql!("memory.of", "m.user_id = a.owner"), "
         AND (m.provider_id IS NULL OR p.status <> 'suspended' AND ", account_is_open!(), ")) m, a
     WHERE place <= a.most ORDER BY source, key, place")
}

/// What is remembered of somebody, up to `most` of each kind.
///
/// # Errors
/// When the database is away.
pub async fn of(conn: &mut Conn, owner: UserId, most: i64) -> Result<Vec<Preference>> {
    Ok(Remembered { owner, most }.get_results(conn).await?)
}

statement! {
    /// Which of these anybody may look at.
    Shown { ids: Vec<ProviderId> => Array<Uuid> } -> Uuid = concat!(
    "SELECT p.id FROM providers p WHERE p.id = ANY (?) AND p.status <> 'suspended' AND ", account_is_open!())
}

/// Which of these providers can be somebody's favourites.
///
/// # Errors
/// When the database is away.
pub async fn shown(conn: &mut Conn, ids: &[ProviderId]) -> Result<Vec<ProviderId>> {
    Ok(Shown { ids: ids.to_vec() }.get_results(conn).await?)
}

#[derive(Insertable)]
#[diesel(table_name = preferences)]
struct StatedRow {
    user_id: UserId,
    source: PreferenceSource,
    key: PreferenceKey,
    service_id: String,
    same: String,
    value: Option<String>,
    amount_cents: Option<i64>,
    currency: Option<String>,
    provider_id: Option<ProviderId>,
    position: i32,
}

/// Writes what somebody states in place of what they stated of these before. The caller has locked the user.
///
/// # Errors
/// When the database is away.
pub async fn state(
    conn: &mut Conn,
    owner: UserId,
    of: &[PreferenceKey],
    stated: Vec<Evidence>,
) -> Result<()> {
    diesel::delete(preferences::table)
        .filter(own!("memory.state", preferences::user_id, owner))
        .filter(preferences::source.eq(PreferenceSource::Stated))
        .filter(preferences::key.eq_any(of))
        .execute(conn)
        .await?;
    let row = |(position, stated): (usize, Evidence)| StatedRow {
        user_id: owner,
        source: PreferenceSource::Stated,
        key: stated.key,
        service_id: stated.service_id,
        same: stated.same,
        value: stated.value,
        amount_cents: stated.amount_cents,
        currency: stated.currency,
        provider_id: stated.provider_id,
        position: i32::try_from(position).unwrap_or(i32::MAX),
    };
    let rows: Vec<StatedRow> = stated.into_iter().enumerate().map(row).collect();
    diesel::insert_into(preferences::table)
        .values(&rows)
        // Whoever names one twice means it once.
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what is remembered of somebody: of one key, or all of it.
///
/// # Errors
/// When the database is away.
pub async fn forget(conn: &mut Conn, owner: UserId, key: Option<PreferenceKey>) -> Result<()> {
    let theirs =
        || diesel::delete(preferences::table).filter(own!("memory.forget", preferences::user_id, owner));
    match key {
        Some(key) => theirs().filter(preferences::key.eq(key)).execute(conn).await?,
        None => theirs().execute(conn).await?,
    };
    Ok(())
}

/// Gives a user a name who has none; answers whether it did.
///
/// # Errors
/// When the database is away.
pub async fn fill_name(conn: &mut Conn, user: UserId, name: &str) -> Result<bool> {
    let nameless = users::table.filter(users::id.eq(user).and(users::name.is_null()));
    Ok(diesel::update(nameless).set(users::name.eq(name)).execute(conn).await? == 1)
}

/// Writes a city with its zone into the profile of a consumer who has said none; answers whether it did.
///
/// # Errors
/// When the database is away.
pub async fn fill_city(conn: &mut Conn, user: UserId, city: &str, zone: Option<&str>) -> Result<bool> {
    use diesel::query_dsl::methods::FilterDsl;
    let filled = diesel::insert_into(consumer_profiles::table)
        .values((
            consumer_profiles::user_id.eq(user),
            consumer_profiles::city.eq(city),
            consumer_profiles::zone.eq(zone),
        ))
        .on_conflict(consumer_profiles::user_id)
        .do_update()
        .set((
            consumer_profiles::city.eq(city),
            consumer_profiles::zone.eq(zone),
            consumer_profiles::updated_at.eq(diesel::dsl::now),
        ))
        .filter(consumer_profiles::city.is_null())
        .execute(conn)
        .await?;
    Ok(filled == 1)
}

statement! {
    /// What the user stated of a thing of which there is one stays; what was learned of both is surer.
    Claim { guest: UserId => Uuid, owner: UserId => Uuid } -> Bool = concat!(
    "WITH a AS (SELECT ?::uuid AS guest, ?::uuid AS owner), moved AS (
       DELETE FROM preferences m USING a WHERE ", owned_sql!("memory.claim", "m.user_id = a.guest"), " RETURNING m.*
     )
     INSERT INTO preferences AS p
       (user_id, source, key, service_id, same, value, amount_cents, currency, provider_id, position, seen, last_seen_at)
     SELECT a.owner, m.source, m.key, m.service_id, m.same, m.value, m.amount_cents, m.currency, m.provider_id, m.position,
       m.seen, m.last_seen_at
     FROM moved m, a
     WHERE m.source = 'learned' OR m.key IN ('places', 'favourite_providers') OR NOT EXISTS (
       SELECT FROM preferences k
       WHERE ", owned_sql!("memory.claim.stated", "k.user_id = a.owner"), " AND k.source = 'stated' AND k.key = m.key)
     ON CONFLICT (user_id, source, key, service_id, same) DO UPDATE
     SET seen = least(p.seen + excluded.seen, 1000000), last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at)
     RETURNING true")
}

statement! {
    /// Where a guest said they live.
    ClaimProfile { guest: UserId => Uuid } -> (Nullable<Text>, Nullable<Text>) = concat!(
    "DELETE FROM consumer_profiles c WHERE ", owned_sql!("memory.claim.profile", "c.user_id = ?"), " RETURNING c.city, c.zone")
}

/// Makes what is remembered of a guest a user's, who keeps what they said themselves. The caller has locked both.
///
/// # Errors
/// When the database is away.
pub async fn claim(conn: &mut Conn, guest: UserId, owner: UserId) -> Result<()> {
    let _moved: Vec<bool> = Claim { guest, owner }.get_results(conn).await?;
    let name: Option<String> = users::table.find(guest).select(users::name).get_result(conn).await?;
    if let Some(name) = name {
        fill_name(conn, owner, &name).await?;
    }
    let lived: Vec<(Option<String>, Option<String>)> = ClaimProfile { guest }.get_results(conn).await?;
    if let Some((Some(city), zone)) = lived.into_iter().next() {
        fill_city(conn, owner, &city, zone.as_deref()).await?;
    }
    Ok(())
}

statement! {
    /// By the index on the provider's offers.
    Patterns { provider: ProviderId => Uuid }
    -> (Text, Text, BigInt, BigInt, Nullable<Double>, Nullable<BigInt>) =
    "SELECT service_id, currency, count(*), count(*) FILTER (WHERE status = 'accepted'),
       avg((status = 'accepted')::int) FILTER (WHERE NOT (status = 'pending' AND expires_at > now()))::float8,
       round(avg(price_cents) FILTER (WHERE status = 'accepted'))::bigint
     FROM offers WHERE provider_id = ? GROUP BY service_id, currency ORDER BY service_id, currency"
}

/// How a provider fares with each service that they offered, worked out from their offers.
///
/// # Errors
/// When the database is away.
pub async fn patterns_of(conn: &mut Conn, provider: ProviderId) -> Result<Vec<Pattern>> {
    Ok(Patterns { provider }.get_results(conn).await?)
}
