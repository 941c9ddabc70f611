//! What providers offer. The caller has locked the provider.

use chrono::NaiveDate;
use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::insert::NewProviderService;
use crate::db::Conn;
use crate::db::schema::{bookings, offers, provider_services};
use crate::error::Result;
use crate::model::ProviderId;
use crate::model::bookings::BookingStatus;
use crate::model::catalog::ServicePlace;
use crate::model::offers::OfferStatus;
use crate::model::providers::{Licence, ProviderService};

/// A service of a provider.
///
/// # Errors
/// When the database is away.
pub async fn service_of(conn: &mut Conn, id: ProviderId, service: &str) -> Result<Option<ProviderService>> {
    Ok(provider_services::table
        .find((id, service))
        .select(ProviderService::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// How many services a provider has.
///
/// # Errors
/// When the database is away.
pub async fn count_services(conn: &mut Conn, id: ProviderId) -> Result<i64> {
    let theirs = provider_services::table.filter(provider_services::provider_id.eq(id));
    Ok(theirs.count().get_result(conn).await?)
}

/// Adds a service; answers nothing if it is there already.
///
/// # Errors
/// When the database is away.
pub async fn add_service(conn: &mut Conn, service: &NewProviderService) -> Result<Option<ProviderService>> {
    Ok(diesel::insert_into(provider_services::table)
        .values(service)
        .on_conflict_do_nothing()
        .returning(ProviderService::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// A service, in place of what was offered under its slug.
#[derive(AsChangeset)]
#[diesel(table_name = provider_services, treat_none_as_null = true)]
struct Offered {
    description: String,
    places: Vec<ServicePlace>,
    price_min_cents: Option<i64>,
    price_max_cents: Option<i64>,
    currency: String,
    duration_minutes: Option<i32>,
    specializations: Vec<String>,
    licence: Licence,
    licence_number: Option<String>,
    licence_expires_on: Option<NaiveDate>,
    licence_note: Option<String>,
}

/// Offers a service otherwise; `note` is what an admin says of its licence.
///
/// # Errors
/// When the database is away.
pub async fn change_service(
    conn: &mut Conn,
    service: NewProviderService,
    note: Option<String>,
) -> Result<ProviderService> {
    let offered = Offered {
        description: service.description,
        places: service.places,
        price_min_cents: service.price_min_cents,
        price_max_cents: service.price_max_cents,
        currency: service.currency,
        duration_minutes: service.duration_minutes,
        specializations: service.specializations,
        licence: service.licence,
        licence_number: service.licence_number,
        licence_expires_on: service.licence_expires_on,
        licence_note: note,
    };
    Ok(diesel::update(provider_services::table.find((service.provider_id, service.service_id)))
        .set(offered)
        .returning(ProviderService::as_select())
        .get_result(conn)
        .await?)
}

/// Takes a service away; answers whether it was there.
///
/// # Errors
/// When the database is away.
pub async fn remove_service(conn: &mut Conn, id: ProviderId, service: &str) -> Result<bool> {
    Ok(diesel::delete(provider_services::table.find((id, service))).execute(conn).await? == 1)
}

/// What is still agreed or proposed for a service of a provider: whether there are live offers, and bookings to come.
///
/// # Errors
/// When the database is away.
pub async fn owed(conn: &mut Conn, id: ProviderId, service: &str) -> Result<(bool, bool)> {
    let live = offers::table
        .filter(offers::provider_id.eq(id).and(offers::service_id.eq(service)))
        .filter(offers::status.eq(OfferStatus::Pending).and(offers::expires_at.gt(diesel::dsl::now)));
    let booked = bookings::table
        .filter(bookings::provider_id.eq(id).and(bookings::service_id.eq(service)))
        .filter(bookings::status.eq(BookingStatus::Confirmed));
    Ok(select((exists(live), exists(booked))).get_result(conn).await?)
}
