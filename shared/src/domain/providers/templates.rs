//! How a provider words offers.

use diesel_async::AsyncConnection;

use super::{lock_own, refuse};
use crate::auth::Actor;
use crate::db;
use crate::db::idempotency::Reply;
use crate::db::providers::Wording;
use crate::domain::{Domain, Once};
use crate::error::{Code, Error, Problem, Result};
use crate::model::catalog::Catalog;
use crate::model::providers::Template;
use crate::model::{ProviderId, TemplateId};

/// The most templates of one provider.
const MOST_TEMPLATES: i64 = 100;
/// What a text may hold in braces.
const BLANKS: [&str; 4] = ["first_name", "service", "price", "slot"];

/// A template as somebody writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// For which service; for all if absent.
    pub service_id: Option<String>,
    /// What they call it.
    pub name: String,
    /// The text.
    pub body: String,
}

/// Some of a template, written otherwise: what is not said stays, null takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateChange {
    /// For which service.
    pub service_id: Option<Option<String>>,
    /// What they call it.
    pub name: Option<String>,
    /// The text.
    pub body: Option<String>,
}

impl Words {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.service_id.as_deref().is_some_and(|id| catalog.service(id).is_none()) {
            let message = "There is no such service; GET /services/catalog lists them.";
            problems.push(Problem::new("/service_id", message));
        }
        if self.name.trim().is_empty() {
            problems.push(Problem::new("/name", "Say what you call it."));
        }
        if self.body.trim().is_empty() {
            problems.push(Problem::new("/body", "Write something."));
        }
        let blanks =
            self.body.split('{').skip(1).map(|rest| rest.split_once('}').map_or("", |(name, _)| name));
        if blanks.into_iter().any(|name| !BLANKS.contains(&name)) {
            let message = "In braces stand {first_name}, {service}, {price} and {slot} only.";
            problems.push(Problem::new("/body", message));
        }
        problems
    }

    fn wording(self) -> Wording {
        Wording { service_id: self.service_id, name: self.name.trim().to_owned(), body: self.body }
    }
}

impl TemplateChange {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let anything = Words { service_id: None, name: "-".to_owned(), body: "-".to_owned() };
        self.clone().of(anything).problems(catalog)
    }

    fn of(self, before: Words) -> Words {
        Words {
            service_id: self.service_id.unwrap_or(before.service_id),
            name: self.name.unwrap_or(before.name),
            body: self.body.unwrap_or(before.body),
        }
    }
}

impl Domain {
    /// A provider's templates after an id, for its owner.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn templates(
        &self,
        actor: &Actor,
        id: ProviderId,
        after: Option<TemplateId>,
        limit: i64,
    ) -> Result<Vec<Template>> {
        let mut conn = self.queue.db.conn().await?;
        db::providers::find_for(&mut conn, actor.scope(), id).await?;
        db::providers::templates_of(&mut conn, id, after, limit).await
    }

    /// Writes a template.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`; `illegal_move` if one of this name is there, or a hundred are.
    pub async fn add_template(
        &self,
        actor: &Actor,
        id: ProviderId,
        words: Words,
        once: &Once<'_, Template>,
    ) -> Result<Reply> {
        refuse(words.problems(&self.catalog()))?;
        let wording = words.wording();
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if let Some(before) = once.answered(conn).await? {
                return Ok(before);
            }
            lock_own(conn, actor, id, "provider.add_template").await?;
            if db::providers::count_templates(conn, id).await? >= MOST_TEMPLATES {
                return Err(Error::new(Code::IllegalMove).detail("A provider has at most 100 templates."));
            }
            let added = db::providers::add_template(conn, id, &wording).await.map_err(named)?;
            once.answer(conn, &added).await
        })
        .await
    }

    /// Writes a template otherwise.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`; `not_found`; `illegal_move` if another of this name is there.
    pub async fn change_template(
        &self,
        actor: &Actor,
        id: ProviderId,
        template: TemplateId,
        change: TemplateChange,
    ) -> Result<Template> {
        refuse(change.problems(&self.catalog()))?;
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            lock_own(conn, actor, id, "provider.change_template").await?;
            let before = db::providers::template_of(conn, id, template).await?;
            let words = Words { service_id: before.service_id, name: before.name, body: before.body };
            let wording = change.clone().of(words).wording();
            db::providers::change_template(conn, template, &wording).await.map_err(named)
        })
        .await
    }

    /// Deletes a template.
    ///
    /// # Errors
    /// `not_yours`; `not_found`.
    pub async fn remove_template(&self, actor: &Actor, id: ProviderId, template: TemplateId) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            lock_own(conn, actor, id, "provider.remove_template").await?;
            db::providers::remove_template(conn, id, template).await
        })
        .await
    }
}

/// What the unique name refuses, in words.
fn named(error: Error) -> Error {
    match error.code {
        Code::IllegalMove => error.detail("You have a template of this name already. Choose another name."),
        _ => error,
    }
}
