//! Lists of bookings, by their begin.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::owned::own;
use crate::db::schema::{bookings, providers};
use crate::error::Result;
use crate::model::bookings::{Booking, BookingStatus};
use crate::model::{BookingId, UserId};

/// Where a page ended: written as the begin in microseconds, a dot, and the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Begin of its last booking.
    pub start_at: DateTime<Utc>,
    /// Its id.
    pub id: BookingId,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.start_at.timestamp_micros(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (start, id) = text.split_once('.').ok_or(())?;
        let start_at = start.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(())?;
        Ok(Self { start_at, id: id.parse().map_err(drop)? })
    }
}

/// Which bookings are listed.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// That stand there only.
    pub status: Option<BookingStatus>,
    /// Agreed, not over at this time, and the next first; else the latest first.
    pub upcoming: Option<DateTime<Utc>>,
    /// Behind this one.
    pub after: Option<Cursor>,
    /// How many at most.
    pub limit: i64,
}

/// The bookings of what a user needs.
///
/// # Errors
/// When the database is away.
pub async fn list_needed(conn: &mut Conn, user: UserId, wanted: &Wanted) -> Result<Vec<Booking>> {
    let theirs = bookings::table.filter(own!("bookings.list_needed", bookings::user_id, user)).into_boxed();
    Ok(narrowed(theirs, wanted).select(Booking::as_select()).load(conn).await?)
}

/// The bookings of what a user does as a provider.
///
/// # Errors
/// When the database is away.
pub async fn list_done(conn: &mut Conn, user: UserId, wanted: &Wanted) -> Result<Vec<Booking>> {
    let theirs =
        providers::table.filter(own!("bookings.list_done", providers::user_id, user)).select(providers::id);
    let done = bookings::table.filter(bookings::provider_id.eq_any(theirs)).into_boxed();
    Ok(narrowed(done, wanted).select(Booking::as_select()).load(conn).await?)
}

fn narrowed<'a>(mut list: bookings::BoxedQuery<'a, Pg>, wanted: &Wanted) -> bookings::BoxedQuery<'a, Pg> {
    if let Some(status) = wanted.status {
        list = list.filter(bookings::status.eq(status));
    }
    let (start_at, id) = (bookings::start_at, bookings::id);
    match wanted.upcoming {
        Some(now) => {
            list = list.filter(bookings::status.eq(BookingStatus::Confirmed).and(bookings::end_at.gt(now)));
            if let Some(after) = wanted.after {
                let later = start_at.gt(after.start_at).or(start_at.eq(after.start_at).and(id.gt(after.id)));
                list = list.filter(start_at.ge(after.start_at).and(later));
            }
            list.order((start_at.asc(), id.asc())).limit(wanted.limit)
        }
        None => {
            if let Some(after) = wanted.after {
                let earlier =
                    start_at.lt(after.start_at).or(start_at.eq(after.start_at).and(id.lt(after.id)));
                list = list.filter(start_at.le(after.start_at).and(earlier));
            }
            list.order((start_at.desc(), id.desc())).limit(wanted.limit)
        }
    }
}
