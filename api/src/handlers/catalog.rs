use actix_web::HttpResponse;
use proxie_shared::auth::{Admin, Anyone};

use crate::http::{Answer, Call, None, tagged};
use crate::views::catalog::{
    CatalogQuery, CatalogView, CategoryBody, CategoryPath, CategorySlug, CategoryView, FullCatalogView,
    ServiceBody, ServicePath, ServiceSlug, ServiceView,
};
use crate::views::reply;

/// List what can be asked for
///
/// Categories with their services, in short.
#[utoipa::path(
    get,
    path = "/services/catalog",
    tag = "catalog",
    responses(
        (status = 200, body = CatalogView),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn list(call: Call<Anyone, None, CatalogQuery>) -> Answer {
    let catalog = call.app.domain.catalog();
    let (page, next) = call.query.page(&catalog);
    Ok(tagged(&call.request, &CatalogView::new(page, next))?)
}

/// List what can be asked for, with all that is known of it
///
/// Categories with their services: licences, places, photos, typical prices and durations, specializations.
#[utoipa::path(
    get,
    path = "/services/catalog/full",
    tag = "catalog",
    responses(
        (status = 200, body = FullCatalogView),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn full(call: Call<Anyone, None, CatalogQuery>) -> Answer {
    let catalog = call.app.domain.catalog();
    let (page, next) = call.query.page(&catalog);
    Ok(tagged(&call.request, &FullCatalogView::new(page, next))?)
}

/// Read a category
///
/// With its services.
#[utoipa::path(
    get,
    path = "/services/catalog/{category_id}",
    tag = "catalog",
    responses(
        (status = 200, body = CategoryView),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn category(call: Call<Anyone, CategoryPath>) -> Answer {
    let category = call.app.domain.category(&call.path.category_id)?;
    Ok(tagged(&call.request, &CategoryView::new(&category))?)
}

/// Make a category, or change one
///
/// It is wholly replaced, but for its services. One that was retired is back.
#[utoipa::path(
    put,
    path = "/services/catalog/{category_id}",
    tag = "catalog",
    responses(
        (status = 200, description = "Replaced.", body = CategoryView),
        (
            status = 201,
            description = "Made.",
            body = CategoryView,
            headers(("Location" = String, description = "Where the category is."))
        )
    )
)]
pub async fn put_category(call: Call<Admin, CategorySlug, None, CategoryBody>) -> Answer {
    let category = call.body.category(&call.path.category_id);
    let (category, made) = call.app.domain.put_category(&call.actor, category).await?;
    let location = format!("/services/catalog/{}", category.id);
    Ok(reply::put(made, location, CategoryView::new(&category)))
}

/// Retire a category
///
/// It is not shown any more; what hangs on it stays. Its services must be retired first.
#[utoipa::path(
    delete,
    path = "/services/catalog/{category_id}",
    tag = "catalog",
    responses((status = 204, description = "Retired."))
)]
pub async fn delete_category(call: Call<Admin, CategoryPath>) -> Answer {
    call.app.domain.retire_category(&call.actor, &call.path.category_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read a service
///
/// With all that is known of it.
#[utoipa::path(
    get,
    path = "/services/services/{service_id}",
    tag = "catalog",
    responses(
        (status = 200, body = ServiceView),
        (status = 304, description = "As it was, by `If-None-Match`.")
    )
)]
pub async fn service(call: Call<Anyone, ServicePath>) -> Answer {
    let (category_id, service) = call.app.domain.service(&call.path.service_id)?;
    Ok(tagged(&call.request, &ServiceView::new(&category_id, &service))?)
}

/// Make a service, or change one
///
/// It is wholly replaced. Where it needs a licence from now on, those who offer it wait until theirs is verified. One that
/// was retired is back.
#[utoipa::path(
    put,
    path = "/services/services/{service_id}",
    tag = "catalog",
    responses(
        (status = 200, description = "Replaced.", body = ServiceView),
        (
            status = 201,
            description = "Made.",
            body = ServiceView,
            headers(("Location" = String, description = "Where the service is."))
        )
    )
)]
pub async fn put_service(call: Call<Admin, ServiceSlug, None, ServiceBody>) -> Answer {
    let (category_id, service) = (&call.body.category_id, call.body.service(&call.path.service_id));
    let made = call.app.domain.put_service(&call.actor, category_id, &service).await?;
    let location = format!("/services/services/{}", service.id);
    Ok(reply::put(made, location, ServiceView::new(category_id, &service)))
}

/// Retire a service
///
/// Nobody can ask for it or offer it any more; what hangs on it stays.
#[utoipa::path(
    delete,
    path = "/services/services/{service_id}",
    tag = "catalog",
    responses((status = 204, description = "Retired."))
)]
pub async fn delete_service(call: Call<Admin, ServicePath>) -> Answer {
    call.app.domain.retire_service(&call.actor, &call.path.service_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
