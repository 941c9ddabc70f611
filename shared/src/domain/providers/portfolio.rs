//! What a provider shows.

use diesel_async::AsyncConnection;

use super::{lock_own, no_provider, refuse};
use crate::auth::Actor;
use crate::db;
use crate::db::idempotency::Reply;
use crate::db::providers::Caption;
use crate::domain::{Domain, Once};
use crate::error::{Code, Error, Problem, Result};
use crate::model::catalog::Catalog;
use crate::model::media::Media;
use crate::model::providers::PortfolioItem;
use crate::model::{MediaId, PortfolioItemId, ProviderId};

/// The most that one provider shows.
const MOST_ITEMS: i64 = 100;

/// Something shown, and the picture or film that it is.
pub type Shown = (PortfolioItem, Media);

/// What is said of something shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Show {
    /// Slug of the service that it shows; null takes it away.
    pub service_id: Option<Option<String>>,
    /// A few words.
    pub title: Option<Option<String>>,
    /// More of them.
    pub description: Option<Option<String>>,
}

impl Show {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let named = self.service_id.as_ref().and_then(Option::as_deref);
        match named {
            Some(id) if catalog.service(id).is_none() => {
                let message = "There is no such service; GET /services/catalog lists them.";
                vec![Problem::new("/service_id", message)]
            }
            _ => Vec::new(),
        }
    }

    /// What stays is not said; null takes away.
    fn of(self, before: Caption) -> Caption {
        let text = |said: Option<Option<String>>, before: String| {
            said.map_or(before, |text| text.unwrap_or_default().trim().to_owned())
        };
        Caption {
            service_id: self.service_id.unwrap_or(before.service_id),
            title: text(self.title, before.title),
            description: text(self.description, before.description),
        }
    }
}

impl Domain {
    /// What a provider shows, the newest first.
    ///
    /// # Errors
    /// `not_found` where the caller does not see the provider.
    pub async fn portfolio(
        &self,
        actor: &Actor,
        id: ProviderId,
        after: Option<PortfolioItemId>,
        limit: i64,
    ) -> Result<Vec<Shown>> {
        let mut conn = self.queue.db.conn().await?;
        db::providers::card(&mut conn, actor.scope(), id).await?.ok_or_else(no_provider)?;
        db::providers::portfolio_of(&mut conn, id, after, limit).await
    }

    /// Shows a picture or film of the provider's owner.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`, also for media of others; `illegal_move` if it is shown already, or a
    /// hundred are.
    pub async fn add_portfolio_item(
        &self,
        actor: &Actor,
        id: ProviderId,
        media: MediaId,
        show: Show,
        once: &Once<'_, Shown>,
    ) -> Result<Reply> {
        refuse(show.problems(&self.catalog()))?;
        let nothing = Caption { service_id: None, title: String::new(), description: String::new() };
        let caption = show.of(nothing);
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if let Some(before) = once.answered(conn).await? {
                return Ok(before);
            }
            let provider = lock_own(conn, actor, id, "provider.add_portfolio_item").await?;
            let held = db::media::hold_own(conn, provider.user_id, &[media]).await?;
            let media = held.into_iter().next().ok_or_else(Error::not_yours)?;
            if db::providers::count_portfolio(conn, id).await? >= MOST_ITEMS {
                let detail = "A portfolio has at most 100 pictures and films. Take one out first.";
                return Err(Error::new(Code::IllegalMove).detail(detail));
            }
            let item = db::providers::add_portfolio_item(conn, id, media.id, &caption).await?;
            let item = item.ok_or_else(|| {
                Error::new(Code::IllegalMove)
                    .detail("You show this already. Change what is said of it instead.")
            })?;
            once.answer(conn, &(item, media)).await
        })
        .await
    }

    /// Says something else of what is shown.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`; `not_found`.
    pub async fn change_portfolio_item(
        &self,
        actor: &Actor,
        id: ProviderId,
        item: PortfolioItemId,
        show: Show,
    ) -> Result<Shown> {
        refuse(show.problems(&self.catalog()))?;
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            lock_own(conn, actor, id, "provider.change_portfolio_item").await?;
            let (before, media) = db::providers::portfolio_item(conn, id, item).await?;
            let PortfolioItem { service_id, title, description, .. } = before;
            let caption = show.clone().of(Caption { service_id, title, description });
            Ok((db::providers::change_portfolio_item(conn, item, &caption).await?, media))
        })
        .await
    }

    /// Shows something no longer; it stays in the owner's media.
    ///
    /// # Errors
    /// `not_yours`; `not_found`.
    pub async fn remove_portfolio_item(
        &self,
        actor: &Actor,
        id: ProviderId,
        item: PortfolioItemId,
    ) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            lock_own(conn, actor, id, "provider.remove_portfolio_item").await?;
            db::providers::remove_portfolio_item(conn, id, item).await
        })
        .await
    }
}
