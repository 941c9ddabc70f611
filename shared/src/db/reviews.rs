//! Queries on reviews.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Integer, Nullable, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::{own, owned, owned_sql};
use super::schema::{bookings, providers, reviews};
use super::statement::statement;
use super::users::account_is_open;
use crate::auth::Scope;
use crate::error::{Code, Error, Result};
use crate::model::bookings::Booking;
use crate::model::reviews::Review;
use crate::model::{BookingId, ProviderId, ReviewId, UserId};

/// A review to be inserted.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = reviews)]
pub struct NewReview<'a> {
    /// Its id.
    pub id: ReviewId,
    /// Of whom.
    pub provider_id: ProviderId,
    /// Of which booking.
    pub booking_id: BookingId,
    /// By whom.
    pub user_id: UserId,
    /// Their first name; empty if they did not say one.
    pub author: &'a str,
    /// 1 to 5.
    pub rating: i32,
    /// 1 to 5.
    pub quality: Option<i32>,
    /// 1 to 5.
    pub punctuality: Option<i32>,
    /// 1 to 5.
    pub communication: Option<i32>,
    /// 1 to 5.
    pub value: Option<i32>,
    /// In their words.
    pub text: &'a str,
}

/// A booking of a consumer, and the user whose the provider is. The booking is not locked: one that is done stays so.
///
/// # Errors
/// `not_yours`.
pub async fn booking_of(conn: &mut Conn, consumer: UserId, id: BookingId) -> Result<(Booking, UserId)> {
    Ok(bookings::table
        .inner_join(providers::table.on(providers::id.eq(bookings::provider_id)))
        .filter(bookings::id.eq(id))
        .filter(own!("reviews.booking_of", bookings::user_id, consumer))
        .select((Booking::as_select(), providers::user_id))
        .get_result(conn)
        .await?)
}

/// Whether a booking was reviewed.
///
/// # Errors
/// When the database is away.
pub async fn is_reviewed(conn: &mut Conn, booking: BookingId) -> Result<bool> {
    let its = reviews::table.filter(reviews::booking_id.eq(booking));
    Ok(diesel::select(diesel::dsl::exists(its)).get_result(conn).await?)
}

/// Those of these bookings that have a review.
///
/// # Errors
/// When the database is away.
pub async fn reviewed_of(conn: &mut Conn, bookings: &[BookingId]) -> Result<Vec<BookingId>> {
    let ids: Vec<Option<BookingId>> = reviews::table
        .filter(reviews::booking_id.eq_any(bookings))
        .select(reviews::booking_id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().flatten().collect())
}

/// Inserts a review. The provider's reputation is to follow in the same transaction.
///
/// # Errors
/// `already_reviewed`.
pub async fn insert(conn: &mut Conn, review: &NewReview<'_>) -> Result<Review> {
    Ok(diesel::insert_into(reviews::table)
        .values(review)
        .returning(Review::as_select())
        .get_result(conn)
        .await?)
}

/// What was said of a provider, the newest first, from before a review on.
///
/// # Errors
/// When the database is away.
pub async fn list_of(
    conn: &mut Conn,
    provider: ProviderId,
    before: Option<ReviewId>,
    limit: i64,
) -> Result<Vec<Review>> {
    let mut said = reviews::table.filter(reviews::provider_id.eq(provider)).into_boxed();
    if let Some(before) = before {
        said = said.filter(reviews::id.lt(before));
    }
    Ok(said.order(reviews::id.desc()).limit(limit).select(Review::as_select()).load(conn).await?)
}

/// What all reviews of a provider say together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Queryable)]
pub struct Aggregate {
    /// How many there are.
    pub count: i32,
    /// Mean rating.
    pub average: Option<f64>,
    /// Mean of those who said.
    pub quality: Option<f64>,
    /// Mean of those who said.
    pub punctuality: Option<f64>,
    /// Mean of those who said.
    pub communication: Option<f64>,
    /// Mean of those who said.
    pub value: Option<f64>,
    /// How many gave 1.
    pub ones: i32,
    /// How many gave 2.
    pub twos: i32,
    /// How many gave 3.
    pub threes: i32,
    /// How many gave 4.
    pub fours: i32,
    /// How many gave 5.
    pub fives: i32,
}

statement! {
    /// Over all reviews of one provider.
    Sum { provider: ProviderId => Uuid } -> (
        Integer, Nullable<Double>, Nullable<Double>, Nullable<Double>, Nullable<Double>, Nullable<Double>,
        Integer, Integer, Integer, Integer, Integer
    ) =
    "SELECT count(*)::int, avg(rating)::float8, avg(quality)::float8, avg(punctuality)::float8,
       avg(communication)::float8, avg(value)::float8,
       (count(*) FILTER (WHERE rating = 1))::int, (count(*) FILTER (WHERE rating = 2))::int,
       (count(*) FILTER (WHERE rating = 3))::int, (count(*) FILTER (WHERE rating = 4))::int,
       (count(*) FILTER (WHERE rating = 5))::int
     FROM reviews WHERE provider_id = ?"
}

/// What all reviews of a provider say together.
///
/// # Errors
/// When the database is away.
pub async fn aggregate(conn: &mut Conn, provider: ProviderId) -> Result<Aggregate> {
    Ok(Sum { provider }.get_result(conn).await?)
}

/// A review of what is the scope's, locked till the transaction ends, and the user whose the provider is.
///
/// # Errors
/// `not_found` when there is none; `not_yours` when it is of another.
pub async fn lock_for(conn: &mut Conn, scope: Scope, id: ReviewId) -> Result<(Review, UserId)> {
    let found = reviews::table
        .inner_join(providers::table.on(providers::id.eq(reviews::provider_id)))
        .filter(reviews::id.eq(id))
        .filter(owned!("reviews.lock_for", providers::user_id, scope))
        .select(providers::user_id)
        .get_result(conn)
        .await
        .optional()?;
    match found {
        // The provider is not locked with it: whoever closes an account locks that first.
        Some(user) => {
            let review = reviews::table.find(id).select(Review::as_select()).for_no_key_update();
            Ok((review.get_result(conn).await?, user))
        }
        None if exists(conn, id).await? => Err(Error::not_yours()),
        None => Err(Code::NotFound.into()),
    }
}

async fn exists(conn: &mut Conn, id: ReviewId) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(reviews::table.find(id))).get_result(conn).await?)
}

/// Writes down what a provider says to a review.
///
/// # Errors
/// When the database is away.
pub async fn respond(conn: &mut Conn, id: ReviewId, text: &str) -> Result<Review> {
    Ok(diesel::update(reviews::table.find(id))
        .set((reviews::response.eq(text), reviews::responded_at.eq(diesel::dsl::now)))
        .returning(Review::as_select())
        .get_result(conn)
        .await?)
}

statement! {
    /// Whether somebody may look at a provider: neither it nor its account is suspended and something of it can be booked,
    /// or it is theirs.
    IsShown { provider: ProviderId => Uuid, all: bool => Bool, user: UserId => Uuid } -> Bool =
    concat!("SELECT true FROM providers p WHERE p.id = ? AND (?::bool OR ", owned_sql!("reviews.is_shown", "p.user_id = ?"), "
       OR p.status <> 'suspended' AND ", account_is_open!(), " AND EXISTS (
         SELECT FROM provider_services s
         WHERE s.provider_id = p.id AND is_bookable(s.licence, s.licence_expires_on)))")
}

/// That somebody may look at what is said of a provider.
///
/// # Errors
/// `not_found` when there is none, or none for them.
pub async fn require_shown(conn: &mut Conn, scope: Scope, provider: ProviderId) -> Result<()> {
    let shown = IsShown { provider, all: scope.all, user: scope.user_id };
    let shown: Option<bool> = shown.get_result(conn).await.optional()?;
    shown.map(drop).ok_or_else(|| Code::NotFound.into())
}
