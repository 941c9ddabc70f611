//! Who a request goes to, who is told, and what follows.

use std::collections::HashSet;

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{barber, haircut, ids, post};
use crate::support::{App, Task, WAITING, eventually};

/// Has a request matched again, as the scheduler does; the result.
async fn again(app: &App, consumer: &crate::support::Caller, request: &str) -> Value {
    let task = Uuid::now_v7();
    app.database
        .execute(&format!(
            "INSERT INTO tasks (id, kind, user_id, request_id, trace_id, pushed_at)
             SELECT '{task}', 'matching', user_id, id, 'trace', now() - interval '1 minute' FROM requests WHERE id = '{request}'"
        ))
        .await;
    Task::new(consumer, &task.to_string()).result().await
}

#[tokio::test]
async fn the_best_ten_are_told_and_the_next_ten_the_next_time() {
    let app = App::start().await;
    let mut all = HashSet::new();
    for n in 0..23 {
        all.insert(
            barber(&app, &format!("UPDATE providers SET latitude = latitude + 0.001 * {n} WHERE id = $1"))
                .await,
        );
    }
    let maya = app.consumer("maya");
    let (request, result) = post(&maya, haircut(json!({}))).await;
    assert_eq!((ids(&result).len(), &result["considered"], &result["relax"]), (10, &json!(23), &json!([])));
    let row = format!(
        "SELECT status::text, extract(epoch FROM next_match_at - matched_at)::int AS pause FROM requests WHERE id = '{request}'"
    );
    assert_eq!(app.database.rows(&row).await, [json!({"status": "matched", "pause": 6 * 3_600})]);
    let history = r#"SELECT "from"::text, "to"::text, actor_id FROM request_history"#;
    assert_eq!(
        app.database.rows(history).await,
        [json!({"from": "matching", "to": "matched", "actor_id": null})]
    );

    let mut seen: HashSet<Uuid> = ids(&result).into_iter().collect();
    for (round, count) in [(2, 10), (3, 3), (4, 0)] {
        let result = again(&app, &maya, &request).await;
        let new = ids(&result);
        assert_eq!(new.len(), count, "round {round}");
        assert!(new.iter().all(|one| seen.insert(*one)), "never the same twice");
    }
    assert_eq!(seen, all);
    let rounds = "SELECT round, count(*) AS routed FROM request_matches GROUP BY round ORDER BY round";
    let rounds: Vec<Value> =
        app.database.rows(rounds).await.into_iter().map(|row| row["routed"].clone()).collect();
    assert_eq!(rounds, [10, 10, 3]);
    let told = "SELECT count(DISTINCT user_id) FROM notifications WHERE kind = 'lead'";
    assert_eq!(app.database.value(told).await, 23, "each once");
    assert_eq!(app.database.rows(&row).await, [json!({"status": "matched", "pause": 3_600})], "nobody new");
    let no_match = "SELECT count(*) FROM notifications WHERE kind = 'no_match'";
    assert_eq!(app.database.value(no_match).await, 0, "it has been routed");
}

#[tokio::test]
async fn nobody_fits_and_the_consumer_hears_once_what_to_relax() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    // Dear, and two who are far.
    barber(&app, "UPDATE provider_services SET price_min_cents = 7000 WHERE provider_id = $1").await;
    for _ in 0..2 {
        let far = "UPDATE providers SET latitude = 41.0 WHERE id = $1;
                   UPDATE provider_services SET places = '{provider}' WHERE provider_id = $1";
        barber(&app, far).await;
    }
    let budget = json!({"budget": {"max_cents": 6_000, "currency": "USD"}});
    let (request, result) = post(&maya, haircut(budget)).await;
    assert_eq!(ids(&result), [] as [Uuid; 0]);
    let relax = json!([
        {"constraint": "distance", "would_add": 2},
        {"constraint": "budget", "would_add": 1},
    ]);
    assert_eq!(result["relax"], relax);
    let row = format!(
        "SELECT status::text, no_match_told_at IS NOT NULL AS told, extract(epoch FROM next_match_at - matched_at)::int AS pause
         FROM requests WHERE id = '{request}'"
    );
    assert_eq!(app.database.rows(&row).await, [json!({"status": "matching", "told": true, "pause": 3_600})]);
    again(&app, &maya, &request).await;
    let told = "SELECT count(*) FROM notifications WHERE kind = 'no_match'";
    assert_eq!(app.database.value(told).await, 1, "once");

    // Somebody opens a business that fits.
    let fits = barber(&app, "").await;
    let result = again(&app, &maya, &request).await;
    assert_eq!(ids(&result), [fits]);
    assert_eq!(app.database.rows(&row).await[0]["status"], "matched");
}

#[tokio::test]
async fn who_was_asked_is_asked_still_after_a_matching_that_finds_nobody_else() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let ann = barber(&app, "").await;
    let (request, result) = post(&maya, haircut(json!({}))).await;
    assert_eq!(ids(&result), [ann]);
    let row = format!(
        "SELECT status::text, no_match_told_at IS NOT NULL AS told, extract(epoch FROM next_match_at - matched_at)::int AS pause
         FROM requests WHERE id = '{request}'"
    );
    // As it stands while somebody has it matched again.
    let matching = format!("UPDATE requests SET status = 'matching' WHERE id = '{request}'");
    app.database.execute(&matching).await;
    assert_eq!(ids(&again(&app, &maya, &request).await), [] as [Uuid; 0]);
    assert_eq!(app.database.rows(&row).await, [json!({"status": "matched", "told": false, "pause": 3_600})]);
    // Who has passed is not.
    app.database.execute(&matching).await;
    app.database.execute("UPDATE request_matches SET passed_at = now()").await;
    again(&app, &maya, &request).await;
    assert_eq!(app.database.rows(&row).await, [json!({"status": "matching", "told": true, "pause": 3_600})]);
}

#[tokio::test]
async fn a_request_that_is_woken_while_it_is_matched_stays_awake() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let (request, result) = post(&maya, haircut(json!({}))).await;
    assert_eq!(ids(&result), [] as [Uuid; 0]);
    // A matching has looked and waits to write down that nobody fits; somebody opens a business meanwhile.
    let held = app.database.hold("BEGIN; SELECT FROM requests FOR NO KEY UPDATE").await;
    let open_meanwhile = async {
        eventually("the matching waits", async || app.database.value(WAITING).await == 1).await;
        held.finish("UPDATE requests SET next_match_at = now(); COMMIT").await;
    };
    tokio::join!(again(&app, &maya, &request), open_meanwhile);
    let is_due = format!("SELECT next_match_at <= now() FROM requests WHERE id = '{request}'");
    assert_eq!(app.database.value(&is_due).await, true);
}

#[tokio::test]
async fn window_and_place_can_be_relaxed_too() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let stays = "UPDATE provider_services SET places = '{provider}' WHERE provider_id = $1";
    barber(&app, stays).await;
    let day = (chrono::Utc::now() + chrono::Duration::days(5)).format("%Y-%m-%d").to_string();
    let closed = format!(
        r#"UPDATE availability SET exceptions = '[{{"date": "{day}", "hours": []}}]' WHERE provider_id = $1"#
    );
    barber(&app, &closed).await;
    let window = json!({"from": format!("{day}T09:00"), "to": format!("{day}T18:00")});
    let (_, result) = post(&maya, haircut(json!({"place": "consumer", "window": window}))).await;
    assert_eq!(ids(&result), [] as [Uuid; 0]);
    let relax = json!([{"constraint": "window", "would_add": 1}, {"constraint": "place", "would_add": 1}]);
    assert_eq!(result["relax"], relax);
}

#[tokio::test]
async fn who_answers_by_rules_gets_a_task() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let agent = barber(&app, "UPDATE providers SET auto_offer = true WHERE id = $1").await;
    barber(&app, "").await;
    let (request, _) = post(&maya, haircut(json!({}))).await;
    let tasks = "SELECT t.request_id, p.id FROM tasks t JOIN providers p ON p.user_id = t.user_id WHERE t.kind = 'auto_offer'";
    assert_eq!(app.database.rows(tasks).await, [json!({"request_id": request, "id": agent})]);
}

#[tokio::test]
async fn what_is_closed_is_not_routed() {
    let app = App::builder().workers(0).start().await;
    let barber = barber(&app, "").await;
    let maya = app.consumer("maya");
    for closed in ["status = 'cancelled'", "expires_at = now() - interval '1 second'"] {
        let posted = maya.post("/requests", haircut(json!({}))).await.expect(201).body;
        app.database
            .execute(&format!("UPDATE requests SET {closed} WHERE id = '{}'", posted["id"].as_str().unwrap()))
            .await;
    }
    app.start_worker();
    let open = "SELECT count(*) FROM tasks WHERE kind = 'matching' AND status = 'processing'";
    eventually("the matchings end", async || app.database.value(open).await == 0).await;
    assert_eq!(app.database.value("SELECT count(*) FROM request_matches").await, 0, "{barber}");
    // That its time is over is told by another job.
    let told = "SELECT count(*) FROM notifications WHERE kind <> 'request_expired'";
    assert_eq!(app.database.value(told).await, 0);
}

#[tokio::test]
async fn a_matching_that_is_run_twice_routes_once() {
    let app = App::start().await;
    for _ in 0..12 {
        barber(&app, "").await;
    }
    let maya = app.consumer("maya");
    let (request, result) = post(&maya, haircut(json!({}))).await;
    // As if the worker had died after it had routed, before it said that it was done.
    let stuck = format!(
        "ALTER TABLE tasks DISABLE TRIGGER tasks_stay_ended;
         UPDATE tasks SET status = 'processing', stage = 'queued', result = NULL, pushed_at = now() - interval '1 minute'
           WHERE request_id = '{request}' AND kind = 'matching';
         ALTER TABLE tasks ENABLE TRIGGER tasks_stay_ended"
    );
    app.database.execute(&stuck).await;
    let task = format!("SELECT id FROM tasks WHERE request_id = '{request}' AND kind = 'matching'");
    let task = app.database.value(&task).await.as_str().unwrap().to_owned();
    let ended = format!("SELECT count(*) FROM tasks WHERE id = '{task}' AND status = 'completed'");
    eventually("it ends again", async || app.database.value(&ended).await == 1).await;
    let stored = format!("SELECT result FROM tasks WHERE id = '{task}'");
    assert_eq!(app.database.value(&stored).await["matches"], result["matches"]);
    assert_eq!(app.database.value("SELECT count(*) FROM request_matches").await, 10);
    assert_eq!(app.database.value("SELECT count(*) FROM notifications WHERE kind = 'lead'").await, 10);
}

#[tokio::test]
async fn newcomers_are_neither_hidden_nor_favoured() {
    let app = App::start().await;
    for n in 0..20 {
        let rated = format!(
            "UPDATE providers SET rating_mean = 4.4, rating = 4.4, review_count = 30, completed_jobs = {n} WHERE id = $1"
        );
        barber(&app, if n % 2 == 0 { &rated } else { "" }).await;
    }
    let maya = app.user("maya", Role::Consumer);
    let mut new = 0;
    for _ in 0..8 {
        let (_, result) = post(&maya, haircut(json!({"allow_duplicate": true}))).await;
        for id in ids(&result) {
            let reviews = format!("SELECT review_count FROM providers WHERE id = '{id}'");
            new += usize::from(app.database.value(&reviews).await == 0);
        }
    }
    assert!((20..=60).contains(&new), "{new} of 80, and they are half of all");
}
