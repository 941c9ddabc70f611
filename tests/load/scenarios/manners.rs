//! What limits and `Idempotency-Key` cost `POST /chat`: without either, with limits, and with limits and a new key in
//! every call, in turns.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use super::submit::MESSAGE;
use crate::Result;
use crate::drive::{Client, Load, Summary, drive};
use crate::http::{self, Connection};
use crate::report::{LoopTargets, Report, Target, Unit};
use crate::stage::{NO_LIMITS, Stage};

/// The level of load.
const CLIENTS: usize = 16;
/// A key, to be written over: keys of one length need no new request.
const KEY: &str = "0000000000000000";
static NEXT: AtomicU64 = AtomicU64::new(1);

/// How often each is measured, in turns: a machine is not equally fast for as long as all three take.
const TURNS: usize = 6;

/// Measures all three, a part of the time at each turn.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.reset().await?;
    let without = stage.start_api_with(NO_LIMITS).await?;
    let limited = stage.start_api_with(&[]).await?;
    let ways = [
        ("without either", without.address, false),
        ("with limits", limited.address, false),
        ("with limits and keys", limited.address, true),
    ];
    let mut all: Vec<Summary> = Vec::new();
    for turn in 0..TURNS {
        for (at, (_, address, keyed)) in ways.into_iter().enumerate() {
            let part = measure(stage, address, keyed).await?;
            if turn == 0 { all.push(part) } else { all[at].extend(&part)? }
        }
    }
    without.process.stop().await?;
    limited.process.stop().await?;
    for ((name, ..), summary) in ways.iter().zip(&all) {
        report.add_loop("manners", &format!("{name}, {CLIENTS} clients"), summary, LoopTargets::NONE);
    }
    let cost = 1.0 - all[2].rate() / all[0].rate();
    report.add("manners", "limits and keys, of the rate without", Unit::Times, Target::AtMost(0.15), cost);
    Ok(())
}

async fn measure(stage: &Stage, address: SocketAddr, keyed: bool) -> Result<Summary> {
    let body = json!({"message": MESSAGE}).to_string();
    let mut clients = Vec::with_capacity(CLIENTS);
    for number in 0..CLIENTS {
        let request = |user: &crate::stage::User| {
            let key = keyed.then_some(("Idempotency-Key", KEY));
            http::post_with("/chat", Some(&user.token), key, &body)
        };
        let requests: Vec<Vec<u8>> = stage.users.iter().map(request).collect();
        let next = number * requests.len() / CLIENTS;
        clients.push(Sender { connection: Connection::open(address).await?, requests, next, keyed });
    }
    let Load { warm_up, measured } = stage.load();
    drive(clients, Load { warm_up: warm_up / 2, measured: measured / 2 }).await
}

/// Says the same over and over, each time under a new key.
struct Sender {
    connection: Connection,
    requests: Vec<Vec<u8>>,
    next: usize,
    keyed: bool,
}

impl Client for Sender {
    async fn once(&mut self) -> Result<()> {
        let request = &mut self.requests[self.next];
        if self.keyed {
            let at =
                request.windows(17).position(|window| window == b"Idempotency-Key: ").ok_or("no key")? + 17;
            let key = format!("{:016}", NEXT.fetch_add(1, Ordering::Relaxed));
            request[at..at + KEY.len()].copy_from_slice(key.as_bytes());
        }
        let response = self.connection.exchange(request).await?;
        if response.status != 202 {
            let body = String::from_utf8_lossy(response.body);
            return Err(format!("answered {}: {body}", response.status).into());
        }
        self.next = (self.next + 1) % self.requests.len();
        Ok(())
    }
}
