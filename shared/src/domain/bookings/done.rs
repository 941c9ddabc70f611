//! Bookings that are done, or whose consumer was not there.

use chrono::Utc;
use diesel_async::AsyncConnection;

use super::{BookingDetails, Held, hold, notices, refused, shown_one, was_done_by};
use crate::auth::Actor;
use crate::db::bookings::Ending;
use crate::db::notifications::tell;
use crate::db::{self, Conn, Db};
use crate::domain::persistence::persistently;
use crate::domain::{Domain, audit, memory, requests};
use crate::error::Result;
use crate::model::bookings::{Booking, BookingStatus, COMPLETES_AFTER_HOURS};
use crate::model::notifications::NotificationKind;
use crate::model::requests::RequestStatus;
use crate::model::states::State;
use crate::model::{BookingId, UserId};

impl Domain {
    /// Says that the work of a booking of the caller's is done, after its start. The same again, by the same person, changes
    /// nothing.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`.
    pub async fn complete_booking(&self, actor: &Actor, id: BookingId) -> Result<BookingDetails> {
        self.finish(actor, id, BookingStatus::Completed, "booking.complete").await
    }

    /// Says that the consumer was not there, after the start. The same again, by the same person, changes nothing.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`.
    pub async fn report_no_show(&self, actor: &Actor, id: BookingId) -> Result<BookingDetails> {
        self.finish(actor, id, BookingStatus::NoShow, "booking.no_show").await
    }

    async fn finish(
        &self,
        actor: &Actor,
        id: BookingId,
        to: BookingStatus,
        action: &str,
    ) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        let booking = persistently!(conn, async |conn| { finish_as(conn, actor, id, to, action).await })?;
        shown_one(&mut conn, actor, booking).await
    }
}

async fn finish_as(
    conn: &mut Conn,
    actor: &Actor,
    id: BookingId,
    to: BookingStatus,
    action: &str,
) -> Result<Booking> {
    let sides = db::bookings::sides_for(conn, actor.scope(), id, true).await?;
    let held = hold(conn, id, sides).await?;
    let now = Utc::now();
    let status = held.booking.stands_at(now);
    if status == to && was_done_by(conn, actor, id, to, None).await? {
        return Ok(held.booking);
    }
    if !status.may_become(to) {
        return Err(refused(status));
    }
    if !held.booking.has_begun(now) {
        let detail = "This booking has not begun: say this after its start.";
        return Err(refused(status).detail(detail));
    }
    finish_held(conn, &held, to, Some(actor.user_id())).await?;
    audit::record_unless_own(conn, actor, action, id.0, sides.provider).await?;
    db::bookings::lock(conn, id).await
}

/// Ends a confirmed booking well, or without its consumer; the request is completed with it.
async fn finish_held(conn: &mut Conn, held: &Held, to: BookingStatus, actor: Option<UserId>) -> Result<()> {
    let ending = Ending { to, cancelled_by: None, reason: None, late: false, actor, note: None };
    db::bookings::end(conn, held.booking.id, &ending).await?;
    requests::move_to(conn, &held.request, RequestStatus::Completed, actor, None).await?;
    db::reputation::recompute_in(conn, held.provider.id).await?;
    let mut told = notices(&held.booking, NotificationKind::Completed, &held.sides.all_but(actor));
    if to == BookingStatus::Completed {
        told.extend(notices(&held.booking, NotificationKind::ReviewDue, &[held.sides.consumer]));
    }
    tell(conn, &told).await?;
    if to == BookingStatus::Completed {
        memory::learn_done(conn, &held.booking).await?;
    }
    Ok(())
}

/// Completes bookings that ended two days ago and of which nobody said anything, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn complete_by_itself(db: &Db, most: i64) -> Result<usize> {
    let mut conn = db.conn().await?;
    let mut completed = 0;
    for id in db::bookings::over_for(&mut conn, COMPLETES_AFTER_HOURS, most).await? {
        let done = conn.transaction(async |conn| complete_one(conn, id).await).await;
        match done {
            Ok(done) => completed += usize::from(done),
            // The others are not to wait for this one; it comes again.
            Err(error) => {
                tracing::warn!(booking_id = %id, causes = error.causes(), "a booking was not completed: {error}");
            }
        }
    }
    Ok(completed)
}

/// Completes a booking of which nobody said anything for two days, looking again with all that hangs together locked; answers
/// whether it was one.
pub(in crate::domain) async fn complete_one(conn: &mut Conn, id: BookingId) -> Result<bool> {
    let sides = db::bookings::sides_of(conn, id).await?;
    let held = hold(conn, id, sides).await?;
    let is_said = held.booking.status != BookingStatus::Confirmed;
    if is_said || held.booking.stands_at(Utc::now()) != BookingStatus::Completed {
        return Ok(false);
    }
    finish_held(conn, &held, BookingStatus::Completed, None).await?;
    Ok(true)
}
