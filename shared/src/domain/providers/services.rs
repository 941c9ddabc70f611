//! What a provider offers: added, changed, taken away.

use chrono::NaiveDate;
use diesel_async::AsyncConnection;

use super::business::{MOST_SERVICES, Offered};
use super::embedding::ask_for_embedding;
use super::{lock_own, refuse};
use crate::auth::Actor;
use crate::db;
use crate::db::idempotency::Reply;
use crate::domain::{Domain, Once};
use crate::error::{Code, Error, Problem, Result};
use crate::model::ProviderId;
use crate::model::catalog::{Catalog, ServicePlace};
use crate::model::providers::{Licence, ProviderService};

/// Some of what is offered, said otherwise: what is not said stays, null takes away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceChange {
    /// In their own words.
    pub description: Option<Option<String>>,
    /// Where they do it.
    pub places: Option<Vec<ServicePlace>>,
    /// Least price, in minor units.
    pub price_min_cents: Option<Option<i64>>,
    /// Most, in minor units.
    pub price_max_cents: Option<Option<i64>>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// How long it usually takes.
    pub duration_minutes: Option<Option<i32>>,
    /// Finer skills.
    pub specializations: Option<Vec<String>>,
    /// Number of the licence.
    pub licence_number: Option<Option<String>>,
    /// Last day of the licence.
    pub licence_expires_on: Option<Option<NaiveDate>>,
}

impl ServiceChange {
    /// Everything that is wrong with it by itself.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let anything = Offered {
            service_id: String::new(),
            description: None,
            places: Vec::new(),
            price_min_cents: None,
            price_max_cents: None,
            currency: "USD".to_owned(),
            duration_minutes: None,
            specializations: Vec::new(),
            licence_number: None,
            licence_expires_on: None,
        };
        let mut problems = self.clone().of(anything).problems(&Catalog::new(Vec::new()));
        problems.retain(|problem| problem.pointer != "/service_id");
        problems
    }

    fn of(self, before: Offered) -> Offered {
        Offered {
            service_id: before.service_id,
            description: self.description.unwrap_or(before.description),
            places: self.places.unwrap_or(before.places),
            price_min_cents: self.price_min_cents.unwrap_or(before.price_min_cents),
            price_max_cents: self.price_max_cents.unwrap_or(before.price_max_cents),
            currency: self.currency.unwrap_or(before.currency),
            duration_minutes: self.duration_minutes.unwrap_or(before.duration_minutes),
            specializations: self.specializations.unwrap_or(before.specializations),
            licence_number: self.licence_number.unwrap_or(before.licence_number),
            licence_expires_on: self.licence_expires_on.unwrap_or(before.licence_expires_on),
        }
    }
}

impl From<&ProviderService> for Offered {
    fn from(service: &ProviderService) -> Self {
        Self {
            service_id: service.service_id.clone(),
            description: Some(service.description.clone()),
            places: service.places.clone(),
            price_min_cents: service.price_min_cents,
            price_max_cents: service.price_max_cents,
            currency: service.currency.clone(),
            duration_minutes: service.duration_minutes,
            specializations: service.specializations.clone(),
            licence_number: service.licence_number.clone(),
            licence_expires_on: service.licence_expires_on,
        }
    }
}

fn not_offered() -> Error {
    Error::new(Code::NotFound)
        .detail("You do not offer this service; POST /providers/{id}/services adds one.")
}

impl Domain {
    /// Adds a service to a provider. What needs a licence waits for an admin.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`; `illegal_move` if it is there already, or a hundred are.
    pub async fn add_service(
        &self,
        actor: &Actor,
        id: ProviderId,
        service: Offered,
        trace_id: &str,
        once: &Once<'_, ProviderService>,
    ) -> Result<Reply> {
        let catalog = self.catalog();
        refuse(service.problems(&catalog))?;
        let mut conn = self.queue.db.conn().await?;
        let (reply, task) = conn
            .transaction(async |conn| {
                if let Some(before) = once.answered(conn).await? {
                    return Ok((before, None));
                }
                let provider = lock_own(conn, actor, id, "provider.add_service").await?;
                if db::providers::count_services(conn, id).await? >= MOST_SERVICES as i64 {
                    return Err(Error::new(Code::IllegalMove).detail("A provider offers at most 100 services."));
                }
                let added = db::providers::add_service(conn, &service.row(id, &catalog)?).await?;
                let added = added.ok_or_else(|| {
                    Error::new(Code::IllegalMove).detail(
                        "You offer this service already. Change it with PATCH /providers/{id}/services/{sid}.",
                    )
                })?;
                let task = ask_for_embedding(conn, provider.user_id, trace_id).await?;
                Ok::<_, Error>((once.answer(conn, &added).await?, task))
            })
            .await?;
        if let Some(task) = task {
            self.queue.announce_new(&task);
        }
        Ok(reply)
    }

    /// Offers a service otherwise. Another number or last day of a licence waits for an admin again.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`; `not_found` if the provider does not offer it.
    pub async fn change_service(
        &self,
        actor: &Actor,
        id: ProviderId,
        service_id: &str,
        change: ServiceChange,
        trace_id: &str,
    ) -> Result<ProviderService> {
        refuse(change.problems())?;
        let catalog = self.catalog();
        let mut conn = self.queue.db.conn().await?;
        let (changed, task) = conn
            .transaction(async |conn| {
                let provider = lock_own(conn, actor, id, "provider.change_service").await?;
                db::catalog::keep_service(conn, service_id).await?;
                let before =
                    db::providers::service_of(conn, id, service_id).await?.ok_or_else(not_offered)?;
                let offered = change.clone().of(Offered::from(&before));
                let problems =
                    offered.problems(&catalog).into_iter().filter(|problem| changes(&change, problem));
                refuse(problems.collect())?;
                let mut row = offered.row(id, &catalog)?;
                let same_licence = row.licence_number == before.licence_number
                    && row.licence_expires_on == before.licence_expires_on;
                let mut note = None;
                if before.licence != Licence::NotNeeded && same_licence {
                    (row.licence, note) = (before.licence, before.licence_note);
                }
                let changed = db::providers::change_service(conn, row, note).await?;
                let task = ask_for_embedding(conn, provider.user_id, trace_id).await?;
                Ok::<_, Error>((changed, task))
            })
            .await?;
        if let Some(task) = task {
            self.queue.announce_new(&task);
        }
        Ok(changed)
    }

    /// Takes a service away.
    ///
    /// # Errors
    /// `not_yours`; `not_found` if the provider does not offer it; `illegal_move` while live offers or bookings are for it.
    pub async fn remove_service(
        &self,
        actor: &Actor,
        id: ProviderId,
        service_id: &str,
        trace_id: &str,
    ) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        let task = conn
            .transaction(async |conn| {
                let provider = lock_own(conn, actor, id, "provider.remove_service").await?;
                let (offers, bookings) = db::providers::owed(conn, id, service_id).await?;
                let waits = match (offers, bookings) {
                    (_, true) => Some("You have bookings for this service. Complete or cancel them first."),
                    (true, false) => Some("You have live offers for this service. Withdraw them first."),
                    (false, false) => None,
                };
                if let Some(detail) = waits {
                    return Err(Error::new(Code::IllegalMove).detail(detail));
                }
                if !db::providers::remove_service(conn, id, service_id).await? {
                    return Err(not_offered());
                }
                ask_for_embedding(conn, provider.user_id, trace_id).await
            })
            .await?;
        if let Some(task) = task {
            self.queue.announce_new(&task);
        }
        Ok(())
    }
}

/// Whether a problem is about what is said now: what was said before may have become wrong since.
fn changes(change: &ServiceChange, problem: &Problem) -> bool {
    let is_about = |name: &str| problem.pointer.starts_with(&format!("/{name}"));
    match () {
        () if is_about("places") => change.places.is_some(),
        () if is_about("price_") => change.price_min_cents.is_some() || change.price_max_cents.is_some(),
        () if is_about("specializations") => change.specializations.is_some(),
        () if is_about("licence_number") => change.licence_number.is_some(),
        () if is_about("licence_expires_on") => change.licence_expires_on.is_some(),
        () => true,
    }
}
