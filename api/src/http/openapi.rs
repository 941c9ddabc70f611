//! The OpenAPI 3.1 document, put together from what the operations declare: rules become security and refusals, input
//! types become parameters and bodies, codes become examples.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use proxie_shared::auth::Rule;
use proxie_shared::error::Code;
use serde_json::{Value, json};
use utoipa::openapi::path::{
    HttpMethod, Operation as Described, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, HeaderBuilder, Info, License, ObjectBuilder, OpenApi, OpenApiBuilder, Paths,
    Ref, RefOr, Required, Response, ResponseBuilder, Schema, Tag, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::input::Input;
use super::limits::Budget;
use super::operation::{Declared, Operation};
use super::problem::Body;

/// What OpenAPI says of an operation by itself.
#[derive(Clone, Default)]
pub struct Document {
    described: Described,
    schemas: Vec<(String, RefOr<Schema>)>,
    takes_body: bool,
}

impl Document {
    /// Summary, description and answers as `#[utoipa::path]` has them of `D`; parameters and body as the input types are.
    pub(super) fn of<D, P, Q, B>() -> Self
    where
        D: utoipa::Path + utoipa::__dev::SchemaReferences,
        P: Input,
        Q: Input,
        B: Input,
    {
        let mut described = D::operation();
        let mut schemas = Vec::new();
        D::schemas(&mut schemas);
        P::schemas(&mut schemas);
        Q::schemas(&mut schemas);
        B::schemas(&mut schemas);
        let mut parameters = parameters::<P>(ParameterIn::Path);
        parameters.extend(parameters_of_query::<Q>());
        described.parameters = Some(parameters.into_iter().map(RefOr::T).collect());
        if B::EXPECTED {
            schemas.push((B::name().into_owned(), B::schema()));
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(B::name()))).build();
            let required = if B::OPTIONAL { Required::False } else { Required::True };
            let body =
                RequestBodyBuilder::new().content("application/json", content).required(Some(required));
            described.request_body = Some(RefOr::T(body.build()));
        }
        Self { described, schemas, takes_body: B::EXPECTED }
    }
}

fn parameters_of_query<Q: Input>() -> Vec<Parameter> {
    if Q::EXPECTED { parameters::<Q>(ParameterIn::Query) } else { Vec::new() }
}

/// The fields of an input type, as parameters.
fn parameters<T: Input>(place: ParameterIn) -> Vec<Parameter> {
    let RefOr::T(Schema::Object(object)) = T::schema() else { return Vec::new() };
    let required = object.required;
    let of_field = |(name, mut schema): (String, RefOr<Schema>)| {
        let description = match &mut schema {
            RefOr::T(Schema::Object(field)) => {
                // A parameter is left out; it is never null.
                field.schema_type = not_null(&field.schema_type);
                field.description.take()
            }
            RefOr::T(_) | RefOr::Ref(_) => None,
        };
        let required = if required.contains(&name) { Required::True } else { Required::False };
        // The place comes first: without one the builder takes it for a part of the path, which is required.
        ParameterBuilder::new()
            .name(name)
            .parameter_in(place.clone())
            .required(required)
            .description(description)
            .schema(Some(schema))
            .build()
    };
    object.properties.into_iter().map(of_field).collect()
}

fn not_null(kind: &utoipa::openapi::schema::SchemaType) -> utoipa::openapi::schema::SchemaType {
    use utoipa::openapi::schema::SchemaType;
    match kind {
        SchemaType::Array(kinds) => {
            let mut kinds = kinds.iter().filter(|kind| **kind != Type::Null).cloned();
            match (kinds.next(), kinds.next()) {
                (Some(one), None) => SchemaType::Type(one),
                _ => kind.clone(),
            }
        }
        other => other.clone(),
    }
}

/// The document of all operations.
pub fn document(operations: &[Operation]) -> OpenApi {
    let mut paths = Paths::new();
    let mut components = Components::new();
    for operation in operations {
        let declared = operation.declared();
        let item = PathItem::new(method(declared), described(declared));
        paths.paths.entry(declared.path.to_owned()).or_default().merge_operations(item);
        components.schemas.extend(declared.document.schemas.iter().cloned());
    }
    let mut referenced = Vec::new();
    Body::schemas(&mut referenced);
    components.schemas.extend(referenced);
    components.schemas.insert(Body::name().into_owned(), Body::schema());
    let bearer = Http::new(HttpAuthScheme::Bearer);
    components.security_schemes.insert("bearer".to_owned(), RefOr::T(SecurityScheme::Http(bearer)));
    let mut info = Info::new("Proxie", env!("CARGO_PKG_VERSION"));
    info.description = Some(include_str!("openapi.md").to_owned());
    info.license = Some(License::new(env!("CARGO_PKG_LICENSE")));
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).tags(Some(tags())).build()
}

fn tags() -> Vec<Tag> {
    let tag = |(name, about): (&str, &str)| {
        let mut tag = Tag::new(name);
        tag.description = Some(about.to_owned());
        tag
    };
    [
        ("auth", "Accounts, guests and tokens."),
        ("chat", "Talking to the agent, and the tasks that answer."),
        ("requests", "What consumers need."),
        ("admin", "For those who run the place."),
        ("system", "Whether it works, and how."),
    ]
    .map(tag)
    .into()
}

fn described(declared: &Declared) -> Described {
    let mut described = declared.document.described.clone();
    described.operation_id = Some(operation_id(declared));
    let rule = format!("Who may: {}.", declared.rule);
    described.description = Some(match described.description {
        Some(text) if !text.is_empty() => format!("{text}\n\n{rule}"),
        _ => rule,
    });
    // `{}` beside a scheme means: or without.
    let bearer = SecurityRequirement::new("bearer", Vec::<String>::new());
    described.security = Some(match declared.rule {
        Rule::Public => vec![SecurityRequirement::default(), bearer],
        _ => vec![bearer],
    });
    if declared.creates {
        described.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
    for (status, response) in &mut described.responses.responses {
        if let RefOr::T(response) = response {
            if response.description.is_empty() {
                response.description = phrase(status.parse().unwrap_or_default()).to_owned();
            }
            add_headers(response, declared.budget);
        }
    }
    for (status, codes) in refusals(declared) {
        let mut response = refusal(status, &codes, declared.budget);
        if let Some(RefOr::T(own)) = described.responses.responses.remove(&status.to_string()) {
            response.description = format!("{} {}", own.description, response.description);
            response.content.extend(own.content);
        }
        described.responses.responses.insert(status.to_string(), RefOr::T(response));
    }
    described
}

/// Unique, and the name of a function in generated clients: `post_chat_cancel`.
fn operation_id(declared: &Declared) -> String {
    let parts = declared.path.split('/').filter(|part| !part.is_empty());
    let words = parts.map(|part| part.trim_matches(|c| c == '{' || c == '}').replace(['.', '-'], "_"));
    std::iter::once(declared.method.as_str().to_lowercase()).chain(words).collect::<Vec<_>>().join("_")
}

fn idempotency_key() -> Parameter {
    let about = "Chosen by the caller: within 24 hours the same call with the same key has its effect once and is \
                 answered the same. Ignored without a token.";
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(text.pattern(Some("^[!-~]+$"))))
        .build()
}

/// Every code that the operation may answer, by status.
fn refusals(declared: &Declared) -> BTreeMap<u16, Vec<Code>> {
    let mut codes =
        vec![Code::Unauthenticated, Code::AccountClosed, Code::Internal, Code::Invalid, Code::InvalidJson];
    match declared.rule {
        Rule::Public | Rule::Any => {}
        Rule::SignedIn => codes.push(Code::AccountRequired),
        Rule::Consumer | Rule::Provider | Rule::Admin => {
            codes.extend([Code::AccountRequired, Code::WrongRole])
        }
    }
    if declared.document.takes_body {
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
fn phrase(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Answered")
}

fn refusal(status: u16, codes: &[Code], budget: Budget) -> Response {
    let named: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let examples = codes.iter().map(|code| {
        let example = utoipa::openapi::example::ExampleBuilder::new().value(Some(example(*code))).build();
        (code.to_string(), RefOr::T(example))
    });
    let schema = Ref::from_schema_name(Body::name());
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    let mut response = ResponseBuilder::new()
        .description(format!("{}: {}", phrase(status), named.join(", ")))
        .content("application/problem+json", content)
        .build();
    add_headers(&mut response, budget);
    let header = |about: &str| HeaderBuilder::new().description(Some(about)).build();
    match status {
        401 => response.headers.insert("WWW-Authenticate".to_owned(), RefOr::T(header("`Bearer`."))),
        429 | 503 => response.headers.insert("Retry-After".to_owned(), RefOr::T(header("Seconds to wait."))),
        _ => None,
    };
    response
}

fn add_headers(response: &mut Response, budget: Budget) {
    let header = |about: &str, kind: Type| {
        let schema = ObjectBuilder::new().schema_type(kind).build();
        RefOr::T(HeaderBuilder::new().schema(Some(schema)).description(Some(about)).build())
    };
    response.headers.insert("X-Request-Id".to_owned(), header("Joins the call and the logs.", Type::String));
    if budget != Budget::Free {
        let limits = [
            ("X-RateLimit-Limit", "Calls a minute."),
            ("X-RateLimit-Remaining", "Calls that are left."),
            ("X-RateLimit-Reset", "When the oldest call no longer counts, in Unix seconds."),
        ];
        for (name, about) in limits {
            response.headers.insert(name.to_owned(), header(about, Type::Integer));
        }
    }
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

fn method(declared: &Declared) -> HttpMethod {
    match declared.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
