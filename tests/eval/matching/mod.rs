//! How well requests are matched: a world is made up, the product matches its requests, and what it answers is judged by
//! what only the world's maker knows, beside two baselines.
//!
//! Seeds: whatever is tuned is tuned on others than [`REPORTED`]. Only that one draws the phrasings that are held back
//! in `phrases.txt`, so what is reported holds words that nobody can have met on the way.

mod baselines;
mod calendar;
pub mod dice;
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

use baselines::{Bm25, fixed_weights, parts, same_meaning};
use calendar::Clock;
use dice::Dice;
use product::{Matched, Product, Settings, Texts};
use providers::{Offer, Provider};
use report::{Feasible, Judged, RANKINGS};
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
    let by_words = matched(&settings, Texts::Words, &providers, &requests, clock).await?;
    let by_vectors = matched(&settings, Texts::Vectors, &providers, &requests, clock).await?;

    let bm25 = Bm25::new(&providers);
    let numbers: HashMap<Uuid, usize> = providers.iter().enumerate().map(|(at, p)| (p.id, at)).collect();
    let mut dice = Dice::new(options.seed, 5);
    let mut judged = Vec::new();
    let routed = |matched: &Matched| {
        let numbers = matched.routed.iter().map(|one| numbers.get(&one.provider).copied());
        numbers.collect::<Option<Vec<usize>>>().ok_or("the matcher named a provider that is not there")
    };
    for (request, (words, vectors)) in requests.iter().zip(by_words.into_iter().zip(&by_vectors)) {
        let by_product = [routed(&words)?, routed(vectors)?];
        judged.push(judge(request, &providers, &bm25, clock, &mut dice, by_product, words));
    }
    let report = report::Report::new(options.seed, judged, ENOUGH);
    println!("{}", report.markdown());
    Ok(report.all_met())
}

/// What the product makes of the requests, on a database that holds the world and nothing else.
async fn matched(
    settings: &Settings,
    texts: Texts,
    providers: &[Provider],
    requests: &[Request],
    clock: Clock,
) -> Result<Vec<Matched>> {
    let product = Product::start(settings, texts).await?;
    rows::write(&product.pg, providers, clock).await?;
    if texts == Texts::Vectors {
        product.make_vectors().await?;
    }
    eprintln!("matching by {texts:?}");
    let asked = requests.iter().enumerate().map(|(at, request)| product.match_request(at, request, clock));
    let matched = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
    product.stop().await?;
    Ok(matched)
}

/// Grades all who are feasible, and has the baselines rank them.
fn judge(
    request: &Request,
    providers: &[Provider],
    bm25: &Bm25,
    clock: Clock,
    dice: &mut Dice,
    [words, vectors]: [Vec<usize>; 2],
    by_words: Matched,
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
    let shown: Vec<_> = feasible.iter().map(|(at, o)| parts(request, &providers[*at], o, clock)).collect();
    let meaning: Vec<f64> = feasible.iter().map(|(_, offer)| same_meaning(request, offer)).collect();
    let fixed = ranked(&mut |n| fixed_weights(shown[n]));
    let meant = ranked(&mut |n| {
        let [_, distance, availability, rating, price] = shown[n];
        fixed_weights([meaning[n], distance, availability, rating, price])
    });
    let text = ranked(&mut |n| bm25.score(request, feasible[n].0));
    let chance = ranked(&mut |_| dice.between(0.0, 1.0));
    let factors = words.iter().copied().zip(by_words.routed.into_iter().map(|one| one.factors)).collect();
    let rankings: [Vec<usize>; RANKINGS.len()] = [words, vectors, fixed, meant, text, chance];
    let judged = |(n, (at, offer)): (usize, &(usize, &Offer))| {
        let provider = &providers[*at];
        let worth = relevance::worth(request, provider, offer);
        let one = Feasible {
            worth,
            grade: relevance::grade(worth),
            is_newcomer: provider.is_newcomer(),
            parts: shown[n],
            meaning: meaning[n],
        };
        (*at, one)
    };
    let feasible = feasible.iter().enumerate().map(judged).collect();
    Judged { feasible, rankings, factors, considered: by_words.considered }
}
