//! What is kept about a person goes, or becomes nobody's. Rows that others are part of stay, without words and places.
//!
//! Which columns these are is known here only; a test fills every column of text that the schema has and looks for it
//! afterwards.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::owned_sql;
use super::schema::{bookings, offers, tasks};
use super::statement::statement;
use crate::error::Result;
use crate::model::bookings::BookingStatus;
use crate::model::offers::OfferStatus;
use crate::model::tasks::Task;
use crate::model::{BookingId, OfferId, ProviderId, RequestId, SessionId, TaskId, UserId};

/// What of a user's others are part of, locked till the transaction ends.
#[derive(Debug)]
pub struct Held {
    /// What they needed.
    pub requests: Vec<RequestId>,
    /// Their business.
    pub providers: Vec<ProviderId>,
    /// Made to them, and made by them.
    pub offers: Vec<OfferId>,
    /// Bookings in which they are the consumer.
    pub booked: Vec<BookingId>,
    /// Bookings with their business.
    pub done: Vec<BookingId>,
}

/// Locks what others may be moving at the same time, in the order in which everybody locks; the user is locked already.
/// Requests of others are among it for which the user has a live offer or a booking that is to come.
///
/// # Errors
/// When the database is away.
pub async fn hold(conn: &mut Conn, user: UserId) -> Result<Held> {
    let providers: Vec<ProviderId> = Providers { user }.get_results(conn).await?;
    let lock = LockRequests { user, providers: providers.clone() };
    let (requests, _others): (Vec<_>, Vec<_>) =
        lock.get_results::<(RequestId, bool)>(conn).await?.into_iter().partition(|(_, own)| *own);
    let requests: Vec<RequestId> = requests.into_iter().map(|(id, _)| id).collect();
    let offers = LockOffers { requests: requests.clone(), providers: providers.clone() };
    let offers = offers.get_results(conn).await?;
    let lock = LockProviders { user, providers: providers.clone() };
    let _locked: Vec<bool> = lock.get_results(conn).await?;
    let bookings = LockBookings { user, providers: providers.clone() };
    let (booked, done): (Vec<_>, Vec<_>) =
        bookings.get_results::<(BookingId, bool)>(conn).await?.into_iter().partition(|(_, booked)| *booked);
    let ids = |bookings: Vec<(BookingId, bool)>| bookings.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    Ok(Held { requests, providers, offers, booked: ids(booked), done: ids(done) })
}

/// Live offers of theirs, by the request, and bookings of either side that have not begun.
///
/// # Errors
/// When the database is away.
pub async fn open_of(conn: &mut Conn, held: &Held) -> Result<(Vec<(OfferId, RequestId)>, Vec<BookingId>)> {
    let pending = offers::table
        .filter(offers::id.eq_any(&held.offers).and(offers::provider_id.eq_any(&held.providers)))
        .filter(offers::status.eq(OfferStatus::Pending))
        .order(offers::id)
        .select((offers::id, offers::request_id))
        .load(conn)
        .await?;
    let involved: Vec<BookingId> = held.booked.iter().chain(&held.done).copied().collect();
    let to_come = bookings::table
        .filter(bookings::id.eq_any(involved).and(bookings::status.eq(BookingStatus::Confirmed)))
        .filter(bookings::start_at.gt(diesel::dsl::now))
        .order(bookings::id)
        .select(bookings::id)
        .load(conn)
        .await?;
    Ok((pending, to_come))
}

/// Makes all that is kept about a user go or be nobody's, but for the row itself, which the caller has locked with what it
/// [holds](hold), and the account. Answers the tasks that are no more, as they were: whoever has them in hand is to drop
/// them. Objects of media go with the next sweep.
///
/// # Errors
/// When the database is away.
pub async fn erase(conn: &mut Conn, user: UserId, held: Held) -> Result<Vec<Task>> {
    let Held { requests, providers, offers, booked, done } = held;
    run(Enrollments { user }, conn).await?;
    let sessions: Vec<SessionId> = Sessions { user }.get_results(conn).await?;
    let tasks = erase_tasks(conn, user, &sessions, &requests).await?;
    run(Conversations { sessions }, conn).await?;

    run(Requests { requests }, conn).await?;
    let involved = [booked.clone(), done.clone()].concat();
    run(Notes { user, bookings: involved, offers }, conn).await?;
    run(Bookings { booked, done }, conn).await?;
    run(Reviews { user }, conn).await?;
    run(Businesses { providers }, conn).await?;
    run(Notifications { user }, conn).await?;
    run(Keys { user }, conn).await?;
    run(Profile { user }, conn).await?;
    run(Preferences { user }, conn).await?;
    run(Media { user }, conn).await?;
    run(Usage { user }, conn).await?;
    Ok(tasks)
}

/// Runs a statement whose rows say nothing.
async fn run<S>(statement: S, conn: &mut Conn) -> Result<()>
where
    S: diesel::query_builder::Query<SqlType = Bool>
        + diesel::query_builder::QueryFragment<diesel::pg::Pg>
        + diesel::query_builder::QueryId
        + Send,
{
    let _rows: Vec<bool> = statement.get_results(conn).await?;
    Ok(())
}

statement! {
    /// Whether each is their own; the others are those of which they withdraw.
    LockRequests { user: UserId => Uuid, providers: Vec<ProviderId> => Array<Uuid> } -> (Uuid, Bool) =
    concat!("WITH a AS (SELECT ?::uuid AS id, ?::uuid[] AS providers)
     SELECT r.id, ", owned_sql!("erasure.requests", "r.user_id = a.id"), "
     FROM requests r, a WHERE ", owned_sql!("erasure.requests", "r.user_id = a.id"), "
       OR r.id IN (SELECT o.request_id FROM offers o WHERE o.provider_id = ANY (a.providers) AND o.status = 'pending')
       OR r.id IN (SELECT b.request_id FROM bookings b WHERE b.provider_id = ANY (a.providers) AND b.status = 'confirmed')
     ORDER BY r.id FOR NO KEY UPDATE OF r")
}

statement! {
    Providers { user: UserId => Uuid } -> Uuid =
    concat!("SELECT p.id FROM providers p WHERE ", owned_sql!("erasure.providers", "p.user_id = ?"))
}

statement! {
    /// Those made to them, and those that they made.
    LockOffers { requests: Vec<RequestId> => Array<Uuid>, providers: Vec<ProviderId> => Array<Uuid> } -> Uuid =
    "SELECT id FROM offers WHERE request_id = ANY (?) OR provider_id = ANY (?) ORDER BY id FOR NO KEY UPDATE"
}

statement! {
    /// Their own, and those with whom they have bookings to come.
    LockProviders { user: UserId => Uuid, providers: Vec<ProviderId> => Array<Uuid> } -> Bool =
    concat!("WITH a AS (SELECT ?::uuid AS id, ?::uuid[] AS providers)
     SELECT true FROM providers p, a WHERE p.id = ANY (a.providers) OR p.id IN (
       SELECT b.provider_id FROM bookings b
       WHERE b.status = 'confirmed' AND ", owned_sql!("erasure.bookings", "b.user_id = a.id"), ")
     ORDER BY p.id FOR NO KEY UPDATE OF p")
}

statement! {
    /// Those that they booked, and those with them.
    LockBookings { user: UserId => Uuid, providers: Vec<ProviderId> => Array<Uuid> } -> (Uuid, Bool) =
    concat!("WITH a AS (SELECT ?::uuid AS id, ?::uuid[] AS providers)
     SELECT b.id, ", owned_sql!("erasure.bookings", "b.user_id = a.id"), "
     FROM bookings b, a WHERE b.provider_id = ANY (a.providers) OR ", owned_sql!("erasure.bookings", "b.user_id = a.id"), "
     ORDER BY b.id FOR NO KEY UPDATE OF b")
}

statement! {
    Enrollments { user: UserId => Uuid } -> Bool =
    concat!("DELETE FROM enrollments WHERE ", owned_sql!("erasure.enrollments", "user_id = ?"), " RETURNING true")
}

statement! {
    Sessions { user: UserId => Uuid } -> Uuid =
    concat!("SELECT s.id FROM chat_sessions s WHERE ", owned_sql!("erasure.conversations", "s.user_id = ?"))
}

statement! {
    /// In order of id, as everybody locks tasks.
    LockTasks {
        sessions: Vec<SessionId> => Array<Uuid>, requests: Vec<RequestId> => Array<Uuid>, user: UserId => Uuid
    } -> Uuid =
    concat!("SELECT t.id FROM tasks t WHERE t.session_id = ANY (?) OR t.request_id = ANY (?)
       OR t.session_id IS NULL AND t.kind <> 'matching' AND ", owned_sql!("erasure.tasks", "t.user_id = ?"), "
     ORDER BY t.id FOR UPDATE")
}

/// Deletes tasks; answers them as they were. One that was running may have begun others before it could be locked: they go in
/// the next round.
async fn erase_tasks(
    conn: &mut Conn,
    user: UserId,
    sessions: &[SessionId],
    requests: &[RequestId],
) -> Result<Vec<Task>> {
    let mut erased = Vec::new();
    loop {
        let lock = LockTasks { sessions: sessions.to_vec(), requests: requests.to_vec(), user };
        let theirs: Vec<TaskId> = lock.get_results(conn).await?;
        if theirs.is_empty() {
            return Ok(erased);
        }
        let deleted = diesel::delete(tasks::table.filter(tasks::id.eq_any(theirs)));
        erased.extend(deleted.returning(Task::as_select()).get_results::<Task>(conn).await?);
    }
}

statement! {
    /// With all that was said in them and prepared. Their tasks are gone.
    Conversations { sessions: Vec<SessionId> => Array<Uuid> } -> Bool =
    "WITH theirs AS MATERIALIZED (
       SELECT id FROM chat_sessions WHERE id = ANY (?) ORDER BY id FOR UPDATE
     ), d AS (
       DELETE FROM drafts WHERE session_id IN (SELECT id FROM theirs)
     ), m AS (
       DELETE FROM chat_messages WHERE session_id IN (SELECT id FROM theirs)
     )
     DELETE FROM chat_sessions WHERE id IN (SELECT id FROM theirs) RETURNING true"
}

statement! {
    /// What somebody needed, and where, in whose words: also what providers wrote to them by name.
    Requests { requests: Vec<RequestId> => Array<Uuid> } -> Bool =
    "WITH a AS (SELECT ?::uuid[] AS ids), h AS (
       UPDATE request_history SET note = NULL FROM a WHERE request_id = ANY (a.ids) AND note IS NOT NULL
     ), m AS (
       DELETE FROM request_media USING a WHERE request_id = ANY (a.ids)
     ), p AS (
       UPDATE request_matches SET pass_reason = NULL FROM a WHERE request_id = ANY (a.ids) AND pass_reason IS NOT NULL
     ), o AS (
       UPDATE offers SET message = '' FROM a WHERE request_id = ANY (a.ids)
     )
     UPDATE requests SET description = '', specializations = '{}', city = '(erased)', latitude = NULL, longitude = NULL
     FROM a WHERE id = ANY (a.ids) RETURNING true"
}

statement! {
    /// Why they moved what, whichever side they were on.
    Notes { user: UserId => Uuid, bookings: Vec<BookingId> => Array<Uuid>, offers: Vec<OfferId> => Array<Uuid> } -> Bool =
    "WITH a AS (SELECT ?::uuid AS id, ?::uuid[] AS bookings, ?::uuid[] AS offers), b AS (
       UPDATE booking_history SET note = NULL FROM a
       WHERE booking_id = ANY (a.bookings) AND actor_id = a.id AND note IS NOT NULL
     ), r AS (
       UPDATE request_history SET note = NULL FROM a
       WHERE request_id IN (SELECT request_id FROM bookings WHERE id = ANY (a.bookings))
         AND actor_id = a.id AND note IS NOT NULL
     )
     UPDATE offer_history SET note = NULL FROM a
     WHERE offer_id = ANY (a.offers) AND actor_id = a.id AND note IS NOT NULL RETURNING true"
}

statement! {
    /// A booking keeps what was agreed: when, what, for how much. What was said with a proposal goes, whoever said it: it was
    /// said to them, or by them.
    Bookings { booked: Vec<BookingId> => Array<Uuid>, done: Vec<BookingId> => Array<Uuid> } -> Bool =
    "WITH a AS (SELECT ?::uuid[] AS booked, ?::uuid[] AS done), d AS (
       UPDATE bookings SET proposed_note = NULL,
         cancel_reason = CASE WHEN cancelled_by = 'provider' THEN '(erased)' ELSE cancel_reason END
       FROM a WHERE id = ANY (a.done)
     )
     UPDATE bookings SET address = CASE WHEN place = 'consumer' THEN '(erased)' END, instructions = NULL,
       proposed_note = NULL,
       cancel_reason = CASE WHEN cancelled_by = 'consumer' THEN '(erased)' ELSE cancel_reason END
     FROM a WHERE id = ANY (a.booked) RETURNING true"
}

statement! {
    /// A rating stays, as the provider's numbers are made of it; the words go, and those that answered them by name.
    Reviews { user: UserId => Uuid } -> Bool =
    concat!("UPDATE reviews SET author = '', text = '', response = NULL, responded_at = NULL
     WHERE ", owned_sql!("erasure.reviews", "user_id = ?"), " RETURNING true")
}

statement! {
    /// What a business offers and shows goes, the row stays, as bookings and offers to others name it.
    Businesses { providers: Vec<ProviderId> => Array<Uuid> } -> Bool =
    "WITH a AS (SELECT ?::uuid[] AS ids), s AS (
       DELETE FROM provider_services USING a WHERE provider_id = ANY (a.ids)
     ), v AS (
       DELETE FROM availability USING a WHERE provider_id = ANY (a.ids)
     ), i AS (
       DELETE FROM portfolio_items USING a WHERE provider_id = ANY (a.ids)
     ), t AS (
       DELETE FROM provider_templates USING a WHERE provider_id = ANY (a.ids)
     ), e AS (
       DELETE FROM provider_embeddings USING a WHERE provider_id = ANY (a.ids)
     ), h AS (
       UPDATE provider_history SET note = NULL FROM a WHERE provider_id = ANY (a.ids) AND note IS NOT NULL
     ), p AS (
       UPDATE request_matches SET pass_reason = NULL FROM a WHERE provider_id = ANY (a.ids) AND pass_reason IS NOT NULL
     ), r AS (
       UPDATE reviews SET response = NULL, responded_at = NULL FROM a WHERE provider_id = ANY (a.ids)
     ), o AS (
       UPDATE offers SET message = '', price_notes = '',
         snapshot = jsonb_build_object('name', 'Former provider', 'city', '(erased)', 'rating', snapshot->'rating',
           'review_count', snapshot->'review_count', 'completed_jobs', snapshot->'completed_jobs')
       FROM a WHERE provider_id = ANY (a.ids)
     )
     UPDATE providers SET name = 'Former provider', headline = '', bio = '', city = '(erased)', latitude = NULL,
       longitude = NULL, languages = '{}', years_experience = NULL, photo_id = NULL, email = NULL, phone = NULL,
       street = NULL, auto_offer = false, min_price_cents = NULL, external_id = NULL
     FROM a WHERE id = ANY (a.ids) RETURNING true"
}

statement! {
    Notifications { user: UserId => Uuid } -> Bool =
    concat!("DELETE FROM notifications WHERE ", owned_sql!("erasure.notifications", "user_id = ?"), " RETURNING true")
}

statement! {
    Keys { user: UserId => Uuid } -> Bool =
    concat!("DELETE FROM idempotency_keys WHERE ", owned_sql!("erasure.keys", "user_id = ?"), " RETURNING true")
}

statement! {
    Profile { user: UserId => Uuid } -> Bool =
    concat!("DELETE FROM consumer_profiles WHERE ", owned_sql!("erasure.profile", "user_id = ?"), " RETURNING true")
}

statement! {
    Preferences { user: UserId => Uuid } -> Bool =
    concat!("DELETE FROM preferences WHERE ", owned_sql!("erasure.preferences", "user_id = ?"), " RETURNING true")
}

statement! {
    /// What models cost is counted still, and is nobody's.
    Usage { user: UserId => Uuid } -> Bool =
    concat!("UPDATE llm_usage SET user_id = NULL, session_id = NULL, task_id = NULL
     WHERE ", owned_sql!("erasure.usage", "user_id = ?"), " RETURNING true")
}

statement! {
    /// Nothing shows them any more.
    Media { user: UserId => Uuid } -> Bool =
    concat!("DELETE FROM media WHERE ", owned_sql!("erasure.media", "user_id = ?"), " RETURNING true")
}
