//! A model that breaks off after every event of every answer: within its words, and within the arguments of its calls.

use proxie_offline_llm::{Fault, Faults};
use serde_json::{Value, json};

use super::follow::{Follow, Frame, assert_completed, assert_whole};
use super::second;
use crate::gateway::Model;
use crate::support::{App, HAIRCUT, Task, size};

/// How many letters of a call's arguments the offline model says at once.
const LETTERS: usize = 24;
/// Milliseconds between the events of an answer that is told while it is said.
const SLOWLY: u64 = 50;

/// The example's message, followed to its end, and from every number to its end.
async fn followed(app: &App) -> (Task, Vec<Frame>) {
    let task = app.guest().await.say(HAIRCUT).await;
    let frames = Follow::of(&task).await.rest().await;
    assert_whole(&frames, 1);
    assert_completed(&frames);
    for seen in 0..=frames.len() {
        let rest = Follow::after(task.caller(), &task.id, Some(seen as u64)).await.rest().await;
        assert_eq!(rest, frames[seen..], "after {seen}");
    }
    (task, frames)
}

/// What a message came to, without what differs from one conversation to the next.
async fn outcome(app: &App, task: &Task) -> Value {
    let result = task.result().await;
    let steps = app.steps(&task.id).await;
    let steps: Vec<_> = steps.iter().map(|step| (&step["kind"], &step["name"])).collect();
    json!([result["message"], result["draft"]["fields"], result["ui"], steps])
}

/// How many events the offline model says an answer in; and how many of them are arguments of calls.
fn events(answer: &Value) -> (usize, usize) {
    let words = answer["text"].as_str().map_or(0, |text| text.split_inclusive(' ').count());
    let calls = answer["calls"].as_array().unwrap();
    let arguments = calls.iter().map(|call| call["arguments"].as_str().unwrap().chars().count());
    let arguments: usize = arguments.map(|letters| letters.div_ceil(LETTERS)).sum();
    // One begins it, one begins each call, one says why it ends, one what it cost.
    (1 + words + calls.len() + arguments + 2, arguments)
}

/// Cuts each answer to the same message before its first event, after its last, and between; all must come to the same, in so many
/// attempts. Small tests skip some places.
async fn cut_everywhere(app: &App, attempts: i32) {
    app.seed().await;
    let (task, _) = followed(app).await;
    let whole = outcome(app, &task).await;
    let answers =
        format!("SELECT output FROM task_steps WHERE task_id = '{}' AND kind = 'llm' ORDER BY no", task.id);
    let answers: Vec<_> =
        app.database.rows(&answers).await.iter().map(|row| events(&row["output"])).collect();
    let within_arguments: usize = answers.iter().map(|(_, arguments)| arguments).sum();
    assert!(within_arguments > 0, "there are calls with arguments: {answers:?}");
    let (mut cuts, mut resets) = (0, 0);
    for (before, (events, _)) in answers.iter().enumerate() {
        for at in (0..=*events).step_by(size(6, 1)) {
            let mut next = vec![None; before];
            // Every other one slowly, so that some of it is told before it is cut.
            let chunk_ms = (cuts % 2 == 0).then_some(SLOWLY);
            next.push(Some(Fault { chunk_ms, ..Fault::cut_at(at) }));
            app.model.set_faults(Faults { always: None, next: next.into() });
            let (task, frames) = followed(app).await;
            assert_eq!(outcome(app, &task).await, whole, "answer {before} cut after {at} events");
            assert_eq!(task.done().await["attempts"], attempts, "answer {before} cut after {at} events");
            cuts += 1;
            resets += frames.iter().filter(|frame| frame.name == "reset").count();
        }
    }
    assert!(resets > 0, "some of it was told");
    println!(
        "figure: streams: {} answers of a model cut at {cuts} places, {within_arguments} events within arguments, \
         {attempts} attempts each: the text is right, followed from every number ({resets} resets)",
        answers.len()
    );
}

#[tokio::test]
async fn whatever_is_cut_the_next_attempt_says_it_whole() {
    cut_everywhere(&App::start().await, 2).await;
}

#[tokio::test]
async fn whatever_is_cut_another_provider_says_it_whole() {
    let good = Model::start();
    let app = App::builder().llm(second(&good.url)).start().await;
    cut_everywhere(&app, 1).await;
    assert!(good.control.counters().received > 0);
}
