//! Queries on licences: of what providers offer, that which needs one.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Conn;
use super::schema::{provider_services, providers};
use crate::error::{Code, Error, Result};
use crate::model::ProviderId;
use crate::model::providers::{Licence, Provider, ProviderService};

/// A provider, locked till the transaction ends.
///
/// # Errors
/// `not_found` when there is none.
pub async fn lock_provider(conn: &mut Conn, id: ProviderId) -> Result<Provider> {
    let found = providers::table
        .find(id)
        .select(Provider::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Error::new(Code::NotFound).detail("There is no such provider."))
}

/// What a provider offers of a service; the caller has locked the provider.
///
/// # Errors
/// `not_found` when it does not offer it.
pub async fn find(conn: &mut Conn, provider: ProviderId, service: &str) -> Result<ProviderService> {
    let found = provider_services::table
        .find((provider, service))
        .select(ProviderService::as_select())
        .get_result(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Error::new(Code::NotFound).detail("The provider does not offer such a service."))
}

/// What an admin says of a licence.
#[derive(Clone, Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = provider_services, treat_none_as_null = true)]
pub struct Decision {
    /// How it stands.
    pub licence: Licence,
    /// Its number.
    pub licence_number: Option<String>,
    /// Its last day.
    pub licence_expires_on: Option<NaiveDate>,
    /// Why, for the provider.
    pub licence_note: Option<String>,
}

/// Writes down what an admin says of a licence; the caller has locked the provider.
///
/// # Errors
/// When the database is away.
pub async fn decide(
    conn: &mut Conn,
    provider: ProviderId,
    service: &str,
    decision: &Decision,
) -> Result<ProviderService> {
    Ok(diesel::update(provider_services::table.find((provider, service)))
        .set(decision)
        .returning(ProviderService::as_select())
        .get_result(conn)
        .await?)
}

/// Makes all licences good that a new provider has handed in.
///
/// # Errors
/// When the database is away.
pub async fn verify_all(conn: &mut Conn, provider: ProviderId) -> Result<()> {
    diesel::update(
        provider_services::table.filter(
            provider_services::provider_id
                .eq(provider)
                .and(provider_services::licence.eq(Licence::PendingVerification)),
        ),
    )
    .set(provider_services::licence.eq(Licence::Verified))
    .execute(conn)
    .await?;
    Ok(())
}
