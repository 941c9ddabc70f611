//! Who and what is there, by the names that conversations give them.

use proxie_tests::Result;
use serde_json::{Map, Value};

use super::{Kind, Provider, Thing, World, text};
use crate::agent::conversation::{Fields, MINE, Role};

impl World<'_> {
    /// Whoever is called so.
    ///
    /// # Errors
    /// When nobody is.
    pub fn provider(&self, name: &str) -> Result<&Provider> {
        Ok(self.providers.get(name).ok_or_else(|| format!("no provider is called {name}"))?)
    }

    /// The business of who speaks, if they have one of those that are given.
    pub fn my_provider(&self) -> Option<&Provider> {
        self.providers.get(self.my_business.as_ref()?)
    }

    /// Whoever is called so, or the only one of a kind that the person has made.
    ///
    /// # Errors
    /// When nothing is called so.
    pub async fn thing(&self, kind: Kind, name: &str) -> Result<Thing> {
        if name == MINE {
            let newest =
                self.made_by_me(kind).await?.into_iter().filter_map(|one| text(&one, "id").ok()).max();
            let id = newest.ok_or_else(|| format!("nothing of mine is a {kind:?}"))?;
            let owner = match (kind, self.role) {
                (Kind::Booking, Role::Provider) => self.owner_of_booking(&id).await?,
                _ => self.me.clone().ok_or("nobody is me")?,
            };
            return Ok(Thing { kind, id, owner });
        }
        let thing = self.named(name)?;
        if thing.kind != kind {
            return Err(format!("{name} is a {:?} and no {kind:?}", thing.kind).into());
        }
        Ok(thing.clone())
    }

    /// What is called so.
    ///
    /// # Errors
    /// When nothing is.
    pub fn named(&self, name: &str) -> Result<&Thing> {
        Ok(self.things.get(name).ok_or_else(|| format!("nothing is called {name}"))?)
    }

    /// What the conversation has made of a kind, by or for the person who speaks: the views.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn made_by_me(&self, kind: Kind) -> Result<Vec<Value>> {
        let Some(me) = &self.me else { return Ok(Vec::new()) };
        let mut all = match kind {
            _ if self.role == Role::Guest => Vec::new(),
            Kind::Request if self.role == Role::Provider => Vec::new(),
            Kind::Request => me.items("/requests").await?,
            Kind::Booking => me.items("/bookings").await?,
            Kind::Offer if self.role != Role::Provider => Vec::new(),
            Kind::Offer => me.items("/offers").await?,
            Kind::Review => self.all_reviews().await?,
        };
        all.retain(|one| one["id"].as_str().is_none_or(|id| !self.given.iter().any(|known| known == id)));
        Ok(all)
    }

    /// What the person is by now, as it is written down: what the API remembers of it may be seconds old.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn my_role(&self) -> Result<String> {
        let Some(me) = self.me.as_ref().filter(|_| self.role != Role::Guest) else {
            return Ok(Role::Guest.name().to_owned());
        };
        let user = text(&me.get("/auth/me").await?, "id")?;
        let role = format!("SELECT role::text FROM users WHERE id = '{user}'");
        Ok(self.town.pg.query_one(&role, &[]).await?.get(0))
    }

    /// A context of a message, with ids in place of names.
    ///
    /// # Errors
    /// When a name is nobody's.
    pub async fn context(&self, about: &Fields) -> Result<Value> {
        let mut context = Map::new();
        for (kind, name) in about {
            let name = name.as_str().ok_or("a context without a name")?;
            let id = match kind.as_str() {
                "request" => self.thing(Kind::Request, name).await?.id,
                "offer" => self.thing(Kind::Offer, name).await?.id,
                "booking" => self.thing(Kind::Booking, name).await?.id,
                _ => self.provider(name)?.id.clone(),
            };
            context.insert(format!("{kind}_id"), id.into());
        }
        Ok(Value::Object(context))
    }
}
