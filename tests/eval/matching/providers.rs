//! Providers: first what they are, which nobody sees, then what they show of it.

use std::collections::BTreeMap;

use proxie_shared::model::catalog::{Catalog, Service, ServicePlace};
use uuid::Uuid;

use super::calendar::Calendar;
use super::dice::Dice;
use super::phrases::Concept;
use super::places::{CITIES, City, Spot};
use super::texts;

/// How many providers each category has in each city.
const EACH: usize = 130;
/// How many of them are new: nobody has reviewed them.
const NEWCOMERS: f64 = 0.2;
/// The half-life of a review in the mean, in days.
const HALF_LIFE: f64 = 365.0;

/// What nobody sees. All from 0 to 1.
pub struct Hidden {
    /// How well they do what may be asked for, by the number of the concept.
    pub skill: BTreeMap<usize, f64>,
    /// How surely they answer, come and finish.
    pub reliability: f64,
    /// How surely they come in time.
    pub punctuality: f64,
    /// The share of their time that is not taken.
    pub slack: f64,
}

/// A service that a provider offers.
pub struct Offer {
    /// Of the catalog.
    pub service: &'static Service,
    /// Where they do it.
    pub places: Vec<ServicePlace>,
    /// What the job will really cost, in cents; nobody sees it.
    pub true_price: f64,
    /// From and to, in cents, as they say; some say none.
    pub price: Option<(i64, i64)>,
    /// How long it takes.
    pub minutes: i64,
    /// What they say that they are good at.
    pub specializations: Vec<&'static str>,
    /// What they mean by these: numbers of concepts.
    pub meant: Vec<usize>,
    /// What they say of it.
    pub description: String,
    /// Whether no licence is needed, or theirs is verified.
    pub is_bookable: bool,
}

/// What somebody thought of a job.
pub struct Review {
    /// 1 to 5.
    pub rating: i64,
    /// 1 to 5.
    pub punctuality: i64,
    /// How long ago, in days.
    pub days: i64,
}

/// How they answer leads.
pub struct Response {
    /// The share that they answer within a day.
    pub rate: f64,
    /// The median time to it, in minutes.
    pub minutes: i64,
}

/// A provider.
pub struct Provider {
    /// Theirs.
    pub id: Uuid,
    /// Of their user.
    pub user_id: Uuid,
    /// Where they live.
    pub city: &'static City,
    /// Where exactly.
    pub spot: Spot,
    /// Whether they say where exactly.
    pub shows_spot: bool,
    /// How far they travel.
    pub radius_km: f64,
    /// Whether they take work at present.
    pub is_active: bool,
    /// Name.
    pub name: String,
    /// Line under the name.
    pub headline: String,
    /// What they say of themselves.
    pub bio: String,
    /// For how long they have done it, here and elsewhere.
    pub years: i64,
    /// What others say; nothing of newcomers.
    pub reviews: Vec<Review>,
    /// Jobs that are done.
    pub completed_jobs: i64,
    /// Jobs that they called off late.
    pub late_cancellations: i64,
    /// How they answer; unknown of newcomers.
    pub response: Option<Response>,
    /// Their time.
    pub calendar: Calendar,
    /// What they offer.
    pub offers: Vec<Offer>,
    /// What nobody sees.
    pub hidden: Hidden,
}

impl Provider {
    /// Whether nobody has reviewed them.
    pub fn is_newcomer(&self) -> bool {
        self.reviews.is_empty()
    }

    /// The mean of all reviews, younger ones counting more.
    pub fn rating_mean(&self) -> Option<f64> {
        let weight = |review: &Review| 0.5_f64.powf(review.days as f64 / HALF_LIFE);
        let all: f64 = self.reviews.iter().map(weight).sum();
        let sum: f64 = self.reviews.iter().map(|review| weight(review) * review.rating as f64).sum();
        (all > 0.0).then(|| (sum / all).clamp(1.0, 5.0))
    }

    /// The rating that is shown: none below three reviews.
    pub fn rating(&self) -> Option<f64> {
        self.rating_mean().filter(|_| self.reviews.len() >= 3)
    }

    /// Everything that they say.
    pub fn text(&self) -> String {
        let offers = self.offers.iter().flat_map(|offer| {
            [offer.service.name.as_str(), offer.description.as_str()]
                .into_iter()
                .chain(offer.specializations.iter().copied())
        });
        let own = [self.name.as_str(), self.headline.as_str(), self.bio.as_str()];
        own.into_iter().chain(offers).collect::<Vec<_>>().join(" ")
    }
}

/// All providers of a world.
pub fn providers(seed: u64, concepts: &[Concept]) -> Vec<Provider> {
    let mut dice = Dice::new(seed, 1);
    let mut all = Vec::new();
    for city in &CITIES {
        for category in Catalog::built_in().categories() {
            let services: Vec<&Service> = category
                .services
                .iter()
                .filter(|service| concepts.iter().any(|c| c.services.contains(&service.id.as_str())))
                .collect();
            for _ in 0..EACH {
                all.push(provider(&mut dice, city, &category.name, &services, concepts));
            }
        }
    }
    all
}

fn provider(
    dice: &mut Dice,
    city: &'static City,
    trade: &str,
    services: &[&'static Service],
    concepts: &[Concept],
) -> Provider {
    // What they are.
    let craft = dice.around(0.6, 0.18, 0.1, 1.0);
    let mut chosen: Vec<&'static Service> = services.iter().copied().filter(|_| dice.chance(0.75)).collect();
    if chosen.is_empty() {
        chosen.push(*dice.one_of(services));
    }
    let (mut skill, mut special) = (BTreeMap::new(), Vec::new());
    for (at, concept) in concepts.iter().enumerate() {
        if chosen.iter().any(|service| concept.services.contains(&service.id.as_str())) {
            let is_special = dice.chance(0.35);
            let (practised, other) = (dice.between(0.6, 1.0), dice.between(0.2, 0.7));
            skill.insert(at, if is_special { 0.55 * craft + 0.45 * practised } else { craft * other });
            if is_special {
                special.push(at);
            }
        }
    }
    let hidden = Hidden {
        skill,
        reliability: dice.around(0.75, 0.18, 0.05, 1.0),
        punctuality: dice.around(0.75, 0.18, 0.05, 1.0),
        slack: dice.between(0.1, 0.9),
    };
    // What they show.
    let offers: Vec<Offer> =
        chosen.iter().map(|s| offer(dice, s, craft, &hidden, &special, concepts)).collect();
    let reviews = reviews(dice, &hidden, &special, craft);
    let is_known = !reviews.is_empty();
    let completed_jobs = (reviews.len() as f64 * dice.between(1.1, 2.2)).round() as i64;
    let lateness = 0.15 * (1.0 - hidden.reliability);
    let late_cancellations = (0..completed_jobs).filter(|_| dice.chance(lateness)).count() as i64;
    let response = Response {
        rate: (hidden.reliability + dice.around(0.05, 0.1, -0.3, 0.3)).clamp(0.0, 1.0),
        minutes: dice.around(6.5 - 4.0 * hidden.reliability, 0.6, 0.7, 8.0).exp().round() as i64,
    };
    let mut said = vec![(*dice.one_of(&texts::SMALL_TALK)).to_owned()];
    for at in &special {
        if dice.chance(0.6) {
            let phrase = concepts[*at].called(dice);
            said.push(about(dice, &texts::GOOD_AT, phrase));
        }
    }
    said.push((*dice.one_of(&texts::SMALL_TALK)).to_owned());
    Provider {
        id: dice.id(),
        user_id: dice.id(),
        city,
        spot: city.somewhere(dice),
        shows_spot: dice.chance(0.96),
        radius_km: dice.between(8.0, 30.0).round(),
        is_active: dice.chance(0.96),
        name: format!("{} {}", dice.one_of(&texts::FIRST), dice.one_of(&texts::LAST)),
        headline: dice.one_of(&texts::HEADLINES).replace("{}", &trade.to_lowercase()),
        bio: said.join(" "),
        years: dice.around(3.0 + 12.0 * craft, 5.0, 0.0, 40.0).round() as i64,
        reviews,
        completed_jobs,
        late_cancellations,
        response: is_known.then_some(response),
        calendar: Calendar::new(dice, hidden.slack),
        offers,
        hidden,
    }
}

/// A sentence about something, in somebody's words for it.
pub fn about(dice: &mut Dice, sentences: &[&str], phrase: &str) -> String {
    dice.one_of(sentences).replace("{}", phrase)
}

fn offer(
    dice: &mut Dice,
    service: &'static Service,
    craft: f64,
    hidden: &Hidden,
    special: &[usize],
    concepts: &[Concept],
) -> Offer {
    let places = match service.places.contains(&ServicePlace::Provider) {
        false => vec![ServicePlace::Consumer],
        true if dice.chance(0.4) => vec![ServicePlace::Provider, ServicePlace::Consumer],
        true if dice.chance(0.67) => vec![ServicePlace::Provider],
        true => vec![ServicePlace::Consumer],
    };
    // Who is good is dearer, a little.
    let (least, most) = (service.price.min_cents as f64, service.price.max_cents as f64);
    let true_price = least + (most - least) * dice.around(0.2 + 0.35 * craft, 0.18, 0.0, 1.0);
    let dollars = |cents: f64| (cents / 500.0).round() as i64 * 500;
    let price =
        (dollars(true_price * dice.between(0.75, 0.95)), dollars(true_price * dice.between(1.05, 1.4)));
    // The middle at most: what takes a whole day is seldom free for anybody.
    let shortest = f64::from(service.duration_minutes.min);
    let quarters = dice.between(shortest, (shortest + f64::from(service.duration_minutes.max)) / 2.0) / 15.0;
    let (mut specializations, mut meant) = (Vec::new(), Vec::new());
    for at in hidden.skill.keys().filter(|at| concepts[**at].services.contains(&service.id.as_str())) {
        // Not everything is written down, and not everything that is written down is so.
        if dice.chance(if special.contains(at) { 0.85 } else { 0.08 }) {
            specializations.push(concepts[*at].called(dice));
            meant.push(*at);
        }
    }
    Offer {
        service,
        places,
        true_price,
        price: dice.chance(0.94).then_some(price),
        minutes: quarters.round() as i64 * 15,
        specializations,
        meant,
        description: (*dice.one_of(&texts::OFFERED)).to_owned(),
        is_bookable: !service.licensed || dice.chance(0.85),
    }
}

/// Reviews of what they are hired for: most people are kind, and each is somebody else.
fn reviews(dice: &mut Dice, hidden: &Hidden, special: &[usize], craft: f64) -> Vec<Review> {
    if dice.chance(NEWCOMERS) {
        return Vec::new();
    }
    let count = dice.around(2.2, 1.0, 0.0, 4.4).exp().round() as usize;
    let shown: f64 = special.iter().filter_map(|at| hidden.skill.get(at)).sum();
    let skill = if special.is_empty() { craft * 0.6 } else { shown / special.len() as f64 };
    let stars = |dice: &mut Dice, mean: f64| dice.around(mean, 0.75, 1.0, 5.0).round() as i64;
    let review = |dice: &mut Dice| Review {
        rating: stars(dice, 2.6 + 1.5 * skill + 0.7 * hidden.reliability + 0.4 * hidden.punctuality),
        punctuality: stars(dice, 2.0 + 3.0 * hidden.punctuality),
        days: dice.below(1_000) as i64,
    };
    (0..count).map(|_| review(dice)).collect()
}
