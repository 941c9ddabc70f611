//! The world of a conversation: made, and moved on, over HTTP by the people who are in it.

mod deals;
mod known;

use std::collections::HashMap;

use proxie_tests::Result;
use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::conversation::{Business, Conversation, Fields, Happening, Me, Need, Role};
use super::town::Town;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Who asks, where nobody is named.
const STRANGERS: [&str; 6] =
    ["Noor Haddad", "Tom Becker", "Priya Nair", "Elena Rossi", "Sam Okafor", "June Park"];

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Request,
    Offer,
    Booking,
    Review,
}

/// A thing with an owner who may read it.
#[derive(Clone)]
pub struct Thing {
    pub kind: Kind,
    pub id: String,
    /// Who asked for it: the consumer, but for offers.
    pub owner: Caller,
}

/// A provider.
#[derive(Clone)]
pub struct Provider {
    pub id: String,
    pub owner: Caller,
    /// What it offers first.
    pub service: String,
    pub city: String,
}

/// Who and what is there.
pub struct World<'t> {
    pub town: &'t Town<'t>,
    /// The person who speaks; nobody before a guest has said something.
    pub me: Option<Caller>,
    pub role: Role,
    people: HashMap<String, Caller>,
    providers: HashMap<String, Provider>,
    things: HashMap<String, Thing>,
    /// What was not made in the conversation.
    given: Vec<String>,
    /// Those who have no name here.
    unnamed: Vec<Caller>,
    /// Somebody who reads what anybody may.
    reader: Caller,
    my_business: Option<String>,
    strangers: usize,
}

impl<'t> World<'t> {
    /// All that is given.
    ///
    /// # Errors
    /// What of it cannot be.
    pub async fn made(town: &'t Town<'t>, conversation: &Conversation) -> Result<Self> {
        let reader = town.anybody.guest().await?;
        let mut world = Self {
            town,
            me: None,
            role: conversation.role,
            people: HashMap::new(),
            providers: HashMap::new(),
            things: HashMap::new(),
            given: Vec::new(),
            unnamed: Vec::new(),
            reader,
            my_business: None,
            strangers: 0,
        };
        let given = &conversation.given;
        for business in &given.providers {
            world.opens(business).await?;
        }
        for somebody in &given.people {
            let name = somebody.full_name.as_deref().unwrap_or(&somebody.name);
            let caller = world.registers(name).await?;
            if let Some(city) = &somebody.city {
                caller.put("/consumers/me/profile", json!({"city": city})).await?;
            }
            world.people.insert(somebody.name.clone(), caller);
        }
        if let Some(me) = &conversation.me {
            world.i_am(me).await?;
        }
        for need in &given.requests {
            world.asks(need).await?;
        }
        town.comes_to_rest().await?;
        for bid in &given.offers {
            world.offers(bid).await?;
        }
        for deal in &given.bookings {
            world.books(deal).await?;
        }
        for proposal in &given.proposals {
            world.proposes(proposal).await?;
        }
        for opinion in &given.reviews {
            world.reviews(opinion).await?;
        }
        if let Some(fields) = &given.enrollment {
            world.has_begun(fields).await?;
        }
        town.comes_to_rest().await?;
        Ok(world)
    }

    /// Something happens.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn happens(&mut self, happening: &Happening) -> Result<()> {
        match happening {
            Happening::Request(need) => self.asks(need).await?,
            Happening::Offer(bid) => self.offers(bid).await?,
            Happening::Withdraw(offer) => self.moves(Kind::Offer, offer, "withdraw").await?,
            Happening::Decline(offer) => self.declines(offer).await?,
            Happening::Accept(deal) => self.books(deal).await?,
            Happening::SlotTaken { provider, date, start_time } => {
                self.slot_is_taken(provider, date, start_time).await?;
            }
            Happening::Propose(proposal) => self.proposes(proposal).await?,
            Happening::CancelBooking { booking, by, reason } => {
                self.calls_off(booking, *by, reason.as_deref()).await?;
            }
            Happening::TimePasses(booking) => {
                let id = self.thing(Kind::Booking, booking).await?.id;
                self.begins(&id, 2).await?;
            }
            Happening::Complete(booking) => {
                let id = self.thing(Kind::Booking, booking).await?.id;
                self.begins(&id, 2).await?;
                self.provider_moves(&id, "complete").await?;
            }
            Happening::Review(opinion) => self.reviews(opinion).await?,
        }
        self.town.comes_to_rest().await
    }

    /// An account.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn registers(&mut self, name: &str) -> Result<Caller> {
        self.strangers += 1;
        let address: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let email = format!("{address}{}@example.com", self.strangers);
        let guest = None;
        self.town.anybody.registers(name, &email, guest).await
    }

    /// The guest of the conversation makes an account.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn i_sign_up(&mut self, name: &str) -> Result<()> {
        let guest = self.me.take().ok_or("a guest signs up before having said anything")?;
        let email = "me@example.com";
        self.me = Some(self.town.anybody.registers(name, email, guest.token()).await?);
        self.role = Role::Consumer;
        Ok(())
    }

    async fn opens(&mut self, business: &Business) -> Result<()> {
        let name = business.person.as_deref().unwrap_or("Ann Diaz");
        let owner = self.registers(name).await?;
        let usual = json!({
            "service_id": "haircut", "places": ["provider"], "price_min_cents": 4_000, "price_max_cents": 8_000,
            "duration_minutes": 60,
        });
        let usual = usual.as_object().cloned().into_iter().collect();
        let mut services = Vec::new();
        for service in business.services.as_ref().unwrap_or(&usual) {
            services.push(self.offered(service).await?);
        }
        let service =
            services.first().and_then(|one| one["service_id"].as_str()).unwrap_or_default().to_owned();
        let city = business.city.as_deref().unwrap_or("Brooklyn").to_owned();
        let mut body = json!({
            "name": business.business.as_deref().unwrap_or(&business.name), "city": city, "services": services,
            "email": "shop@example.com", "phone": "+1 718 555 0100", "street": "12 Bergen Street",
        });
        for (field, text) in [("bio", &business.bio), ("headline", &business.headline)] {
            if let Some(text) = text {
                body[field] = text.as_str().into();
            }
        }
        let made = owner.post("/providers", body).await?;
        let id = text(&made, "id")?;
        let page = format!("/providers/{id}");
        let hours = json!({
            "zone": made["zone"], "weekly": weekly(business.hours.as_ref())?, "notice_minutes": business.notice_minutes,
        });
        owner.put(&format!("{page}/availability"), hours).await?;
        if business.auto_offer || business.min_price_cents.is_some() {
            let settings = json!({
                "auto_offer": business.auto_offer, "min_price_cents": business.min_price_cents, "radius_km": 25,
            });
            owner.put(&format!("{page}/settings"), settings).await?;
        }
        let approve = format!(
            "UPDATE provider_services SET licence = 'verified' WHERE licence = 'pending_verification' AND provider_id = '{id}'"
        );
        self.town.pg.batch_execute(&approve).await?;
        self.providers.insert(business.name.clone(), Provider { id, owner, service, city });
        Ok(())
    }

    /// A service as a provider offers it, with what the catalog says where nothing is said.
    async fn offered(&self, service: &Fields) -> Result<Value> {
        let id = service.get("service_id").and_then(Value::as_str).ok_or("a service without a service_id")?;
        let known = self.town.anybody.get(&format!("/services/services/{id}")).await?;
        let places = known["places"].as_array().cloned().unwrap_or_default();
        let places: Vec<Value> = places.into_iter().filter(|place| place != "remote").collect();
        let price = |end: &str| known["price"][end].clone();
        let mut body = json!({
            "service_id": id, "places": places, "price_min_cents": price("min_cents"),
            "price_max_cents": price("max_cents"), "currency": "USD", "specializations": [],
        });
        for (field, value) in service {
            body[field] = value.clone();
        }
        Ok(body)
    }

    async fn i_am(&mut self, me: &Me) -> Result<()> {
        if let Some(provider) = &me.provider {
            self.me = Some(self.provider(provider)?.owner.clone());
            self.my_business = Some(provider.clone());
            return Ok(());
        }
        let name = me.name.as_deref().ok_or("a person without a name")?;
        let caller = self.registers(name).await?;
        if me.city.is_some() || me.phone.is_some() {
            let mut body = Map::new();
            for (field, said) in [("city", &me.city), ("phone", &me.phone)] {
                if let Some(said) = said {
                    body.insert(field.to_owned(), said.as_str().into());
                }
            }
            caller.put("/consumers/me/profile", Value::Object(body)).await?;
        }
        if let Some(memory) = &me.memory {
            caller.patch("/consumers/me/memory", Value::Object(memory.clone())).await?;
        }
        self.me = Some(caller);
        Ok(())
    }

    async fn has_begun(&mut self, fields: &Fields) -> Result<()> {
        let me = self.me.clone().ok_or("nobody enrolls")?;
        let begun = me.post("/enrollment/start", json!({})).await;
        let begun = match begun {
            Ok(begun) => begun,
            Err(_) => me.get("/enrollment/mine").await?,
        };
        let path = format!("/enrollment/{}", text(&begun, "id")?);
        let mut body = fields.clone();
        if let Some(photos) = body.remove("photos") {
            let ids = me.photos(photos.as_u64().unwrap_or_default() as usize).await?;
            let portfolio: Vec<_> = ids.into_iter().map(|id| json!({"media_id": id})).collect();
            body.insert("portfolio".to_owned(), portfolio.into());
        }
        me.patch(&path, Value::Object(body)).await?;
        Ok(())
    }

    async fn asks(&mut self, need: &Need) -> Result<()> {
        let owner = match need.of.as_deref() {
            Some("me") => self.me.clone().ok_or("nobody is me")?,
            None if self.role != Role::Provider => self.me.clone().ok_or("nobody is me")?,
            Some(name) => self.people.get(name).cloned().ok_or_else(|| format!("nobody is called {name}"))?,
            None => {
                let name = STRANGERS[self.strangers % STRANGERS.len()];
                let stranger = self.registers(name).await?;
                self.unnamed.push(stranger.clone());
                stranger
            }
        };
        let mut body = need.body.clone();
        body.entry("allow_duplicate").or_insert(Value::Bool(true));
        let made = owner.post("/requests", Value::Object(body)).await?;
        self.keep(need.name.as_ref(), Kind::Request, text(&made, "id")?, &owner);
        self.town.comes_to_rest().await
    }

    fn keep(&mut self, name: Option<&String>, kind: Kind, id: String, owner: &Caller) {
        self.given.push(id.clone());
        if let Some(name) = name {
            self.things.insert(name.clone(), Thing { kind, id, owner: owner.clone() });
        }
    }
}

/// Weekly hours as the API has them.
fn weekly(hours: Option<&Map<String, Value>>) -> Result<Value> {
    let span = |text: &str| {
        let (start, end) = text.split_once('-').ok_or_else(|| format!("{text} are no hours"))?;
        Ok::<Value, String>(json!({"start": start, "end": end}))
    };
    let mut weekly = Map::new();
    for day in DAYS {
        let spans: Vec<Value> = match hours {
            None => vec![span("08:00-20:00")?],
            Some(hours) => {
                let all = hours.get(day).and_then(Value::as_array).cloned().unwrap_or_default();
                all.iter()
                    .map(|one| span(one.as_str().unwrap_or_default()))
                    .collect::<std::result::Result<_, _>>()?
            }
        };
        if !spans.is_empty() {
            weekly.insert(day.to_owned(), spans.into());
        }
    }
    Ok(Value::Object(weekly))
}

/// A text of a view.
///
/// # Errors
/// When it is none.
pub fn text(view: &Value, field: &str) -> Result<String> {
    Ok(view[field].as_str().ok_or_else(|| format!("no {field} in {view}"))?.to_owned())
}
