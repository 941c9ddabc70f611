//! JSON schemas of inputs: derived from their types by utoipa, so that what is documented is what is checked.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::NaiveDateTime;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use proxie_shared::error::Problem;
use proxie_shared::model::clocks::is_zone;
use proxie_shared::model::window::LOCAL_MINUTE;
use serde_json::{Map, Number, Value, json};

use super::Input;

/// A type's schema, and what checks values against it.
struct Compiled {
    document: Value,
    validator: Validator,
}

/// The most problems that one answer lists: a hostile body must not make a huge one.
pub(super) const MOST_PROBLEMS: usize = 100;

/// What is said of a field that is not expected.
pub(super) const NO_SUCH_FIELD: &str = "There is no such field here.";

/// The most characters of a name that are told.
const NAME_MAX: usize = 100;

/// A name as a part of a JSON pointer (RFC 6901); of a long one, how it begins.
pub(super) fn escaped(name: &str) -> String {
    let told = match name.char_indices().nth(NAME_MAX) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    };
    told.replace('~', "~0").replace('/', "~1")
}

/// The name that is meant by a part of a JSON pointer.
pub(super) fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

static COMPILED: LazyLock<RwLock<HashMap<TypeId, Arc<Compiled>>>> = LazyLock::new(RwLock::default);

/// Everything that is wrong with a value, by the schema of `T`.
pub(super) fn problems<T: Input>(value: &Value) -> Vec<Problem> {
    let compiled = compiled::<T>();
    if compiled.validator.is_valid(value) {
        return Vec::new();
    }
    compiled
        .validator
        .iter_errors(value)
        .flat_map(|error| explain(&error, value))
        .take(MOST_PROBLEMS)
        .collect()
}

/// Whether a problem is only that a field is there.
pub(super) fn is_too_much(problem: &Problem) -> bool {
    problem.message == NO_SUCH_FIELD
}

/// Gives an object the fields that it must have and does not, as they are in the example of `T`.
pub(super) fn fill<T: Input>(value: &mut Value) {
    let document = &compiled::<T>().document;
    let (Value::Object(fields), Some(required)) = (value, document["required"].as_array()) else { return };
    for name in required.iter().filter_map(Value::as_str) {
        if let Some(example) = document["example"].get(name).filter(|_| !fields.contains_key(name)) {
            fields.insert(name.to_owned(), example.clone());
        }
    }
}

/// The text of a query parameter as the schema of `T` wants it; text that is no number stays text and is refused.
pub(super) fn coerce<T: Input>(name: &str, text: String) -> Value {
    let compiled = compiled::<T>();
    let kind = compiled.document.pointer(&format!("/properties/{name}/type"));
    let wants = |wanted: &str| match kind {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        _ => false,
    };
    let number = || text.parse::<i64>().ok().map(Value::from);
    let boolean = || text.parse::<bool>().ok().map(Value::from);
    let real = || text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number);
    let coerced = if wants("integer") {
        number()
    } else if wants("number") {
        real()
    } else if wants("boolean") {
        boolean()
    } else {
        None
    };
    coerced.unwrap_or(Value::String(text))
}

fn compiled<T: Input>() -> Arc<Compiled> {
    let id = TypeId::of::<T>();
    if let Some(known) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return Arc::clone(known);
    }
    let made = Arc::new(compile::<T>());
    COMPILED.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&made));
    made
}

fn compile<T: Input>() -> Compiled {
    let mut referenced = Vec::new();
    T::schemas(&mut referenced);
    let components: Map<String, Value> = referenced
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    let mut document = serde_json::to_value(T::schema()).unwrap_or_default();
    document["components"] = json!({ "schemas": components });
    #[allow(clippy::expect_used, reason = "derived from a type; every input is compiled by a test")]
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .with_format("local-date-time", |text: &str| {
            NaiveDateTime::parse_from_str(text, LOCAL_MINUTE).is_ok()
        })
        .with_format("iana-zone", is_zone)
        .build(&document)
        .expect("the schema of an input is a schema");
    Compiled { document, validator }
}

/// What one error of the validator means to a person; `value` is all that was checked.
fn explain(error: &ValidationError<'_>, value: &Value) -> Vec<Problem> {
    let at = error.instance_path().to_string();
    let one = |message: String| vec![Problem::new(at.clone(), message)];
    let unexpected = |names: &mut dyn Iterator<Item = &String>| {
        names
            .take(MOST_PROBLEMS)
            .map(|name| Problem::new(format!("{at}/{}", escaped(name)), NO_SUCH_FIELD))
            .collect()
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Problem::new(format!("{at}/{}", escaped(name)), "This is required.")]
        }
        ValidationErrorKind::AdditionalProperties { unexpected: names } => unexpected(&mut names.iter()),
        // Where no field at all is expected.
        ValidationErrorKind::FalseSchema => match value.pointer(&at) {
            Some(Value::Object(fields)) => unexpected(&mut fields.keys()),
            _ => one("Leave this out.".to_owned()),
        },
        ValidationErrorKind::Type { kind } => one(format!("Must be {}.", types(kind))),
        ValidationErrorKind::MinLength { limit } => one(format!("Must have at least {limit} characters.")),
        ValidationErrorKind::MaxLength { limit } => one(format!("Must have at most {limit} characters.")),
        ValidationErrorKind::MinItems { limit } => one(format!("Must have at least {limit} items.")),
        ValidationErrorKind::MaxItems { limit } => one(format!("Must have at most {limit} items.")),
        ValidationErrorKind::MinProperties { limit } => one(format!("Name at least {limit} of its fields.")),
        ValidationErrorKind::MaxProperties { limit } => {
            let given = value.pointer(&at).and_then(Value::as_object);
            let names: Vec<&str> =
                given.into_iter().flat_map(Map::keys).map(String::as_str).take(10).collect();
            one(format!("Name at most {limit} of these: {}.", names.join(", ")))
        }
        ValidationErrorKind::Minimum { limit } => one(format!("Must be at least {limit}.")),
        ValidationErrorKind::Maximum { limit } => one(format!("Must be at most {limit}.")),
        ValidationErrorKind::ExclusiveMinimum { limit } => one(format!("Must be more than {limit}.")),
        ValidationErrorKind::Pattern { pattern } => one(format!("Must match {pattern}.")),
        ValidationErrorKind::Format { format } => one(match format.as_str() {
            "uuid" => "Must be an id (UUID).".to_owned(),
            "local-date-time" => "Must be a local time written YYYY-MM-DDTHH:MM.".to_owned(),
            "iana-zone" => "Must be an IANA time zone, such as America/New_York.".to_owned(),
            "date-time" => "Must be a time written as in 2026-11-25T09:30:00Z.".to_owned(),
            "date" => "Must be a date written YYYY-MM-DD.".to_owned(),
            "email" => "Must be an e-mail address.".to_owned(),
            other => format!("Must be written as {other}."),
        }),
        ValidationErrorKind::Enum { options } => one(format!("Must be one of {options}.")),
        // What may be null is `null or this`: what is wrong with `this` is what helps. Of several forms the one that has
        // the value's type is meant.
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let is_type_of = |inner: &ValidationError<'_>| {
                matches!(inner.kind(), ValidationErrorKind::Type { .. })
                    && inner.instance_path().to_string() == at
            };
            let fits = context.iter().rfind(|branch| !branch.iter().any(is_type_of));
            let is_null = |branch: &&Vec<ValidationError<'_>>| branch.iter().any(is_null_type);
            match fits.or_else(|| context.iter().rfind(|branch| !is_null(branch))) {
                Some(branch) => branch.iter().flat_map(|inner| explain(inner, value)).collect(),
                None => one("This has the wrong form.".to_owned()),
            }
        }
        _ => one("This is not acceptable.".to_owned()),
    }
}

fn is_null_type(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(one) } if one.to_string() == "null")
}

/// The types that do, in words; that what may be left out may also be null helps nobody.
fn types(kind: &TypeKind) -> String {
    let word = |name: String| match name.as_str() {
        "boolean" => "true or false".to_owned(),
        "array" | "integer" | "object" => format!("an {name}"),
        "null" => name,
        _ => format!("a {name}"),
    };
    match kind {
        TypeKind::Single(one) => word(one.to_string()),
        TypeKind::Multiple(many) => {
            let names = many.iter().map(|one| one.to_string()).filter(|name| name != "null");
            names.map(word).collect::<Vec<_>>().join(" or ")
        }
    }
}
