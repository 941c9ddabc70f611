//! What a call brings: path, query and JSON body, each checked against the schema of its type before it is typed, so that
//! every problem is told at once.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use proxie_shared::auth::Actor;
use proxie_shared::error::{Code, Error, Problem, Result};
use proxie_shared::model::catalog::Catalog;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body::Body;
use super::{Answer, schema};
use crate::app::App;

/// Up to here (2^53) every whole number has a float of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

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

    /// Whether the body comes from whom it should, where it is signed: asked before anything else of it is looked at.
    ///
    /// # Errors
    /// `unauthenticated`.
    fn verify(_app: &App, _request: &HttpRequest, _bytes: &[u8]) -> Result<()> {
        Ok(())
    }

    /// Rules that the schema cannot say, some of them by what is in the catalog; pointers are relative to the part.
    fn problems(&self, _catalog: &Catalog) -> Vec<Problem> {
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

/// What a call brings, and what tells its body apart from another.
pub(super) struct Sent<P, Q, B> {
    pub path: P,
    pub query: Q,
    pub body: B,
    pub fingerprint: Option<Vec<u8>>,
}

/// Reads and checks all parts; tells every problem at once, those that are known already among them.
pub(super) async fn read<P: Input, Q: Input, B: Body>(
    app: &App,
    actor: Option<&Actor>,
    request: &HttpRequest,
    payload: Payload,
    fingerprint: Option<impl FnOnce(&[u8]) -> Vec<u8>>,
    mut problems: Vec<Problem>,
) -> Answer<Sent<P, Q, B>> {
    let arrived = B::arrive(app, actor, request, payload, &mut problems).await?;
    let fingerprint = fingerprint.map(|fingerprint| fingerprint(arrived.as_ref()));
    let catalog = app.domain.catalog();
    let path = check::<P>(&catalog, "/path", path(request), &mut problems);
    let query = query::<Q>(request.query_string(), &mut problems)?;
    let query = check::<Q>(&catalog, "/query", query, &mut problems);
    let body = B::read(&catalog, request, arrived, &mut problems)?;
    match (path, query, body) {
        (Some(path), Some(query), Some(body)) if problems.is_empty() => {
            Ok(Sent { path, query, body, fingerprint })
        }
        _ => Err(Error::invalid(problems).into()),
    }
}

/// A value as its type, where it fits; what is wrong with it joins the problems.
pub fn check<T: Input>(
    catalog: &Catalog,
    part: &str,
    value: Value,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let mut found = schema::problems::<T>(&value);
    find_nul("", &value, &mut found);
    let is_right = found.is_empty();
    let typed = if is_right { typed::<T>(value) } else { rest_typed::<T>(value, &found) };
    match &typed {
        Some(typed) => {
            // What is wrong is left out of what its rule looks at, and of what holds it.
            let told = |at: &str| {
                found.iter().any(|known| {
                    is_within(at, &known.pointer)
                        || !schema::is_too_much(known) && is_within(&known.pointer, at)
                })
            };
            let more: Vec<_> =
                typed.problems(catalog).into_iter().filter(|problem| !told(&problem.pointer)).collect();
            found.extend(more);
        }
        Option::None if is_right => {
            tracing::warn!(part, "a value fits its schema and not its type");
            found.push(Problem::new("", "This has the wrong form."));
        }
        Option::None => {}
    }
    problems.extend(found.into_iter().map(|problem| below(part, problem)));
    typed.filter(|_| is_right)
}

fn typed<T: Input>(value: Value) -> Option<T> {
    serde_json::from_value(whole(value)).ok()
}

/// What is right of a value, so that its rules are looked at too: without what is wrong, just that or the whole
/// fields that hold it, and with the example's value of what is required.
fn rest_typed<T: Input>(value: Value, found: &[Problem]) -> Option<T> {
    [usize::MAX, 1].into_iter().find_map(|depth| {
        let mut rest = value.clone();
        found.iter().for_each(|problem| remove(&mut rest, &problem.pointer, depth));
        schema::fill::<T>(&mut rest);
        typed(rest)
    })
}

/// Removes what is at a pointer; of an array, all: the others would move up. No deeper than so many objects.
fn remove(value: &mut Value, pointer: &str, depth: usize) {
    let mut names = pointer.split('/').skip(1).take(depth).map(schema::unescaped).peekable();
    let mut value = Some(value);
    while let (Some(name), Some(Value::Object(fields))) = (names.next(), value) {
        if names.peek().is_none() || !fields.get(&name).is_some_and(Value::is_object) {
            fields.remove(&name);
            return;
        }
        value = fields.get_mut(&name);
    }
}

/// Whether a pointer leads to a place or into it.
fn is_within(pointer: &str, place: &str) -> bool {
    pointer.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// JSON Schema takes `5.0` for an integer, serde does not: such numbers are written as what they are.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let exact = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() <= LARGEST_EXACT);
            exact.filter(|_| number.is_f64()).map_or(Value::Number(number), |n| Value::from(n as i64))
        }
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, whole(field))).collect(),
        other => other,
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
fn query<Q: Input>(text: &str, problems: &mut Vec<Problem>) -> Result<Value> {
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
        if fields.contains_key(&name) && problems.len() < schema::MOST_PROBLEMS {
            let pointer = format!("/query/{}", schema::escaped(&name));
            problems.push(Problem::new(pointer, "Say this once."));
        }
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
