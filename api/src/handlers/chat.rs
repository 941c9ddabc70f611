use std::time::Duration;

use actix_web::HttpResponse;
use proxie_shared::auth::Actor;
use proxie_shared::domain::Domain;
use proxie_shared::domain::chat::Say;
use proxie_shared::model::tasks::Task;

use crate::http::{Answer, Anyone, Call, None};
use crate::views::chat::{ChatBody, ChatView, SessionsView, TranscriptView};
use crate::views::inputs::{ListQuery, SessionPath, TaskPath, TranscriptQuery, WaitQuery};
use crate::views::tasks::TaskView;

/// `POST /chat`: takes a message; makes a guest of somebody without a token.
pub async fn say(call: Call<Anyone, None, None, ChatBody>) -> Answer {
    let Call { actor, body, app, trace_id, .. } = call;
    let say = Say {
        message: body.message.unwrap_or_default(),
        session_id: body.session_id,
        role: body.role,
        client_message_id: body.client_message_id,
        trace_id,
    };
    let (actor, guest_token) = match actor.0 {
        Some(actor) => (actor, app.auth.renewed_guest_token(&actor)?),
        Option::None => {
            Domain::may_begin(&say)?;
            let (guest, token) = app.domain.make_guest(app.auth.tokens()).await?;
            (app.auth.guest(&guest), Some(token))
        }
    };
    let submitted = app.domain.say(&actor, say).await?;
    Ok(accepted(&submitted.task, guest_token))
}

/// `GET /chat/status/{task_id}`: how a task stands; with `wait`, as soon as it has ended.
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

/// `POST /chat/cancel/{task_id}`: cancels; one that has ended stays as it is.
pub async fn cancel(call: Call<Actor, TaskPath>) -> Answer {
    let task = call.app.domain.cancel_task(&call.actor, call.path.task_id).await?;
    view(&call, &task).await
}

/// `POST /chat/retry/{task_id}`: a new task with the same input.
pub async fn retry(call: Call<Actor, TaskPath>) -> Answer {
    let task = call.app.domain.retry_task(&call.actor, call.path.task_id, &call.trace_id).await?;
    Ok(accepted(&task, Option::None))
}

/// `GET /chat/sessions`: the caller's conversations, the newest first.
pub async fn sessions(call: Call<Actor, None, ListQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let sessions = call.app.domain.sessions(&call.actor, call.query.cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(SessionsView::new(&sessions, limit)))
}

/// `GET /chat/sessions/{session_id}`: a conversation with a page of what was said.
pub async fn session(call: Call<Actor, SessionPath, TranscriptQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let page = call.query.page();
    let transcript = call.app.domain.transcript(&call.actor, call.path.session_id, page, limit + 1).await?;
    Ok(HttpResponse::Ok().json(TranscriptView::new(transcript, page, limit)))
}

/// `DELETE /chat/sessions/{session_id}`: deletes a conversation with all that was said.
pub async fn delete_session(call: Call<Actor, SessionPath>) -> Answer {
    call.app.domain.delete_session(&call.actor, call.path.session_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn accepted(task: &Task, guest_token: Option<String>) -> HttpResponse {
    tracing::info!(task_id = %task.id, trace_id = task.trace_id, kind = %task.kind, "accepted");
    HttpResponse::Accepted()
        .insert_header(("Location", format!("/chat/status/{}", task.id)))
        .json(ChatView::new(task, guest_token))
}

async fn view<P, Q>(call: &Call<Actor, P, Q>, task: &Task) -> Answer {
    let position = call.app.domain.queue_position(task).await?;
    Ok(HttpResponse::Ok().json(TaskView::new(task, position)))
}
