//! From the message to the answer in hand (`POST /chat`, then a long poll), less the model's own time.
//!
//! The model's own time is what as many calls to it, made one after the other and with nothing else going on, take at
//! their median: under load its calls take longer, and that is left in the figure, which so is an upper bound.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::calls::counters;
use super::submit::say;
use crate::Result;
use crate::drive::{Client, Summary, drive};
use crate::http::{self, Connection};
use crate::report::{Report, Target, Unit};
use crate::stage::{Server, Stage};

const MESSAGE: &str = "I need a haircut for curly hair in Brooklyn this weekend, about $60";
/// How many calls to the model are timed.
const TIMED: usize = 200;

/// Somebody who says something, waits for the answer, and begins anew.
struct Talker {
    connection: Connection,
    token: String,
}

impl Client for Talker {
    async fn once(&mut self) -> Result<()> {
        let task = say(&mut self.connection, &self.token, MESSAGE).await?;
        let request = http::get(&format!("/chat/status/{task}?wait=30"), Some(&self.token));
        let response = self.connection.exchange(&request).await?;
        let body: Value = serde_json::from_slice(response.body)?;
        match body["status"].as_str() {
            Some("completed") => Ok(()),
            _ => Err(format!("the chat did not complete: {body}").into()),
        }
    }
}

/// Measures one client and sixteen.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let (api, model) = (stage.start_api().await?, stage.start_model(Duration::ZERO).await?);
    let call = time_of_a_call(&model).await?;
    for clients in [1, 16] {
        stage.reset().await?;
        let worker = stage.start_worker(Some(model.address), &[])?;
        let before = counters(model.address).await?;
        let mut talkers = Vec::with_capacity(clients);
        for number in 0..clients {
            let connection = Connection::open(api.address).await?;
            talkers.push(Talker { connection, token: stage.users[number].token.clone() });
        }
        let summary = drive(talkers, stage.load()).await?;
        let after = counters(model.address).await?;
        let said =
            stage.pg.query_one("SELECT count(*)::float8 FROM tasks WHERE status = 'completed'", &[]).await?;
        let made = |counters: &Value| counters["finished"].as_f64().unwrap_or_default();
        let calls = (made(&after) - made(&before)) / said.get::<_, f64>(0);
        let own = calls * call;
        let what = format!("{clients} clients");
        report.add("end_to_end", format!("{what}: chats"), Unit::PerSecond, Target::None, summary.rate());
        report.add("end_to_end", format!("{what}: model calls a chat"), Unit::Times, Target::None, calls);
        for percentile in [50.0, 99.0] {
            let less = (summary.ms(percentile) - own).max(0.0);
            report.add(
                "end_to_end",
                format!("{what}: p{percentile} less the model"),
                Unit::Ms,
                Target::None,
                less,
            );
        }
        report.add("end_to_end", format!("{what}: worker"), Unit::Mb, Target::None, worker.memory()?.now);
        worker.stop().await?;
    }
    report.add("end_to_end", "one call to the model alone", Unit::Ms, Target::None, call);
    api.process.stop().await?;
    model.process.stop().await
}

/// The median of one call to the model, in milliseconds.
async fn time_of_a_call(model: &Server) -> Result<f64> {
    // Whole rather than streamed, as the client here reads only what has a length: the model's work is the same.
    let body = json!({"model": "offline", "messages": [{"role": "user", "content": MESSAGE}]}).to_string();
    let request = http::post("/v1/chat/completions", None, &body);
    let mut connection = Connection::open(model.address).await?;
    let mut summary = Summary::new(Duration::from_secs(1))?;
    for _ in 0..TIMED {
        let started = Instant::now();
        let response = connection.exchange(&request).await?;
        if response.status != 200 {
            return Err(format!("the model answered {}", response.status).into());
        }
        summary.add(started.elapsed());
    }
    Ok(summary.ms(50.0))
}
