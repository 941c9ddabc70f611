//! `proxie-api import providers`, from the process's start to its end, into a market without anybody: providers with three
//! services, hours and five reviews each. Then the same file again, when all are there.

use std::time::{Duration, Instant};

use crate::Result;
use crate::providers::{self, Cities};
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// How many cities they are spread over.
const CITIES: usize = 200;

/// Measures both.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    stage.no_providers().await?;
    let count = stage.either(30_000, 4_000);
    let path = stage.file("import.jsonl");
    providers::write(&path, count, &Cities::new(CITIES), 1)?;
    let rate = |took: Duration| count as f64 / took.as_secs_f64();
    let took = import(stage, count).await?;
    report.add("import", "providers, new", Unit::PerSecond, Target::AtLeast(2_000.0), rate(took));
    let took = import(stage, count).await?;
    report.add("import", "providers, already there", Unit::PerSecond, Target::None, rate(took));
    std::fs::remove_file(path)?;
    stage.demo_providers().await
}

/// Imports the file, after which so many providers are there.
pub async fn import(stage: &Stage, count: usize) -> Result<Duration> {
    let begun = Instant::now();
    let path = stage.file("import.jsonl");
    stage.run_api(&["import", "providers", path.to_str().ok_or("a path")?]).await?;
    let took = begun.elapsed();
    let there: i64 = stage.pg.query_one("SELECT count(*) FROM providers", &[]).await?.get(0);
    if there == count as i64 {
        Ok(took)
    } else {
        Err(format!("{there} of {count} providers are there").into())
    }
}
