//! Reviews: what consumers say of bookings that are done, and what providers say to it.

use chrono::{Duration, Utc};
use diesel_async::AsyncConnection;

use super::{Domain, Once, audit, bookings, memory};
use crate::auth::{Actor, SignedIn};
use crate::db;
use crate::db::idempotency::Reply;
use crate::db::notifications::Notice;
use crate::db::reviews::{Aggregate, NewReview};
use crate::error::{Code, Error, Result};
use crate::model::bookings::BookingStatus;
use crate::model::notifications::{About, NotificationKind};
use crate::model::reviews::{REVIEW_DAYS, Review, SHOWN_FROM};
use crate::model::{BookingId, ProviderId, ReviewId};

/// What a consumer says of a booking.
#[derive(Clone, Debug)]
pub struct Said {
    /// Of which.
    pub booking_id: BookingId,
    /// 1 to 5.
    pub rating: i32,
    /// How good the work was, 1 to 5.
    pub quality: Option<i32>,
    /// Whether they came in time, 1 to 5.
    pub punctuality: Option<i32>,
    /// How well one could talk with them, 1 to 5.
    pub communication: Option<i32>,
    /// What it was worth, 1 to 5.
    pub value: Option<i32>,
    /// In their words.
    pub text: String,
}

/// A page of what was said of a provider.
pub struct SaidOf {
    /// Reviews, the newest first: one more than was asked for, if there is a next page.
    pub reviews: Vec<Review>,
    /// What all of them say together; none while they are few.
    pub aggregate: Option<Aggregate>,
}

impl Domain {
    /// Reviews a booking of the caller; the provider's reputation follows at once.
    ///
    /// # Errors
    /// `not_yours`; `already_reviewed`; `illegal_move` when it is not done, or was too long ago.
    pub async fn post_review(
        &self,
        caller: &SignedIn,
        said: &Said,
        once: &Once<'_, Review>,
    ) -> Result<Reply> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if let Some(before) = once.answered(conn).await? {
                return Ok(before);
            }
            db::users::require_active(conn, caller.user_id()).await?;
            let (mut booking, provider_user) =
                db::reviews::booking_of(conn, caller.user_id(), said.booking_id).await?;
            if booking.status != booking.stands_at(Utc::now()) {
                bookings::complete_one(conn, booking.id).await?;
                booking = db::bookings::lock(conn, booking.id).await?;
            }
            if db::reviews::is_reviewed(conn, booking.id).await? {
                return Err(Code::AlreadyReviewed.into());
            }
            if booking.status != BookingStatus::Completed {
                return Err(Error::illegal_move(Code::IllegalMove, booking.status)
                    .detail("A booking can be reviewed once it is completed."));
            }
            if Utc::now() > booking.end_at + Duration::days(REVIEW_DAYS) {
                return Err(Error::illegal_move(Code::IllegalMove, booking.status)
                    .detail("A booking can be reviewed for 30 days after its end; these are over."));
            }
            let author = db::users::get(conn, caller.user_id()).await?;
            let review = NewReview {
                id: ReviewId::new(),
                provider_id: booking.provider_id,
                booking_id: booking.id,
                user_id: caller.user_id(),
                author: author.name.as_deref().map_or("", first_name),
                rating: said.rating,
                quality: said.quality,
                punctuality: said.punctuality,
                communication: said.communication,
                value: said.value,
                text: said.text.trim(),
            };
            let review = db::reviews::insert(conn, &review).await?;
            db::reputation::recompute_in(conn, review.provider_id).await?;
            let about =
                About { booking_id: Some(booking.id), review_id: Some(review.id), ..About::default() };
            let notice = Notice::new(provider_user, NotificationKind::Review, about);
            db::notifications::tell(conn, &[notice]).await?;
            memory::learn_reviewed(conn, caller.user_id(), review.provider_id, review.rating).await?;
            once.answer(conn, &review).await
        })
        .await
    }

    /// What was said of a provider, the newest first.
    ///
    /// # Errors
    /// `not_found` when there is none that the caller may look at.
    pub async fn reviews_of(
        &self,
        caller: &Actor,
        provider: ProviderId,
        before: Option<ReviewId>,
        limit: i64,
    ) -> Result<SaidOf> {
        let mut conn = self.queue.db.conn().await?;
        db::reviews::require_shown(&mut conn, caller.scope(), provider).await?;
        let aggregate = db::reviews::aggregate(&mut conn, provider).await?;
        let reviews = db::reviews::list_of(&mut conn, provider, before, limit + 1).await?;
        Ok(SaidOf { reviews, aggregate: Some(aggregate).filter(|all| all.count >= SHOWN_FROM) })
    }

    /// What a provider says to a review of it, once.
    ///
    /// # Errors
    /// `not_found`; `not_yours`; `illegal_move` when something else was said before.
    pub async fn respond(&self, caller: &SignedIn, id: ReviewId, text: &str) -> Result<Review> {
        let text = text.trim();
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let (review, owner) = db::reviews::lock_for(conn, caller.scope(), id).await?;
            match review.response.as_deref() {
                Some(said) if said == text => return Ok(review),
                Some(_) => {
                    return Err(Error::new(Code::IllegalMove)
                        .detail("This review was answered before; an answer is given once."));
                }
                None => {}
            }
            let review = db::reviews::respond(conn, id, text).await?;
            audit::record_unless_own(conn, caller, "review.respond", id.0, owner).await?;
            if let Some(author) = review.user_id {
                let about = About { booking_id: review.booking_id, review_id: Some(id), ..About::default() };
                let notice = Notice::new(author, NotificationKind::ReviewResponse, about);
                db::notifications::tell(conn, &[notice]).await?;
            }
            Ok(review)
        })
        .await
    }
}

/// The first word of a name.
pub(super) fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}
