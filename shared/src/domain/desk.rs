//! The domain behind the agent's tools.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;

use super::{CurrentCatalog, drafts};
use crate::agent::{Conversation, Desk, SearchProviders, Standing, UpdateRequestDraft};
use crate::db;
use crate::db::Conn;
use crate::db::providers::Wanted;
use crate::error::Result;
use crate::model::catalog::Catalog;
use crate::model::places::place;
use crate::model::providers::Candidate;

/// How many providers a search shows if it does not say.
const SHOWN: i64 = 5;
/// How many at most.
const MOST_SHOWN: i64 = 10;

/// Serves the agent's tools from the domain.
#[derive(Clone)]
pub struct DomainDesk {
    catalog: CurrentCatalog,
}

impl DomainDesk {
    /// A desk with this catalog.
    #[must_use]
    pub fn new(catalog: CurrentCatalog) -> Self {
        Self { catalog }
    }
}

impl Desk for DomainDesk {
    fn catalog(&self) -> Arc<Catalog> {
        self.catalog.get()
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, chat: &'a Conversation) -> BoxFuture<'a, Result<Standing>> {
        drafts::standing(conn, chat).boxed()
    }

    fn update_request_draft<'a>(
        &'a self,
        conn: &'a mut Conn,
        chat: &'a Conversation,
        change: UpdateRequestDraft,
    ) -> BoxFuture<'a, Result<Standing>> {
        async move { drafts::gather(conn, chat, change, &self.catalog.get()).await }.boxed()
    }

    fn search_providers<'a>(
        &'a self,
        conn: &'a mut Conn,
        chat: &'a Conversation,
        search: SearchProviders,
    ) -> BoxFuture<'a, Result<Vec<Candidate>>> {
        async move {
            let wanted = Wanted {
                service_id: &search.service_id,
                city: &search.city,
                location: place(&search.city).map(|place| place.location),
                not_user: Some(chat.user_id()),
                limit: search.limit.unwrap_or(SHOWN).clamp(1, MOST_SHOWN),
            };
            db::providers::find(conn, &wanted).await
        }
        .boxed()
    }
}
