//! Bookings: read by both sides, called off, moved to another slot, done.

mod cancel;
mod done;
mod read;
mod reschedule;

pub use cancel::Cancellation;
pub(in crate::domain) use cancel::end_with_account;
pub use done::complete_by_itself;
pub(in crate::domain) use done::complete_one;
pub use read::{BookingDetails, ContactDetails};
pub(in crate::domain) use read::{shown, shown_one};
pub use reschedule::{Reschedule, lapse_proposals};

use crate::auth::Actor;
use crate::db::bookings::Sides;
use crate::db::notifications::Notice;
use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::model::bookings::{Booking, BookingSide, BookingStatus};
use crate::model::notifications::{About, NotificationKind};
use crate::model::providers::Provider;
use crate::model::requests::Request;
use crate::model::{BookingId, UserId};

/// A booking with all that hangs together, locked.
struct Held {
    booking: Booking,
    request: Request,
    provider: Provider,
    sides: Sides,
}

/// Locks request, provider and booking, in this order.
async fn hold(conn: &mut Conn, id: BookingId, sides: Sides) -> Result<Held> {
    let locked = db::requests::lock_all(conn, &[sides.request_id]).await?;
    let request = locked.into_iter().next().ok_or(Error::new(Code::Internal))?;
    let provider = db::providers::lock(conn, sides.provider_id).await?;
    let booking = db::bookings::lock(conn, id).await?;
    Ok(Held { booking, request, provider, sides })
}

impl Sides {
    /// Which side a user is on; an admin may be on none.
    fn side_of(&self, user: UserId) -> Option<BookingSide> {
        if user == self.consumer {
            Some(BookingSide::Consumer)
        } else if user == self.provider {
            Some(BookingSide::Provider)
        } else {
            None
        }
    }

    /// Who is on a side.
    fn user(&self, side: BookingSide) -> UserId {
        match side {
            BookingSide::Consumer => self.consumer,
            BookingSide::Provider => self.provider,
        }
    }

    /// Those who did not do something themselves.
    fn all_but(&self, actor: Option<UserId>) -> Vec<UserId> {
        [self.consumer, self.provider].into_iter().filter(|user| Some(*user) != actor).collect()
    }
}

/// Notices about a booking.
fn notices(booking: &Booking, kind: NotificationKind, users: &[UserId]) -> Vec<Notice> {
    let about = About {
        request_id: Some(booking.request_id),
        offer_id: Some(booking.offer_id),
        booking_id: Some(booking.id),
        ..About::default()
    };
    users.iter().map(|user| Notice::new(*user, kind, about)).collect()
}

/// Refuses what does not stand as a move would have it.
fn refused(stands: BookingStatus) -> Error {
    Error::illegal_move(Code::IllegalMove, stands)
}

/// Whether the same person made the same move before, and nothing came after it.
async fn was_done_by(
    conn: &mut Conn,
    actor: &Actor,
    id: BookingId,
    to: BookingStatus,
    note: Option<&str>,
) -> Result<bool> {
    let last = db::bookings::last_noted(conn, id).await?;
    Ok(last.is_some_and(|(went, who, said)| {
        went == to && who == Some(actor.user_id()) && note.is_none_or(|note| said.as_deref() == Some(note))
    }))
}
