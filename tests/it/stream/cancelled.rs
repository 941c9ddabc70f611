//! Cancelling a task that is followed.

use std::time::{Duration, Instant};

use proxie_offline_llm::{Fault, Kind};

use super::follow::{Follow, assert_whole};
use super::slowly;
use crate::support::{App, Services, eventually};

#[tokio::test]
async fn a_cancelled_task_ends_its_streams() {
    let app = App::start().await;
    app.model.always(Some(slowly(200)));
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    let mut frames = follow.until(|frame| frame.name == "delta").await;
    task.cancel().await.expect(200);
    frames.extend(follow.rest().await);
    assert_whole(&frames, 1);
    let last = &frames[frames.len() - 1];
    assert_eq!((last.name.as_str(), last.data["status"].as_str()), ("cancelled", Some("cancelled")));
    eventually("the call is dropped", async || app.model.counters().dropped == 1).await;
    assert_eq!(Follow::of(&task).await.rest().await, frames, "nothing is told after that");
}

/// Waits until the one call is dropped, which must be soon.
async fn dropped_within_a_second(app: &App, cancelled: Instant) {
    eventually("the call is dropped", async || app.model.counters().dropped == 1).await;
    assert!(cancelled.elapsed() < Duration::from_secs(1), "{:?}", cancelled.elapsed());
}

#[tokio::test]
async fn a_call_is_dropped_within_a_second_also_when_nobody_says_so() {
    let app = App::builder().tasks(|tasks| tasks.renew = Duration::from_secs(5)).start().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = app.guest().await.say("hello").await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    let cancel = "UPDATE tasks SET status = 'cancelled', stage = 'done', lease_until = NULL WHERE id";
    app.database.execute(&format!("{cancel} = '{}'", task.id)).await;
    dropped_within_a_second(&app, Instant::now()).await;
}

#[tokio::test]
async fn a_call_is_dropped_within_a_second_also_while_redis_does_not_answer() {
    let services = Services::redis_only().await;
    let longer = App::builder().tasks(|tasks| tasks.renew = Duration::from_secs(5));
    let app = longer.redis(services.redis()).start().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    let frozen = services.freeze_redis();
    task.cancel().await.expect(200);
    dropped_within_a_second(&app, Instant::now()).await;
    let frames = follow.rest().await;
    assert_whole(&frames, 1);
    assert_eq!(frames[frames.len() - 1].name, "cancelled");
    frozen.thaw();
}
