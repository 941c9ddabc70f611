//! Requests: what somebody needs, and in which words they ask for it.

use proxie_shared::model::catalog::{Catalog, Service, ServicePlace};
use serde_json::{Value, json};

use super::calendar::{Clock, DAY, ZONE};
use super::dice::Dice;
use super::phrases::Concept;
use super::places::{CITIES, City, Spot};
use super::providers::{Offer, Provider, about};
use super::texts;

/// How many requests a world has.
const REQUESTS: usize = 500;

/// A request.
pub struct Request {
    /// Of the catalog.
    pub service: &'static Service,
    /// Where the work shall be done.
    pub place: ServicePlace,
    city: &'static City,
    /// Where they live.
    pub spot: Spot,
    /// How far they would go, if they are the ones who travel.
    pub max_distance_km: Option<f64>,
    /// When, in minutes since the world's Monday.
    pub window: Option<(i64, i64)>,
    /// At most, in cents.
    pub budget: Option<i64>,
    /// What they need, and how much of it each is: numbers of concepts and their shares.
    pub needs: Vec<(usize, f64)>,
    /// What they call it.
    pub specializations: Vec<&'static str>,
    /// What they write.
    pub description: String,
}

/// All requests of a world.
pub fn requests(seed: u64, concepts: &[Concept]) -> Vec<Request> {
    let mut dice = Dice::new(seed, 2);
    (0..REQUESTS).map(|_| request(&mut dice, concepts)).collect()
}

fn request(dice: &mut Dice, concepts: &[Concept]) -> Request {
    let categories: Vec<&str> =
        Catalog::built_in().categories().iter().map(|category| category.id.as_str()).collect();
    let category = *dice.one_of(&categories);
    let within = |at: &usize| concepts[*at].category == category;
    let all: Vec<usize> = (0..concepts.len()).filter(within).collect();
    let first = *dice.one_of(&all);
    let id = *dice.one_of(&concepts[first].services);
    // The table of phrases names no other services than those of the catalog: a test sees to it.
    let service =
        Catalog::built_in().services().find(|(_, service)| service.id == id).map(|(_, service)| service);
    let service = service.unwrap_or(&Catalog::built_in().categories()[0].services[0]);
    let others: Vec<usize> =
        all.into_iter().filter(|at| *at != first && concepts[*at].services.contains(&id)).collect();
    let needs = match others.is_empty() || dice.chance(0.7) {
        true => vec![(first, 1.0)],
        false => vec![(first, 0.7), (*dice.one_of(&others), 0.3)],
    };
    let specializations = needs.iter().map(|(at, _)| concepts[*at].called(dice)).collect();
    let mut said = vec![(*dice.one_of(&texts::WANTED)).to_owned()];
    if dice.chance(0.6) {
        let phrase = concepts[first].called(dice);
        said.push(about(dice, &texts::ABOUT, phrase));
    }
    said.push((*dice.one_of(&texts::REMARKS)).to_owned());
    said.retain(|sentence| !sentence.is_empty());
    let at_providers = service.places.contains(&ServicePlace::Provider) && dice.chance(0.65);
    let place = if at_providers { ServicePlace::Provider } else { ServicePlace::Consumer };
    let city = dice.one_of(&CITIES);
    let (least, most) = (service.price.min_cents as f64, service.price.max_cents as f64);
    let budget = least + (most - least) * dice.between(0.3, 1.1);
    Request {
        service,
        place,
        city,
        spot: city.somewhere(dice),
        max_distance_km: at_providers.then(|| dice.between(8.0, 25.0).round()),
        window: window(dice, service),
        budget: dice.chance(0.75).then(|| (budget / 1_000.0).round() as i64 * 1_000),
        needs,
        specializations,
        description: said.join(" "),
    }
}

/// A part of a day, a day, the weekend, the working week, or any time. Long jobs are not asked for within hours.
fn window(dice: &mut Dice, service: &Service) -> Option<(i64, i64)> {
    let part = |day: i64, from: i64, to: i64| Some((day * DAY + from * 60, day * DAY + to * 60));
    let until_midnight = |from: i64, to: i64| Some((from * DAY, (to + 1) * DAY - 1));
    let day = dice.below(6) as i64;
    let kind = dice.below(10);
    match kind {
        0 | 1 => None,
        2 | 3 => until_midnight(5, 6),
        4 => until_midnight(0, 4),
        5 if service.duration_minutes.max <= 180 => part(day, 8, 12),
        6 if service.duration_minutes.max <= 180 => part(day, 12, 17),
        7 if service.duration_minutes.max <= 180 => part(day, 16, 20),
        8 => until_midnight(day, day + 1),
        _ => until_midnight(day, day),
    }
}

impl Request {
    /// The provider's offer of this service, if nothing that must be stands against it: the hard constraints of the contract.
    pub fn feasible<'a>(&self, provider: &'a Provider, clock: Clock) -> Option<&'a Offer> {
        let offer = provider.offers.iter().find(|offer| offer.service.id == self.service.id)?;
        let reach = self.reach(provider);
        let is_near = match provider.shows_spot {
            true => provider.spot.km_to(self.spot) <= reach,
            false => provider.city.name == self.city.name,
        };
        let is_affordable = match (self.budget, offer.price) {
            (Some(most), Some((least, _))) => least <= most,
            _ => true,
        };
        let is_possible = provider.is_active && offer.is_bookable && offer.places.contains(&self.place);
        let is_feasible = is_possible
            && is_near
            && is_affordable
            && provider.calendar.can_be_free(offer.minutes, self.window, clock);
        is_feasible.then_some(offer)
    }

    /// How far whoever travels would go, in kilometres.
    pub fn reach(&self, provider: &Provider) -> f64 {
        self.max_distance_km.unwrap_or(provider.radius_km)
    }

    /// As it is posted.
    pub fn body(&self, clock: Clock) -> Value {
        let minute = |at: i64| clock.local(at).format("%Y-%m-%dT%H:%M").to_string();
        json!({
            "service_id": self.service.id,
            "city": self.city.name,
            "zone": ZONE,
            "location": {"latitude": self.spot.latitude, "longitude": self.spot.longitude},
            "place": self.place,
            "max_distance_km": self.max_distance_km,
            "window": self.window.map(|(from, to)| json!({"from": minute(from), "to": minute(to)})),
            "budget": self.budget.map(|most| json!({"min_cents": null, "max_cents": most, "currency": "USD"})),
            "description": self.description,
            "specializations": self.specializations,
        })
    }
}
