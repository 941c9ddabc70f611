//! `POST /chat` in closed loops. No worker runs: what is submitted stays queued.

use proxie_shared::model::TaskId;
use serde_json::json;

use super::CLIENTS;
use crate::Result;
use crate::data::{State, insert_chats};
use crate::drive::{HttpClient, Summary, drive};
use crate::http;
use crate::report::{LoopTargets, Report, Target};
use crate::stage::{Server, Stage};

/// What is said.
pub const MESSAGE: &str = "I need a haircut for curly hair in Brooklyn this weekend, about $60";
/// How many sessions the loops that continue one choose from.
const SESSIONS: usize = 1_000;

/// Where a message is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    /// Each begins a session.
    New,
    /// Each continues one.
    Continued,
}

/// Measures both ways at every level.
pub async fn run(stage: &Stage, api: &Server, report: &mut Report) -> Result<()> {
    for (sessions, name) in [(Sessions::New, "new session"), (Sessions::Continued, "continued session")] {
        for clients in CLIENTS {
            stage.reset().await?;
            let summary = measure(stage, api, sessions, clients).await?;
            let targets = match (sessions, clients) {
                (Sessions::New, 16) => {
                    LoopTargets { rate: Target::AtLeast(3_000.0), p99: Target::AtMost(20.0) }
                }
                (Sessions::New, 64) => LoopTargets { rate: Target::AtLeast(4_500.0), ..LoopTargets::NONE },
                _ => LoopTargets::NONE,
            };
            report.add_loop("submit", &format!("{name}, {clients} clients"), &summary, targets);
        }
    }
    Ok(())
}

/// One closed loop.
pub async fn measure(stage: &Stage, api: &Server, sessions: Sessions, clients: usize) -> Result<Summary> {
    let requests = match sessions {
        Sessions::New => {
            let body = json!({"message": MESSAGE}).to_string();
            stage.users.iter().map(|user| http::post("/chat", Some(&user.token), &body)).collect()
        }
        Sessions::Continued => {
            let chats = insert_chats(stage, SESSIONS, State::Queued).await?;
            let request = |chat: &crate::data::Chat| {
                let body = json!({"message": MESSAGE, "session_id": chat.session}).to_string();
                http::post("/chat", Some(&stage.users[chat.user].token), &body)
            };
            chats.iter().map(request).collect()
        }
    };
    drive(HttpClient::connect(api.address, clients, requests, 202).await?, stage.load()).await
}

/// Says one thing in a new session; answers its task.
pub async fn say(connection: &mut http::Connection, token: &str, message: &str) -> Result<TaskId> {
    let request = http::post("/chat", Some(token), &json!({"message": message}).to_string());
    let response = connection.exchange(&request).await?;
    let body: serde_json::Value = serde_json::from_slice(response.body)?;
    match body["task_id"].as_str() {
        Some(id) if response.status == 202 => Ok(id.parse()?),
        _ => Err(format!("POST /chat answered {}: {body}", response.status).into()),
    }
}
