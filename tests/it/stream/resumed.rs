//! Going on where one was, from any process.

use futures::future::join_all;
use proxie_offline_llm::{Fault, Kind};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

use super::follow::{Follow, Frame, assert_completed, assert_whole};
use super::slowly;
use crate::support::{App, Caller, HAIRCUT, Process, eventually, size};

#[tokio::test]
async fn from_every_position_the_rest_is_the_same() {
    let app = App::start().await;
    app.seed().await;
    let (_process, elsewhere) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    // The fourth answer, which is the text, breaks off: there is a reset among the events.
    app.model.set_faults(proxie_offline_llm::Faults {
        always: Some(slowly(10)),
        next: [None, None, None, Some(Fault { fault: Some(Kind::Cut), ..slowly(30) })].into(),
    });
    let task = app.guest().await.say(HAIRCUT).await;
    let whole = Follow::of(&task).await.rest().await;
    assert_whole(&whole, 1);
    assert_completed(&whole);
    assert!(whole.iter().any(|frame| frame.name == "reset"), "{whole:#?}");
    let other = elsewhere.with_token(task.caller().token.as_ref().unwrap());
    for seen in 0..=whole.len() {
        for caller in [task.caller(), &other] {
            let rest = Follow::after(caller, &task.id, Some(seen as u64)).await.rest().await;
            assert_eq!(rest, whole[seen..], "after {seen}");
        }
    }
    println!("figure: streams: resumed after each of {} events, from two processes", whole.len());
}

#[tokio::test]
async fn all_who_follow_a_task_see_the_same_in_every_process() {
    let app = App::start().await;
    let (_process, elsewhere) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    app.model.always(Some(slowly(20)));
    let task = app.guest().await.say("hello").await;
    let other = elsewhere.with_token(task.caller().token.as_ref().unwrap());
    let follows = (0..8).map(|n| {
        let caller = if n % 2 == 0 { task.caller().clone() } else { other.clone() };
        let id = task.id.clone();
        async move { Follow::after(&caller, &id, None).await.rest().await }
    });
    let all = join_all(follows).await;
    assert_whole(&all[0], 1);
    assert_completed(&all[0]);
    assert!(all.iter().all(|frames| *frames == all[0]), "{all:#?}");
}

#[tokio::test]
async fn a_process_that_stops_ends_its_streams_and_another_goes_on() {
    let app = App::start().await;
    let (process, elsewhere) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = app.guest().await.say("hello").await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    let there = elsewhere.with_token(task.caller().token.as_ref().unwrap());
    let mut follow = Follow::after(&there, &task.id, None).await;
    let mut frames = follow.until(|frame| frame.name == "stage").await;
    process.signal("TERM");
    frames.extend(follow.rest().await);
    assert!(!frames.iter().any(Frame::is_end), "{frames:#?}");
    assert_eq!(process.ends().await, Some(0));
    task.cancel().await.expect(200);
    let seen = frames.last().map(|frame| frame.no);
    frames.extend(Follow::after(task.caller(), &task.id, seen).await.rest().await);
    assert_whole(&frames, 1);
    assert_eq!(frames[frames.len() - 1].name, "cancelled");
}

#[tokio::test]
async fn what_a_guest_was_told_goes_along_to_who_claims_it() {
    let app = App::start().await;
    app.model.always(Some(slowly(60)));
    let guest = app.guest().await;
    let task = guest.say("hello").await;
    let mut follow = Follow::of(&task).await;
    let before = follow.until(|frame| frame.name == "delta").await;
    let maya = app.consumer("maya");
    maya.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await.expect(200);
    let seen = before.last().map(|frame| frame.no);
    let rest = Follow::after(&maya, &task.id, seen).await.rest().await;
    let all = [before, rest].concat();
    assert_completed(&all);
    let whole = Follow::after(&maya, &task.id, None).await.rest().await;
    assert_completed(&whole);
}

/// Follows a task to its end over connections that break at random, from either process.
async fn follow_brokenly(callers: &[Caller], task: &str, rng: &mut StdRng) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    while !frames.last().is_some_and(Frame::is_end) {
        let caller = &callers[rng.random_range(0..callers.len())];
        let mut follow = Follow::after(caller, task, frames.last().map(|frame| frame.no)).await;
        for _ in 0..rng.random_range(0..6) {
            frames.extend(follow.next().await);
        }
    }
    frames
}

#[tokio::test]
async fn whatever_breaks_a_reader_ends_with_the_right_text() {
    let app = App::start().await;
    app.seed().await;
    let (_process, elsewhere) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    let runs = size(20, 200);
    let mut resets = 0;
    for some in (0..runs as u64).collect::<Vec<_>>().chunks(10) {
        let run = async |seed: u64| {
            let mut rng = StdRng::seed_from_u64(seed);
            if rng.random_bool(0.5) {
                app.model.next(Fault { fault: Some(Kind::Cut), ..slowly(rng.random_range(0..20)) });
            }
            let said = if rng.random_bool(0.5) { HAIRCUT } else { "hello" };
            let task = app.guest().await.say(said).await;
            let callers =
                [task.caller().clone(), elsewhere.with_token(task.caller().token.as_ref().unwrap())];
            let frames = follow_brokenly(&callers, &task.id, &mut rng).await;
            assert_whole(&frames, 1);
            assert_completed(&frames);
            frames.iter().filter(|frame| frame.name == "reset").count()
        };
        app.model.always(Some(slowly(5)));
        resets += join_all(some.iter().map(|seed| run(*seed))).await.into_iter().sum::<usize>();
    }
    println!("figure: streams: {runs} runs over breaking connections, {resets} resets, each text right");
}
