//! `proxie-api`: serve | realtime | migrate | token | admin | export | erase | import | seed | config | openapi.

use std::net::TcpListener;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use proxie_api::import::{self, ImportProviders};
use proxie_api::{ApiConfig, exported, openapi, realtime, serve, stopped};
use proxie_shared::auth::{ACCESS_TTL, Links, Tokens};
use proxie_shared::config::{AuthConfig, DatabaseConfig, LogConfig, RedisConfig, TelemetryConfig};
use proxie_shared::db::{Db, migrations};
use proxie_shared::domain::{CurrentCatalog, Domain};
use proxie_shared::model::users::Role;
use proxie_shared::queue::{Queue, Redis};
use proxie_shared::telemetry;

// Each call makes and drops many small things, which this does at less cost than the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The API of Proxie and what belongs to it.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers HTTP requests.
    Serve(Listen),
    /// Tells people's clients what happens as it happens, by Socket.IO.
    Realtime(Listen),
    /// Brings the schema up to this code.
    Migrate,
    /// Prints a token of the local issuer; the user is made when it is first used.
    Token {
        /// Who.
        #[arg(long)]
        sub: String,
        /// As what: consumer, provider, admin.
        #[arg(long, default_value = "consumer")]
        role: Role,
        /// For how many seconds.
        #[arg(long, default_value_t = ACCESS_TTL.as_secs())]
        ttl_seconds: u64,
    },
    /// Makes somebody an admin, or no longer one.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Prints all that is kept about somebody, as JSON.
    Export {
        /// The e-mail of a local account, or a user's id.
        user: String,
    },
    /// Closes somebody's account for ever: what is kept about them goes, or becomes nobody's.
    Erase {
        /// The e-mail of a local account, or a user's id.
        user: String,
    },
    /// Imports many at once from a file.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Inserts demo providers; what is there stays as it is.
    Seed,
    /// Prints the configuration as it is in effect; secrets are hidden.
    Config(Listen),
    /// Prints the OpenAPI document.
    Openapi,
}

/// Where the API is.
#[derive(Args, Debug)]
struct Listen {
    /// The address to listen on.
    #[arg(long, env = "PROXIE_HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on.
    #[arg(long, env = "PORT", default_value_t = 8080)]
    port: u16,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Makes a user an admin.
    Grant {
        /// The e-mail of a local account, or a user's id.
        user: String,
    },
    /// Makes an admin a consumer again.
    Revoke {
        /// The e-mail of a local account, or a user's id.
        user: String,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Imports providers, each with services, hours and reviews.
    ///
    /// A line is the JSON body of POST /providers with `external_id`, which is imported once, and `reviews`. It is checked as
    /// the call would be; what is wrong with a line is written to a report and keeps no other line out. Providers that are
    /// there already stay as they are, so an import that was cut off is started again. Services that need a licence wait
    /// for an admin. Ends with 1 if a line was refused.
    Providers(ImportProviders),
}

#[tokio::main]
async fn main() {
    if let Err(error) = run(Cli::parse().command).await {
        eprintln!("proxie-api: {error}");
        let mut cause = error.source();
        while let Some(why) = cause {
            eprintln!("  because: {why}");
            cause = why.source();
        }
        std::process::exit(1);
    }
}

async fn run(command: Command) -> Result<(), Box<dyn std::error::Error>> {
    let log = LogConfig::from_env()?;
    // What a person runs by hand tells that person.
    let tells = matches!(command, Command::Serve(_) | Command::Realtime(_));
    let config = if tells { TelemetryConfig::from_env()? } else { TelemetryConfig::default() };
    let telemetry = telemetry::init("proxie-api", &log, &config)?;
    let ran = execute(command).await;
    telemetry.flush().await;
    ran
}

async fn execute(command: Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Serve(Listen { host, port }) => {
            let config = ApiConfig::from_env()?;
            let listener = TcpListener::bind((host.as_str(), port))
                .map_err(|error| format!("cannot listen on {host}:{port}: {error}"))?;
            tracing::info!(%host, port, "serving");
            serve(&config, listener, true).await?.await?;
        }
        Command::Realtime(Listen { host, port }) => {
            // A connection is an open file, and there are thousands.
            let files = rlimit::increase_nofile_limit(u64::MAX)?;
            let config = ApiConfig::from_env()?;
            let listener = tokio::net::TcpListener::bind((host.as_str(), port))
                .await
                .map_err(|error| format!("cannot listen on {host}:{port}: {error}"))?;
            tracing::info!(%host, port, files, "serving live channels");
            realtime::serve(&config, listener, stopped()).await?;
        }
        Command::Migrate => {
            let applied = migrations::run(&Db::new(&DatabaseConfig::from_env()?)).await?;
            for name in &applied {
                println!("applied {name}");
            }
            println!("the schema is up to date");
        }
        Command::Token { sub, role, ttl_seconds } => {
            if role == Role::Guest {
                return Err("a guest's token comes from POST /auth/guest".into());
            }
            let tokens = Tokens::new(&AuthConfig::from_env()?);
            println!("{}", tokens.local(&sub, role, Duration::from_secs(ttl_seconds))?);
        }
        Command::Admin(command) => {
            let changed = match command {
                AdminCommand::Grant { user } => domain().await?.grant_admin(&user).await?,
                AdminCommand::Revoke { user } => domain().await?.revoke_admin(&user).await?,
            };
            println!(
                "user {} is {} now; tokens made before count no more for the role",
                changed.id, changed.role
            );
        }
        Command::Import(ImportCommand::Providers(options)) => {
            import::providers(&domain().await?, &options).await?;
        }
        Command::Seed => println!("{} demo providers are new", domain().await?.seed_demo().await?),
        Command::Export { user } => {
            let links = Links::new(&AuthConfig::from_env()?);
            println!("{}", exported(domain().await?.export_of(&user).await?, &links)?);
        }
        Command::Erase { user } => {
            println!(
                "user {} is erased; the address and the name are free again",
                domain().await?.erase(&user).await?
            );
        }
        Command::Config(listen) => {
            let (log, telemetry) = (LogConfig::from_env()?, TelemetryConfig::from_env()?);
            println!("{listen:#?}\n{log:#?}\n{telemetry:#?}\n{:#?}", ApiConfig::from_env()?);
        }
        Command::Openapi => println!("{}", openapi()?),
    }
    Ok(())
}

async fn domain() -> Result<Domain, Box<dyn std::error::Error>> {
    let db = Db::new(&DatabaseConfig::from_env()?);
    let catalog = CurrentCatalog::start(db.clone()).await?;
    Ok(Domain::new(Queue::new(db, Redis::new(&RedisConfig::from_env()?)?), catalog))
}
