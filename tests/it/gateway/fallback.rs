//! Providers that fail: each is tried again, then the next one, and the answer is whole.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proxie_offline_llm::{Fault, Kind};
use proxie_shared::error::Code;
use proxie_shared::llm::{BreakerState, Cache, Call, Feature, Image, Message};

use super::scripted::{Script, Scripted};
use super::{Heard, World, ask, complete, of, said, whose};
use crate::support::{eventually, patience, within};

const WORDS: &[&str] = &["One ", "haircut ", "in ", "Brooklyn, ", "on ", "Saturday."];
const WHOLE: &str = "One haircut in Brooklyn, on Saturday.";

#[tokio::test]
async fn a_stream_that_breaks_off_at_any_word_goes_on_with_another_provider() {
    let world = World::new(0).await;
    let user = world.user().await;
    let good = Scripted::start(WORDS, None).await;
    for at in 0..Scripted::events(WORDS) {
        let breaks = Scripted::start(WORDS, Some(at)).await;
        let gateway = world.gateway_of(&of(&[&breaks.url, &good.url]));
        let heard = Heard::default();
        let answer = complete(&gateway, whose(user), &said("hello"), Cache::No, Some(&heard)).await.unwrap();
        assert_eq!(answer.text.as_deref(), Some(WHOLE), "broken off after {at}");
        assert_eq!(heard.so_far(), (WHOLE.to_owned(), usize::from(at > 0)), "broken off after {at}");
        gateway.flush().await;
    }
    assert_eq!(good.asked().len(), Scripted::events(WORDS));
    println!(
        "figure: gateway: broken off at each of {} places, the answer is whole",
        Scripted::events(WORDS)
    );
}

#[tokio::test]
async fn what_a_broken_answer_has_cost_counts() {
    let world = World::new(0).await;
    let user = world.user().await;
    let (breaks, good) = (Scripted::start(WORDS, Some(3)).await, Scripted::start(WORDS, None).await);
    let gateway = world.gateway_of(&of(&[&breaks.url, &good.url]));
    let answer = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    gateway.flush().await;
    assert_eq!(world.outcomes().await, ["first model_unavailable", "second ok"]);
    assert_eq!(world.sum("cost_micros").await, answer.cost_micros);
    let of_the_good = 10 + 2 * WORDS.len() as i64;
    assert!(answer.cost_micros > of_the_good, "{} for both", answer.cost_micros);
    assert_eq!((answer.prompt_tokens, answer.completion_tokens as usize), (10, WORDS.len()));
}

#[tokio::test]
async fn a_provider_is_tried_again_before_the_next_one_is() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| (llm.attempts, llm.backoff) = (2, Duration::from_millis(1)));
    for fault in [Fault::status(500), Fault::status(408), Fault::kind(Kind::Cut), Fault::kind(Kind::Empty)] {
        world.models[0].control.next(fault);
        ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    }
    assert_eq!((world.models[0].received(), world.models[1].received()), (8, 0));
    world.models[0].control.always(Some(Fault::status(503)));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert_eq!((world.models[0].received(), world.models[1].received()), (10, 1));
}

#[tokio::test]
async fn a_refusal_for_good_is_not_tried_again_there() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| (llm.attempts, llm.backoff) = (3, Duration::from_millis(1)));
    world.models[0].control.always(Some(Fault::status(401)));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert_eq!((world.models[0].received(), world.models[1].received()), (1, 1));
    world.models[1].control.always(Some(Fault::status(404)));
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!((error.code, error.permanent), (Code::ModelUnavailable, true));
    world.models[1].control.always(Some(Fault::status(500)));
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert!(!error.permanent, "the second one may be well again");
}

#[tokio::test]
async fn a_short_wish_to_be_asked_later_is_waited_for() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.attempts = 2);
    world.models[0].control.next(Fault { retry_after: Some(1), ..Fault::status(429) });
    let began = Instant::now();
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_long_wish_is_the_tasks_or_anothers_chance() {
    let world = World::new(2).await;
    let user = world.user().await;
    let late = Fault { retry_after: Some(40), ..Fault::status(429) };
    world.models[0].control.always(Some(late.clone()));
    let gateway = world.gateway(|llm| llm.attempts = 2);
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert_eq!((world.models[0].received(), world.models[1].received()), (1, 1), "nobody waited");
    world.models[1].control.always(Some(late));
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!((error.retry_after, error.permanent), (Some(Duration::from_secs(40)), false));
}

#[tokio::test]
async fn a_dead_provider_is_skipped_and_comes_back() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| {
        (llm.breaker_failures, llm.breaker_rest) = (2, Duration::from_secs(2));
    });
    let [first, second] = [&world.models[0], &world.models[1]];
    first.control.always(Some(Fault::status(500)));
    for _ in 0..2 {
        ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    }
    assert_eq!(gateway.breakers(), [("first", BreakerState::Open), ("second", BreakerState::Closed)]);
    let before = first.received();
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert!(first.received() <= before + 1, "at most one call finds out");
    assert_eq!(second.received(), 3);
    first.control.clear();
    eventually("the first one is asked again", async || {
        ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
        gateway.breakers()[0].1 == BreakerState::Closed
    })
    .await;
    let before = second.received();
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert_eq!(second.received(), before, "the first one answers all again");
}

#[tokio::test]
async fn with_every_provider_skipped_nobody_is_kept_waiting() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.breaker_failures = 1);
    world.models[0].control.always(Some(Fault::status(500)));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!((error.code, error.permanent), (Code::ModelUnavailable, false));
    assert!(error.retry_after.is_some_and(|after| after <= Duration::from_secs(10)), "{error:?}");
    assert_eq!(world.models[0].received(), 1);
}

#[tokio::test]
async fn a_bad_call_speaks_against_no_provider() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.breaker_failures = 1);
    world.models[0].control.next(Fault::status(400));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!(gateway.breakers(), [("first", BreakerState::Closed)]);
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
}

#[tokio::test]
async fn silence_is_given_up_and_time_is_limited() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.silence = Duration::from_millis(300));
    world.models[0].control.always(Some(Fault::kind(Kind::Hang)));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    assert_eq!(world.models[1].received(), 1);

    let gateway = world.gateway(|llm| llm.timeout = Duration::from_millis(500));
    let began = Instant::now();
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!(error.code, Code::ModelTimeout);
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(world.models[1].received(), 1, "there was no time left for another");
}

#[tokio::test]
async fn nobody_listens_at_the_first_address() {
    let world = World::new(1).await;
    let user = world.user().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/v1", port.local_addr().unwrap());
    drop(port);
    let gateway = world.gateway_of(&of(&[&nobody, &world.models[0].url]));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
}

#[tokio::test]
async fn who_cannot_take_in_so_much_is_not_asked() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.providers[0].context_tokens = 1_000);
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap();
    ask(&gateway, whose(user), &"long ".repeat(2_000), Cache::No).await.unwrap();
    assert_eq!((world.models[0].received(), world.models[1].received()), (1, 1));
}

#[tokio::test]
async fn pictures_go_to_those_who_see() {
    let world = World::new(0).await;
    let user = world.user().await;
    let (blind, sees) = (Scripted::start(WORDS, None).await, Scripted::start(WORDS, None).await);
    let mut config = of(&[&blind.url, &sees.url]);
    config.providers[1].vision = true;
    let gateway = world.gateway_of(&config);
    assert!(gateway.has_vision());
    let image = Image { mime: "image/png".to_owned(), bytes: Arc::from(*b"picture") };
    let messages = [Message::User { text: "look".to_owned(), images: vec![image] }];
    for vision in [true, false] {
        let (whose, feature, tools, cache) = (whose(user), Feature::Chat, &[], Cache::No);
        let call = Call { whose, feature, messages: &messages, tools, cache, deltas: None, vision };
        gateway.complete(call).await.unwrap();
    }
    let shown = sees.asked()[0]["messages"][0]["content"].clone();
    assert_eq!(shown[0]["text"], "look");
    assert_eq!(shown[1]["image_url"]["url"], "data:image/png;base64,cGljdHVyZQ==");
    let told = blind.asked()[0]["messages"][0]["content"].as_str().unwrap().to_owned();
    assert!(told.starts_with("look") && told.contains("cannot see"), "{told}");
    assert_eq!((blind.asked().len(), sees.asked().len()), (1, 1));
    assert_eq!(blind.asked()[0]["max_tokens"], 200, "the longest answer is told");
}

#[tokio::test]
async fn a_refusal_for_good_is_not_the_last_word_while_another_is_skipped() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| llm.breaker_failures = 1);
    // Of the call only, so that it speaks against nobody.
    world.models[0].control.always(Some(Fault::status(400)));
    world.models[1].control.next(Fault::status(500));
    ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!(gateway.breakers(), [("first", BreakerState::Closed), ("second", BreakerState::Open)]);
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert!(!error.permanent, "the second one was not asked: {error:?}");
    assert!(error.retry_after.is_some_and(|after| after <= Duration::from_secs(10)), "{error:?}");
    assert_eq!((world.models[0].received(), world.models[1].received()), (2, 1));
}

#[tokio::test]
async fn who_had_no_time_left_is_not_blamed_for_being_late() {
    let world = World::new(2).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| {
        llm.breaker_failures = 1;
        (llm.silence, llm.timeout) = (Duration::from_millis(500), Duration::from_millis(700));
    });
    for model in &world.models {
        model.control.always(Some(Fault::kind(Kind::Hang)));
    }
    let error = ask(&gateway, whose(user), "hello", Cache::No).await.unwrap_err();
    assert_eq!(error.code, Code::ModelTimeout);
    assert_eq!(gateway.breakers(), [("first", BreakerState::Open), ("second", BreakerState::Closed)]);
}

#[tokio::test]
async fn a_second_try_does_not_wait_for_what_cannot_be_written_down() {
    let world = World::new(1).await;
    let user = world.user().await;
    let gateway = world.gateway(|llm| (llm.attempts, llm.backoff) = (2, Duration::from_millis(1)));
    let held = world.app.database.hold("BEGIN; LOCK TABLE llm_usage IN ACCESS EXCLUSIVE MODE").await;
    world.models[0].control.next(Fault::status(500));
    let asked = ask(&gateway, whose(user), "hello", Cache::No);
    within(patience(), "an answer", asked).await.unwrap();
    held.finish("COMMIT").await;
    gateway.flush().await;
    assert_eq!(world.outcomes().await, ["first model_unavailable", "first ok"]);
}

#[tokio::test]
async fn a_text_that_is_cut_for_its_length_is_given_and_not_given_again() {
    let world = World::new(0).await;
    let user = world.user().await;
    let cut = Scripted::by(|_| Script { finish_reason: "length", ..Script::of(WORDS) }).await;
    let gateway = world.gateway_of(&of(&[&cut.url]));
    for _ in 0..2 {
        let answer = ask(&gateway, whose(user), "hello", Cache::User).await.unwrap();
        assert_eq!((answer.text.as_deref(), answer.cut, answer.cached), (Some(WHOLE), true, false));
    }
    assert_eq!(cut.asked().len(), 2);
}
