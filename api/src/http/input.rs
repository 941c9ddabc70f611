//! What a call brings: path, query and body, each checked against the schema of its type before it is typed, so that
//! every problem is told at once.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use futures::StreamExt;
use proxie_shared::error::{Code, Error, Problem, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::schema;

/// The largest JSON body, in bytes.
const BODY_MAX: usize = 1_024 * 1_024;

/// A part of a call.
pub trait Input: DeserializeOwned + ToSchema + 'static {
    /// Whether there is such a part at all.
    const EXPECTED: bool = true;
    /// Whether a body may be left out.
    const OPTIONAL: bool = false;

    /// How much longer than others the call may take, because its caller asks for it.
    fn wait(&self) -> Duration {
        Duration::ZERO
    }

    /// Rules that the schema cannot say; pointers are relative to the part.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }
}

/// Nothing is expected here.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct None {}

impl Input for None {
    const EXPECTED: bool = false;
}

/// A field whose feature is not offered yet: only null is taken.
#[derive(Default, Deserialize)]
pub struct NotYet;

impl PartialSchema for NotYet {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }
}

impl ToSchema for NotYet {}

/// What a call brings, and its body as it came.
pub(super) struct Sent<P, Q, B> {
    pub path: P,
    pub query: Q,
    pub body: B,
    pub bytes: Vec<u8>,
}

/// Reads and checks all parts; tells every problem at once. The body has so long to arrive.
pub(super) async fn read<P: Input, Q: Input, B: Input>(
    request: &HttpRequest,
    payload: Payload,
    limit: Duration,
) -> Result<Sent<P, Q, B>> {
    let mut problems = Vec::new();
    let path = check::<P>("/path", path(request), &mut problems);
    let query = check::<Q>("/query", query::<Q>(request.query_string())?, &mut problems);
    let (body, bytes) = match B::EXPECTED {
        true => {
            timeout(limit, body::<B>(request, payload)).await.map_err(|_| Error::new(Code::TooSlow))??
        }
        false => (Value::Object(Map::new()), Vec::new()),
    };
    let body = check::<B>("/body", body, &mut problems);
    match (path, query, body) {
        (Some(path), Some(query), Some(body)) if problems.is_empty() => Ok(Sent { path, query, body, bytes }),
        _ => Err(Error::invalid(problems)),
    }
}

fn check<T: Input>(part: &str, value: Value, problems: &mut Vec<Problem>) -> Option<T> {
    let before = problems.len();
    problems.extend(schema::problems::<T>(&value).into_iter().map(|p| below(part, p)));
    if problems.len() == before {
        find_nul(part, &value, problems);
    }
    if problems.len() > before {
        return Option::None;
    }
    match serde_json::from_value::<T>(value) {
        Ok(typed) => {
            problems.extend(typed.problems().into_iter().map(|p| below(part, p)));
            Some(typed)
        }
        Err(error) => {
            tracing::debug!(%error, part, "a value fits its schema and not its type");
            problems.push(Problem::new(part, "This has the wrong form."));
            Option::None
        }
    }
}

fn below(part: &str, problem: Problem) -> Problem {
    Problem { pointer: format!("{part}{}", problem.pointer), ..problem }
}

/// PostgreSQL keeps no NUL characters, wherever they stand.
fn find_nul(pointer: &str, value: &Value, problems: &mut Vec<Problem>) {
    match value {
        _ if problems.len() >= schema::MOST_PROBLEMS => {}
        Value::String(text) if text.contains('\0') => {
            problems.push(Problem::new(pointer, "Must not contain the character NUL."));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                find_nul(&format!("{pointer}/{at}"), item, problems);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                find_nul(&format!("{pointer}/{}", schema::escaped(name)), field, problems);
            }
        }
        _ => {}
    }
}

fn path(request: &HttpRequest) -> Value {
    let parts = request.match_info().iter();
    parts.map(|(name, text)| (name.to_owned(), Value::from(text))).collect::<Map<_, _>>().into()
}

/// The query as an object; numbers and booleans where the schema has them.
fn query<Q: Input>(text: &str) -> Result<Value> {
    if text.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let undecodable = || {
        Error::new(Code::InvalidJson)
            .detail("The query cannot be decoded: percent-encode it as UTF-8 and send it again.")
    };
    if !is_decodable(text) {
        return Err(undecodable());
    }
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(text).map_err(|error| undecodable().because(error))?;
    let mut fields = Map::new();
    for (name, text) in pairs {
        let value = schema::coerce::<Q>(&name, text);
        fields.insert(name, value);
    }
    Ok(Value::Object(fields))
}

/// Whether every `%` begins an escape and the bytes are UTF-8; the decoder would guess where they are not.
fn is_decodable(text: &str) -> bool {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else { return false };
        bytes.push((high * 16 + low) as u8);
    }
    std::str::from_utf8(&bytes).is_ok()
}

async fn body<B: Input>(request: &HttpRequest, mut payload: Payload) -> Result<(Value, Vec<u8>)> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    let nothing = essence.is_none() && B::OPTIONAL;
    if !nothing && !essence.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Err(Error::new(Code::MediaUnsupported));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Error::new(Code::InvalidJson).because(error.to_string()))?;
        if bytes.len() + chunk.len() > BODY_MAX {
            return Err(Error::new(Code::TooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() && B::OPTIONAL {
        return Ok((Value::Object(Map::new()), bytes));
    }
    let value =
        serde_json::from_slice(&bytes).map_err(|error| Error::new(Code::InvalidJson).because(error))?;
    Ok((value, bytes))
}
