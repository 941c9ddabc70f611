//! The OpenAPI document and the pages that show it.

use std::collections::BTreeSet;

use proxie_shared::error::Code;
use serde_json::Value;

use crate::support::{App, assert_problem};

async fn document(app: &App) -> Value {
    app.anybody().get("/api/openapi.json").await.expect(200).body
}

/// `METHOD /path` with what is said of it.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("operations").clone();
        methods
            .into_iter()
            .map(|(method, said)| (format!("{} {path}", method.to_uppercase()), said))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[tokio::test]
async fn what_is_served_is_what_is_documented() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let documented: BTreeSet<String> = operations(&document).into_iter().map(|(name, _)| name).collect();
    let served: BTreeSet<String> =
        proxie_api::operations().iter().map(|operation| operation.declared().name()).collect();
    assert_eq!(documented, served);
    // Each is there: whatever is wrong with the call, it is not the address or the method.
    for name in &documented {
        let (method, path) = name.split_once(' ').unwrap();
        let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let call = app.anybody().call(method.parse().unwrap(), &path);
        let answer = app.anybody().send(call).await;
        let detail = answer.body["detail"].as_str().unwrap_or_default();
        assert!(
            answer.status != 405 && !detail.contains("nothing at this address")
                || path.ends_with("/x")
                || path.starts_with("/webhooks"),
            "{name}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn every_operation_is_described() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    let declared: Vec<&Value> =
        document["tags"].as_array().expect("tags").iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for (name, said) in operations(&document) {
        for field in ["summary", "description", "operationId"] {
            assert!(said[field].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {field}");
        }
        let description = said["description"].as_str().unwrap();
        assert!(
            !description.starts_with("Who may:") && description.contains("Who may:"),
            "{name}: {description}"
        );
        let [tag] = said["tags"].as_array().expect("tags").as_slice() else {
            panic!("{name}: {}", said["tags"])
        };
        assert!(declared.contains(&tag), "{name}: {tag} is not declared");
        assert!(ids.insert(said["operationId"].to_string()), "{name}: the id is there twice");
        assert!(
            said["security"].as_array().is_some_and(|schemes| !schemes.is_empty()),
            "{name} has no security"
        );
        // An issuer's events hold more than is read.
        for body in said["requestBody"]["content"].as_object().into_iter().flat_map(|kinds| kinds.values()) {
            let takes_no_more = resolved(&document, &body["schema"])["additionalProperties"] == false;
            assert_eq!(takes_no_more, name != "POST /webhooks/clerk", "{name}");
        }
        let responses = said["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        assert!(responses.contains_key("401") && responses.contains_key("500"), "{name}");
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{name} {status}");
        }
    }
}

/// A schema, or the one that it refers to.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a schema"),
        None => schema,
    }
}

/// The fields that a schema names.
fn fields(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = resolved(document, schema);
    let own = schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned());
    let parts = ["allOf", "oneOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
    let others = parts.flat_map(|part| fields(document, part));
    own.chain(others).collect()
}

/// That an example is there, that it is what the schema says, and that it has no other fields.
#[track_caller]
fn assert_exemplified(document: &Value, what: &str, schema: &Value, example: &Value) {
    assert!(!example.is_null(), "{what} has no example: {schema}");
    let mut all = schema.clone();
    all["components"] = document["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&all).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(example).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{what}: {errors:?} in {example}");
    let known = fields(document, schema);
    for field in example.as_object().into_iter().flat_map(|fields| fields.keys()) {
        assert!(known.contains(field), "{what} has no {field}");
    }
}

#[tokio::test]
async fn every_body_answer_and_parameter_has_an_example_that_is_one() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    let mut count = 0;
    for (name, said) in operations(&document) {
        let body = [("its body".to_owned(), &said["requestBody"])];
        let answers = said["responses"].as_object().expect("responses").iter();
        let answers = answers.filter(|(status, _)| status.starts_with('2'));
        let answers = answers.map(|(status, answer)| (status.clone(), answer));
        for (part, said) in body.into_iter().chain(answers) {
            let schema = &said["content"]["application/json"]["schema"];
            if !schema.is_null() {
                let example = &resolved(&document, schema)["example"];
                assert_exemplified(&document, &format!("{name} {part}"), schema, example);
                count += 1;
            }
        }
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            if parameter["name"] != "Idempotency-Key" {
                let schema = &parameter["schema"];
                let example = parameter.get("example").unwrap_or(&schema["example"]);
                assert_exemplified(&document, &format!("{name} {}", parameter["name"]), schema, example);
                count += 1;
            }
        }
    }
    // Those of nothing but a part of an answer too.
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        if let Some(example) = schema.get("example") {
            assert_exemplified(&document, name, schema, example);
            count += 1;
        }
    }
    println!("{count} examples are as their schemas say");
}

#[tokio::test]
async fn no_object_is_without_a_type() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    fn walk(at: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                let typed = ["properties", "additionalProperties", "allOf", "oneOf"];
                let is_object = fields.get("type").is_some_and(|kind| {
                    kind == "object" || kind.as_array().is_some_and(|kinds| kinds.contains(&"object".into()))
                });
                assert!(!is_object || typed.iter().any(|word| fields.contains_key(*word)), "{at}: {value}");
                let said =
                    fields.iter().filter(|(name, _)| !["example", "examples"].contains(&name.as_str()));
                said.for_each(|(name, field)| walk(&format!("{at}/{name}"), field));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(at, item)),
            _ => {}
        }
    }
    walk("", &document);
    let code = &document["components"]["schemas"]["TaskErrorView"]["properties"]["code"];
    assert!(code["$ref"] == "#/components/schemas/Code", "{code}");
}

#[tokio::test]
async fn what_proves_who_calls_is_said() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    let schemes = document["components"]["securitySchemes"].as_object().expect("schemes");
    let none = serde_json::json!({});
    let proved = |scheme: &str| serde_json::json!({scheme: []});
    let security: std::collections::BTreeMap<String, Value> =
        operations(&document).into_iter().map(|(name, said)| (name, said["security"].clone())).collect();
    for (name, expected) in [
        ("POST /webhooks/clerk", vec![proved("svix")]),
        ("GET /metrics", vec![none.clone(), proved("metrics")]),
        ("POST /auth/refresh", vec![none.clone(), proved("refresh_cookie")]),
        ("POST /auth/logout", vec![none.clone(), proved("refresh_cookie")]),
        ("POST /chat", vec![none, proved("bearer")]),
        ("GET /auth/me", vec![proved("bearer")]),
    ] {
        assert_eq!(security[name], Value::Array(expected), "{name}");
    }
    for scheme in
        security.values().flat_map(|any| any.as_array().unwrap()).flat_map(|one| one.as_object().unwrap())
    {
        assert!(schemes.contains_key(scheme.0), "{scheme:?}");
    }
}

#[tokio::test]
async fn headers_of_answers_are_said() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    let has = |path: &str, status: &str, header: &str| {
        let (path, method) =
            path.rsplit_once(' ').map(|(method, path)| (path, method.to_lowercase())).unwrap();
        document["paths"][path][method]["responses"][status]["headers"].get(header).cloned()
    };
    for (name, status) in [
        ("POST /auth/register", "201"),
        ("POST /auth/login", "200"),
        ("POST /auth/refresh", "200"),
        ("POST /auth/password", "200"),
        ("POST /auth/logout", "204"),
    ] {
        assert!(has(name, status, "Set-Cookie").is_some(), "{name}");
    }
    for (name, status) in
        [("POST /requests", "409"), ("POST /requests", "429"), ("GET /auth/me", "503"), ("GET /ready", "503")]
    {
        let header = has(name, status, "Retry-After").unwrap_or_else(|| panic!("{name} {status}"));
        assert_eq!(header["schema"]["type"], "integer", "{name} {status}");
    }
    assert!(has("POST /auth/register", "409", "Retry-After").is_none(), "waiting would not help");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_what_it_means() {
    let app = App::builder().workers(0).start().await;
    let problem = app.anybody().get("/auth/me").await.expect(401).body;
    let (page, anchor) = problem["type"].as_str().unwrap().split_once('#').unwrap();
    let page = app.anybody().get(page).await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert!(page.text.contains(&format!("<section id=\"{anchor}\">")), "{}", page.text);
    assert!(page.text.contains("Bearer &lt;token&gt;") && !page.text.contains("<script"));
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    let pointer = reference.strip_prefix('#').expect("a reference inside");
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                fields.values().for_each(|field| walk(document, field));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(document, item)),
            _ => {}
        }
    }
    walk(&document, &document);
}

#[tokio::test]
async fn only_the_path_must_be_said() {
    let app = App::builder().workers(0).start().await;
    for (name, said) in operations(&document(&app).await) {
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            let signature = parameter["name"].as_str().is_some_and(|name| name.starts_with("svix-"));
            // What is free depends on for what, and when.
            let slots = name == "GET /providers/{provider_id}/slots";
            let needed = parameter["in"] == "path" || signature || slots;
            assert_eq!(parameter["required"], needed, "{name}: {parameter}");
        }
    }
}

#[tokio::test]
async fn errors_are_documented_as_they_are() {
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    let answer = app.guest().await.get("/chat/sessions?limit=0").await;
    assert_problem!(answer, 422, "invalid", ["/query/limit"]);
    let schemas = &document["components"]["schemas"];
    let listed = |schema: &Value| -> BTreeSet<String> {
        schema["properties"].as_object().expect("fields").keys().cloned().collect()
    };
    let told =
        |value: &Value| -> BTreeSet<String> { value.as_object().expect("fields").keys().cloned().collect() };
    let details = &schemas["ProblemDetails"];
    // What some codes tell beside is a part of its own.
    let more = listed(&schemas["More"]);
    assert_eq!(told(&answer.body), &fields(&document, details) - &more);
    let own = details["allOf"].as_array().expect("parts").iter().find(|part| !part["properties"].is_null());
    let own = &own.expect("fields")["properties"];
    let reference = own["errors"]["items"]["$ref"].as_str().expect("a reference");
    let problem = document.pointer(reference.trim_start_matches('#')).expect("a schema");
    assert_eq!(told(&answer.body["errors"][0]), listed(problem));
}

#[tokio::test]
async fn every_code_is_documented() {
    use strum::VariantArray;
    let app = App::builder().workers(0).start().await;
    let document = document(&app).await;
    let codes = document["components"]["schemas"]["Code"]["enum"].as_array().expect("codes");
    for code in Code::VARIANTS {
        assert!(codes.iter().any(|known| known == &code.to_string()), "{code}");
        assert!(code.title().len() > 3 && code.detail().ends_with('.'), "{code}");
        assert!((400..600).contains(&code.status()), "{code}");
    }
}

#[tokio::test]
async fn the_pages_need_nothing_from_elsewhere() {
    let app = App::builder().workers(0).start().await;
    for (page, scripts) in
        [("/api/docs", "/api/docs/swagger-ui-bundle.js"), ("/api/redoc", "/api/redoc/redoc.standalone.js")]
    {
        let shown = app.anybody().get(page).await.expect(200);
        assert!(shown.header("content-type").unwrap().starts_with("text/html"));
        assert!(shown.text.contains(scripts), "{}", shown.text);
        assert!(!shown.text.contains("https://"), "{}", shown.text);
        let policy = shown.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'"), "{policy}");
        let script = app.anybody().get(scripts).await.expect(200);
        assert!(script.header("content-type").unwrap().contains("javascript"), "{:?}", script.headers);
    }
    assert_problem!(app.anybody().get("/api/docs/nothing.js").await, 404, "not_found");
}

#[tokio::test]
async fn files_are_sent_compressed_to_who_takes_that_and_not_at_all_to_who_has_them() {
    let app = App::builder().workers(0).start().await;
    let anybody = app.anybody();
    for path in [
        "/api/docs",
        "/api/docs/swagger-ui.css",
        "/api/docs/errors",
        "/api/redoc/redoc.standalone.js",
        "/api/openapi.json",
    ] {
        let ask = |header: &str, value: &str| anybody.call(reqwest::Method::GET, path).header(header, value);
        let plain = anybody.get(path).await.expect(200);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for (accepted, compressed) in
            [("gzip", true), ("br, gzip;q=0.5", true), ("gzip;q=0", false), ("br", false)]
        {
            let answer = anybody.send(ask("accept-encoding", accepted)).await.expect(200);
            assert_eq!(answer.header("content-encoding"), compressed.then_some("gzip"), "{path} {accepted}");
            assert_eq!(
                answer.header("vary").map(str::to_lowercase).as_deref(),
                Some("accept-encoding"),
                "{path}"
            );
            assert_eq!(answer.header("etag"), plain.header("etag"), "{path}");
            assert_eq!(answer.text == plain.text, !compressed, "{path} {accepted}");
        }
        let tag = plain.header("etag").expect("a tag").to_owned();
        let known = anybody.send(ask("if-none-match", &tag)).await.expect(304);
        assert!(known.text.is_empty() && known.header("etag") == Some(&tag), "{path}");
        anybody.send(ask("if-none-match", "\"another\"")).await.expect(200);
    }
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_page() {
    let app = App::builder().workers(0).start().await;
    for page in ["/api/docs", "/api/redoc"] {
        let (with, without) = (app.anybody().get(&format!("{page}/")).await, app.anybody().get(page).await);
        assert_eq!((with.status, &with.text), (200, &without.text), "{page}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_browsers_heed() {
    let app = App::builder().workers(0).start().await;
    for path in ["/health", "/api/openapi.json", "/nothing/here", "/auth/me"] {
        let answer = app.anybody().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert!(answer.header("strict-transport-security").is_none(), "not in development: {path}");
    }
}
