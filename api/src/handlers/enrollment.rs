use actix_web::HttpResponse;
use proxie_shared::auth::{Admin, SignedIn};
use proxie_shared::model::enrollment::Enrollment;

use crate::http::{Answer, Call, None};
use crate::views::enrollment::{
    EnrollmentPath, EnrollmentView, EnrollmentsQuery, EnrollmentsView, FillInBody, RejectBody,
};
use crate::views::inputs::ListQuery;
use crate::views::reply;

/// Begin to enroll as a provider
///
/// Whoever has begun is answered what there is.
#[utoipa::path(
    post,
    path = "/enrollment/start",
    tag = "enrollment",
    responses(
        (status = 200, description = "It was begun before.", body = EnrollmentView),
        (
            status = 201,
            description = "Begun.",
            body = EnrollmentView,
            headers(("Location" = String, description = "Where the enrollment is."))
        )
    )
)]
pub async fn start(call: Call<SignedIn>) -> Answer {
    let catalog = call.app.domain.catalog();
    let once = call.once(move |(enrollment, made): &(Enrollment, bool)| {
        let view = EnrollmentView::new(enrollment, &catalog);
        match made {
            true => reply::created(format!("/enrollment/{}", enrollment.id), view),
            false => reply::there(view),
        }
    });
    Ok(reply::answer(call.app.domain.start_enrollment(&call.actor, &once).await?))
}

/// Read one's own enrollment
///
/// With what is missing.
#[utoipa::path(
    get,
    path = "/enrollment/mine",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentView))
)]
pub async fn mine(call: Call<SignedIn>) -> Answer {
    let enrollment = call.app.domain.own_enrollment(&call.actor).await?;
    view(&call, &enrollment)
}

/// Read an enrollment
///
/// With what is missing.
#[utoipa::path(
    get,
    path = "/enrollment/{enrollment_id}",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentView))
)]
pub async fn read(call: Call<SignedIn, EnrollmentPath>) -> Answer {
    let enrollment = call.app.domain.enrollment(&call.actor, call.path.enrollment_id).await?;
    view(&call, &enrollment)
}

/// Fill in an enrollment
///
/// Each field that is sent is replaced as a whole; null takes it out. What was rejected becomes a draft again.
#[utoipa::path(
    patch,
    path = "/enrollment/{enrollment_id}",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentView))
)]
pub async fn fill_in(call: Call<SignedIn, EnrollmentPath, None, FillInBody>) -> Answer {
    let id = call.path.enrollment_id;
    let enrollment = call.app.domain.fill_in_enrollment(&call.actor, id, call.body.changes()).await?;
    view(&call, &enrollment)
}

/// Delete an enrollment
///
/// As long as it is not handed in.
#[utoipa::path(
    delete,
    path = "/enrollment/{enrollment_id}",
    tag = "enrollment",
    responses((status = 204, description = "Deleted."))
)]
pub async fn delete(call: Call<SignedIn, EnrollmentPath>) -> Answer {
    call.app.domain.delete_enrollment(&call.actor, call.path.enrollment_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Hand in an enrollment
///
/// With a service that needs no licence it becomes a provider at once, and those that need one wait for an admin; with
/// none but licensed services all of it waits.
#[utoipa::path(
    post,
    path = "/enrollment/{enrollment_id}/submit",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentView))
)]
pub async fn submit(call: Call<SignedIn, EnrollmentPath>) -> Answer {
    let id = call.path.enrollment_id;
    let enrollment = call.app.domain.submit_enrollment(&call.actor, id, &call.trace_id).await?;
    // The role has changed.
    if let Some(token) = call.bearer() {
        call.app.auth.forget(token).await;
    }
    view(&call, &enrollment)
}

/// List enrollments
///
/// Everybody's, the oldest first; of one status if it is given.
#[utoipa::path(
    get,
    path = "/enrollment",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentsView))
)]
pub async fn list(call: Call<Admin, None, EnrollmentsQuery>) -> Answer {
    let EnrollmentsQuery { status, limit, cursor } = call.query;
    let limit = limit.unwrap_or(ListQuery::LIMIT);
    let listed = call.app.domain.enrollments(&call.actor, status, cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(EnrollmentsView::new(&listed, limit, &call.app.domain.catalog())))
}

/// Approve an enrollment
///
/// It becomes a provider, whose licences are good.
#[utoipa::path(
    post,
    path = "/enrollment/{enrollment_id}/approve",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentView))
)]
pub async fn approve(call: Call<Admin, EnrollmentPath>) -> Answer {
    let id = call.path.enrollment_id;
    let enrollment = call.app.domain.approve_enrollment(&call.actor, id, &call.trace_id).await?;
    view(&call, &enrollment)
}

/// Send an enrollment back
///
/// With reasons; once its owner has changed it, it can be handed in again.
#[utoipa::path(
    post,
    path = "/enrollment/{enrollment_id}/reject",
    tag = "enrollment",
    responses((status = 200, body = EnrollmentView))
)]
pub async fn reject(call: Call<Admin, EnrollmentPath, None, RejectBody>) -> Answer {
    let (id, reasons) = (call.path.enrollment_id, call.body.reasons());
    let enrollment = call.app.domain.reject_enrollment(&call.actor, id, reasons).await?;
    view(&call, &enrollment)
}

fn view<A, P, Q, B>(call: &Call<A, P, Q, B>, enrollment: &Enrollment) -> Answer {
    Ok(HttpResponse::Ok().json(EnrollmentView::new(enrollment, &call.app.domain.catalog())))
}
