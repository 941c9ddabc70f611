//! Whose account is shut is found, looked at and booked by nobody, till it is opened again.

use proxie_shared::model::users::Role;
use proxie_shared::test_support::TestDatabase;
use serde_json::{Value, json};

use crate::support::{App, Caller, Deal, assert_problem, slot};

/// Pages about a provider that everybody may read.
fn pages(deal: &Deal) -> Vec<String> {
    let id = deal.provider;
    let slots = crate::support::day(2);
    vec![
        format!("/providers/{id}"),
        format!("/providers/{id}/profile"),
        format!("/providers/{id}/services"),
        format!("/providers/{id}/portfolio"),
        format!("/providers/{id}/slots?service_id=haircut&from={slots}&to={slots}"),
        format!("/reviews/provider/{id}"),
    ]
}

async fn found(caller: &Caller, query: &str) -> Vec<Value> {
    let page = caller.get(&format!("/providers?{query}")).await.expect(200).body;
    page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

const SEARCHES: [&str; 6] = [
    "city=Brooklyn",
    "service_id=haircut&sort=price",
    "q=curls",
    "lat=40.68&lng=-73.94&sort=distance",
    "sort=newest",
    "category_id=hair_beauty",
];

async fn shut(root: &Caller, user: uuid::Uuid, status: &str) {
    let path = format!("/admin/users/{user}/status");
    root.put(&path, json!({"status": status})).await.expect(200);
}

/// Whether the agent would show the provider to somebody.
async fn is_candidate(database: &TestDatabase, deal: &Deal) -> bool {
    let pool = database.pool();
    let mut conn = pool.conn().await.unwrap();
    let wanted = proxie_shared::db::providers::Wanted {
        service_id: "haircut",
        city: "Brooklyn",
        limit: 10,
        ..Default::default()
    };
    let found = proxie_shared::db::providers::find(&mut conn, &wanted).await.unwrap();
    found.iter().any(|one| one.provider_id.0 == deal.provider)
}

#[tokio::test]
async fn whose_account_is_suspended_is_found_by_nobody_till_it_is_opened_again() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let (root, guest) = (app.user("root", Role::Admin), app.guest().await);
    let photo = app.media_row(deal.ann_id).await;
    app.database
        .execute(&format!("UPDATE providers SET photo_id = '{photo}' WHERE id = '{}'", deal.provider))
        .await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    let waiting = deal.another(&app).await;
    app.database
        .execute(&format!(
            "UPDATE requests SET status = 'matching', next_match_at = now() + interval '1 hour' WHERE id = '{}'",
            waiting.request
        ))
        .await;
    let accept = format!("/offers/{offer}/accept");
    let picture = format!("/media/{photo}");

    shut(&root, deal.ann_id, "suspended").await;
    for page in pages(&deal) {
        assert_problem!(guest.get(&page).await, 404, "not_found");
        root.get(&page).await.expect(200);
    }
    for query in SEARCHES {
        assert_eq!(found(&guest, query).await, [Value::Null; 0], "{query}");
    }
    assert!(!is_candidate(&app.database, &deal).await);
    assert_problem!(guest.get(&picture).await, 403, "not_yours");
    let refused = deal.maya.put(&accept, json!({"slot": slot(1, "12:00")})).await;
    assert_problem!(refused, 409, "offer_not_pending");

    shut(&root, deal.ann_id, "active").await;
    for page in pages(&deal) {
        guest.get(&page).await.expect(200);
    }
    for query in SEARCHES {
        assert_eq!(found(&guest, query).await, [json!(deal.provider)], "{query}");
    }
    assert!(is_candidate(&app.database, &deal).await);
    guest.get(&picture).await.expect(200);
    let due = format!("SELECT next_match_at <= now() FROM requests WHERE id = '{}'", waiting.request);
    assert_eq!(app.database.value(&due).await, true, "who waits for a haircut is matched again");
    deal.maya.put(&accept, json!({"slot": slot(1, "12:00")})).await.expect(200);
}

#[tokio::test]
async fn of_a_suspended_provider_nothing_is_accepted_till_it_goes_on() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let root = app.user("root", Role::Admin);
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    let accept = format!("/offers/{offer}/accept");
    let status = format!("/admin/providers/{}/status", deal.provider);
    root.put(&status, json!({"status": "suspended"})).await.expect(200);
    for query in SEARCHES {
        assert_eq!(found(&deal.maya, query).await, [Value::Null; 0], "{query}");
    }
    assert!(!is_candidate(&app.database, &deal).await);
    let refused = deal.maya.put(&accept, json!({"slot": slot(1, "12:00")})).await;
    assert_problem!(refused, 409, "offer_not_pending");
    root.put(&status, json!({"status": "active"})).await.expect(200);
    deal.maya.put(&accept, json!({"slot": slot(1, "12:00")})).await.expect(200);
}

#[tokio::test]
async fn who_closed_the_account_is_found_by_nobody_and_offers_nothing() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let offer = deal.offered(&[slot(1, "12:00")]).await;
    deal.ann.delete("/auth/me").await.expect(204);
    for page in pages(&deal) {
        assert_problem!(deal.maya.get(&page).await, 404, "not_found");
    }
    for query in SEARCHES {
        assert_eq!(found(&deal.maya, query).await, [Value::Null; 0], "{query}");
    }
    let refused = deal.maya.put(&format!("/offers/{offer}/accept"), json!({"slot": slot(1, "12:00")})).await;
    assert_problem!(refused, 409, "offer_not_pending");
    assert_eq!(refused.body["from"], "withdrawn");
}
