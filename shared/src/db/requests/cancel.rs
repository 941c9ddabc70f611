//! What a cancelled request takes with it.

use diesel::sql_types::{Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::{OfferId, RequestId, UserId};

statement! {
    /// With what is written down of each; in order of id, as everybody locks offers.
    DeclineOffers {
        id: RequestId => Uuid,
        actor: Option<UserId> => Nullable<Uuid>,
        note: Option<String> => Nullable<Text>,
    } -> (Uuid, Uuid) =
    r#"WITH a AS (SELECT ? AS request_id, ? AS actor_id, ? AS note),
     held AS MATERIALIZED (
       SELECT o.id FROM offers o JOIN a ON o.request_id = a.request_id WHERE o.status = 'pending'
       ORDER BY o.id FOR NO KEY UPDATE OF o
     ), declined AS (
       UPDATE offers o SET status = 'declined', updated_at = now() FROM held
       WHERE o.id = held.id AND o.status = 'pending' RETURNING o.id, o.provider_id
     ), written AS (
       INSERT INTO offer_history (offer_id, "from", "to", actor_id, note)
       SELECT d.id, 'pending', 'declined', a.actor_id, a.note FROM declined d, a
     )
     SELECT d.id, p.user_id FROM declined d JOIN providers p ON p.id = d.provider_id ORDER BY d.id"#
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
    Ok(DeclineOffers { id, actor, note: note.map(str::to_owned) }.get_results(conn).await?)
}
