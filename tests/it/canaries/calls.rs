//! Every operation of the OpenAPI document as it can be called: with each known id in its path, with each of its filters,
//! and with the example of its body.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// `METHOD /path` as documented.
    pub operation: String,
    /// Its method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// What is sent: JSON, or a picture where the document wants a form.
    pub body: Option<Body>,
}

/// What a call sends.
#[derive(Clone, Debug)]
pub enum Body {
    /// The document's example.
    Json(Value),
    /// A picture.
    Picture,
}

type Ids = BTreeMap<&'static str, Vec<String>>;

/// All calls of all operations, the documented order.
pub fn calls(document: &Value, ids: &Ids) -> Vec<Call> {
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, said) in methods.as_object().expect("operations") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let operation = format!("{method} {path}");
            for path in filled(path, ids) {
                for query in queries(said, ids) {
                    for body in bodies(document, said, ids) {
                        let (operation, method) = (operation.clone(), method.clone());
                        calls.push(Call { operation, method, path: format!("{path}{query}"), body });
                    }
                }
            }
        }
    }
    calls
}

/// What a name in a path or body may be.
fn known<'a>(ids: &'a Ids, name: &str) -> &'a [String] {
    ids.get(name).unwrap_or_else(|| panic!("which {name} are there? Say it in town.rs"))
}

/// A path with all combinations of ids in its braces.
fn filled(path: &str, ids: &Ids) -> Vec<String> {
    let mut filled = vec![String::new()];
    for part in path.split('/').skip(1) {
        let name = part.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let of_part = name.map_or_else(|| vec![part.to_owned()], |name| known(ids, name).to_vec());
        filled =
            filled.iter().flat_map(|path| of_part.iter().map(move |one| format!("{path}/{one}"))).collect();
    }
    filled
}

/// Without any filter, and with each by itself; always with what must be there.
fn queries(said: &Value, ids: &Ids) -> Vec<String> {
    let parameters = said["parameters"].as_array().cloned().unwrap_or_default();
    let in_query: Vec<&Value> = parameters.iter().filter(|one| one["in"] == "query").collect();
    let values = |one: &Value| -> Vec<String> {
        let name = one["name"].as_str().expect("a name");
        match ids.get(name) {
            Some(known) => known.clone(),
            None => words(&one["schema"]),
        }
        .into_iter()
        .map(|value| format!("{name}={value}"))
        .collect()
    };
    let required: Vec<String> = in_query
        .iter()
        .filter(|one| one["required"] == true)
        .flat_map(|one| values(one).into_iter().take(1))
        .collect();
    let has_limit = in_query.iter().any(|one| one["name"] == "limit");
    let always = required.into_iter().chain(has_limit.then(|| "limit=100".to_owned())).collect::<Vec<_>>();
    let filters = in_query.iter().filter(|one| {
        one["required"] != true && !["limit", "cursor"].contains(&one["name"].as_str().unwrap_or_default())
    });
    let mut queries = vec![always.clone()];
    queries.extend(filters.flat_map(|one| values(one)).map(|filter| [always.clone(), vec![filter]].concat()));
    let query =
        |parts: Vec<String>| if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    queries.into_iter().map(query).collect()
}

/// The values of a filter that are worth a call: each word of a fixed list, both truths, else the example.
fn words(schema: &Value) -> Vec<String> {
    let fixed = schema["pattern"].as_str().and_then(|pattern| pattern.strip_prefix("^(")?.strip_suffix(")$"));
    if let Some(fixed) = fixed {
        return fixed.split('|').map(str::to_owned).collect();
    }
    if schema["type"].to_string().contains("boolean") {
        return vec!["true".to_owned(), "false".to_owned()];
    }
    match &schema["example"] {
        Value::String(text) => vec![text.replace(' ', "%20")],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// The example of a body, with each known id where it names one.
fn bodies(document: &Value, said: &Value, ids: &Ids) -> Vec<Option<Body>> {
    let content = &said["requestBody"]["content"];
    if content.get("multipart/form-data").is_some() {
        return vec![Some(Body::Picture)];
    }
    let Some(schema) = content.get("application/json").map(|json| &json["schema"]) else { return vec![None] };
    let schema = match schema["$ref"].as_str() {
        Some(of) => document.pointer(of.trim_start_matches('#')).expect("a schema"),
        None => schema,
    };
    let example = schema["example"].clone();
    assert!(example.is_object(), "no example: {schema}");
    let mut bodies = vec![example];
    for name in ["request_id", "booking_id", "media_id", "session_id"] {
        if schema["properties"].get(name).is_some() {
            let with =
                |body: &Value| known(ids, name).iter().map(|id| with(body, name, id)).collect::<Vec<_>>();
            bodies = bodies.iter().flat_map(with).collect();
        }
    }
    bodies.into_iter().map(|body| Some(Body::Json(body))).collect()
}

fn with(body: &Value, name: &str, id: &str) -> Value {
    let mut body = body.clone();
    body[name] = Value::String(id.to_owned());
    body
}
