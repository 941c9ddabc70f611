//! Offers of work from afar. They are in reach of everybody who asks for the service, so that each matching of it would
//! read all there are: they are kept in memory, and follow what changes.
//!
//! Triggers note each change in `remote_changes`, with its transaction. A reader takes down the oldest transaction that is
//! still open (`pg_snapshot_xmin`) before it reads; what transactions from that one on have changed is read again the next
//! time. So nothing that was committed before a matching began is missed by it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use tokio::time::Instant;

use super::reach::{InReach, InReachColumns, MOST_IN_REACH, Wanted, known};
use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::catalog::ServicePlace;
use crate::model::{ProviderId, RequestId, UserId};

/// How long changes are followed before everything is read anew, so that what no trigger tells of (a database that was set
/// back, a table that was emptied) is not believed for longer.
const FOLLOWED: Duration = Duration::from_secs(30 * 60);
/// How long changes are kept, in minutes: [`FOLLOWED`], and longer than any transaction takes.
const KEPT_MINUTES: i32 = 60;

/// An offer of work from afar, of somebody who may work.
struct Offer {
    one: Arc<InReach>,
    user_id: UserId,
    currency: String,
    /// The last day of the licence that it needs, if that ends.
    licensed_until: Option<NaiveDate>,
}

/// By provider.
type Offers = BTreeMap<ProviderId, Arc<Offer>>;

/// A row of an offer.
type Row = (InReach, UserId, String, Option<NaiveDate>);

/// The offers of one service.
#[derive(Default)]
struct Service {
    offers: Arc<Offers>,
    /// What this transaction and later ones have changed may not be among them.
    seen: i64,
    /// When all were read.
    read: Option<Instant>,
}

/// The offers of work from afar that this process knows.
#[derive(Clone, Default)]
pub struct RemoteOffers(Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<Service>>>>>);

impl RemoteOffers {
    /// Those that meet every rule but the calendar's, by their providers.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn in_reach(&self, conn: &Conn, wanted: &Wanted<'_>) -> Result<Vec<Arc<InReach>>> {
        if wanted.place.is_some_and(|place| place != ServicePlace::Remote) {
            return Ok(Vec::new());
        }
        let service = self.service(wanted.service_id);
        // One asks at a time: what was asked later never gives way to what was asked earlier.
        let mut service = service.lock().await;
        let (today, routed) = service.follow(conn, wanted).await?;
        let offers = Arc::clone(&service.offers);
        drop(service);
        let routed: HashSet<ProviderId> = routed.into_iter().collect();
        let meets = |offer: &&Arc<Offer>| {
            offer.licensed_until.is_none_or(|last| last >= today)
                && offer.user_id != wanted.not_user
                && offer.can_be_paid(wanted)
                && !routed.contains(&offer.one.provider_id)
        };
        Ok(offers.values().filter(meets).map(|offer| Arc::clone(&offer.one)).collect())
    }

    fn service(&self, id: &str) -> Arc<tokio::sync::Mutex<Service>> {
        let mut services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(services.entry(id.to_owned()).or_default())
    }
}

impl Service {
    /// Reads what has changed; answers the day, and whom the request was routed to.
    async fn follow(&mut self, mut conn: &Conn, wanted: &Wanted<'_>) -> Result<(NaiveDate, Vec<ProviderId>)> {
        let service_id = wanted.service_id.to_owned();
        let anew = self.read.is_none_or(|before| before.elapsed() > FOLLOWED);
        let seen = if anew { i64::MAX } else { self.seen };
        let changes = Changes { service_id: service_id.clone(), seen, request: wanted.not_routed };
        let (seen, today, changed, routed): (i64, NaiveDate, Vec<ProviderId>, Vec<ProviderId>) =
            changes.get_result(&mut conn).await?;
        if anew {
            let all = All { service_id, most: MOST_IN_REACH };
            self.offers =
                Arc::new(all.get_results::<Row>(&mut conn).await?.into_iter().map(by_provider).collect());
            self.read = Some(Instant::now());
        } else if !changed.is_empty() {
            let those = Those { service_id, providers: changed.clone() };
            let read: Vec<Row> = those.get_results(&mut conn).await?;
            let offers = Arc::make_mut(&mut self.offers);
            changed.iter().for_each(|gone| drop(offers.remove(gone)));
            offers.extend(read.into_iter().map(by_provider));
        }
        self.seen = seen;
        Ok((today, routed))
    }
}

impl Offer {
    /// Whether its price can meet the most that is paid.
    fn can_be_paid(&self, wanted: &Wanted<'_>) -> bool {
        let Some(most) = wanted.max_cents else { return true };
        let InReach { price_min_cents: least, price_max_cents, .. } = *self.one;
        let has_no_price = least.is_none() && price_max_cents.is_none();
        has_no_price || least.is_none_or(|least| least <= most) && wanted.currency == Some(&self.currency)
    }
}

fn by_provider((one, user_id, currency, licensed_until): Row) -> (ProviderId, Arc<Offer>) {
    (one.provider_id, Arc::new(Offer { one: Arc::new(one), user_id, currency, licensed_until }))
}

/// The columns of a [`Row`], from whichever offers of a service; what a licence must be is asked here but for its end.
macro_rules! offers {
    ($from:literal, $then:literal) => {
        concat!(
            "SELECT p.id, p.latitude, p.longitude, p.radius_km, false, false, true, ",
            known!(),
            ", p.user_id, s.currency, s.licence_expires_on FROM ",
            $from,
            " JOIN providers p ON p.id = s.provider_id AND p.status = 'active'
              JOIN users u ON u.id = p.user_id AND u.status = 'active'
              WHERE 'remote' = ANY (s.places) AND s.licence IN ('not_needed', 'verified') ",
            $then
        )
    };
}

statement! {
    /// All of a service, the better rated first if there are too many.
    All { service_id: String => Text, most: i64 => BigInt } -> (InReachColumns, Uuid, Text, Nullable<Date>) =
    offers!(
        "(SELECT ?::text AS service_id) a JOIN provider_services s ON s.service_id = a.service_id",
        "ORDER BY coalesce(p.rating_mean, p.rating) DESC NULLS LAST, p.id LIMIT ?"
    )
}

statement! {
    /// Those of some providers.
    Those { service_id: String => Text, providers: Vec<ProviderId> => Array<Uuid> }
    -> (InReachColumns, Uuid, Text, Nullable<Date>) =
    offers!(
        "(SELECT ?::text AS service_id) a CROSS JOIN unnest(?::uuid[]) AS c (id)
         JOIN provider_services s ON s.provider_id = c.id AND s.service_id = a.service_id",
        ""
    )
}

statement! {
    /// The oldest transaction that is open, the day, whose offers were changed since, and whom a request was routed to.
    Changes { service_id: String => Text, seen: i64 => BigInt, request: RequestId => Uuid }
    -> (BigInt, Date, Array<Uuid>, Array<Uuid>) =
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (now() AT TIME ZONE 'UTC')::date,
       ARRAY (SELECT DISTINCT c.provider_id FROM remote_changes c
              WHERE c.service_id = ? AND c.transaction >= ?),
       ARRAY (SELECT m.provider_id FROM request_matches m WHERE m.request_id = ?)"
}

statement! {
    /// In whatever order.
    Sweep { minutes: i32 => Integer, most: i64 => BigInt } -> Uuid =
    "DELETE FROM remote_changes WHERE (service_id, transaction, provider_id) IN (
       SELECT service_id, transaction, provider_id FROM remote_changes
       WHERE changed_at < now() - make_interval(mins => ?) ORDER BY changed_at LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING provider_id"
}

/// Forgets changes that everybody has followed, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn sweep_changes(conn: &mut Conn, most: i64) -> Result<usize> {
    let swept: Vec<ProviderId> = Sweep { minutes: KEPT_MINUTES, most }.get_results(conn).await?;
    Ok(swept.len())
}
