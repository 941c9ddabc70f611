//! `proxie-worker`: runs tasks; `proxie-worker tasks …` looks after them; `proxie-worker config` shows what it is told.

use clap::{Parser, Subcommand};
use proxie_shared::config::{LogConfig, TelemetryConfig};
use proxie_shared::telemetry;
use proxie_worker::{WorkerConfig, operator};
use tokio::signal::unix::{SignalKind, signal};

// Each call makes and drops many small things, which this does at less cost than the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the tasks of Proxie: chats and matchings. Start more of it to scale.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The port of /health, /ready and /metrics; none is opened unless it is given.
    #[arg(long, env = "PORT")]
    port: Option<u16>,
    /// The address to listen on.
    #[arg(long, env = "PROXIE_HOST", default_value = "127.0.0.1")]
    host: String,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Looks after tasks: list, show, retry, cancel, probe.
    #[command(subcommand)]
    Tasks(operator::Command),
    /// Prints the configuration as it is in effect; secrets are hidden.
    Config,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cli = Cli::parse();
    let log = LogConfig::from_env()?;
    // What a person runs by hand tells that person.
    let tells = cli.command.is_none();
    let config = if tells { TelemetryConfig::from_env()? } else { TelemetryConfig::default() };
    let telemetry = telemetry::init("proxie-worker", &log, &config)?;
    let ran = execute(cli).await;
    telemetry.flush().await;
    ran
}

async fn execute(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let listen = cli.port.map(|port| (cli.host, port));
    match cli.command {
        Some(Command::Tasks(command)) => Ok(operator::run(command).await?),
        Some(Command::Config) => {
            let (log, telemetry) = (LogConfig::from_env()?, TelemetryConfig::from_env()?);
            println!("{log:#?}\n{telemetry:#?}\n{:#?}", WorkerConfig { listen, ..WorkerConfig::from_env()? });
            Ok(())
        }
        None => {
            let config = WorkerConfig { listen, ..WorkerConfig::from_env()? };
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            let stop = async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                tracing::info!("told to stop: nothing new is pulled");
            };
            proxie_worker::run(config, stop).await?;
            Ok(())
        }
    }
}
