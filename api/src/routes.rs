//! The one route table.

use actix_web::web;
use proxie_shared::auth::Rule;
use proxie_shared::error::Code;

use crate::handlers::{
    admin, auth, bookings, catalog, chat, client, consumers, docs, enrollment, leads, licences, media,
    memory, notifications, offers, providers, requests, reviews, slots, streams, system, tasks, usage,
    webhooks,
};
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
    "GET /app/config.json",
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/logout",
    "POST /auth/guest",
    "POST /chat",
    "POST /webhooks/clerk",
    "GET /services/catalog",
    "GET /services/catalog/full",
    "GET /services/catalog/{category_id}",
    "GET /services/services/{service_id}",
    "GET /media/{media_id}/{file}",
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
        operation(client::__path_config, client::config),
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
            Code::NotFound,
            Code::WrongRole,
            Code::AccountRequired,
            Code::DraftChanged,
        ]),
        operation(chat::__path_status, chat::status).fails(&[Code::NotYours]),
        operation(streams::__path_follow, streams::follow).fails(&[Code::NotYours]),
        operation(chat::__path_cancel, chat::cancel).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(chat::__path_retry, chat::retry).creates().fails(&[Code::NotYours, Code::IllegalMove]),
        operation(chat::__path_sessions, chat::sessions),
        operation(chat::__path_claim, chat::claim).fails(&[Code::NotYours]),
        operation(chat::__path_session, chat::session).fails(&[Code::NotYours]),
        operation(chat::__path_delete_session, chat::delete_session).fails(&[Code::NotYours]),
        operation(usage::__path_forget, usage::forget),
        operation(catalog::__path_list, catalog::list),
        operation(catalog::__path_full, catalog::full),
        operation(catalog::__path_category, catalog::category).fails(&[Code::NotFound]),
        operation(catalog::__path_put_category, catalog::put_category),
        operation(catalog::__path_delete_category, catalog::delete_category)
            .fails(&[Code::NotFound, Code::IllegalMove]),
        operation(catalog::__path_service, catalog::service).fails(&[Code::NotFound]),
        operation(catalog::__path_put_service, catalog::put_service),
        operation(catalog::__path_delete_service, catalog::delete_service).fails(&[Code::NotFound]),
        operation(providers::__path_search, providers::search),
        operation(providers::__path_post, providers::post).creates().fails(&[Code::ProviderExists]),
        operation(providers::__path_card, providers::card).fails(&[Code::NotFound]),
        operation(providers::__path_put, providers::put).fails(&[Code::NotYours]),
        operation(providers::__path_patch, providers::patch).fails(&[Code::NotYours]),
        operation(providers::__path_profile, providers::profile).fails(&[Code::NotFound]),
        operation(providers::__path_patch_profile, providers::patch_profile).fails(&[Code::NotYours]),
        operation(providers::__path_services, providers::services).fails(&[Code::NotFound]),
        operation(providers::__path_add_service, providers::add_service)
            .creates()
            .fails(&[Code::NotYours, Code::IllegalMove]),
        operation(providers::__path_change_service, providers::change_service)
            .fails(&[Code::NotYours, Code::NotFound]),
        operation(providers::__path_remove_service, providers::remove_service).fails(&[
            Code::NotYours,
            Code::NotFound,
            Code::IllegalMove,
        ]),
        operation(providers::__path_templates, providers::templates).fails(&[Code::NotYours]),
        operation(providers::__path_add_template, providers::add_template)
            .creates()
            .fails(&[Code::NotYours, Code::IllegalMove]),
        operation(providers::__path_change_template, providers::change_template).fails(&[
            Code::NotYours,
            Code::NotFound,
            Code::IllegalMove,
        ]),
        operation(providers::__path_remove_template, providers::remove_template)
            .fails(&[Code::NotYours, Code::NotFound]),
        operation(providers::__path_portfolio, providers::portfolio).fails(&[Code::NotFound]),
        operation(providers::__path_add_portfolio_item, providers::add_portfolio_item)
            .creates()
            .fails(&[Code::NotYours, Code::IllegalMove]),
        operation(providers::__path_change_portfolio_item, providers::change_portfolio_item)
            .fails(&[Code::NotYours, Code::NotFound]),
        operation(providers::__path_remove_portfolio_item, providers::remove_portfolio_item)
            .fails(&[Code::NotYours, Code::NotFound]),
        operation(providers::__path_availability, providers::availability).fails(&[Code::NotYours]),
        operation(providers::__path_put_availability, providers::put_availability).fails(&[Code::NotYours]),
        operation(providers::__path_settings, providers::settings).fails(&[Code::NotYours]),
        operation(providers::__path_put_settings, providers::put_settings).fails(&[Code::NotYours]),
        operation(providers::__path_put_status, providers::put_status)
            .fails(&[Code::NotYours, Code::IllegalMove]),
        operation(providers::__path_stats, providers::stats).fails(&[Code::NotYours]),
        operation(enrollment::__path_start, enrollment::start).creates().fails(&[Code::ProviderExists]),
        operation(enrollment::__path_mine, enrollment::mine).fails(&[Code::NotYours]),
        operation(enrollment::__path_read, enrollment::read).fails(&[Code::NotYours]),
        operation(enrollment::__path_fill_in, enrollment::fill_in)
            .fails(&[Code::NotYours, Code::IllegalMove]),
        operation(enrollment::__path_delete, enrollment::delete).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(enrollment::__path_submit, enrollment::submit).fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::EnrollmentIncomplete,
            Code::ProviderExists,
        ]),
        operation(enrollment::__path_list, enrollment::list),
        operation(enrollment::__path_approve, enrollment::approve).fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::EnrollmentIncomplete,
            Code::ProviderExists,
        ]),
        operation(enrollment::__path_reject, enrollment::reject).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(admin::__path_provider_status, admin::provider_status)
            .fails(&[Code::NotFound, Code::IllegalMove]),
        operation(licences::__path_verify, licences::verify).fails(&[Code::NotFound, Code::IllegalMove]),
        operation(tasks::__path_list, tasks::list),
        operation(tasks::__path_read, tasks::read).fails(&[Code::NotYours]),
        operation(tasks::__path_retry, tasks::retry).creates().fails(&[Code::NotYours, Code::IllegalMove]),
        operation(tasks::__path_cancel, tasks::cancel).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(requests::__path_post, requests::post).creates().fails(&[
            Code::NotYours,
            Code::TooManyLive,
            Code::DuplicateRequest,
        ]),
        operation(requests::__path_list, requests::list),
        operation(requests::__path_read, requests::read).fails(&[Code::NotYours]),
        operation(requests::__path_matches, requests::matches).fails(&[Code::NotYours]),
        operation(requests::__path_change, requests::change).fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::RequestClosed,
            Code::DuplicateRequest,
        ]),
        operation(requests::__path_rematch, requests::rematch).creates().fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::RequestClosed,
        ]),
        operation(requests::__path_cancel, requests::cancel).fails(&[Code::NotYours, Code::RequestClosed]),
        operation(leads::__path_list, leads::list).fails(&[Code::NoProviderProfile]),
        operation(leads::__path_view, leads::view).fails(&[Code::NoProviderProfile, Code::NotYours]),
        operation(leads::__path_pass, leads::pass).fails(&[
            Code::NoProviderProfile,
            Code::NotYours,
            Code::IllegalMove,
            Code::RequestClosed,
        ]),
        operation(leads::__path_suggest, leads::suggest).creates().fails(&[
            Code::NoProviderProfile,
            Code::NotYours,
            Code::IllegalMove,
            Code::RequestClosed,
        ]),
        operation(consumers::__path_my_profile, consumers::my_profile),
        operation(consumers::__path_put_my_profile, consumers::put_my_profile),
        operation(consumers::__path_move_me, consumers::move_me),
        operation(consumers::__path_my_requests, consumers::my_requests),
        operation(memory::__path_read, memory::read),
        operation(memory::__path_state, memory::state),
        operation(memory::__path_forget, memory::forget),
        operation(consumers::__path_profile, consumers::profile).fails(&[Code::NotYours]),
        operation(consumers::__path_put_profile, consumers::put_profile).fails(&[Code::NotYours]),
        operation(consumers::__path_move_one, consumers::move_one).fails(&[Code::NotYours]),
        operation(consumers::__path_requests, consumers::requests).fails(&[Code::NotYours]),
        operation(notifications::__path_list, notifications::list),
        operation(notifications::__path_read_all, notifications::read_all),
        operation(notifications::__path_read, notifications::read).fails(&[Code::NotYours]),
        operation(slots::__path_slots, slots::slots).fails(&[Code::NotFound]),
        operation(media::__path_post, media::post).creates().fails(&[Code::AccountRequired]),
        operation(media::__path_get, media::get).fails(&[Code::NotYours]),
        operation(media::__path_delete, media::delete).fails(&[Code::NotYours, Code::MediaInUse]),
        operation(media::__path_file, media::file).fails(&[Code::NotYours, Code::NoSuchRange]),
        operation(offers::__path_post, offers::post).creates().fails(&[
            Code::NoProviderProfile,
            Code::NotYours,
            Code::RequestClosed,
            Code::IllegalMove,
        ]),
        operation(offers::__path_list, offers::list).fails(&[Code::NotYours]),
        operation(offers::__path_list_of, offers::list_of).fails(&[Code::NotYours]),
        operation(offers::__path_read, offers::read).fails(&[Code::NotYours]),
        operation(offers::__path_withdraw, offers::withdraw).fails(&[Code::NotYours, Code::OfferNotPending]),
        operation(offers::__path_decline, offers::decline).fails(&[Code::NotYours, Code::OfferNotPending]),
        operation(offers::__path_accept, offers::accept).fails(&[
            Code::NotYours,
            Code::OfferNotPending,
            Code::RequestClosed,
            Code::SlotTaken,
            Code::SlotNotOffered,
            Code::AddressNeeded,
        ]),
        operation(bookings::__path_list, bookings::list),
        operation(bookings::__path_read, bookings::read).fails(&[Code::NotYours]),
        operation(bookings::__path_cancel, bookings::cancel).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(bookings::__path_reschedule, bookings::reschedule).fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::SlotTaken,
        ]),
        operation(bookings::__path_agree, bookings::agree).fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::SlotTaken,
        ]),
        operation(bookings::__path_disagree, bookings::disagree).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(bookings::__path_complete, bookings::complete).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(bookings::__path_no_show, bookings::no_show).fails(&[Code::NotYours, Code::IllegalMove]),
        operation(reviews::__path_post, reviews::post).creates().fails(&[
            Code::NotYours,
            Code::IllegalMove,
            Code::AlreadyReviewed,
        ]),
        operation(reviews::__path_of_provider, reviews::of_provider).fails(&[Code::NotFound]),
        operation(reviews::__path_respond, reviews::respond).fails(&[
            Code::NotFound,
            Code::NotYours,
            Code::IllegalMove,
        ]),
        operation(usage::__path_mine, usage::mine),
        operation(usage::__path_all, usage::all),
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

/// Serves the operations and the web client, and says so where there is nothing.
pub fn configure(operations: &[Operation], app: &mut web::ServiceConfig) {
    // Before what else is below `/api`.
    for page in ["/api/docs", "/api/redoc"] {
        app.service(web::redirect(format!("{page}/"), page).permanent());
    }
    client::configure(app);
    route(operations, app);
    app.default_service(web::to(not_found));
}
