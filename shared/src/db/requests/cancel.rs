//! What a request takes with it when it ends.

use diesel::sql_types::{Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::sql_types;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::offers::OfferStatus;
use crate::model::{OfferId, RequestId, UserId};

statement! {
    /// With what is written down of each; in order of id, as everybody locks offers.
    EndOffers {
        id: RequestId => Uuid,
        to: OfferStatus => sql_types::OfferStatus,
        actor: Option<UserId> => Nullable<Uuid>,
        note: Option<String> => Nullable<Text>,
    } -> (Uuid, Uuid) =
    r#"WITH a AS (SELECT ? AS request_id, ? AS after, ? AS actor_id, ? AS note),
     held AS MATERIALIZED (
       SELECT o.id FROM offers o JOIN a ON o.request_id = a.request_id WHERE o.status = 'pending'
       ORDER BY o.id FOR NO KEY UPDATE OF o
     ), ended AS (
       UPDATE offers o SET status = a.after, updated_at = now() FROM a, held
       WHERE o.id = held.id AND o.status = 'pending' RETURNING o.id, o.provider_id
     ), written AS (
       INSERT INTO offer_history (offer_id, "from", "to", actor_id, note)
       SELECT e.id, 'pending', a.after, a.actor_id, a.note FROM ended e, a
     )
     SELECT e.id, p.user_id FROM ended e JOIN providers p ON p.id = e.provider_id ORDER BY e.id"#
}

/// Declines all live offers for a request, whose row the caller has locked; answers them with their providers' users.
///
/// # Errors
/// When the database is away.
pub async fn decline_offers(
    conn: &mut Conn,
    id: RequestId,
    actor: Option<UserId>,
    note: Option<&str>,
) -> Result<Vec<(OfferId, UserId)>> {
    let end = EndOffers { id, to: OfferStatus::Declined, actor, note: note.map(str::to_owned) };
    Ok(end.get_results(conn).await?)
}

/// Expires all live offers for a request, whose row the caller has locked; answers them with their providers' users.
///
/// # Errors
/// When the database is away.
pub async fn expire_offers(conn: &mut Conn, id: RequestId, note: &str) -> Result<Vec<(OfferId, UserId)>> {
    let end = EndOffers { id, to: OfferStatus::Expired, actor: None, note: Some(note.to_owned()) };
    Ok(end.get_results(conn).await?)
}
