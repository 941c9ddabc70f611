//! The authorization matrix: every operation × every caller × whose it is.

mod calls;
mod mutation;
mod table;

use std::collections::BTreeSet;

use proxie_api::operations;
use table::{CALLERS, Row, rows};

use crate::support::{App, check_problem};

/// Calls a row's operation as everybody; answers what was not as it must be.
async fn mistakes(app: &App, row: &Row) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (caller, wanted) in CALLERS.iter().zip(&row.cells) {
        let answer = calls::call(app, row, caller).await;
        let code = answer.body["code"].as_str();
        if (answer.status, code) != (wanted.status, wanted.code) {
            let Row { operation, whose, .. } = row;
            let text: String = answer.text.chars().take(300).collect();
            mistakes.push(format!(
                "{operation} ({whose}) by {caller}: {wanted:?}, answered {} {text}",
                answer.status
            ));
        } else if let Some(code) = wanted.code {
            check_problem(&answer, wanted.status, code, None);
        }
    }
    mistakes
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_contract_says_and_no_more() {
    let app = App::builder().workers(0).start().await;
    let rows = rows();
    let mut mistakes_all = Vec::new();
    for row in &rows {
        mistakes_all.extend(mistakes(&app, row).await);
    }
    assert!(mistakes_all.is_empty(), "{}", mistakes_all.join("\n"));
    println!("figure: authorization matrix: {} rows, {} cells", rows.len(), rows.len() * CALLERS.len());
}

#[test]
fn every_operation_has_a_row() {
    let written: BTreeSet<String> = rows().into_iter().map(|row| row.operation).collect();
    let served: BTreeSet<String> = operations().iter().map(|operation| operation.declared().name()).collect();
    assert_eq!(written, served);
}

#[test]
fn what_has_an_owner_is_tried_as_ones_own_anothers_and_nobodys() {
    for row in
        rows().iter().filter(|row| row.operation.contains("_id}") && !row.operation.contains("/admin/"))
    {
        for whose in ["own", "another's", "unknown"] {
            assert!(
                rows().iter().any(|other| other.operation == row.operation && other.whose == whose),
                "{} {whose}",
                row.operation
            );
        }
    }
}
