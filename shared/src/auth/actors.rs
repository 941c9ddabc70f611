//! Actors: proof that somebody was authenticated, and as what.

use chrono::{DateTime, Utc};

use crate::error::{Code, Error, Result};
use crate::model::UserId;
use crate::model::users::Role;

/// Any caller with a valid token, guests too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    user_id: UserId,
    role: Role,
    token_made: DateTime<Utc>,
}

impl Actor {
    pub(super) fn new(user_id: UserId, role: Role, token_made: DateTime<Utc>) -> Self {
        Self { user_id, role, token_made }
    }

    /// When the token was made that proves it.
    pub(super) fn token_made(&self) -> DateTime<Utc> {
        self.token_made
    }

    /// Who.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.user_id
    }

    /// As what.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }
}

/// A caller with the role consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumer(Actor);

impl Consumer {
    /// Who.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.0.user_id
    }
}

impl TryFrom<Actor> for Consumer {
    type Error = Error;

    /// # Errors
    /// `account_required` for a guest, `wrong_role` for any other.
    fn try_from(actor: Actor) -> Result<Self> {
        match actor.role {
            Role::Consumer => Ok(Self(actor)),
            Role::Guest => Err(Error::new(Code::AccountRequired)),
            Role::Provider | Role::Admin => Err(Error::new(Code::WrongRole)
                .detail("Only a consumer may do this. Sign in with a consumer's account.")),
        }
    }
}
