//! A provider is made.

use diesel_async::AsyncConnection;

use super::business::{Business, NewBusiness, Offered, said};
use super::embedding::ask_for_embedding;
use super::refuse;
use crate::auth::SignedIn;
use crate::db::idempotency::Reply;
use crate::db::providers::{NewAvailability, NewProvider, NewProviderService};
use crate::db::{self, Conn};
use crate::domain::{Domain, Once};
use crate::error::{Code, Error, Result};
use crate::model::catalog::Catalog;
use crate::model::providers::{Licence, Provider, ProviderService};
use crate::model::tasks::Task;
use crate::model::{ProviderId, UserId};

/// A provider that was just made.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The provider.
    pub provider: Provider,
    /// What it offers.
    pub services: Vec<ProviderService>,
    /// What makes its vector, to be announced once the transaction has ended.
    pub embedding: Option<Task>,
}

impl Domain {
    /// Makes the caller a provider; one is enough.
    ///
    /// # Errors
    /// `invalid` with every problem; `provider_exists`.
    pub async fn open_business(
        &self,
        caller: &SignedIn,
        business: NewBusiness,
        trace_id: &str,
        once: &Once<'_, Opened>,
    ) -> Result<Reply> {
        let catalog = self.catalog();
        refuse(business.problems(&catalog))?;
        let mut conn = self.queue.db.conn().await?;
        let (reply, opened) = conn
            .transaction(async |conn| {
                if let Some(before) = once.answered(conn).await? {
                    return Ok((before, None));
                }
                db::users::require_active(conn, caller.user_id()).await?;
                let opened = create_in(conn, caller.user_id(), &business, &catalog, trace_id).await?;
                Ok::<_, Error>((once.answer(conn, &opened).await?, Some(opened)))
            })
            .await?;
        if let Some(task) = opened.and_then(|opened| opened.embedding) {
            self.queue.announce_new(&task);
        }
        Ok(reply)
    }
}

/// Makes a user, whose row the caller has locked, a provider: the row, its services and hours, the role, and the task of
/// its vector. Licensed services wait for an admin. The business must be free of problems.
///
/// # Errors
/// `provider_exists`.
pub(in crate::domain) async fn create_in(
    conn: &mut Conn,
    user: UserId,
    business: &NewBusiness,
    catalog: &Catalog,
    trace_id: &str,
) -> Result<Opened> {
    let provider = business.about.row(user)?;
    let services: Vec<_> =
        business.services.iter().map(|service| service.row(provider.id, catalog)).collect::<Result<_>>()?;
    let hours = business.hours(provider.id)?;
    if !db::providers::insert(conn, &provider, &services, &hours).await? {
        return Err(Code::ProviderExists.into());
    }
    db::users::earn_provider(conn, user).await?;
    let embedding = ask_for_embedding(conn, user, trace_id).await?;
    Ok(Opened {
        provider: db::providers::get(conn, provider.id).await?,
        services: db::providers::services_of(conn, provider.id).await?,
        embedding,
    })
}

impl NewBusiness {
    /// The row of when it works.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(in crate::domain) fn hours(&self, provider: ProviderId) -> Result<NewAvailability> {
        match &self.availability {
            Some(calendar) => NewAvailability::of(provider, calendar),
            None => Ok(NewAvailability::usual(provider)),
        }
    }
}

impl Business {
    /// The row of a new provider.
    ///
    /// # Errors
    /// When it was not looked at for problems.
    pub(in crate::domain) fn row(&self, user: UserId) -> Result<NewProvider> {
        let zone =
            self.zone().ok_or_else(|| Error::new(Code::Internal).because("a business without a zone"))?;
        let place = self.place();
        Ok(NewProvider {
            headline: said(self.headline.as_deref()).unwrap_or_default(),
            bio: said(self.bio.as_deref()).unwrap_or_default(),
            latitude: place.map(|place| place.latitude),
            longitude: place.map(|place| place.longitude),
            radius_km: self.radius_km(),
            languages: self.languages(),
            years_experience: self.years_experience,
            email: said(self.email.as_deref()),
            phone: said(self.phone.as_deref()),
            street: said(self.street.as_deref()),
            ..NewProvider::new(user, self.name.trim(), &self.city(), zone.name())
        })
    }
}

impl Offered {
    /// The row of a provider's service; what needs a licence waits for an admin.
    ///
    /// # Errors
    /// When it was not looked at for problems.
    pub(in crate::domain) fn row(
        &self,
        provider: ProviderId,
        catalog: &Catalog,
    ) -> Result<NewProviderService> {
        let (_, service) = catalog
            .service(&self.service_id)
            .ok_or_else(|| Error::new(Code::Internal).because("a service that is not in the catalog"))?;
        Ok(NewProviderService {
            provider_id: provider,
            service_id: self.service_id.clone(),
            description: said(self.description.as_deref()).unwrap_or_default(),
            places: self.places(),
            price_min_cents: self.price_min_cents,
            price_max_cents: self.price_max_cents,
            currency: self.currency.clone(),
            duration_minutes: self.duration_minutes,
            specializations: self.specializations(),
            licence: if service.licensed { Licence::PendingVerification } else { Licence::NotNeeded },
            licence_number: said(self.licence_number.as_deref()),
            licence_expires_on: self.licence_expires_on,
        })
    }
}
