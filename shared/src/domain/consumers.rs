//! Consumers: how they are reached, where they are, and how their requests stand.

use std::collections::HashMap;

use diesel_async::AsyncConnection;

use super::requests::{self, Own};
use super::{Domain, audit, users};
use crate::auth::Actor;
use crate::db::consumers::{BestOffer, Booked};
use crate::db::{self, Conn};
use crate::error::Result;
use crate::model::consumers::ConsumerProfile;
use crate::model::places::{Location, place};
use crate::model::users::User;
use crate::model::{RequestId, UserId};

/// A consumer with the profile.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The row.
    pub user: User,
    /// What they say beside the name.
    pub profile: ConsumerProfile,
}

/// What a consumer says.
#[derive(Clone, Debug)]
pub struct Said {
    /// First name or full name; stays if absent.
    pub name: Option<String>,
    /// Where they are reached.
    pub email: Option<String>,
    /// Where they are reached.
    pub phone: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Where they live.
    pub city: Option<String>,
    /// IANA zone of it; of the known place if absent.
    pub zone: Option<String>,
    /// Where exactly.
    pub location: Option<Location>,
}

/// Where a consumer is now; what is absent stays, `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Where they live.
    pub city: Option<Option<String>>,
    /// IANA zone of it.
    pub zone: Option<Option<String>>,
    /// Where exactly.
    pub location: Option<Option<Location>>,
}

/// A consumer's requests, by where they stand.
#[derive(Clone, Debug, Default)]
pub struct Grouped {
    /// No offer yet.
    pub open: Part<()>,
    /// Offers wait for an answer.
    pub pending: Part<Option<BestOffer>>,
    /// Booked.
    pub upcoming: Part<Option<Booked>>,
    /// Done.
    pub completed: Part<Option<Booked>>,
}

/// Requests that stand alike: how many there are, and the newest, each with what it has.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// How many there are.
    pub count: i64,
    /// The newest.
    pub items: Vec<(Own, T)>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { count: 0, items: Vec::new() }
    }
}

impl Domain {
    /// A consumer's profile.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn consumer(&self, actor: &Actor, id: UserId) -> Result<Consumer> {
        find(&mut *self.queue.db.conn().await?, actor, id).await
    }

    /// Writes a consumer's profile in place of what is there.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn put_consumer(&self, actor: &Actor, id: UserId, said: Said) -> Result<Consumer> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            find(conn, actor, id).await?;
            users::require_open(conn, actor, id).await?;
            if let Some(name) = &said.name {
                db::users::set_name(conn, id, name).await?;
            }
            let Said { email, phone, street, city, zone, location, .. } = said;
            let profile = ConsumerProfile {
                user_id: id,
                email,
                phone,
                street,
                zone: zone.or_else(|| zone_of(city.as_deref())),
                city,
                latitude: location.map(|l| l.latitude),
                longitude: location.map(|l| l.longitude),
            };
            db::consumers::put(conn, &profile).await?;
            audit::record_unless_own(conn, actor, "consumer.profile", id.0, id).await?;
            find(conn, actor, id).await
        })
        .await
    }

    /// Notes where a consumer is now.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn move_consumer(&self, actor: &Actor, id: UserId, moved: Moved) -> Result<Consumer> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            db::consumers::find_for(conn, actor.scope(), id).await?;
            // Of two changes at once the second builds on the first.
            users::require_open(conn, actor, id).await?;
            let mut profile = find(conn, actor, id).await?.profile;
            if let Some(city) = moved.city {
                profile.zone = zone_of(city.as_deref()).or(profile.zone);
                profile.city = city;
            }
            if let Some(zone) = moved.zone {
                profile.zone = zone;
            }
            if let Some(location) = moved.location {
                profile.latitude = location.map(|l| l.latitude);
                profile.longitude = location.map(|l| l.longitude);
            }
            db::consumers::put(conn, &profile).await?;
            audit::record_unless_own(conn, actor, "consumer.location", id.0, id).await?;
            find(conn, actor, id).await
        })
        .await
    }

    /// A consumer's requests by where they stand, the newest of each part up to `most`, in a fixed number of queries.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn consumer_requests(&self, actor: &Actor, id: UserId, most: i64) -> Result<Grouped> {
        let mut conn = self.queue.db.conn().await?;
        db::consumers::find_for(&mut conn, actor.scope(), id).await?;
        let places = db::consumers::grouped_for(&mut conn, id, most).await?;
        let ids: Vec<RequestId> = places.iter().map(|(id, ..)| *id).collect();
        let rows = db::requests::find_all(&mut conn, &ids).await?;
        let all = requests::all_own(&mut conn, rows).await?;
        let mut all: HashMap<RequestId, Own> = all.into_iter().map(|own| (own.request.id, own)).collect();
        let best = db::consumers::best_offers(&mut conn, &ids).await?;
        let mut best: HashMap<_, _> = best.into_iter().map(|offer| (offer.request_id, offer)).collect();
        let booked = db::consumers::bookings(&mut conn, &ids).await?;
        let mut booked: HashMap<_, _> = booked.into_iter().map(|one| (one.request_id, one)).collect();
        let mut grouped = Grouped::default();
        for (id, part, count) in places {
            // One that was deleted meanwhile.
            let Some(own) = all.remove(&id) else { continue };
            match part.as_str() {
                "open" => grouped.open.add(count, own, ()),
                "pending" => grouped.pending.add(count, own, best.remove(&id)),
                "upcoming" => grouped.upcoming.add(count, own, booked.remove(&id)),
                _ => grouped.completed.add(count, own, booked.remove(&id)),
            }
        }
        Ok(grouped)
    }
}

impl<T> Part<T> {
    fn add(&mut self, count: i64, own: Own, has: T) {
        self.count = count;
        self.items.push((own, has));
    }
}

/// The zone of a known place.
fn zone_of(city: Option<&str>) -> Option<String> {
    city.and_then(place).map(|place| place.zone.to_string())
}

async fn find(conn: &mut Conn, actor: &Actor, id: UserId) -> Result<Consumer> {
    let (user, profile) = db::consumers::find_for(conn, actor.scope(), id).await?;
    let nothing = ConsumerProfile {
        user_id: id,
        email: None,
        phone: None,
        street: None,
        city: None,
        zone: None,
        latitude: None,
        longitude: None,
    };
    Ok(Consumer { user, profile: profile.unwrap_or(nothing) })
}
