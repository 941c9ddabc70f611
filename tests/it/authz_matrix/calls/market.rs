//! How the marketplace's operations are called: a file a noun, each knows its own.

use super::{
    Prepared, Somebody, catalog, consumers, enrollment, leads, media, notifications, offers, providers,
    requests, reviews, said, slots,
};
use crate::authz_matrix::table::Row;
use crate::support::App;

/// What a row's operation needs, if it is one of the marketplace.
pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    if let Some(prepared) = catalog::prepare(app, row).await {
        return Some(prepared);
    }
    /// The first noun that knows it.
    macro_rules! first {
        ($($noun:ident),+ $(,)?) => {
            $( if let Some(prepared) = $noun::prepare(app, row, somebody).await { return Some(prepared); } )+
        };
    }
    first!(
        said,
        enrollment,
        providers,
        requests,
        leads,
        consumers,
        notifications,
        slots,
        media,
        offers,
        reviews
    );
    None
}

/// What its path ends with, if it takes a query.
pub fn query(row: &Row) -> String {
    slots::query(row).unwrap_or_default()
}
