//! Looking for providers.

use crate::auth::Actor;
use crate::db;
use crate::db::providers::{After, Found, Order, Search};
use crate::domain::Domain;
use crate::error::{Problem, Result};
use crate::model::catalog::Catalog;
use crate::model::places::Location;

/// How far somebody looks who does not say, in kilometres.
const USUAL_KM: f64 = 25.0;
/// The most words that are looked for.
const MOST_WORDS: usize = 8;
/// The most letters of a word.
const LONGEST_WORD: usize = 50;

/// Whom somebody looks for, in their words; what is absent is not asked.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Slug of a category.
    pub category_id: Option<String>,
    /// Slug of a service.
    pub service_id: Option<String>,
    /// Words.
    pub q: Option<String>,
    /// Where they work from.
    pub city: Option<String>,
    /// Degrees north of where to look around.
    pub latitude: Option<f64>,
    /// Degrees east of it.
    pub longitude: Option<f64>,
    /// How far around, in kilometres.
    pub radius_km: Option<f64>,
    /// Mean rating.
    pub min_rating: Option<f64>,
    /// Who has a licence that was seen.
    pub verified: bool,
    /// What comes first.
    pub order: Order,
    /// Only what comes after.
    pub after: Option<After>,
    /// At most so many.
    pub limit: i64,
}

impl Wish {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |pointer: &str, message: &str| problems.push(Problem::new(pointer, message));
        if self.category_id.as_deref().is_some_and(|id| catalog.category(id).is_none()) {
            wrong("/category_id", "There is no such category; GET /services/catalog lists them.");
        }
        if self.service_id.as_deref().is_some_and(|id| catalog.service(id).is_none()) {
            wrong("/service_id", "There is no such service; GET /services/catalog lists them.");
        }
        match (self.latitude, self.longitude) {
            (Some(_), None) => wrong("/lng", "Say both lat and lng, or neither."),
            (None, Some(_)) => wrong("/lat", "Say both lat and lng, or neither."),
            (None, None) if self.radius_km.is_some() => wrong("/radius_km", "Say lat and lng too."),
            (None, None) if self.order == Order::Distance => wrong("/sort", "Say lat and lng too."),
            _ => {}
        }
        problems
    }

    /// The services that are asked for; none are if category and service do not go together.
    fn services(&self, catalog: &Catalog) -> Option<Vec<String>> {
        let of_category = self.category_id.as_deref().map(|id| {
            let services = catalog.category(id).map(|category| category.services.as_slice());
            services.unwrap_or_default().iter().map(|service| service.id.clone()).collect::<Vec<_>>()
        });
        match (of_category, &self.service_id) {
            (Some(ids), Some(id)) => Some(ids.into_iter().filter(|other| other == id).collect()),
            (ids, None) => ids,
            (None, Some(id)) => Some(vec![id.clone()]),
        }
    }

    /// The words, as beginnings of words.
    fn words(&self) -> Option<Vec<String>> {
        let q = self.q.as_deref()?;
        let words = q.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let beginning = |word: &str| format!("{}:*", word.chars().take(LONGEST_WORD).collect::<String>());
        Some(words.take(MOST_WORDS).map(beginning).collect())
    }

    fn near(&self) -> Option<(Location, f64)> {
        let (latitude, longitude) = self.latitude.zip(self.longitude)?;
        Some((Location { latitude, longitude }, self.radius_km.unwrap_or(USUAL_KM)))
    }
}

impl Domain {
    /// The providers that somebody looks for: active ones, of whom something can be booked. Words that nobody would look
    /// for, such as "the", find nobody alone and count for nothing beside others.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn search_providers(&self, _: &Actor, wish: &Wish) -> Result<Vec<Found>> {
        let mut conn = self.queue.db.conn().await?;
        let mut search = Search {
            services: wish.services(&self.catalog()),
            words: Vec::new(),
            city: wish.city.clone(),
            near: wish.near(),
            min_rating: wish.min_rating,
            verified: wish.verified,
            order: wish.order,
            after: wish.after,
            limit: wish.limit,
        };
        if let Some(words) = wish.words() {
            search.words = db::providers::meaning_of(&mut conn, words).await?;
            if search.words.is_empty() {
                return Ok(Vec::new());
            }
        }
        db::providers::search(&mut conn, &search).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_only() {
        let words = |q: &str| Wish { q: Some(q.to_owned()), ..Wish::default() }.words();
        let are = |words: &[&str]| Some(words.iter().map(|word| format!("{word}:*")).collect::<Vec<_>>());
        assert_eq!(words("3B curls & co'; DROP TABLE"), are(&["3B", "curls", "co", "DROP", "TABLE"]));
        assert_eq!(words(" !:*()<->| "), are(&[]));
        assert_eq!(words("über Straße"), are(&["über", "Straße"]));
        assert_eq!(words("a b c d e f g h i").map(|words| words.len()), Some(MOST_WORDS));
        assert_eq!(words(&"x".repeat(60)), are(&["x".repeat(50).as_str()]));
    }

    #[test]
    fn a_service_of_another_category_is_offered_by_nobody() {
        let services = |category: Option<&str>, service: Option<&str>| {
            let wish = Wish {
                category_id: category.map(str::to_owned),
                service_id: service.map(str::to_owned),
                ..Wish::default()
            };
            wish.services(Catalog::built_in())
        };
        assert_eq!(services(None, None), None);
        assert_eq!(services(None, Some("haircut")), Some(vec!["haircut".to_owned()]));
        assert_eq!(services(Some("hair_beauty"), Some("haircut")), Some(vec!["haircut".to_owned()]));
        assert_eq!(services(Some("plumbing"), Some("haircut")), Some(Vec::new()));
        assert!(services(Some("plumbing"), None).is_some_and(|ids| ids.len() > 3));
    }
}
