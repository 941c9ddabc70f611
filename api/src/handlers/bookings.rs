use actix_web::HttpResponse;
use proxie_shared::auth::SignedIn;

use crate::http::{Answer, Call, None};
use crate::views::bookings::{
    AgreeBody, BookingPath, BookingView, BookingsQuery, BookingsView, CancelBookingBody, RescheduleBody,
};

/// List one's bookings
///
/// Of both sides: the latest first or, of those that are upcoming, the next first.
#[utoipa::path(get, path = "/bookings", tag = "bookings", responses((status = 200, body = BookingsView)))]
pub async fn list(call: Call<SignedIn, None, BookingsQuery>) -> Answer {
    let (wanted, limit) = call.query.wanted();
    let bookings = call.app.domain.bookings(&call.actor, &wanted).await?;
    Ok(HttpResponse::Ok().json(BookingsView::new(&bookings, limit)))
}

/// Read a booking
///
/// As either side, with how to reach the other.
#[utoipa::path(
    get,
    path = "/bookings/{booking_id}",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn read(call: Call<SignedIn, BookingPath>) -> Answer {
    let booking = call.app.domain.booking(&call.actor, call.path.booking_id).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}

/// Cancel a booking
///
/// As either side, until its start; within a day of it, that is late. If the provider cancels, or the consumer with
/// `rebook`, somebody else is looked for; else the request is cancelled too. The same again changes nothing.
#[utoipa::path(
    put,
    path = "/bookings/{booking_id}/cancel",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn cancel(call: Call<SignedIn, BookingPath, None, CancelBookingBody>) -> Answer {
    let (id, cancellation) = (call.path.booking_id, call.body.into());
    let booking = call.app.domain.cancel_booking(&call.actor, id, &cancellation, &call.trace_id).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}

/// Propose another slot
///
/// As either side, until the start. The other side has a day to agree; until then the present slot holds. Another
/// proposal of one's own takes the place of the first; one of the other side's is answered first.
#[utoipa::path(
    put,
    path = "/bookings/{booking_id}/reschedule",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn reschedule(call: Call<SignedIn, BookingPath, None, RescheduleBody>) -> Answer {
    let (id, reschedule) = (call.path.booking_id, call.body.into());
    let booking = call.app.domain.reschedule_booking(&call.actor, id, &reschedule).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}

/// Agree to another slot
///
/// As the other side. A body that names the slot agrees to no other.
#[utoipa::path(
    put,
    path = "/bookings/{booking_id}/reschedule/accept",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn agree(call: Call<SignedIn, BookingPath, None, AgreeBody>) -> Answer {
    let (id, only) = (call.path.booking_id, call.body.into());
    let booking = call.app.domain.accept_reschedule(&call.actor, id, only).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}

/// Do not agree to another slot
///
/// As the other side: the present one holds.
#[utoipa::path(
    put,
    path = "/bookings/{booking_id}/reschedule/decline",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn disagree(call: Call<SignedIn, BookingPath>) -> Answer {
    let booking = call.app.domain.decline_reschedule(&call.actor, call.path.booking_id).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}

/// Say that the work is done
///
/// As the provider, after the start. Nobody needs to: 48 hours after its end a booking completes by itself.
#[utoipa::path(
    put,
    path = "/bookings/{booking_id}/complete",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn complete(call: Call<SignedIn, BookingPath>) -> Answer {
    let booking = call.app.domain.complete_booking(&call.actor, call.path.booking_id).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}

/// Say that the consumer was not there
///
/// As the provider, after the start.
#[utoipa::path(
    put,
    path = "/bookings/{booking_id}/no_show",
    tag = "bookings",
    responses((status = 200, body = BookingView))
)]
pub async fn no_show(call: Call<SignedIn, BookingPath>) -> Answer {
    let booking = call.app.domain.report_no_show(&call.actor, call.path.booking_id).await?;
    Ok(HttpResponse::Ok().json(BookingView::from(&booking)))
}
