//! What an operation answers beside success: every code that follows from its declaration, with headers and an example.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use proxie_shared::auth::Rule;
use proxie_shared::error::Code;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
};

use crate::http::limits::Budget;
use crate::http::operation::Declared;
use crate::http::problem::Body;

/// Every code that the operation may answer, by status.
pub(super) fn refusals(declared: &Declared, takes_body: bool) -> BTreeMap<u16, Vec<Code>> {
    let mut codes =
        vec![Code::Unauthenticated, Code::AccountClosed, Code::Internal, Code::Invalid, Code::InvalidJson];
    match declared.rule {
        Rule::Public | Rule::Any => {}
        Rule::SignedIn => codes.push(Code::AccountRequired),
        Rule::Consumer | Rule::Provider | Rule::Admin => {
            codes.extend([Code::AccountRequired, Code::WrongRole])
        }
    }
    if takes_body {
        codes.extend([Code::TooSlow, Code::TooLarge, Code::MediaUnsupported]);
    }
    if declared.creates {
        codes.extend([Code::IdempotencyMismatch, Code::IdempotencyInFlight]);
    }
    if declared.budget != Budget::Free {
        codes.push(Code::RateLimited);
    }
    codes.push(Code::Unavailable);
    codes.extend(declared.fails);
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in codes {
        let known = by_status.entry(code.status()).or_default();
        if !known.contains(&code) {
            known.push(code);
        }
    }
    by_status
}

/// What HTTP calls a status.
pub(super) fn phrase(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Answered")
}

pub(super) fn refusal(status: u16, codes: &[Code], budget: Budget) -> Response {
    let named: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let examples = codes.iter().map(|code| {
        let example = ExampleBuilder::new().value(Some(example(*code))).build();
        (code.to_string(), RefOr::T(example))
    });
    let schema = Ref::from_schema_name(Body::name());
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    let mut response = ResponseBuilder::new()
        .description(format!("{}: {}", phrase(status), named.join(", ")))
        .content("application/problem+json", content)
        .build();
    add_headers(&mut response, budget);
    if status == 401 {
        add_header(&mut response, "WWW-Authenticate", "`Bearer`.", Type::String);
    }
    if codes.iter().any(|code| *code == Code::RateLimited || code.retry_after().is_some()) {
        add_header(&mut response, "Retry-After", "Seconds to wait.", Type::Integer);
    }
    response
}

/// The headers of every answer to an operation that counts against a budget.
pub(super) fn add_headers(response: &mut Response, budget: Budget) {
    add_header(response, "X-Request-Id", "Joins the call and the logs.", Type::String);
    if budget != Budget::Free {
        let reset = "When the oldest call no longer counts, in Unix seconds.";
        add_header(
            response,
            "X-RateLimit-Limit",
            "Calls within the window, a minute unless configured otherwise.",
            Type::Integer,
        );
        add_header(response, "X-RateLimit-Remaining", "Calls that are left.", Type::Integer);
        add_header(response, "X-RateLimit-Reset", reset, Type::Integer);
    }
}

fn add_header(response: &mut Response, name: &str, about: &str, kind: Type) {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    let header = HeaderBuilder::new().schema(Some(schema)).description(Some(about)).build();
    response.headers.insert(name.to_owned(), RefOr::T(header));
}

/// An error of this code.
fn example(code: Code) -> Value {
    let mut example = json!({
        "type": format!("/api/docs/errors#{code}"),
        "title": code.title(),
        "status": code.status(),
        "detail": code.detail(),
        "code": code,
        "request_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
    });
    if code == Code::Invalid {
        example["errors"] = json!([{"pointer": "/body/city", "message": "This is required."}]);
    }
    example
}
