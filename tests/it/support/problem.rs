//! Errors as the contract wants them.

use serde_json::Value;

use super::Answer;

/// Asserts that an answer is a problem with this status and code and, if they are given, exactly these pointers.
macro_rules! assert_problem {
    ($answer:expr, $status:expr, $code:expr) => {
        $crate::support::check_problem(&$answer, $status, $code, None)
    };
    ($answer:expr, $status:expr, $code:expr, [$($pointer:expr),* $(,)?]) => {
        $crate::support::check_problem(&$answer, $status, $code, Some(&[$($pointer),*]))
    };
}
pub(crate) use assert_problem;

/// What could tell a stranger how the system is built, or what went wrong inside.
const CAUSES: [&str; 16] = [
    "postgres",
    "redis",
    "diesel",
    "sql",
    "select ",
    "insert ",
    "constraint",
    "127.0.0.1",
    "localhost",
    "/src/",
    ".rs",
    "panicked",
    "tokio",
    "connection refused",
    "serde",
    "os error",
];

/// See [`assert_problem`].
#[track_caller]
pub fn check_problem(answer: &Answer, status: u16, code: &str, pointers: Option<&[&str]>) {
    let body = &answer.body;
    assert_eq!((answer.status, body["code"].as_str()), (status, Some(code)), "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    assert_eq!(body["status"], status, "{answer:?}");
    assert_eq!(body["request_id"].as_str(), answer.header("x-request-id"), "{answer:?}");
    for field in ["type", "title", "detail"] {
        assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "no {field}: {answer:?}");
    }
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.ends_with(['.', '?', '!']) && detail.contains(' '), "a sentence for people: {detail}");
    let known = [
        "type",
        "title",
        "status",
        "detail",
        "code",
        "request_id",
        "errors",
        "from",
        "allowed",
        "slots",
        "draft",
    ];
    for field in body.as_object().unwrap().keys() {
        assert!(known.contains(&field.as_str()), "an unknown field {field}: {answer:?}");
    }
    let told = answer.text.to_lowercase();
    for cause in CAUSES {
        assert!(!told.contains(cause), "tells '{cause}': {answer:?}");
    }
    if status == 401 {
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Bearer"), "{answer:?}");
    }
    if status == 503 {
        let seconds: u64 = answer.header("retry-after").and_then(|text| text.parse().ok()).unwrap_or(0);
        assert!((1..=60).contains(&seconds), "{answer:?}");
    }
    if let Some(wanted) = pointers {
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let mut told: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
        let mut wanted = wanted.to_vec();
        told.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(told, wanted, "{answer:?}");
        for error in &errors {
            assert!(error["message"].as_str().is_some_and(|text| text.ends_with('.')), "a sentence: {error}");
        }
    } else if status == 422 {
        assert!(body["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{answer:?}");
    } else {
        assert_eq!(body["errors"], Value::Null, "{answer:?}");
    }
}
