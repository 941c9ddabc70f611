use actix_web::HttpResponse;
use proxie_shared::auth::SignedIn;
use proxie_shared::model::providers::Template;

use crate::http::{Answer, Call, None};
use crate::views::inputs::ListQuery;
use crate::views::providers::{
    ProviderPath, TemplatePatchBody, TemplatePath, TemplatePostBody, TemplateView, TemplatesQuery,
    TemplatesView,
};
use crate::views::reply;

/// See one's templates
///
/// How one words offers, in order of their making.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/templates",
    tag = "providers",
    responses((status = 200, body = TemplatesView))
)]
pub async fn templates(call: Call<SignedIn, ProviderPath, TemplatesQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let (id, after) = (call.path.provider_id, call.query.cursor);
    let templates = call.app.domain.templates(&call.actor, id, after, limit + 1).await?;
    Ok(HttpResponse::Ok().json(TemplatesView::new(&templates, limit)))
}

/// Write a template
///
/// Each name once, up to a hundred.
#[utoipa::path(
    post,
    path = "/providers/{provider_id}/templates",
    tag = "providers",
    responses((
        status = 201,
        description = "Written.",
        body = TemplateView,
        headers(("Location" = String, description = "Where the template is."))
    ))
)]
pub async fn add_template(call: Call<SignedIn, ProviderPath, None, TemplatePostBody>) -> Answer {
    let id = call.path.provider_id;
    let once = call.once(move |added: &Template| {
        reply::created(format!("/providers/{id}/templates/{}", added.id), TemplateView::from(added))
    });
    let added = call.app.domain.add_template(&call.actor, id, call.body.clone().into(), &once).await?;
    Ok(reply::answer(added))
}

/// Write a template otherwise
///
/// What is left out stays, null takes away.
#[utoipa::path(
    patch,
    path = "/providers/{provider_id}/templates/{template_id}",
    tag = "providers",
    responses((status = 200, body = TemplateView))
)]
pub async fn change_template(call: Call<SignedIn, TemplatePath, None, TemplatePatchBody>) -> Answer {
    let Call { actor, path, body, app, .. } = call;
    let changed = app.domain.change_template(&actor, path.provider_id, path.template_id, body.into()).await?;
    Ok(HttpResponse::Ok().json(TemplateView::from(&changed)))
}

/// Delete a template
///
/// What was worded with it stays as it is.
#[utoipa::path(
    delete,
    path = "/providers/{provider_id}/templates/{template_id}",
    tag = "providers",
    responses((status = 204, description = "Deleted."))
)]
pub async fn remove_template(call: Call<SignedIn, TemplatePath>) -> Answer {
    call.app.domain.remove_template(&call.actor, call.path.provider_id, call.path.template_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
