//! Consumers: who needs work done.

use diesel::prelude::*;

use super::UserId;
use crate::db::schema::consumer_profiles;

/// A row of `consumer_profiles`: what a consumer says beside the name.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = consumer_profiles, check_for_backend(diesel::pg::Pg))]
pub struct ConsumerProfile {
    /// Who.
    pub user_id: UserId,
    /// Where they are reached; the account's if absent.
    pub email: Option<String>,
    /// Where they are reached.
    pub phone: Option<String>,
    /// Where they live: street and number.
    pub street: Option<String>,
    /// Where they live.
    pub city: Option<String>,
    /// IANA zone of it.
    pub zone: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}
