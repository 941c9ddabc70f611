//! What the gateway adds to the model's own time, with budgets, cache and usage on; and how often an answer is given again.
//!
//! The model's own time is that of the same call made bare, by the same HTTP client at the same rate, just before. Both are
//! open loops: a call begins when it is due, however long the others take.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use proxie_shared::config::{DatabaseConfig, LlmConfig, ProviderConfig, Secret};
use proxie_shared::db::Db;
use proxie_shared::llm::{Cache, Call, Feature, Gateway, Message, Whose};
use proxie_shared::model::{SessionId, UserId};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use tokio::task::JoinSet;

use crate::Result;
use crate::drive::Summary;
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// Calls a second.
const RATE: u32 = 200;
/// Of a hundred messages so many are one of the common ones.
const COMMON: u32 = 70;
/// How many common ones there are for each user.
const KINDS: u32 = 20;
/// Of how many users.
const USERS: usize = 20;
/// Draws the mix, so that every run has the same.
const SEED: u64 = 2026;

const SYSTEM: &str = "You are a concierge for local services. You ask for one thing at a time.\n\
    Now: 2026-11-18T15:00:00Z\nDefault zone: America/New_York\nRole: guest\n\
    Known: {\"fields\":{},\"missing\":[\"service_id\",\"city\"],\"ask\":[],\"ready\":false}\n";

/// Measures the bare call, the gateway, and the mix of new and repeated messages.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    let model = stage.start_model(Duration::ZERO).await?;
    let url = format!("http://{}/v1", model.address);
    let gateway = gateway(stage, &url)?;
    let seconds = stage.either(10, 2);

    let http = reqwest::Client::new();
    // Connections and plans are made once.
    at_rate(1, |at| bare(http.clone(), url.clone(), at)).await?;
    at_rate(1, |at| {
        asked(gateway.clone(), UserId(stage.users[at as usize % USERS].id), new(at), Cache::User)
    })
    .await?;

    let own = at_rate(seconds, |at| bare(http.clone(), url.clone(), at)).await?;
    let whole = at_rate(seconds, |at| {
        let user = UserId(stage.users[at as usize % USERS].id);
        asked(gateway.clone(), user, new(at + 1_000_000), Cache::User)
    })
    .await?;
    for (percentile, most) in [(50.0, 1.0), (99.0, 5.0)] {
        let (own, whole) = (own.ms(percentile), whole.ms(percentile));
        let name = |what: &str| format!("{RATE} calls/s, {what}: p{percentile}");
        report.add("gateway", name("the model alone"), Unit::Ms, Target::None, own);
        report.add("gateway", name("through the gateway"), Unit::Ms, Target::None, whole);
        report.add("gateway", name("what it adds"), Unit::Ms, Target::AtMost(most), (whole - own).max(0.0));
    }

    // Long enough for people to come back to what they have asked: 200 messages of each at full length.
    let seconds = 2 * seconds;
    let messages = Arc::new(mix(RATE * seconds));
    let mixed = at_rate(seconds, |at| {
        let (user, text) = messages[at as usize % messages.len()].clone();
        asked(gateway.clone(), UserId(stage.users[user].id), text, Cache::User)
    })
    .await?;
    gateway.flush().await;
    report.add("gateway", "mix of messages: p50", Unit::Ms, Target::None, mixed.ms(50.0));
    let rate = "SELECT (count(*) FILTER (WHERE cached))::float8 / count(*)
                FROM (SELECT cached FROM llm_usage ORDER BY id DESC LIMIT $1) last";
    let row = stage.pg.query_one(rate, &[&i64::from(RATE * seconds)]).await?;
    report.add(
        "gateway",
        "mix of messages: answers given again, %",
        Unit::Count,
        Target::AtLeast(50.0),
        100.0 * row.get::<_, f64>(0),
    );
    let sums = "SELECT (SELECT sum(cost_micros)::bigint FROM llm_usage), (SELECT sum(spent_micros)::bigint FROM llm_budgets
                WHERE scope = 'user'), (SELECT sum(reserved_micros)::bigint FROM llm_budgets)";
    let sums = stage.pg.query_one(sums, &[]).await?;
    let (used, spent, reserved): (i64, i64, i64) = (sums.get(0), sums.get(1), sums.get(2));
    if used != spent || reserved != 0 {
        return Err(format!("usage says {used}, budgets {spent}, and {reserved} is still reserved").into());
    }
    model.process.stop().await
}

fn gateway(stage: &Stage, url: &str) -> Result<Gateway> {
    let mut provider = ProviderConfig::new("offline", url, Secret::new("offline"), "offline");
    (provider.prompt_price, provider.completion_price) = (150_000, 600_000);
    let config = LlmConfig::of(vec![provider]);
    let database = DatabaseConfig {
        url: stage.database_url().to_owned(),
        pool: 16,
        wait: Duration::from_secs(1),
        statement: Duration::from_secs(10),
    };
    Ok(Gateway::new(&config, Db::new(&database), stage.queue.redis.clone())?)
}

/// A message that nobody has said before.
fn new(at: u32) -> String {
    format!("I need a haircut in Brooklyn, about ${at}")
}

/// Messages as people send them: most are ones that the same person has sent before.
fn mix(count: u32) -> Vec<(usize, String)> {
    let mut random = StdRng::seed_from_u64(SEED);
    (0..count)
        .map(|at| {
            let user = random.random_range(0..USERS);
            if random.random_range(0..100) < COMMON {
                (user, format!("What do you have for me today, number {}?", random.random_range(0..KINDS)))
            } else {
                (user, new(2_000_000 + at))
            }
        })
        .collect()
}

/// Begins calls at the rate for so many seconds; what each took.
async fn at_rate<F>(seconds: u32, call: impl Fn(u32) -> F) -> Result<Summary>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut running = JoinSet::new();
    let began = Instant::now();
    for at in 0..RATE * seconds {
        let due = began + Duration::from_secs(1) * at / RATE;
        tokio::time::sleep_until(due.into()).await;
        let call = call(at);
        running.spawn(async move {
            let started = Instant::now();
            call.await.map(|()| started.elapsed())
        });
    }
    let mut summary = Summary::new(Duration::from_secs(seconds.into()))?;
    while let Some(took) = running.join_next().await {
        summary.add(took??);
    }
    Ok(summary)
}

async fn asked(gateway: Gateway, user_id: UserId, text: String, cache: Cache) -> Result<()> {
    let messages = [Message::System(SYSTEM.to_owned()), Message::User { text, images: Vec::new() }];
    let whose = Whose { user_id, session_id: Some(SessionId::new()), task_id: None };
    let (feature, tools) = (Feature::Chat, &[]);
    let call = Call { whose, feature, messages: &messages, tools, cache, deltas: None, vision: false };
    gateway.complete(call).await?;
    Ok(())
}

async fn bare(http: reqwest::Client, url: String, at: u32) -> Result<()> {
    let body = json!({
        "model": "offline", "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 4_096,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": new(at)}],
    });
    let answer = http.post(format!("{url}/chat/completions")).json(&body).send().await?.error_for_status()?;
    let mut stream = answer.bytes_stream();
    while let Some(chunk) = stream.next().await {
        chunk?;
    }
    Ok(())
}
