//! Demo data: believable providers in a few cities, the same every time. The words are in `shared/data/demo.json`.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Domain;
use crate::db;
use crate::db::import::{Imported, ImportedReview};
use crate::db::providers::{NewAvailability, NewProvider, NewProviderService};
use crate::error::{Code, Error, Result};
use crate::model::catalog::{Catalog, Category, Service};
use crate::model::places::place;
use crate::model::providers::Licence;
use crate::model::{ProviderId, UserId};

/// The issuer of the demo's users: nobody can sign in as one.
const ISSUER: &str = "proxie/demo";
/// How many providers each category has in each city, and in the first one.
const EACH: usize = 5;
const EACH_IN_THE_FIRST: usize = 9;
/// Every so many-th answers leads without a person.
const AUTO_OFFER: usize = 3;
/// The most reviews of one provider.
const MOST_REVIEWS: usize = 9;
/// How many go to the database at once.
const BATCH: usize = 100;

/// What demo providers are made of.
#[derive(Deserialize)]
struct Words {
    cities: Vec<String>,
    first: Vec<String>,
    last: Vec<String>,
    authors: Vec<String>,
    languages: Vec<Vec<String>>,
    hours: Vec<Hours>,
    categories: HashMap<String, CategoryWords>,
}

/// A way to work, each day as `HH:MM-HH:MM`.
#[derive(Deserialize)]
struct Hours {
    weekly: Map<String, Value>,
    notice_minutes: i32,
    max_per_day: Option<i32>,
    buffer_minutes: i32,
}

/// What is said in one category.
#[derive(Deserialize)]
struct CategoryWords {
    names: Vec<String>,
    headlines: Vec<String>,
    openers: Vec<String>,
    strengths: Vec<String>,
    closings: Vec<String>,
    praise: Vec<String>,
    middling: Vec<String>,
    poor: Vec<String>,
    responses: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "embedded data, tested")]
    serde_json::from_str(include_str!("../../data/demo.json")).expect("demo.json is valid")
});

impl Domain {
    /// Inserts the demo's providers; those that are there stay as they are. Answers how many are new.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn seed_demo(&self) -> Result<usize> {
        let mut conn = self.queue.db.conn().await?;
        let mut made = 0;
        for batch in providers(&self.catalog(), Utc::now())?.chunks(BATCH) {
            made += db::import::insert(&mut conn, ISSUER, batch).await?.len();
        }
        Ok(made)
    }
}

/// All of them: everything follows from the words, the catalog and, for when reviews were written, from today.
fn providers(catalog: &Catalog, today: DateTime<Utc>) -> Result<Vec<Imported>> {
    let mut all = Vec::new();
    for (at, city) in WORDS.cities.iter().enumerate() {
        for category in catalog.categories() {
            let Some(words) = WORDS.categories.get(&category.id) else { continue };
            for number in 0..if at == 0 { EACH_IN_THE_FIRST } else { EACH } {
                all.push(provider(city, category, words, number, today)?);
            }
        }
    }
    Ok(all)
}

fn provider(
    city: &str,
    category: &Category,
    words: &CategoryWords,
    number: usize,
    today: DateTime<Utc>,
) -> Result<Imported> {
    let place = place(city)
        .ok_or_else(|| Error::new(Code::Internal).because(format!("{city} is not a known place")))?;
    let slug = city.to_lowercase().replace(' ', "-");
    let dice = Dice(format!("demo/{slug}/{}/{number}", category.id));
    let id = ProviderId::new();
    // Everybody offers most of their category, each leaves another part out.
    let services: Vec<_> = category
        .services
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 3 != (number + 1) % 3)
        .map(|(_, service)| offer(id, service, &dice))
        .collect();
    let skills: Vec<&str> =
        services.iter().flat_map(|service| &service.specializations).map(String::as_str).collect();
    let a = dice.pick("a", &skills).copied().unwrap_or("small jobs");
    let others: Vec<&str> = skills.iter().copied().filter(|skill| *skill != a).collect();
    let b = dice.pick("b", &others).copied().unwrap_or("large ones");
    let years = dice.between("years", 2..=24);
    let (first, last) = (dice.word("first", &WORDS.first), dice.word("last", &WORDS.last));
    let filled = |text: &str| {
        text.replace("{first}", first)
            .replace("{last}", last)
            .replace("{city}", city)
            .replace("{years}", &years.to_string())
            .replace("{a}", a)
            .replace("{A}", &capitalised(a))
            .replace("{b}", b)
    };
    let sentences =
        [("opener", &words.openers), ("strength", &words.strengths), ("closing", &words.closings)];
    let bio = sentences.map(|(what, pool)| filled(dice.word(what, pool))).join(" ");
    // A few kilometres around the middle of the city, rounded as all public places are.
    let shift = |what: &str| dice.between(what, 0..=10) as f64 / 100.0 - 0.05;
    let name = filled(dice.word("name", &words.names));
    let provider = NewProvider {
        id,
        headline: filled(dice.word("headline", &words.headlines)),
        bio,
        latitude: Some(place.location.latitude + shift("latitude")),
        longitude: Some(place.location.longitude + shift("longitude")),
        radius_km: dice.between("radius", 2..=6) as f64 * 5.0,
        languages: dice.pick("languages", &WORDS.languages).cloned().unwrap_or_default(),
        years_experience: Some(years as i32),
        email: Some(format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase())),
        phone: Some(format!("+1 555 01{:02}", dice.between("phone", 0..=99))),
        auto_offer: number.is_multiple_of(AUTO_OFFER),
        external_id: Some(dice.0.clone()),
        ..NewProvider::new(UserId::new(), &name, city, place.zone.name())
    };
    let hours = dice.pick("hours", &WORDS.hours);
    let hours = hours.map_or_else(|| NewAvailability::usual(id), |hours| availability(id, hours));
    Ok(Imported::new(provider, services, hours, reviews(&dice, words, today)))
}

fn offer(provider_id: ProviderId, service: &Service, dice: &Dice) -> NewProviderService {
    let dice = dice.of(&service.id);
    let span = service.price.max_cents - service.price.min_cents;
    let dollars = |cents: i64| cents / 500 * 500;
    let least = service.price.min_cents + span * dice.between("least", 0..=5) as i64 / 12;
    let (shortest, longest) = (service.duration_minutes.min, service.duration_minutes.max);
    let minutes = shortest + (longest - shortest) * dice.between("minutes", 0..=4) as u32 / 6;
    // Two to five skills, each once, wherever the list is begun.
    let (all, from) = (&service.specializations, dice.between("from", 0..=99));
    let skills = all.iter().cycle().skip(from).take(dice.between("skills", 2..=5).min(all.len()));
    NewProviderService {
        provider_id,
        service_id: service.id.clone(),
        description: String::new(),
        places: service.places.clone(),
        price_min_cents: Some(dollars(least)),
        price_max_cents: Some(dollars(least + span / 3)),
        currency: service.price.currency.clone(),
        duration_minutes: Some(minutes.next_multiple_of(15) as i32),
        specializations: skills.cloned().collect(),
        licence: if service.licensed { Licence::Verified } else { Licence::NotNeeded },
        licence_number: service
            .licensed
            .then(|| format!("DEMO-{}", dice.between("licence", 10_000..=99_999))),
        licence_expires_on: None,
    }
}

fn availability(provider_id: ProviderId, hours: &Hours) -> NewAvailability {
    let stretch = |text: &Value| {
        let (start, end) = text.as_str().and_then(|text| text.split_once('-')).unwrap_or_default();
        json!({"start": start, "end": end})
    };
    let day = |stretches: &Value| stretches.as_array().into_iter().flatten().map(stretch).collect::<Value>();
    NewAvailability {
        provider_id,
        weekly: hours.weekly.iter().map(|(name, stretches)| (name.clone(), day(stretches))).collect(),
        exceptions: json!([]),
        notice_minutes: hours.notice_minutes,
        max_per_day: hours.max_per_day,
        buffer_minutes: hours.buffer_minutes,
    }
}

/// What was said of them in the last two years; of some nothing yet.
fn reviews(dice: &Dice, words: &CategoryWords, today: DateTime<Utc>) -> Vec<ImportedReview> {
    // How good they are, as customers see it: most are praised by most.
    let skill = dice.between("skill", 55..=98);
    let review = |number: usize| {
        let dice = dice.of(&format!("review/{number}"));
        let (pool, rating) = match dice.between("mood", 0..=99) {
            mood if mood < skill => (&words.praise, if mood.is_multiple_of(4) { 4 } else { 5 }),
            mood if mood < skill + 30 => (&words.middling, if mood.is_multiple_of(2) { 3 } else { 4 }),
            _ => (&words.poor, 2),
        };
        let days = Duration::days(dice.between("days", 3..=700) as i64);
        let noon = (today - days).date_naive().and_time(NaiveTime::MIN) + Duration::hours(12);
        let responds = dice.between("responds", 0..=4) == 0;
        let response = match rating {
            5 => words.responses.first(),
            _ => words.responses.last(),
        };
        ImportedReview {
            author: dice.word("author", &WORDS.authors).to_owned(),
            rating,
            // Not everybody says why.
            text: if dice.between("words", 0..=3) == 0 { "" } else { dice.word("text", pool) }.to_owned(),
            response: response.filter(|_| responds).cloned(),
            created_at: noon.and_utc(),
        }
    };
    (0..dice.between("reviews", 0..=MOST_REVIEWS)).map(review).collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What falls is the same for the same name on every machine.
struct Dice(String);

impl Dice {
    /// Dice for a part of it.
    fn of(&self, part: &str) -> Self {
        Self(format!("{}/{part}", self.0))
    }

    fn between(&self, what: &str, range: RangeInclusive<usize>) -> usize {
        // FNV-1a.
        let text = self.0.bytes().chain([b'#']).chain(what.bytes());
        let hash = text.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        range.start() + (hash >> 24) as usize % (range.end() - range.start() + 1)
    }

    fn pick<'a, T>(&self, what: &str, from: &'a [T]) -> Option<&'a T> {
        from.get(self.between(what, 0..=from.len().saturating_sub(1)))
    }

    fn word<'a>(&self, what: &str, from: &'a [String]) -> &'a str {
        self.pick(what, from).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn demo_providers_differ_and_are_the_same_every_time() {
        let today = Utc::now();
        let all = providers(Catalog::built_in(), today).unwrap();
        assert!(all.len() >= 300, "{}", all.len());
        // Only ids of rows are others each time.
        let told = |all: Vec<Imported>| -> Vec<String> {
            let (id, user_id) = (ProviderId::new(), UserId::new());
            let anew = |one: Imported| Imported {
                provider: NewProvider { id, user_id, ..one.provider },
                services: one
                    .services
                    .into_iter()
                    .map(|s| NewProviderService { provider_id: id, ..s })
                    .collect(),
                hours: NewAvailability { provider_id: id, ..one.hours },
                reviews: one.reviews,
            };
            let id = format!("{id:?}");
            let user = format!("{user_id:?}");
            all.into_iter()
                .map(|one| format!("{:?}", anew(one)).replace(&id, "").replace(&user, ""))
                .collect()
        };
        assert_eq!(told(all.clone()), told(providers(Catalog::built_in(), today).unwrap()));

        let ids: HashSet<_> = all.iter().map(|one| &one.provider.external_id).collect();
        assert_eq!(ids.len(), all.len());
        let bios: HashSet<_> = all.iter().map(|one| &one.provider.bio).collect();
        assert!(bios.len() * 10 > all.len() * 9, "{} bios of {}", bios.len(), all.len());
        for one in &all {
            assert!(!one.services.is_empty(), "{:?}", one.provider);
            for text in [&one.provider.name, &one.provider.headline, &one.provider.bio] {
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
            }
            for service in &one.services {
                let (least, most) = (service.price_min_cents.unwrap(), service.price_max_cents.unwrap());
                assert!(0 < least && least <= most, "{service:?}");
                let skills: HashSet<_> = service.specializations.iter().collect();
                assert!(skills.len() >= 2 && skills.len() == service.specializations.len(), "{service:?}");
            }
        }
        let reviewed = all.iter().filter(|one| one.reviews.len() >= 3).count();
        assert!((all.len() / 3..all.len()).contains(&reviewed), "{reviewed} have three reviews or more");
        assert!(
            all.iter().any(|one| one.provider.auto_offer) && all.iter().any(|one| !one.provider.auto_offer)
        );
    }
}
