//! Requests as they are read: whole by their consumer, as a lead by the providers that they were routed to.

use std::collections::HashMap;

use crate::auth::Actor;
use crate::db::requests::{Matched, Matching};
use crate::db::{self, Conn};
use crate::domain::Domain;
use crate::domain::leads::Need;
use crate::error::{Code, Result};
use crate::model::media::Media;
use crate::model::requests::{Request, RequestStatus};
use crate::model::{ProviderId, RequestId};

/// A request as its consumer sees it.
#[derive(Clone, Debug)]
pub struct Own {
    /// The row.
    pub request: Request,
    /// Its latest matching; none once that is swept.
    pub matching: Option<Matching>,
    /// The photos that hang on it.
    pub media: Vec<Media>,
}

/// A request as its reader may see it.
#[derive(Clone, Debug)]
pub enum Read {
    /// By who posted it.
    Own(Box<Own>),
    /// By a provider that it was routed to.
    Lead(Box<Need>),
}

impl Domain {
    /// A request, as the caller may see it.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn request(&self, actor: &Actor, id: RequestId) -> Result<Read> {
        let mut conn = self.queue.db.conn().await?;
        match db::requests::find_for(&mut conn, actor.scope(), id).await {
            Ok(request) => Ok(Read::Own(Box::new(own(&mut conn, request).await?))),
            Err(error) if error.code == Code::NotYours => {
                let need =
                    crate::domain::leads::need(&mut conn, actor.user_id(), id, &self.catalog()).await?;
                Ok(Read::Lead(Box::new(need)))
            }
            Err(error) => Err(error),
        }
    }

    /// Whom a request of the caller's was routed to: by rounds, the best first.
    ///
    /// # Errors
    /// `not_yours`, also for those that it was routed to.
    pub async fn request_matches(
        &self,
        actor: &Actor,
        id: RequestId,
        after: Option<ProviderId>,
        limit: i64,
    ) -> Result<Vec<Matched>> {
        let mut conn = self.queue.db.conn().await?;
        db::requests::find_for(&mut conn, actor.scope(), id).await?;
        db::requests::matches(&mut conn, id, after, limit).await
    }

    /// The caller's requests, the newest first; of one status if it is given.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn requests(
        &self,
        actor: &Actor,
        status: Option<RequestStatus>,
        before: Option<RequestId>,
        limit: i64,
    ) -> Result<Vec<Own>> {
        let mut conn = self.queue.db.conn().await?;
        let requests = db::requests::page_for(&mut conn, actor.user_id(), status, before, limit).await?;
        all_own(&mut conn, requests).await
    }
}

/// A request with what is shown with it.
pub(in crate::domain) async fn own(conn: &mut Conn, request: Request) -> Result<Own> {
    let id = request.id;
    let matching = db::requests::matchings(conn, &[id]).await?.pop();
    let media = db::requests::media_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Own { request, matching, media })
}

/// Requests with what is shown with them, in a fixed number of queries.
pub(in crate::domain) async fn all_own(conn: &mut Conn, requests: Vec<Request>) -> Result<Vec<Own>> {
    let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    let matchings = db::requests::matchings(conn, &ids).await?;
    let matchings: HashMap<RequestId, Matching> = matchings.into_iter().map(|m| (m.request_id, m)).collect();
    let mut media = db::requests::media_of(conn, &ids).await?;
    let own = |request: Request| Own {
        matching: matchings.get(&request.id).copied(),
        media: media.remove(&request.id).unwrap_or_default(),
        request,
    };
    Ok(requests.into_iter().map(own).collect())
}
