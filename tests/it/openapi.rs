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
        let path = path
            .replace("{task_id}", "x")
            .replace("{session_id}", "x")
            .replace("{user_id}", "x")
            .replace("{file}", "x");
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
    let mut ids = BTreeSet::new();
    for (name, said) in operations(&document(&app).await) {
        for field in ["summary", "description", "operationId"] {
            assert!(said[field].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {field}");
        }
        assert!(ids.insert(said["operationId"].to_string()), "{name}: the id is there twice");
        assert!(
            said["security"].as_array().is_some_and(|schemes| !schemes.is_empty()),
            "{name} has no security"
        );
        let responses = said["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        assert!(responses.contains_key("401") && responses.contains_key("500"), "{name}");
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{name} {status}");
        }
    }
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
            assert_eq!(parameter["required"], parameter["in"] == "path", "{name}: {parameter}");
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
    assert_eq!(told(&answer.body), listed(details));
    let reference = details["properties"]["errors"]["items"]["$ref"].as_str().expect("a reference");
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
