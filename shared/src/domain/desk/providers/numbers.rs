//! How a provider fares, and what is said of them.

use serde_json::{Value, json};

use super::provider;
use crate::agent::tools::RespondToReview;
use crate::agent::{Acted, Refusal};
use crate::db;
use crate::domain::desk::{Work, told};
use crate::domain::{drafts, leads};
use crate::error::{Code, Error, Problem, Result};
use crate::model::drafts::{Fields, ReviewResponse};
use crate::model::reviews::Review;

/// How many reviews are told.
const LATEST: i64 = 5;
/// How far back a review is looked for that has no answer.
const UNANSWERED_WITHIN: i64 = 100;
/// The longest answer to a review, in characters.
const ANSWER_MAX: usize = 5_000;

/// Drafts the answer to a review: that is named, that was drafted, else the latest without one.
pub(in crate::domain::desk) async fn respond(work: Work<'_>, said: RespondToReview) -> Result<Acted> {
    let user = provider(work)?.user_id();
    let mut conn = work.unit.conn().await?;
    let profile = leads::require_profile(&mut conn, user).await?;
    let open = match drafts::open_fields(&mut conn, work.chat).await? {
        Some(Fields::ReviewResponse(open)) => Some(open),
        _ => None,
    };
    let review = match said.review_id.or(open.as_ref().map(|open| open.review_id)) {
        Some(id) => Some(db::reviews::lock_for(&mut conn, work.chat.actor.scope(), id).await?.0),
        None => {
            let latest = db::reviews::list_of(&mut conn, profile, None, UNANSWERED_WITHIN).await?;
            latest.into_iter().find(|review| review.response.is_none())
        }
    };
    let Some(review) = review else {
        return Ok(Refusal::new("none", "Every review has an answer, or there is none.").into());
    };
    if review.response.is_some() {
        let detail = "This review was answered before; an answer is given once.";
        return Err(Error::new(Code::IllegalMove).detail(detail));
    }
    let text = said.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > ANSWER_MAX) {
        let problem = Problem::new("/text", format!("An answer has at most {ANSWER_MAX} characters."));
        return Ok(Refusal::from(Error::invalid(vec![problem])).into());
    }
    let before = open.filter(|open| open.review_id == review.id).and_then(|open| open.text);
    let fields = Fields::ReviewResponse(ReviewResponse { review_id: review.id, text: text.or(before) });
    let mut acted = drafts::drafted(&mut conn, work.chat, &fields).await?;
    if let Value::Object(result) = &mut acted.result {
        result.insert("review".to_owned(), of(&review));
    }
    Ok(acted)
}

/// How the person's business fares.
pub(in crate::domain::desk) async fn performance(work: Work<'_>) -> Result<Acted> {
    let user = provider(work)?.user_id();
    let mut conn = work.unit.conn().await?;
    let profile = leads::require_profile(&mut conn, user).await?;
    let won = db::providers::price_won(&mut conn, profile).await?;
    drop(conn);
    let stats = work.domain.provider_stats(&work.chat.actor, profile).await?;
    let said = work.domain.reviews_of(&work.chat.actor, profile, None, LATEST).await?;
    let (business, counts) = (&stats.provider, &stats.counts);
    // What waits for its consumer is neither won nor lost.
    let decided = counts.offers - counts.offers_pending;
    let win_rate = (decided > 0).then(|| (counts.wins as f64 / decided as f64 * 100.0).round() / 100.0);
    let money = |(currency, cents): &(String, i64)| told::money(*cents, currency);
    Ok(Acted::told(json!({"performance": {
        "rating": business.rating,
        "reviews": business.review_count,
        "leads": counts.leads,
        "leads_viewed": counts.leads_viewed,
        "leads_passed": counts.leads_passed,
        "offers": counts.offers,
        "offers_pending": counts.offers_pending,
        "won": counts.wins,
        "win_rate": win_rate,
        "average_price_won": won.first().map(money),
        "response_rate": business.response_rate,
        "response_minutes": business.response_minutes,
        "upcoming": counts.upcoming,
        "completed": counts.completed,
        "cancelled": counts.cancelled,
        "no_shows": counts.no_shows,
        "revenue": stats.revenue.iter().map(money).collect::<Vec<_>>(),
        "latest_reviews": said.reviews.iter().take(LATEST as usize).map(in_short).collect::<Vec<_>>(),
    }})))
}

/// A review as one of several.
fn in_short(review: &Review) -> Value {
    let mut told = of(review);
    told["text"] = told::excerpt(&review.text);
    told
}

/// A review as the model is told of it.
fn of(review: &Review) -> Value {
    json!({
        "id": review.id,
        "rating": review.rating,
        "author": told::quoted(&review.author),
        "text": told::quoted(&review.text),
        "answered": review.response.is_some(),
        "written_on": review.created_at.date_naive(),
    })
}
