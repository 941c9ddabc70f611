//! Matchings: tasks that find whom a request goes to, and send it there.

use chrono::{DateTime, Duration, Utc};
use diesel_async::AsyncConnection;
use futures::try_join;
use serde_json::{Value, json};

use super::CurrentCatalog;
use super::requests::move_to;
use crate::config::MatchingConfig;
use crate::db::matching::{Noted, RemoteOffers, Routed, Routing};
use crate::db::notifications::Notice;
use crate::db::steps::Step;
use crate::db::tasks::{Claimed, NewTask};
use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::llm::{Gateway, Whose};
use crate::matching::{self, Asked, Found, Match, Matching, Relax};
use crate::model::notifications::{About, NotificationKind};
use crate::model::requests::{Request, RequestStatus};
use crate::model::tasks::{Task, TaskKind};
use crate::model::{RequestId, TaskId};
use crate::queue::Queue;
use crate::telemetry::trace;

/// When a request is matched again that has been routed and has no offer.
const AGAIN: Duration = Duration::hours(6);
/// When one is that nobody new was found for.
const RETRY: Duration = Duration::hours(1);
/// The one step of a matching.
const STEP: i32 = 1;

/// Runs matchings.
#[derive(Clone)]
pub struct Matcher {
    queue: Queue,
    catalog: CurrentCatalog,
    gateway: Gateway,
    weights: MatchingConfig,
    remote: RemoteOffers,
}

impl Matcher {
    /// Matches with these weights; texts also by the gateway's vectors, if it makes any.
    #[must_use]
    pub fn new(queue: Queue, catalog: CurrentCatalog, gateway: Gateway, weights: MatchingConfig) -> Self {
        Self { queue, catalog, gateway, weights, remote: RemoteOffers::default() }
    }

    /// Runs a matching: filters, ranks, routes. The result is stored with the routing, so that a second run of the same
    /// task answers the same and routes no further.
    ///
    /// # Errors
    /// When the database is away; `illegal_move` when another claim has the task.
    pub async fn run(&self, task: &Claimed) -> Result<Value> {
        let Some(id) = task.request_id else {
            return Err(Error::new(Code::Internal).because("a matching without a request"));
        };
        let db = &self.queue.db;
        let (done, request) = {
            let mut conn = db.conn().await?;
            // Nobody has done anything before the first claim.
            let done =
                if task.claim_no > 1 { db::steps::find(&mut conn, task.id, STEP).await? } else { None };
            (done, db::requests::find(&mut conn, id).await?)
        };
        if let Some(done) = done {
            return Ok(done.output);
        }
        let now = Utc::now();
        let asked = if is_routed(&request, now) { self.asked(task, &request).await } else { None };
        let mut conn = db.conn().await?;
        let catalog = self.catalog.get();
        let matching = Matching {
            request: &request,
            asked: asked.as_ref(),
            catalog: &catalog,
            weights: self.weights,
            now,
            remote: &self.remote,
        };
        let (found, relax) = look(&conn, &matching).await?;
        let (output, answered) =
            conn.transaction(async |conn| commit(conn, task, found, &relax, now).await).await?;
        for task in &answered {
            self.queue.announce_new(task);
        }
        Ok(output)
    }

    /// What the model makes of a request's words. Matching does without it where there is none, or none that answers.
    async fn asked(&self, task: &Claimed, request: &Request) -> Option<Asked> {
        let model = self.gateway.embedding_model()?;
        let phrases = request.specializations.iter().flatten().cloned();
        let said: Vec<String> = phrases.chain([request.description.clone()]).collect();
        let text = said.join("\n");
        if text.trim().is_empty() {
            return None;
        }
        match self.gateway.embed(Whose::of(task), &text).await {
            Ok(vector) => Some(Asked { model: model.to_owned(), vector }),
            Err(error) => {
                tracing::warn!(code = %error.code, cause = error.cause, "matched without the model");
                None
            }
        }
    }
}

/// Whether a request may be routed further at a moment.
fn is_routed(request: &Request, now: DateTime<Utc>) -> bool {
    use RequestStatus::{Matched, Matching, OffersReceived};
    matches!(request.stands_at(now), Matching | Matched | OffersReceived)
}

/// Whom a request fits and, if nobody, what could be relaxed.
async fn look(conn: &Conn, matching: &Matching<'_>) -> Result<(Found, Vec<Relax>)> {
    if !is_routed(matching.request, matching.now) {
        return Ok((Found { considered: 0, matches: Vec::new() }, Vec::new()));
    }
    let found = matching::find(conn, matching).await?;
    let relax = if found.matches.is_empty() { matching::relax(conn, matching).await? } else { Vec::new() };
    Ok((found, relax))
}

/// Routes a request to whom it fits, unless it has been closed meanwhile; answers the result, and what agents do now.
async fn commit(
    conn: &mut Conn,
    task: &Claimed,
    found: Found,
    relax: &[Relax],
    now: DateTime<Utc>,
) -> Result<(Value, Vec<Task>)> {
    let id = task.request_id.ok_or(Code::Internal)?;
    let locked = db::requests::lock_all(conn, &[id]).await?;
    let request = locked.first().filter(|request| is_routed(request, now));
    let mut routed = Vec::new();
    if request.is_some() {
        routed = db::matching::route(conn, id, routing(&found.matches)?).await?;
    }
    let tasks = answer(conn, task, id, &routed).await?;
    let is_in = |one: &&Match| routed.iter().any(|routed| routed.provider_id == one.provider_id);
    let output = json!({
        "kind": "matching",
        "request_id": id,
        "considered": found.considered,
        "matches": found.matches.iter().filter(is_in).collect::<Vec<_>>(),
        "relax": relax,
    });
    let step = Step::tool(STEP, "matching", output);
    // What does not wait for each other's answers is sent at once. The fence: a claim that no longer holds routes nothing.
    let conn: &Conn = conn;
    try_join!(
        settle(conn, request, &routed, now),
        db::tasks::hold(conn, task, STEP, db::tasks::no_effects()),
        db::steps::insert(conn, task, &step)
    )?;
    Ok((step.output, tasks))
}

fn routing(matches: &[Match]) -> Result<Routing> {
    let factors = matches.iter().map(|one| Ok(serde_json::to_string(&one.factors)?));
    Ok(Routing {
        providers: matches.iter().map(|one| one.provider_id).collect(),
        scores: matches.iter().map(|one| one.score.clamp(0.0, 1.0)).collect(),
        factors: factors.collect::<Result<_>>()?,
    })
}

/// Moves a request that is still open on, says when it is matched next, and tells those who are to know.
async fn settle(conn: &Conn, request: Option<&Request>, routed: &[Routed], now: DateTime<Utc>) -> Result<()> {
    let Some(request) = request else { return Ok(()) };
    let waits = request.status == RequestStatus::Matching;
    // Whoever was asked before and has not passed is asked still.
    let is_asked = !routed.is_empty() || db::matching::has_open_lead(conn, request.id).await?;
    let noted = Noted {
        matched_at: now,
        next_match_at: now + if routed.is_empty() { RETRY } else { AGAIN },
        no_match: waits && !is_asked,
    };
    let about = About { request_id: Some(request.id), ..About::default() };
    let lead = |one: &Routed| Notice::new(one.user_id, NotificationKind::Lead, about);
    let leads: Vec<Notice> = routed.iter().map(lead).collect();
    let moved = async {
        if waits && is_asked {
            move_to(conn, request, RequestStatus::Matched, None, None).await
        } else {
            Ok(())
        }
    };
    let ((), is_news, ()) =
        try_join!(moved, db::matching::note(conn, request.id, noted), db::notifications::tell(conn, &leads))?;
    if is_news {
        let notice = Notice::new(request.user_id, NotificationKind::NoMatch, about);
        db::notifications::tell(conn, &[notice]).await?;
    }
    Ok(())
}

/// The tasks of agents that answer leads by themselves.
async fn answer(conn: &mut Conn, task: &Claimed, id: RequestId, routed: &[Routed]) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for one in routed.iter().filter(|one| one.auto_offer) {
        let new = NewTask {
            id: TaskId::new(),
            kind: TaskKind::AutoOffer,
            user_id: one.user_id,
            request_id: Some(id),
            retry_of: None,
            trace_id: task.trace_id.clone(),
            parent_span: trace::here(),
        };
        tasks.push(db::tasks::insert(conn, new).await?);
    }
    Ok(tasks)
}
