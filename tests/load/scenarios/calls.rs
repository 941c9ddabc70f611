//! Model calls in flight in one worker: a slow model, and a thousand conversations that wait for it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::submit::say;
use crate::Result;
use crate::http::{self, Connection};
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// How many conversations.
const CHATS: usize = 1_000;

/// Measures.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    let latency = stage.either(Duration::from_secs(20), Duration::from_secs(8));
    let (api, model) = (stage.start_api().await?, stage.start_model(latency).await?);
    let mut worker = stage.start_worker(Some(model.address), &[])?;
    let started = Instant::now();
    let mut connection = Connection::open(api.address).await?;
    for number in 0..CHATS {
        let user = &stage.users[number % stage.users.len()];
        say(&mut connection, &user.token, "I need a haircut for curly hair in Brooklyn this weekend").await?;
    }
    // Until the first answers have been read: only then has a call taken all that it takes.
    let deadline = started + latency * 2 + Duration::from_secs(20);
    let mut all_at = None;
    let counters = loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        worker.check()?;
        let counters = counters(model.address).await?;
        let count = |name: &str| counters[name].as_u64().unwrap_or_default();
        if all_at.is_none() && count("max_in_flight") >= CHATS as u64 {
            all_at = Some(started.elapsed());
            report.add("calls", "worker while they wait", Unit::Mb, Target::None, worker.memory()?.now);
        }
        if count("finished") >= CHATS as u64 || Instant::now() > deadline {
            break counters;
        }
    };
    let most = counters["max_in_flight"].as_f64().unwrap_or_default();
    report.add("calls", "model calls in flight, at most", Unit::Count, Target::AtLeast(CHATS as f64), most);
    if let Some(took) = all_at {
        let ms = took.as_secs_f64() * 1_000.0;
        report.add("calls", "from the first message to a thousand calls", Unit::Ms, Target::None, ms);
    }
    let memory = worker.memory()?;
    report.add("calls", "worker, at most", Unit::Mb, Target::AtMost(150.0), memory.peak);
    report.add("calls", "offline model", Unit::Mb, Target::None, model.process.memory()?.now);
    worker.stop().await?;
    api.process.stop().await?;
    model.process.stop().await
}

/// What the offline model has counted.
pub async fn counters(model: SocketAddr) -> Result<Value> {
    let mut connection = Connection::open(model).await?;
    let response = connection.exchange(&http::get("/control/counters", None)).await?;
    Ok(serde_json::from_slice(response.body)?)
}
