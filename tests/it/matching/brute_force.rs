//! What the product finds by indexes, bounds and batches is what going through every row finds.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use proxie_shared::config::MatchingConfig;
use proxie_shared::matching::{Matching, find, rank_all};
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::requests::ROUTED;
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

#[tokio::test]
async fn what_is_found_is_what_going_through_every_row_finds() {
    let (providers, cities, requests) = (size(2_000, 100_000), size(20, 200), size(300, 10_000));
    let rng = &mut StdRng::seed_from_u64(SEED);
    let now = DateTime::from_timestamp(Utc::now().timestamp() / 60 * 60, 0).unwrap();
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
    let reference = Reference::read(&database).await;
    let db = database.pool();
    let mut conn = db.conn().await.unwrap();
    let (mut found_some, mut weighed, mut at_edge) = (0, 0, 0);
    for request in &asked {
        let matching = Matching {
            request,
            asked: None,
            catalog: Catalog::built_in(),
            weights: MatchingConfig::default(),
            now,
        };
        let found = find(&mut conn, &matching).await.unwrap();
        let (in_reach, edge) = reference.in_reach(request, now);
        if edge < HAIR {
            at_edge += 1;
            continue;
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
        weighed += free.len();
        found_some += usize::from(!best.is_empty());
        assert_eq!(found.matches.len(), best.len(), "{request:?}");
        for (one, other) in found.matches.iter().zip(&best) {
            assert_eq!(one.provider_id, other.provider_id, "{request:?}");
            // The mean of all ratings is a sum in another order.
            assert!((one.score - other.score).abs() < 1e-12, "{one:?} {other:?}");
        }
    }
    println!(
        "figure: matching: {requests} random requests over {providers} providers as by brute force; {found_some} found \
         somebody, {weighed} pairs could be free, {at_edge} at a hair's breadth were left out; no rule was broken"
    );
    assert!(found_some * 4 > requests, "the requests are too dull: {found_some}");
    assert!(at_edge * 20 < requests);
}
