//! Matching among many: imported providers with three services each in cities of 500, calendars with bookings to come, no
//! vectors. Requests are posted over HTTP at a steady rate; a worker matches them.
//!
//! The worker writes down how long each task ran: from its claim in hand to what came of it, with all that matching reads
//! and with the transaction that routes, but for the queue before and for the write of the end, which all tasks have. As a
//! bound from above the whole way is told too: from the posting transaction's begin to that of the end.

use std::collections::HashMap;
use std::time::Duration;

use proxie_shared::model::catalog::Catalog;
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use super::import::import;
use crate::Result;
use crate::drive::Summary;
use crate::http::{self, Connection};
use crate::providers::{self, Cities};
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// How many providers a city has.
const EACH: usize = 500;
/// Requests a second.
const RATE: u32 = 40;
/// How many requests are matched before it counts.
const WARM_UP: usize = 200;
/// How long the last ones may take to be matched.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many days ahead windows begin at most.
const DAYS: i32 = 12;
/// How many have booked before: some forty bookings each.
const BOOKED: i32 = 10_000;
/// What the requests fill is empty at first. As autovacuum does within a minute, so that nobody's plan is one for an empty table.
const ANALYZE: &str = "ANALYZE requests, request_matches, tasks, task_steps, notifications";

/// People who have booked.
const BOOKERS: &str = "
    INSERT INTO users (id, issuer, subject, role)
      SELECT gen_random_uuid(), 'proxie', 'bench-booker-' || n, 'consumer' FROM generate_series(1, $1::int) n
      ON CONFLICT DO NOTHING";

/// Four bookings of an hour or two with each provider in the next 13 days, at no two on one day, each by one of those people.
const BOOKINGS: &str = "
    WITH given AS MATERIALIZED (
      SELECT gen_random_uuid() AS request, gen_random_uuid() AS offer, gen_random_uuid() AS booking, p.id AS provider, p.city,
        p.zone, s.service_id, c.id AS consumer,
        date_trunc('day', now()) + (1 + 3 * k + floor(random() * 3)) * interval '1 day'
          + (14 + floor(random() * 9)) * interval '1 hour' AS start_at,
        (1 + floor(random() * 2)) * interval '1 hour' AS takes
      FROM (SELECT *, row_number() OVER () AS number FROM providers) p
      JOIN LATERAL (SELECT service_id FROM provider_services s WHERE s.provider_id = p.id LIMIT 1) s ON true
      CROSS JOIN generate_series(0, 3) k
      JOIN (SELECT id, row_number() OVER () AS number, count(*) OVER () AS people FROM users
            WHERE subject LIKE 'bench-booker-%') c ON c.number = 1 + (p.number + k) % c.people
    ), r AS (
      INSERT INTO requests (id, user_id, service_id, city, zone, status, expires_at)
        SELECT request, consumer, service_id, city, zone, 'booked', start_at FROM given
    ), m AS (
      INSERT INTO request_matches (request_id, provider_id, score, factors, answered_at)
        SELECT request, provider, 0.5, '[]', now() FROM given
    ), o AS (
      INSERT INTO offers (id, request_id, provider_id, service_id, price_cents, currency, duration_minutes, message, snapshot,
                          status, expires_at)
        SELECT offer, request, provider, service_id, 5000, 'USD', 60, '', '{}', 'accepted', now() FROM given
    )
    INSERT INTO bookings (id, request_id, offer_id, provider_id, user_id, service_id, price_cents, currency, start_at, end_at,
                          zone, place)
      SELECT booking, request, offer, provider, consumer, service_id, 5000, 'USD', start_at, start_at + takes, zone,
        'provider'
      FROM given";

/// Builds the market up, measures, and takes it away.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let cities = Cities::new(stage.either(200, 10));
    stage.reset().await?;
    stage.no_providers().await?;
    let count = EACH * cities.len();
    providers::write(&stage.file("import.jsonl"), count, &cities, 2)?;
    import(stage, count).await?;
    std::fs::remove_file(stage.file("import.jsonl"))?;
    stage.pg.execute(BOOKERS, &[&BOOKED]).await?;
    stage.pg.execute(BOOKINGS, &[]).await?;
    // What was told of bookings that have been there for long is swept.
    stage.pg.execute("TRUNCATE live_events", &[]).await?;
    stage.pg.batch_execute("VACUUM ANALYZE").await?;
    let measured = measure(stage, &cities, report).await;
    stage.reset().await?;
    stage.demo_providers().await?;
    measured
}

async fn measure(stage: &Stage, cities: &Cities, report: &mut Report) -> Result<()> {
    let count = stage.either(2_000, 400);
    let requests = requests(stage, cities, WARM_UP + count).await?;
    let api = stage.start_api().await?;
    let worker = stage.start_worker(None, &[])?;
    let (warm_up, counted) = requests.split_at(WARM_UP);
    post(&api, warm_up).await?;
    all_matched(stage).await?;
    stage.pg.batch_execute(ANALYZE).await?;
    let posted = post(&api, counted).await?;
    all_matched(stage).await?;

    let ran = ran(&stage.worker_log()?)?;
    let over = Duration::from_secs(count as u64) / RATE;
    let (mut in_worker, mut whole) = (Summary::new(over)?, Summary::new(over)?);
    let ended =
        "SELECT id, extract(epoch FROM updated_at - created_at)::float8, (result->>'considered')::int,
                        jsonb_array_length(result->'matches') FROM tasks WHERE id = ANY ($1)";
    let (mut considered, mut matched) = (0, 0);
    for row in stage.pg.query(ended, &[&posted]).await? {
        let id: Uuid = row.get(0);
        in_worker.add(*ran.get(&id).ok_or("a matching that the worker's log does not tell of")?);
        whole.add(Duration::from_secs_f64(row.get::<_, f64>(1).max(0.0)));
        let of_result = |column: usize| {
            row.get::<_, Option<i32>>(column).ok_or("a matching that failed; see the worker's log")
        };
        considered += of_result(2)?;
        matched += of_result(3)?;
    }
    if in_worker.count() != count as u64 || matched == 0 {
        return Err(format!("{} of {count} requests were matched, to {matched}", in_worker.count()).into());
    }
    let mut add = |name: &str, unit, target, value| report.add("matching", name, unit, target, value);
    add("in the worker: p50", Unit::Ms, Target::AtMost(15.0), in_worker.ms(50.0));
    add("in the worker: p95", Unit::Ms, Target::None, in_worker.ms(95.0));
    add("in the worker: p99", Unit::Ms, Target::AtMost(50.0), in_worker.ms(99.0));
    add("from the post to the end: p50", Unit::Ms, Target::None, whole.ms(50.0));
    add("from the post to the end: p99", Unit::Ms, Target::None, whole.ms(99.0));
    let each = |sum: i32| f64::from(sum) / count as f64;
    add("providers in reach, mean", Unit::Count, Target::None, each(considered));
    add("matched, mean", Unit::Count, Target::None, each(matched));
    add("worker, at most", Unit::Mb, Target::None, worker.memory()?.peak);
    worker.stop().await?;
    api.process.stop().await
}

/// Calls that post requests, each of any service in any city: half of them with a window, half with a budget.
async fn requests(stage: &Stage, cities: &Cities, count: usize) -> Result<Vec<Vec<u8>>> {
    let days =
        "SELECT to_char(now() + n * interval '1 day', 'YYYY-MM-DD') FROM generate_series(1, $1::int) n";
    let days: Vec<String> = stage.pg.query(days, &[&DAYS]).await?.iter().map(|row| row.get(0)).collect();
    let consumers = stage.consumers(count.div_ceil(5) as i32).await?;
    let services: Vec<_> = Catalog::built_in().categories().iter().flat_map(|one| &one.services).collect();
    let mut rng = StdRng::seed_from_u64(3);
    let request = |number: usize| {
        let (city, service) =
            (cities.pick(&mut rng), services.iter().filter(|one| !one.licensed).choose(&mut rng));
        let service = service.ok_or("a catalog without services")?;
        let mut body = json!({
            "service_id": service.id, "city": city.name, "zone": city.zone, "allow_duplicate": true,
            "location": providers::spot(city, &mut rng),
            "description": providers::words(10, &mut rng),
            "specializations": service.specializations.iter().choose_multiple(&mut rng, 2),
        });
        if rng.random_bool(0.5) {
            let (day, hour) = (&days[rng.random_range(0..days.len())], rng.random_range(8..15));
            body["window"] =
                json!({"from": format!("{day}T{hour:02}:00"), "to": format!("{day}T{:02}:00", hour + 5)});
        }
        if rng.random_bool(0.5) {
            let most = rng.random_range(service.price.min_cents..=service.price.max_cents);
            body["budget"] =
                json!({"min_cents": null, "max_cents": most, "currency": service.price.currency});
        }
        Ok(http::post("/requests", Some(&consumers[number % consumers.len()]), &body.to_string()))
    };
    (0..count).map(request).collect()
}

/// Posts them at a steady rate; answers their matchings.
async fn post(api: &crate::stage::Server, requests: &[Vec<u8>]) -> Result<Vec<Uuid>> {
    let mut connection = Connection::open(api.address).await?;
    let mut tick = tokio::time::interval(Duration::from_secs(1) / RATE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut posted = Vec::with_capacity(requests.len());
    for request in requests {
        tick.tick().await;
        let response = connection.exchange(request).await?;
        let body = String::from_utf8_lossy(response.body);
        if response.status != 201 {
            return Err(format!("answered {}: {body}", response.status).into());
        }
        let body: Value = serde_json::from_str(&body)?;
        posted.push(body["task_id"].as_str().ok_or("a request without a task")?.parse()?);
    }
    Ok(posted)
}

/// Waits until no matching waits or runs.
async fn all_matched(stage: &Stage) -> Result<()> {
    let open = "SELECT EXISTS (SELECT FROM tasks WHERE kind = 'matching' AND status = 'processing')";
    let deadline = Instant::now() + PATIENCE;
    while stage.pg.query_one(open, &[]).await?.get(0) {
        if Instant::now() > deadline {
            return Err(format!("matchings are still open after {PATIENCE:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// How long each task ran, as the worker has written down.
fn ran(log: &str) -> Result<HashMap<Uuid, Duration>> {
    let mut ran = HashMap::new();
    for line in log.lines().filter(|line| line.contains("ran_ms")) {
        let line: Value = serde_json::from_str(line)?;
        if let (Some(id), Some(ms)) = (line["task_id"].as_str(), line["ran_ms"].as_f64()) {
            ran.insert(id.parse()?, Duration::from_secs_f64(ms / 1_000.0));
        }
    }
    Ok(ran)
}
