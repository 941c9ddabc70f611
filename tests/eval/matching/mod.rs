//! How well requests are matched: a world is made up, the product matches its requests, and what it answers is judged by
//! what only the world's maker knows, beside two baselines.
//!
//! Seeds: whatever is tuned is tuned on others than [`REPORTED`]. Only that one draws the phrasings that are held back
//! in `phrases.txt`, so what is reported holds words that nobody can have met on the way.

mod baselines;
mod calendar;
mod dice;
mod measures;
mod phrases;
mod places;
mod product;
mod providers;
mod relevance;
mod report;
mod requests;
mod rows;
mod texts;

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use proxie_tests::Result;
use uuid::Uuid;

use baselines::{Bm25, fixed_weights};
use calendar::Clock;
use dice::Dice;
use product::{Matched, Product, Settings};
use providers::Provider;
use report::{Judged, RANKINGS};
use requests::Request;

/// The seed of the world that is reported. For development: 1 to 5.
const REPORTED: u64 = 2_026;
/// How many providers must be feasible for a request to count.
const ENOUGH: usize = 15;
/// How many requests are matched at the same time.
const AT_ONCE: usize = 8;

/// What is asked for.
#[derive(Args)]
pub struct Options {
    /// Which world. 1 to 5 are for development; 2026 is the one that is reported, and nothing is tuned on it.
    #[arg(long, default_value_t = REPORTED)]
    seed: u64,
    /// Where the programs are.
    #[arg(long)]
    programs: PathBuf,
    /// Where the programs' logs go.
    #[arg(long)]
    logs: PathBuf,
    /// PostgreSQL; what is in it is deleted.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Redis; what is in it is deleted.
    #[arg(long, env = "REDIS_URL")]
    redis_url: String,
}

/// Makes a world, has it matched and reports; answers whether every target is met.
///
/// # Errors
/// When the product does not start, or does not match.
pub async fn run(options: Options) -> Result<bool> {
    let concepts = phrases::concepts(options.seed == REPORTED)?;
    let providers = providers::providers(options.seed, &concepts);
    let requests = requests::requests(options.seed, &concepts);
    let clock = Clock::at(Utc::now());
    let settings = Settings {
        programs: options.programs,
        logs: options.logs,
        database_url: options.database_url,
        redis_url: options.redis_url,
    };
    eprintln!("seed {}: {} providers, {} requests", options.seed, providers.len(), requests.len());
    let product = Product::start(&settings).await?;
    rows::write(&product.pg, &providers, clock).await?;
    eprintln!("matching");
    let asked = requests.iter().enumerate().map(|(at, request)| product.match_request(at, request, clock));
    let matched: Vec<Matched> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
    product.stop().await?;

    let bm25 = Bm25::new(&providers);
    let numbers: HashMap<Uuid, usize> = providers.iter().enumerate().map(|(at, p)| (p.id, at)).collect();
    let mut dice = Dice::new(options.seed, 5);
    let mut judged = Vec::new();
    for (request, matched) in requests.iter().zip(&matched) {
        let routed = matched.providers.iter().map(|id| numbers.get(id).copied()).collect::<Option<Vec<_>>>();
        let routed = routed.ok_or("the matcher named a provider that is not there")?;
        judged.push(judge(request, &providers, &bm25, clock, &mut dice, routed, matched.considered));
    }
    let report = report::Report::new(options.seed, judged, ENOUGH);
    println!("{}", report.markdown());
    Ok(report.all_met())
}

/// Grades all who are feasible, and has the baselines rank them.
fn judge(
    request: &Request,
    providers: &[Provider],
    bm25: &Bm25,
    clock: Clock,
    dice: &mut Dice,
    routed: Vec<usize>,
    considered: usize,
) -> Judged {
    let feasible: Vec<_> =
        (0..providers.len()).filter_map(|at| Some((at, request.feasible(&providers[at], clock)?))).collect();
    // The ids of providers are by chance, and so is their order: who is as good comes in any.
    let ranked = |score: &mut dyn FnMut(usize) -> f64| {
        let mut scored: Vec<(f64, usize)> =
            feasible.iter().enumerate().map(|(n, (at, _))| (score(n), *at)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.into_iter().map(|(_, at)| at).collect::<Vec<_>>()
    };
    let fixed = ranked(&mut |n| fixed_weights(request, &providers[feasible[n].0], feasible[n].1, clock));
    let text = ranked(&mut |n| bm25.score(request, feasible[n].0));
    let chance = ranked(&mut |_| dice.between(0.0, 1.0));
    let rankings: [Vec<usize>; RANKINGS.len()] = [routed, fixed, text, chance];
    let grades =
        feasible.iter().map(|(at, offer)| (*at, relevance::grade(request, &providers[*at], offer))).collect();
    let newcomers = feasible.iter().map(|(at, _)| *at).filter(|at| providers[*at].is_newcomer()).collect();
    Judged { grades, newcomers, rankings, considered }
}
