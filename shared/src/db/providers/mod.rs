//! Queries on providers.

mod candidates;
mod edit;
mod insert;
mod portfolio;
mod read;
mod search;
mod services;
mod stats;
mod templates;

pub use candidates::{Wanted, find};
use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
pub use edit::{Settings, say, set_settings, set_status};
pub use insert::{NewAvailability, NewProvider, NewProviderService, insert};
pub use portfolio::{
    Caption, add_portfolio_item, change_portfolio_item, count_portfolio, portfolio_item, portfolio_of,
    remove_portfolio_item,
};
pub use read::{Cards, WithServices, card, find_for, get, lock, lock_for, services_of, with_services};
#[cfg(feature = "test_support")]
pub(crate) use search::searching;
pub use search::{After, Found, Order, Search, meaning_of, search};
pub use services::{add_service, change_service, count_services, owed, remove_service, service_of};
pub use stats::{Counts, counts, price_won, revenue};
pub use templates::{
    Wording, add_template, change_template, count_templates, remove_template, template_of, templates_of,
};

use super::Conn;
use super::owned::own;
use super::schema::providers;
use crate::error::Result;
use crate::model::UserId;

/// Whether a user has a provider's profile.
///
/// # Errors
/// When the database is away.
pub async fn is_one(conn: &mut Conn, user: UserId) -> Result<bool> {
    let theirs = providers::table.filter(own!("providers.is_one", providers::user_id, user));
    Ok(select(exists(theirs)).get_result(conn).await?)
}
