//! Bookings as their sides see them.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::Utc;
use chrono_tz::Tz;

use crate::auth::{Actor, SignedIn};
use crate::db::bookings::{Contact, Wanted};
use crate::db::{self, Conn};
use crate::domain::Domain;
use crate::error::{Error, Result};
use crate::model::bookings::{Booking, BookingSide, Proposal};
use crate::model::slots::Slot;
use crate::model::{BookingId, UserId};

/// A booking with what its reader is shown of it.
#[derive(Clone, Debug)]
pub struct BookingDetails {
    /// The booking.
    pub booking: Booking,
    /// Whose side the reader is on; an admin may be on none.
    pub side: Option<BookingSide>,
    /// The business's name.
    pub provider_name: String,
    /// What the consumer is called, by the first name.
    pub consumer_name: Option<String>,
    /// How the reader reaches the other side, as long as that is shown.
    pub contact: Option<ContactDetails>,
    /// Whether the reader sees where the work is done and how to get in.
    pub shows_address: bool,
    /// When, as it was agreed.
    pub slot: Slot,
    /// Another slot that is proposed.
    pub proposal: Option<(Proposal, Slot)>,
}

/// How somebody is reached.
#[derive(Clone, Debug)]
pub struct ContactDetails {
    /// What they are called.
    pub name: Option<String>,
    /// Their e-mail; the account's if they gave no other.
    pub email: Option<String>,
    /// Their telephone.
    pub phone: Option<String>,
    /// Where they are.
    pub street: Option<String>,
}

impl Domain {
    /// A booking of either side.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn booking(&self, actor: &Actor, id: BookingId) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        let booking = db::bookings::find_for(&mut conn, actor.scope(), id).await?;
        shown_one(&mut conn, actor, booking).await
    }

    /// The caller's bookings of both sides: the latest first or, of those that are still to come, the next first. One more
    /// than asked for tells that there are more.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn bookings(&self, caller: &SignedIn, wanted: &Wanted) -> Result<Vec<BookingDetails>> {
        let mut conn = self.queue.db.conn().await?;
        let mut bookings = db::bookings::list_needed(&mut conn, caller.user_id(), wanted).await?;
        bookings.extend(db::bookings::list_done(&mut conn, caller.user_id(), wanted).await?);
        bookings.sort_unstable_by(|a, b| by_begin(a, b, wanted.upcoming.is_some()));
        bookings.truncate(wanted.limit as usize);
        shown(&mut conn, caller.user_id(), bookings).await
    }
}

fn by_begin(a: &Booking, b: &Booking, next_first: bool) -> Ordering {
    let order = (a.start_at, a.id).cmp(&(b.start_at, b.id));
    if next_first { order } else { order.reverse() }
}

/// One booking with what its reader is shown of it.
pub(in crate::domain) async fn shown_one(
    conn: &mut Conn,
    reader: &Actor,
    booking: Booking,
) -> Result<BookingDetails> {
    shown(conn, reader.user_id(), vec![booking]).await?.pop().ok_or_else(Error::not_yours)
}

/// Bookings with what their reader is shown of them, in a fixed number of queries.
pub(in crate::domain) async fn shown(
    conn: &mut Conn,
    reader: UserId,
    bookings: Vec<Booking>,
) -> Result<Vec<BookingDetails>> {
    let ids: Vec<BookingId> = bookings.iter().map(|booking| booking.id).collect();
    let contacts = db::bookings::contacts_of(conn, &ids).await?;
    let mut contacts: HashMap<_, _> =
        contacts.into_iter().map(|contact| (contact.booking_id, contact)).collect();
    let details = |booking: Booking| {
        let contact = contacts.remove(&booking.id).ok_or_else(Error::not_yours)?;
        Ok(show(reader, booking, contact))
    };
    bookings.into_iter().map(details).collect()
}

fn show(user: UserId, booking: Booking, all: Contact) -> BookingDetails {
    let now = Utc::now();
    let side = if user == booking.user_id {
        Some(BookingSide::Consumer)
    } else {
        (user == all.provider_user).then_some(BookingSide::Provider)
    };
    let first = |name: &str| name.split_whitespace().next().map(str::to_owned);
    let consumer_name = all.consumer_name.as_deref().and_then(first);
    let provider_name = all.provider_name.clone();
    let zone = booking.zone.parse().unwrap_or(Tz::UTC);
    let is_shown = booking.shows_contact(now);
    let contact = side.filter(|_| is_shown).map(|side| match side {
        BookingSide::Consumer => ContactDetails {
            name: Some(all.provider_name),
            email: all.provider_email,
            phone: all.provider_phone,
            street: all.provider_street,
        },
        BookingSide::Provider => ContactDetails {
            name: all.consumer_name,
            email: all.consumer_email,
            phone: all.consumer_phone,
            street: all.consumer_street,
        },
    });
    BookingDetails {
        side,
        provider_name,
        consumer_name,
        contact,
        shows_address: is_shown || side == Some(BookingSide::Consumer),
        slot: Slot::new(booking.start_at, booking.end_at, zone),
        proposal: booking.proposal(now).map(|open| (open, Slot::new(open.start_at, open.end_at, zone))),
        booking,
    }
}
