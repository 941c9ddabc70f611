//! How providers word offers. The caller has locked the provider, or found it in its scope.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::provider_templates;
use crate::error::{Code, Error, Result};
use crate::model::providers::Template;
use crate::model::{ProviderId, TemplateId};

/// A template as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = provider_templates, treat_none_as_null = true)]
pub struct Wording {
    /// For which service; for all if absent.
    pub service_id: Option<String>,
    /// What they call it.
    pub name: String,
    /// The text.
    pub body: String,
}

/// Templates of a provider after an id, in order of their making.
///
/// # Errors
/// When the database is away.
pub async fn templates_of(
    conn: &mut Conn,
    id: ProviderId,
    after: Option<TemplateId>,
    limit: i64,
) -> Result<Vec<Template>> {
    let mut query = provider_templates::table
        .filter(provider_templates::provider_id.eq(id))
        .order(provider_templates::id)
        .limit(limit)
        .select(Template::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(provider_templates::id.gt(after));
    }
    Ok(query.load(conn).await?)
}

/// How many templates a provider has.
///
/// # Errors
/// When the database is away.
pub async fn count_templates(conn: &mut Conn, id: ProviderId) -> Result<i64> {
    let theirs = provider_templates::table.filter(provider_templates::provider_id.eq(id));
    Ok(theirs.count().get_result(conn).await?)
}

/// A template of a provider.
///
/// # Errors
/// `not_found`.
pub async fn template_of(conn: &mut Conn, id: ProviderId, template: TemplateId) -> Result<Template> {
    provider_templates::table
        .filter(provider_templates::provider_id.eq(id).and(provider_templates::id.eq(template)))
        .select(Template::as_select())
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(no_template)
}

/// Adds a template.
///
/// # Errors
/// `illegal_move` if one of this name is there.
pub async fn add_template(conn: &mut Conn, id: ProviderId, wording: &Wording) -> Result<Template> {
    Ok(diesel::insert_into(provider_templates::table)
        .values((
            provider_templates::id.eq(TemplateId::new()),
            provider_templates::provider_id.eq(id),
            wording,
        ))
        .returning(Template::as_select())
        .get_result(conn)
        .await?)
}

/// Words a template otherwise.
///
/// # Errors
/// `illegal_move` if another of this name is there.
pub async fn change_template(conn: &mut Conn, template: TemplateId, wording: &Wording) -> Result<Template> {
    Ok(diesel::update(provider_templates::table.find(template))
        .set(wording)
        .returning(Template::as_select())
        .get_result(conn)
        .await?)
}

/// Deletes a template of a provider.
///
/// # Errors
/// `not_found`.
pub async fn remove_template(conn: &mut Conn, id: ProviderId, template: TemplateId) -> Result<()> {
    let theirs = provider_templates::table
        .filter(provider_templates::provider_id.eq(id).and(provider_templates::id.eq(template)));
    match diesel::delete(theirs).execute(conn).await? {
        0 => Err(no_template()),
        _ => Ok(()),
    }
}

fn no_template() -> Error {
    Error::new(Code::NotFound).detail("There is no such template; GET /providers/{id}/templates lists yours.")
}
