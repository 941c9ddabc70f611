use actix_web::HttpResponse;
use proxie_shared::auth::Admin;
use proxie_shared::model::tasks::Task;

use crate::http::{Answer, Call, None};
use crate::views::inputs::{ListQuery, TaskPath};
use crate::views::reply;
use crate::views::tasks::{AdminTaskView, AdminTasksView, TasksQuery, WholeTaskView};

/// List tasks
///
/// Everybody's, the newest first; of one status if it is given.
#[utoipa::path(get, path = "/admin/tasks", tag = "admin", responses((status = 200, body = AdminTasksView)))]
pub async fn list(call: Call<Admin, None, TasksQuery>) -> Answer {
    let TasksQuery { status, limit, cursor } = call.query;
    let limit = limit.unwrap_or(ListQuery::LIMIT);
    let tasks = call.app.domain.all_tasks(&call.actor, status, cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(AdminTasksView::new(&tasks, limit)))
}

/// Read a task
///
/// Anybody's, with what came of it and the steps that it took.
#[utoipa::path(
    get,
    path = "/admin/tasks/{task_id}",
    tag = "admin",
    responses((status = 200, body = WholeTaskView))
)]
pub async fn read(call: Call<Admin, TaskPath>) -> Answer {
    let (task, steps) = call.app.domain.task_with_steps(&call.actor, call.path.task_id).await?;
    let shown = call.app.domain.shown(&call.actor, task.data().into_iter()).await?;
    Ok(HttpResponse::Ok().json(WholeTaskView::new(&task, &steps, &shown, call.app.gallery.links())))
}

/// Try anybody's failed or cancelled task again
///
/// As a new task with the same input, whose owner it has; asked again, the same one.
#[utoipa::path(
    post,
    path = "/admin/tasks/{task_id}/retry",
    tag = "admin",
    responses((
        status = 202,
        description = "The new task.",
        body = AdminTaskView,
        headers(("Location" = String, description = "Where the task is."))
    ))
)]
pub async fn retry(call: Call<Admin, TaskPath>) -> Answer {
    let once =
        call.once(|task: &Task| reply::taken(format!("/admin/tasks/{}", task.id), AdminTaskView::new(task)));
    let retried = call.app.domain.retry_task(&call.actor, call.path.task_id, &call.trace_id, &once).await?;
    Ok(reply::answer(retried))
}

/// Cancel anybody's task
///
/// One that has ended stays as it is. A matching is cancelled by cancelling its request.
#[utoipa::path(
    post,
    path = "/admin/tasks/{task_id}/cancel",
    tag = "admin",
    responses((status = 200, body = AdminTaskView))
)]
pub async fn cancel(call: Call<Admin, TaskPath>) -> Answer {
    let task = call.app.domain.cancel_task(&call.actor, call.path.task_id).await?;
    Ok(HttpResponse::Ok().json(AdminTaskView::new(&task)))
}
