use actix_web::HttpResponse;
use proxie_shared::auth::Actor;

use crate::http::{Answer, Call, None};
use crate::views::providers::{SearchQuery, SearchView};

/// Search providers
///
/// Who takes work and has something that can be booked. Whatever is said narrows the search down; distances are from
/// about where the provider is. The price is the least of what is asked for.
#[utoipa::path(get, path = "/providers", tag = "providers", responses((status = 200, body = SearchView)))]
pub async fn search(call: Call<Actor, None, SearchQuery>) -> Answer {
    let found = call.app.domain.search_providers(&call.actor, &call.query.wish()).await?;
    Ok(HttpResponse::Ok().json(SearchView::new(&found, call.query.limit())))
}
