//! A line, checked as a call would be.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use proxie_shared::domain::import::Import;
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::lines::{Chunk, Line};
use crate::http::{self, BODY_MAX};
use crate::views::providers::{ImportBody, PostBody};

/// The most characters that are told of an external id.
const TOLD: usize = 200;

/// A line that is not imported, as it is reported.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// Its number, from one.
    pub line: u64,
    /// The importer's own name of it, if one could be read.
    pub external_id: Option<String>,
    /// Everything that is wrong with it; pointers begin at the line.
    pub problems: Vec<Problem>,
}

/// Lines that go to the database together, and those that do not.
pub struct Batch {
    /// Free of problems, with their numbers.
    pub good: Vec<(u64, Import)>,
    /// The others.
    pub refused: Vec<Refused>,
    /// The bytes of the file that all of them took.
    pub bytes: u64,
}

impl Batch {
    /// Checks each line by the schemas and rules of `POST /providers`.
    pub fn of(chunk: Chunk, catalog: &Catalog) -> Self {
        let mut batch =
            Self { good: Vec::with_capacity(chunk.lines.len()), refused: Vec::new(), bytes: chunk.bytes };
        for line in chunk.lines {
            let number = line.number;
            match check(line, catalog) {
                Ok(import) => batch.good.push((number, import)),
                Err(refused) => batch.refused.push(refused),
            }
        }
        batch
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.good.len() + self.refused.len()
    }
}

fn check(line: Line, catalog: &Catalog) -> Result<Import, Refused> {
    let number = line.number;
    let refuse = |problem: String| Refused {
        line: number,
        external_id: None,
        problems: vec![Problem::new("", problem)],
    };
    let text = line.text.ok_or_else(|| refuse(format!("A line has at most {BODY_MAX} bytes.")))?;
    if std::str::from_utf8(&text).is_err() {
        return Err(refuse("This is not UTF-8.".to_owned()));
    }
    let mut problems = Vec::new();
    let value = http::parse(&text, "", &mut problems)
        .map_err(|error| refuse(format!("This is not JSON, from column {} on.", error.column())))?;
    let Value::Object(mut fields) = value else {
        return Err(refuse("A line is an object.".to_owned()));
    };
    let mut own = Map::new();
    for name in ImportBody::FIELDS {
        own.extend(fields.remove_entry(name));
    }
    let external_id =
        own.get("external_id").and_then(Value::as_str).map(|id| id.chars().take(TOLD).collect());
    let own = http::check::<ImportBody>(catalog, "", own.into(), &mut problems);
    let body = http::check::<PostBody>(catalog, "", fields.into(), &mut problems);
    match (own, body) {
        (Some(own), Some(body)) if problems.is_empty() => Ok(own.with(body)),
        _ => Err(Refused { line: number, external_id, problems }),
    }
}

/// The names of a file so far: a few dozen bytes of each, however long it is. Two names do not share the half of a SHA-256.
#[derive(Default)]
pub struct Names(HashMap<[u8; 16], u64>);

impl Names {
    /// Refuses what has the name of an earlier line that was free of problems.
    pub fn sort_out(&mut self, batch: &mut Batch) {
        let good = std::mem::take(&mut batch.good);
        for (line, import) in good {
            let mut half = [0; 16];
            half.copy_from_slice(&Sha256::digest(import.external_id.as_bytes())[..16]);
            match self.0.entry(half) {
                Entry::Vacant(new) => {
                    new.insert(line);
                    batch.good.push((line, import));
                }
                Entry::Occupied(before) => {
                    let message = format!("Line {} has this name already.", before.get());
                    let problems = vec![Problem::new("/external_id", message)];
                    batch.refused.push(Refused { line, external_id: Some(import.external_id), problems });
                }
            }
        }
    }
}
