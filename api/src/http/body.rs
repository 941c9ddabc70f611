//! The body of a call: how much comes, in which form, and, of JSON, that it says each thing once.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use futures::StreamExt;
use proxie_shared::auth::Actor;
use proxie_shared::error::{Code, Error, Problem as InputProblem, Result};
use proxie_shared::model::catalog::Catalog;
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use tokio::time::timeout;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Schema};

use super::input::check;
use super::schema::escaped;
use super::{Answer, Input, Problem};
use crate::app::App;

/// The largest JSON body, in bytes.
pub const BODY_MAX: usize = 1_024 * 1_024;

/// The body of a call in the form that its type takes: JSON that fits it, of every [`Input`]; a file, of
/// [`Upload`](super::Upload).
pub trait Body: Sized + 'static {
    /// Whether there is a body at all.
    const EXPECTED: bool;

    /// What has arrived; its bytes tell it apart from another.
    type Arrived: AsRef<[u8]>;

    /// What OpenAPI says of it.
    fn described() -> RequestBody;

    /// The schemas that this refers to.
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>);

    /// How much longer than others the call may take once it has arrived.
    fn wait(_app: &App) -> Duration {
        Duration::ZERO
    }

    /// Takes in what comes, in time and as far as it is not too much.
    fn arrive(
        app: &App,
        actor: Option<&Actor>,
        request: &HttpRequest,
        payload: Payload,
        problems: &mut Vec<InputProblem>,
    ) -> impl Future<Output = Answer<Self::Arrived>>;

    /// Checks what has arrived; none if it has problems, which are told with all others.
    fn read(
        catalog: &Catalog,
        request: &HttpRequest,
        arrived: Self::Arrived,
        problems: &mut Vec<InputProblem>,
    ) -> Answer<Option<Self>>;
}

impl<T: Input> Body for T {
    const EXPECTED: bool = T::EXPECTED;

    type Arrived = Vec<u8>;

    fn described() -> RequestBody {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(T::name()))).build();
        let required = if T::OPTIONAL { Required::False } else { Required::True };
        RequestBodyBuilder::new().content("application/json", content).required(Some(required)).build()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        <T as utoipa::ToSchema>::schemas(schemas);
        if T::EXPECTED {
            schemas.push((T::name().into_owned(), T::schema()));
        }
    }

    async fn arrive(
        app: &App,
        _actor: Option<&Actor>,
        request: &HttpRequest,
        payload: Payload,
        _problems: &mut Vec<InputProblem>,
    ) -> Answer<Vec<u8>> {
        let arriving = timeout(app.body, bytes(request, payload));
        let bytes = match T::EXPECTED {
            true => arriving.await.map_err(|_| Error::new(Code::TooSlow))??,
            false => Vec::new(),
        };
        T::verify(app, request, &bytes)?;
        Ok(bytes)
    }

    fn read(
        catalog: &Catalog,
        request: &HttpRequest,
        arrived: Vec<u8>,
        problems: &mut Vec<InputProblem>,
    ) -> Answer<Option<Self>> {
        let value = match T::EXPECTED {
            true => value::<T>(request, &arrived, problems)?,
            false => Value::Object(Map::new()),
        };
        Ok(check::<T>(catalog, "/body", value, problems))
    }
}

/// The body as it comes.
async fn bytes(request: &HttpRequest, mut payload: Payload) -> Result<Vec<u8>> {
    if announced(request).is_some_and(|length| length > BODY_MAX as u64) {
        return Err(Error::new(Code::TooLarge));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Error::new(Code::InvalidJson).because(error.to_string()))?;
        if bytes.len() + chunk.len() > BODY_MAX {
            return Err(Error::new(Code::TooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// How long the body will be, as the caller says.
pub(super) fn announced(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The body as JSON; what is said twice is told.
fn value<B: Input>(request: &HttpRequest, bytes: &[u8], problems: &mut Vec<InputProblem>) -> Answer<Value> {
    require_json::<B>(request)?;
    if bytes.is_empty() && B::OPTIONAL {
        return Ok(Value::Object(Map::new()));
    }
    Ok(parse(bytes, "/body", problems).map_err(|error| Error::new(Code::InvalidJson).because(error))?)
}

/// A part as JSON; what is said twice joins the problems.
pub fn parse(bytes: &[u8], part: &str, problems: &mut Vec<InputProblem>) -> serde_json::Result<Value> {
    let twice = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Once { at: At::Root, twice: &twice }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))?;
    let twice = twice.into_inner().into_iter();
    problems.extend(twice.map(|at| InputProblem::new(format!("{part}{at}"), "Say this once.")));
    Ok(value)
}

/// A body that is packed is not taken: what it holds may be many times what is looked at here.
pub(super) fn require_plain(request: &HttpRequest) -> Answer<()> {
    let codings = request.headers().get_all(CONTENT_ENCODING);
    let is_plain = |codings: &HeaderValue| codings.as_bytes().eq_ignore_ascii_case(b"identity");
    if codings.into_iter().all(is_plain) {
        return Ok(());
    }
    let refused = Error::new(Code::MediaUnsupported).detail("Send the body without a content coding.");
    // RFC 9110 §15.5.16: says that it was the coding, not the media type.
    Err(Problem::from(refused).with(ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

fn require_json<B: Input>(request: &HttpRequest) -> Answer<()> {
    require_plain(request)?;
    match request.mime_type() {
        Ok(None) if B::OPTIONAL => Ok(()),
        Ok(Some(kind)) if kind.essence_str() == "application/json" => {
            let mut charsets = kind.params().filter(|(name, _)| *name == "charset");
            if charsets.all(|(_, charset)| charset.as_str().eq_ignore_ascii_case("utf-8")) {
                return Ok(());
            }
            Err(Error::new(Code::MediaUnsupported).detail("Send the body in UTF-8.").into())
        }
        _ => Err(Code::MediaUnsupported.into()),
    }
}

/// Where a value is.
#[derive(Clone, Copy)]
enum At<'a> {
    Root,
    Field(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(of, name) => write!(f, "{of}/{}", escaped(name)),
            Self::Item(of, at) => write!(f, "{of}/{at}"),
        }
    }
}

/// A value in whose objects names should come once. Which of two counts is left to each reader (RFC 8259 §4), so
/// whoever stands between may have seen another than is taken here.
struct Once<'a> {
    at: At<'a>,
    twice: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let at = At::Field(&self.at, &name);
            let field = map.next_value_seed(Once { at, twice: self.twice })?;
            if fields.contains_key(&name) && self.twice.borrow().len() < super::schema::MOST_PROBLEMS {
                self.twice.borrow_mut().push(at.to_string());
            }
            fields.insert(name, field);
        }
        Ok(Value::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let at = At::Item(&self.at, items.len());
            let Some(item) = sequence.next_element_seed(Once { at, twice: self.twice })? else {
                return Ok(Value::Array(items));
            };
            items.push(item);
        }
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
}
