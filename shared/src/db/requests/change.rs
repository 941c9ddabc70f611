//! Changes of what is asked for.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamp, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::owned::owned_sql;
use crate::db::schema::{offers, request_matches, request_media, requests};
use crate::db::statement::statement;
use crate::error::{Error, Result};
use crate::model::catalog::ServicePlace;
use crate::model::requests::{Request, Urgency};
use crate::model::{MediaId, RequestId, UserId};

/// All that a consumer says of a request.
#[derive(AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
struct Said<'a> {
    service_id: &'a str,
    city: &'a str,
    zone: &'a str,
    latitude: Option<f64>,
    longitude: Option<f64>,
    place: Option<ServicePlace>,
    max_distance_km: Option<f64>,
    window_from: Option<NaiveDateTime>,
    window_to: Option<NaiveDateTime>,
    urgency: Urgency,
    budget_min_cents: Option<i64>,
    budget_max_cents: Option<i64>,
    budget_currency: Option<&'a str>,
    description: &'a str,
    specializations: &'a [Option<String>],
    expires_at: DateTime<Utc>,
}

/// Writes what a request, whose row the caller has locked, asks for now.
///
/// # Errors
/// When the database is away or refuses.
pub async fn change(conn: &mut Conn, request: &Request) -> Result<()> {
    let said = Said {
        service_id: &request.service_id,
        city: &request.city,
        zone: &request.zone,
        latitude: request.latitude,
        longitude: request.longitude,
        place: request.place,
        max_distance_km: request.max_distance_km,
        window_from: request.window_from,
        window_to: request.window_to,
        urgency: request.urgency,
        budget_min_cents: request.budget_min_cents,
        budget_max_cents: request.budget_max_cents,
        budget_currency: request.budget_currency.as_deref(),
        description: &request.description,
        specializations: &request.specializations,
        expires_at: request.expires_at,
    };
    diesel::update(requests::table.find(request.id))
        .set((said, requests::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}

statement! {
    /// What is live beside a request and like it.
    IsLike {
        owner: UserId => Uuid,
        id: RequestId => Uuid,
        service: String => Text,
        city: String => Text,
        from: Option<NaiveDateTime> => Nullable<Timestamp>,
        to: Option<NaiveDateTime> => Nullable<Timestamp>,
    } -> Bool =
    "WITH a AS (SELECT ? AS owner, ? AS id, ? AS service_id, ? AS city, ? AS window_from, ? AS window_to)
     SELECT EXISTS (
       SELECT FROM live_requests(a.owner) l
       WHERE l.id <> a.id AND l.service_id = a.service_id AND plain_name(l.city) = plain_name(a.city)
         AND (l.window_from IS NULL OR a.window_from IS NULL
              OR l.window_from <= a.window_to AND a.window_from <= l.window_to))
     FROM a"
}

/// Whether a request is like another live one of its consumer, whose row the caller has locked.
///
/// # Errors
/// When the database is away.
pub async fn is_duplicate(conn: &mut Conn, request: &Request) -> Result<bool> {
    let is_like = IsLike {
        owner: request.user_id,
        id: request.id,
        service: request.service_id.clone(),
        city: request.city.clone(),
        from: request.window_from,
        to: request.window_to,
    };
    let like: Vec<bool> = is_like.get_results(conn).await?;
    Ok(like.contains(&true))
}

statement! {
    /// In the order in which they are given.
    Hang { id: RequestId => Uuid, owner: UserId => Uuid, media: Vec<MediaId> => Array<Uuid> } -> Uuid = concat!(
    "WITH a AS (SELECT ? AS id, ? AS owner, ? AS media)
     INSERT INTO request_media (request_id, media_id, position)
     SELECT a.id, m.id, g.n FROM a, unnest(a.media) WITH ORDINALITY g (id, n)
     JOIN media m ON m.id = g.id AND m.ready_at IS NOT NULL
     WHERE ", owned_sql!("requests.hang", "m.user_id = a.owner"), " RETURNING media_id")
}

/// Hangs other photos on a request in place of those that hang there.
///
/// # Errors
/// `not_yours` when one is not the owner's.
pub async fn hang(conn: &mut Conn, id: RequestId, owner: UserId, media: &[MediaId]) -> Result<()> {
    diesel::delete(request_media::table.filter(request_media::request_id.eq(id))).execute(conn).await?;
    let hung: Vec<MediaId> = Hang { id, owner, media: media.to_vec() }.get_results(conn).await?;
    if hung.len() == media.len() { Ok(()) } else { Err(Error::not_yours()) }
}

/// Takes a request that has changed from those who have not answered: they are looked at anew.
///
/// # Errors
/// When the database is away.
pub async fn unroute(conn: &mut Conn, id: RequestId) -> Result<()> {
    let theirs = offers::table.filter(
        offers::request_id
            .eq(request_matches::request_id)
            .and(offers::provider_id.eq(request_matches::provider_id)),
    );
    let unanswered = request_matches::table
        .filter(request_matches::request_id.eq(id).and(request_matches::passed_at.is_null()))
        .filter(diesel::dsl::not(diesel::dsl::exists(theirs)));
    diesel::delete(unanswered).execute(conn).await?;
    Ok(())
}

/// Forgets when a request was to be matched without anybody asking: it is matched now.
///
/// # Errors
/// When the database is away.
pub async fn forget_next_match(conn: &mut Conn, id: RequestId) -> Result<()> {
    diesel::update(requests::table.find(id))
        .set(requests::next_match_at.eq(None::<DateTime<Utc>>))
        .execute(conn)
        .await?;
    Ok(())
}
