//! What a specialist makes of what was said.

use super::knowledge::{Specialist, Warning};
use super::reading::Said;
use super::{ALL_FACTORS, Asked, Factor, MOST_NOTES, Question};

fn any(of: &[String], said: &Said) -> bool {
    of.iter().any(|is| said.contains_key(is))
}

fn is_for(services: &[String], id: &str) -> bool {
    services.is_empty() || services.iter().any(|service| service == id)
}

impl Specialist {
    /// All that was said, in whatever way.
    pub(super) fn hear(&self, asked: &Asked<'_>) -> Said {
        let mut said = Said::new();
        for text in asked.specializations.iter().copied().chain([asked.text]) {
            self.phrases.read(text, &mut said);
        }
        let by_fields = self.vocabulary.iter().filter(|entry| {
            entry.urgency.is_some() && entry.urgency == asked.urgency
                || entry.place.is_some() && entry.place == asked.place
        });
        for entry in by_fields {
            said.entry(entry.is.clone()).or_default();
        }
        said
    }

    /// The points of complexity, and what makes a difference.
    pub(super) fn weigh(&self, service_id: &str, said: &Said) -> (i32, Vec<Factor>) {
        let mut points = self.services.get(service_id).map_or(0, |served| served.points);
        let mut factors = Vec::new();
        for factor in &self.factors {
            if !is_for(&factor.services, service_id) || !any(&factor.when, said) {
                continue;
            }
            let number = factor.when.iter().find_map(|is| said.get(is).copied().flatten());
            let more = match (factor.per, number) {
                (Some(per), Some(number)) => (number.clamp(per.least, per.most) - per.usual) as f64,
                (Some(_), None) => continue,
                (None, _) => 1.0,
            };
            if more == 0.0 {
                continue;
            }
            // A factor of each is of the usual price: two more bedrooms at 1.2 each are 1.4.
            let times = |factor: f64| {
                let hundredths = ((1.0 + (factor - 1.0) * more) * 100.0).round();
                (hundredths / 100.0).max(ALL_FACTORS.0)
            };
            points += if more > 0.0 { factor.points } else { 0 };
            factors.push(Factor {
                name: factor.name.clone(),
                price_factor: times(factor.price),
                duration_factor: times(factor.duration),
                because: factor.because.replace("{n}", &number.unwrap_or_default().to_string()),
            });
        }
        (points, factors)
    }

    pub(super) fn warn(&self, service_id: &str, said: &Said) -> impl Iterator<Item = &Warning> {
        let mut told: Vec<_> = self
            .warnings
            .iter()
            .filter(|warning| is_for(&warning.services, service_id))
            .filter(|warning| warning.when.is_empty() || any(&warning.when, said))
            .filter(|warning| warning.with.is_empty() || any(&warning.with, said))
            .collect();
        told.sort_by_key(|warning| !warning.emergency);
        told.into_iter()
    }

    pub(super) fn ask(&self, service_id: &str, said: &Said) -> Vec<Question> {
        let open = self
            .questions
            .iter()
            .filter(|question| is_for(&question.services, service_id) && !any(&question.answered_by, said))
            .filter(|question| question.when.is_empty() || any(&question.when, said));
        open.map(|question| Question { about: question.about.clone(), ask: question.ask.clone() }).collect()
    }

    pub(super) fn note(&self, service_id: &str, said: &Said, factors: &[Factor]) -> Vec<String> {
        let known = self
            .notes
            .iter()
            .filter(|note| is_for(&note.services, service_id))
            .filter(|note| note.when.is_empty() || any(&note.when, said))
            .map(|note| &note.text);
        known.chain(factors.iter().map(|factor| &factor.because)).take(MOST_NOTES).cloned().collect()
    }

    /// What was named, as it was named, and what was said in other words.
    pub(super) fn specializations(&self, asked: &Asked<'_>, said: &Said) -> Vec<String> {
        let mut named = Said::new();
        for phrase in &asked.specializations {
            self.phrases.read(phrase, &mut named);
        }
        let meant = self
            .vocabulary
            .iter()
            .filter(|entry| entry.specialization)
            .map(|entry| &entry.is)
            .filter(|is| said.contains_key(*is) && !named.contains_key(*is));
        asked.specializations.iter().map(|phrase| (*phrase).to_owned()).chain(meant.cloned()).collect()
    }
}
