//! Redis or PostgreSQL away for a while, and rubbish in the queue: what was taken is answered, once.

mod answers;
mod load;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream;
use proxie_offline_llm::Fault;
use serde_json::{Value, json};

use crate::support::{App, Caller, HAIRCUT, Services, Task, assert_problem, eventually, size};

/// How many tasks are open when something goes away.
fn many() -> usize {
    size(100, 1_000)
}

/// Says so many things at once, each in a conversation of its own.
async fn say(caller: &Caller, how_many: usize) -> Vec<Task> {
    stream::iter(0..how_many).map(|_| caller.say("hello")).buffer_unordered(32).collect().await
}

/// Every task completes, and none ran twice: the model was asked for the steps that are stored and no more.
async fn all_complete_once(app: &App, tasks: &[Task]) {
    let ended: Vec<Value> = stream::iter(tasks).map(Task::done).buffer_unordered(128).collect().await;
    for done in ended {
        assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(1)), "{done}");
    }
    let count = async |what: &str| app.database.value(&format!("SELECT count(*) FROM {what}")).await;
    assert_eq!(count("chat_messages WHERE author = 'assistant'").await, tasks.len(), "each answered once");
    let asked = count("task_steps WHERE kind = 'llm'").await;
    assert_eq!(json!(app.model.counters().received), asked, "each answer of the model was asked for once");
}

/// The product on a Redis of its own, with tasks that last longer than it takes to break it.
async fn app(services: &Services) -> (App, Caller) {
    // What is slow on a busy machine is not to be taken for dead: nothing is to be tried twice here.
    let leases = App::builder()
        .tasks(|tasks| (tasks.lease, tasks.renew) = (Duration::from_secs(30), Duration::from_secs(5)))
        .llm(|llm| (llm.timeout, llm.silence) = (Duration::from_secs(100), Duration::from_secs(100)));
    let app = leases.redis(services.redis()).workers(2).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::latency(1_500)));
    (app, guest)
}

#[tokio::test]
async fn redis_emptied_loses_nothing() {
    let services = Services::redis_only().await;
    let (app, guest) = app(&services).await;
    let mut tasks = say(&guest, many() / 2).await;
    let more = async {
        let mut more = Vec::new();
        for _ in 0..4 {
            app.redis.command::<String>(&["FLUSHALL"]).await;
            more.extend(say(&guest, many() / 8).await);
        }
        more
    };
    tasks.extend(more.await);
    all_complete_once(&app, &tasks).await;
}

#[tokio::test]
async fn redis_restarted_loses_nothing() {
    let services = Services::redis_only().await;
    let (app, guest) = app(&services).await;
    let mut tasks = say(&guest, many() / 2).await;
    services.stop_redis().await;
    tasks.extend(say(&guest, many() / 4).await);
    services.start_redis().await;
    tasks.extend(say(&guest, many() / 4).await);
    all_complete_once(&app, &tasks).await;
}

#[tokio::test]
async fn redis_down_for_a_while_is_noticed_by_nobody_but_the_clock() {
    let services = Services::redis_only().await;
    let (app, guest) = app(&services).await;
    let mut tasks = say(&guest, many() / 2).await;
    services.stop_redis().await;
    let down = Instant::now();
    let ready = app.anybody().get("/ready").await.expect(200).body;
    assert_eq!((&ready["status"], &ready["down"]), (&json!("degraded"), &json!(["redis"])));
    let long = Duration::from_secs(size(3, 10) as u64);
    let said = Instant::now();
    tasks.extend(say(&guest, many() / 2).await);
    assert!(
        said.elapsed() < Duration::from_secs(size(5, 20) as u64),
        "taken without waiting for Redis: {:?}",
        said.elapsed()
    );
    // What is in hand completes meanwhile, and long polls see it: they degrade to slow polling.
    let first = tasks[0].done().await;
    assert_eq!(first["status"], "completed");
    let tom = app.guest().await;
    eventually("the outage lasts", async || {
        tom.get("/chat/sessions").await.expect(200);
        down.elapsed() > long
    })
    .await;
    services.start_redis().await;
    let back = Instant::now();
    all_complete_once(&app, &tasks).await;
    assert!(back.elapsed() < Duration::from_secs(25), "no lease has to run out first: {:?}", back.elapsed());
    let ready = app.anybody().get("/ready").await.expect(200).body;
    assert_eq!(ready["status"], "ready");
}

#[tokio::test]
async fn a_cancelled_call_is_dropped_without_redis_too() {
    let services = Services::redis_only().await;
    let app = App::builder().redis(services.redis()).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(proxie_offline_llm::Kind::Hang)));
    let task = guest.say(HAIRCUT).await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    services.stop_redis().await;
    task.cancel().await.expect(200);
    eventually("the call is dropped", async || app.model.counters().dropped == 1).await;
}

#[tokio::test]
async fn postgres_restarted_under_load_is_a_clear_503() {
    let services = Services::both().await;
    let database = services.database();
    {
        let migrate = crate::support::Process::start(
            "proxie-api",
            &["migrate"],
            vec![("DATABASE_URL", database.url().to_owned())],
        );
        assert_eq!(migrate.ends().await, Some(0));
    }
    let app = App::builder().database(database).redis(services.redis()).workers(2).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::latency(200)));
    let restarted = AtomicBool::new(false);
    let load = async |n: usize| {
        let mut taken = Vec::new();
        let mut refused = 0;
        // On until the restart is over and this one has been taken again.
        loop {
            let over = restarted.load(Ordering::SeqCst);
            let answer = match n % 4 {
                0 => guest.get("/chat/sessions").await,
                _ => guest.post("/chat", json!({"message": "hello"})).await,
            };
            match answer.status {
                202 => taken.push(Task::accepted(&guest, &answer)),
                200 => {}
                _ => {
                    assert_problem!(answer, 503, "unavailable");
                    refused += 1;
                }
            }
            if over && answer.status < 300 {
                return (taken, refused);
            }
            if taken.len() >= size(40, 200) && !over {
                eventually("the restart is over", async || restarted.load(Ordering::SeqCst)).await;
            }
        }
    };
    let restart = async {
        eventually("there is load", async || app.model.counters().received > 20).await;
        services.restart_postgres().await;
        restarted.store(true, Ordering::SeqCst);
    };
    let (load, ()) = futures::join!(futures::future::join_all((0..16).map(load)), restart);
    let refused: usize = load.iter().map(|(_, refused)| refused).sum();
    let taken: Vec<Task> = load.into_iter().flat_map(|(taken, _)| taken).collect();
    assert!(refused > 0, "the restart was noticed");
    app.model.clear();
    let ended: Vec<Value> = stream::iter(&taken).map(Task::done).buffer_unordered(64).collect().await;
    for done in ended {
        assert_eq!(done["status"], "completed", "{done}");
    }
    let answers = app.database.value("SELECT count(*) FROM chat_messages WHERE author = 'assistant'").await;
    assert!(answers.as_u64() >= Some(taken.len() as u64), "all that was taken is answered");
    let twice = "SELECT count(*) FROM (SELECT 1 FROM chat_messages WHERE author = 'assistant' GROUP BY task_id HAVING count(*) > 1) t";
    assert_eq!(app.database.value(twice).await, 0, "nothing is answered twice");
}

/// Entries that no producer of ours would write.
async fn poison(app: &App, lane: &str, known: &[Task]) -> usize {
    let stream = app.redis.key(&format!("queue:{lane}"));
    let unknown = uuid::Uuid::now_v7().to_string();
    let garbled: [&[&str]; 7] = [
        &["v", "1", "id", "not-an-id"],
        &["v", "1"],
        &["id", ""],
        &["\u{0}\u{1}", "\u{fffd}"],
        &["v", "99", "payload", "{\"a\":"],
        &["id", "00000000-0000-0000-0000-00000000000g"],
        &["ID", unknown.as_str()],
    ];
    let harmless: [&[&str]; 3] =
        [&["v", "1", "id", &unknown], &["v", "1", "id", &known[0].id], &["v", "1", "id", &known[0].id]];
    for entry in garbled.iter().chain(&harmless) {
        let add: Vec<&str> = ["XADD", &stream, "*"].into_iter().chain(entry.iter().copied()).collect();
        app.redis.command::<String>(&add).await;
    }
    garbled.len()
}

#[tokio::test]
async fn poison_harms_nothing_and_is_buried() {
    let app = App::builder().workers(2).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::latency(200)));
    let mut tasks = say(&guest, 10).await;
    let mut buried = 0;
    for lane in ["chat", "jobs"] {
        buried += poison(&app, lane, &tasks).await;
    }
    tasks.extend(say(&guest, 10).await);
    all_complete_once(&app, &tasks).await;
    let maya = app.consumer("maya");
    let posted =
        maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await.expect(201);
    Task::new(&maya, posted.body["task_id"].as_str().unwrap()).result().await;

    let dead = app.redis.key("queue:dead");
    eventually("what made no sense is buried", async || {
        app.redis.command::<usize>(&["XLEN", &dead]).await == buried
    })
    .await;
    for lane in ["chat", "jobs"] {
        let stream = app.redis.key(&format!("queue:{lane}"));
        eventually("the lane is empty", async || app.redis.command::<usize>(&["XLEN", &stream]).await == 0)
            .await;
    }
    let ids: HashSet<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(app.database.value("SELECT count(*) FROM tasks WHERE kind = 'chat'").await, ids.len());
}
