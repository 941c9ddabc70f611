//! The authorization matrix: every operation × every caller × whose it is.

mod bystanders;
mod calls;
mod mutation;
mod table;

use std::collections::BTreeSet;

use proxie_api::operations;
use serde_json::Value;
use table::{CALLERS, Row, rows};

use crate::support::{App, check_problem};
use crate::webhooks;

/// Calls a row's operation as one of [`CALLERS`]; answers what was not as it must be.
async fn mistake(app: &App, row: &Row, at: usize) -> Option<String> {
    let (caller, wanted) = (CALLERS[at], &row.cells[at]);
    let answer = calls::call(app, row, caller).await;
    let code = answer.body["code"].as_str();
    if (answer.status, code) == (wanted.status, wanted.code) {
        if let Some(code) = wanted.code {
            check_problem(&answer, wanted.status, code, None);
        }
        return None;
    }
    let Row { operation, whose, state, .. } = row;
    let state = state.unwrap_or("as ever");
    let text: String = answer.text.chars().take(300).collect();
    Some(format!("{operation} ({whose}, {state}) by {caller}: {wanted:?}, answered {} {text}", answer.status))
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_contract_says_and_no_more() {
    let app = App::builder().workers(0).start().await;
    let with_clerk = webhooks::app(false).await;
    let rows = rows();
    let mut mistakes = Vec::new();
    for row in &rows {
        let app = if ["signed", "forged"].contains(&row.whose) { &with_clerk } else { &app };
        for at in 0..CALLERS.len() {
            mistakes.extend(mistake(app, row, at).await);
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    println!("figure: authorization matrix: {} rows, {} cells", rows.len(), rows.len() * CALLERS.len());
}

#[test]
fn every_operation_has_a_row() {
    let written: BTreeSet<String> = rows().into_iter().map(|row| row.operation).collect();
    let served: BTreeSet<String> = operations().iter().map(|operation| operation.declared().name()).collect();
    assert_eq!(written, served);
}

/// Ids in bodies that have no owner: of the catalog; of what the client says; and what makes its holder the owner.
const NOBODYS: [&str; 4] = ["category_id", "service_id", "client_message_id", "refresh_token"];

/// The names of the ids of an operation that belong to somebody: in its path, and in its body as it is documented.
fn owned_ids(operation: &str, document: &Value) -> Vec<String> {
    let (method, path) = operation.split_once(' ').expect("a method");
    let in_path = path.split(['{', '}']).skip(1).step_by(2).map(str::to_owned);
    let said = &document["paths"][path][method.to_lowercase()];
    let mut schema = &said["requestBody"]["content"]["application/json"]["schema"];
    if let Some(of) = schema["$ref"].as_str() {
        schema = document.pointer(of.trim_start_matches('#')).expect("a schema");
    }
    let in_body = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let is_id = |name: &String| name.ends_with("_id") || name.ends_with("_token");
    in_path.chain(in_body).filter(|name| is_id(name) && !NOBODYS.contains(&name.as_str())).collect()
}

#[test]
fn what_has_an_owner_is_tried_as_ones_own_anothers_and_nobodys() {
    let document: Value = serde_json::from_str(&proxie_api::openapi().expect("JSON")).expect("JSON");
    let rows = rows();
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let operation = operation.declared().name();
        let owned = owned_ids(&operation, &document);
        for whose in ["own", "another's", "unknown"].iter().filter(|_| !owned.is_empty()) {
            let tried = rows.iter().any(|row| row.operation == operation && row.whose == *whose);
            assert!(tried, "{operation} {whose}: {owned:?}");
        }
        ids.extend(owned);
    }
    // They are found where they are.
    assert_eq!(
        ids.into_iter().collect::<Vec<_>>(),
        [
            "booking_id",
            "enrollment_id",
            "guest_token",
            "item_id",
            "media_id",
            "notification_id",
            "offer_id",
            "provider_id",
            "request_id",
            "review_id",
            "session_id",
            "task_id",
            "template_id",
            "user_id"
        ]
    );
}
