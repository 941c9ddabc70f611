//! The one route table.

use actix_web::web;
use proxie_shared::auth::Rule;
use proxie_shared::error::Code;

use crate::handlers::{admin, auth, chat, docs, requests, system, webhooks};
use crate::http::{Budget, Operation, not_found, operation, route};

/// What needs no token. Whatever is not listed here must say who may call.
const PUBLIC: &[&str] = &[
    "GET /health",
    "GET /ready",
    "GET /metrics",
    "GET /api/docs",
    "GET /api/docs/errors",
    "GET /api/docs/{file}",
    "GET /api/redoc",
    "GET /api/redoc/{file}",
    "GET /api/openapi.json",
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/logout",
    "POST /auth/guest",
    "POST /chat",
    "POST /webhooks/clerk",
];

/// All operations.
pub fn operations() -> Vec<Operation> {
    vec![
        operation(system::__path_health, system::health),
        operation(system::__path_ready, system::ready),
        operation(system::__path_metrics, system::metrics).takes_metrics_token().fails(&[Code::NotFound]),
        operation(docs::__path_swagger, docs::swagger),
        operation(docs::__path_errors, docs::errors),
        operation(docs::__path_swagger_file, docs::swagger_file).fails(&[Code::NotFound]),
        operation(docs::__path_redoc, docs::redoc),
        operation(docs::__path_redoc_file, docs::redoc_file).fails(&[Code::NotFound]),
        operation(docs::__path_openapi, docs::openapi),
        operation(auth::__path_register, auth::register).counts(Budget::SignIns).fails(&[Code::EmailTaken]),
        operation(auth::__path_login, auth::login).counts(Budget::Account),
        operation(auth::__path_refresh, auth::refresh).counts(Budget::SignIns),
        operation(auth::__path_logout, auth::logout).counts(Budget::SignIns),
        operation(auth::__path_guest, auth::guest).counts(Budget::Guests),
        operation(auth::__path_password, auth::password).counts(Budget::Password).fails(&[Code::IllegalMove]),
        operation(auth::__path_me, auth::me),
        operation(auth::__path_close, auth::close),
        operation(auth::__path_export, auth::export),
        operation(webhooks::__path_clerk, webhooks::clerk).counts(Budget::Free).fails(&[Code::NotFound]),
        operation(chat::__path_say, chat::say).creates().counts(Budget::Chat).fails(&[
            Code::NotYours,
            Code::WrongRole,
            Code::AccountRequired,
        ]),
        operation(chat::__path_status, chat::status).fails(&[Code::NotYours]),
        operation(chat::__path_cancel, chat::cancel).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(chat::__path_retry, chat::retry).creates().fails(&[Code::NotYours, Code::IllegalMove]),
        operation(chat::__path_sessions, chat::sessions),
        operation(chat::__path_claim, chat::claim).fails(&[Code::NotYours]),
        operation(chat::__path_session, chat::session).fails(&[Code::NotYours]),
        operation(chat::__path_delete_session, chat::delete_session).fails(&[Code::NotYours]),
        operation(requests::__path_post, requests::post)
            .creates()
            .fails(&[Code::TooManyLive, Code::DuplicateRequest]),
        operation(admin::__path_audit, admin::audit),
        operation(admin::__path_user_status, admin::user_status).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(admin::__path_user_role, admin::user_role).fails(&[Code::NotYours, Code::IllegalMove]),
    ]
}

/// What is wrong with the table: an operation without a rule that is not listed as public, or listed in vain.
pub fn mistakes(operations: &[Operation]) -> Vec<String> {
    let mut mistakes = Vec::new();
    let names: Vec<String> = operations.iter().map(|operation| operation.declared().name()).collect();
    for (at, operation) in operations.iter().enumerate() {
        let name = &names[at];
        let listed = PUBLIC.contains(&name.as_str());
        match operation.declared().rule {
            Rule::Public if !listed => mistakes.push(format!("{name} does not say who may call")),
            rule if rule != Rule::Public && listed => {
                mistakes.push(format!("{name} is for {rule} and listed as public"))
            }
            _ => {}
        }
        if names[..at].contains(name) {
            mistakes.push(format!("{name} is there twice"));
        }
    }
    let unknown = PUBLIC.iter().filter(|public| !names.iter().any(|name| name == *public));
    mistakes.extend(unknown.map(|public| format!("{public} is listed as public and does not exist")));
    mistakes
}

/// Serves the operations, and says so where there is nothing.
pub fn configure(operations: &[Operation], app: &mut web::ServiceConfig) {
    route(operations, app);
    for page in ["/api/docs", "/api/redoc"] {
        app.service(web::redirect(format!("{page}/"), page).permanent());
    }
    app.default_service(web::to(not_found));
}
