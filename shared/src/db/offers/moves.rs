//! The one way in which an offer changes its status.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::{offer_history, sql_types};
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::offers::OfferStatus;
use crate::model::{OfferId, UserId};

statement! {
    /// The moves and what is written down of them: all or nothing.
    Move {
        ids: Vec<OfferId> => Array<Uuid>,
        from: OfferStatus => sql_types::OfferStatus,
        to: OfferStatus => sql_types::OfferStatus,
        slot: Option<DateTime<Utc>> => Nullable<Timestamptz>,
        actor: Option<UserId> => Nullable<Uuid>,
        note: Option<String> => Nullable<Text>,
    } -> Uuid =
    r#"WITH a AS (SELECT ? AS ids, ? AS before, ? AS after, ? AS slot, ? AS actor_id, ? AS note),
     moved AS (
       UPDATE offers o SET status = a.after, accepted_start_at = a.slot, updated_at = now()
       FROM a WHERE o.id = ANY (a.ids) AND o.status = a.before RETURNING o.id
     )
     INSERT INTO offer_history (offer_id, "from", "to", actor_id, note)
     SELECT moved.id, a.before, a.after, a.actor_id, a.note FROM a, moved
     RETURNING offer_id"#
}

/// Moves offers, which the caller has locked, and writes down who did it (nobody: time) and why; answers those that stood
/// as said. The domain has asked whether the move is a legal one.
///
/// # Errors
/// When the database is away.
pub async fn move_all(
    conn: &mut Conn,
    ids: &[OfferId],
    from: OfferStatus,
    to: OfferStatus,
    actor: Option<UserId>,
    note: Option<&str>,
) -> Result<Vec<OfferId>> {
    let statement = Move { ids: ids.to_vec(), from, to, slot: None, actor, note: note.map(str::to_owned) };
    Ok(statement.get_results(conn).await?)
}

/// Accepts a live offer for the slot that begins then; answers whether it was live.
///
/// # Errors
/// When the database is away.
pub async fn accept(conn: &mut Conn, id: OfferId, slot: DateTime<Utc>, actor: UserId) -> Result<bool> {
    let (from, to) = (OfferStatus::Pending, OfferStatus::Accepted);
    let statement = Move { ids: vec![id], from, to, slot: Some(slot), actor: Some(actor), note: None };
    let moved: Vec<OfferId> = statement.get_results(conn).await?;
    Ok(!moved.is_empty())
}

/// Who moved an offer there, if somebody did and it was not time.
///
/// # Errors
/// When the database is away.
pub async fn moved_by(conn: &mut Conn, id: OfferId, to: OfferStatus) -> Result<Option<UserId>> {
    let actor: Option<Option<UserId>> = offer_history::table
        .filter(offer_history::offer_id.eq(id).and(offer_history::to.eq(to)))
        .order(offer_history::at.desc())
        .select(offer_history::actor_id)
        .first(conn)
        .await
        .optional()?;
    Ok(actor.flatten())
}

/// Why offers ended, where that was written down.
///
/// # Errors
/// When the database is away.
pub async fn last_notes(conn: &mut Conn, ids: &[OfferId]) -> Result<Vec<(OfferId, String)>> {
    Ok(offer_history::table
        .filter(offer_history::offer_id.eq_any(ids))
        .filter(offer_history::note.is_not_null())
        .order((offer_history::offer_id, offer_history::at))
        .select((offer_history::offer_id, offer_history::note.assume_not_null()))
        .load(conn)
        .await?)
}
