use actix_web::HttpResponse;
use proxie_shared::auth::{Actor, SignedIn};
use proxie_shared::domain::Once;
use proxie_shared::domain::providers::Shown;

use crate::http::{Answer, Call, None};
use crate::views::inputs::ListQuery;
use crate::views::providers::{
    ItemPatchBody, ItemPath, ItemPostBody, ItemView, PortfolioQuery, PortfolioView, ProviderPath,
};
use crate::views::reply;

/// See what a provider shows
///
/// Pictures and films of their work, the newest first.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/portfolio",
    tag = "providers",
    responses((status = 200, body = PortfolioView))
)]
pub async fn portfolio(call: Call<Actor, ProviderPath, PortfolioQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let (id, after) = (call.path.provider_id, call.query.cursor);
    let shown = call.app.domain.portfolio(&call.actor, id, after, limit + 1).await?;
    Ok(HttpResponse::Ok().json(PortfolioView::new(&shown, limit, call.app.gallery.links())))
}

/// Show a picture or film
///
/// One that the owner has uploaded; each once, up to a hundred. Whoever sees the provider sees it.
#[utoipa::path(
    post,
    path = "/providers/{provider_id}/portfolio",
    tag = "providers",
    responses((
        status = 201,
        description = "Shown.",
        body = ItemView,
        headers(("Location" = String, description = "Where it is."))
    ))
)]
pub async fn add_portfolio_item(call: Call<SignedIn, ProviderPath, None, ItemPostBody>) -> Answer {
    let id = call.path.provider_id;
    let links = call.app.gallery.links();
    let once = Once::new(call.key.as_ref(), |shown: &Shown| {
        reply::created(format!("/providers/{id}/portfolio/{}", shown.0.id), ItemView::new(shown, links))
    });
    let (media, show) = (call.body.media_id, call.body.clone().into());
    Ok(reply::answer(call.app.domain.add_portfolio_item(&call.actor, id, media, show, &once).await?))
}

/// Say something else of what is shown
///
/// What is left out stays, null takes away.
#[utoipa::path(
    patch,
    path = "/providers/{provider_id}/portfolio/{item_id}",
    tag = "providers",
    responses((status = 200, body = ItemView))
)]
pub async fn change_portfolio_item(call: Call<SignedIn, ItemPath, None, ItemPatchBody>) -> Answer {
    let Call { actor, path, body, app, .. } = call;
    let shown = app.domain.change_portfolio_item(&actor, path.provider_id, path.item_id, body.into()).await?;
    Ok(HttpResponse::Ok().json(ItemView::new(&shown, app.gallery.links())))
}

/// Show something no longer
///
/// It stays in the owner's media, until a day has passed that it hangs on nothing.
#[utoipa::path(
    delete,
    path = "/providers/{provider_id}/portfolio/{item_id}",
    tag = "providers",
    responses((status = 204, description = "Not shown any more."))
)]
pub async fn remove_portfolio_item(call: Call<SignedIn, ItemPath>) -> Answer {
    call.app.domain.remove_portfolio_item(&call.actor, call.path.provider_id, call.path.item_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
