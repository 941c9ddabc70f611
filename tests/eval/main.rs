//! `proxie-eval`: how well Proxie decides, measured on worlds that are made up with all that nobody else knows of them.
//! `bin/eval` prepares what it needs and starts it.

mod agent;
mod matching;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use proxie_tests::Result;

/// Evaluates Proxie.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// How well the agent serves people; see `bin/eval --help`.
    Agent(agent::Options),
    /// How well requests are matched; see `bin/eval --help`.
    Matching(matching::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let is_met = match Cli::parse().command {
        Command::Agent(options) => agent::run(options).await,
        Command::Matching(options) => matching::run(options).await,
    };
    match is_met {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("proxie-eval: {error}");
            ExitCode::FAILURE
        }
    }
}
