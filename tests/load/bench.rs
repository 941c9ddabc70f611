//! A whole measurement: every scenario so often, then the table.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::Result;
use crate::report::{Report, Target, Unit};
use crate::scenarios::{self, Scenario};
use crate::stage::{Settings, Stage};

/// What is asked for.
#[derive(Args)]
pub struct Options {
    /// What to measure; everything if nothing is named.
    scenarios: Vec<Scenario>,
    /// How often; the table shows medians.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=99))]
    runs: u16,
    /// A short look: shorter loops.
    #[arg(long)]
    quick: bool,
    /// End with 1 if a target is missed.
    #[arg(long)]
    strict: bool,
    /// Where the figures are written as JSON.
    #[arg(long, overrides_with = "out")]
    out: PathBuf,
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

/// Measures and reports; answers whether that was good enough.
pub async fn run(options: Options) -> Result<bool> {
    let settings = Settings {
        programs: options.programs,
        logs: options.logs,
        database_url: options.database_url,
        redis_url: options.redis_url,
        quick: options.quick,
    };
    let stage = Stage::new(settings).await?;
    let machine = stage.machine().await?;
    let chosen = match options.scenarios.as_slice() {
        [] => Scenario::value_variants(),
        chosen => chosen,
    };
    let mut report = Report::default();
    for run in 1..=options.runs {
        eprintln!("run {run} of {}", options.runs);
        scenarios::run(&stage, chosen, &mut report).await;
    }
    let ourselves = crate::process::memory_of(std::process::id())?;
    report.add("generator", "proxie-load, at most", Unit::Mb, Target::None, ourselves.peak);
    stage.reset().await?;
    println!("{}", report.markdown(&machine));
    std::fs::write(&options.out, format!("{:#}\n", report.json(machine)))?;
    Ok(!options.strict || report.all_met())
}
