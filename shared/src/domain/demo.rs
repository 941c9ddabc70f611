//! Demo data: believable providers in a few cities, the same every time.

use diesel_async::AsyncConnection;

use super::Domain;
use crate::db::providers::{NewProvider, NewProviderService};
use crate::db::{self};
use crate::error::{Code, Error, Result};
use crate::model::catalog::{Category, Service};
use crate::model::places::place;
use crate::model::providers::Licence;
use crate::model::users::Role;
use crate::model::{ProviderId, UserId};

const CITIES: [&str; 12] = [
    "Brooklyn",
    "Manhattan",
    "Queens",
    "Bronx",
    "Boston",
    "Philadelphia",
    "Chicago",
    "Austin",
    "Denver",
    "Seattle",
    "San Francisco",
    "Los Angeles",
];
const FIRST: [&str; 16] = [
    "Maya", "Jordan", "Elena", "Marcus", "Aisha", "Tom", "Priya", "Diego", "Hannah", "Kwame", "Sofia",
    "Liam", "Naomi", "Viktor", "Grace", "Omar",
];
const LAST: [&str; 13] = [
    "Bennett", "Okafor", "Rivera", "Chen", "Novak", "Haddad", "Larsen", "Mbeki", "Kowalski", "Iyer",
    "Brooks", "Santos", "Walsh",
];
/// The issuer of the demo's users: nobody can sign in as one.
const ISSUER: &str = "proxie/demo";
/// How many providers each category has in each city.
const EACH: usize = 3;

impl Domain {
    /// Inserts the demo's providers; those that are there stay as they are. Answers how many are new.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn seed_demo(&self) -> Result<usize> {
        let mut conn = self.queue.db.conn().await?;
        let mut made = 0;
        for city in CITIES {
            for category in self.catalog().categories() {
                for number in 0..EACH {
                    let (subject, provider, services) = describe(city, category, number)?;
                    let user = db::users::ensure(
                        &mut conn,
                        ISSUER,
                        &subject,
                        Some((Role::Provider, chrono::Utc::now())),
                    )
                    .await?;
                    let provider = NewProvider { user_id: user.id, ..provider };
                    let inserted = conn
                        .transaction(async |conn| db::providers::insert(conn, &provider, &services).await)
                        .await?;
                    made += usize::from(inserted);
                }
            }
        }
        Ok(made)
    }
}

/// A provider: everything about it follows from its place in the list.
fn describe(
    city: &str,
    category: &Category,
    number: usize,
) -> Result<(String, NewProvider, Vec<NewProviderService>)> {
    let place = place(city)
        .ok_or_else(|| Error::new(Code::Internal).because(format!("{city} is not a known place")))?;
    let subject = format!("{}-{}-{number}", city.to_lowercase().replace(' ', "-"), category.id);
    let dice = dice(&subject);
    let name = format!("{} {}", FIRST[dice % FIRST.len()], LAST[dice / 16 % LAST.len()]);
    let id = ProviderId::new();
    // A few kilometres around the middle of the city, rounded as all public places are.
    let shift = |dice: usize| (dice % 9) as f64 / 100.0 - 0.04;
    let review_count = (dice / 7 % 60) as i32;
    let provider = NewProvider {
        id,
        bio: format!("{} in {city} since {}.", category.name, 2005 + dice % 19),
        latitude: Some(place.location.latitude + shift(dice)),
        longitude: Some(place.location.longitude + shift(dice / 11)),
        radius_km: 10.0 + (dice % 4) as f64 * 5.0,
        rating: (review_count >= 3).then(|| 3.8 + (dice % 12) as f64 / 10.0),
        review_count,
        ..NewProvider::new(UserId(id.0), &format!("{name}, {}", category.name), city, place.zone.name())
    };
    // Everybody offers most of their category, each leaves another part out.
    let services = category
        .services
        .iter()
        .enumerate()
        .filter(|(at, _)| at % EACH != (number + 1) % EACH)
        .map(|(at, service)| offer(id, service, dice + at))
        .collect();
    Ok((subject, provider, services))
}

fn offer(provider_id: ProviderId, service: &Service, dice: usize) -> NewProviderService {
    let span = service.price.max_cents - service.price.min_cents;
    let min = service.price.min_cents + span * (dice % 5) as i64 / 10;
    NewProviderService {
        provider_id,
        service_id: service.id.clone(),
        description: String::new(),
        places: service.places.clone(),
        price_min_cents: Some(min / 100 * 100),
        price_max_cents: Some((min + span / 2) / 100 * 100),
        currency: service.price.currency.clone(),
        duration_minutes: None,
        specializations: service.specializations.iter().skip(dice % 2).step_by(2).cloned().collect(),
        licence: if service.licensed { Licence::Verified } else { Licence::NotNeeded },
        licence_number: service.licensed.then(|| format!("DEMO-{dice}")),
        licence_expires_on: None,
    }
}

/// FNV-1a: the same number for the same text on every machine.
fn dice(text: &str) -> usize {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    (hash >> 16) as usize
}
