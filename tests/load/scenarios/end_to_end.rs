//! From the message to the answer in hand (`POST /chat`, then a long poll), less the model's own time.
//!
//! The model's own time is what the worker's log says of each call of that very chat, `latency_ms`: from the request to the
//! last byte of the answer. It is in whole milliseconds, rounded down, so what is left is an upper bound.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use proxie_shared::model::TaskId;
use serde_json::Value;
use tokio::sync::mpsc;

use super::calls::counters;
use super::submit::{MESSAGE, say};
use crate::Result;
use crate::drive::{Client, Summary, drive};
use crate::http::{self, Connection};
use crate::report::{LoopTargets, Report, Target, Unit};
use crate::stage::Stage;

/// Somebody who says something, waits for the answer, and begins anew.
struct Talker {
    connection: Connection,
    token: String,
    answered: mpsc::UnboundedSender<Answered>,
}

/// A chat with when it began and how long it took in all.
type Answered = (TaskId, Instant, Duration);

impl Client for Talker {
    async fn once(&mut self) -> Result<()> {
        let started = Instant::now();
        let task = say(&mut self.connection, &self.token, MESSAGE).await?;
        let request = http::get(&format!("/chat/status/{task}?wait=30"), Some(&self.token));
        let response = self.connection.exchange(&request).await?;
        let took = started.elapsed();
        let body: Value = serde_json::from_slice(response.body)?;
        match body["status"].as_str() {
            Some("completed") => Ok(self.answered.send((task, started, took))?),
            _ => Err(format!("the chat did not complete: {body}").into()),
        }
    }
}

/// Measures one client and sixteen.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let (api, model) = (stage.start_api().await?, stage.start_model(Duration::ZERO).await?);
    for clients in [1, 16] {
        stage.reset().await?;
        let mut worker = stage.start_worker(Some(model.address), &[])?;
        let (answered, mut answers) = mpsc::unbounded_channel();
        let mut talkers = Vec::with_capacity(clients);
        for user in &stage.users[..clients] {
            let (token, answered) = (user.token.clone(), answered.clone());
            talkers.push(Talker { connection: Connection::open(api.address).await?, token, answered });
        }
        drop(answered);
        let before = counters(model.address).await?;
        let begin = Instant::now() + stage.load().warm_up;
        let whole = drive(talkers, stage.load()).await?;
        let after = counters(model.address).await?;
        worker.check()?;

        let model_ms = model_times(&stage.worker_log()?);
        let (mut less, mut models, mut chats) = (Summary::new(stage.load().measured)?, 0, 0);
        while let Some((task, started, took)) = answers.recv().await {
            let of_model = *model_ms.get(&task.to_string()).ok_or("the log lacks a chat")?;
            chats += 1;
            models += of_model;
            if started >= begin {
                less.add(took.saturating_sub(Duration::from_millis(of_model)));
            }
        }
        let made = |counters: &Value| counters["finished"].as_f64().unwrap_or_default();
        let per_chat = |count: f64| count / f64::from(chats.max(1));
        let what = format!("{clients} clients");
        report.add_loop("end_to_end", &format!("{what}, the model included"), &whole, LoopTargets::NONE);
        for percentile in [50.0, 95.0, 99.0] {
            let name = format!("{what}, less the model: p{percentile}");
            report.add("end_to_end", name, Unit::Ms, Target::None, less.ms(percentile));
        }
        let calls = per_chat(made(&after) - made(&before));
        report.add("end_to_end", format!("{what}: model calls a chat"), Unit::Times, Target::None, calls);
        let ms = per_chat(models as f64);
        report.add("end_to_end", format!("{what}: the model's time a chat"), Unit::Ms, Target::None, ms);
        report.add("end_to_end", format!("{what}: worker"), Unit::Mb, Target::None, worker.memory()?.now);
        worker.stop().await?;
    }
    api.process.stop().await?;
    model.process.stop().await
}

/// How long each task waited for the model, by the worker's log.
fn model_times(log: &str) -> HashMap<String, u64> {
    let mut times = HashMap::new();
    for line in log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if let (Some(task), Some(ms)) = (line["task_id"].as_str(), line["latency_ms"].as_u64()) {
            *times.entry(task.to_owned()).or_default() += ms;
        }
    }
    times
}
