use proxie_shared::auth::Actor;

use crate::http::{Answer, Call, events};
use crate::views::events::EventView;
use crate::views::inputs::TaskPath;

/// Follow a task
///
/// Server-Sent Events, numbered from 1: `stage` {stage, attempts}, `delta` {text} of the answer, `reset` {from}: deltas from that
/// number on are void, as another attempt or model took over, `tool` {name, state: started or finished}; then the end,
/// `completed`, `failed` or `cancelled`, whose data is the task as `GET /chat/status/{task_id}` tells it, and with which the
/// stream ends. The deltas that are not void are the text of the answer.
///
/// With the id of the last event that arrived as `Last-Event-ID` the stream goes on with the next, for 24 hours; of a task that
/// ended before, the text and the end are told. Lines that begin with a colon only keep the connection alive. Read it
/// with `fetch`, so that the token stays in the header. It ends early when the token or the account does.
#[utoipa::path(
    get,
    path = "/chat/stream/{task_id}",
    tag = "chat",
    params((
        "Last-Event-ID" = Option<u64>,
        Header,
        description = "The last event that arrived.",
        nullable = false,
        minimum = 0,
        maximum = 1_099_511_627_776_i64,
        example = 4
    )),
    responses((
        status = 200,
        description = "What is told of the task, as it comes.",
        body = EventView,
        content_type = "text/event-stream"
    ))
)]
pub async fn follow(call: Call<Actor, TaskPath>) -> Answer {
    let seen = events::last_event_id(&call)?;
    let stream = call.app.domain.follow(&call.actor, call.path.task_id, seen).await?;
    Ok(events::answer(&call, stream))
}
