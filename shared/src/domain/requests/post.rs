//! Posting a request.

use chrono::{DateTime, Duration, SubsecRound, Utc};
use chrono_tz::Tz;

use super::Own;
use crate::auth::Consumer;
use crate::db;
use crate::db::idempotency::{Keyed, Reply};
use crate::db::requests::{Matching, NewPost};
use crate::domain::{Domain, Once};
use crate::error::{Error, Problem, Result};
use crate::model::catalog::{Catalog, ServicePlace};
use crate::model::money::Budget;
use crate::model::places::{Location, place};
use crate::model::requests::{LIFE_DAYS, Request, RequestStatus, Urgency};
use crate::model::tasks::{Task, TaskKind};
use crate::model::window::Window;
use crate::model::{MediaId, RequestId, UserId};
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
    /// Where the work shall be done; where the provider will if absent.
    pub place: Option<ServicePlace>,
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
    /// Photos of the consumer's, in order.
    pub media: Vec<MediaId>,
    /// Post it although it is like a live one.
    pub allow_duplicate: bool,
}

impl Domain {
    /// Posts a request and the task that matches it, in one statement, with those of others.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours` when a photo is not the caller's; `too_many_live`; `duplicate_request`.
    pub async fn post_request(
        &self,
        consumer: &Consumer,
        post: Post,
        trace_id: &str,
        once: &Once<'_, Own>,
    ) -> Result<Reply> {
        post.require_sane(&self.catalog())?;
        // As PostgreSQL keeps it.
        let now = Utc::now().trunc_subsecs(6);
        let (media, allow_duplicate) = (post.media.clone(), post.allow_duplicate);
        let request = post.into_request(RequestId::new(), consumer.user_id(), now);
        let task = Task::new(TaskKind::Matching, request.user_id, trace_id, trace::here(), now);
        let task = Task { request_id: Some(request.id), ..task };
        let matching = Matching {
            request_id: request.id,
            task_id: task.id,
            status: task.status,
            created_at: task.created_at,
        };
        let db = &self.queue.db;
        // What of it is another's is refused below.
        let photos = match media.is_empty() {
            true => Vec::new(),
            false => db::media::views_of(&mut *db.conn().await?, &media).await?,
        };
        let own = Own { request, matching: Some(matching), media: photos };
        let reply = once.render(&own);
        let keyed = match once.key() {
            Some(key) => Some(Keyed { key: key.clone(), answer: serde_json::to_string(&reply)? }),
            None => None,
        };
        let new = NewPost { request: own.request, media, allow_duplicate, task: task.clone(), keyed };
        let before = match db.is_lent() {
            true => db::requests::post(&mut *db.conn().await?, new).await?,
            false => self.shared.posts.post(new).await?,
        };
        Ok(match before {
            Some(before) => before,
            None => {
                self.queue.announce_new(&task);
                reply
            }
        })
    }
}

/// The longest phrase of a finer skill, in characters.
const PHRASE_MAX: usize = 200;

/// Refuses what has problems.
pub(super) fn require_none(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let below = |p: Problem| Problem { pointer: format!("/body{}", p.pointer), ..p };
    Err(Error::invalid(problems.into_iter().map(below).collect()))
}

impl Post {
    /// Whether it can be posted.
    ///
    /// # Errors
    /// `invalid` with every problem.
    fn require_sane(&self, catalog: &Catalog) -> Result<()> {
        require_none(self.problems(catalog))
    }

    /// When it lapses: at the end of its window, else some days from now.
    pub(super) fn expires_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let zone = self.zone().unwrap_or(Tz::UTC);
        let ends = self.window.map(|window| window.ends_at(zone));
        ends.unwrap_or_else(|| now + Duration::days(LIFE_DAYS))
    }

    /// The request that is posted.
    pub(super) fn into_request(self, id: RequestId, owner: UserId, now: DateTime<Utc>) -> Request {
        let budget = self.budget.as_ref();
        Request {
            id,
            user_id: owner,
            zone: self.zone().unwrap_or(Tz::UTC).to_string(),
            expires_at: self.expires_at(now),
            latitude: self.location.map(|l| l.latitude),
            longitude: self.location.map(|l| l.longitude),
            place: self.place,
            max_distance_km: self.max_distance_km,
            window_from: self.window.map(|w| w.from),
            window_to: self.window.map(|w| w.to),
            urgency: self.urgency,
            budget_min_cents: budget.and_then(|b| b.min_cents),
            budget_max_cents: budget.and_then(|b| b.max_cents),
            budget_currency: self.budget.map(|b| b.currency),
            service_id: self.service_id,
            city: self.city,
            description: self.description,
            specializations: self.specializations.into_iter().map(Some).collect(),
            status: RequestStatus::Matching,
            matched_at: None,
            created_at: now,
        }
    }

    /// The zone of the place: as it was said, else of the known place; none if neither is one.
    pub(super) fn zone(&self) -> Option<Tz> {
        match self.zone.as_deref() {
            Some(zone) => zone.parse().ok(),
            None => place(&self.city).map(|place| place.zone),
        }
    }

    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let mut problems = Vec::new();
        if catalog.service(&self.service_id).is_none() {
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
