//! Requests: posted by consumers, matched by a task.

use chrono::{Duration, Utc};
use chrono_tz::Tz;
use diesel_async::AsyncConnection;
use serde_json::{Value, json};

use super::{Domain, Once};
use crate::auth::Consumer;
use crate::db;
use crate::db::idempotency::Reply;
use crate::db::requests::{NewMatch, NewRequest};
use crate::db::steps::Step;
use crate::db::tasks::{Claimed, NewTask};
use crate::error::{Code, Error, Problem, Result};
use crate::matching;
use crate::model::catalog;
use crate::model::money::Budget;
use crate::model::places::{Location, place, plain};
use crate::model::requests::{LIFE_DAYS, MOST_LIVE, Request, Urgency};
use crate::model::tasks::{Task, TaskKind};
use crate::model::window::Window;
use crate::model::{RequestId, TaskId};
use crate::telemetry::trace;

/// A need as it is posted.
#[derive(Clone, Debug)]
pub struct Post {
    /// Slug of the service.
    pub service_id: String,
    /// Where.
    pub city: String,
    /// Where exactly.
    pub location: Option<Location>,
    /// How far the consumer would go.
    pub max_distance_km: Option<f64>,
    /// When, in local time of the place.
    pub window: Option<Window>,
    /// How soon it matters.
    pub urgency: Urgency,
    /// IANA zone of the place; of the known place, else of the default, if absent.
    pub zone: Option<String>,
    /// For how much.
    pub budget: Option<Budget>,
    /// In the consumer's words.
    pub description: String,
    /// Finer skills.
    pub specializations: Vec<String>,
    /// Post it although it is like a live one.
    pub allow_duplicate: bool,
}

impl Domain {
    /// Posts a request and the task that matches it, in one transaction.
    ///
    /// # Errors
    /// `invalid` with every problem; `too_many_live`; `duplicate_request`.
    pub async fn post_request(
        &self,
        consumer: &Consumer,
        post: Post,
        trace_id: &str,
        once: &Once<'_, (Request, Task)>,
    ) -> Result<Reply> {
        let zone = post.zone().unwrap_or(Tz::UTC);
        let problems = post.problems();
        if !problems.is_empty() {
            let below = |p: Problem| Problem { pointer: format!("/body{}", p.pointer), ..p };
            return Err(Error::invalid(problems.into_iter().map(below).collect()));
        }
        let ends = post.window.map(|window| window.ends_at(zone));
        let zone_name = zone.to_string();
        let budget = post.budget.as_ref();
        let new = NewRequest {
            id: RequestId::new(),
            user_id: consumer.user_id(),
            service_id: &post.service_id,
            city: &post.city,
            zone: &zone_name,
            latitude: post.location.map(|l| l.latitude),
            longitude: post.location.map(|l| l.longitude),
            max_distance_km: post.max_distance_km,
            window_from: post.window.map(|w| w.from),
            window_to: post.window.map(|w| w.to),
            urgency: post.urgency,
            budget_min_cents: budget.and_then(|b| b.min_cents),
            budget_max_cents: budget.and_then(|b| b.max_cents),
            budget_currency: budget.map(|b| b.currency.as_str()),
            description: &post.description,
            specializations: &post.specializations,
            expires_at: ends.unwrap_or_else(|| Utc::now() + Duration::days(LIFE_DAYS)),
        };
        let mut conn = self.queue.db.conn().await?;
        let (reply, posted) = conn
            .transaction(async |conn| {
                if let Some(before) = once.answered(conn).await? {
                    return Ok((before, None));
                }
                db::users::require_active(conn, consumer.user_id()).await?;
                let live = db::requests::live_for(conn, consumer.user_id()).await?;
                if live.len() as i64 >= MOST_LIVE {
                    return Err(Error::new(Code::TooManyLive));
                }
                if !post.allow_duplicate && live.iter().any(|other| is_like(other, &new)) {
                    return Err(Error::new(Code::DuplicateRequest));
                }
                let request = db::requests::insert(conn, &new).await?;
                let task = NewTask {
                    id: TaskId::new(),
                    kind: TaskKind::Matching,
                    user_id: consumer.user_id(),
                    request_id: Some(request.id),
                    retry_of: None,
                    trace_id: trace_id.to_owned(),
                    parent_span: trace::here(),
                };
                let posted = (request, db::tasks::insert(conn, task).await?);
                Ok((once.answer(conn, &posted).await?, Some(posted)))
            })
            .await?;
        if let Some((_, task)) = &posted {
            self.queue.announce_new(task);
        }
        Ok(reply)
    }
}

/// The longest phrase of a finer skill, in characters.
const PHRASE_MAX: usize = 200;

impl Post {
    /// The zone of the place: as it was said, else of the known place; none if neither is one.
    fn zone(&self) -> Option<Tz> {
        match self.zone.as_deref() {
            Some(zone) => zone.parse().ok(),
            None => place(&self.city).map(|place| place.zone),
        }
    }

    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if catalog::service(&self.service_id).is_none() {
            let message = "There is no such service; GET /services/catalog lists them.";
            problems.push(Problem::new("/service_id", message));
        }
        if self.city.is_empty() {
            problems.push(Problem::new("/city", "Name a city."));
        }
        let zone = self.zone();
        if zone.is_none() && (self.zone.is_some() || !self.city.is_empty()) {
            let message = "Name the place's IANA time zone, such as America/New_York.";
            problems.push(Problem::new("/zone", message));
        }
        let zone = zone.unwrap_or(Tz::UTC);
        if let Some(problem) = self.window.and_then(|window| window.problem(zone, Utc::now())) {
            problems.push(Problem::new("/window", problem));
        }
        if let Some(problem) = self.budget.as_ref().and_then(Budget::problem) {
            problems.push(Problem::new("/budget", problem));
        }
        for (at, phrase) in self.specializations.iter().enumerate() {
            if !(1..=PHRASE_MAX).contains(&phrase.trim().chars().count()) {
                let message = "A phrase has 1 to 200 characters.";
                problems.push(Problem::new(format!("/specializations/{at}"), message));
            }
        }
        problems
    }
}

/// Same service, same city, overlapping window; no window overlaps with any.
fn is_like(live: &Request, new: &NewRequest<'_>) -> bool {
    let overlap = match (live.window_from.zip(live.window_to), new.window_from.zip(new.window_to)) {
        (Some((from, to)), Some((new_from, new_to))) => from <= new_to && new_from <= to,
        _ => true,
    };
    overlap && live.service_id == new.service_id && plain(&live.city) == plain(new.city)
}

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
        // The fence: a claim that no longer holds routes nothing.
        db::tasks::hold(conn, task, step.no, db::tasks::no_effects()).await?;
        db::requests::route(conn, id, &rows).await?;
        db::steps::insert(conn, task, &step).await
    })
    .await?;
    Ok(step.output)
}
