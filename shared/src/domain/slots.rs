//! Slots: when a provider is free for a service.

use chrono::{Days, Duration, NaiveDate, NaiveTime, Utc};
use futures::try_join;

use super::Domain;
use crate::auth::Actor;
use crate::db;
use crate::error::{Code, Error, Problem, Result};
use crate::model::ProviderId;
use crate::model::calendar::{FURTHEST_DAYS, MOST_DAYS, bookings_that_matter};
use crate::model::providers::ProviderStatus;
use crate::model::slots::Slot;

/// Which slots somebody would like to know.
#[derive(Clone, Debug)]
pub struct Asked {
    /// For which service.
    pub service_id: String,
    /// From which of the provider's local dates on.
    pub from: NaiveDate,
    /// To which, that one too.
    pub to: NaiveDate,
}

impl Asked {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.to < self.from {
            problems.push(Problem::new("/to", "The last day must not be before the first."));
        } else if self.from.checked_add_days(Days::new(MOST_DAYS)).is_some_and(|end| end <= self.to) {
            problems.push(Problem::new("/to", "Ask about at most 31 days at once."));
        }
        // Where today is furthest on.
        let today = (Utc::now() + Duration::hours(14)).date_naive();
        for (name, date) in [("/from", self.from), ("/to", self.to)] {
            if date > today + Days::new(FURTHEST_DAYS) {
                problems.push(Problem::new(name, "Slots reach 90 days ahead."));
            }
        }
        problems
    }
}

/// When a provider is free.
#[derive(Clone, Debug)]
pub struct Free {
    /// How long a job takes, in minutes.
    pub duration_minutes: i32,
    /// IANA zone of the slots.
    pub zone: String,
    /// The free ones, in order.
    pub slots: Vec<Slot>,
}

impl Domain {
    /// When a provider is free for a service of theirs; one who takes no work at present is not.
    ///
    /// # Errors
    /// `not_found` where the public does not see the provider; `invalid` where they do not offer the service, or may
    /// not at present.
    pub async fn free_slots(&self, actor: &Actor, provider: ProviderId, asked: &Asked) -> Result<Free> {
        let problems = asked.problems();
        if !problems.is_empty() {
            let below = |p: Problem| Problem { pointer: format!("/query{}", p.pointer), ..p };
            return Err(Error::invalid(problems.into_iter().map(below).collect()));
        }
        let now = Utc::now();
        let profile = self.provider_profile(actor, provider).await?;
        let offered = profile.services.iter().find(|service| service.service_id == asked.service_id);
        let offered = offered.filter(|service| service.is_bookable(now.date_naive())).ok_or_else(|| {
            let message =
                "This provider does not offer that service; GET /providers/{id}/services lists theirs.";
            Error::invalid(vec![Problem::new("/query/service_id", message)])
        })?;
        let usual = || self.catalog().service(&asked.service_id).map(|(_, it)| it.duration_minutes.usual());
        let duration_minutes = offered.duration_minutes.or_else(usual).ok_or(Code::Internal)?;
        let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
        let first = asked.from.max(now.date_naive() - Days::new(1));
        // Wherever in the world these days are.
        let matter =
            bookings_that_matter(midnight(first) - Duration::days(1), midnight(asked.to) + Duration::days(2));
        let conn = self.queue.db.conn().await?;
        let those = [provider];
        let (mut calendars, mut busy) = try_join!(
            db::availability::calendars(&conn, &those),
            db::availability::busy(&conn, &those, matter, None)
        )?;
        let calendar = calendars.remove(&provider).ok_or(Code::Internal)?;
        let busy = busy.remove(&provider);
        let slots = match profile.provider.status {
            ProviderStatus::Active => {
                calendar.slots(&busy.unwrap_or_default(), duration_minutes, asked.from, asked.to, now)
            }
            ProviderStatus::Paused | ProviderStatus::Suspended => Vec::new(),
        };
        Ok(Free { duration_minutes, zone: calendar.zone.to_string(), slots })
    }
}
