//! How the marketplace's operations are called: a file a noun, each knows its own.

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

/// What a row's operation needs, if it is one of the marketplace.
pub async fn prepare(_app: &App, _row: &Row, _somebody: &Somebody) -> Option<Prepared> {
    None
}
