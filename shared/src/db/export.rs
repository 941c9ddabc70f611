//! What is kept about a person, for themselves: in as many queries for much as for little.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::Conn;
use super::audit::AuditEntry;
use super::owned::own;
use super::schema::{
    audit_log, bookings, consumer_profiles, media, notifications, offers, portfolio_items, provider_services,
    provider_templates, providers, refresh_families, request_matches, reviews, tasks,
};
use super::statement::statement;
use crate::error::Result;
use crate::model::bookings::Booking;
use crate::model::consumers::ConsumerProfile;
use crate::model::media::Media;
use crate::model::notifications::Notification;
use crate::model::offers::Offer;
use crate::model::providers::{PortfolioItem, Provider, ProviderService, Template};
use crate::model::reviews::Review;
use crate::model::tasks::Task;
use crate::model::{BookingId, EnrollmentId, OfferId, ProviderId, RequestId, SessionId, UserId};

/// A sign-in that has not ended.
#[derive(Clone, Copy, Debug, Queryable, Selectable)]
#[diesel(table_name = refresh_families, check_for_backend(diesel::pg::Pg))]
pub struct SignedInSince {
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// The sign-ins of a user that have not ended, in order.
///
/// # Errors
/// When the database is away.
pub async fn sign_ins(conn: &mut Conn, user: UserId) -> Result<Vec<SignedInSince>> {
    Ok(refresh_families::table
        .filter(own!("export.sign_ins", refresh_families::user_id, user))
        .filter(refresh_families::ended_at.is_null())
        .order(refresh_families::id)
        .select(SignedInSince::as_select())
        .load(conn)
        .await?)
}

/// What a consumer says beside the name.
///
/// # Errors
/// When the database is away.
pub async fn profile(conn: &mut Conn, user: UserId) -> Result<Option<ConsumerProfile>> {
    Ok(consumer_profiles::table
        .filter(own!("export.profile", consumer_profiles::user_id, user))
        .select(ConsumerProfile::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// The tasks of a user, in order: of these conversations, about these requests of theirs, and those for their business.
///
/// # Errors
/// When the database is away.
pub async fn tasks_of(
    conn: &mut Conn,
    user: UserId,
    sessions: &[SessionId],
    requests: &[RequestId],
) -> Result<Vec<Task>> {
    // By indexes: no other than these is anybody's. That of a business's knows the kind by its word only.
    let of_business = tasks::session_id.is_null().and(sql::<Bool>("tasks.kind <> 'matching'"));
    let found = tasks::session_id.eq_any(sessions).or(tasks::request_id.eq_any(requests)).or(of_business);
    Ok(tasks::table
        .filter(own!("export.tasks", tasks::user_id, user))
        .filter(found)
        .order(tasks::id)
        .select(Task::as_select())
        .load(conn)
        .await?)
}

/// The business of a user: one at most.
///
/// # Errors
/// When the database is away.
pub async fn providers_of(conn: &mut Conn, user: UserId) -> Result<Vec<Provider>> {
    Ok(providers::table
        .filter(own!("export.providers", providers::user_id, user))
        .select(Provider::as_select())
        .load(conn)
        .await?)
}

/// A request that was routed to a provider.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = request_matches, check_for_backend(diesel::pg::Pg))]
pub struct RoutedRow {
    /// What.
    pub request_id: RequestId,
    /// To whom.
    pub provider_id: ProviderId,
    /// 0 to 1.
    pub score: f64,
    /// How it came about.
    pub factors: Value,
    /// With which routing.
    pub round: i32,
    /// When.
    pub routed_at: DateTime<Utc>,
    /// When the provider looked at it.
    pub viewed_at: Option<DateTime<Utc>>,
    /// When the provider offered or passed, for the first time.
    pub answered_at: Option<DateTime<Utc>>,
    /// When the provider passed.
    pub passed_at: Option<DateTime<Utc>>,
    /// Why; nobody's business but the provider's.
    pub pass_reason: Option<String>,
}

/// To whom requests were routed, and what was routed to providers.
///
/// # Errors
/// When the database is away.
pub async fn routed(
    conn: &mut Conn,
    requests: &[RequestId],
    providers: &[ProviderId],
) -> Result<Vec<RoutedRow>> {
    let either =
        request_matches::request_id.eq_any(requests).or(request_matches::provider_id.eq_any(providers));
    Ok(request_matches::table
        .filter(either)
        .order((request_matches::request_id, request_matches::provider_id))
        .select(RoutedRow::as_select())
        .load(conn)
        .await?)
}

/// The offers for requests and those of providers, in order.
///
/// # Errors
/// When the database is away.
pub async fn offers_of(
    conn: &mut Conn,
    requests: &[RequestId],
    providers: &[ProviderId],
) -> Result<Vec<Offer>> {
    Ok(offers::table
        .filter(offers::request_id.eq_any(requests).or(offers::provider_id.eq_any(providers)))
        .order(offers::id)
        .select(Offer::as_select())
        .load(conn)
        .await?)
}

/// The bookings for requests and those with providers, in order.
///
/// # Errors
/// When the database is away.
pub async fn bookings_of(
    conn: &mut Conn,
    requests: &[RequestId],
    providers: &[ProviderId],
) -> Result<Vec<Booking>> {
    Ok(bookings::table
        .filter(bookings::request_id.eq_any(requests).or(bookings::provider_id.eq_any(providers)))
        .order(bookings::id)
        .select(Booking::as_select())
        .load(conn)
        .await?)
}

/// The reviews of bookings and those of providers, in order.
///
/// # Errors
/// When the database is away.
pub async fn reviews_of(
    conn: &mut Conn,
    bookings: &[BookingId],
    providers: &[ProviderId],
) -> Result<Vec<Review>> {
    let of_bookings = reviews::booking_id.eq_any(bookings);
    Ok(reviews::table
        .filter(of_bookings.or(reviews::provider_id.eq_any(providers)))
        .order(reviews::id)
        .select(Review::as_select())
        .load(conn)
        .await?)
}

/// What businesses offer, by slugs.
///
/// # Errors
/// When the database is away.
pub async fn services_of(conn: &mut Conn, providers: &[ProviderId]) -> Result<Vec<ProviderService>> {
    Ok(provider_services::table
        .filter(provider_services::provider_id.eq_any(providers))
        .order(provider_services::service_id)
        .select(ProviderService::as_select())
        .load(conn)
        .await?)
}

/// What businesses show, in order.
///
/// # Errors
/// When the database is away.
pub async fn portfolio_of(conn: &mut Conn, providers: &[ProviderId]) -> Result<Vec<PortfolioItem>> {
    Ok(portfolio_items::table
        .filter(portfolio_items::provider_id.eq_any(providers))
        .order(portfolio_items::id)
        .select(PortfolioItem::as_select())
        .load(conn)
        .await?)
}

/// How businesses word offers, in order.
///
/// # Errors
/// When the database is away.
pub async fn templates_of(conn: &mut Conn, providers: &[ProviderId]) -> Result<Vec<Template>> {
    Ok(provider_templates::table
        .filter(provider_templates::provider_id.eq_any(providers))
        .order(provider_templates::id)
        .select(Template::as_select())
        .load(conn)
        .await?)
}

/// What a user has uploaded, in order.
///
/// # Errors
/// When the database is away.
pub async fn media_of(conn: &mut Conn, user: UserId) -> Result<Vec<Media>> {
    Ok(media::table
        .filter(own!("export.media", media::user_id, user))
        .order(media::id)
        .select(Media::as_select())
        .load(conn)
        .await?)
}

/// What a user was told, in order.
///
/// # Errors
/// When the database is away.
pub async fn notifications_of(conn: &mut Conn, user: UserId) -> Result<Vec<Notification>> {
    Ok(notifications::table
        .filter(own!("export.notifications", notifications::user_id, user))
        .order(notifications::id)
        .select(Notification::as_select())
        .load(conn)
        .await?)
}

/// What admins did with what is a user's, in order.
///
/// # Errors
/// When the database is away.
pub async fn audited(conn: &mut Conn, user: UserId) -> Result<Vec<AuditEntry>> {
    Ok(audit_log::table
        .filter(own!("export.audited", audit_log::owner_id, user))
        .order(audit_log::id)
        .select(AuditEntry::as_select())
        .load(conn)
        .await?)
}

/// Of which things the moves are wanted.
#[derive(Clone, Debug, Default)]
pub struct Moving {
    /// Requests.
    pub requests: Vec<RequestId>,
    /// Offers.
    pub offers: Vec<OfferId>,
    /// Bookings.
    pub bookings: Vec<BookingId>,
    /// Enrollments.
    pub enrollments: Vec<EnrollmentId>,
    /// Businesses.
    pub providers: Vec<ProviderId>,
}

/// A move of something from one state to another.
#[derive(Clone, Debug, Queryable)]
pub struct MoveRow {
    /// Of what.
    pub of: Uuid,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Whether it was the reader's; null where time or a task did it.
    pub own: Option<bool>,
    /// Why: the reader's words, and what both sides of an offer are shown.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

statement! {
    /// What another wrote down for themselves, or an admin for the house, is not the reader's: those notes stay out. Why an
    /// offer ended is shown to both sides.
    Moves {
        reader: UserId => SqlUuid,
        requests: Vec<RequestId> => Array<SqlUuid>,
        offers: Vec<OfferId> => Array<SqlUuid>,
        bookings: Vec<BookingId> => Array<SqlUuid>,
        enrollments: Vec<EnrollmentId> => Array<SqlUuid>,
        providers: Vec<ProviderId> => Array<SqlUuid>,
    } -> (SqlUuid, Text, Text, Nullable<Bool>, Nullable<Text>, Timestamptz) =
    r#"WITH a AS (
       SELECT ?::uuid AS reader, ?::uuid[] AS requests, ?::uuid[] AS offers, ?::uuid[] AS bookings,
         ?::uuid[] AS enrollments, ?::uuid[] AS providers
     ), h AS (
       SELECT h.request_id AS id, h."from"::text, h."to"::text, h.actor_id, h.note, h.at, false AS shown
       FROM a JOIN request_history h ON h.request_id = ANY (a.requests)
       UNION ALL SELECT h.offer_id, h."from"::text, h."to"::text, h.actor_id, h.note, h.at, true
       FROM a JOIN offer_history h ON h.offer_id = ANY (a.offers)
       UNION ALL SELECT h.booking_id, h."from"::text, h."to"::text, h.actor_id, h.note, h.at, false
       FROM a JOIN booking_history h ON h.booking_id = ANY (a.bookings)
       UNION ALL SELECT h.enrollment_id, h."from"::text, h."to"::text, h.actor_id, h.note, h.at, false
       FROM a JOIN enrollment_history h ON h.enrollment_id = ANY (a.enrollments)
       UNION ALL SELECT h.provider_id, h."from"::text, h."to"::text, h.actor_id, h.note, h.at, false
       FROM a JOIN provider_history h ON h.provider_id = ANY (a.providers)
     )
     SELECT h.id, h."from", h."to", h.actor_id = a.reader,
       CASE WHEN h.shown OR h.actor_id = a.reader OR h.actor_id IS NULL THEN h.note END, h.at
     FROM h, a ORDER BY h.at, h.id"#
}

/// How things moved, in order, for a reader whose they are or who is one of their sides.
///
/// # Errors
/// When the database is away.
pub async fn moves_of(conn: &mut Conn, reader: UserId, moving: Moving) -> Result<Vec<MoveRow>> {
    let Moving { requests, offers, bookings, enrollments, providers } = moving;
    Ok(Moves { reader, requests, offers, bookings, enrollments, providers }.get_results(conn).await?)
}
