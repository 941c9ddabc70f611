//! Answers of success as they are written down for a key, and on their way out.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use proxie_shared::db::idempotency::Reply;
use proxie_shared::model::TaskId;
use serde::Serialize;

/// 201: made, and where it is.
pub fn created(location: String, view: impl Serialize) -> Reply {
    reply(StatusCode::CREATED, location, view)
}

/// 202: taken, and where its task is.
pub fn accepted(task: TaskId, view: impl Serialize) -> Reply {
    taken(format!("/chat/status/{task}"), view)
}

/// 202: taken, and where it is.
pub fn taken(location: String, view: impl Serialize) -> Reply {
    reply(StatusCode::ACCEPTED, location, view)
}

/// 201 for what a `PUT` made, and where it is; 200 for what it replaced.
pub fn put(made: bool, location: String, view: impl Serialize) -> HttpResponse {
    match made {
        true => answer(created(location, view)),
        false => HttpResponse::Ok().json(view),
    }
}

/// 200: it was there.
pub fn there(view: impl Serialize) -> Reply {
    let body = serde_json::to_value(view).unwrap_or_default();
    Reply { status: StatusCode::OK.as_u16(), location: None, body }
}

fn reply(status: StatusCode, location: String, view: impl Serialize) -> Reply {
    // Views are structs of plain fields: they serialise.
    let body = serde_json::to_value(view).unwrap_or_default();
    Reply { status: status.as_u16(), location: Some(location), body }
}

/// On its way out.
pub fn answer(reply: Reply) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK));
    if let Some(location) = reply.location {
        response.insert_header(("Location", location));
    }
    response.json(reply.body)
}
