//! Providers' calendars with what is booked in them.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::db::{self, Conn};
use crate::error::Result;
use crate::model::calendar::{Availability, Busy, FURTHEST_DAYS, Why, bookings_that_matter};
use crate::model::offers::ALTERNATIVES;
use crate::model::slots::Slot;
use crate::model::{BookingId, ProviderId};

/// When a provider works, and what is booked near some slots.
pub(super) struct Calendar {
    pub availability: Availability,
    busy: Vec<Busy>,
}

/// Begin and end of what may be booked.
pub(super) type Stretch = (DateTime<Utc>, DateTime<Utc>);

impl Calendar {
    /// The calendar of one provider near some stretches; without one of the bookings, if that is to move.
    pub async fn near(
        conn: &mut Conn,
        provider: ProviderId,
        stretches: &[Stretch],
        but: Option<BookingId>,
    ) -> Result<Self> {
        let mut all = Self::all_near(conn, &[provider], stretches, but).await?;
        // Who has no calendar works never.
        let closed = || Self { availability: Availability::closed(Tz::UTC), busy: Vec::new() };
        Ok(all.remove(&provider).unwrap_or_else(closed))
    }

    /// The calendars of some providers near stretches of any of them, in two queries.
    pub async fn all_near(
        conn: &mut Conn,
        providers: &[ProviderId],
        stretches: &[Stretch],
        but: Option<BookingId>,
    ) -> Result<HashMap<ProviderId, Self>> {
        let mut busy = match around(stretches) {
            Some(span) => db::availability::busy(conn, providers, span, but).await?,
            None => HashMap::new(),
        };
        let known = db::availability::calendars(conn, providers).await?;
        let with = |(id, availability)| {
            let busy = busy.remove(&id).unwrap_or_default();
            (id, Self { availability, busy })
        };
        Ok(known.into_iter().map(with).collect())
    }

    /// Whether a job may lie there.
    pub fn check(&self, (start_at, end_at): Stretch, now: DateTime<Utc>) -> Result<(), Why> {
        self.availability.check(&self.busy, start_at, end_at, now)
    }

    /// Up to three free slots of the same length, the nearest to one that is taken.
    pub async fn instead_of(
        &self,
        conn: &mut Conn,
        provider: ProviderId,
        (start_at, end_at): Stretch,
        but: Option<BookingId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Slot>> {
        let furthest = now + Duration::days(FURTHEST_DAYS as i64);
        let span = bookings_that_matter(now, furthest);
        let busy = db::availability::busy(conn, &[provider], span, but).await?;
        let busy = busy.into_values().next().unwrap_or_default();
        let minutes = (end_at - start_at).num_minutes() as i32;
        Ok(self.availability.next_free(&busy, minutes, start_at, ALTERNATIVES, now))
    }
}

/// Between which begins bookings matter to stretches.
fn around(stretches: &[Stretch]) -> Option<Stretch> {
    let first = stretches.iter().map(|stretch| stretch.0).min()?;
    let last = stretches.iter().map(|stretch| stretch.0).max()?;
    Some(bookings_that_matter(first, last))
}
