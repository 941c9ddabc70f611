//! What providers say of themselves, and what a model makes of it.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Float, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::owned::own;
use crate::db::schema::{provider_embeddings, provider_services, providers};
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::{ProviderId, UserId};

/// What a provider says.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Headline, what is said of the service, and of themselves.
    pub text: String,
    /// The same as a vector of the asked model, if it is stored.
    pub vector: Option<Vec<f32>>,
}

statement! {
    /// Vectors of one model only: those of another mean nothing beside it.
    SaidOf { model: Option<String> => Nullable<Text>, service: String => Text, providers: Vec<ProviderId> => Array<Uuid> }
    -> (Uuid, Text, Nullable<Array<Float>>) =
    "WITH a AS MATERIALIZED (SELECT ?::text AS model, ?::text AS service_id, ?::uuid[] AS ids)
     SELECT p.id, p.headline || E'\\n' || s.description || E'\\n' || p.bio, e.vector
     FROM providers p
     JOIN provider_services s ON s.provider_id = p.id AND s.service_id = (SELECT service_id FROM a)
     LEFT JOIN provider_embeddings e ON e.provider_id = p.id AND e.model = (SELECT model FROM a)
     WHERE p.id = ANY ((SELECT ids FROM a)::uuid[])"
}

/// What providers say of a service of theirs, and of themselves.
///
/// # Errors
/// When the database is away.
pub async fn said(
    mut conn: &Conn,
    service: &str,
    providers: &[ProviderId],
    model: Option<&str>,
) -> Result<HashMap<ProviderId, Said>> {
    let said = SaidOf {
        model: model.map(str::to_owned),
        service: service.to_owned(),
        providers: providers.to_vec(),
    };
    let rows: Vec<(ProviderId, String, Option<Vec<f32>>)> = said.get_results(&mut conn).await?;
    Ok(rows.into_iter().map(|(id, text, vector)| (id, Said { text, vector })).collect())
}

/// All that a user's provider says, as one text for a model; none if there is no provider.
///
/// # Errors
/// When the database is away.
pub async fn text_of(conn: &mut Conn, user: UserId) -> Result<Option<(ProviderId, String)>> {
    let said: Option<(ProviderId, String, String, String)> = providers::table
        .filter(own!("matching.text_of", providers::user_id, user))
        .select((providers::id, providers::name, providers::headline, providers::bio))
        .get_result(conn)
        .await
        .optional()?;
    let Some((id, name, headline, bio)) = said else { return Ok(None) };
    let services: Vec<(String, Vec<String>, String)> = provider_services::table
        .filter(provider_services::provider_id.eq(id))
        .order(provider_services::service_id)
        .select((
            provider_services::service_id,
            provider_services::specializations,
            provider_services::description,
        ))
        .load(conn)
        .await?;
    let services = services.into_iter().map(|(service, finer, description)| {
        format!("{}: {}. {description}", service.replace('_', " "), finer.join(", "))
    });
    let parts = [name, headline, bio].into_iter().chain(services);
    let parts: Vec<String> = parts.filter(|part| !part.trim().is_empty()).collect();
    Ok(Some((id, parts.join("\n"))))
}

/// A vector of a provider, to be stored.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = provider_embeddings)]
pub struct Vector<'a> {
    /// Whose.
    pub provider_id: ProviderId,
    /// By which model.
    pub model: &'a str,
    /// The vector itself.
    pub vector: &'a [f32],
    /// SHA-256 of the text.
    pub text_hash: &'a [u8],
}

/// Of which text a provider's vector by this model is, as its SHA-256; none if there is no such vector.
///
/// # Errors
/// When the database is away.
pub async fn embedded_text(conn: &mut Conn, id: ProviderId, model: &str) -> Result<Option<Vec<u8>>> {
    Ok(provider_embeddings::table
        .filter(provider_embeddings::provider_id.eq(id).and(provider_embeddings::model.eq(model)))
        .select(provider_embeddings::text_hash)
        .get_result(conn)
        .await
        .optional()?)
}

statement! {
    /// Whom a task made less than a day ago is for has one that waits, or one that failed and is not to be tried all the time.
    /// Who is about to leave is locked, and left out.
    WithoutVector { model: String => Text, most: i64 => BigInt } -> Uuid =
    "SELECT p.user_id FROM providers p JOIN users u ON u.id = p.user_id AND u.status = 'active'
     WHERE p.status = 'active'
       AND NOT EXISTS (SELECT FROM provider_embeddings e WHERE e.provider_id = p.id AND e.model = ?)
       AND NOT EXISTS (SELECT FROM tasks t WHERE t.user_id = p.user_id AND t.session_id IS NULL AND t.kind = 'embedding'
                       AND t.created_at > now() - interval '1 day')
     LIMIT ? FOR SHARE OF u SKIP LOCKED"
}

/// The users of some providers who have no vector by this model and for whom none was asked of late: those who were
/// brought along from elsewhere, and everybody when the model is another.
///
/// # Errors
/// When the database is away.
pub async fn without_vector(conn: &mut Conn, model: &str, most: i64) -> Result<Vec<UserId>> {
    Ok(WithoutVector { model: model.to_owned(), most }.get_results(conn).await?)
}

/// Stores a provider's vector in place of the one before.
///
/// # Errors
/// When the database is away or there is no such provider any more.
pub async fn put_vector(conn: &mut Conn, vector: &Vector<'_>) -> Result<()> {
    diesel::insert_into(provider_embeddings::table)
        .values(vector)
        .on_conflict(provider_embeddings::provider_id)
        .do_update()
        .set((vector, provider_embeddings::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}
