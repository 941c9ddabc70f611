//! Leads: what providers see of requests, and what they do with them.

mod auto;
mod suggested;

use futures::future::join_all;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, assert_problem};

/// Somebody with a business: who they are, and its id.
async fn business(app: &App, name: &str) -> (Caller, Uuid) {
    let caller = app.user(name, Role::Provider);
    let provider = app.provider_row(app.id_of(&caller).await).await;
    (caller, provider)
}

async fn put(caller: &Caller, path: &str) -> Answer {
    caller.send(caller.call(Method::PUT, path)).await
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|lead| lead["request"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_provider_sees_leads_and_why_they_came() {
    let app = App::builder().workers(0).start().await;
    let (curls, provider) = business(&app, "curls").await;
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    let [first, second] = [app.request_row(owner).await, app.request_row(owner).await];
    app.lead_row(first, provider).await;
    app.lead_row(second, provider).await;
    let factors = r#"[{"name": "distance", "weight": 0.3, "value": 0.9, "share": 0.27},
                      {"name": "price", "weight": 0.7, "value": 0.4, "share": 0.28}]"#;
    app.database
        .execute(&format!("UPDATE request_matches SET factors = '{factors}' WHERE request_id = '{first}'"))
        .await;
    let page = curls.get("/providers/leads").await.expect(200).body;
    assert_eq!(ids(&page), [second.to_string(), first.to_string()], "the latest first");
    let lead = &page["items"][1];
    assert_eq!(lead["why"], json!(["Your price is within the budget.", "It is near."]));
    assert_eq!(
        (&lead["viewed"], &lead["offered"], &lead["score"]),
        (&json!(false), &json!(false), &json!(0.5))
    );

    let viewed = put(&curls, &format!("/requests/{first}/view")).await.expect(200).body;
    let again = put(&curls, &format!("/requests/{first}/view")).await.expect(200).body;
    assert!(viewed["viewed"] == true && viewed["viewed_at"] == again["viewed_at"], "{viewed} {again}");
    let offer = app.offer_row(second, provider).await;
    let filtered = async |query: &str| {
        let page = curls.get(&format!("/providers/leads?{query}")).await.expect(200).body;
        ids(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(filtered("viewed=true").await, [first.to_string()]);
    assert_eq!(filtered("viewed=false").await, [second.to_string()]);
    assert_eq!(filtered("offered=true").await, [second.to_string()]);
    assert_eq!(filtered("offered=false").await, [first.to_string()]);
    assert_eq!(filtered("service_id=braiding").await, Vec::<String>::new());
    let offered = curls.get("/providers/leads?offered=true").await.expect(200).body;
    assert_eq!(offered["items"][0]["offer_id"], json!(offer));
    let page = curls.get("/providers/leads?limit=1").await.expect(200).body;
    let next = page["next_cursor"].as_str().unwrap();
    let rest = curls.get(&format!("/providers/leads?limit=1&cursor={next}")).await.expect(200).body;
    assert_eq!(
        (ids(&page), ids(&rest)),
        (vec![second.to_string().as_str()], vec![first.to_string().as_str()])
    );
    assert_eq!(rest["next_cursor"], Value::Null);

    app.database.execute(&format!("UPDATE requests SET status = 'cancelled' WHERE id = '{first}'")).await;
    assert_eq!(filtered("").await, [second.to_string()]);
    assert_eq!(filtered("open=false").await, [first.to_string()]);
}

#[tokio::test]
async fn leads_cost_the_same_however_many_there_are() {
    let app = App::builder().workers(0).start().await;
    let (curls, provider) = business(&app, "curls").await;
    let consumer = app.user_row(Role::Consumer).await;
    let first = app.request_row(consumer).await;
    app.lead_row(first, provider).await;
    let (one, _) = app.queries_of(&curls, "/providers/leads?limit=100").await;
    app.database
        .execute(&format!(
            "INSERT INTO requests (id, user_id, service_id, city, zone, expires_at, status)
               SELECT gen_random_uuid(), user_id, service_id, city, zone, expires_at, 'matched'
               FROM requests, generate_series(1, 999) WHERE id = '{first}';
             INSERT INTO request_matches (request_id, provider_id, score, factors)
               SELECT id, '{provider}', 0.5, '[]' FROM requests WHERE id <> '{first}'"
        ))
        .await;
    let (many, answer) = app.queries_of(&curls, "/providers/leads?limit=100").await;
    assert_eq!((one, ids(&answer.body).len()), (many, 100));
    println!("figure: GET /providers/leads: {many} queries at 1 and at 1,000 rows");
}

#[tokio::test]
async fn a_passed_lead_is_passed_and_when_all_have_the_next_are_asked() {
    let app = App::builder().workers(0).start().await;
    let ((curls, curls_id), (waves, waves_id)) =
        (business(&app, "curls").await, business(&app, "waves").await);
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    app.lead_row(request, curls_id).await;
    app.lead_row(request, waves_id).await;
    let due = format!("SELECT next_match_at <= now() AS due FROM requests WHERE id = '{request}'");
    let pass = format!("/requests/{request}/pass");
    let body = json!({"reason": "away that week"});
    let passed = curls.send(curls.call(Method::PUT, &pass).json(&body)).await.expect(200).body;
    assert!(passed["passed"] == true && passed["viewed"] == true, "{passed}");
    assert_eq!(app.database.value(&due).await, Value::Null, "one has not answered yet");
    assert_eq!(put(&curls, &pass).await.expect(200).body["passed_at"], passed["passed_at"], "once");
    let row = format!(
        "SELECT pass_reason, answered_at IS NOT NULL AS answered FROM request_matches WHERE provider_id = '{curls_id}'"
    );
    assert_eq!(app.database.rows(&row).await, [json!({"pass_reason": "away that week", "answered": true})]);
    assert_eq!(ids(&curls.get("/providers/leads").await.expect(200).body), Vec::<&str>::new());
    assert_eq!(ids(&curls.get("/providers/leads?passed=true").await.expect(200).body), [request.to_string()]);
    put(&waves, &pass).await.expect(200);
    assert_eq!(app.database.value(&due).await, true);
    assert_problem!(curls.move_on(&format!("/requests/{request}/suggest-offer")).await, 409, "illegal_move");
}

#[tokio::test]
async fn of_all_who_pass_at_once_one_is_the_last() {
    let app = App::builder().workers(0).start().await;
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    let mut providers = Vec::new();
    for n in 0..6 {
        let (caller, provider) = business(&app, &format!("b{n}")).await;
        app.lead_row(request, provider).await;
        providers.push(caller);
    }
    let path = format!("/requests/{request}/pass");
    for answer in join_all(providers.iter().map(|provider| put(provider, &path))).await {
        answer.expect(200);
    }
    let due = format!("SELECT next_match_at IS NOT NULL AS due FROM requests WHERE id = '{request}'");
    assert_eq!(app.database.value(&due).await, true);
}

#[tokio::test]
async fn an_offer_is_withdrawn_before_its_lead_is_passed() {
    let app = App::builder().workers(0).start().await;
    let (curls, provider) = business(&app, "curls").await;
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    app.lead_row(request, provider).await;
    let offer = app.offer_row(request, provider).await;
    let path = format!("/requests/{request}/pass");
    assert_problem!(put(&curls, &path).await, 409, "illegal_move");
    app.database.execute(&format!("UPDATE offers SET status = 'withdrawn' WHERE id = '{offer}'")).await;
    put(&curls, &path).await.expect(200);
}
