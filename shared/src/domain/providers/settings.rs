//! How a provider works, whether they do, and how they fare.

use diesel_async::AsyncConnection;

use super::read::Profile;
use super::{lock_own, refuse};
use crate::auth::Actor;
use crate::db;
use crate::db::providers::{Counts, Settings};
use crate::domain::{Domain, audit, memory};
use crate::error::{Code, Error, Problem, Result};
use crate::model::ProviderId;
use crate::model::calendar::Availability;
use crate::model::memory::Pattern;
use crate::model::providers::{Provider, ProviderStatus};
use crate::model::states::State;

/// How a provider fares.
#[derive(Clone, Debug)]
pub struct Stats {
    /// Its reputation.
    pub provider: Provider,
    /// How often what happened.
    pub counts: Counts,
    /// What it has earned, in minor units of each currency.
    pub revenue: Vec<(String, i64)>,
    /// What they win of each service, and at what price.
    pub services: Vec<Pattern>,
}

impl Domain {
    /// A provider as it is its owner's.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn own_provider(&self, actor: &Actor, id: ProviderId) -> Result<Provider> {
        db::providers::find_for(&mut *self.queue.db.conn().await?, actor.scope(), id).await
    }

    /// Gives a provider other settings.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn set_settings(&self, actor: &Actor, id: ProviderId, settings: Settings) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            lock_own(conn, actor, id, "provider.settings").await?;
            db::providers::set_settings(conn, id, settings).await?;
            db::matching::wake(conn, &[id]).await?;
            Ok(())
        })
        .await
    }

    /// When a provider works.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn availability(&self, actor: &Actor, id: ProviderId) -> Result<Availability> {
        let mut conn = self.queue.db.conn().await?;
        db::providers::find_for(&mut conn, actor.scope(), id).await?;
        let calendar = db::availability::calendars(&conn, &[id]).await?.remove(&id);
        calendar.ok_or_else(|| Error::new(Code::Internal).because("a calendar that cannot be read"))
    }

    /// Says when a provider works. What is booked stays booked; live offers keep the slots that are still free.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`.
    pub async fn put_availability(
        &self,
        actor: &Actor,
        id: ProviderId,
        calendar: &Availability,
    ) -> Result<()> {
        refuse(calendar.problems().into_iter().map(|(at, message)| Problem::new(at, message)).collect())?;
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            lock_own(conn, actor, id, "provider.availability").await?;
            db::availability::put(conn, id, calendar).await?;
            db::matching::wake(conn, &[id]).await?;
            Ok(())
        })
        .await
    }

    /// Pauses a provider, or goes on: only who is active is found and matched. What is agreed stays.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move` for one that an admin has suspended.
    pub async fn pause_provider(&self, actor: &Actor, id: ProviderId, to: ProviderStatus) -> Result<Profile> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let before = db::providers::lock_for(conn, actor.scope(), id).await?;
            if before.status != to {
                // What an admin has stopped only an admin lets go on, and elsewhere.
                if before.status == ProviderStatus::Suspended || !before.status.may_become(to) {
                    return Err(Error::illegal_move(Code::IllegalMove, before.status)
                        .detail("This business is suspended. Write to support."));
                }
                let by = Some(actor.user_id());
                db::providers::set_status(conn, id, (before.status, to), by, None).await?;
                audit::record_unless_own(conn, actor, "provider.status", id.0, before.user_id).await?;
                db::matching::wake(conn, &[id]).await?;
            }
            let provider = Provider { status: to, ..before };
            let services = db::providers::services_of(conn, id).await?;
            Ok(Profile::new(provider, services, true))
        })
        .await
    }

    /// How a provider fares; however much happened, in four queries.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn provider_stats(&self, actor: &Actor, id: ProviderId) -> Result<Stats> {
        let mut conn = self.queue.db.conn().await?;
        let provider = db::providers::find_for(&mut conn, actor.scope(), id).await?;
        let counts = db::providers::counts(&mut conn, id).await?;
        let revenue = db::providers::revenue(&mut conn, id).await?;
        let services = memory::patterns(&mut conn, id).await?;
        Ok(Stats { provider, counts, revenue, services })
    }
}
