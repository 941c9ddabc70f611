//! The catalog: as it is now, and how admins change it.
//!
//! Each process has it in memory. A change is there at once in the process that makes it, in the others within
//! [`EVERY`] and a moment.

use std::sync::{Arc, Weak};
use std::time::Duration;

use diesel_async::AsyncConnection;
use serde_json::json;
use tokio::sync::{Mutex, watch};

use super::Domain;
use super::audit::{self, Object};
use crate::auth::Admin;
use crate::db::catalog::Standing;
use crate::db::{self, Conn, Db};
use crate::error::{Code, Error, Problem, Result};
use crate::model::catalog::{Catalog, Category, Service};

/// How often a process asks whether the catalog has changed.
const EVERY: Duration = Duration::from_secs(2);

/// The catalog that this process knows.
#[derive(Clone)]
pub struct CurrentCatalog(Arc<Current>);

struct Current {
    db: Db,
    known: watch::Sender<Known>,
    /// One reads at a time: what was read earlier never takes the place of what was read later.
    reading: Mutex<()>,
}

struct Known {
    version: i64,
    catalog: Arc<Catalog>,
}

impl CurrentCatalog {
    /// Reads the catalog of a database, and follows its changes until nobody has it any more. Must be called inside a
    /// tokio runtime.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn start(db: Db) -> Result<Self> {
        let known = read(&mut *db.conn().await?).await?;
        let current = Arc::new(Current { db, known: watch::Sender::new(known), reading: Mutex::default() });
        tokio::spawn(follow(Arc::downgrade(&current)));
        Ok(Self(current))
    }

    /// As it is now.
    #[must_use]
    pub fn get(&self) -> Arc<Catalog> {
        Arc::clone(&self.0.known.borrow().catalog)
    }

    /// Reads it again if it has changed.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn refresh(&self) -> Result<()> {
        self.0.refresh().await
    }
}

impl Current {
    async fn refresh(&self) -> Result<()> {
        let _one_reads = self.reading.lock().await;
        let mut conn = self.db.conn().await?;
        if db::catalog::version(&mut conn).await? != self.known.borrow().version {
            self.known.send_replace(read(&mut conn).await?);
        }
        Ok(())
    }
}

async fn read(conn: &mut Conn) -> Result<Known> {
    // The version first: what changes meanwhile is read again the next time.
    let version = db::catalog::version(conn).await?;
    Ok(Known { version, catalog: Arc::new(db::catalog::read(conn).await?) })
}

async fn follow(current: Weak<Current>) {
    let mut was_told = false;
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(current) = current.upgrade() else { return };
        match current.refresh().await {
            Ok(()) => was_told = false,
            Err(error) if !was_told => {
                tracing::warn!(causes = error.causes(), "the catalog may be old until the database answers");
                was_told = true;
            }
            Err(_told) => {}
        }
    }
}

impl Domain {
    /// The catalog as it is now.
    #[must_use]
    pub fn catalog(&self) -> Arc<Catalog> {
        self.catalog.get()
    }

    /// A category with its services.
    ///
    /// # Errors
    /// `not_found`, also for a retired one.
    pub fn category(&self, id: &str) -> Result<Category> {
        self.catalog().category(id).cloned().ok_or_else(no_category)
    }

    /// A service, with its category's slug.
    ///
    /// # Errors
    /// `not_found`, also for a retired one.
    pub fn service(&self, id: &str) -> Result<(String, Service)> {
        let catalog = self.catalog();
        let found = catalog.service(id).map(|(category, service)| (category.id.clone(), service.clone()));
        found.ok_or_else(no_service)
    }

    /// Makes a category or puts it in place of the one with its slug; its services stay. Answers it with them, and whether
    /// it is new.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn put_category(&self, admin: &Admin, category: Category) -> Result<(Category, bool)> {
        let mut conn = self.queue.db.conn().await?;
        let made = conn
            .transaction(async |conn| {
                let made = db::catalog::put_category(conn, &category).await?;
                let object = Object::Slug(&category.id);
                audit::record(conn, Some(admin.user_id()), "category.put", object, None, json!({})).await?;
                Ok::<_, Error>(made)
            })
            .await?;
        drop(conn);
        self.know_change().await;
        let services = self.category(&category.id).map(|known| known.services).unwrap_or_default();
        Ok((Category { services, ..category }, made))
    }

    /// Retires a category: it is not shown any more, what hangs on it stays.
    ///
    /// # Errors
    /// `not_found`; `illegal_move` while it has services.
    pub async fn retire_category(&self, admin: &Admin, id: &str) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if db::catalog::lock_category(conn, id).await?.ok_or_else(no_category)? == Standing::Retired {
                return Ok(());
            }
            if db::catalog::live_services(conn, id).await? > 0 {
                let detail = "This category has services. Retire them, or put them into another one, first.";
                return Err(Error::new(Code::IllegalMove).detail(detail));
            }
            db::catalog::retire_category(conn, id).await?;
            let object = Object::Slug(id);
            audit::record(conn, Some(admin.user_id()), "category.retire", object, None, json!({})).await
        })
        .await?;
        drop(conn);
        self.know_change().await;
        Ok(())
    }

    /// Makes a service or puts it in place of the one with its slug; where it needs a licence from now on, those who offer
    /// it wait for an admin. Answers whether it is new.
    ///
    /// # Errors
    /// `invalid` when there is no such category.
    pub async fn put_service(&self, admin: &Admin, category_id: &str, service: &Service) -> Result<bool> {
        let mut conn = self.queue.db.conn().await?;
        let made = conn
            .transaction(async |conn| {
                if !db::catalog::keep_category(conn, category_id).await? {
                    let message = "There is no such category; GET /services/catalog lists them.";
                    return Err(Error::invalid(vec![Problem::new("/body/category_id", message)]));
                }
                let made = db::catalog::put_service(conn, category_id, service).await?;
                db::catalog::follow_licensing(conn, &service.id, service.licensed).await?;
                let object = Object::Slug(&service.id);
                audit::record(conn, Some(admin.user_id()), "service.put", object, None, json!({})).await?;
                Ok(made)
            })
            .await?;
        drop(conn);
        self.know_change().await;
        Ok(made)
    }

    /// Retires a service: nobody can ask for it or offer it any more, what hangs on it stays.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn retire_service(&self, admin: &Admin, id: &str) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if db::catalog::lock_service(conn, id).await?.ok_or_else(no_service)? == Standing::Retired {
                return Ok(());
            }
            db::catalog::retire_service(conn, id).await?;
            let object = Object::Slug(id);
            audit::record(conn, Some(admin.user_id()), "service.retire", object, None, json!({})).await
        })
        .await?;
        drop(conn);
        self.know_change().await;
        Ok(())
    }

    /// Who changed the catalog sees it so at once. The change stands, also where it cannot be read now.
    async fn know_change(&self) {
        if let Err(error) = self.catalog.refresh().await {
            tracing::warn!(causes = error.causes(), "the changed catalog was not read; trying again soon");
        }
    }
}

fn no_category() -> Error {
    Error::new(Code::NotFound).detail("There is no such category; GET /services/catalog lists them.")
}

fn no_service() -> Error {
    Error::new(Code::NotFound).detail("There is no such service; GET /services/catalog lists them.")
}
