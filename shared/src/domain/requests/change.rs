//! Changing a request, and matching it again.

use chrono::{DateTime, Duration, Utc};
use diesel_async::AsyncConnection;

use super::post::require_none;
use super::{Own, Post, move_to, refusal};
use crate::auth::Actor;
use crate::db::idempotency::Reply;
use crate::db::tasks::NewTask;
use crate::db::{self, Conn};
use crate::domain::{Domain, Once, audit, offers, users};
use crate::error::{Code, Error, Result};
use crate::model::catalog::ServicePlace;
use crate::model::money::Budget;
use crate::model::places::{Location, plain};
use crate::model::requests::{REMATCH_MINUTES, Request, RequestStatus, Urgency};
use crate::model::tasks::{Task, TaskKind};
use crate::model::window::Window;
use crate::model::{MediaId, RequestId, TaskId};
use crate::telemetry::trace;

/// What of a request is to be another; what is absent stays, `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Slug of the service.
    pub service_id: Option<String>,
    /// Where; another place has its own zone and location.
    pub city: Option<String>,
    /// Where exactly.
    pub location: Option<Option<Location>>,
    /// Where the work shall be done.
    pub place: Option<Option<ServicePlace>>,
    /// How far the consumer would go.
    pub max_distance_km: Option<Option<f64>>,
    /// When.
    pub window: Option<Option<Window>>,
    /// How soon it matters.
    pub urgency: Option<Urgency>,
    /// IANA zone of the place.
    pub zone: Option<String>,
    /// For how much.
    pub budget: Option<Option<Budget>>,
    /// In the consumer's words.
    pub description: Option<String>,
    /// Finer skills.
    pub specializations: Option<Vec<String>>,
    /// Photos.
    pub media: Option<Vec<MediaId>>,
    /// Although it would be like another live one.
    pub allow_duplicate: bool,
}

impl Change {
    /// The request as it would be posted with the change.
    fn applied_to(self, request: &Request) -> Post {
        let moves = self.city.as_deref().is_some_and(|city| plain(city) != plain(&request.city));
        let location = request.latitude.zip(request.longitude).filter(|_| !moves);
        let budget = request.budget_currency.clone().map(|currency| Budget {
            min_cents: request.budget_min_cents,
            max_cents: request.budget_max_cents,
            currency,
        });
        let window = request.window_from.zip(request.window_to).map(|(from, to)| Window { from, to });
        let phrases = || request.specializations.iter().flatten().cloned().collect();
        Post {
            service_id: self.service_id.unwrap_or_else(|| request.service_id.clone()),
            city: self.city.unwrap_or_else(|| request.city.clone()),
            location: self
                .location
                .unwrap_or(location.map(|(latitude, longitude)| Location { latitude, longitude })),
            place: self.place.unwrap_or(request.place),
            max_distance_km: self.max_distance_km.unwrap_or(request.max_distance_km),
            window: self.window.unwrap_or(window),
            urgency: self.urgency.unwrap_or(request.urgency),
            zone: self.zone.or_else(|| (!moves).then(|| request.zone.clone())),
            budget: self.budget.unwrap_or(budget),
            description: self.description.unwrap_or_else(|| request.description.clone()),
            specializations: self.specializations.unwrap_or_else(phrases),
            media: self.media.unwrap_or_default(),
            allow_duplicate: self.allow_duplicate,
        }
    }
}

impl Domain {
    /// Changes a request for which there is no live offer, and matches it again. Whoever has not answered is looked at
    /// anew.
    ///
    /// # Errors
    /// `not_yours`, also for a photo; `invalid` with every problem; `illegal_move`, `request_closed`,
    /// `duplicate_request`.
    pub async fn change_request(
        &self,
        actor: &Actor,
        id: RequestId,
        change: Change,
        trace_id: &str,
    ) -> Result<Own> {
        let mut conn = self.queue.db.conn().await?;
        let catalog = self.catalog();
        let (own, task, dropped) = conn
            .transaction(async |conn| {
                let request = lock(conn, actor, id).await?;
                let (media, windowed, allowed) =
                    (change.media.clone(), change.window.is_some(), change.allow_duplicate);
                let says_when = windowed || change.zone.is_some() || change.city.is_some();
                let post = change.applied_to(&request);
                let mut problems = post.problems(&catalog);
                // That an old window is over is not wrong of whoever changes something else: its request is.
                problems.retain(|problem| says_when || problem.pointer != "/window");
                require_none(problems)?;
                if let Some(media) = media {
                    db::requests::hang(conn, id, request.user_id, &media).await?;
                }
                require_matchable(&request)?;
                let now = Utc::now();
                let expires_at =
                    if post.window.is_some() || windowed { post.expires_at(now) } else { request.expires_at };
                let changed = Request {
                    expires_at,
                    status: request.status,
                    matched_at: request.matched_at,
                    created_at: request.created_at,
                    ..post.into_request(id, request.user_id, now)
                };
                if !allowed && db::requests::is_duplicate(conn, &changed).await? {
                    return Err(Code::DuplicateRequest.into());
                }
                db::requests::change(conn, &changed).await?;
                db::requests::unroute(conn, id).await?;
                let (task, dropped) = match_again(conn, actor, &changed, trace_id).await?;
                audit::record_unless_own(conn, actor, "request.change", id.0, request.user_id).await?;
                let changed = Request { status: RequestStatus::Matching, ..changed };
                Ok::<_, Error>((super::read::own(conn, changed).await?, task, dropped))
            })
            .await?;
        drop(conn);
        self.queue.announce_cancelled(&dropped).await?;
        self.queue.announce_new(&task);
        Ok(own)
    }

    /// Matches a request again, some minutes after the last time at the earliest.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`, `request_closed`; `rate_limited`.
    pub async fn rematch_request(
        &self,
        actor: &Actor,
        id: RequestId,
        trace_id: &str,
        once: &Once<'_, Own>,
    ) -> Result<Reply> {
        let mut conn = self.queue.db.conn().await?;
        let (reply, made) = conn
            .transaction(async |conn| {
                if let Some(before) = once.answered(conn).await? {
                    return Ok((before, None));
                }
                let request = lock(conn, actor, id).await?;
                require_matchable(&request)?;
                if let Some(last) = db::requests::matchings(conn, &[id]).await?.pop() {
                    require_pause(last.created_at)?;
                }
                let made = match_again(conn, actor, &request, trace_id).await?;
                audit::record_unless_own(conn, actor, "request.match", id.0, request.user_id).await?;
                let request = Request { status: RequestStatus::Matching, ..request };
                let own = super::read::own(conn, request).await?;
                Ok::<_, Error>((once.answer(conn, &own).await?, Some(made)))
            })
            .await?;
        drop(conn);
        if let Some((task, dropped)) = made {
            self.queue.announce_cancelled(&dropped).await?;
            self.queue.announce_new(&task);
        }
        Ok(reply)
    }
}

/// A request of the caller's, locked, with its consumer, whose account must be open; as it stands when time has had its
/// way with its offers.
async fn lock(conn: &mut Conn, actor: &Actor, id: RequestId) -> Result<Request> {
    // Users are locked before requests.
    let owner = db::requests::find_for(conn, actor.scope(), id).await?.user_id;
    users::require_open(conn, actor, owner).await?;
    let request = db::requests::lock_for(conn, actor.scope(), id).await?;
    Ok(offers::lapse(conn, request).await?.0)
}

/// Whether a request can be matched again.
fn require_matchable(request: &Request) -> Result<()> {
    match request.stands_at(Utc::now()) {
        RequestStatus::Matching | RequestStatus::Matched => Ok(()),
        RequestStatus::OffersReceived => Err(refusal(RequestStatus::OffersReceived)
            .detail("There are offers for this request: decline them first, or cancel it and post another.")),
        other => Err(refusal(other)),
    }
}

/// Whether enough time has gone by since the last matching.
fn require_pause(last: DateTime<Utc>) -> Result<()> {
    let left = last + Duration::minutes(REMATCH_MINUTES) - Utc::now();
    match left.to_std() {
        Ok(left) if !left.is_zero() => {
            let detail =
                "A request is matched again every 10 minutes at most. Wait as long as Retry-After says.";
            let error = Error::new(Code::RateLimited).detail(detail);
            Err(Error { retry_after: Some(left + std::time::Duration::from_secs(1)), ..error })
        }
        _ => Ok(()),
    }
}

/// A new matching of a locked request in place of those that have not ended; answers it, and those.
async fn match_again(
    conn: &mut Conn,
    actor: &Actor,
    request: &Request,
    trace_id: &str,
) -> Result<(Task, Vec<Task>)> {
    if request.status == RequestStatus::Matched {
        move_to(conn, request, RequestStatus::Matching, Some(actor.user_id()), None).await?;
    }
    db::requests::forget_next_match(conn, request.id).await?;
    let dropped = db::tasks::cancel_of_request(conn, request.id, Some(TaskKind::Matching)).await?;
    let task = NewTask {
        id: TaskId::new(),
        kind: TaskKind::Matching,
        user_id: request.user_id,
        request_id: Some(request.id),
        retry_of: None,
        trace_id: trace_id.to_owned(),
        parent_span: trace::here(),
    };
    Ok((db::tasks::insert(conn, task).await?, dropped))
}
