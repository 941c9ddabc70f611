//! Many who follow at once.

use std::time::Instant;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::iter;

use super::follow::{Follow, assert_completed, assert_whole};
use super::slowly;
use crate::support::{App, Process, size};

/// How many streams each user has.
const EACH: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_follow_in_one_process() {
    let users = size(16, 64);
    let app = App::builder().workers(0).start().await;
    let (process, elsewhere) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    app.model.always(Some(slowly(40)));
    let mut tasks = Vec::new();
    for _ in 0..users {
        tasks.push(app.guest().await.say("hello").await);
    }
    let (before, _) = process.memory();
    let opened = tasks.iter().flat_map(|task| (0..EACH).map(move |_| task)).map(|task| {
        let there = elsewhere.with_token(task.caller().token.as_ref().unwrap());
        async move { Follow::after(&there, &task.id, None).await }
    });
    let mut open: Vec<Follow> = iter(opened).buffered(64).collect().await;
    let (waiting, _) = process.memory();
    app.start_worker();
    let began = Instant::now();
    let told = join_all(open.iter_mut().map(Follow::rest)).await;
    let (_, most) = process.memory();
    for frames in &told {
        assert_whole(frames, 1);
        assert_completed(frames);
    }
    let (streams, each) = (told.len(), (waiting.saturating_sub(before)) * 1_024 / told.len() as u64);
    println!(
        "figure: streams: {streams} at once in one process, all told within {:.1?}; {before} MiB before, {waiting} MiB \
         ({each} KiB each) waiting, {most} MiB at most",
        began.elapsed()
    );
    assert!(most < before + 64 + streams as u64 / 8, "{before} MiB before, {most} MiB at most");
}
