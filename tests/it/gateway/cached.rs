//! Answers that are given again: to whom they were given, until they are forgotten, and to nobody else.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use futures::future::join_all;
use futures::{FutureExt, StreamExt, stream};
use proxie_offline_llm::Fault;
use proxie_shared::config::{BudgetsConfig, RedisConfig};
use proxie_shared::error::Code;
use proxie_shared::llm::{Cache, Forget, Gateway, Whose, forget};
use proxie_shared::model::UserId;
use proxie_shared::queue::Redis;

use super::{Heard, World, ask, complete, said, whose};
use crate::support::{App, Caller, WAITING, eventually, size};

impl World {
    fn redis(&self) -> Redis {
        Redis::new(&self.app.redis.config()).unwrap()
    }

    /// How often a model was called meanwhile.
    async fn calls(&self, gateway: &Gateway, whose: Whose, cache: Cache) -> u64 {
        let before = self.models[0].received();
        ask(gateway, whose, "I need a haircut", cache).await.unwrap();
        self.models[0].received() - before
    }
}

#[tokio::test]
async fn the_same_message_in_a_new_conversation_calls_no_model() {
    let world = World::new(1).await;
    let user = world.user().await;
    // By another worker.
    let (one, other) = (world.gateway(|_| {}), world.gateway(|_| {}));
    let first = ask(&one, whose(user), "I need a haircut", Cache::User).await.unwrap();
    let heard = Heard::default();
    let again = complete(&other, whose(user), &said(" I need  a haircut\n"), Cache::User, Some(&heard))
        .await
        .unwrap();
    assert_eq!(world.models[0].received(), 1);
    assert_eq!((first.cached, again.cached, again.cost_micros), (false, true, 0));
    assert_eq!(again.text, first.text);
    assert_eq!(heard.so_far(), (first.text.unwrap(), 0), "it is told all the same");
    assert_eq!(world.calls(&other, whose(user), Cache::No).await, 1, "who does not want it is not given it");
    one.flush().await;
    other.flush().await;
    let rows = "SELECT cached, cost_micros > 0 AS paid FROM llm_usage ORDER BY id";
    let rows = world.app.database.rows(rows).await;
    assert_eq!(
        rows.iter().map(|row| (row["cached"] == true, row["paid"] == true)).collect::<Vec<_>>(),
        [(false, true), (true, false), (false, true)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_given_what_was_answered_to_another() {
    let world = World::new(1).await;
    // So many calls cost more than a day's budget.
    let free = BudgetsConfig { user_day: 0, session: 0, address_day: 0, guests_day: 0 };
    let gateway = world.gateway(|llm| llm.budgets = free);
    let many = size(100, 20_000);
    let (maya, others): (UserId, Vec<UserId>) =
        (world.user().await, join_all((0..5).map(|_| world.user())).await);
    // Who is answered from the cache, of those who ask for each of Maya's secrets.
    let cached = async |askers: &[UserId]| {
        let asked = (0..many).flat_map(|at| askers.iter().map(move |asker| (at, *asker)));
        let calls = asked.map(|(at, asker)| {
            let gateway = &gateway;
            async move {
                let secret = format!("my secret number is {at}, I need a haircut");
                ask(gateway, whose(asker), &secret, Cache::User).await.unwrap().cached
            }
        });
        stream::iter(calls).buffer_unordered(16).filter(|cached| ready(*cached)).count().await
    };
    assert_eq!(cached(&[maya]).await, 0);
    assert_eq!(cached(&others).await, 0);
    let tries = many * others.len();
    assert_eq!(world.models[0].received(), (many + tries) as u64);
    assert_eq!(cached(&[maya]).await, many);
    println!(
        "figure: cache: {tries} tries of others for what one was answered: 0 given; of the same: {many} of {many}"
    );
}

#[tokio::test]
async fn what_is_shared_is_everybodys() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    assert_eq!(world.calls(&gateway, whose(world.user().await), Cache::Shared).await, 1);
    let other = world.user().await;
    assert_eq!(world.calls(&gateway, whose(other), Cache::Shared).await, 0);
    assert_eq!(world.calls(&gateway, whose(other), Cache::User).await, 1, "what is one's own is apart");
    forget(&world.redis(), Forget::User(other)).await.unwrap();
    assert_eq!(world.calls(&gateway, whose(other), Cache::Shared).await, 0, "nobody's to forget");
    forget(&world.redis(), Forget::All).await.unwrap();
    assert_eq!(world.calls(&gateway, whose(other), Cache::Shared).await, 1);
}

#[tokio::test]
async fn what_is_forgotten_is_not_given_again() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let (maya, noah) = (world.user().await, world.user().await);
    let talk = whose(maya);
    let redis = world.redis();
    assert_eq!(world.calls(&gateway, talk, Cache::User).await, 1);
    assert_eq!(world.calls(&gateway, whose(noah), Cache::User).await, 1);

    // Of another conversation, of this one, of the user, of everybody.
    forget(&redis, Forget::Session(whose(maya).session_id.unwrap())).await.unwrap();
    assert_eq!(world.calls(&gateway, talk, Cache::User).await, 0);
    forget(&redis, Forget::Session(talk.session_id.unwrap())).await.unwrap();
    assert_eq!(world.calls(&gateway, whose(maya), Cache::User).await, 1, "from another conversation");
    assert_eq!(world.calls(&gateway, talk, Cache::User).await, 0, "it was said in that one since");
    forget(&redis, Forget::User(maya)).await.unwrap();
    assert_eq!(world.calls(&gateway, talk, Cache::User).await, 1);
    assert_eq!(world.calls(&gateway, whose(noah), Cache::User).await, 0, "his stays");
    forget(&redis, Forget::All).await.unwrap();
    assert_eq!(world.calls(&gateway, whose(noah), Cache::User).await, 1);
}

#[tokio::test]
async fn an_answer_under_way_when_all_is_forgotten_is_not_kept() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let user = world.user().await;
    world.models[0].control.next(Fault::latency(500));
    let under_way = ask(&gateway, whose(user), "I need a haircut", Cache::User);
    let forgotten = async {
        eventually("the model is asked", async || world.models[0].received() == 1).await;
        forget(&world.redis(), Forget::User(user)).await.unwrap();
        // Nor does who asks now get what is under way.
        world.calls(&gateway, whose(user), Cache::User).await
    };
    let (answer, calls) = futures::join!(under_way, forgotten);
    assert_eq!((answer.unwrap().cached, calls), (false, 1));
    assert_eq!(world.models[0].received(), 2);
}

#[tokio::test]
async fn identical_calls_at_once_are_made_once() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let (maya, noah) = (world.user().await, world.user().await);
    world.models[0].control.always(Some(Fault::latency(300)));
    let users = [maya, noah];
    let calls = (0..40).map(|at| ask(&gateway, whose(users[at % 2]), "I need a haircut", Cache::User));
    let answers = join_all(calls).await;
    assert_eq!(world.models[0].received(), 2, "one for each of the two");
    let paid: Vec<_> = answers.iter().filter(|answer| !answer.as_ref().unwrap().cached).collect();
    assert_eq!(paid.len(), 2);
    gateway.flush().await;
    assert_eq!(world.app.database.value("SELECT count(*) FROM llm_usage").await, 40);
}

#[tokio::test]
async fn a_call_that_is_given_up_is_made_by_who_waits_for_it() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let user = world.user().await;
    world.models[0].control.next(Fault::latency(600_000));
    let mut first = Box::pin(ask(&gateway, whose(user), "I need a haircut", Cache::User));
    let other = gateway.clone();
    let begun = async {
        eventually("the model is asked", async || world.models[0].received() == 1).await;
    };
    tokio::select! {
        _ = &mut first => panic!("it hangs"),
        () = begun => {}
    }
    let second = tokio::spawn(async move { ask(&other, whose(user), "I need a haircut", Cache::User).await });
    assert!(first.as_mut().now_or_never().is_none());
    drop(first);
    assert!(!second.await.unwrap().unwrap().cached);
    assert_eq!(world.models[0].received(), 2);
}

#[tokio::test]
async fn failures_are_not_kept_and_answers_of_who_stands_in_are() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.providers[1].model = "offline-two".to_owned());
    for model in &world.models {
        model.control.next(Fault::status(500));
    }
    ask(&gateway, whose(user), "I need a haircut", Cache::User).await.unwrap_err();
    world.models[0].control.next(Fault::status(500));
    assert!(!ask(&gateway, whose(user), "I need a haircut", Cache::User).await.unwrap().cached);
    assert!(
        ask(&gateway, whose(user), "I need a haircut", Cache::User).await.unwrap().cached,
        "though the first is well"
    );
}

#[tokio::test]
async fn switched_off_or_without_redis_every_call_is_made() {
    let world = World::new(1).await;
    let user = world.user().await;
    let off = world.gateway(|llm| llm.cache_ttl = Duration::ZERO);
    let nowhere = RedisConfig { url: "redis://127.0.0.1:9".to_owned(), ..world.app.redis.config() };
    let db = world.app.database.pool();
    let without = Gateway::new(&world.config(), db, Redis::new(&nowhere).unwrap()).unwrap();
    for gateway in [off, without] {
        for _ in 0..2 {
            assert_eq!(world.calls(&gateway, whose(user), Cache::User).await, 1);
        }
    }
}

#[tokio::test]
async fn whoever_asks_has_their_answers_forgotten() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let (maya, noah) = (world.app.consumer("maya"), world.app.consumer("noah"));
    let ids = [world.app.id_of(&maya).await, world.app.id_of(&noah).await].map(UserId);
    for id in ids {
        assert_eq!(world.calls(&gateway, whose(id), Cache::User).await, 1);
    }
    maya.delete("/chat/cache").await.expect(204);
    assert_eq!(world.calls(&gateway, whose(ids[0]), Cache::User).await, 1);
    assert_eq!(world.calls(&gateway, whose(ids[1]), Cache::User).await, 0);
}

#[tokio::test]
async fn a_deleted_conversation_and_a_closed_account_are_forgotten() {
    let world = World::new(1).await;
    let gateway = world.gateway(|_| {});
    let maya = world.app.consumer("maya");
    let task = maya.say("hello").await;
    let user = UserId(world.app.id_of(&maya).await);
    let talk = Whose { session_id: Some(task.session.parse().unwrap()), ..whose(user) };
    assert_eq!(world.calls(&gateway, talk, Cache::User).await, 1);
    maya.delete(&format!("/chat/sessions/{}", task.session)).await.expect(204);
    assert_eq!(world.calls(&gateway, whose(user), Cache::User).await, 1);
    maya.delete("/auth/me").await.expect(204);
    assert_eq!(world.calls(&gateway, whose(user), Cache::User).await, 1);
}

#[tokio::test]
async fn who_waits_for_a_call_that_another_cannot_pay_makes_it() {
    let world = World::new(1).await;
    let user = world.user().await;
    let none = BudgetsConfig { user_day: 0, session: 0, address_day: 0, guests_day: 0 };
    let gateway = world.gateway(|llm| llm.budgets = BudgetsConfig { session: 1, ..none });
    let database = &world.app.database;
    let held = database.hold("BEGIN; LOCK TABLE llm_budgets IN ACCESS EXCLUSIVE MODE").await;
    // In a conversation that has nothing left.
    let first = {
        let gateway = gateway.clone();
        tokio::spawn(async move { ask(&gateway, whose(user), "I need a haircut", Cache::User).await })
    };
    eventually("it waits to reserve", async || database.value(WAITING).await == 1).await;
    let alone = Whose { session_id: None, ..whose(user) };
    let mut second = Box::pin(ask(&gateway, alone, "I need a haircut", Cache::User));
    let waits = tokio::time::timeout(Duration::from_millis(300), second.as_mut()).await;
    assert!(waits.is_err(), "the same is under way: {waits:?}");
    held.finish("COMMIT").await;
    assert_eq!(first.await.unwrap().unwrap_err().code, Code::BudgetExceeded);
    assert!(!second.await.unwrap().cached);
    assert_eq!(world.models[0].received(), 1);
}

/// A time that stands still: of the time of a call the hour counts.
fn at_three() -> proxie_shared::agent::Clock {
    Arc::new(|| DateTime::from_timestamp(1_795_014_000, 0).unwrap())
}

#[tokio::test]
async fn the_same_question_in_a_new_conversation_is_answered_without_a_model() {
    let app =
        App::builder().llm(|llm| llm.cache_ttl = Duration::from_secs(3_600)).clock(at_three()).start().await;
    let (maya, noah) = (app.consumer("maya"), app.consumer("noah"));
    // How often a model is called for it, and whether that is said to be an earlier answer; what is answered.
    let asks = async |caller: &Caller| {
        let before = app.model.counters().received;
        let result = caller.say("hello").await.result().await;
        let calls = app.model.counters().received - before;
        ((calls > 0, result["usage"]["cached"] == true), result["message"].clone())
    };
    let (asked, given_again) = ((true, false), (false, true));
    let (how, first) = asks(&maya).await;
    assert_eq!(how, asked);
    assert_eq!(asks(&maya).await, (given_again, first.clone()));
    assert_eq!(asks(&noah).await.0, asked, "nobody is given what another was answered");
    assert_eq!(asks(&noah).await.0, given_again);
    maya.delete("/chat/cache").await.expect(204);
    assert_eq!(asks(&maya).await, (asked, first.clone()), "it is forgotten at once");
    assert_eq!(asks(&noah).await.0, given_again, "of nobody else");
    assert_eq!(asks(&maya).await, (given_again, first));
}
