//! What a checked token says.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::model::users::Role;

/// Who vouches for a caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Issuer {
    /// Accounts kept here.
    Local,
    /// Guests.
    Guest,
    /// A configured OIDC issuer, by its `iss`.
    External(Arc<str>),
}

/// What a checked token says.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who vouches.
    pub issuer: Issuer,
    /// Who they are there.
    pub subject: String,
    /// The role that the token names, if its issuer may give it.
    pub role: Option<Role>,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}
