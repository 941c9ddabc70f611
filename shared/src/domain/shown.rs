//! What answers show beside their text, as their reader may see it now: an answer is kept with ids only.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use serde_json::Value;

use super::Domain;
use super::bookings::{self, BookingDetails};
use super::leads::{self, Lead};
use super::offers::{self, OfferDetails};
use super::requests::{self, Own};
use crate::agent::Shows;
use crate::auth::{Actor, Scope};
use crate::db::{self, Conn};
use crate::error::Result;
use crate::model::catalog::Catalog;
use crate::model::enrollment::Enrollment;
use crate::model::{BookingId, EnrollmentId, OfferId, RequestId};

/// What some answers show, by id; what their reader may not see (any more) is not in it.
#[derive(Debug)]
pub struct Shown {
    /// Requests of the reader's.
    pub requests: HashMap<RequestId, Own>,
    /// Offers that the reader made or received.
    pub offers: HashMap<OfferId, OfferDetails>,
    /// Bookings of which the reader is one side.
    pub bookings: HashMap<BookingId, BookingDetails>,
    /// What was routed to the reader's business.
    pub leads: HashMap<RequestId, Lead>,
    /// Enrollments of the reader's.
    pub enrollments: HashMap<EnrollmentId, Enrollment>,
    /// What can be asked for.
    pub catalog: Arc<Catalog>,
}

/// What the data of an answer shows; nothing if it has none.
#[must_use]
pub fn shows(data: &Value) -> Shows {
    let shows = data.get("shows").map(|shows| serde_json::from_value(shows.clone()));
    match shows {
        Some(Ok(shows)) => shows,
        Some(Err(error)) => {
            // What an older version kept otherwise is left out.
            tracing::warn!(%error, "what an answer shows cannot be read");
            Shows::default()
        }
        None => Shows::default(),
    }
}

impl Domain {
    /// What answers show of which these are the data: in as many queries for many as for one, in none if nothing is shown.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn shown<'a>(&self, reader: &Actor, data: impl Iterator<Item = &'a Value>) -> Result<Shown> {
        let ids = Ids::of(data);
        if ids.is_empty() {
            return Ok(Shown::nothing(self.catalog()));
        }
        let mut conn = self.queue.db.conn().await?;
        ids.find(&mut conn, reader.scope(), self.catalog()).await
    }
}

impl Shown {
    fn nothing(catalog: Arc<Catalog>) -> Self {
        Self {
            requests: HashMap::new(),
            offers: HashMap::new(),
            bookings: HashMap::new(),
            leads: HashMap::new(),
            enrollments: HashMap::new(),
            catalog,
        }
    }
}

/// What is to be looked for.
#[derive(Default)]
pub(super) struct Ids {
    pub requests: Vec<RequestId>,
    pub offers: Vec<OfferId>,
    pub bookings: Vec<BookingId>,
    pub leads: Vec<RequestId>,
    pub enrollments: Vec<EnrollmentId>,
}

impl Ids {
    /// What answers show of which these are the data, each once.
    pub fn of<'a>(data: impl Iterator<Item = &'a Value>) -> Self {
        let mut all = Self::default();
        all.add(data);
        all
    }

    /// And what answers show of which these are the data; everything once.
    pub fn add<'a>(&mut self, data: impl Iterator<Item = &'a Value>) {
        for shows in data.map(shows) {
            self.requests.extend(shows.request);
            self.offers.extend(shows.offers);
            self.bookings.extend(shows.bookings.into_iter().chain(shows.booking));
            self.leads.extend(shows.leads.into_iter().chain(shows.lead));
            self.enrollments.extend(shows.enrollment);
        }
        once(&mut self.requests);
        once(&mut self.offers);
        once(&mut self.bookings);
        once(&mut self.leads);
        once(&mut self.enrollments);
    }

    fn is_empty(&self) -> bool {
        self.requests.is_empty()
            && self.offers.is_empty()
            && self.bookings.is_empty()
            && self.leads.is_empty()
            && self.enrollments.is_empty()
    }

    /// Looks for them, by what is in this scope.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find(&self, conn: &mut Conn, scope: Scope, catalog: Arc<Catalog>) -> Result<Shown> {
        let mut shown = Shown::nothing(catalog);
        if !self.requests.is_empty() {
            let found = db::requests::all_for(conn, scope, &self.requests).await?;
            shown.requests = by(requests::all_own(conn, found).await?, |own| own.request.id);
        }
        if !self.offers.is_empty() {
            let found = db::offers::all_for(conn, scope, &self.offers).await?;
            shown.offers = by(offers::shown(conn, found).await?, |details| details.offer.id);
        }
        if !self.bookings.is_empty() {
            let found = db::bookings::all_for(conn, scope, &self.bookings).await?;
            shown.bookings =
                by(bookings::shown(conn, scope.user_id, found).await?, |details| details.booking.id);
        }
        if !self.leads.is_empty() {
            let found = leads::all(conn, scope.user_id, &self.leads, &shown.catalog).await?;
            shown.leads = by(found, |lead| lead.need.request.id);
        }
        if !self.enrollments.is_empty() {
            let found = db::enrollment::all_for(conn, scope, &self.enrollments).await?;
            shown.enrollments = by(found, |enrollment| enrollment.id);
        }
        Ok(shown)
    }
}

fn once<T: Ord>(ids: &mut Vec<T>) {
    ids.sort_unstable();
    ids.dedup();
}

fn by<K: Eq + Hash, V>(found: Vec<V>, id: impl Fn(&V) -> K) -> HashMap<K, V> {
    found.into_iter().map(|one| (id(&one), one)).collect()
}
