//! `proxie-eval`: how well Proxie decides, measured on worlds that are made up with all that nobody else knows of them.
//! `bin/eval` prepares what it needs and starts it.

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
    /// How well requests are matched; see `bin/eval --help`.
    Matching(matching::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Command::Matching(options) = Cli::parse().command;
    match matching::run(options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("proxie-eval: {error}");
            ExitCode::FAILURE
        }
    }
}
