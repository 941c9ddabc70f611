use actix_web::HttpResponse;
use proxie_shared::auth::Consumer;

use crate::http::{Answer, Call, None};
use crate::views::requests::{PostBody, RequestView};

/// `POST /requests`: posts a request; its matching is a task.
pub async fn post(call: Call<Consumer, None, None, PostBody>) -> Answer {
    let (request, task) = call.app.domain.post_request(&call.actor, call.body.into(), &call.trace_id).await?;
    Ok(HttpResponse::Created()
        .insert_header(("Location", format!("/requests/{}", request.id)))
        .json(RequestView::new(&request, &task)))
}
