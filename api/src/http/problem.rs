//! Errors as `application/problem+json` (RFC 9457).

use std::fmt;

use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{HttpResponse, ResponseError};
use proxie_shared::error::{Code, Error, More, Problem as InputProblem};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of problems.
pub(super) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What a handler answers.
pub type Answer<T = HttpResponse> = Result<T, Problem>;

/// An error on its way out; [`super::envelope`] gives it its request id.
#[derive(Debug)]
pub struct Problem {
    /// What went wrong.
    pub error: Error,
    /// What a header has to say of it; boxed, as few have one and all have room for it.
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self { error: error.into(), header: None }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// An error, as RFC 9457 has it.
#[derive(Serialize, ToSchema)]
// `Problem` is the name of what one of its `errors` is.
#[schema(as = ProblemDetails)]
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
    #[serde(flatten)]
    more: More,
}

impl Problem {
    /// The same, about another error.
    pub(super) fn with_error(&self, error: Error) -> Self {
        Self { error, header: self.header.clone() }
    }

    /// The same, with a header of its answer.
    #[must_use]
    pub fn with(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some(Box::new((name, value))), ..self }
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
            more: error.more.as_deref().cloned().unwrap_or_default(),
        };
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status).json(body);
        if status == StatusCode::REQUEST_TIMEOUT {
            // What still comes of the body would be taken for another call (RFC 9110 §15.5.9).
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(after) = error.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        if let Some((name, value)) = self.header.as_deref().cloned() {
            headers.insert(name, value);
        }
        response
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.respond("")
    }
}

/// Nothing is at that address.
pub async fn not_found() -> Answer {
    Err(Code::NotFound.into())
}
