//! What to relax where nobody fits.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use futures::try_join;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AHEAD_DAYS, Matching, reach_km, wanted, window};
use crate::db::Conn;
use crate::db::availability::{busy, calendars};
use crate::db::matching::{InReach, Wanted, in_reach};
use crate::error::Result;
use crate::model::calendar::bookings_that_matter;

/// Who is asked about a wish that is relaxed, at most: enough to say how many that is.
const MOST: usize = 200;
/// How far a consumer might go instead, in kilometres; twice as far as said, if that is more.
const FURTHER_KM: f64 = 50.0;

/// What a consumer could give way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// When: any time of the next 14 days instead.
    Window,
    /// For how much: any price instead.
    Budget,
    /// How far: twice as far, at least 50 km.
    Distance,
    /// Where it is done: wherever the provider does it.
    Place,
}

/// How many more providers would fit if one wish were relaxed and all others held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Relax {
    /// The wish.
    pub constraint: Constraint,
    /// How many more; not counted beyond 200.
    pub would_add: usize,
}

/// What each wish costs a request that nobody fits, the dearest first.
///
/// # Errors
/// When the database is away.
pub async fn relax(conn: &Conn, matching: &Matching<'_>) -> Result<Vec<Relax>> {
    let Matching { request, now, .. } = *matching;
    let asked = wanted(request);
    let hours = window(request, now);
    let mut relaxed = Vec::new();
    let mut tried = Vec::new();
    if request.window_from.is_some() {
        tried.push((Constraint::Window, asked.clone(), (now, now + Duration::days(AHEAD_DAYS))));
    }
    if request.budget_max_cents.is_some() {
        tried.push((Constraint::Budget, Wanted { max_cents: None, ..asked.clone() }, hours));
    }
    let further = (2.0 * reach_km(request)).max(FURTHER_KM);
    tried.push((Constraint::Distance, Wanted { max_distance_km: further, ..asked.clone() }, hours));
    if request.place.is_some() {
        tried.push((Constraint::Place, Wanted { place: None, ..asked.clone() }, hours));
    }
    for (constraint, wanted, hours) in tried {
        let in_reach = in_reach(conn, matching.remote, &wanted).await?;
        let would_add = free(conn, matching, in_reach, hours).await?;
        if would_add > 0 {
            relaxed.push(Relax { constraint, would_add });
        }
    }
    relaxed.sort_by_key(|one| std::cmp::Reverse(one.would_add));
    Ok(relaxed)
}

/// How many of these can be free then.
async fn free(
    conn: &Conn,
    matching: &Matching<'_>,
    mut in_reach: Vec<Arc<InReach>>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<usize> {
    in_reach.truncate(MOST);
    if in_reach.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = in_reach.iter().map(|one| one.provider_id).collect();
    let (calendars, busy) =
        try_join!(calendars(conn, &ids), busy(conn, &ids, bookings_that_matter(from, to), None))?;
    let is_free = |one: &&Arc<InReach>| {
        let busy = busy.get(&one.provider_id).map_or(&[][..], Vec::as_slice);
        calendars
            .get(&one.provider_id)
            .is_some_and(|calendar| calendar.can_be_free(busy, matching.minutes(one), from, to, matching.now))
    };
    Ok(in_reach.iter().filter(is_free).count())
}
