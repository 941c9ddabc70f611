//! Requests: posted by consumers, matched by a task.

mod cancel;
mod change;
mod moves;
mod post;
mod read;
mod time;

pub(in crate::domain) use cancel::cancel_in;
pub use change::Change;
use chrono::Utc;
use diesel_async::AsyncConnection;
pub(in crate::domain) use moves::{move_to, refusal};
pub use post::Post;
pub(in crate::domain) use read::all_own;
pub use read::{Own, Read};
use serde_json::{Value, json};
pub use time::{expire_requests, match_those_due};

use crate::db;
use crate::db::requests::NewMatch;
use crate::db::steps::Step;
use crate::db::tasks::Claimed;
use crate::error::{Code, Error, Result};
use crate::matching;
use crate::model::requests::{Request, RequestStatus};

/// The one step of a matching.
const MATCHING_STEP: i32 = 1;

/// Runs a matching: filters, ranks, routes. The result is stored with the routing, so that a second run of the same
/// task answers the same and routes no further.
///
/// # Errors
/// When the database is away.
pub async fn run_matching(db: &db::Db, task: &Claimed) -> Result<Value> {
    let Some(id) = task.request_id else {
        return Err(Error::new(Code::Internal).because("a matching without a request"));
    };
    let mut conn = db.conn().await?;
    if let Some(done) = db::steps::find(&mut conn, task.id, MATCHING_STEP).await? {
        return Ok(done.output);
    }
    let request = db::requests::find(&mut conn, id).await?;
    let candidates = db::providers::find(&mut conn, &matching::wanted(&request)).await?;
    let matches = matching::rank(&request, &candidates);
    let rows = matches
        .iter()
        .map(|one| {
            Ok(NewMatch {
                request_id: id,
                provider_id: one.provider_id,
                score: one.score.clamp(0.0, 1.0),
                factors: serde_json::to_value(&one.factors)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let output = json!({
        "kind": "matching",
        "request_id": id,
        "considered": candidates.len(),
        "matches": matches,
        "relax": [],
    });
    let step = Step::tool(MATCHING_STEP, "matching", output);
    conn.transaction(async |conn| {
        // A request is locked before its tasks: who moves it ends them.
        let locked = db::requests::lock_all(conn, &[id]).await?;
        // The fence: a claim that no longer holds routes nothing.
        db::tasks::hold(conn, task, step.no, db::tasks::no_effects()).await?;
        db::requests::route(conn, &rows).await?;
        let waits = |request: &&Request| request.stands_at(Utc::now()) == RequestStatus::Matching;
        if let Some(request) = locked.first().filter(waits).filter(|_| !rows.is_empty()) {
            move_to(conn, request, RequestStatus::Matched, None, None).await?;
        }
        db::steps::insert(conn, task, &step).await
    })
    .await?;
    Ok(step.output)
}
