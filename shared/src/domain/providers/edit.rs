//! What a provider says of itself, said otherwise.

use diesel_async::AsyncConnection;

use super::business::{Business, said};
use super::embedding::ask_for_embedding;
use super::read::Profile;
use super::{lock_own, refuse};
use crate::auth::Actor;
use crate::db;
use crate::domain::Domain;
use crate::error::{Error, Problem, Result};
use crate::model::ProviderId;
use crate::model::places::{Location, place, plain};
use crate::model::providers::Provider;

/// Some of a business, said otherwise: what is not said stays, null takes away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The business's name.
    pub name: Option<String>,
    /// A line.
    pub headline: Option<Option<String>>,
    /// In their own words.
    pub bio: Option<Option<String>>,
    /// Where they work from; zone and place go along, as far as they are known and not said.
    pub city: Option<String>,
    /// IANA zone of it.
    pub zone: Option<String>,
    /// Where exactly; null: the middle of the city.
    pub location: Option<Option<Location>>,
    /// How far they travel, in kilometres.
    pub radius_km: Option<f64>,
    /// Languages they speak.
    pub languages: Option<Vec<String>>,
    /// For how long they have done this.
    pub years_experience: Option<Option<i32>>,
    /// For the other side of a booking only.
    pub email: Option<Option<String>>,
    /// For the other side of a booking only.
    pub phone: Option<Option<String>>,
    /// For the other side of a booking only.
    pub street: Option<Option<String>>,
}

impl Change {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let anything = Business {
            name: "-".to_owned(),
            headline: None,
            bio: None,
            city: "-".to_owned(),
            zone: Some("UTC".to_owned()),
            location: None,
            radius_km: None,
            languages: None,
            years_experience: None,
            email: None,
            phone: None,
            street: None,
        };
        self.clone().of(anything).problems()
    }

    /// A business with this change.
    fn of(self, before: Business) -> Business {
        let moves = self.city.as_deref().is_some_and(|city| plain(city) != plain(&before.city));
        let known =
            self.city.as_deref().filter(|_| moves).and_then(place).map(|place| place.zone.to_string());
        Business {
            name: self.name.unwrap_or(before.name),
            headline: self.headline.unwrap_or(before.headline),
            bio: self.bio.unwrap_or(before.bio),
            city: self.city.unwrap_or(before.city),
            zone: self.zone.or(known).or(before.zone),
            location: self.location.unwrap_or(before.location.filter(|_| !moves)),
            radius_km: self.radius_km.or(before.radius_km),
            languages: self.languages.or(before.languages),
            years_experience: self.years_experience.unwrap_or(before.years_experience),
            email: self.email.unwrap_or(before.email),
            phone: self.phone.unwrap_or(before.phone),
            street: self.street.unwrap_or(before.street),
        }
    }
}

impl From<&Provider> for Business {
    fn from(provider: &Provider) -> Self {
        let exact = provider.latitude.zip(provider.longitude);
        Self {
            name: provider.name.clone(),
            headline: said(Some(&provider.headline)),
            bio: said(Some(&provider.bio)),
            city: provider.city.clone(),
            zone: Some(provider.zone.clone()),
            location: exact.map(|(latitude, longitude)| Location { latitude, longitude }),
            radius_km: Some(provider.radius_km),
            languages: Some(provider.languages.clone()),
            years_experience: provider.years_experience,
            email: provider.email.clone(),
            phone: provider.phone.clone(),
            street: provider.street.clone(),
        }
    }
}

impl Domain {
    /// Says all of a business anew.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`.
    pub async fn replace_business(
        &self,
        actor: &Actor,
        id: ProviderId,
        business: Business,
        trace_id: &str,
    ) -> Result<Profile> {
        refuse(business.problems())?;
        self.say_of_business(actor, id, |_| business, trace_id).await
    }

    /// Says some of a business anew.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`.
    pub async fn change_business(
        &self,
        actor: &Actor,
        id: ProviderId,
        change: Change,
        trace_id: &str,
    ) -> Result<Profile> {
        refuse(change.problems())?;
        self.say_of_business(actor, id, |before| change.of(before), trace_id).await
    }

    async fn say_of_business(
        &self,
        actor: &Actor,
        id: ProviderId,
        said: impl FnOnce(Business) -> Business + Send,
        trace_id: &str,
    ) -> Result<Profile> {
        let mut conn = self.queue.db.conn().await?;
        let (profile, task) = conn
            .transaction(async |conn| {
                let before = lock_own(conn, actor, id, "provider.change").await?;
                let business = said(Business::from(&before));
                let provider = db::providers::say(conn, id, business.row(before.user_id)?).await?;
                let task = ask_for_embedding(conn, before.user_id, trace_id).await?;
                let services = db::providers::services_of(conn, id).await?;
                Ok::<_, Error>((Profile::new(provider, services, true), task))
            })
            .await?;
        if let Some(task) = task {
            self.queue.announce_new(&task);
        }
        Ok(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brooklyn() -> Business {
        Business {
            name: "Curls & Co".to_owned(),
            headline: Some("Curls".to_owned()),
            bio: None,
            city: "Brooklyn".to_owned(),
            zone: Some("America/New_York".to_owned()),
            location: Some(Location { latitude: 40.6812, longitude: -73.9437 }),
            radius_km: Some(10.0),
            languages: None,
            years_experience: Some(15),
            email: Some("curls@example.com".to_owned()),
            phone: None,
            street: None,
        }
    }

    #[test]
    fn what_is_not_said_stays_and_null_takes_away() {
        assert_eq!(Change::default().of(brooklyn()), brooklyn());
        let change = Change { headline: Some(None), email: Some(None), ..Change::default() };
        let left = Business { headline: None, email: None, ..brooklyn() };
        assert_eq!(change.of(brooklyn()), left);
    }

    #[test]
    fn who_moves_takes_the_zone_of_the_new_city_and_leaves_the_old_place() {
        let to = |city: &str| Change { city: Some(city.to_owned()), ..Change::default() }.of(brooklyn());
        let chicago = to("Chicago");
        assert_eq!((chicago.zone.as_deref(), chicago.location), (Some("America/Chicago"), None));
        let unknown = to("Atlantis");
        assert_eq!((unknown.zone.as_deref(), unknown.location), (Some("America/New_York"), None));
        assert_eq!(to(" BROOKLYN ").location, brooklyn().location);
    }
}
