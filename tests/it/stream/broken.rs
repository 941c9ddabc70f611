//! What breaks while a task is followed: the model, the worker, Redis.

use std::time::Duration;

use proxie_offline_llm::{Fault, Kind};

use super::follow::{Follow, Frame, assert_completed, assert_whole, text};
use super::slowly;
use crate::support::{App, Process, Services, Task, eventually, size};

fn is_delta(frame: &Frame) -> bool {
    frame.name == "delta"
}

#[tokio::test]
async fn half_an_answer_is_void_when_the_next_attempt_begins() {
    let app = App::start().await;
    app.model.always(Some(slowly(20)));
    app.model.next(Fault { fault: Some(Kind::Cut), ..slowly(50) });
    let task = app.guest().await.say("hello").await;
    let frames = Follow::of(&task).await.rest().await;
    assert_whole(&frames, 1);
    assert_completed(&frames);
    let reset = frames.iter().position(|frame| frame.name == "reset").expect("a reset");
    let first = frames.iter().position(is_delta).expect("a delta");
    assert!(first < reset, "{frames:#?}");
    assert_eq!(frames[reset].data["from"], frames[first].no, "{frames:#?}");
}

/// Kills the worker after so many pieces of the answer; another goes on.
async fn killed_after(deltas: usize) {
    let leases = App::builder()
        .tasks(|tasks| (tasks.lease, tasks.renew) = (Duration::from_secs(2), Duration::from_millis(300)));
    let app = leases.workers(0).start().await;
    app.model.always(Some(slowly(100)));
    let first = Process::worker(&app);
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    let mut told = 0;
    let mut frames = follow
        .until(|frame| {
            told += usize::from(is_delta(frame));
            told == deltas || frame.is_end()
        })
        .await;
    first.kill().await;
    let _second = Process::worker(&app);
    frames.extend(follow.rest().await);
    assert_whole(&frames, 1);
    assert_completed(&frames);
    if frames[frames.len() - 1].data["attempts"] == 2 {
        assert!(frames.iter().any(|frame| frame.name == "reset"), "{frames:#?}");
    }
}

#[tokio::test]
async fn what_a_killed_worker_told_is_void() {
    for deltas in 1..=size(3, 8) {
        killed_after(deltas).await;
    }
}

#[tokio::test]
async fn redis_emptied_in_the_middle_costs_nobody_the_text() {
    let services = Services::redis_only().await;
    let app = App::builder().redis(services.redis()).start().await;
    app.model.always(Some(slowly(60)));
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    let mut seen = follow.until(is_delta).await;
    app.redis.command::<String>(&["FLUSHALL"]).await;
    let before = seen.clone();
    seen.extend(follow.rest().await);
    assert_whole(&seen, 1);
    assert_completed(&seen);
    for at in 0..=before.len() {
        let last = at.checked_sub(1).map(|at| before[at].no);
        let rest = Follow::after(task.caller(), &task.id, last).await.rest().await;
        assert_completed(&[&before[..at], &rest].concat());
    }
}

#[tokio::test]
async fn without_redis_a_stream_ends_as_the_row_says() {
    let services = Services::redis_only().await;
    let app = App::builder().redis(services.redis()).start().await;
    app.model.always(Some(slowly(100)));
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    let mut frames = follow.until(is_delta).await;
    services.stop_redis().await;
    frames.extend(follow.rest().await);
    assert_whole(&frames, 1);
    assert_completed(&frames);
    // Whoever comes now is told the text and the end.
    let rest = Follow::of(&task).await.rest().await;
    assert_eq!(rest.iter().map(|frame| frame.name.as_str()).collect::<Vec<_>>(), ["delta", "completed"]);
    assert_completed(&rest);
    services.start_redis().await;
    // And whoever goes on from where they were, once it is back.
    let half: Vec<Frame> = frames.iter().take_while(|frame| !frame.is_end()).take(2).cloned().collect();
    let rest = Follow::after(task.caller(), &task.id, half.last().map(|frame| frame.no)).await.rest().await;
    assert_completed(&[half, rest].concat());
}

#[tokio::test]
async fn what_is_no_longer_kept_is_told_from_the_row() {
    let app = App::start().await;
    let task = app.guest().await.say("hello").await;
    let whole = Follow::of(&task).await.rest().await;
    let keys: Vec<String> = app.redis.command(&["KEYS", &app.redis.key("events:*")]).await;
    let kept: i64 = app.redis.command(&["PTTL", &keys[0]]).await;
    assert!((86_000_000..=86_400_000).contains(&kept), "for a day: {kept} ms");
    app.redis.command::<i64>(&["DEL", &keys[0]]).await;
    // A process that has not read it.
    let (_process, elsewhere) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    let other = elsewhere.with_token(task.caller().token.as_ref().unwrap());
    let anew = Follow::after(&other, &task.id, None).await.rest().await;
    assert_whole(&anew, 1);
    assert_completed(&anew);
    for seen in 0..whole.len() {
        let last = whole[..seen].last().map(|frame| frame.no);
        let rest = Follow::after(&other, &task.id, last).await.rest().await;
        assert_completed(&[&whole[..seen], &rest].concat());
    }
}

#[tokio::test]
async fn what_a_worker_could_not_say_before_it_died_is_told_from_the_row() {
    let app = App::builder().workers(0).start().await;
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    // As the row is when a worker dies between the write and the word.
    let done = format!(
        "UPDATE tasks SET status = 'completed', stage = 'done', result = '{{\"kind\": \"chat\", \"message\": \"Hello!\"}}' \
         WHERE id = '{}'",
        task.id
    );
    app.database.execute(&done).await;
    let frames = follow.rest().await;
    assert_whole(&frames, 1);
    assert_completed(&frames);
    assert_eq!(text(&frames), "Hello!");
    assert_eq!(Follow::of(&task).await.rest().await, frames, "it is told the same from now on");
}

#[tokio::test]
async fn a_frozen_worker_that_wakes_up_tells_nothing_more() {
    let leases = App::builder()
        .tasks(|tasks| (tasks.lease, tasks.renew) = (Duration::from_secs(2), Duration::from_millis(300)));
    let app = leases.workers(0).start().await;
    app.model.always(Some(slowly(100)));
    let first = Process::worker(&app);
    let task: Task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    let mut frames = follow.until(is_delta).await;
    first.signal("STOP");
    let _second = Process::worker(&app);
    frames.extend(follow.until(|frame| frame.name == "reset").await);
    first.signal("CONT");
    frames.extend(follow.rest().await);
    assert_whole(&frames, 1);
    assert_completed(&frames);
    eventually("the first has noticed", async || app.model.counters().in_flight == 0).await;
    assert_eq!(Follow::of(&task).await.rest().await, frames);
}
