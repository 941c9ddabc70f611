//! What the product finds by indexes, bounds, batches and from memory is what going through every row finds.

use std::collections::HashSet;
use std::ops::AddAssign;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::join_all;
use proxie_shared::config::MatchingConfig;
use proxie_shared::db::Conn;
use proxie_shared::db::matching::RemoteOffers;
use proxie_shared::matching::{Matching, find, rank_all};
use proxie_shared::model::catalog::{Catalog, ServicePlace};
use proxie_shared::model::requests::{ROUTED, Request};
use proxie_shared::test_support::TestDatabase;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use super::reference::Reference;
use super::world;
use crate::support::size;

const SEED: u64 = 20_261_125;
/// Two ways of measuring a distance may differ by less than this, in kilometres.
const HAIR: f64 = 1e-6;

/// What was compared.
#[derive(Default)]
struct Seen {
    requests: usize,
    found_some: usize,
    weighed: usize,
    at_edge: usize,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.found_some += other.found_some;
        self.weighed += other.weighed;
        self.at_edge += other.at_edge;
    }
}

impl Seen {
    /// Matches a request both ways.
    async fn compare(
        &mut self,
        conn: &mut Conn,
        remote: &RemoteOffers,
        reference: &Reference,
        request: &Request,
        now: DateTime<Utc>,
    ) {
        let (catalog, weights) = (Catalog::built_in(), MatchingConfig::default());
        let matching = Matching { request, asked: None, catalog, weights, now, remote };
        let found = find(conn, &matching).await.unwrap();
        self.requests += 1;
        let (in_reach, edge) = reference.in_reach(request, now);
        if edge < HAIR {
            self.at_edge += 1;
            return;
        }
        assert_eq!(found.considered, in_reach.len(), "{request:?}");
        let allowed: HashSet<_> = in_reach.iter().map(|one| one.provider_id).collect();
        let all = rank_all(&matching, in_reach, |id| reference.knows(request, id, now));
        let free: HashSet<_> = all.iter().map(|one| one.provider_id).collect();
        for one in &found.matches {
            assert!(
                allowed.contains(&one.provider_id) && free.contains(&one.provider_id),
                "{one:?} for {request:?}"
            );
            let (shares, weights) =
                one.factors.iter().fold((0.0, 0.0), |(s, w), f| (s + f.share, w + f.weight));
            assert!((shares - one.score).abs() < 1e-9 && (weights - 1.0_f64).abs() < 1e-9, "{one:?}");
        }
        let best: Vec<_> = all.into_iter().take(ROUTED).collect();
        self.weighed += free.len();
        self.found_some += usize::from(!best.is_empty());
        assert_eq!(found.matches.len(), best.len(), "{request:?}");
        for (one, other) in found.matches.iter().zip(&best) {
            assert_eq!(one.provider_id, other.provider_id, "{request:?}");
            // The mean of all ratings is a sum in another order.
            assert!((one.score - other.score).abs() < 1e-12, "{one:?} {other:?}");
        }
    }
}

fn this_minute() -> DateTime<Utc> {
    DateTime::from_timestamp(Utc::now().timestamp() / 60 * 60, 0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_found_is_what_going_through_every_row_finds() {
    let (providers, cities, requests) = (size(2_000, 100_000), size(20, 200), size(300, 10_000));
    let rng = &mut StdRng::seed_from_u64(SEED);
    let now = this_minute();
    let cities = world::cities(rng, cities);
    let database = TestDatabase::create().await;
    world::fill(&database, &cities, providers, now, rng).await;
    let rows = database.rows("SELECT id, user_id FROM providers ORDER BY id").await;
    let column = |name: &str| -> Vec<Uuid> {
        rows.iter().map(|row| row[name].as_str().unwrap().parse().unwrap()).collect()
    };
    let (ids, users) = (column("id"), column("user_id"));
    // A tenth of the requests has been routed to some before.
    let asked: Vec<_> =
        (0..requests as u64).map(|n| world::request(SEED + n, &cities, &users, now)).collect();
    for request in asked.iter().step_by(10) {
        let some: Vec<String> =
            ids.choose_multiple(rng, 40).map(|id| format!("('{}', '{id}', 0.5, '[]')", request.id)).collect();
        let before = format!(
            "INSERT INTO request_matches (request_id, provider_id, score, factors) VALUES {}",
            some.join(",")
        );
        database.execute(&before).await;
    }
    // Two workers go through them, with one memory.
    let reference = Arc::new(Reference::read(&database).await);
    let (db, remote) = (database.pool(), Arc::new(RemoteOffers::default()));
    let halves = asked.chunks(asked.len().div_ceil(2)).map(|half| {
        let (half, reference, db, remote) = (half.to_vec(), reference.clone(), db.clone(), remote.clone());
        tokio::spawn(async move {
            let (mut conn, mut seen) = (db.conn().await.unwrap(), Seen::default());
            for request in &half {
                seen.compare(&mut conn, &remote, &reference, request, now).await;
            }
            seen
        })
    });
    let mut seen = Seen::default();
    for half in join_all(halves).await {
        seen += half.unwrap();
    }
    let Seen { requests, found_some, weighed, at_edge } = seen;
    println!(
        "figure: matching: {requests} random requests over {providers} providers as by brute force; {found_some} found \
         somebody, {weighed} pairs could be free, {at_edge} at a hair's breadth were left out; no rule was broken"
    );
    assert!(found_some * 4 > requests, "the requests are too dull: {found_some}");
    assert!(at_edge * 20 < requests);
}

/// What happens to offers: each of a part of them that is chosen anew each time.
const CHANGES: [&str; 10] = [
    "UPDATE users SET status = CASE status WHEN 'active' THEN 'suspended'::user_status ELSE 'active' END
     WHERE id IN (SELECT user_id FROM providers TABLESAMPLE BERNOULLI (5))",
    "UPDATE providers SET status = CASE status WHEN 'active' THEN 'paused'::provider_status ELSE 'active' END
     WHERE id IN (SELECT id FROM providers TABLESAMPLE BERNOULLI (5))",
    "UPDATE providers SET rating_mean = 1 + 4 * random(), review_count = 1 + review_count
     WHERE id IN (SELECT id FROM providers TABLESAMPLE BERNOULLI (5))",
    "UPDATE providers SET response_rate = random(), response_minutes = 1 + 500 * random(),
       completed_jobs = completed_jobs + 1, late_cancellations = late_cancellations + 1
     WHERE id IN (SELECT id FROM providers TABLESAMPLE BERNOULLI (5))",
    "UPDATE providers SET min_price_cents = 20000 * random() WHERE id IN (SELECT id FROM providers TABLESAMPLE BERNOULLI (5))",
    "UPDATE provider_services SET price_min_cents = 30000 * random(), price_max_cents = NULL, currency = 'USD'
     WHERE (provider_id, service_id) IN (SELECT provider_id, service_id FROM provider_services TABLESAMPLE BERNOULLI (5))",
    "UPDATE provider_services SET places = CASE WHEN 'remote' = ANY (places) THEN '{provider}'::service_place[]
                                                ELSE '{remote,consumer}' END
     WHERE (provider_id, service_id) IN (SELECT provider_id, service_id FROM provider_services TABLESAMPLE BERNOULLI (5))",
    "UPDATE provider_services SET licence = 'verified', licence_number = 'L-2',
       licence_expires_on = (now() AT TIME ZONE 'UTC')::date - (3 * random())::int + 1
     WHERE (provider_id, service_id) IN (SELECT provider_id, service_id FROM provider_services TABLESAMPLE BERNOULLI (5))",
    "UPDATE provider_services SET specializations = '{tankless,Tesla}', duration_minutes = 45
     WHERE (provider_id, service_id) IN (SELECT provider_id, service_id FROM provider_services TABLESAMPLE BERNOULLI (5))",
    "DELETE FROM provider_services
     WHERE (provider_id, service_id) IN (SELECT provider_id, service_id FROM provider_services TABLESAMPLE BERNOULLI (2))",
];

#[tokio::test]
async fn what_is_kept_in_memory_follows_every_change() {
    let (providers, rounds, requests) = (size(500, 3_000), size(1, 3), size(30, 100));
    let rng = &mut StdRng::seed_from_u64(SEED);
    let now = this_minute();
    let cities = world::cities(rng, 5);
    let database = TestDatabase::create().await;
    world::fill(&database, &cities, providers, now, rng).await;
    let (db, remote) = (database.pool(), RemoteOffers::default());
    let mut conn = db.conn().await.unwrap();
    let mut seen = Seen::default();
    for change in [""].into_iter().chain((0..rounds).flat_map(|_| CHANGES)) {
        database.execute(change).await;
        world::fill(&database, &cities, 5, now, rng).await;
        let reference = Reference::read(&database).await;
        for _ in 0..requests {
            let mut request = world::request(SEED + seen.requests as u64, &cities, &[Uuid::nil()], now);
            request.place = request.place.filter(|place| *place == ServicePlace::Remote);
            seen.compare(&mut conn, &remote, &reference, &request, now).await;
        }
    }
    println!(
        "figure: matching: {} random requests between {} changes of many offers as by brute force",
        seen.requests,
        rounds * CHANGES.len()
    );
    assert!(seen.found_some * 4 > seen.requests);
}

#[tokio::test]
async fn a_change_that_is_committed_late_is_not_missed() {
    let rng = &mut StdRng::seed_from_u64(SEED);
    let now = this_minute();
    let cities = world::cities(rng, 5);
    let database = TestDatabase::create().await;
    world::fill(&database, &cities, 300, now, rng).await;
    let (db, remote) = (database.pool(), RemoteOffers::default());
    let mut conn = db.conn().await.unwrap();
    let ask = |n: u64| {
        let mut request = world::request(SEED + n, &cities, &[Uuid::nil()], now);
        request.place = Some(ServicePlace::Remote);
        request
    };
    let mut seen = Seen::default();
    let before = Reference::read(&database).await;
    let late = database.hold("BEGIN; UPDATE provider_services SET places = '{provider}'").await;
    for n in 0..60 {
        // Others commit meanwhile, so that later transactions have been seen than the one that is open.
        database.execute("SELECT pg_current_xact_id()").await;
        seen.compare(&mut conn, &remote, &before, &ask(n), now).await;
    }
    assert!(seen.found_some > 0);
    late.finish("COMMIT").await;
    let after = Reference::read(&database).await;
    for n in 0..60 {
        seen.compare(&mut conn, &remote, &after, &ask(n), now).await;
    }
}
