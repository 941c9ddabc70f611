//! `proxie-load`: measures Proxie's own processes from outside. `bin/bench` prepares what it needs and starts it.
//!
//! It shares the machine with what it measures, so it is light: one thread, one task per client, requests that are
//! written out beforehand, an HTTP client that does no more than these measurements need ([`http`]).

mod bare;
mod bench;
mod data;
mod drive;
mod providers;
mod report;
mod scenarios;
mod stage;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use proxie_tests::{Result, http, process};
use tokio::signal::unix::{SignalKind, signal};

// As the programs: their gateway is measured in here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Proxie.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs scenarios and reports them; see `bin/bench --help`.
    Bench(bench::Options),
    /// Serves one bare actix endpoint: what the framework itself can do here.
    Bare {
        /// The port to listen on.
        #[arg(long)]
        port: u16,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Bare { port } => bare::serve(port).await.map(|()| true),
        // Dropping the run kills the processes that it started.
        Command::Bench(options) => tokio::select! {
            ended = bench::run(options) => ended,
            stopped = told_to_stop() => stopped.and(Err("interrupted".into())),
        },
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("proxie-load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn told_to_stop() -> Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
