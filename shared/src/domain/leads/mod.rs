//! Leads: requests as the providers see them that they were routed to.

mod auto;
mod draft;
mod suggest;

pub use auto::{WhyNot, run_auto_offer};
use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
pub use draft::run_offer_draft;
pub(in crate::domain) use draft::{Suggested, suggested};
pub(in crate::domain) use suggest::free;

use super::{Domain, Once, offers, requests};
use crate::agent::specialists::{Asked, Consultation, consult};
use crate::auth::Provider;
use crate::db::idempotency::Reply;
use crate::db::leads::{Filter, LeadRow};
use crate::db::tasks::NewTask;
use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::matching::Factor;
use crate::model::catalog::Catalog;
use crate::model::media::Media;
use crate::model::requests::Request;
use crate::model::tasks::{Task, TaskKind};
use crate::model::{OfferId, ProviderId, RequestId, TaskId, UserId};
use crate::telemetry::trace;

/// How many factors tell why a lead came.
const WHY: usize = 3;

/// A request as providers see it: nothing by which the consumer could be reached or found.
#[derive(Clone, Debug)]
pub struct Need {
    /// The row; its view leaves out what is not for providers.
    pub request: Request,
    /// The consumer's first name.
    pub first_name: Option<String>,
    /// The photos that hang on it.
    pub media: Vec<Media>,
    /// What a specialist of the trade says of it, if there is one.
    pub specialist: Option<Consultation>,
}

/// A lead.
#[derive(Clone, Debug)]
pub struct Lead {
    /// What is needed.
    pub need: Need,
    /// 0 to 1.
    pub score: f64,
    /// What speaks most for it, in words.
    pub why: Vec<String>,
    /// Since when.
    pub routed_at: DateTime<Utc>,
    /// When the provider first looked.
    pub viewed_at: Option<DateTime<Utc>>,
    /// When the provider passed.
    pub passed_at: Option<DateTime<Utc>>,
    /// The provider's latest offer for it.
    pub offer_id: Option<OfferId>,
}

impl Domain {
    /// The caller's leads, the latest first.
    ///
    /// # Errors
    /// `no_provider_profile`.
    pub async fn leads(
        &self,
        provider: &Provider,
        filter: &Filter,
        before: Option<RequestId>,
        limit: i64,
    ) -> Result<Vec<Lead>> {
        let mut conn = self.queue.db.conn().await?;
        let user = provider.user_id();
        let profile = require_profile(&mut conn, user).await?;
        let rows = db::leads::list_for(&mut conn, user, profile, filter, before, limit).await?;
        with_photos(&mut conn, rows, &self.catalog()).await
    }

    /// Notes that the caller has looked at a lead.
    ///
    /// # Errors
    /// `no_provider_profile`, `not_yours`.
    pub async fn view_lead(&self, provider: &Provider, id: RequestId) -> Result<Lead> {
        let mut conn = self.queue.db.conn().await?;
        let profile = require_profile(&mut conn, provider.user_id()).await?;
        db::leads::find_for(&mut conn, provider.user_id(), id).await?;
        db::leads::view(&mut conn, id, profile).await?;
        find(&mut conn, provider.user_id(), id, &self.catalog()).await
    }

    /// Passes a lead: it takes no offer of the caller's any more. When all have passed, others are asked.
    ///
    /// # Errors
    /// `no_provider_profile`, `not_yours`; `illegal_move` while there is a live offer of the caller's; `request_closed`.
    pub async fn pass_lead(&self, provider: &Provider, id: RequestId, reason: Option<&str>) -> Result<Lead> {
        let mut conn = self.queue.db.conn().await?;
        let profile = require_profile(&mut conn, provider.user_id()).await?;
        let (.., routed, _) = db::leads::find_for(&mut conn, provider.user_id(), id).await?;
        if routed.passed_at.is_none() {
            conn.transaction(async |conn| {
                let locked = db::requests::lock_all(conn, &[id]).await?.pop();
                let request = locked.ok_or_else(Error::not_yours)?;
                let (request, _) = offers::lapse(conn, request).await?;
                let stands = request.stands_at(Utc::now());
                if !stands.is_open() {
                    return Err(requests::refusal(stands));
                }
                if db::leads::has_live_offer(conn, id, profile).await? {
                    return Err(Error::new(Code::IllegalMove)
                        .detail("You have a live offer for this request: withdraw it first."));
                }
                db::leads::pass(conn, id, profile, reason).await?;
                db::reputation::recompute_in(conn, profile).await
            })
            .await?;
        }
        find(&mut conn, provider.user_id(), id, &self.catalog()).await
    }

    /// Begins to work out an offer for a lead; its task answers it.
    ///
    /// # Errors
    /// `no_provider_profile`, `not_yours`; `request_closed`; `illegal_move` once the lead was passed.
    pub async fn suggest_offer(
        &self,
        provider: &Provider,
        id: RequestId,
        trace_id: &str,
        once: &Once<'_, Task>,
    ) -> Result<Reply> {
        let user = provider.user_id();
        let mut conn = self.queue.db.conn().await?;
        let (reply, task) = conn
            .transaction(async |conn| {
                if let Some(before) = once.answered(conn).await? {
                    return Ok((before, None));
                }
                db::users::require_active(conn, user).await?;
                require_profile(conn, user).await?;
                let (request, _, routed, _) = db::leads::find_for(conn, user, id).await?;
                require_open(&request, routed.passed_at)?;
                let task = NewTask {
                    id: TaskId::new(),
                    kind: TaskKind::OfferDraft,
                    user_id: user,
                    request_id: Some(id),
                    retry_of: None,
                    trace_id: trace_id.to_owned(),
                    parent_span: trace::here(),
                };
                let task = db::tasks::insert(conn, task).await?;
                Ok::<_, Error>((once.answer(conn, &task).await?, Some(task)))
            })
            .await?;
        if let Some(task) = &task {
            self.queue.announce_new(task);
        }
        Ok(reply)
    }
}

/// Whether a lead takes offers.
///
/// # Errors
/// `request_closed`; `illegal_move` once it was passed.
pub(super) fn require_open(request: &Request, passed_at: Option<DateTime<Utc>>) -> Result<()> {
    let stands = request.stands_at(Utc::now());
    if !stands.is_open() {
        return Err(requests::refusal(stands));
    }
    if passed_at.is_some() {
        let detail = "You have passed this lead. Look at your other leads.";
        return Err(Error::new(Code::IllegalMove).detail(detail));
    }
    Ok(())
}

/// The caller's own profile.
///
/// # Errors
/// `no_provider_profile`.
pub(super) async fn require_profile(conn: &mut Conn, user: UserId) -> Result<ProviderId> {
    db::leads::profile_of(conn, user).await?.ok_or_else(|| Code::NoProviderProfile.into())
}

/// A request as a provider sees it that it was routed to.
///
/// # Errors
/// `not_yours`.
pub(super) async fn need(conn: &mut Conn, user: UserId, id: RequestId, catalog: &Catalog) -> Result<Need> {
    Ok(find(conn, user, id, catalog).await?.need)
}

/// Those of some requests that were routed to a provider, by the provider's user, in a fixed number of queries.
pub(super) async fn all(
    conn: &mut Conn,
    user: UserId,
    ids: &[RequestId],
    catalog: &Catalog,
) -> Result<Vec<Lead>> {
    let rows = db::leads::all_for(conn, user, ids).await?;
    with_photos(conn, rows, catalog).await
}

async fn with_photos(conn: &mut Conn, rows: Vec<LeadRow>, catalog: &Catalog) -> Result<Vec<Lead>> {
    let ids: Vec<RequestId> = rows.iter().map(|(request, ..)| request.id).collect();
    let mut photos = db::requests::media_of(conn, &ids).await?;
    let lead = |row: LeadRow| {
        let photos = photos.remove(&row.0.id).unwrap_or_default();
        lead(row, photos, catalog)
    };
    rows.into_iter().map(lead).collect()
}

async fn find(conn: &mut Conn, user: UserId, id: RequestId, catalog: &Catalog) -> Result<Lead> {
    let row = db::leads::find_for(conn, user, id).await?;
    let photos = db::requests::media_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    lead(row, photos, catalog)
}

fn lead((request, name, routed, offer_id): LeadRow, media: Vec<Media>, catalog: &Catalog) -> Result<Lead> {
    let factors: Vec<Factor> = serde_json::from_value(routed.factors)?;
    let specialist = consult(catalog, &Asked::of_request(&request));
    let first_name = name.as_deref().and_then(first_name);
    Ok(Lead {
        need: Need { request, first_name, media, specialist },
        score: routed.score,
        why: why(factors),
        routed_at: routed.routed_at,
        viewed_at: routed.viewed_at,
        passed_at: routed.passed_at,
        offer_id,
    })
}

/// The first word of a name.
pub(super) fn first_name(name: &str) -> Option<String> {
    name.split_whitespace().next().map(str::to_owned)
}

/// What counted most, in words, the weightiest first.
fn why(mut factors: Vec<Factor>) -> Vec<String> {
    factors.sort_by(|a, b| b.share.total_cmp(&a.share));
    factors.iter().filter(|factor| factor.share > 0.0).take(WHY).map(in_words).collect()
}

fn in_words(factor: &Factor) -> String {
    let is_high = factor.value >= 0.5;
    let said = match (factor.name.as_str(), is_high) {
        ("specialization" | "specializations", true) => "Your skills are what is asked for.",
        ("specialization" | "specializations", false) => "Some of your skills are asked for.",
        ("text" | "text_fit" | "fit", true) => "Your profile speaks of what is needed.",
        ("text" | "text_fit" | "fit", false) => "Your profile touches on what is needed.",
        ("distance", true) => "It is near.",
        ("distance", false) => "It is within reach.",
        ("availability", true) => "You have plenty of time then.",
        ("availability", false) => "You have some time then.",
        ("rating", true) => "Your reviews are good.",
        ("rating", false) => "Your reviews count.",
        ("price", true) => "Your price fits the budget.",
        ("price", false) => "Your price is within the budget.",
        ("responsiveness" | "response", true) => "You answer fast.",
        ("responsiveness" | "response", false) => "You answer.",
        (other, _) => return format!("{} counted.", other.replace('_', " ")),
    };
    said.to_owned()
}
