//! Several at once.

use futures::future::join_all;
use serde_json::json;

use super::{cleaner, count, patch, start, submit};
use crate::support::{App, assert_problem};

#[tokio::test]
async fn however_often_it_is_handed_in_at_once_there_is_one_provider() {
    let app = App::builder().workers(0).start().await;
    for round in 0..crate::support::size(3, 30) {
        let maya = app.consumer(&format!("maya {round}"));
        let id = start(&maya).await;
        patch(&maya, &id, cleaner()).await.expect(200);
        let submits = join_all((0..8).map(|_| submit(&maya, &id))).await;
        let mut providers: Vec<_> =
            submits.into_iter().map(|answer| answer.expect(200).body["provider_id"].to_string()).collect();
        providers.dedup();
        assert_eq!(providers.len(), 1, "{providers:?}");
    }
    let rounds = crate::support::size(3, 30) as i64;
    for of in ["providers", "tasks WHERE kind = 'embedding'", "notifications", "enrollment_history"] {
        assert_eq!(count(&app, of).await, rounds, "{of}");
    }
}

#[tokio::test]
async fn what_is_filled_in_while_it_is_handed_in_counts_wholly_or_not_at_all() {
    let app = App::builder().workers(0).start().await;
    for round in 0..crate::support::size(5, 50) {
        let maya = app.consumer(&format!("maya {round}"));
        let id = start(&maya).await;
        patch(&maya, &id, cleaner()).await.expect(200);
        let (submitted, patched) =
            futures::join!(submit(&maya, &id), patch(&maya, &id, json!({"headline": "Cleaner"})));
        let provider = submitted.expect(200).body["provider_id"].as_str().unwrap().to_owned();
        let headline = format!("SELECT headline FROM providers WHERE id = '{provider}'");
        let headline = app.database.value(&headline).await;
        match patched.status {
            200 => assert_eq!(headline, "Cleaner"),
            _ => {
                assert_problem!(patched, 409, "illegal_move");
                assert_eq!(headline, "Clean");
            }
        }
    }
}
