//! Actors: proof that somebody was authenticated, and as what. Nobody outside this module can make one.

use std::ops::Deref;

use chrono::{DateTime, Utc};

use crate::error::{Code, Error, Result};
use crate::model::UserId;
use crate::model::users::{Role, User, UserStatus};

/// Any caller with a valid token, guests too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    user_id: UserId,
    role: Role,
    token_made: DateTime<Utc>,
    delegate: bool,
}

impl Actor {
    pub(super) fn new(user_id: UserId, role: Role, token_made: DateTime<Utc>) -> Self {
        Self { user_id, role, token_made, delegate: false }
    }

    /// Who acts for a user while they are away: with their role, and never with more than what is their own.
    ///
    /// # Errors
    /// `account_closed` unless the account is open.
    pub(crate) fn delegate(user: &User) -> Result<Self> {
        if user.status != UserStatus::Active {
            return Err(Code::AccountClosed.into());
        }
        Ok(Self { delegate: true, ..Self::new(user.id, user.role, Utc::now()) })
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

    /// What they may read and move: what is theirs; an admin in person, everything.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { user_id: self.user_id, all: self.role == Role::Admin && !self.delegate }
    }
}

/// Whose things a query may touch.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// This user's.
    pub(crate) user_id: UserId,
    /// And everybody else's.
    pub(crate) all: bool,
}

impl From<UserId> for Scope {
    /// One user's things and no other's.
    fn from(user_id: UserId) -> Self {
        Self { user_id, all: false }
    }
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Rule {
    /// Anybody; a token is not needed, but a bad one is refused.
    Public,
    /// Anybody with a valid token, guests too.
    Any,
    /// Anybody but guests.
    #[strum(serialize = "signed in")]
    SignedIn,
    /// The role consumer.
    Consumer,
    /// The role provider.
    Provider,
    /// The role admin.
    Admin,
}

impl Rule {
    /// Whether a caller may call.
    ///
    /// # Errors
    /// `unauthenticated` without a token, `account_required` for a guest, `wrong_role` for any other.
    pub fn admits(self, actor: Option<&Actor>) -> Result<()> {
        let Some(actor) = actor else {
            return if self == Self::Public { Ok(()) } else { Err(Code::Unauthenticated.into()) };
        };
        let admitted = match self {
            Self::Public | Self::Any => true,
            Self::SignedIn => actor.role != Role::Guest,
            Self::Consumer => actor.role == Role::Consumer,
            Self::Provider => actor.role == Role::Provider,
            Self::Admin => actor.role == Role::Admin,
        };
        match actor.role {
            _ if admitted => Ok(()),
            Role::Guest => Err(Code::AccountRequired.into()),
            role => {
                let detail = format!("This is for the role {self}; you are signed in as {role}.");
                Err(Error::new(Code::WrongRole).detail(detail))
            }
        }
    }
}

/// What a handler may take as its caller; the type is the declaration of who may call.
pub trait Caller: private::Mint + 'static {
    /// Who may call.
    const RULE: Rule;

    /// The caller, if the rule admits them.
    ///
    /// # Errors
    /// As [`Rule::admits`].
    fn admitted(actor: Option<Actor>) -> Result<Self> {
        Self::RULE.admits(actor.as_ref())?;
        Self::mint(actor).ok_or_else(|| Code::Unauthenticated.into())
    }

    /// The caller, whatever the rule says: what a test sees that forgot the rule.
    #[cfg(feature = "mutation")]
    fn admitted_unchecked(actor: Option<Actor>) -> Self {
        let nobody = Actor::new(UserId(uuid::Uuid::nil()), Role::Guest, Utc::now());
        #[allow(clippy::expect_used, reason = "tests only")]
        Self::mint(Some(actor.unwrap_or(nobody))).expect("an actor")
    }
}

mod private {
    use super::Actor;

    /// Makes the proof; not to be named outside.
    pub trait Mint: Sized {
        fn mint(actor: Option<Actor>) -> Option<Self>;
    }
}

/// Anybody, with a token or without.
#[derive(Clone, Copy, Debug)]
pub struct Anyone(pub Option<Actor>);

impl private::Mint for Anyone {
    fn mint(actor: Option<Actor>) -> Option<Self> {
        Some(Self(actor))
    }
}

impl Caller for Anyone {
    const RULE: Rule = Rule::Public;
}

impl private::Mint for Actor {
    fn mint(actor: Option<Actor>) -> Option<Self> {
        actor
    }
}

impl Caller for Actor {
    const RULE: Rule = Rule::Any;
}

macro_rules! actor {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(Actor);

        impl Deref for $name {
            type Target = Actor;

            fn deref(&self) -> &Actor {
                &self.0
            }
        }

        impl private::Mint for $name {
            fn mint(actor: Option<Actor>) -> Option<Self> {
                actor.map(Self)
            }
        }

        impl Caller for $name {
            const RULE: Rule = Rule::$name;
        }
    };
}

/// A guest: somebody without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guest(Actor);

impl Deref for Guest {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

impl TryFrom<Actor> for Guest {
    type Error = Error;

    /// # Errors
    /// `wrong_role` for anybody who has an account.
    fn try_from(actor: Actor) -> Result<Self> {
        if actor.role == Role::Guest { Ok(Self(actor)) } else { Err(Code::WrongRole.into()) }
    }
}

actor!(
    /// A caller who has an account, whatever the role.
    SignedIn
);
actor!(
    /// A caller with the role consumer.
    Consumer
);
actor!(
    /// A caller with the role provider.
    Provider
);
actor!(
    /// A caller with the role admin.
    Admin
);
