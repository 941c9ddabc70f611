//! Queries on the catalog.

use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel::upsert::excluded;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};

use super::Conn;
use super::schema::{catalog_categories, catalog_services, provider_services};
use super::statement::statement;
use crate::error::Result;
use crate::model::catalog::{Catalog, Category, DurationRange, PriceRange, Service, ServicePlace};
use crate::model::providers::Licence;

/// A row of `catalog_categories`.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = catalog_categories, check_for_backend(diesel::pg::Pg))]
struct CategoryRow {
    id: String,
    name: String,
    description: String,
    position: i32,
}

impl CategoryRow {
    fn of(category: &Category, position: i32) -> Self {
        let Category { id, name, description, .. } = category.clone();
        Self { id, name, description, position }
    }
}

/// A row of `catalog_services`.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = catalog_services, check_for_backend(diesel::pg::Pg))]
struct ServiceRow {
    id: String,
    category_id: String,
    name: String,
    description: String,
    licensed: bool,
    places: Vec<ServicePlace>,
    min_photos: i32,
    price_min_cents: i64,
    price_max_cents: i64,
    currency: String,
    duration_min_minutes: i32,
    duration_max_minutes: i32,
    specializations: Vec<String>,
    position: i32,
}

impl ServiceRow {
    fn of(category_id: &str, service: &Service, position: i32) -> Self {
        let Service { id, name, description, licensed, places, min_photos, price, duration_minutes, .. } =
            service.clone();
        Self {
            id,
            category_id: category_id.to_owned(),
            name,
            description,
            licensed,
            places,
            min_photos: min_photos as i32,
            price_min_cents: price.min_cents,
            price_max_cents: price.max_cents,
            currency: price.currency,
            duration_min_minutes: duration_minutes.min as i32,
            duration_max_minutes: duration_minutes.max as i32,
            specializations: service.specializations.clone(),
            position,
        }
    }
}

impl From<ServiceRow> for Service {
    fn from(row: ServiceRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
            licensed: row.licensed,
            places: row.places,
            min_photos: row.min_photos as u32,
            price: PriceRange {
                min_cents: row.price_min_cents,
                max_cents: row.price_max_cents,
                currency: row.currency,
            },
            duration_minutes: DurationRange {
                min: row.duration_min_minutes as u32,
                max: row.duration_max_minutes as u32,
            },
            specializations: row.specializations,
        }
    }
}

/// Loads what the database does not know of a catalog; what is there stays as it is, also what is retired.
///
/// # Errors
/// When the database is away.
pub async fn load(conn: &mut Conn, catalog: &Catalog) -> Result<()> {
    let categories: Vec<_> = (0..).zip(catalog.categories()).map(|(at, c)| CategoryRow::of(c, at)).collect();
    let services: Vec<_> = (0..)
        .zip(catalog.services())
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

statement! {
    /// A sequence that nobody has asked yet has no value.
    Version {} -> BigInt = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM catalog_version"
}

/// The number of the last change of the catalog, which may not have been committed yet.
///
/// # Errors
/// When the database is away.
pub async fn version(conn: &mut Conn) -> Result<i64> {
    Ok(Version {}.get_result(conn).await?)
}

/// The catalog without what is retired, with all changes up to each [`version`] that was read before.
///
/// # Errors
/// When the database is away, or a change does not come to its end.
pub async fn read(conn: &mut Conn) -> Result<Catalog> {
    conn.transaction(async |conn| {
        // The version counts on before a change is committed: those that are under way are waited for.
        conn.batch_execute("LOCK TABLE catalog_categories, catalog_services IN SHARE MODE").await?;
        let categories: Vec<CategoryRow> = catalog_categories::table
            .filter(catalog_categories::retired_at.is_null())
            .order((catalog_categories::position, catalog_categories::id))
            .select(CategoryRow::as_select())
            .load(conn)
            .await?;
        let services: Vec<ServiceRow> = catalog_services::table
            .filter(catalog_services::retired_at.is_null())
            .order((catalog_services::position, catalog_services::id))
            .select(ServiceRow::as_select())
            .load(conn)
            .await?;
        let mut categories: Vec<Category> = categories
            .into_iter()
            .map(|CategoryRow { id, name, description, .. }| Category {
                id,
                name,
                description,
                services: Vec::new(),
            })
            .collect();
        for service in services {
            if let Some(category) = categories.iter_mut().find(|category| category.id == service.category_id)
            {
                category.services.push(service.into());
            }
        }
        Ok(Catalog::new(categories))
    })
    .await
}

/// How something of the catalog stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Offered.
    Live,
    /// Not any more.
    Retired,
}

fn standing(retired_at: Option<DateTime<Utc>>) -> Standing {
    if retired_at.is_none() { Standing::Live } else { Standing::Retired }
}

/// How a category stands, locked till the transaction ends; nothing if there is none.
///
/// # Errors
/// When the database is away.
pub async fn lock_category(conn: &mut Conn, id: &str) -> Result<Option<Standing>> {
    let found: Option<Option<DateTime<Utc>>> = catalog_categories::table
        .find(id)
        .select(catalog_categories::retired_at)
        .for_no_key_update()
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(standing))
}

/// How a service stands, locked till the transaction ends; nothing if there is none.
///
/// # Errors
/// When the database is away.
pub async fn lock_service(conn: &mut Conn, id: &str) -> Result<Option<Standing>> {
    let found: Option<Option<DateTime<Utc>>> = catalog_services::table
        .find(id)
        .select(catalog_services::retired_at)
        .for_no_key_update()
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(standing))
}

/// Whether a category is live; it stays so till the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn keep_category(conn: &mut Conn, id: &str) -> Result<bool> {
    let live: Option<String> = catalog_categories::table
        .filter(catalog_categories::id.eq(id).and(catalog_categories::retired_at.is_null()))
        .select(catalog_categories::id)
        .for_share()
        .get_result(conn)
        .await
        .optional()?;
    Ok(live.is_some())
}

/// Keeps a service from being changed till the transaction ends, before what is offered of it is locked: in the order in
/// which a change of it locks.
///
/// # Errors
/// When the database is away.
pub async fn keep_service(conn: &mut Conn, id: &str) -> Result<()> {
    let kept = catalog_services::table.filter(catalog_services::id.eq(id)).select(catalog_services::id);
    let _kept: Vec<String> = kept.for_share().load(conn).await?;
    Ok(())
}

/// How many services of a category are live.
///
/// # Errors
/// When the database is away.
pub async fn live_services(conn: &mut Conn, category_id: &str) -> Result<i64> {
    Ok(catalog_services::table
        .filter(catalog_services::category_id.eq(category_id).and(catalog_services::retired_at.is_null()))
        .select(count_star())
        .get_result(conn)
        .await?)
}

/// Makes a category, after all others, or puts it in place of the one with its slug, also of a retired one; its services
/// stay. Answers whether it is new.
///
/// # Errors
/// When the database is away.
pub async fn put_category(conn: &mut Conn, category: &Category) -> Result<bool> {
    let last: Option<i32> =
        catalog_categories::table.select(max(catalog_categories::position)).get_result(conn).await?;
    Ok(diesel::insert_into(catalog_categories::table)
        .values(CategoryRow::of(category, last.map_or(0, |last| last + 1)))
        .on_conflict(catalog_categories::id)
        .do_update()
        .set((
            catalog_categories::name.eq(excluded(catalog_categories::name)),
            catalog_categories::description.eq(excluded(catalog_categories::description)),
            catalog_categories::retired_at.eq(None::<DateTime<Utc>>),
        ))
        .returning(sql::<Bool>("xmax = 0"))
        .get_result(conn)
        .await?)
}

/// Makes a service, after all others, or puts it in place of the one with its slug, also of a retired one. Answers whether
/// it is new.
///
/// # Errors
/// When the database is away.
pub async fn put_service(conn: &mut Conn, category_id: &str, service: &Service) -> Result<bool> {
    use catalog_services as s;
    let last: Option<i32> = s::table.select(max(s::position)).get_result(conn).await?;
    Ok(diesel::insert_into(s::table)
        .values(ServiceRow::of(category_id, service, last.map_or(0, |last| last + 1)))
        .on_conflict(s::id)
        .do_update()
        .set((
            s::category_id.eq(excluded(s::category_id)),
            s::name.eq(excluded(s::name)),
            s::description.eq(excluded(s::description)),
            s::licensed.eq(excluded(s::licensed)),
            s::places.eq(excluded(s::places)),
            s::min_photos.eq(excluded(s::min_photos)),
            s::price_min_cents.eq(excluded(s::price_min_cents)),
            s::price_max_cents.eq(excluded(s::price_max_cents)),
            s::currency.eq(excluded(s::currency)),
            s::duration_min_minutes.eq(excluded(s::duration_min_minutes)),
            s::duration_max_minutes.eq(excluded(s::duration_max_minutes)),
            s::specializations.eq(excluded(s::specializations)),
            s::retired_at.eq(None::<DateTime<Utc>>),
        ))
        .returning(sql::<Bool>("xmax = 0"))
        .get_result(conn)
        .await?)
}

/// Lets those who offer a service wait for an admin where it needs a licence now, and need none where it does not.
///
/// # Errors
/// When the database is away.
pub async fn follow_licensing(conn: &mut Conn, service_id: &str, licensed: bool) -> Result<()> {
    let offered = provider_services::table.filter(provider_services::service_id.eq(service_id));
    if licensed {
        diesel::update(offered.filter(provider_services::licence.eq(Licence::NotNeeded)))
            .set(provider_services::licence.eq(Licence::PendingVerification))
            .execute(conn)
            .await?;
    } else {
        diesel::update(offered.filter(provider_services::licence.ne(Licence::NotNeeded)))
            .set(provider_services::licence.eq(Licence::NotNeeded))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Retires a category.
///
/// # Errors
/// When the database is away.
pub async fn retire_category(conn: &mut Conn, id: &str) -> Result<()> {
    diesel::update(catalog_categories::table.find(id))
        .set(catalog_categories::retired_at.eq(Some(Utc::now())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Retires a service.
///
/// # Errors
/// When the database is away.
pub async fn retire_service(conn: &mut Conn, id: &str) -> Result<()> {
    diesel::update(catalog_services::table.find(id))
        .set(catalog_services::retired_at.eq(Some(Utc::now())))
        .execute(conn)
        .await?;
    Ok(())
}
