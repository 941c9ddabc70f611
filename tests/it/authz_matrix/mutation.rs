//! Each role rule and each owner predicate is switched off in turn: the matrix, or a story of a bystander, must notice.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use proxie_api::operations;
use proxie_shared::auth::Rule;
use proxie_shared::test_support::{TestDatabase, TestRedis};

use super::table::{CALLERS, Row, rows};
use super::{bystanders, mistake};
use crate::guards;
use crate::support::App;

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
    for source in ["shared/src/db", "shared/src/queue"].into_iter().flat_map(guards::sources_of) {
        for macro_name in ["owned!(", "own!(", "owned_sql!(", "owned_key!("] {
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

/// Whether a cell of these rows is not as it must be.
async fn has_mistakes(app: &App, rows: impl Iterator<Item = &Row>) -> bool {
    for row in rows {
        for at in 0..CALLERS.len() {
            if mistake(app, row, at).await.is_some() {
                return true;
            }
        }
    }
    false
}

/// Whether the matrix notices that an operation's rule is forgotten.
async fn rule_is_noticed(name: &str, database: &TestDatabase) -> bool {
    let database = TestDatabase::at(database.url());
    let app = App::builder().workers(0).switched_off(name).database(database).start().await;
    has_mistakes(&app, rows().iter().filter(|row| row.operation == name)).await
}

/// Whether anything notices that a predicate holds for everybody.
async fn predicate_is_noticed(id: &str, database: &TestDatabase) -> bool {
    let without = TestDatabase::at(&format!("{}?application_name=without%20{id}", database.url()));
    let redis = TestRedis::create().below(&format!("without {id}:"));
    let app = App::builder().workers(0).database(without).redis(redis).start().await;
    if AssertUnwindSafe(bystanders::tell_all(&app)).catch_unwind().await.is_err() {
        return true;
    }
    has_mistakes(&app, rows().iter().filter(|row| row.whose == "another's")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_rule_is_noticed() {
    // One for all: everybody who calls is new.
    let database = TestDatabase::create().await;
    let all = rules();
    for name in &all {
        assert!(rule_is_noticed(name, &database).await, "nobody notices that {name} lets everybody in");
    }
    println!("figure: mutation: {0} of {0} role rules switched off, each noticed", all.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_owner_is_noticed() {
    let database = TestDatabase::create().await;
    let all = predicates();
    assert!(all.len() >= 14, "{all:?}");
    for id in &all {
        assert!(predicate_is_noticed(id, &database).await, "nobody notices that {id} holds for everybody");
    }
    // What was noticed is not what the others left behind.
    assert!(!predicate_is_noticed("nothing", &database).await, "noticed although all predicates hold");
    println!("figure: mutation: {0} of {0} owner predicates switched off, each noticed", all.len());
}
