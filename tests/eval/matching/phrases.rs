//! What people call what they can and what they need: the same thing in many words.

use super::dice::Dice;
use crate::Result;

/// One thing that can be asked for, whatever it is called.
pub struct Concept {
    /// Slug of the category.
    pub category: &'static str,
    /// Slugs of the services that it is a part of.
    pub services: Vec<&'static str>,
    /// What it is called, the usual first.
    phrases: Vec<&'static str>,
}

/// How often people take the usual phrase, which a form suggests to them, without looking for one of their own.
const USUAL: f64 = 0.25;

impl Concept {
    /// What somebody calls it.
    pub fn called(&self, dice: &mut Dice) -> &'static str {
        if dice.chance(USUAL) { self.phrases[0] } else { dice.one_of::<&str>(&self.phrases) }
    }
}

/// Reads `phrases.txt`; those that are held back only if they are wanted.
///
/// # Errors
/// Names the line that is not of its form.
pub fn concepts(with_held_back: bool) -> Result<Vec<Concept>> {
    let mut concepts = Vec::new();
    let mut category = None;
    for line in include_str!("phrases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line.strip_prefix("= ") {
            category = Some(name);
            continue;
        }
        let parts = || Some((category?, line.split_once(": ")?));
        let (category, (services, phrases)) = parts().ok_or_else(|| format!("phrases.txt: {line}"))?;
        let (known, held_back) = phrases.split_once(" | ").ok_or_else(|| format!("phrases.txt: {line}"))?;
        let held_back = with_held_back.then_some(held_back);
        let phrases =
            [Some(known), held_back].into_iter().flatten().flat_map(|some| some.split("; ")).collect();
        concepts.push(Concept { category, services: services.split(' ').collect(), phrases });
    }
    Ok(concepts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashSet;

    use proxie_shared::model::catalog::Catalog;

    use super::*;

    #[test]
    fn every_category_has_eight_concepts_of_five_phrasings_and_no_phrase_means_two_things() {
        let (known, all) = (concepts(false).unwrap(), concepts(true).unwrap());
        for category in Catalog::built_in().categories() {
            assert!(known.iter().filter(|concept| concept.category == category.id).count() >= 8);
        }
        let mut seen = HashSet::new();
        for (known, all) in known.iter().zip(&all) {
            assert!(
                known.phrases.len() >= 5 && all.phrases.len() >= known.phrases.len() + 2,
                "{:?}",
                all.phrases
            );
            for service in &all.services {
                let (category, _) = Catalog::built_in().service(service).unwrap();
                assert_eq!(category.id, all.category);
                for phrase in &all.phrases {
                    assert!(seen.insert((*service, phrase.to_lowercase())), "{service}: {phrase}");
                }
            }
        }
    }
}
