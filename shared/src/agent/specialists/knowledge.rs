//! A file of knowledge: what it holds, and whether it makes sense.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::reading::{Phrases, words};
use crate::model::catalog::{Catalog, ServicePlace};
use crate::model::requests::Urgency;

/// What one thing may make of a price or a duration.
const FACTORS: std::ops::RangeInclusive<f64> = 0.2..=5.0;

/// What is wrong with a file of knowledge.
#[derive(Debug, thiserror::Error)]
#[error("the specialist's file {file} is wrong at {key}: {reason}")]
pub struct KnowledgeError {
    /// Its name.
    pub file: String,
    /// Where in it.
    pub key: String,
    /// What is wrong there.
    pub reason: String,
}

/// What somebody knows of a trade.
#[derive(Clone, Debug)]
pub struct Specialist {
    /// For people.
    pub name: String,
    /// The slugs of what it knows of.
    pub services: BTreeMap<String, Served>,
    /// What phrases mean.
    pub vocabulary: Vec<Entry>,
    /// What makes work dearer, cheaper, longer or shorter.
    pub factors: Vec<Factor>,
    /// What people must be told.
    pub warnings: Vec<Warning>,
    /// What is worth asking, the most important first.
    pub questions: Vec<Question>,
    /// What whoever does the work should know.
    pub notes: Vec<Note>,
    /// The vocabulary's phrases, to be looked for.
    pub phrases: Phrases,
}

/// A service that a specialist knows of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Served {
    /// How demanding it is by itself: points of complexity.
    pub points: i32,
}

/// What some phrases mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name in this file; where it is a finer skill, that of the skill.
    pub is: String,
    /// How people say it.
    pub said: Vec<String>,
    /// Whether it is a finer skill that providers are matched by.
    #[serde(default)]
    pub specialization: bool,
    /// Whether it is a unit of which people say how many.
    #[serde(default)]
    pub counts: bool,
    /// It is also said by a request of this urgency.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// It is also said by a request for work at this place.
    #[serde(default)]
    pub place: Option<ServicePlace>,
}

/// What something makes of price, duration and complexity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Its name, in words with underscores.
    pub name: String,
    /// Any of these meanings was said.
    pub when: Vec<String>,
    /// Only for these services; for all if there are none.
    #[serde(default)]
    pub services: Vec<String>,
    /// Price and duration are those of one more than is usual.
    #[serde(default)]
    pub per: Option<Per>,
    /// Times the price.
    #[serde(default = "one")]
    pub price: f64,
    /// Times the duration.
    #[serde(default = "one")]
    pub duration: f64,
    /// Points of complexity.
    #[serde(default)]
    pub points: i32,
    /// Why, as a sentence; `{n}` is how many there are.
    pub because: String,
}

fn one() -> f64 {
    1.0
}

/// A factor that counts.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Per {
    /// How many the typical price is for.
    pub usual: i64,
    /// Fewer than these make no more difference.
    pub least: i64,
    /// More than these make no more difference.
    pub most: i64,
}

/// What people must be told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Any of these meanings was said; always, if there are none.
    #[serde(default)]
    pub when: Vec<String>,
    /// And any of these, if there are some.
    #[serde(default)]
    pub with: Vec<String>,
    /// Only for these services; for all if there are none.
    #[serde(default)]
    pub services: Vec<String>,
    /// Whether it comes before everything else.
    #[serde(default)]
    pub emergency: bool,
    /// A sentence or two.
    pub text: String,
}

/// What is worth asking.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What it is about, in a word or two.
    pub about: String,
    /// Only for these services; for all if there are none.
    #[serde(default)]
    pub services: Vec<String>,
    /// Only when any of these meanings was said, if there are some.
    #[serde(default)]
    pub when: Vec<String>,
    /// The question.
    pub ask: String,
    /// Any of these meanings answers it.
    pub answered_by: Vec<String>,
}

/// What whoever does the work should know.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Any of these meanings was said; always, if there are none.
    #[serde(default)]
    pub when: Vec<String>,
    /// Only for these services; for all if there are none.
    #[serde(default)]
    pub services: Vec<String>,
    /// A sentence.
    pub text: String,
}

/// Reads one file.
struct Reader<'a> {
    file: &'a str,
    keys: Map<String, Value>,
}

impl Reader<'_> {
    fn wrong(&self, key: impl Into<String>, reason: impl fmt::Display) -> KnowledgeError {
        KnowledgeError { file: self.file.to_owned(), key: key.into(), reason: reason.to_string() }
    }

    fn take<T: DeserializeOwned>(&mut self, key: &str) -> Result<T, KnowledgeError> {
        let value = self.keys.remove(key).ok_or_else(|| self.wrong(key, "it is missing"))?;
        serde_json::from_value(value).map_err(|error| self.wrong(key, error))
    }

    /// A list, part by part, so that it is known which is wrong.
    fn list<T: DeserializeOwned>(&mut self, key: &str) -> Result<Vec<T>, KnowledgeError> {
        let parts: Vec<Value> = self.take(key)?;
        let part = |(at, part)| {
            serde_json::from_value(part).map_err(|error| self.wrong(format!("{key}[{at}]"), error))
        };
        parts.into_iter().enumerate().map(part).collect()
    }
}

impl Specialist {
    /// Reads a file, whose services must be in the catalog.
    ///
    /// # Errors
    /// Names file, key and reason.
    pub fn read(file: &str, text: &str, catalog: &Catalog) -> Result<Self, KnowledgeError> {
        let wrong = |key: String, reason: String| KnowledgeError { file: file.to_owned(), key, reason };
        let keys = serde_json::from_str(text)
            .map_err(|error| wrong(format!("line {}", error.line()), error.to_string()))?;
        let mut reader = Reader { file, keys };
        let mut specialist = Self {
            name: reader.take("name")?,
            services: reader.take("services")?,
            vocabulary: reader.list("vocabulary")?,
            factors: reader.list("factors")?,
            warnings: reader.list("warnings")?,
            questions: reader.list("questions")?,
            notes: reader.list("notes")?,
            phrases: Phrases::default(),
        };
        if let Some(key) = reader.keys.keys().next() {
            return Err(reader.wrong(key, "there is no such key"));
        }
        specialist.check(&reader, catalog)?;
        Ok(specialist)
    }

    fn check(&mut self, reader: &Reader<'_>, catalog: &Catalog) -> Result<(), KnowledgeError> {
        let not_blank = |key: &str, text: &str| match text.trim() {
            "" => Err(reader.wrong(key, "it is blank")),
            _ => Ok(()),
        };
        not_blank("name", &self.name)?;
        if self.services.is_empty() {
            return Err(reader.wrong("services", "it names none"));
        }
        for id in self.services.keys() {
            if catalog.service(id).is_none() {
                return Err(reader.wrong(format!("services.{id}"), "the catalog has no such service"));
            }
        }
        self.read_vocabulary(reader)?;
        for (at, factor) in self.factors.iter().enumerate() {
            let key = |of: &str| format!("factors[{at}].{of}");
            not_blank(&key("name"), &factor.name)?;
            not_blank(&key("because"), &factor.because)?;
            for (name, value) in [("price", factor.price), ("duration", factor.duration)] {
                if !FACTORS.contains(&value) {
                    return Err(reader.wrong(key(name), format!("{value} is not between 0.2 and 5")));
                }
            }
            if factor.when.is_empty() {
                return Err(reader.wrong(key("when"), "it names no meaning"));
            }
            self.check_meanings(reader, &key("when"), &factor.when)?;
            self.check_services(reader, &key("services"), &factor.services)?;
            let counts = |is: &String| self.vocabulary.iter().any(|entry| entry.counts && entry.is == *is);
            if factor.when.iter().any(counts) != factor.per.is_some() {
                return Err(reader.wrong(key("per"), "what is counted has it, and nothing else"));
            }
            if factor.per.is_some_and(|per| !(per.least <= per.usual && per.usual <= per.most)) {
                return Err(reader.wrong(key("per"), "least, usual and most are not in this order"));
            }
        }
        for (at, warning) in self.warnings.iter().enumerate() {
            let key = |of: &str| format!("warnings[{at}].{of}");
            not_blank(&key("text"), &warning.text)?;
            self.check_meanings(reader, &key("when"), &warning.when)?;
            self.check_meanings(reader, &key("with"), &warning.with)?;
            self.check_services(reader, &key("services"), &warning.services)?;
        }
        for (at, question) in self.questions.iter().enumerate() {
            let key = |of: &str| format!("questions[{at}].{of}");
            not_blank(&key("about"), &question.about)?;
            not_blank(&key("ask"), &question.ask)?;
            if question.answered_by.is_empty() {
                return Err(
                    reader.wrong(key("answered_by"), "nothing answers it: it would be asked for ever")
                );
            }
            self.check_meanings(reader, &key("answered_by"), &question.answered_by)?;
            self.check_meanings(reader, &key("when"), &question.when)?;
            self.check_services(reader, &key("services"), &question.services)?;
        }
        for (at, note) in self.notes.iter().enumerate() {
            let key = |of: &str| format!("notes[{at}].{of}");
            not_blank(&key("text"), &note.text)?;
            self.check_meanings(reader, &key("when"), &note.when)?;
            self.check_services(reader, &key("services"), &note.services)?;
        }
        Ok(())
    }

    /// Makes phrases of the vocabulary.
    fn read_vocabulary(&mut self, reader: &Reader<'_>) -> Result<(), KnowledgeError> {
        for (at, entry) in self.vocabulary.iter().enumerate() {
            if self.vocabulary[..at].iter().any(|before| before.is == entry.is) {
                return Err(
                    reader.wrong(format!("vocabulary[{at}].is"), format!("{} is there twice", entry.is))
                );
            }
            let own = (!entry.counts).then_some(&entry.is);
            for (said_at, said) in entry.said.iter().chain(own).enumerate() {
                let key = || format!("vocabulary[{at}].said[{said_at}]");
                let words = words(said);
                if words.is_empty() {
                    return Err(reader.wrong(key(), "it holds no word"));
                }
                if let Some(before) = self.phrases.add(words, &entry.is, entry.counts) {
                    return Err(reader.wrong(key(), format!("{said:?} means {before} already")));
                }
            }
        }
        Ok(())
    }

    fn check_meanings(
        &self,
        reader: &Reader<'_>,
        key: &str,
        meanings: &[String],
    ) -> Result<(), KnowledgeError> {
        let unknown = meanings.iter().find(|is| !self.vocabulary.iter().any(|entry| entry.is == **is));
        unknown.map_or(Ok(()), |is| Err(reader.wrong(key, format!("the vocabulary has no {is:?}"))))
    }

    fn check_services(
        &self,
        reader: &Reader<'_>,
        key: &str,
        services: &[String],
    ) -> Result<(), KnowledgeError> {
        let unknown = services.iter().find(|id| !self.services.contains_key(*id));
        unknown.map_or(Ok(()), |id| Err(reader.wrong(key, format!("{id:?} is none of its services"))))
    }
}
