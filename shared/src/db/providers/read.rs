//! Providers as others see them, and as they are their owner's.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::auth::Scope;
use crate::db::owned::{owned, owned_sql};
use crate::db::schema::sql_types::ProviderStatus as SqlProviderStatus;
use crate::db::schema::{provider_services, providers, users};
use crate::db::statement::statement;
use crate::db::users::account_is_open;
use crate::db::{Conn, Db, GroupCommit};
use crate::error::Result;
use crate::model::places::Location;
use crate::model::providers::{Card, Provider, ProviderService, ProviderStatus};
use crate::model::reviews::SHOWN_FROM;
use crate::model::users::UserStatus;
use crate::model::{ProviderId, UserId};

/// The columns of a [`Card`], of a provider `p` and its services `s`, as [`bookable`] sums them up.
macro_rules! card_columns {
    () => {
        "p.id, p.name, p.headline, p.city, p.zone, p.latitude, p.longitude, p.status, p.rating, p.review_count, \
         p.completed_jobs, p.response_rate, p.response_minutes, coalesce(s.ids, '{}'), s.price_from, s.currency, \
         coalesce(s.verified, false), p.created_at"
    };
}

pub(super) use card_columns;

/// What of a provider `p` can be booked: `ids` is null if nothing can.
macro_rules! bookable {
    () => {
        "(SELECT array_agg(o.service_id ORDER BY o.service_id) AS ids, min(o.price_min_cents) AS price_from,
            (array_agg(o.currency ORDER BY o.price_min_cents, o.service_id)
               FILTER (WHERE o.price_min_cents IS NOT NULL))[1] AS currency,
            bool_or(o.licence = 'verified') AS verified
          FROM provider_services o WHERE o.provider_id = p.id AND is_bookable(o.licence, o.licence_expires_on))"
    };
}

/// What PostgreSQL calls the columns of a [`Card`], in their order.
pub(super) type CardSql = (
    Uuid,
    Text,
    Text,
    Text,
    Text,
    Nullable<Double>,
    Nullable<Double>,
    SqlProviderStatus,
    Nullable<Double>,
    Integer,
    Integer,
    Nullable<Double>,
    Nullable<Integer>,
    Array<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
    Bool,
    Timestamptz,
);

/// A [`Card`] as PostgreSQL answers it.
#[derive(Queryable)]
pub(super) struct CardRow {
    id: ProviderId,
    name: String,
    headline: String,
    city: String,
    zone: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    status: ProviderStatus,
    rating: Option<f64>,
    review_count: i32,
    completed_jobs: i32,
    response_rate: Option<f64>,
    response_minutes: Option<i32>,
    services: Vec<String>,
    price_from_cents: Option<i64>,
    currency: Option<String>,
    verified: bool,
    created_at: DateTime<Utc>,
}

impl From<CardRow> for Card {
    fn from(row: CardRow) -> Self {
        let exact = row.latitude.zip(row.longitude);
        Self {
            id: row.id,
            name: row.name,
            headline: row.headline,
            city: row.city,
            zone: row.zone,
            location: exact.map(|(latitude, longitude)| Location { latitude, longitude }.rounded()),
            status: row.status,
            rating: row.rating.filter(|_| row.review_count >= SHOWN_FROM),
            review_count: row.review_count,
            completed_jobs: row.completed_jobs,
            response_rate: row.response_rate,
            response_minutes: row.response_minutes,
            services: row.services,
            price_from_cents: row.price_from_cents,
            currency: row.currency,
            verified: row.verified,
            created_at: row.created_at,
        }
    }
}

statement! {
    /// Providers, each for a reader: everybody sees one who is not suspended, whose account is open, and who has something that
    /// can be booked; its owner and admins always. Each is looked up by its id (`LIMIT`), however few providers there are.
    CardsFor {
        ids: Vec<ProviderId> => Array<Uuid>,
        readers: Vec<UserId> => Array<Uuid>,
        all: Vec<bool> => Array<Bool>,
    } -> (BigInt, CardSql) = concat!(
    "SELECT a.n, ", card_columns!(), " FROM unnest(?, ?, ?) WITH ORDINALITY AS a (id, reader, everything, n)
     CROSS JOIN LATERAL (SELECT * FROM providers p WHERE p.id = a.id LIMIT 1) p CROSS JOIN LATERAL ", bookable!(), " s
     WHERE p.status <> 'suspended' AND s.ids IS NOT NULL AND ", account_is_open!(), " OR a.everything
       OR ", owned_sql!("providers.card", "p.user_id = a.reader"))
}

/// A provider whose card a reader wants to see.
type Wanted = (Scope, ProviderId);

/// Reads the cards that many look at together: a statement's beginning costs more than what it reads of one.
pub struct Cards(GroupCommit<Wanted, Option<Card>>);

impl Cards {
    /// Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(db: Db) -> Self {
        Self(GroupCommit::start(db, TOGETHER, AT_ONCE, |conn, wanted| Box::pin(cards(conn, wanted))))
    }

    /// A provider's card, if this reader sees it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn card(&self, reader: Scope, id: ProviderId) -> Result<Option<Card>> {
        self.0.submit((reader, id)).await
    }
}

/// How many cards one statement reads.
const TOGETHER: usize = 64;
/// Statements at once.
const AT_ONCE: usize = 2;

/// A provider's card, if this reader sees it, as the caller's transaction has it.
///
/// # Errors
/// When the database is away.
pub async fn card(conn: &mut Conn, reader: Scope, id: ProviderId) -> Result<Option<Card>> {
    cards(conn, vec![(reader, id)]).await?.pop().unwrap_or(Ok(None))
}

async fn cards(conn: &mut Conn, wanted: Vec<Wanted>) -> Result<Vec<Result<Option<Card>>>> {
    let statement = CardsFor {
        ids: wanted.iter().map(|(_, id)| *id).collect(),
        readers: wanted.iter().map(|(reader, _)| reader.user_id).collect(),
        all: wanted.iter().map(|(reader, _)| reader.all).collect(),
    };
    let rows: Vec<(i64, CardRow)> = statement.get_results(conn).await?;
    let mut cards: HashMap<i64, Card> = rows.into_iter().map(|(n, row)| (n, row.into())).collect();
    Ok((1..=wanted.len() as i64).map(|n| Ok(cards.remove(&n))).collect())
}

/// A provider with all it offers.
#[derive(Clone, Debug)]
pub struct WithServices {
    /// The provider.
    pub provider: Provider,
    /// Its services, by their slugs.
    pub services: Vec<ProviderService>,
    /// Whether the account is open whose it is.
    pub is_open: bool,
    /// Whether it is in the reader's scope.
    pub is_own: bool,
}

/// A provider with all it offers, for a reader.
///
/// # Errors
/// When the database is away.
pub async fn with_services(conn: &mut Conn, reader: Scope, id: ProviderId) -> Result<Option<WithServices>> {
    let is_own = owned!("providers.with_services", providers::user_id, reader);
    let found: Option<(Provider, UserStatus, bool)> = providers::table
        .inner_join(users::table.on(users::id.eq(providers::user_id)))
        .filter(providers::id.eq(id))
        .select((Provider::as_select(), users::status, is_own))
        .get_result(conn)
        .await
        .optional()?;
    let Some((provider, status, is_own)) = found else { return Ok(None) };
    let services = services_of(conn, id).await?;
    Ok(Some(WithServices { provider, services, is_open: status == UserStatus::Active, is_own }))
}

/// A provider in this scope.
///
/// # Errors
/// `not_yours`.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: ProviderId) -> Result<Provider> {
    Ok(providers::table
        .filter(providers::id.eq(id).and(owned!("providers.find_for", providers::user_id, whose)))
        .select(Provider::as_select())
        .get_result(conn)
        .await?)
}

/// A provider in this scope, locked till the transaction ends: with it all that it offers, shows and says.
///
/// # Errors
/// `not_yours`.
pub async fn lock_for(conn: &mut Conn, whose: Scope, id: ProviderId) -> Result<Provider> {
    Ok(providers::table
        .filter(providers::id.eq(id).and(owned!("providers.lock_for", providers::user_id, whose)))
        .select(Provider::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await?)
}

/// Any provider; for what has found its id by a rule of its own.
///
/// # Errors
/// When the database is away or there is none.
pub async fn get(conn: &mut Conn, id: ProviderId) -> Result<Provider> {
    Ok(providers::table.find(id).select(Provider::as_select()).get_result(conn).await?)
}

/// Any provider, locked till the transaction ends; for what has found its id by a rule of its own.
///
/// # Errors
/// When the database is away or there is none.
pub async fn lock(conn: &mut Conn, id: ProviderId) -> Result<Provider> {
    Ok(providers::table.find(id).select(Provider::as_select()).for_no_key_update().get_result(conn).await?)
}

/// All services of a provider, by their slugs.
///
/// # Errors
/// When the database is away.
pub async fn services_of(conn: &mut Conn, id: ProviderId) -> Result<Vec<ProviderService>> {
    Ok(provider_services::table
        .filter(provider_services::provider_id.eq(id))
        .order(provider_services::service_id)
        .select(ProviderService::as_select())
        .load(conn)
        .await?)
}
