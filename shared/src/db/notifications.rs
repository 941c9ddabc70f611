//! Queries on notifications.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::{own, owned};
use super::schema::sql_types::NotificationKind as KindSql;
use super::schema::{bookings, notifications};
use super::statement::statement;
use crate::auth::Scope;
use crate::error::Result;
use crate::model::notifications::{About, Notification, NotificationKind};
use crate::model::{BookingId, EnrollmentId, NotificationId, OfferId, RequestId, ReviewId, UserId};

/// Something that somebody is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    id: NotificationId,
    user_id: UserId,
    kind: NotificationKind,
    about: About,
}

impl Notice {
    /// Tells `user` what happened, and to what.
    #[must_use]
    pub fn new(user: UserId, kind: NotificationKind, about: About) -> Self {
        Self { id: NotificationId::new(), user_id: user, kind, about }
    }
}

statement! {
    Tell {
        ids: Vec<NotificationId> => Array<Uuid>,
        users: Vec<UserId> => Array<Uuid>,
        kinds: Vec<NotificationKind> => Array<KindSql>,
        requests: Vec<Option<RequestId>> => Array<Nullable<Uuid>>,
        offers: Vec<Option<OfferId>> => Array<Nullable<Uuid>>,
        bookings: Vec<Option<BookingId>> => Array<Nullable<Uuid>>,
        reviews: Vec<Option<ReviewId>> => Array<Nullable<Uuid>>,
        enrollments: Vec<Option<EnrollmentId>> => Array<Nullable<Uuid>>,
    } -> Uuid =
    "INSERT INTO notifications (id, user_id, kind, request_id, offer_id, booking_id, review_id, enrollment_id)
     SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
}

/// Tells people what this transaction does; what is said once only and was said is not said again.
///
/// # Errors
/// When the database is away.
pub async fn tell(mut conn: &Conn, notices: &[Notice]) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let about: Vec<About> = notices.iter().map(|notice| notice.about).collect();
    let tell = Tell {
        ids: notices.iter().map(|notice| notice.id).collect(),
        users: notices.iter().map(|notice| notice.user_id).collect(),
        kinds: notices.iter().map(|notice| notice.kind).collect(),
        requests: about.iter().map(|about| about.request_id).collect(),
        offers: about.iter().map(|about| about.offer_id).collect(),
        bookings: about.iter().map(|about| about.booking_id).collect(),
        reviews: about.iter().map(|about| about.review_id).collect(),
        enrollments: about.iter().map(|about| about.enrollment_id).collect(),
    };
    tell.execute(&mut conn).await?;
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
    diesel::update(bookings::table.find(booking))
        .set(bookings::reminded_at.eq(None::<DateTime<Utc>>))
        .execute(conn)
        .await?;
    let reminder = notifications::kind.eq(NotificationKind::Reminder24h);
    diesel::delete(notifications::table.filter(notifications::booking_id.eq(booking).and(reminder)))
        .execute(conn)
        .await?;
    Ok(())
}

statement! {
    /// By the index on the begin of what is agreed; a booking that somebody is just changing comes with the next look.
    Remind { most: i64 => BigInt } -> (Uuid, Uuid, Uuid, Uuid, Uuid) =
    "WITH due AS MATERIALIZED (
       SELECT b.id, p.user_id AS provider FROM bookings b JOIN providers p ON p.id = b.provider_id
       WHERE b.status = 'confirmed' AND b.reminded_at IS NULL
         AND b.start_at > now() AND b.start_at <= now() + interval '24 hours'
       ORDER BY b.start_at LIMIT ? FOR NO KEY UPDATE OF b SKIP LOCKED
     )
     UPDATE bookings b SET reminded_at = now() FROM due
     WHERE b.id = due.id RETURNING b.id, b.request_id, b.offer_id, b.user_id, due.provider"
}

/// Marks up to `most` bookings that begin within a day as ones that their sides have been reminded of, and answers whom the
/// caller is to remind of what: the two sides of each.
///
/// # Errors
/// When the database is away.
pub async fn remind(conn: &mut Conn, most: i64) -> Result<Vec<(About, [UserId; 2])>> {
    let due: Vec<(BookingId, RequestId, OfferId, UserId, UserId)> = Remind { most }.get_results(conn).await?;
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
