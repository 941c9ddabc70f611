//! The OpenAPI 3.1 document, put together from what the operations declare: rules become security and refusals, input
//! types become parameters and bodies, codes become examples.

mod answers;

use proxie_shared::auth::Rule;
use utoipa::openapi::path::{
    HttpMethod, Operation as Described, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, Info, License, ObjectBuilder, OpenApi, OpenApiBuilder, Paths, RefOr, Required, Schema, Tag,
    Type,
};
use utoipa::{PartialSchema, ToSchema};

use self::answers::{add_headers, phrase, refusal, refusals};

use super::body::Body as CallBody;
use super::input::Input;
use super::operation::{Declared, Operation};
use super::problem::Body;

/// What `#[utoipa::path]` makes of a handler.
pub trait Documented: utoipa::Path + utoipa::__dev::SchemaReferences + utoipa::__dev::Tags<'static> {}

impl<D> Documented for D where D: utoipa::Path + utoipa::__dev::SchemaReferences + utoipa::__dev::Tags<'static>
{}

/// What OpenAPI says of an operation by itself.
pub struct Document {
    described: Described,
    schemas: Vec<(String, RefOr<Schema>)>,
    takes_body: bool,
}

impl Document {
    /// Tag, summary, description, headers, security and answers as `#[utoipa::path]` has them of `D`; path, query and body as
    /// the input types are.
    pub(super) fn of<D, P, Q, B>() -> Self
    where
        D: Documented,
        P: Input,
        Q: Input,
        B: CallBody,
    {
        let mut described = D::operation();
        described.tags = Some(D::tags().into_iter().map(str::to_owned).collect());
        let mut schemas = Vec::new();
        D::schemas(&mut schemas);
        P::schemas(&mut schemas);
        Q::schemas(&mut schemas);
        B::schemas(&mut schemas);
        let mut parameters = parameters::<P>(ParameterIn::Path);
        parameters.extend(parameters_of_query::<Q>());
        let parameters = parameters.into_iter().map(RefOr::T);
        described.parameters =
            Some(parameters.chain(described.parameters.take().unwrap_or_default()).collect());
        if B::EXPECTED {
            described.request_body = Some(RefOr::T(B::described()));
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
        let Document { described, schemas, takes_body } = (declared.document)();
        let item = PathItem::new(method(declared), complete(described, declared, takes_body));
        paths.paths.entry(declared.path.to_owned()).or_default().merge_operations(item);
        components.schemas.extend(schemas);
    }
    let mut referenced = Vec::new();
    Body::schemas(&mut referenced);
    components.schemas.extend(referenced);
    components.schemas.insert(Body::name().into_owned(), Body::schema());
    for (name, scheme) in proofs() {
        components.security_schemes.insert(name.to_owned(), RefOr::T(scheme));
    }
    let mut info = Info::new("Proxie", env!("CARGO_PKG_VERSION"));
    info.description = Some(include_str!("openapi.md").to_owned());
    info.license = Some(License::new(env!("CARGO_PKG_LICENSE")));
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).tags(Some(tags())).build()
}

/// What proves who calls.
fn proofs() -> [(&'static str, SecurityScheme); 4] {
    let about = |name: &str, text: &str| ApiKeyValue::with_description(name, text);
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".to_owned());
    bearer.description = Some("A token made here, or by an issuer that is configured.".to_owned());
    let cookie =
        "A browser's refresh token, which no script can read. Counts with an `Origin` that may call.";
    let signature = "Svix's signature of `svix-id`, `svix-timestamp` and the body.";
    let metrics = "The configured token. Not needed outside production, nor from an internal address.";
    [
        ("bearer", SecurityScheme::Http(bearer)),
        ("refresh_cookie", SecurityScheme::ApiKey(ApiKey::Cookie(about("refresh_token", cookie)))),
        ("svix", SecurityScheme::ApiKey(ApiKey::Header(about("svix-signature", signature)))),
        ("metrics", SecurityScheme::ApiKey(ApiKey::Header(about("X-Metrics-Token", metrics)))),
    ]
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
        ("catalog", "What can be asked for and offered."),
        ("requests", "What consumers need."),
        ("providers", "Who does the work: what they offer, show and say, when they work."),
        ("leads", "What providers are asked for."),
        ("consumers", "How consumers are reached, and how their requests stand."),
        ("notifications", "What people are told."),
        ("media", "Pictures and films."),
        ("offers", "What providers propose."),
        ("bookings", "What was agreed."),
        ("enrollment", "How somebody becomes a provider."),
        ("reviews", "What consumers say of bookings that are done."),
        ("usage", "What models cost."),
        ("admin", "For those who run the place."),
        ("system", "Whether it works, and how."),
    ]
    .map(tag)
    .into()
}

/// With what follows from the declaration.
fn complete(mut described: Described, declared: &Declared, takes_body: bool) -> Described {
    described.operation_id = Some(operation_id(declared));
    let rule = format!("Who may: {}.", declared.rule);
    described.description = Some(match described.description {
        Some(text) if !text.is_empty() => format!("{text}\n\n{rule}"),
        _ => rule,
    });
    described.security.get_or_insert_with(|| security(declared.rule));
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
    for (status, codes) in refusals(declared, takes_body) {
        let mut response = refusal(status, &codes, declared.budget);
        if let Some(RefOr::T(own)) = described.responses.responses.remove(&status.to_string()) {
            response.description = format!("{} {}", own.description, response.description);
            response.content.extend(own.content);
        }
        described.responses.responses.insert(status.to_string(), RefOr::T(response));
    }
    described
}

/// What is shown by who may call, unless the operation says that it is something else.
fn security(rule: Rule) -> Vec<SecurityRequirement> {
    let bearer = SecurityRequirement::new("bearer", Vec::<String>::new());
    match rule {
        // `{}` beside a scheme means: or without.
        Rule::Public => vec![SecurityRequirement::default(), bearer],
        _ => vec![bearer],
    }
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

fn method(declared: &Declared) -> HttpMethod {
    match declared.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
