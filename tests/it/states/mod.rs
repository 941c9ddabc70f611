//! The states of requests, offers, bookings and businesses: whatever happens, in whatever order and by whomever, the product
//! and a model of the contract stand alike.

mod chance;
mod model;
mod same;
mod steps;
mod time;
mod world;

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use chance::Chance;
use futures::FutureExt;
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use world::{BUSINESSES, World};

use crate::support::{App, size};

/// Worlds beside each other, each with a database of its own: what is swept is everybody's.
const LANES: usize = 4;
/// How long a world lasts, in steps.
const LIFE: usize = 150;

/// A world from its beginning to its end; panics where the product and the model part.
async fn live(app: &App, rng: &mut StdRng, steps: usize, trail: &mut Vec<String>) {
    let calendars = (0..BUSINESSES).map(|_| {
        let per_day = rng.random_bool(0.3).then(|| rng.random_range(1..4));
        (rng.random_range(0..3) * 60, rng.random_range(0..3) * 15, per_day)
    });
    let mut world = World::new(app, calendars.collect()).await;
    let mut taken = 0;
    while taken < steps {
        let mut chance = Chance { model: &world.model, rng: &mut *rng };
        let Some(step) = chance.choose() else { continue };
        trail.push(format!("{step:?}"));
        world.take(&step).await;
        world.compare(matches!(step, world::Step::Sweep)).await;
        taken += 1;
    }
    world.take(&world::Step::Sweep).await;
    world.compare(true).await;
}

/// One world after the other; answers how many steps were taken.
async fn lane(seed: u64, steps: usize) -> usize {
    let app = App::builder().workers(0).start().await;
    let mut taken = 0;
    for world in 0.. {
        if taken >= steps {
            break;
        }
        let mut rng = StdRng::seed_from_u64(seed + world);
        let (life, mut trail) = (LIFE.min(steps - taken), Vec::new());
        let lived = AssertUnwindSafe(live(&app, &mut rng, life, &mut trail)).catch_unwind().await;
        if let Err(panic) = lived {
            let said = panic.downcast_ref::<String>().map_or("it panicked", String::as_str);
            let last = trail.split_off(trail.len().saturating_sub(40)).join("\n  ");
            panic!("PROXIE_SEED={}: {said}\nafter\n  {last}", seed + world);
        }
        taken += life;
    }
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_both_stand_alike() {
    // A seed that was printed begins with the world that went wrong.
    let said = std::env::var("PROXIE_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let seed = said.unwrap_or(20_261_125);
    let (steps, begun) = (size(2_000, 100_000), Instant::now());
    let lanes = (0..LANES as u64).map(|lane_no| lane(seed + lane_no * 1_000_000, steps.div_ceil(LANES)));
    let taken: usize = join_all(lanes).await.into_iter().sum();
    println!(
        "figure: states: {taken} random steps against the model of the contract from seed {seed}, no divergence, in {} s",
        begun.elapsed().as_secs()
    );
}
