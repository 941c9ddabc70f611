use actix_web::HttpResponse;
use proxie_shared::auth::{Provider, SignedIn};
use proxie_shared::domain::offers::OfferDetails;

use crate::http::{Answer, Call, None};
use crate::views::bookings::BookingView;
use crate::views::offers::{
    AcceptBody, DeclineBody, OfferBody, OfferPath, OfferView, OffersOfPath, OffersOfQuery, OffersQuery,
    OffersView,
};
use crate::views::reply;

/// Make an offer
///
/// For a lead that was not passed. One live offer a provider and request; each slot must be free in the calendar.
#[utoipa::path(
    post,
    path = "/offers",
    tag = "offers",
    responses((
        status = 201,
        description = "Made.",
        body = OfferView,
        headers(("Location" = String, description = "Where the offer is."))
    ))
)]
pub async fn post(call: Call<Provider, None, None, OfferBody>) -> Answer {
    let once = call.once(|made: &OfferDetails| {
        reply::created(format!("/offers/{}", made.offer.id), OfferView::from(made))
    });
    let made = call.app.domain.post_offer(&call.actor, call.body.clone().into(), &once).await?;
    Ok(reply::answer(made))
}

/// List one's offers
///
/// Those that one made as a provider and those that one received as a consumer, the newest first.
#[utoipa::path(get, path = "/offers", tag = "offers", responses((status = 200, body = OffersView)))]
pub async fn list(call: Call<SignedIn, None, OffersQuery>) -> Answer {
    let (wanted, limit) = call.query.wanted();
    let offers = call.app.domain.offers(&call.actor, &wanted).await?;
    Ok(HttpResponse::Ok().json(OffersView::new(&offers, limit)))
}

/// List the offers for a request
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/requests/{request_id}/offers",
    tag = "offers",
    responses((status = 200, body = OffersView))
)]
pub async fn list_of(call: Call<SignedIn, OffersOfPath, OffersOfQuery>) -> Answer {
    let (wanted, limit) = call.query.wanted();
    let offers = call.app.domain.offers_for(&call.actor, call.path.request_id, &wanted).await?;
    Ok(HttpResponse::Ok().json(OffersView::new(&offers, limit)))
}

/// Read an offer
///
/// As either side. Its slots say whether they are still free.
#[utoipa::path(get, path = "/offers/{offer_id}", tag = "offers", responses((status = 200, body = OfferView)))]
pub async fn read(call: Call<SignedIn, OfferPath>) -> Answer {
    let offer = call.app.domain.offer(&call.actor, call.path.offer_id).await?;
    Ok(HttpResponse::Ok().json(OfferView::from(&offer)))
}

/// Take an offer back
///
/// As who made it. The same again changes nothing.
#[utoipa::path(
    put,
    path = "/offers/{offer_id}/withdraw",
    tag = "offers",
    responses((status = 200, body = OfferView))
)]
pub async fn withdraw(call: Call<SignedIn, OfferPath>) -> Answer {
    let offer = call.app.domain.withdraw_offer(&call.actor, call.path.offer_id).await?;
    Ok(HttpResponse::Ok().json(OfferView::from(&offer)))
}

/// Decline an offer
///
/// As who asked for it. The same again changes nothing.
#[utoipa::path(
    put,
    path = "/offers/{offer_id}/decline",
    tag = "offers",
    responses((status = 200, body = OfferView))
)]
pub async fn decline(call: Call<SignedIn, OfferPath, None, DeclineBody>) -> Answer {
    let id = call.path.offer_id;
    let offer = call.app.domain.decline_offer(&call.actor, id, call.body.reason()).await?;
    Ok(HttpResponse::Ok().json(OfferView::from(&offer)))
}

/// Accept an offer
///
/// It becomes a booking, and the request's other offers are declined. Of any number of rivals for an offer, a request or
/// a slot one wins. Who comes too late for a slot is told free ones, which the offer takes for 15 minutes. The same
/// again, for the same slot, answers the same booking.
#[utoipa::path(
    put,
    path = "/offers/{offer_id}/accept",
    tag = "offers",
    responses((status = 200, description = "Booked.", body = BookingView))
)]
pub async fn accept(call: Call<SignedIn, OfferPath, None, AcceptBody>) -> Answer {
    let (id, acceptance) = (call.path.offer_id, call.body.into());
    let booking = call.app.domain.accept_offer(&call.actor, id, &acceptance).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}
