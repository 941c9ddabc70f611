use proxie_shared::auth::Consumer;
use proxie_shared::model::requests::Request;
use proxie_shared::model::tasks::Task;

use crate::http::{Answer, Call, None};
use crate::views::reply;
use crate::views::requests::{PostBody, RequestView};

/// Post a request
///
/// A task matches it to providers: poll `task_id`.
#[utoipa::path(
    post,
    path = "/requests",
    tag = "requests",
    responses((
        status = 201,
        description = "Posted.",
        body = RequestView,
        headers(("Location" = String, description = "Where the request is."))
    ))
)]
pub async fn post(call: Call<Consumer, None, None, PostBody>) -> Answer {
    let once = call.once(|(request, task): &(Request, Task)| {
        reply::created(format!("/requests/{}", request.id), RequestView::new(request, task))
    });
    let posted =
        call.app.domain.post_request(&call.actor, call.body.clone().into(), &call.trace_id, &once).await?;
    Ok(reply::answer(posted))
}
