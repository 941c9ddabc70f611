//! The marketplace in closed loops: `POST /requests` and a provider's page. No worker runs: what is posted waits.

use serde_json::json;
use uuid::Uuid;

use crate::Result;
use crate::drive::{HttpClient, drive};
use crate::http;
use crate::report::{LoopTargets, Report, Target};
use crate::stage::{Server, Stage};

/// The level of load.
const CLIENTS: usize = 16;
/// How many requests of one consumer may be live.
const LIVE: usize = 10;
/// More than can be posted in a loop, each consumer at most [`LIVE`].
const CONSUMERS: i32 = 3_000;
/// How many requests of each have run out before anything is measured.
const PAST: i32 = 5;
/// The longest that one in a hundred may take, in milliseconds.
const P99: Target = Target::AtMost(25.0);

/// Measures both.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let api = stage.start_api().await?;
    post_requests(stage, &api, report).await?;
    provider_pages(stage, &api, report).await?;
    api.process.stop().await
}

async fn post_requests(stage: &Stage, api: &Server, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    let consumers = stage.consumers(CONSUMERS).await?;
    let past = "INSERT INTO requests (id, user_id, service_id, city, zone, description, status, expires_at, created_at)
                SELECT gen_random_uuid(), id, 'haircut', 'Brooklyn', 'America/New_York', 'curly hair', 'expired',
                  now() - interval '1 day' * number, now() - interval '15 days' * number
                FROM users, generate_series(1, $1::int) number WHERE issuer = 'proxie' AND subject LIKE 'bench-consumer-%'";
    stage.pg.execute(past, &[&PAST]).await?;
    stage.pg.batch_execute("ANALYZE users, requests").await?;
    let body = json!({
        "service_id": "haircut", "city": "Brooklyn", "description": "curly hair, shoulder length",
        "budget": {"min_cents": null, "max_cents": 6_000, "currency": "USD"}, "specializations": ["curly hair"],
        "allow_duplicate": true,
    })
    .to_string();
    // Round and round: nobody has more than ten.
    let posts = (0..LIVE).flat_map(|_| &consumers).map(|token| http::post("/requests", Some(token), &body));
    let summary =
        drive(HttpClient::connect(api.address, CLIENTS, posts.collect(), 201).await?, stage.load()).await?;
    let targets = LoopTargets { rate: Target::AtLeast(1_000.0), p99: P99 };
    report.add_loop("market", &format!("POST /requests, {CLIENTS} clients"), &summary, targets);
    Ok(())
}

async fn provider_pages(stage: &Stage, api: &Server, report: &mut Report) -> Result<()> {
    let providers = stage.pg.query("SELECT id FROM providers ORDER BY id LIMIT 500", &[]).await?;
    let pages = providers.iter().zip(stage.users.iter().cycle()).map(|(row, user)| {
        let id: Uuid = row.get(0);
        http::get(&format!("/providers/{id}"), Some(&user.token))
    });
    let summary =
        drive(HttpClient::connect(api.address, CLIENTS, pages.collect(), 200).await?, stage.load()).await?;
    let targets = LoopTargets { rate: Target::AtLeast(5_000.0), p99: P99 };
    report.add_loop("market", &format!("GET /providers/{{id}}, {CLIENTS} clients"), &summary, targets);
    Ok(())
}
