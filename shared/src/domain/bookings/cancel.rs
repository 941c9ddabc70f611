//! Calling a booking off.

use chrono::{DateTime, Duration, Utc};
use diesel_async::AsyncConnection;

use super::{BookingDetails, Held, hold, notices, refused, shown_one, was_done_by};
use crate::auth::Actor;
use crate::db::bookings::Ending;
use crate::db::notifications::tell;
use crate::db::tasks::NewTask;
use crate::db::{self, Conn};
use crate::domain::persistence::persistently;
use crate::domain::{Domain, audit, requests};
use crate::error::Result;
use crate::model::bookings::{Booking, BookingSide, BookingStatus, LATE_HOURS};
use crate::model::notifications::NotificationKind;
use crate::model::requests::{LIFE_DAYS, RequestStatus};
use crate::model::states::State;
use crate::model::tasks::{Task, TaskKind};
use crate::model::users::UserStatus;
use crate::model::{BookingId, TaskId, UserId};
use crate::telemetry::trace;

/// How a booking is called off.
#[derive(Clone, Debug)]
pub struct Cancellation {
    /// Why.
    pub reason: String,
    /// Whether somebody else is to be found for the consumer who calls it off; one whom the provider lets down is matched
    /// again in any case.
    pub rebook: bool,
}

impl Domain {
    /// Calls a booking of either side off, until its start. The same again, by the same person, changes nothing.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`.
    pub async fn cancel_booking(
        &self,
        actor: &Actor,
        id: BookingId,
        cancellation: &Cancellation,
        trace_id: &str,
    ) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        let (booking, task) =
            persistently!(conn, async |conn| { cancel(conn, actor, id, cancellation, trace_id).await })?;
        if let Some(task) = &task {
            self.queue.announce_new(task);
        }
        shown_one(&mut conn, actor, booking).await
    }
}

async fn cancel(
    conn: &mut Conn,
    actor: &Actor,
    id: BookingId,
    cancellation: &Cancellation,
    trace_id: &str,
) -> Result<(Booking, Option<Task>)> {
    let sides = db::bookings::sides_for(conn, actor.scope(), id, false).await?;
    let consumer = db::users::lock(conn, sides.consumer).await?;
    let held = hold(conn, id, sides).await?;
    let now = Utc::now();
    let status = held.booking.stands_at(now);
    let to = BookingStatus::Cancelled;
    if status == to && was_done_by(conn, actor, id, to, None).await? {
        return Ok((held.booking, None));
    }
    if !status.may_become(to) {
        return Err(refused(status));
    }
    if held.booking.has_begun(now) {
        let detail = "This booking has begun: it cannot be called off any more.";
        return Err(refused(status).detail(detail));
    }
    let side = sides.side_of(actor.user_id());
    let is_open = consumer.status == UserStatus::Active;
    let rebooks = is_open && (side == Some(BookingSide::Provider) || cancellation.rebook);
    let task = call_off(conn, &held, actor.user_id(), &cancellation.reason, rebooks, trace_id).await?;
    let owner = side.map_or(sides.consumer, |side| sides.user(side));
    audit::record_unless_own(conn, actor, "booking.cancel", id.0, owner).await?;
    Ok((db::bookings::lock(conn, id).await?, task))
}

/// Calls off a confirmed booking that has not begun, and tells the other side; answers what looks for somebody else, if
/// the request is to be matched again.
async fn call_off(
    conn: &mut Conn,
    held: &Held,
    actor: UserId,
    reason: &str,
    rebooks: bool,
    trace_id: &str,
) -> Result<Option<Task>> {
    let now = Utc::now();
    let ending = Ending {
        to: BookingStatus::Cancelled,
        cancelled_by: held.sides.side_of(actor),
        reason: Some(reason),
        late: held.booking.start_at - now < Duration::hours(LATE_HOURS),
        actor: Some(actor),
        note: Some(reason),
    };
    db::bookings::end(conn, held.booking.id, &ending).await?;
    db::reputation::recompute_in(conn, held.provider.id).await?;
    let task = if rebooks {
        Some(match_again(conn, actor, held, trace_id, now).await?)
    } else {
        requests::move_to(conn, &held.request, RequestStatus::Cancelled, Some(actor), Some(reason)).await?;
        None
    };
    let others = held.sides.all_but(Some(actor));
    tell(conn, &notices(&held.booking, NotificationKind::Cancelled, &others)).await?;
    Ok(task)
}

/// Calls off a booking that has not begun, as the account of this user, who is one side of it, closes. All that hangs
/// together is locked already. A consumer who loses their provider so is matched again: answers the task for that.
///
/// # Errors
/// When the database is away.
pub(in crate::domain) async fn end_with_account(
    conn: &mut Conn,
    user: UserId,
    id: BookingId,
) -> Result<Option<Task>> {
    let sides = db::bookings::sides_of(conn, id).await?;
    let held = hold(conn, id, sides).await?;
    let rebooks =
        sides.consumer != user && db::users::get(conn, sides.consumer).await?.status == UserStatus::Active;
    call_off(conn, &held, user, "The account was closed.", rebooks, &trace::new_id()).await
}

/// Looks for somebody else: never for those who had the booking.
async fn match_again(
    conn: &mut Conn,
    actor: UserId,
    held: &Held,
    trace_id: &str,
    now: DateTime<Utc>,
) -> Result<Task> {
    let request = &held.request;
    requests::move_to(conn, request, RequestStatus::Matching, Some(actor), None).await?;
    // One without a window lives for 14 days from where its search begins.
    let until = request.window_to.is_none().then(|| now + Duration::days(LIFE_DAYS));
    db::bookings::reopen(conn, request.id, held.provider.id, until).await?;
    let task = NewTask {
        id: TaskId::new(),
        kind: TaskKind::Matching,
        user_id: request.user_id,
        request_id: Some(request.id),
        retry_of: None,
        trace_id: trace_id.to_owned(),
        parent_span: trace::here(),
    };
    db::tasks::insert(conn, task).await
}
