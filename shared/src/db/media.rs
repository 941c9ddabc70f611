//! Queries on media.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::{own, owned, owned_sql};
use super::schema::sql_types::MediaKind as SqlMediaKind;
use super::schema::{media, media_gone};
use super::statement::statement;
use super::users::account_is_open;
use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::model::media::{Media, MediaKind};
use crate::model::{MediaId, UserId};

/// Media to be inserted, before the store has anything of it.
#[derive(Insertable)]
#[diesel(table_name = media)]
pub struct NewMedia {
    /// Its id.
    pub id: MediaId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is.
    pub kind: MediaKind,
    /// IANA media type.
    pub mime: &'static str,
    /// Its size.
    pub bytes: i64,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
}

/// Inserts media that is on its way into the store: nobody sees it yet.
///
/// # Errors
/// When the database is away.
pub async fn insert(conn: &mut Conn, new: &NewMedia) -> Result<()> {
    diesel::insert_into(media::table).values(new).execute(conn).await?;
    Ok(())
}

/// How much a user has, what is on its way included. Two uploads at once are counted one after the other if the caller has
/// locked the user's row.
///
/// # Errors
/// When the database is away.
pub async fn count_of(conn: &mut Conn, owner: UserId) -> Result<i64> {
    Ok(media::table.filter(own!("media.count_of", media::user_id, owner)).count().get_result(conn).await?)
}

/// The store has all of it: from now on it is seen. None if it was swept meanwhile.
///
/// # Errors
/// When the database is away.
pub async fn make_ready(conn: &mut Conn, id: MediaId) -> Result<Option<Media>> {
    Ok(diesel::update(media::table.filter(media::id.eq(id).and(media::ready_at.is_null())))
        .set(media::ready_at.eq(diesel::dsl::now))
        .returning(Media::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// Deletes media whose upload failed.
///
/// # Errors
/// When the database is away.
pub async fn delete_unready(conn: &mut Conn, id: MediaId) -> Result<()> {
    diesel::delete(media::table.filter(media::id.eq(id).and(media::ready_at.is_null())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Media, and whether everybody may see it.
#[derive(Clone, Debug, Queryable)]
pub struct Seen {
    /// The row.
    pub media: Media,
    /// It is the photo or in the portfolio of a provider who can be seen.
    pub public: bool,
}

type MediaSql = (
    Uuid,
    Uuid,
    SqlMediaKind,
    Text,
    BigInt,
    Nullable<Integer>,
    Nullable<Integer>,
    Nullable<Timestamptz>,
    Timestamptz,
);

statement! {
    /// Media for a reader: its owner, an admin, whoever it is shown to. A provider can be seen who is not suspended, whose
    /// account is open, and who has a service that can be booked.
    Find { id: MediaId => Uuid, reader: UserId => Uuid, all: bool => Bool } -> (MediaSql, Bool) =
    concat!(
        "WITH a AS (SELECT ?::uuid AS id, ?::uuid AS reader, ?::boolean AS everything)
         SELECT m.id, m.user_id, m.kind, m.mime, m.bytes, m.width, m.height, m.ready_at, m.created_at, shown.publicly
         FROM a JOIN media m ON m.id = a.id AND m.ready_at IS NOT NULL
         CROSS JOIN LATERAL (SELECT EXISTS (
           SELECT FROM (SELECT id FROM providers WHERE photo_id = m.id
                        UNION ALL SELECT provider_id FROM portfolio_items WHERE media_id = m.id) shows
           JOIN providers p ON p.id = shows.id AND p.status <> 'suspended'
           WHERE ", account_is_open!(), " AND EXISTS (SELECT FROM provider_services s
                         WHERE s.provider_id = p.id AND is_bookable(s.licence, s.licence_expires_on))
         ) AS publicly) shown
         WHERE shown.publicly OR a.everything
           OR ", owned_sql!("media.find", "m.user_id = a.reader"), "
           OR EXISTS (
             SELECT FROM request_media r JOIN request_matches l ON l.request_id = r.request_id
             JOIN providers p ON p.id = l.provider_id
             WHERE r.media_id = m.id AND ", owned_sql!("media.find.lead", "p.user_id = a.reader"), ")"
    )
}

/// Media that a reader may see.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: MediaId) -> Result<Seen> {
    let find = Find { id, reader: whose.user_id, all: whose.all };
    let found: Vec<Seen> = find.get_results(conn).await?;
    found.into_iter().next().ok_or_else(Error::not_yours)
}

/// Any media that is ready; for who has a link.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, id: MediaId) -> Result<Option<Media>> {
    Ok(media::table
        .filter(media::id.eq(id).and(media::ready_at.is_not_null()))
        .select(Media::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// What views of other things carry of their media, in one query and in the order of the ids; what is not ready is left
/// out. Whether the reader may see it is asked where these ids come from.
///
/// # Errors
/// When the database is away.
pub async fn views_of(conn: &mut Conn, ids: &[MediaId]) -> Result<Vec<Media>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Media> = media::table
        .filter(media::id.eq_any(ids).and(media::ready_at.is_not_null()))
        .select(Media::as_select())
        .load(conn)
        .await?;
    found.sort_by_key(|media| ids.iter().position(|id| *id == media.id));
    Ok(found)
}

/// Media of its owner's, in the order of the ids.
///
/// # Errors
/// `not_yours` unless all of it is the owner's, and there.
pub async fn find_own(conn: &mut Conn, owner: UserId, ids: &[MediaId]) -> Result<Vec<Media>> {
    let mut found: Vec<Media> = media::table
        .filter(media::id.eq_any(ids).and(media::ready_at.is_not_null()))
        .filter(own!("media.find_own", media::user_id, owner))
        .select(Media::as_select())
        .load(conn)
        .await?;
    found.sort_by_key(|media| ids.iter().position(|id| *id == media.id));
    if found.len() == ids.len() { Ok(found) } else { Err(Error::not_yours()) }
}

/// Media that its owner hangs on something in this transaction: kept from being deleted until then. Asked before the
/// rows that name it are written.
///
/// # Errors
/// `not_yours` unless all of it is the owner's, and there.
pub async fn hold_own(conn: &mut Conn, owner: UserId, ids: &[MediaId]) -> Result<Vec<Media>> {
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let held: Vec<Media> = media::table
        .filter(media::id.eq_any(&wanted).and(media::ready_at.is_not_null()))
        .filter(own!("media.hold_own", media::user_id, owner))
        .order(media::id)
        .select(Media::as_select())
        .for_key_share()
        .load(conn)
        .await?;
    if held.len() == wanted.len() { Ok(held) } else { Err(Error::not_yours()) }
}

/// Deletes an owner's media, and notes that its objects are to go; answers whose it was.
///
/// # Errors
/// `not_yours` when there is none; `media_in_use` while something hangs on it.
pub async fn delete_for(conn: &mut Conn, whose: Scope, id: MediaId) -> Result<UserId> {
    let theirs = owned!("media.delete_for", media::user_id, whose);
    let ready = media::id.eq(id).and(media::ready_at.is_not_null());
    Ok(diesel::delete(media::table.filter(ready.and(theirs)))
        .returning(media::user_id)
        .get_result(conn)
        .await?)
}

statement! {
    /// What was not ready after an hour, and what hangs on nothing after a day, the oldest first.
    Sweep { most: i64 => BigInt } -> Bool =
    "DELETE FROM media WHERE id IN (
       SELECT m.id FROM media m
       WHERE m.created_at < now() - CASE WHEN m.ready_at IS NULL THEN interval '1 hour' ELSE interval '1 day' END
         AND m.created_at < now() - interval '1 hour'
         AND NOT EXISTS (SELECT FROM request_media r WHERE r.media_id = m.id)
         AND NOT EXISTS (SELECT FROM chat_media c WHERE c.media_id = m.id)
         AND NOT EXISTS (SELECT FROM portfolio_items i WHERE i.media_id = m.id)
         AND NOT EXISTS (SELECT FROM enrollment_media e WHERE e.media_id = m.id)
         AND NOT EXISTS (SELECT FROM providers p WHERE p.photo_id = m.id)
       ORDER BY m.created_at LIMIT ? FOR UPDATE OF m SKIP LOCKED)
     RETURNING true"
}

/// Deletes what never became ready or hangs on nothing, up to `most`, and notes that its objects are to go; answers how
/// many.
///
/// # Errors
/// When the database is away; `media_in_use` when something was hung on one of them meanwhile: then none is deleted.
pub async fn sweep(conn: &mut Conn, most: i64) -> Result<usize> {
    let swept: Vec<bool> = Sweep { most }.get_results(conn).await?;
    Ok(swept.len())
}

/// Media whose row is gone and whose objects may be there, after an id.
///
/// # Errors
/// When the database is away.
pub async fn gone(conn: &mut Conn, after: Option<MediaId>, most: i64) -> Result<Vec<MediaId>> {
    let mut query = media_gone::table.select(media_gone::id).order(media_gone::id).limit(most).into_boxed();
    if let Some(after) = after {
        query = query.filter(media_gone::id.gt(after));
    }
    Ok(query.load(conn).await?)
}

/// The store has nothing of these any more.
///
/// # Errors
/// When the database is away.
pub async fn forget_gone(conn: &mut Conn, ids: &[MediaId]) -> Result<()> {
    diesel::delete(media_gone::table.filter(media_gone::id.eq_any(ids))).execute(conn).await?;
    Ok(())
}
