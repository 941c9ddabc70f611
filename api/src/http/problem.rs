//! Errors as `application/problem+json` (RFC 9457).

use std::fmt;

use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{HttpResponse, ResponseError};
use proxie_shared::error::{Code, Error, Problem as InputProblem};
use serde::Serialize;
use utoipa::ToSchema;

/// What a handler answers.
pub type Answer<T = HttpResponse> = Result<T, Problem>;

/// An error on its way out; [`super::envelope`] gives it its request id.
#[derive(Debug)]
pub struct Problem {
    /// What went wrong.
    pub error: Error,
    /// The methods that the address takes, for 405.
    allow: Option<String>,
    /// The call's id, where the framework makes the answer.
    request_id: String,
}

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self { error: error.into(), allow: None, request_id: String::new() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// An error, as RFC 9457 has it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body<'a> {
    /// Where the code is explained.
    #[schema(value_type = String)]
    r#type: String,
    /// The same for every error of this code.
    title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence: what is wrong and what to do.
    detail: &'a str,
    code: Code,
    /// Tell it to support: the cause is logged under it.
    request_id: &'a str,
    /// With `invalid`: everything that is wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false, value_type = Vec<InputProblem>)]
    errors: &'a [InputProblem],
}

impl Problem {
    /// The same, about another error.
    pub(super) fn with_error(&self, error: Error) -> Self {
        Self { error, allow: self.allow.clone(), request_id: String::new() }
    }

    /// The address takes other methods.
    pub(super) fn method_not_allowed(allow: String) -> Self {
        Self { allow: Some(allow), ..Code::MethodNotAllowed.into() }
    }

    /// A handler that panicked.
    pub(super) fn panicked(request_id: &str) -> Self {
        Self { request_id: request_id.to_owned(), ..Code::Internal.into() }
    }

    /// The answer, with the id under which the cause is logged.
    pub fn respond(&self, request_id: &str) -> HttpResponse {
        let error = &self.error;
        let body = Body {
            r#type: format!("/api/docs/errors#{}", error.code),
            title: error.code.title(),
            status: error.code.status(),
            detail: &error.detail,
            code: error.code,
            request_id,
            errors: &error.problems,
        };
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status).json(body);
        if status == StatusCode::REQUEST_TIMEOUT {
            // What still comes of the body would be taken for another call (RFC 9110 §15.5.9).
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(after) = error.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        if let Some(allow) = self.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        response
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.respond(&self.request_id)
    }
}

/// Nothing is at that address.
pub async fn not_found() -> Answer {
    Err(Code::NotFound.into())
}
