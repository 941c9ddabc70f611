//! Calls of pages from other origins.

use actix_cors::{Cors, CorsError};
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use proxie_shared::error::{Error, Problem};

/// How long a browser may remember what is allowed, in seconds.
const MAX_AGE: usize = 3_600;

/// Lets pages of these origins call, with their cookies, and read what the headers say.
pub fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
        .allowed_headers(["idempotency-key", "last-event-id", "traceparent", "x-request-id"])
        .expose_headers(["location", "retry-after", "x-request-id"])
        .expose_headers(["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"])
        .supports_credentials()
        .max_age(MAX_AGE);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// What a browser that asks first is told of a page that may not.
pub(super) fn refusal(error: &CorsError) -> Error {
    let header = match error {
        CorsError::MissingRequestMethod | CorsError::BadRequestMethod | CorsError::MethodNotAllowed => {
            "Access-Control-Request-Method"
        }
        CorsError::BadRequestHeaders | CorsError::HeadersNotAllowed => "Access-Control-Request-Headers",
        _ => "Origin",
    };
    Error::invalid(vec![Problem::new(format!("/header/{header}"), format!("{error}."))])
}
