//! What is reserved and not spent: it is given back, whatever becomes of a call, and nobody is told that it is spent.

use std::time::Duration;

use futures::future::join_all;
use proxie_offline_llm::{Fault, Kind};
use proxie_shared::llm::Cache;
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use super::budgets::{dear, is_put_off, is_refused, limited};
use super::{World, ask, whose};
use crate::support::{App, HAIRCUT, Process, WAITING, eventually, size};

impl App {
    /// Leaves so much of a user's day reserved, as a worker does that is killed in the middle of a call.
    async fn leave_reserved(&self, user: Uuid, micros: i64, of: i64) {
        let reserve = format!(
            "SELECT llm_reserve(gen_random_uuid(), '{user}', NULL, {micros}, interval '1 hour', 0, 0, {of}, 0)::text AS value"
        );
        assert_eq!(self.database.rows(&reserve).await, [json!({"value": null})]);
    }

    /// Lets time go by until whatever is reserved has lapsed.
    async fn lapse(&self) {
        self.database.execute("UPDATE llm_reservations SET expires_at = now()").await;
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_pays_for_what_was_sent_and_gives_back_the_rest() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(limited(|limits| limits.user_day = 1_000_000));
    world.models[0].control.always(Some(Fault::kind(Kind::Hang)));
    tokio::select! {
        _ = ask(&gateway, whose(user), "hello", Cache::No) => panic!("it hangs"),
        () = eventually("the model is asked", async || world.models[0].received() == 1) => {}
    }
    gateway.flush().await;
    assert_eq!(world.outcomes().await, ["first cancelled"]);
    let (sent, heard) = (world.sum("prompt_tokens").await, world.sum("completion_tokens").await);
    assert!(sent > 0 && heard == 0, "{sent} sent, {heard} heard");
    assert_eq!(world.budgets().await, [("user".to_owned(), sent, 0)]);
}

#[tokio::test]
async fn a_call_whose_reservation_went_with_a_crash_of_the_database_pays_all_the_same() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(limited(|limits| limits.user_day = 1_000_000));
    world.models[0].control.always(Some(Fault::kind(Kind::Hang)));
    let crash = async {
        eventually("the model is asked", async || world.models[0].received() == 1).await;
        world.app.database.execute("DELETE FROM llm_reservations; DELETE FROM llm_budgets").await;
    };
    tokio::select! {
        _ = ask(&gateway, whose(user), "hello", Cache::No) => panic!("it hangs"),
        () = crash => {}
    }
    gateway.flush().await;
    let sent = world.sum("prompt_tokens").await;
    assert!(sent > 0);
    // Nobody knows any more which of them had a limit: all are charged.
    assert_eq!(world.budgets().await, [("user".to_owned(), sent, 0), ("session".to_owned(), sent, 0)]);
}

#[tokio::test]
async fn a_call_that_hears_nothing_in_time_pays_for_what_was_sent() {
    let world = World::new(1).await;
    let user = world.user().await;
    world.models[0].control.always(Some(Fault::kind(Kind::Hang)));
    let gateway = world.gateway(|llm| {
        limited(|limits| limits.user_day = 1_000_000)(llm);
        llm.silence = Duration::from_millis(300);
    });
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    gateway.flush().await;
    let sent = world.sum("prompt_tokens").await;
    assert!(sent > 0);
    assert_eq!(world.budgets().await, [("user".to_owned(), sent, 0)]);
}

#[tokio::test]
async fn what_is_refused_or_never_gets_there_costs_nothing() {
    let world = World::new(1).await;
    let user = world.user().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/v1", port.local_addr().unwrap());
    drop(port);
    let mut config = super::of(&[&nobody, &world.models[0].url]);
    limited(|limits| limits.user_day = 1_000_000)(&mut config);
    let gateway = world.gateway_of(&config);
    world.models[0].control.always(Some(Fault::status(503)));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    gateway.flush().await;
    assert_eq!(world.outcomes().await, ["first model_unavailable", "second model_unavailable"]);
    assert_eq!(world.budgets().await, [("user".to_owned(), 0, 0)]);
}

#[tokio::test]
async fn a_call_that_is_dropped_before_it_was_sent_costs_nothing() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(limited(|limits| limits.user_day = 1_000_000));
    let database = &world.app.database;
    let held = database.hold("BEGIN; LOCK TABLE llm_budgets IN ACCESS EXCLUSIVE MODE").await;
    tokio::select! {
        _ = ask(&gateway, whose(user), "hello", Cache::No) => panic!("nothing can be reserved"),
        () = eventually("it waits to reserve", async || database.value(WAITING).await == 1) => {}
    }
    held.finish("COMMIT").await;
    let reserved = "SELECT count(*) FROM llm_reservations WHERE micros > 0";
    eventually("what was under way is reserved", async || database.value(reserved).await == 1).await;
    world.app.lapse().await;
    database.value("SELECT llm_release()").await;
    gateway.flush().await;
    assert_eq!(world.budgets().await, [("user".to_owned(), 0, 0)]);
    assert_eq!((world.outcomes().await.len(), world.models[0].received()), (0, 0));
}

#[tokio::test]
async fn what_a_lost_call_had_reserved_lapses() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(limited(|limits| limits.user_day = 5_000));
    world.app.leave_reserved(user.0, 5_000, 5_000).await;
    let outcome = ask(&gateway, whose(user), "hello", Cache::No).await;
    assert!(is_put_off(&outcome), "nothing is spent: {outcome:?}");
    world.app.lapse().await;
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    gateway.flush().await;
    let spent = world.sum("cost_micros").await;
    assert_eq!(world.budgets().await, [("user".to_owned(), spent, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_killed_and_dropped_overspend_nothing_and_leave_the_rest_to_be_spent() {
    const LIMIT: i64 = 40_000;
    const LEFT: i64 = 20_000;
    let world = World::new(1).await;
    let user = world.user().await;
    let model = &world.models[0];
    let gateways: Vec<_> = (0..2).map(|_| world.gateway(limited(|limits| limits.user_day = LIMIT))).collect();
    for _ in 0..10 {
        world.app.leave_reserved(user.0, LEFT / 10, LIMIT).await;
    }
    // Some are dropped once the model has them.
    (0..5).for_each(|_| model.control.next(Fault::kind(Kind::Hang)));
    let dropped = (0..5).map(|at| {
        let gateway = &gateways[at % gateways.len()];
        async move { ask(gateway, whose(user), &format!("hello {at}"), Cache::No).await }
    });
    tokio::select! {
        _ = join_all(dropped) => panic!("they hang"),
        () = eventually("the model is asked", async || model.received() == 5) => {}
    }
    // Of many at once every third is dropped wherever it is by then.
    model.control.always(Some(Fault::latency(30)));
    let many = size(200, 1_000);
    let calls = (0..many).map(|at| {
        let gateway = &gateways[at % gateways.len()];
        async move {
            let text = format!("hello {at}");
            let call = ask(gateway, whose(user), &text, Cache::No);
            match at % 3 {
                0 => timeout(Duration::from_millis(at as u64 % 400), call).await.ok(),
                _ => Some(call.await),
            }
        }
    });
    let outcomes = join_all(calls).await;
    for gateway in &gateways {
        gateway.flush().await;
    }
    let ended: Vec<_> = outcomes.iter().flatten().collect();
    let answered = ended.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(answered > 0);
    let told = ended.iter().find(|outcome| outcome.is_err() && !is_put_off(outcome));
    assert!(told.is_none(), "what is only reserved is not spent: {told:?}");
    let (_, spent, reserved) = world.budgets().await.remove(0);
    assert_eq!(spent, world.sum("cost_micros").await, "usage adds up");
    assert!(reserved >= LEFT && spent + reserved <= LIMIT, "{spent} spent, {reserved} reserved of {LIMIT}");

    model.control.clear();
    world.app.lapse().await;
    let mut later = 0;
    loop {
        let outcome = ask(&gateways[0], whose(user), &format!("and then {later}"), Cache::No).await;
        if is_refused(&outcome) {
            break;
        }
        later += 1;
    }
    gateways[0].flush().await;
    let (_, spent, reserved) = world.budgets().await.remove(0);
    assert_eq!((spent, reserved), (world.sum("cost_micros").await, 0));
    // The most that one more could have cost: a token for each byte, and the longest answer.
    assert!(spent <= LIMIT && spent + 1_400 > LIMIT, "{spent} of {LIMIT} could be spent");
    println!(
        "figure: budgets: of {many} calls at once {answered} answered and {} dropped, {LEFT} of {LIMIT} millionths left \
         reserved by the killed, overspent 0; once that lapsed {later} more were answered (spent {spent})",
        outcomes.len() - ended.len()
    );
}

#[tokio::test]
async fn a_message_waits_for_what_others_have_reserved() {
    let mut app = dear(|_| {}).await;
    app.worker.tasks.max_claims = 30;
    let day = app.worker.llm.budgets.user_day;
    let (guest, id) = app.guest_with_id().await;
    app.leave_reserved(id, day, day).await;
    app.start_worker();
    let task = guest.say(HAIRCUT).await;
    task.reaches("retrying").await;
    app.lapse().await;
    task.result().await;
}

#[tokio::test]
async fn a_message_that_finds_all_reserved_is_not_put_off_until_tomorrow() {
    let mut app = dear(|_| {}).await;
    app.worker.tasks.max_claims = 2;
    let day = app.worker.llm.budgets.user_day;
    let (guest, id) = app.guest_with_id().await;
    app.leave_reserved(id, day, day).await;
    app.start_worker();
    let task = guest.say(HAIRCUT).await;
    assert_eq!(task.failure().await, "model_unavailable");
    let done = task.done().await;
    assert_eq!(done["attempts"], 2, "{done}");
    let told = done["error"]["detail"].as_str().unwrap();
    assert!(told.contains("busy") && told.contains("kept") && !told.contains("tomorrow"), "{told}");
    assert_eq!(app.model.counters().received, 0);
    assert_eq!(guest.transcript(&task.session).await, [("user".to_owned(), HAIRCUT.to_owned())]);
}

#[tokio::test]
async fn a_killed_worker_leaves_a_reservation_that_lapses() {
    let app = dear(|_| {}).await;
    let worker = Process::worker(&app);
    app.model.next(Fault::kind(Kind::Hang));
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    let reserved = "SELECT count(*) FROM llm_reservations WHERE micros > 0";
    eventually("a call is under way", async || app.model.counters().in_flight == 1).await;
    assert_eq!(app.database.value(reserved).await, 1);
    worker.kill().await;
    app.database.execute("UPDATE llm_reservations SET expires_at = now()").await;
    app.start_worker();
    task.result().await;
    app.database.value("SELECT llm_release()").await;
    let sums = "SELECT (SELECT sum(cost_micros)::bigint FROM llm_usage) AS usage,
                (SELECT spent_micros FROM llm_budgets WHERE scope = 'user') AS spent";
    // What calls came to is written behind the answer, one call after the other.
    eventually("nothing is reserved any more", async || app.database.value(reserved).await == 0).await;
    let sums = app.database.rows(sums).await.remove(0);
    assert_eq!(sums["usage"], sums["spent"]);
    assert!(sums["spent"].as_i64() > Some(0), "{sums}");
}
