//! What becomes of a provider, whose row the caller has locked.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::insert::NewProvider;
use crate::db::Conn;
use crate::db::schema::{provider_history, providers};
use crate::error::{Code, Error, Result};
use crate::model::providers::{Provider, ProviderStatus};
use crate::model::{ProviderId, UserId};

/// What is said of a business, in place of what was.
#[derive(AsChangeset)]
#[diesel(table_name = providers, treat_none_as_null = true)]
struct Said {
    name: String,
    headline: String,
    bio: String,
    city: String,
    zone: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    radius_km: f64,
    languages: Vec<String>,
    years_experience: Option<i32>,
    email: Option<String>,
    phone: Option<String>,
    street: Option<String>,
}

/// Says of a provider what would be said of a new one.
///
/// # Errors
/// When the database is away.
pub async fn say(conn: &mut Conn, id: ProviderId, new: NewProvider) -> Result<Provider> {
    let said = Said {
        name: new.name,
        headline: new.headline,
        bio: new.bio,
        city: new.city,
        zone: new.zone,
        latitude: new.latitude,
        longitude: new.longitude,
        radius_km: new.radius_km,
        languages: new.languages,
        years_experience: new.years_experience,
        email: new.email,
        phone: new.phone,
        street: new.street,
    };
    Ok(diesel::update(providers::table.find(id))
        .set((said, providers::updated_at.eq(diesel::dsl::now)))
        .returning(Provider::as_select())
        .get_result(conn)
        .await?)
}

/// How a provider's agent works.
#[derive(Clone, Copy, Debug, PartialEq, AsChangeset)]
#[diesel(table_name = providers, treat_none_as_null = true)]
pub struct Settings {
    /// Whether leads are answered without a person.
    pub auto_offer: bool,
    /// Never for less, in minor units.
    pub min_price_cents: Option<i64>,
    /// How far they travel, in kilometres.
    pub radius_km: f64,
}

/// Gives a provider other settings.
///
/// # Errors
/// When the database is away.
pub async fn set_settings(conn: &mut Conn, id: ProviderId, settings: Settings) -> Result<()> {
    diesel::update(providers::table.find(id))
        .set((settings, providers::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a provider from one status to another, and writes down who did it and why.
///
/// # Errors
/// `illegal_move` if it does not stand so any more.
pub async fn set_status(
    conn: &mut Conn,
    id: ProviderId,
    (from, to): (ProviderStatus, ProviderStatus),
    actor: Option<UserId>,
    note: Option<&str>,
) -> Result<()> {
    let moved = diesel::update(providers::table.filter(providers::id.eq(id).and(providers::status.eq(from))))
        .set((providers::status.eq(to), providers::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    if moved == 0 {
        return Err(Error::new(Code::IllegalMove));
    }
    diesel::insert_into(provider_history::table)
        .values((
            provider_history::provider_id.eq(id),
            provider_history::from.eq(from),
            provider_history::to.eq(to),
            provider_history::actor_id.eq(actor),
            provider_history::note.eq(note),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
