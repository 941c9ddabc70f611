//! Queries on when providers work, and on when they are booked.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::providers::NewAvailability;
use super::schema::{availability, providers};
use super::statement::statement;
use crate::error::Result;
use crate::model::calendar::{Availability, Busy};
use crate::model::{BookingId, ProviderId};

/// A calendar as it is written down; without one, nothing but the zone.
#[derive(Queryable)]
struct Written {
    provider_id: ProviderId,
    zone: String,
    weekly: Option<String>,
    exceptions: Option<String>,
    notice_minutes: Option<i32>,
    max_per_day: Option<i32>,
    buffer_minutes: Option<i32>,
}

impl Written {
    fn read(self) -> std::result::Result<Availability, Box<dyn std::error::Error + Send + Sync>> {
        let mut calendar = Availability::closed(self.zone.parse()?);
        if let Some(weekly) = self.weekly {
            calendar.weekly = serde_json::from_str(&weekly)?;
        }
        if let Some(exceptions) = self.exceptions {
            calendar.exceptions = serde_json::from_str(&exceptions)?;
        }
        calendar.notice_minutes = self.notice_minutes.unwrap_or(calendar.notice_minutes);
        calendar.max_per_day = self.max_per_day;
        calendar.buffer_minutes = self.buffer_minutes.unwrap_or(calendar.buffer_minutes);
        Ok(calendar)
    }
}

statement! {
    /// JSON as text: it is read straight into its types.
    Calendars { providers: Vec<ProviderId> => Array<Uuid> }
    -> (Uuid, Text, Nullable<Text>, Nullable<Text>, Nullable<Integer>, Nullable<Integer>, Nullable<Integer>) =
    "SELECT p.id, p.zone, a.weekly::text, a.exceptions::text, a.notice_minutes, a.max_per_day, a.buffer_minutes
     FROM providers p LEFT JOIN availability a ON a.provider_id = p.id WHERE p.id = ANY (?)"
}

/// The calendars of providers; who has not said when they work is closed.
///
/// # Errors
/// When the database is away.
pub async fn calendars(
    mut conn: &Conn,
    providers: &[ProviderId],
) -> Result<HashMap<ProviderId, Availability>> {
    let written: Vec<Written> = Calendars { providers: providers.to_vec() }.get_results(&mut conn).await?;
    let mut calendars = HashMap::with_capacity(written.len());
    for one in written {
        let provider = one.provider_id;
        match one.read() {
            Ok(calendar) => drop(calendars.insert(provider, calendar)),
            // What one provider has written down stops nobody else's work: they are booked by nobody.
            Err(error) => tracing::error!(%provider, %error, "a calendar cannot be read"),
        }
    }
    Ok(calendars)
}

statement! {
    /// By the index on provider and begin. One that has taken place counts for its day; one that was called off does not.
    Bookings {
        providers: Vec<ProviderId> => Array<Uuid>,
        from: DateTime<Utc> => Timestamptz,
        to: DateTime<Utc> => Timestamptz,
        except: Option<BookingId> => Nullable<Uuid>,
    } -> (Uuid, Timestamptz, Timestamptz) =
    "SELECT provider_id, start_at, end_at FROM bookings
     WHERE provider_id = ANY (?) AND status <> 'cancelled' AND start_at BETWEEN ? AND ? AND id IS DISTINCT FROM ?
     ORDER BY provider_id, start_at"
}

/// The bookings of providers that matter to jobs that begin from one instant to another
/// ([`bookings_that_matter`](crate::model::calendar::bookings_that_matter)), in order; but for one that is to be moved.
///
/// # Errors
/// When the database is away.
pub async fn busy(
    mut conn: &Conn,
    providers: &[ProviderId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    except: Option<BookingId>,
) -> Result<HashMap<ProviderId, Vec<Busy>>> {
    let bookings = Bookings { providers: providers.to_vec(), from, to, except };
    let booked: Vec<(ProviderId, DateTime<Utc>, DateTime<Utc>)> = bookings.get_results(&mut conn).await?;
    let mut busy: HashMap<ProviderId, Vec<Busy>> = HashMap::new();
    for (provider, start_at, end_at) in booked {
        busy.entry(provider).or_default().push(Busy { start_at, end_at });
    }
    Ok(busy)
}

/// Writes down when a provider works, whose row the caller has locked: zone and hours.
///
/// # Errors
/// When the database is away.
pub async fn put(conn: &mut Conn, provider: ProviderId, calendar: &Availability) -> Result<()> {
    let hours = NewAvailability::of(provider, calendar)?;
    diesel::update(providers::table.find(provider))
        .set((providers::zone.eq(calendar.zone.name()), providers::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    diesel::insert_into(availability::table)
        .values(&hours)
        .on_conflict(availability::provider_id)
        .do_update()
        .set((&hours, availability::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}
