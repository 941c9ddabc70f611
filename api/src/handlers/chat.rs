use std::time::Duration;

use actix_web::HttpResponse;
use proxie_shared::auth::{Actor, Anyone, Consumer};
use proxie_shared::domain::chat::{Say, Taken};
use proxie_shared::error::{Error, Problem};
use proxie_shared::model::tasks::Task;
use proxie_shared::telemetry;

use super::auth::guest_of;
use crate::http::{Answer, Call, None};
use crate::views::chat::{ChatBody, ChatView, ClaimBody, ClaimView, SessionsView, TranscriptView};
use crate::views::inputs::{ListQuery, SessionPath, TaskPath, TranscriptQuery, WaitQuery};
use crate::views::reply;
use crate::views::tasks::TaskView;

/// Say something to the agent
///
/// The answer is a task: poll it at `GET /chat/status/{task_id}`. With `action` a button of the open draft is pressed: what it
/// holds happens only so, or by a plain yes right after it was shown. Without a token the caller becomes a guest, and `guest_token`
/// proves it from then on; a guest whose token is older than a day gets a fresh one.
#[utoipa::path(
    post,
    path = "/chat",
    tag = "chat",
    responses((
        status = 202,
        description = "The message is taken.",
        body = ChatView,
        headers(("Location" = String, description = "Where the task is."))
    ))
)]
pub async fn say(call: Call<Anyone, None, None, ChatBody>) -> Answer {
    let once = call.once(|taken: &Taken| reply::accepted(taken.task_id, ChatView::of(taken)));
    let say = Say {
        message: call.body.message.clone().unwrap_or_default(),
        session_id: call.body.session_id,
        role: call.body.role,
        client_message_id: call.body.client_message_id.clone(),
        action: call.body.pressed(),
        context: call.body.context(),
        media: call.body.media(),
        trace_id: call.trace_id.clone(),
    };
    let app = &call.app;
    let (actor, guest_token) = match call.actor.0 {
        Some(actor) => (actor, app.auth.renewed_guest_token(&actor)?),
        Option::None => {
            app.domain.may_begin(&say).await?;
            let (guest, token) = app.domain.make_guest(app.auth.tokens(), call.address).await?;
            telemetry::caller(guest.id);
            (app.auth.guest(&guest)?, Some(token))
        }
    };
    let mut said = app.domain.say(&actor, say, &once).await?;
    tracing::info!(task_id = said.body["task_id"].as_str(), kind = "chat", "accepted");
    if let Some(token) = guest_token {
        said.body["guest_token"] = token.into();
    }
    Ok(reply::answer(said))
}

/// See how a task stands
///
/// With `wait` the answer comes as soon as the task has ended, or when the time is up.
#[utoipa::path(get, path = "/chat/status/{task_id}", tag = "chat", responses((status = 200, body = TaskView)))]
pub async fn status(call: Call<Actor, TaskPath, WaitQuery>) -> Answer {
    let domain = &call.app.domain;
    let id = call.path.task_id;
    let task = match call.query.wait {
        Some(seconds) if seconds > 0 => {
            domain.task_when_ended(&call.actor, id, Duration::from_secs(seconds)).await?
        }
        _ => Box::pin(domain.task(&call.actor, id)).await?,
    };
    Box::pin(view(&call, &task)).await
}

/// Cancel a task
///
/// One that has ended stays as it is. A matching is cancelled by cancelling its request.
#[utoipa::path(post, path = "/chat/cancel/{task_id}", tag = "chat", responses((status = 200, body = TaskView)))]
pub async fn cancel(call: Call<Actor, TaskPath>) -> Answer {
    let task = call.app.domain.cancel_task(&call.actor, call.path.task_id).await?;
    view(&call, &task).await
}

/// Try a failed or cancelled task again
///
/// As a new task with the same input.
#[utoipa::path(
    post,
    path = "/chat/retry/{task_id}",
    tag = "chat",
    responses((
        status = 202,
        description = "The new task.",
        body = ChatView,
        headers(("Location" = String, description = "Where the task is."))
    ))
)]
pub async fn retry(call: Call<Actor, TaskPath>) -> Answer {
    let once = call.once(|task: &Task| reply::accepted(task.id, ChatView::of_task(task)));
    let retried = call.app.domain.retry_task(&call.actor, call.path.task_id, &call.trace_id, &once).await?;
    Ok(reply::answer(retried))
}

/// List one's conversations
///
/// The newest first.
#[utoipa::path(get, path = "/chat/sessions", tag = "chat", responses((status = 200, body = SessionsView)))]
pub async fn sessions(call: Call<Actor, None, ListQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let sessions = call.app.domain.sessions(&call.actor, call.query.cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(SessionsView::new(&sessions, limit)))
}

/// Take over a guest's conversations
///
/// All that the guest said and began becomes the caller's, once: the guest is no more.
#[utoipa::path(post, path = "/chat/sessions/claim", tag = "chat", responses((status = 200, body = ClaimView)))]
pub async fn claim(call: Call<Consumer, None, None, ClaimBody>) -> Answer {
    let Some(guest) = guest_of(&call.app, Some(&call.body.guest_token)).await? else {
        let problem = Problem::new("/body/guest_token", "This is required.");
        return Err(Error::invalid(vec![problem]).into());
    };
    let sessions = call.app.domain.claim(&call.actor, guest).await?;
    Ok(HttpResponse::Ok().json(ClaimView { sessions }))
}

/// Read a conversation
///
/// With a page of its messages: the newest, or those before or after a cursor.
#[utoipa::path(
    get,
    path = "/chat/sessions/{session_id}",
    tag = "chat",
    responses((status = 200, body = TranscriptView))
)]
pub async fn session(call: Call<Actor, SessionPath, TranscriptQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let page = call.query.page();
    let transcript = call.app.domain.transcript(&call.actor, call.path.session_id, page, limit + 1).await?;
    Ok(HttpResponse::Ok().json(TranscriptView::new(&transcript, page, limit, call.app.gallery.links())))
}

/// Delete a conversation
///
/// With all that was said; what runs in it is dropped.
#[utoipa::path(
    delete,
    path = "/chat/sessions/{session_id}",
    tag = "chat",
    responses((status = 204, description = "Deleted."))
)]
pub async fn delete_session(call: Call<Actor, SessionPath>) -> Answer {
    call.app.domain.delete_session(&call.actor, call.path.session_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn view<P, Q>(call: &Call<Actor, P, Q>, task: &Task) -> Answer {
    let position = call.app.domain.queue_position(task).await?;
    let shown = call.app.domain.shown(&call.actor, task.data().into_iter()).await?;
    Ok(HttpResponse::Ok().json(TaskView::new(task, position, &shown, call.app.gallery.links())))
}
