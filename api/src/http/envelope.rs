//! Around every call: its id, its trace, its errors, its line in the log.

use std::time::Instant;

use actix_cors::CorsError;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Encoding,
    HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage, ResponseError, web};
use proxie_shared::error::{Code, Error};
use proxie_shared::limits::Verdict;
use proxie_shared::telemetry::{Ids, metrics, trace};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::operation::Route;
use super::problem::PROBLEM_JSON;
use super::{Problem, cors};
use crate::app::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
/// The longest id of a caller that is taken over.
const REQUEST_ID_MAX: usize = 128;

/// What joins the lines about one call.
#[derive(Clone)]
pub struct Trace {
    /// The caller's own id, or ours.
    pub request_id: String,
    /// The trace that the call is part of.
    pub trace_id: String,
}

/// Gives a call its id and trace, and turns every error into a problem.
///
/// Not `async` itself, and what it waits for is boxed: what is handed from future to future by value has room in each of
/// them, and thousands of long polls wait in here.
pub fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> impl Future<Output = Result<ServiceResponse<impl MessageBody>, ActixError>> {
    let (trace, span) = begin(&request);
    let ids = Ids::of_call(&trace.request_id, &trace.trace_id);
    ids.around(Box::pin(answer(request, next, trace, span.clone()).instrument(span)))
}

async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    trace: Trace,
    span: Span,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let started = Instant::now();
    request.extensions_mut().insert(trace.clone());
    // The request itself must not be held on to: the router wants it for its own.
    let method = request.method().clone();
    take_plain(&mut request);

    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(problem) = problem_of(&response) {
        log(&problem, &span);
        let said = said_to_browsers(response.headers());
        response = response.into_response(problem.respond(&trace.request_id)).map_into_boxed_body();
        for (name, value) in said {
            response.headers_mut().append(name, value);
        }
    }
    let verdict = response.request().extensions().get::<Verdict>().cloned();
    let production = response.request().app_data::<web::Data<App>>().is_some_and(|app| app.production);
    add_headers(response.headers_mut(), &trace, verdict.as_ref());
    if production {
        // A year, as browsers' preload lists ask.
        let always = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, always);
    }
    let route = response.request().extensions().get::<Route>().map(|route| route.0);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    metrics::http_answered(route, method.as_str(), status, took);
    trace::http_answered(&span, route, method.as_str(), status);
    tracing::debug!(%method, route, status, latency_us = took.as_micros() as u64, "answered");
    Ok(response)
}

/// What every answer says: its id, what is left to the caller, and what a browser must not do with it.
fn add_headers(headers: &mut HeaderMap, trace: &Trace, verdict: Option<&Verdict>) {
    if let Ok(id) = HeaderValue::from_str(&trace.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(verdict) = verdict {
        headers.insert(LIMIT, verdict.limit.into());
        headers.insert(REMAINING, verdict.remaining.into());
        headers.insert(RESET, verdict.reset.into());
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let nothing = "default-src 'none'; frame-ancestors 'none'";
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(nothing));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// A call's ids, and the span that has them.
fn begin(request: &ServiceRequest) -> (Trace, Span) {
    let header =
        |name: HeaderName| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let sane = |id: &&str| {
        (1..=REQUEST_ID_MAX).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    let joined = trace::Trace::of(header(TRACEPARENT));
    let request_id =
        header(REQUEST_ID).filter(sane).map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned);
    let span = tracing::info_span!("request", otel.kind = "server", request_id, user_id = Empty);
    joined.take(&span);
    (Trace { request_id, trace_id: joined.id }, span)
}

/// Whoever takes none of the codings that there are gets the plain answer: better than none (RFC 9110 §12.1).
fn take_plain(request: &mut ServiceRequest) {
    let codings = [Encoding::gzip(), Encoding::identity()];
    let takes_none = request
        .get_header::<AcceptEncoding>()
        .is_some_and(|accepted| accepted.negotiate(codings.iter()).is_none());
    if takes_none {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
}

/// What pages of other origins may know of an answer, also if another takes its place.
fn said_to_browsers(headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let is_said = |name: &HeaderName| name == VARY || name.as_str().starts_with("access-control-");
    let said = headers.iter().filter(|(name, _)| is_said(name));
    said.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The problem that an answer is, if it is one that does not say so itself.
fn problem_of<B>(response: &ServiceResponse<B>) -> Option<Problem> {
    if let Some(error) = response.response().error() {
        return Some(problem(error));
    }
    let status = response.status();
    let says_so = response.headers().get(CONTENT_TYPE) == Some(&PROBLEM_JSON);
    (status.is_client_error() && !says_so).then(|| code(status).into())
}

/// Ours as it is; the framework's by its status.
fn problem(error: &ActixError) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        let known = &problem.error;
        let mut copy = Error::new(known.code).detail(known.detail.clone());
        copy.problems.clone_from(&known.problems);
        copy.more.clone_from(&known.more);
        copy.retry_after = known.retry_after;
        copy.cause = known.cause.as_ref().map(|_| known.causes().into());
        return problem.with_error(copy);
    }
    if let Some(error) = error.as_error::<CorsError>() {
        return cors::refusal(error).into();
    }
    let code = code(error.as_response_error().status_code());
    Error::new(code).because(error.to_string()).into()
}

fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::MediaUnsupported,
        status if status.is_client_error() => Code::InvalidJson,
        _ => Code::Internal,
    }
}

fn log(problem: &Problem, span: &Span) {
    let error = &problem.error;
    if problem.status_code().is_server_error() {
        trace::failed(span, error.code);
        tracing::error!(code = %error.code, causes = error.causes(), "refused");
    } else {
        tracing::debug!(code = %error.code, causes = error.causes(), "refused");
    }
}
