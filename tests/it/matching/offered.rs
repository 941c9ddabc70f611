//! What providers offer, as it is kept beside where they are: matching by place finds nobody without it.

use proxie_shared::model::users::Role;
use serde_json::json;

use crate::support::{App, WAITING, eventually};

/// What they offer, and what is kept of it.
const OFFERED: &str =
    "SELECT p.offered = coalesce((SELECT array_agg(hashtext(s.service_id) ORDER BY s.service_id)
                         FROM provider_services s WHERE s.provider_id = p.id), '{}') FROM providers p";

fn offers(provider: uuid::Uuid, service: &str) -> String {
    format!(
        "INSERT INTO provider_services (provider_id, service_id, places) VALUES ('{provider}', '{service}', '{{provider}}')"
    )
}

#[tokio::test]
async fn what_two_add_at_once_is_both_there() {
    let app = App::builder().workers(0).start().await;
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let first = app.database.hold(&format!("BEGIN; {}", offers(provider, "hair_coloring"))).await;
    let other = app.database.pool();
    let second = tokio::spawn({
        let sql = offers(provider, "hair_styling");
        async move {
            diesel_async::SimpleAsyncConnection::batch_execute(&mut *other.conn().await.unwrap(), &sql).await
        }
    });
    eventually("the second waits", async || app.database.value(WAITING).await == json!(1)).await;
    first.finish("COMMIT").await;
    second.await.unwrap().unwrap();
    assert_eq!(app.database.value(OFFERED).await, json!(true));

    app.database.execute("DELETE FROM provider_services WHERE service_id = 'hair_coloring'").await;
    assert_eq!(app.database.value(OFFERED).await, json!(true));
}

#[tokio::test]
async fn an_offer_stays_of_its_service() {
    let app = App::builder().workers(0).start().await;
    app.provider_row(app.user_row(Role::Provider).await).await;
    let moved = app.database.try_execute("UPDATE provider_services SET service_id = 'hair_styling'").await;
    assert!(moved.unwrap_err().to_string().contains("an offer stays"));
}
