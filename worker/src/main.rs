//! `proxie-worker`: runs tasks; `proxie-worker tasks …` looks after them; `proxie-worker config` shows what it is told.

use clap::{Parser, Subcommand};
use proxie_shared::config::LogConfig;
use proxie_shared::telemetry;
use proxie_worker::{WorkerConfig, operator};
use tokio::signal::unix::{SignalKind, signal};

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
    telemetry::init();
    let cli = Cli::parse();
    let log = LogConfig::from_env()?;
    let listen = cli.port.map(|port| (cli.host, port));
    match cli.command {
        Some(Command::Tasks(command)) => Ok(operator::run(command).await?),
        Some(Command::Config) => {
            println!("{log:#?}\n{:#?}", WorkerConfig { listen, ..WorkerConfig::from_env()? });
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
