//! Queries on notifications.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::{own, owned};
use super::schema::notifications;
use super::statement::statement;
use crate::auth::Scope;
use crate::error::Result;
use crate::model::notifications::{About, Notification, NotificationKind};
use crate::model::{BookingId, NotificationId, OfferId, RequestId, UserId};

/// Something that somebody is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = notifications)]
pub struct Notice {
    id: NotificationId,
    user_id: UserId,
    kind: NotificationKind,
    #[diesel(embed)]
    about: About,
}

impl Notice {
    /// Tells `user` what happened, and to what.
    #[must_use]
    pub fn new(user: UserId, kind: NotificationKind, about: About) -> Self {
        Self { id: NotificationId::new(), user_id: user, kind, about }
    }
}

/// Tells people what this transaction does; what is said once only and was said is not said again.
///
/// # Errors
/// When the database is away.
pub async fn tell(conn: &mut Conn, notices: &[Notice]) -> Result<()> {
    diesel::insert_into(notifications::table).values(notices).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// A page of what a user was told, the newest first; only what is not read yet, if so asked.
///
/// # Errors
/// When the database is away.
pub async fn list_for(
    conn: &mut Conn,
    user: UserId,
    unread: bool,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<Notification>> {
    let mut query = notifications::table
        .filter(own!("notifications.list_for", notifications::user_id, user))
        .order(notifications::id.desc())
        .limit(limit)
        .select(Notification::as_select())
        .into_boxed();
    if unread {
        query = query.filter(notifications::read_at.is_null());
    }
    if let Some(before) = before {
        query = query.filter(notifications::id.lt(before));
    }
    Ok(query.load(conn).await?)
}

/// A notification in this scope, which is read from now on, if it was not before.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn read_for(conn: &mut Conn, whose: Scope, id: NotificationId) -> Result<Notification> {
    let theirs =
        notifications::id.eq(id).and(owned!("notifications.read_for", notifications::user_id, whose));
    diesel::update(notifications::table.filter(theirs).filter(notifications::read_at.is_null()))
        .set(notifications::read_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
        .execute(conn)
        .await?;
    let theirs =
        notifications::id.eq(id).and(owned!("notifications.read_for", notifications::user_id, whose));
    Ok(notifications::table.filter(theirs).select(Notification::as_select()).get_result(conn).await?)
}

/// Those of `ids` that are in this scope, in any order.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, whose: Scope, ids: &[NotificationId]) -> Result<Vec<Notification>> {
    let theirs = owned!("notifications.all_for", notifications::user_id, whose);
    Ok(notifications::table
        .filter(notifications::id.eq_any(ids).and(theirs))
        .select(Notification::as_select())
        .load(conn)
        .await?)
}

/// Marks all that a user was told as read; answers how many were not.
///
/// # Errors
/// When the database is away.
pub async fn read_all(conn: &mut Conn, user: UserId) -> Result<usize> {
    let theirs = own!("notifications.read_all", notifications::user_id, user);
    Ok(diesel::update(notifications::table.filter(theirs).filter(notifications::read_at.is_null()))
        .set(notifications::read_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
        .execute(conn)
        .await?)
}

/// Takes back that the sides of a booking were reminded of it: it is at another time.
///
/// # Errors
/// When the database is away.
pub async fn forget_reminder(conn: &mut Conn, booking: BookingId) -> Result<()> {
    let reminder = notifications::kind.eq(NotificationKind::Reminder24h);
    diesel::delete(notifications::table.filter(notifications::booking_id.eq(booking).and(reminder)))
        .execute(conn)
        .await?;
    Ok(())
}

statement! {
    /// By the index on the begin of what is agreed; a booking that somebody is just changing comes with the next look.
    ToBeReminded { most: i64 => BigInt } -> (Uuid, Uuid, Uuid, Uuid, Uuid) =
    "SELECT b.id, b.request_id, b.offer_id, b.user_id, p.user_id
     FROM bookings b JOIN providers p ON p.id = b.provider_id
     WHERE b.status = 'confirmed' AND b.start_at > now() AND b.start_at <= now() + interval '24 hours'
       AND NOT EXISTS (SELECT FROM notifications n WHERE n.booking_id = b.id AND n.kind = 'reminder_24h')
     ORDER BY b.start_at LIMIT ? FOR NO KEY UPDATE OF b SKIP LOCKED"
}

/// Bookings that begin within a day and of which nobody was reminded, up to `most`, locked till the transaction ends: what a
/// reminder is about, and who is on its two sides.
///
/// # Errors
/// When the database is away.
pub async fn to_be_reminded(conn: &mut Conn, most: i64) -> Result<Vec<(About, [UserId; 2])>> {
    let due: Vec<(BookingId, RequestId, OfferId, UserId, UserId)> =
        ToBeReminded { most }.get_results(conn).await?;
    let reminder = |(booking, request, offer, consumer, provider)| {
        let about = About {
            request_id: Some(request),
            offer_id: Some(offer),
            booking_id: Some(booking),
            ..About::default()
        };
        (about, [consumer, provider])
    };
    Ok(due.into_iter().map(reminder).collect())
}
