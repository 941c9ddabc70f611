//! Providers brought along from elsewhere by an operator, many at once.

use std::collections::HashSet;
use std::ops::Range;

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::providers::NewBusiness;
use super::reviews::first_name;
use super::{Domain, audit};
use crate::db;
use crate::db::import::{Imported, ImportedReview};
use crate::db::providers::NewProvider;
use crate::error::{Error, Problem, Result};
use crate::model::catalog::Catalog;
use crate::model::{ProviderId, UserId};

/// The issuer of imported users: nobody can sign in as one.
const ISSUER: &str = "proxie/import";

/// A provider as it was elsewhere.
#[derive(Clone, Debug)]
pub struct Import {
    /// The importer's own name of it: imported once.
    pub external_id: String,
    /// What it would have said to become a provider here.
    pub business: NewBusiness,
    /// What was said of it.
    pub reviews: Vec<Review>,
}

/// What was said of a provider elsewhere.
#[derive(Clone, Debug)]
pub struct Review {
    /// By whom; their first name is kept.
    pub author: String,
    /// 1 to 5.
    pub rating: i32,
    /// In their words.
    pub text: String,
    /// What the provider said to it.
    pub response: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// What became of providers that were to be imported.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many are new.
    pub imported: usize,
    /// How many were there already, or have left for ever.
    pub there: usize,
    /// Which ones the database refuses, by their place among those given, and why.
    pub refused: Vec<(usize, Error)>,
}

impl Import {
    /// Everything that is wrong with what its shape cannot say, but for the business.
    #[must_use]
    pub fn problems(external_id: &str, reviews: &[Review]) -> Vec<Problem> {
        let mut problems = Vec::new();
        if external_id.trim().is_empty() {
            problems.push(Problem::new("/external_id", "Name it."));
        }
        let now = Utc::now();
        for (at, review) in reviews.iter().enumerate() {
            if !(DateTime::UNIX_EPOCH..=now).contains(&review.created_at) {
                let pointer = format!("/reviews/{at}/created_at");
                problems.push(Problem::new(pointer, "Must be between 1970 and now."));
            }
        }
        problems
    }

    fn rows(&self, catalog: &Catalog) -> Result<Imported> {
        let row = self.business.about.row(UserId::new())?;
        let provider = NewProvider { external_id: Some(self.external_id.clone()), ..row };
        let offered = self.business.services.iter();
        let services = offered.map(|one| one.row(provider.id, catalog)).collect::<Result<_>>()?;
        let hours = self.business.hours(provider.id)?;
        Ok(Imported::new(provider, services, hours, self.reviews.iter().map(Review::row).collect()))
    }
}

impl Review {
    fn row(&self) -> ImportedReview {
        let response = self.response.as_deref().map(str::trim).filter(|response| !response.is_empty());
        ImportedReview {
            author: first_name(&self.author).to_owned(),
            rating: self.rating,
            text: self.text.trim().to_owned(),
            response: response.map(str::to_owned),
            created_at: self.created_at,
        }
    }
}

impl Domain {
    /// Imports providers that are free of problems and whose names differ, each with a user who cannot sign in; what is
    /// there under a name stays as it is. Licensed services wait for an admin, as everywhere. Requests that nobody fits
    /// yet are matched again soon. What the database refuses keeps nobody else out.
    ///
    /// `run` stands in the audit log for the import that this is a part of.
    ///
    /// # Errors
    /// When the database is away for long: then some of them may be there.
    pub async fn import_providers(&self, run: Uuid, given: &[Import]) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut new: Vec<usize> = (0..given.len()).collect();
        let names = || given.iter().map(|one| one.external_id.clone()).collect();
        let known = db::retry(|| async {
            db::import::known(&mut *self.queue.db.conn().await?, ISSUER, names()).await
        });
        let known: HashSet<String> = known.await?.into_iter().collect();
        new.retain(|at| !known.contains(&given[*at].external_id));
        outcome.there = given.len() - new.len();

        let catalog = self.catalog();
        let rows: Vec<Imported> = new.iter().map(|at| given[*at].rows(&catalog)).collect::<Result<_>>()?;
        let whole = 0..rows.len();
        let mut parts: Vec<Range<usize>> = vec![whole];
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            match db::retry(|| self.import_part(run, &rows[part.clone()])).await {
                Ok(made) => {
                    outcome.imported += made;
                    outcome.there += part.len() - made;
                }
                Err(error) if error.is_transient() => return Err(error),
                // One of them does not do: halves, until it stands alone.
                Err(_) if part.len() > 1 => {
                    let middle = part.start + part.len() / 2;
                    parts.extend([middle..part.end, part.start..middle]);
                }
                Err(error) => outcome.refused.push((new[part.start], error)),
            }
        }
        Ok(outcome)
    }

    /// All of them or none; answers how many are new.
    async fn import_part(&self, run: Uuid, rows: &[Imported]) -> Result<usize> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let made: Vec<ProviderId> = db::import::insert(conn, ISSUER, rows).await?;
            if !made.is_empty() {
                let note = json!({"imported": made.len()});
                audit::record(conn, None, "providers.import", run, None, note).await?;
                db::matching::wake(conn, &made).await?;
            }
            Ok(made.len())
        })
        .await
    }
}
