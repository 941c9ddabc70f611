//! Queries on providers.

mod candidates;
mod insert;

pub use candidates::{Wanted, find};
use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
pub use insert::{NewAvailability, NewProvider, NewProviderService, insert, insert_all};

use super::Conn;
use super::owned::own;
use super::schema::{provider_services, providers};
use crate::error::Result;
use crate::model::providers::{Provider, ProviderService};
use crate::model::{ProviderId, UserId};

/// Whether a user has a provider's profile.
///
/// # Errors
/// When the database is away.
pub async fn is_one(conn: &mut Conn, user: UserId) -> Result<bool> {
    let theirs = providers::table.filter(own!("providers.is_one", providers::user_id, user));
    Ok(select(exists(theirs)).get_result(conn).await?)
}

/// Any provider; for what has found its id by a rule of its own.
///
/// # Errors
/// When the database is away or there is none.
pub async fn get(conn: &mut Conn, id: ProviderId) -> Result<Provider> {
    Ok(providers::table.find(id).select(Provider::as_select()).get_result(conn).await?)
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
