//! `GET /chat/status/{id}` in closed loops, over tasks of which every second one is done.

use super::CLIENTS;
use crate::Result;
use crate::data::{State, insert_chats};
use crate::drive::{HttpClient, Summary, drive};
use crate::http;
use crate::report::{LoopTargets, Report, Target};
use crate::stage::{Server, Stage};

/// How many tasks of each state there are.
const EACH: usize = 1_000;

/// Measures every level.
pub async fn run(stage: &Stage, api: &Server, report: &mut Report) -> Result<()> {
    for clients in CLIENTS {
        stage.reset().await?;
        let summary = measure(stage, api, clients).await?;
        let targets = match clients {
            64 => LoopTargets { rate: Target::AtLeast(25_000.0), ..LoopTargets::NONE },
            _ => LoopTargets::NONE,
        };
        report.add_loop("status", &format!("{clients} clients"), &summary, targets);
    }
    Ok(())
}

/// One closed loop.
pub async fn measure(stage: &Stage, api: &Server, clients: usize) -> Result<Summary> {
    let done = insert_chats(stage, EACH, State::Done).await?;
    let queued = insert_chats(stage, EACH, State::Queued).await?;
    let requests =
        done.iter().zip(&queued).flat_map(|(done, queued)| [done, queued]).map(|chat| {
            http::get(&format!("/chat/status/{}", chat.task), Some(&stage.users[chat.user].token))
        });
    drive(HttpClient::connect(api.address, clients, requests.collect(), 200).await?, stage.load()).await
}
