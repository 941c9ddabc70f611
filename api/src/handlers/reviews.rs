use actix_web::HttpResponse;
use proxie_shared::auth::{Actor, SignedIn};
use proxie_shared::model::reviews::Review;

use crate::http::{Answer, Call, None};
use crate::views::inputs::ListQuery;
use crate::views::reply;
use crate::views::reviews::{
    ProviderReviewsPath, ProviderReviewsView, ResponseBody, ReviewBody, ReviewPath, ReviewView, ReviewsQuery,
};

/// Review a booking
///
/// Of one's own that is completed, once, within 30 days of its end.
#[utoipa::path(
    post,
    path = "/reviews",
    tag = "reviews",
    responses((
        status = 201,
        description = "Posted.",
        body = ReviewView,
        headers(("Location" = String, description = "Where the provider's reviews are."))
    ))
)]
pub async fn post(call: Call<SignedIn, None, None, ReviewBody>) -> Answer {
    let once = call.once(|review: &Review| {
        reply::created(format!("/reviews/provider/{}", review.provider_id), ReviewView::from(review))
    });
    let posted = call.app.domain.post_review(&call.actor, &call.body.clone().into(), &once).await?;
    Ok(reply::answer(posted))
}

/// Reviews of a provider
///
/// The newest first. What they say together is null below three.
#[utoipa::path(
    get,
    path = "/reviews/provider/{provider_id}",
    tag = "reviews",
    responses((status = 200, description = "A page.", body = ProviderReviewsView))
)]
pub async fn of_provider(call: Call<Actor, ProviderReviewsPath, ReviewsQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let provider = call.path.provider_id;
    let said = call.app.domain.reviews_of(&call.actor, provider, call.query.cursor, limit).await?;
    Ok(HttpResponse::Ok().json(ProviderReviewsView::new(&said, limit)))
}

/// Answer a review
///
/// By the provider who was reviewed, once; the same words again change nothing.
#[utoipa::path(
    put,
    path = "/reviews/{review_id}/response",
    tag = "reviews",
    responses((status = 200, description = "The review with its answer.", body = ReviewView))
)]
pub async fn respond(call: Call<SignedIn, ReviewPath, None, ResponseBody>) -> Answer {
    let review = call.app.domain.respond(&call.actor, call.path.review_id, &call.body.text).await?;
    Ok(HttpResponse::Ok().json(ReviewView::from(&review)))
}
