//! Queries on the catalog.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Conn;
use super::schema::{catalog_categories, catalog_services};
use crate::error::Result;
use crate::model::catalog::{Catalog, Category, Service, ServicePlace};

/// A row of `catalog_categories`.
#[derive(Insertable)]
#[diesel(table_name = catalog_categories)]
struct CategoryRow<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    position: i32,
}

impl<'a> CategoryRow<'a> {
    fn of(category: &'a Category, position: usize) -> Self {
        let Category { id, name, description, .. } = category;
        Self { id, name, description, position: position as i32 }
    }
}

/// A row of `catalog_services`.
#[derive(Insertable)]
#[diesel(table_name = catalog_services)]
struct ServiceRow<'a> {
    id: &'a str,
    category_id: &'a str,
    name: &'a str,
    description: &'a str,
    licensed: bool,
    places: &'a [ServicePlace],
    min_photos: i32,
    price_min_cents: i64,
    price_max_cents: i64,
    currency: &'a str,
    duration_min_minutes: i32,
    duration_max_minutes: i32,
    specializations: &'a [String],
    position: i32,
}

impl<'a> ServiceRow<'a> {
    fn of(category_id: &'a str, service: &'a Service, position: usize) -> Self {
        Self {
            id: &service.id,
            category_id,
            name: &service.name,
            description: &service.description,
            licensed: service.licensed,
            places: &service.places,
            min_photos: service.min_photos as i32,
            price_min_cents: service.price.min_cents,
            price_max_cents: service.price.max_cents,
            currency: &service.price.currency,
            duration_min_minutes: service.duration_minutes.min as i32,
            duration_max_minutes: service.duration_minutes.max as i32,
            specializations: &service.specializations,
            position: position as i32,
        }
    }
}

/// Loads what the database does not know of a catalog; what is there stays as it is, also what is retired.
///
/// # Errors
/// When the database is away.
pub async fn load(conn: &mut Conn, catalog: &Catalog) -> Result<()> {
    let categories: Vec<_> =
        catalog.categories().iter().enumerate().map(|(at, category)| CategoryRow::of(category, at)).collect();
    let services: Vec<_> = catalog
        .services()
        .enumerate()
        .map(|(at, (category, service))| ServiceRow::of(&category.id, service, at))
        .collect();
    diesel::insert_into(catalog_categories::table)
        .values(&categories)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    diesel::insert_into(catalog_services::table)
        .values(&services)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}
