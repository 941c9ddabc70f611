//! Leads that providers' agents answer by themselves.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Caller, Task, eventually};

/// Somebody in Brooklyn whose agent answers: who they are, and their business.
async fn agent(app: &App) -> (Caller, Uuid) {
    let user = app.user_row(Role::Provider).await;
    let provider = app.provider_row(user).await;
    app.database.execute(&format!("UPDATE providers SET auto_offer = true WHERE id = '{provider}'")).await;
    (app.user(&user.to_string(), Role::Provider), provider)
}

/// A lead of the provider's from this consumer; nobody matches the request meanwhile.
async fn lead(app: &App, consumer: Uuid, provider: Uuid) -> Uuid {
    let request = app.request_row(consumer).await;
    let ended = "UPDATE tasks SET status = 'completed', stage = 'done', result = '{}' WHERE request_id";
    app.database.execute(&format!("{ended} = '{request}'")).await;
    app.lead_row(request, provider).await;
    request
}

/// Has the agent answer a lead; the result.
async fn answer(app: &App, agent: &Caller, request: Uuid) -> Value {
    let (task, user) = (Uuid::now_v7(), app.id_of(agent).await);
    app.database
        .execute(&format!(
            "INSERT INTO tasks (id, kind, user_id, request_id, trace_id, pushed_at)
               VALUES ('{task}', 'auto_offer', '{user}', '{request}', 'trace', now() - interval '1 minute')"
        ))
        .await;
    Task::new(agent, &task.to_string()).result().await
}

#[tokio::test]
async fn a_lead_becomes_an_offer_without_a_person() {
    let app = App::start().await;
    let (curls, provider) = agent(&app).await;
    let template = json!({"name": "usual", "body": "Hi {first_name}, {service} for {price} {slot}."});
    curls.post(&format!("/providers/{provider}/templates"), template).await.expect(201);
    let settings = json!({"auto_offer": true, "min_price_cents": 5_200, "radius_km": 10.0});
    curls.put(&format!("/providers/{provider}/settings"), settings).await.expect(200);
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    app.database.execute(&format!("UPDATE users SET name = 'Maya Bennett' WHERE id = '{owner}'")).await;
    let body = json!({
        "service_id": "haircut", "city": "Brooklyn", "specializations": ["curly hair"],
        "budget": {"max_cents": 6_000, "currency": "USD"},
    });
    let posted = maya.post("/requests", body).await.expect(201).body;
    let path = format!("/requests/{}", posted["id"].as_str().unwrap());
    let offers = async || maya.get(&format!("{path}/offers")).await.expect(200).body["items"].clone();
    eventually("the agent answers", async || offers().await != json!([])).await;
    let offer = offers().await[0].clone();
    assert_eq!((&offer["automatic"], &offer["provider_id"]), (&json!(true), &json!(provider)));
    // Between $52, their least, and $60, her most.
    assert_eq!((&offer["price_cents"], &offer["duration_minutes"]), (&json!(5_600), &json!(60)));
    let message = offer["message"].as_str().unwrap();
    assert!(message.starts_with("Hi Maya, haircut for $56 on "), "{message}");
    let slots = offer["slots"].as_array().unwrap();
    assert!(!slots.is_empty() && slots.iter().all(|slot| slot["free"] == true), "{offer}");
    assert_eq!(maya.get(&path).await.expect(200).body["status"], "offers_received");
    assert_eq!(app.told(owner).await, ["offer"]);
    assert_eq!(app.told(app.id_of(&curls).await).await, ["lead"]);
    let answered = format!("SELECT response_rate FROM providers WHERE id = '{provider}'");
    assert_eq!(app.database.value(&answered).await, 1.0);
    let done = "SELECT id FROM tasks WHERE kind = 'auto_offer' AND status = 'completed'";
    eventually("its task ends", async || !app.database.rows(done).await.is_empty()).await;
    let task = app.database.value(done).await.as_str().unwrap().to_owned();
    let task = Task::new(&curls, &task).status().await;
    let told = json!({
        "kind": "auto_offer", "request_id": posted["id"], "offer_id": offer["id"], "why_not": null,
    });
    assert_eq!(task["result"], told);
    assert_eq!(task["effects"], json!([{"kind": "offer_submitted", "id": offer["id"]}]));

    // She accepts it, and what was promised is free.
    let slot = json!({"date": slots[0]["date"], "start_time": slots[0]["start_time"]});
    let accept = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let booking = maya.put(&accept, json!({"slot": slot})).await.expect(200).body;
    assert_eq!((&booking["status"], &booking["price_cents"]), (&json!("confirmed"), &json!(5_600)));
}

#[tokio::test]
async fn the_more_is_asked_for_the_further_up_their_range() {
    let app = App::start().await;
    let (curls, provider) = agent(&app).await;
    let maya = app.user_row(Role::Consumer).await;
    let mut prices = Vec::new();
    for (phrases, description) in [
        ("{}", ""),
        ("{curly hair}", ""),
        ("{curly hair,layers}", ""),
        ("{curly hair,layers,fringe,beard}", ""),
        ("{curly hair,layers}", "long hair, and a totally new look"),
    ] {
        let request = lead(&app, maya, provider).await;
        let asked = format!(
            "UPDATE requests SET specializations = '{phrases}', description = '{description}', budget_max_cents = NULL,
               budget_currency = NULL WHERE id = '{request}'"
        );
        app.database.execute(&asked).await;
        let offer = answer(&app, &curls, request).await["offer_id"].as_str().unwrap().to_owned();
        let price = format!("SELECT price_cents FROM offers WHERE id = '{offer}'");
        prices.push(app.database.value(&price).await);
    }
    assert_eq!(prices, [5_200, 6_000, 6_200, 6_600, 7_000], "of $40 to $80");
}

#[tokio::test]
async fn where_the_rules_allow_no_offer_there_is_none() {
    let app = App::start().await;
    let maya = app.user_row(Role::Consumer).await;
    for (change, why_not) in [
        ("UPDATE providers SET auto_offer = false WHERE id = $p", "not_wanted"),
        ("UPDATE providers SET status = 'paused' WHERE id = $p", "not_wanted"),
        ("UPDATE providers SET min_price_cents = 6100 WHERE id = $p", "over_budget"),
        ("UPDATE availability SET weekly = '{}' WHERE provider_id = $p", "no_slots"),
        ("UPDATE availability SET notice_minutes = 30 * 24 * 60 WHERE provider_id = $p", "no_slots"),
        ("UPDATE requests SET status = 'cancelled' WHERE id = $r", "closed"),
        ("UPDATE requests SET expires_at = now() WHERE id = $r", "closed"),
        ("DELETE FROM request_matches WHERE request_id = $r", "closed"),
        ("UPDATE request_matches SET passed_at = now() WHERE request_id = $r", "closed"),
        ("DELETE FROM provider_services WHERE provider_id = $p", "closed"),
    ] {
        let (curls, provider) = agent(&app).await;
        let request = lead(&app, maya, provider).await;
        let change = change.replace("$p", &format!("'{provider}'")).replace("$r", &format!("'{request}'"));
        app.database.execute(&change).await;
        let result = answer(&app, &curls, request).await;
        assert_eq!((&result["offer_id"], &result["why_not"]), (&Value::Null, &json!(why_not)), "{change}");
    }
    assert_eq!(app.database.value("SELECT count(*) FROM offers").await, 0);
    assert_eq!(app.database.value("SELECT count(*) FROM notifications WHERE kind = 'offer'").await, 0);
}

#[tokio::test]
async fn only_slots_for_which_the_licence_is_good_are_offered() {
    let app = App::start().await;
    let (curls, provider) = agent(&app).await;
    let request = lead(&app, app.user_row(Role::Consumer).await, provider).await;
    let ends = "UPDATE provider_services SET licence = 'verified', licence_number = 'L',
                  licence_expires_on = (now() AT TIME ZONE 'America/New_York')::date + 2";
    app.database.execute(ends).await;
    let result = answer(&app, &curls, request).await;
    let offer = result["offer_id"].as_str().unwrap();
    let offer = curls.get(&format!("/offers/{offer}")).await.expect(200).body;
    let slots = offer["slots"].as_array().unwrap();
    let last = crate::support::day(2).to_string();
    assert!(slots.len() > 1 && slots.iter().all(|slot| slot["date"].as_str().unwrap() <= &*last), "{offer}");
}

#[tokio::test]
async fn a_lead_that_is_being_matched_again_is_answered_when_it_is() {
    let app = App::start().await;
    let (curls, provider) = agent(&app).await;
    let request = lead(&app, app.user_row(Role::Consumer).await, provider).await;
    app.database.execute("UPDATE requests SET status = 'matching'").await;
    let matched = async {
        let tried =
            "SELECT count(*) FROM tasks WHERE kind = 'auto_offer' AND attempts > 0 AND stage <> 'running'";
        eventually("it is tried", async || app.database.value(tried).await == 1).await;
        app.database.execute("UPDATE requests SET status = 'matched'").await;
    };
    let (result, ()) = tokio::join!(answer(&app, &curls, request), matched);
    assert!(result["offer_id"].is_string(), "{result}");
}

#[tokio::test]
async fn a_lead_is_answered_once() {
    let app = App::start().await;
    let (curls, provider) = agent(&app).await;
    let request = lead(&app, app.user_row(Role::Consumer).await, provider).await;
    let both = futures::join!(answer(&app, &curls, request), answer(&app, &curls, request));
    let offers: Vec<_> = [&both.0, &both.1].into_iter().filter(|one| !one["offer_id"].is_null()).collect();
    assert_eq!(offers.len(), 1, "{both:?}");
    // One that was taken back is an answer too.
    let offer = offers[0]["offer_id"].as_str().unwrap();
    curls.put(&format!("/offers/{offer}/withdraw"), Value::Null).await.expect(200);
    assert_eq!(answer(&app, &curls, request).await["why_not"], "answered");
    assert_eq!(app.database.value("SELECT count(*) FROM offers").await, 1);
}
