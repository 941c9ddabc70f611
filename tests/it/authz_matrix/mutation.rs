//! Each role rule and each owner predicate is switched off in turn: the matrix, or a look at what lists show, must notice.

use std::collections::BTreeSet;

use proxie_api::operations;
use proxie_shared::auth::Rule;
use proxie_shared::model::users::Role;
use proxie_shared::test_support::TestDatabase;
use serde_json::json;

use super::mistakes;
use super::table::rows;
use crate::guards;
use crate::support::{App, size};

/// The operations that say who may call.
fn rules() -> Vec<String> {
    let operations = operations();
    let ruled = operations
        .iter()
        .map(|operation| operation.declared())
        .filter(|declared| declared.rule != Rule::Public);
    ruled.map(|declared| declared.name()).collect()
}

/// The ids of the owner predicates, as they stand in the code.
fn predicates() -> Vec<String> {
    let mut found = BTreeSet::new();
    for source in guards::sources_of("shared/src/db") {
        for macro_name in ["owned!(", "own!(", "owned_sql!("] {
            for (at, _) in source.match_indices(macro_name) {
                let rest = source[at + macro_name.len()..].trim_start();
                if let Some(id) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                    found.insert(id.to_owned());
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Whether the matrix notices that an operation's rule is forgotten.
async fn rule_is_noticed(name: &str) -> bool {
    let app = App::builder().workers(0).switched_off(name).start().await;
    for row in rows().iter().filter(|row| row.operation == name) {
        if !mistakes(&app, row).await.is_empty() {
            return true;
        }
    }
    false
}

/// Whether anything notices that a predicate holds for everybody.
async fn predicate_is_noticed(id: &str) -> bool {
    let database = TestDatabase::create().await;
    let without = TestDatabase::at(&format!("{}?application_name=without%20{id}", database.url()));
    let app = App::builder().workers(0).database(without).start().await;
    if shows_what_is_anothers(&app).await {
        return true;
    }
    for row in rows().iter().filter(|row| row.whose.starts_with("another's")) {
        if !mistakes(&app, row).await.is_empty() {
            return true;
        }
    }
    false
}

/// Whether somebody's lists show what is another's.
async fn shows_what_is_anothers(app: &App) -> bool {
    let noah = app.user("noah", Role::Consumer);
    noah.post("/chat", json!({"message": "something that nobody else shall read"})).await.expect(202);
    let request =
        json!({"service_id": "haircut", "city": "Brooklyn", "description": "nobody else shall read this"});
    noah.post("/requests", request).await.expect(201);
    let maya = app.user("maya", Role::Consumer);
    maya.post("/chat", json!({"message": "my own words"})).await.expect(202);
    let sessions = maya.get("/chat/sessions").await.expect(200).body;
    let export = maya.get("/auth/me/export").await.expect(200);
    sessions["items"].as_array().map(Vec::len) != Some(1) || export.text.contains("nobody else shall read")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_of_others() {
    let app = App::builder().workers(0).start().await;
    assert!(!shows_what_is_anothers(&app).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_rule_is_noticed() {
    let all = rules();
    let tried: Vec<&String> = all.iter().step_by(size(8, 1)).collect();
    for name in &tried {
        assert!(rule_is_noticed(name).await, "nobody notices that {name} lets everybody in");
    }
    println!("figure: mutation: {} of {} role rules switched off, each noticed", tried.len(), all.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_owner_is_noticed() {
    let all = predicates();
    assert!(all.len() >= 6, "{all:?}");
    let tried: Vec<&String> = all.iter().step_by(size(4, 1)).collect();
    for id in &tried {
        assert!(predicate_is_noticed(id).await, "nobody notices that {id} holds for everybody");
    }
    println!(
        "figure: mutation: {} of {} owner predicates switched off, each noticed",
        tried.len(),
        all.len()
    );
}
