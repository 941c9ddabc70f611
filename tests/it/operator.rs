//! What an operator does and sees: `proxie-worker tasks …`, and the logs.

use serde_json::{Value, json};

use crate::support::{App, HAIRCUT, Process, Task, eventually};

/// Runs `proxie-worker tasks …`; its exit code and what it printed.
async fn tasks(app: &App, arguments: &[&str]) -> (Option<i32>, String) {
    let all = [&["tasks"], arguments].concat();
    Process::output("proxie-worker", &all, app.environment()).await
}

#[tokio::test]
async fn tasks_are_listed_and_shown() {
    let app = App::start().await;
    let guest = app.guest().await;
    let done = guest.say(HAIRCUT).await;
    done.result().await;
    let (code, list) = tasks(&app, &["list"]).await;
    assert_eq!(code, Some(0));
    assert!(list.contains(&done.id) && list.contains("completed"), "{list}");
    let (_, none) = tasks(&app, &["list", "--status", "failed"]).await;
    assert!(!none.contains(&done.id), "{none}");

    let (code, shown) = tasks(&app, &["show", &done.id]).await;
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!((code, &shown["task"]["id"]), (Some(0), &json!(done.id)));
    assert_eq!(shown["steps"].as_array().map(Vec::len), Some(app.steps(&done.id).await.len()));
    let (code, _) = tasks(&app, &["show", &uuid::Uuid::now_v7().to_string()]).await;
    assert_eq!(code, Some(1), "there is no such task");
}

#[tokio::test]
async fn a_cancelled_task_is_tried_again_as_a_new_one() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    assert_ne!(tasks(&app, &["retry", &task.id]).await.0, Some(0), "it has not ended");
    assert_eq!(tasks(&app, &["cancel", &task.id]).await.0, Some(0));
    assert_eq!(task.done().await["status"], "cancelled", "also for the owner");

    let (code, line) = tasks(&app, &["retry", &task.id]).await;
    assert_eq!(code, Some(0));
    let retry = Task::new(&guest, line.split_whitespace().next().expect("an id"));
    app.start_worker();
    let done = retry.done().await;
    assert_eq!((&done["status"], &done["retry_of"]), (&json!("completed"), &json!(task.id)));
    assert_eq!(task.status().await["status"], "cancelled", "the old one stays as it ended");
}

#[tokio::test]
async fn a_probe_goes_through_the_queue() {
    let app = App::start().await;
    let (code, line) = tasks(&app, &["probe"]).await;
    assert_eq!(code, Some(0));
    let id = line.split_whitespace().next().expect("an id");
    let status = format!("SELECT status::text FROM tasks WHERE id = '{id}'");
    crate::support::eventually("it completes", async || app.database.value(&status).await == "completed")
        .await;
}

#[tokio::test]
async fn one_trace_joins_a_call_and_its_task_and_tells_nothing_personal() {
    let app = App::builder().workers(0).start().await;
    let json = [("PROXIE_LOG_FORMAT", ""), ("RUST_LOG", "debug,async_openai=off")];
    let (api, anybody) = Process::api(&app, &json).await;
    let worker = Process::worker_with(&app, &json);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let call = anybody
        .call(reqwest::Method::POST, "/chat")
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
        .json(&json!({"message": "hi, I'm Rumpelstiltskin, a haircut in Brooklyn"}));
    let answer = anybody.send(call).await.expect(202);
    Task::accepted(&anybody, &answer).result().await;
    let token = answer.body["guest_token"].as_str().unwrap();

    for process in [&api, &worker] {
        process.logs(&[trace]).await;
        let log = process.log();
        for line in log.lines() {
            let entry: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            assert!(entry["level"].is_string() && entry["timestamp"].is_string(), "{line}");
        }
        for personal in ["Rumpelstiltskin", token, "a secret of the tests"] {
            let told = log.lines().find(|line| line.contains(personal));
            assert!(told.is_none(), "the log tells '{personal}': {told:?}");
        }
    }
}

/// Runs `proxie-api …`; its exit code and what it printed.
async fn api(app: &App, arguments: &[&str]) -> (Option<i32>, String) {
    Process::output("proxie-api", arguments, app.environment()).await
}

#[tokio::test]
async fn an_operator_makes_the_first_admin() {
    let app = App::builder().workers(0).start().await;
    let body = json!({"email": "maya@example.com", "password": "correct horse battery"});
    let made = app.anybody().post("/auth/register", body).await.expect(201).body;
    let maya = app.anybody().with_token(made["access_token"].as_str().unwrap());
    maya.get("/admin/audit").await.expect(403);
    assert_eq!(api(&app, &["admin", "grant", "Maya@example.com"]).await.0, Some(0));
    eventually("the role counts", async || maya.get("/admin/audit").await.status == 200).await;
    let entry = &maya.get("/admin/audit").await.body["items"][0];
    assert_eq!(
        (&entry["action"], &entry["admin_id"]),
        (&json!("user.role"), &Value::Null),
        "nobody's but an operator's"
    );
    assert_eq!(api(&app, &["admin", "revoke", made["user"]["id"].as_str().unwrap()]).await.0, Some(0));
    eventually("it does no more", async || maya.get("/admin/audit").await.status == 403).await;
    assert_eq!(api(&app, &["admin", "grant", "nobody@example.com"]).await.0, Some(1));
    // There is nothing to take from who is no admin; an admin who earned a role here keeps it.
    app.database.execute("UPDATE users SET role = 'provider', role_earned = true").await;
    assert_eq!(api(&app, &["admin", "revoke", "maya@example.com"]).await.0, Some(1));
    assert_eq!(api(&app, &["admin", "grant", "maya@example.com"]).await.0, Some(0));
    assert_eq!(api(&app, &["admin", "revoke", "maya@example.com"]).await.0, Some(0));
    assert_eq!(app.database.value("SELECT role FROM users").await, "provider");
}

/// The app's environment but for some variables.
fn but_for(app: &App, other: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let kept = app.environment().into_iter().filter(|(name, _)| !other.iter().any(|(o, _)| o == name));
    kept.chain(other.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
}

#[tokio::test]
async fn the_configuration_is_shown_without_its_secrets() {
    let app = App::builder().workers(0).start().await;
    let password = app.database.url().split(['/', ':', '@']).nth(4).unwrap().to_owned();
    let elsewhere = [
        ("DATABASE_URL", "postgresql://db.example:6432/proxie?user=me&password=hunter2"),
        ("REDIS_URL", "redis://:hunter2@redis.example:6380/3"),
        ("LLM_BASE_URL", "https://me:hunter2@llm.example/v1"),
        ("PROXIE_HOST", "0.0.0.0"),
        ("PORT", "8181"),
    ];
    for (program, own) in [("proxie-api", "chat: 0"), ("proxie-worker", "https://llm.example/v1")] {
        let (code, shown) = Process::output(program, &["config"], but_for(&app, &elsewhere)).await;
        assert_eq!(code, Some(0));
        let places = ["postgresql://db.example:6432/proxie", "redis://redis.example:6380/3"];
        for known in [own, "8181", "0.0.0.0", "format: Text", "filter: \"info\""].into_iter().chain(places) {
            assert!(shown.contains(known), "{program} {known}: {shown}");
        }
        let (_, here) = Process::output(program, &["config"], app.environment()).await;
        for secret in [crate::support::SECRET, &password, "hunter2"] {
            assert!(!shown.contains(secret) && !here.contains(secret), "{shown}{here}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_configuration_is_named() {
    let app = App::builder().workers(0).start().await;
    for (name, value) in [
        ("PROXIE_ENV", "staging"),
        ("PROXIE_DATABASE_POOL", "0"),
        ("PROXIE_DATABASE_WAIT_MS", "0"),
        ("PROXIE_REQUEST_MS", "0"),
        ("PROXIE_BODY_MS", "soon"),
        ("PROXIE_REDIS_TIMEOUT_MS", "0"),
        ("PROXIE_LIMIT_WINDOW_MS", "0"),
        ("PROXIE_ORIGINS", "https://App.example.com"),
        ("PROXIE_ORIGINS", "https://app.example.com:port"),
        ("PROXIE_LOG_FORMAT", "foo"),
        ("RUST_LOG", "info,proxie=loud"),
        ("DATABASE_URL", "host=db user=me password=hunter2"),
        ("DATABASE_URL", "mysql://me:hunter2@db/proxie"),
        ("REDIS_URL", "redis.example:6379"),
        ("PORT", "many"),
    ] {
        let (code, said) =
            Process::start("proxie-api", &["config"], but_for(&app, &[(name, value)])).ends_saying().await;
        assert!(code != Some(0) && said.contains(name), "{name}={value}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    for name in ["PROXIE_TASK_LEASE_MS", "PROXIE_TASK_MAX_CLAIMS", "PROXIE_RELAY_MS", "PROXIE_LLM_TIMEOUT_MS"]
    {
        let wrong = but_for(&app, &[(name, "0")]);
        let (code, said) = Process::start("proxie-worker", &["config"], wrong).ends_saying().await;
        assert!(code != Some(0) && said.contains(name), "{name}: {said}");
    }
}

#[tokio::test]
async fn what_is_old_is_swept() {
    let app = App::builder().workers(0).start().await;
    let body = json!({"email": "maya@example.com", "password": "correct horse battery"});
    app.anybody().post("/auth/register", body).await.expect(201);
    app.database
        .execute(
            "INSERT INTO idempotency_keys (user_id, route, key, sent, created_at)
               SELECT gen_random_uuid(), 'POST /chat', n::text, sha256(''), now() - n * interval '1 hour'
               FROM generate_series(1, 2500) n;
             INSERT INTO webhook_events SELECT n::text, now() - n * interval '1 day' FROM generate_series(1, 60) n;
             INSERT INTO refresh_families (id, user_id, expires_at)
               SELECT gen_random_uuid(), id, now() - interval '1 day' FROM users",
        )
        .await;
    let store = proxie_shared::storage::Store::new(&app.worker.media).expect("a store");
    proxie_shared::domain::sweep::sweep(&app.database.pool(), &store).await.expect("PostgreSQL");
    for (table, left) in
        [("idempotency_keys", 23), ("webhook_events", 29), ("refresh_families", 1), ("refresh_tokens", 1)]
    {
        let count = app.database.value(&format!("SELECT count(*) FROM {table}")).await;
        assert!(count == left || count == left + 1, "{table}: {count}");
    }
}
