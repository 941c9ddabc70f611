//! The one route table.

use actix_web::http::Method;
use actix_web::{Handler, Responder, Route, web};

use crate::handlers::{auth, chat, health, requests};
use crate::http::{method_not_allowed, not_found};

/// All that is served.
pub fn configure(app: &mut web::ServiceConfig) {
    app.service(at("/health", "GET", [get(health::health)]))
        .service(at("/ready", "GET", [get(health::ready)]))
        .service(at("/auth/guest", "POST", [post(auth::guest)]))
        .service(at("/chat", "POST", [post(chat::say)]))
        .service(at("/chat/status/{task_id}", "GET", [get(chat::status)]))
        .service(at("/chat/cancel/{task_id}", "POST", [post(chat::cancel)]))
        .service(at("/chat/retry/{task_id}", "POST", [post(chat::retry)]))
        .service(at("/chat/sessions", "GET", [get(chat::sessions)]))
        .service(at(
            "/chat/sessions/{session_id}",
            "GET, DELETE",
            [get(chat::session), delete(chat::delete_session)],
        ))
        .service(at("/requests", "POST", [post(requests::post)]))
        .default_service(web::to(not_found));
}

/// An address with its methods; any other method is told which there are.
fn at<const N: usize>(path: &str, allow: &'static str, routes: [Route; N]) -> actix_web::Resource {
    let resource = web::resource(path);
    let resource = routes.into_iter().fold(resource, actix_web::Resource::route);
    resource.default_service(web::to(move || async move {
        Err::<actix_web::HttpResponse, _>(method_not_allowed(allow))
    }))
}

fn get<F: Handler<Args>, Args: actix_web::FromRequest + 'static>(handler: F) -> Route
where
    F::Output: Responder + 'static,
{
    web::method(Method::GET).to(handler)
}

fn post<F: Handler<Args>, Args: actix_web::FromRequest + 'static>(handler: F) -> Route
where
    F::Output: Responder + 'static,
{
    web::method(Method::POST).to(handler)
}

fn delete<F: Handler<Args>, Args: actix_web::FromRequest + 'static>(handler: F) -> Route
where
    F::Output: Responder + 'static,
{
    web::method(Method::DELETE).to(handler)
}
