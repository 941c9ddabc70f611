//! What providers show. The caller has locked the provider, or knows that it is seen.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::{media, portfolio_items};
use crate::error::{Code, Error, Result};
use crate::model::media::Media;
use crate::model::providers::PortfolioItem;
use crate::model::{MediaId, PortfolioItemId, ProviderId};

/// What a portfolio says of a picture or film.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = portfolio_items, treat_none_as_null = true)]
pub struct Caption {
    /// What it shows.
    pub service_id: Option<String>,
    /// A few words.
    pub title: String,
    /// More of them.
    pub description: String,
}

/// What a provider shows, after an item, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn portfolio_of(
    conn: &mut Conn,
    id: ProviderId,
    after: Option<PortfolioItemId>,
    limit: i64,
) -> Result<Vec<(PortfolioItem, Media)>> {
    let mut query = portfolio_items::table
        .inner_join(media::table.on(media::id.eq(portfolio_items::media_id)))
        .filter(portfolio_items::provider_id.eq(id))
        .order(portfolio_items::id.desc())
        .limit(limit)
        .select((PortfolioItem::as_select(), Media::as_select()))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(portfolio_items::id.lt(after));
    }
    Ok(query.load(conn).await?)
}

/// How much a provider shows.
///
/// # Errors
/// When the database is away.
pub async fn count_portfolio(conn: &mut Conn, id: ProviderId) -> Result<i64> {
    let theirs = portfolio_items::table.filter(portfolio_items::provider_id.eq(id));
    Ok(theirs.count().get_result(conn).await?)
}

/// One thing that a provider shows.
///
/// # Errors
/// `not_found`.
pub async fn portfolio_item(
    conn: &mut Conn,
    id: ProviderId,
    item: PortfolioItemId,
) -> Result<(PortfolioItem, Media)> {
    portfolio_items::table
        .inner_join(media::table.on(media::id.eq(portfolio_items::media_id)))
        .filter(portfolio_items::provider_id.eq(id).and(portfolio_items::id.eq(item)))
        .select((PortfolioItem::as_select(), Media::as_select()))
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(no_item)
}

/// Shows one thing more; answers nothing if it is shown already.
///
/// # Errors
/// When the database is away.
pub async fn add_portfolio_item(
    conn: &mut Conn,
    id: ProviderId,
    media: MediaId,
    caption: &Caption,
) -> Result<Option<PortfolioItem>> {
    Ok(diesel::insert_into(portfolio_items::table)
        .values((
            portfolio_items::id.eq(PortfolioItemId::new()),
            portfolio_items::provider_id.eq(id),
            portfolio_items::media_id.eq(media),
            caption,
        ))
        .on_conflict((portfolio_items::provider_id, portfolio_items::media_id))
        .do_nothing()
        .returning(PortfolioItem::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// Says something else of one thing.
///
/// # Errors
/// When the database is away.
pub async fn change_portfolio_item(
    conn: &mut Conn,
    item: PortfolioItemId,
    caption: &Caption,
) -> Result<PortfolioItem> {
    Ok(diesel::update(portfolio_items::table.find(item))
        .set(caption)
        .returning(PortfolioItem::as_select())
        .get_result(conn)
        .await?)
}

/// Shows one thing no longer; the picture or film stays its owner's.
///
/// # Errors
/// `not_found`.
pub async fn remove_portfolio_item(conn: &mut Conn, id: ProviderId, item: PortfolioItemId) -> Result<()> {
    let theirs =
        portfolio_items::table.filter(portfolio_items::provider_id.eq(id).and(portfolio_items::id.eq(item)));
    match diesel::delete(theirs).execute(conn).await? {
        0 => Err(no_item()),
        _ => Ok(()),
    }
}

fn no_item() -> Error {
    Error::new(Code::NotFound)
        .detail("This is not in your portfolio; GET /providers/{id}/portfolio lists it.")
}
