//! What models cost is written down and told: to everybody their own, to admins all of it.

use proxie_shared::config::LlmConfig;
use proxie_shared::llm::Cache;
use proxie_shared::model::UserId;
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use super::{PRICES, World, ask, whose};
use crate::support::{App, Caller, HAIRCUT, assert_problem, eventually};

async fn app() -> App {
    let priced = |llm: &mut LlmConfig| {
        (llm.providers[0].prompt_price, llm.providers[0].completion_price) = PRICES;
    };
    App::builder().llm(priced).start().await
}

/// What somebody's calls came to in all, once it says so many calls.
async fn total(caller: &Caller, path: &str, calls: i64) -> Value {
    eventually("usage is written", async || {
        caller.get(path).await.expect(200).body["total"]["calls"].as_i64() == Some(calls)
    })
    .await;
    caller.get(path).await.expect(200).body["total"].clone()
}

#[tokio::test]
async fn usage_adds_up() {
    let app = app().await;
    let (maya, noah, admin) = (app.consumer("maya"), app.consumer("noah"), app.user("root", Role::Admin));
    let mut of_all = 0;
    // Each says something new: what is said again may be answered from the cache.
    let plumber = "My tap drips, I need a plumber in Queens";
    for (caller, messages) in [(&maya, vec![HAIRCUT, plumber]), (&noah, vec![HAIRCUT])] {
        let (mut calls, mut prompt, mut completion) = (0, 0, 0);
        for message in messages {
            let task = caller.say(message).await;
            let usage = task.result().await["usage"].clone();
            prompt += usage["prompt_tokens"].as_i64().unwrap();
            completion += usage["completion_tokens"].as_i64().unwrap();
            calls += app.steps(&task.id).await.iter().filter(|step| step["kind"] == "llm").count() as i64;
        }
        of_all += calls;
        let total = total(caller, "/usage/me", calls).await;
        let expected = json!({
            "calls": calls, "cached": 0, "failed": 0, "prompt_tokens": prompt, "completion_tokens": completion,
            "cost_micros": prompt + 2 * completion,
        });
        assert_eq!(total, expected);
    }
    let all = total(&admin, "/usage", of_all).await;
    let parts = [&maya, &noah].map(|caller| caller.get("/usage/me"));
    let parts = futures::future::join_all(parts).await;
    let sum: i64 =
        parts.into_iter().map(|part| part.expect(200).body["total"]["cost_micros"].as_i64().unwrap()).sum();
    assert_eq!(all["cost_micros"], sum);
    let line = &maya.get("/usage/me").await.expect(200).body["items"][0];
    assert_eq!((&line["feature"], &line["model"]), (&json!("chat"), &json!("offline")));
    assert_eq!(line["day"], json!(chrono::Utc::now().date_naive()));
}

#[tokio::test]
async fn a_period_is_asked_for_and_bounded() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = app.id_of(&maya).await;
    for (day, cost) in [("2026-03-01", 1), ("2026-03-02", 10), ("2026-03-03", 100)] {
        let made = format!(
            "INSERT INTO llm_usage (id, user_id, feature, provider, model, prompt_tokens, completion_tokens, cost_micros,
               latency_ms, cached, outcome, at)
             VALUES (gen_random_uuid(), '{id}', 'summary', 'p', 'm', 1, 1, {cost}, 1, false, 'model_timeout', '{day} 23:59:59Z')"
        );
        app.database.execute(&made).await;
    }
    let asked = maya.get("/usage/me?from=2026-03-02&to=2026-03-03").await.expect(200).body;
    let days: Vec<_> = asked["items"].as_array().unwrap().iter().map(|line| line["day"].clone()).collect();
    assert_eq!(days, ["2026-03-03", "2026-03-02"]);
    assert_eq!((&asked["total"]["cost_micros"], &asked["total"]["failed"]), (&json!(110), &json!(2)));
    for wrong in ["from=2026-03-02&to=2026-03-01", "from=2026-01-01&to=2026-12-31"] {
        assert_problem!(maya.get(&format!("/usage/me?{wrong}")).await, 422, "invalid", ["/query/to"]);
    }
}

#[tokio::test]
async fn what_a_guest_has_cost_becomes_the_accounts() {
    let app = app().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    task.result().await;
    let calls = app.steps(&task.id).await.iter().filter(|step| step["kind"] == "llm").count() as i64;
    let before = total(&guest, "/usage/me", calls).await;
    let maya = app.consumer("maya");
    maya.get("/usage/me").await.expect(200);
    maya.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await.expect(200);
    assert_eq!(total(&maya, "/usage/me", calls).await, before);
}

#[tokio::test]
async fn nobody_waits_until_it_is_written_and_it_is_not_lost() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let user = world.user().await;
    let held = world.app.database.hold("BEGIN; LOCK TABLE llm_usage IN ACCESS EXCLUSIVE MODE").await;
    for at in 0..3 {
        ask(&gateway, whose(user), &format!("hello {at}"), Cache::No).await.unwrap();
    }
    held.finish("COMMIT").await;
    gateway.flush().await;
    assert_eq!(world.app.database.value("SELECT count(*) FROM llm_usage").await, 3);
}

#[tokio::test]
async fn usage_of_who_left_is_nobodys() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let maya = world.app.consumer("maya");
    let user = UserId(world.app.id_of(&maya).await);
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    gateway.flush().await;
    maya.delete("/auth/me").await.expect(204);
    // What was under way meanwhile.
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    gateway.flush().await;
    let rows =
        "SELECT count(*) AS calls, count(user_id) AS users, count(session_id) AS sessions FROM llm_usage";
    assert_eq!(world.app.database.rows(rows).await, [json!({"calls": 2, "users": 0, "sessions": 0})]);
}
