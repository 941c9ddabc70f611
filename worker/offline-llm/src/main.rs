//! `proxie-offline-llm`: the offline model server as a process of its own.

use std::net::TcpListener;

use clap::Parser;
use proxie_offline_llm::{Fault, Faults, Kind, serve};

/// An OpenAI-compatible model server that plays the agents by rules, without a network.
#[derive(Debug, Parser)]
#[command(version)]
struct Flags {
    /// The address to listen on.
    #[arg(long, env = "PROXIE_HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port; 0 takes a free one.
    #[arg(long, env = "PORT", default_value_t = 0)]
    port: u16,
    /// Milliseconds before every answer.
    #[arg(long, env = "OFFLINE_LATENCY_MS")]
    latency_ms: Option<u64>,
    /// Milliseconds before every chunk of a stream.
    #[arg(long, env = "OFFLINE_CHUNK_MS")]
    chunk_ms: Option<u64>,
    /// Chunks of a stream that leave before `--fault cut` or `malformed_json`.
    #[arg(long, env = "OFFLINE_AT_CHUNK")]
    at_chunk: Option<usize>,
    /// Refuse every call with this status.
    #[arg(long, env = "OFFLINE_STATUS")]
    status: Option<u16>,
    /// The `Retry-After` of refusals, in seconds.
    #[arg(long, env = "OFFLINE_RETRY_AFTER")]
    retry_after: Option<u64>,
    /// cut, malformed_json, malformed_arguments, empty, no_choices, hang or obey.
    #[arg(long, env = "OFFLINE_FAULT", value_parser = kind)]
    fault: Option<Kind>,
    /// Faults of the first calls, one each, separated by spaces: "status=429;retry_after=1 fault=cut".
    #[arg(long, env = "OFFLINE_NEXT", default_value = "")]
    next: String,
}

fn kind(text: &str) -> Result<Kind, String> {
    Fault::parse(&format!("fault={text}"))?.fault.ok_or_else(|| format!("no fault is called '{text}'"))
}

impl Flags {
    fn faults(&self) -> Result<Faults, String> {
        let always = Fault {
            latency_ms: self.latency_ms,
            chunk_ms: self.chunk_ms,
            at_chunk: self.at_chunk,
            status: self.status,
            retry_after: self.retry_after,
            fault: self.fault,
        };
        let next: Result<_, String> =
            self.next.split_whitespace().map(|text| Fault::parse(text).map(Some)).collect();
        Ok(Faults { always: (always != Fault::default()).then_some(always), next: next? })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let flags = Flags::parse();
    let listener = TcpListener::bind((flags.host.as_str(), flags.port))?;
    let address = listener.local_addr()?;
    let (server, _) = serve(listener, flags.faults()?)?;
    println!("http://{address}/v1");
    let handle = server.handle();
    let running = tokio::spawn(server);
    stopped().await?;
    handle.stop(false).await;
    running.await??;
    Ok(())
}

/// Waits for SIGINT or SIGTERM.
async fn stopped() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
