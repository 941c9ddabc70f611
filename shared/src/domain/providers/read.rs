//! Providers as others see them.

use chrono::Utc;

use super::no_provider;
use crate::auth::Actor;
use crate::db;
use crate::db::providers::WithServices;
use crate::domain::Domain;
use crate::error::Result;
use crate::model::ProviderId;
use crate::model::providers::{Card, Provider, ProviderService, ProviderStatus};

/// All that is known of a provider.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its card.
    pub card: Card,
    /// The rest of it.
    pub provider: Provider,
    /// What it offers, by slugs.
    pub services: Vec<ProviderService>,
    /// Whether the reader is its owner, or an admin: only they see how it can be reached, and what cannot be booked.
    pub is_own: bool,
}

impl Profile {
    pub(super) fn new(provider: Provider, services: Vec<ProviderService>, is_own: bool) -> Self {
        let card = Card::of(&provider, &services, Utc::now().date_naive());
        Self { card, provider, services, is_own }
    }

    /// The services that the reader sees, after one of these slugs.
    pub fn seen(&self, after: Option<&str>) -> impl Iterator<Item = &ProviderService> {
        let after = after.map(str::to_owned);
        let seen =
            |service: &&ProviderService| self.is_own || self.card.services.contains(&service.service_id);
        let later =
            move |service: &&ProviderService| after.as_ref().is_none_or(|after| service.service_id > *after);
        self.services.iter().filter(seen).filter(later)
    }
}

impl Domain {
    /// A provider's card.
    ///
    /// # Errors
    /// `not_found` where the caller does not see the provider: it or its account is suspended, or it has nothing that can
    /// be booked, and is not theirs.
    pub async fn provider_card(&self, actor: &Actor, id: ProviderId) -> Result<Card> {
        let db = &self.queue.db;
        let card = match db.is_lent() {
            true => db::providers::card(&mut *db.conn().await?, actor.scope(), id).await?,
            false => self.shared.cards.card(actor.scope(), id).await?,
        };
        card.ok_or_else(no_provider)
    }

    /// A provider's profile.
    ///
    /// # Errors
    /// As [`Self::provider_card`].
    pub async fn provider_profile(&self, actor: &Actor, id: ProviderId) -> Result<Profile> {
        let mut conn = self.queue.db.conn().await?;
        let found = db::providers::with_services(&mut conn, actor.scope(), id).await?;
        let WithServices { provider, services, is_open, is_own } = found.ok_or_else(no_provider)?;
        let profile = Profile::new(provider, services, is_own);
        let takes_work = is_open && profile.card.status != ProviderStatus::Suspended;
        let is_public = takes_work && !profile.card.services.is_empty();
        if is_public || is_own { Ok(profile) } else { Err(no_provider()) }
    }
}
