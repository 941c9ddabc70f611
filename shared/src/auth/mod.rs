//! Who is calling: tokens in and out, and the actors that domain functions take.
//!
//! Only this module can make an actor, so a domain function that takes one cannot be reached without a token.

mod actors;
mod tokens;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use actors::{Actor, Consumer};
use chrono::Utc;
use moka::future::Cache;
pub use tokens::{ACCESS_TTL, GUEST_TTL, Identity, Issuer, Tokens};

use crate::error::{Code, Error, Result};
use crate::model::users::{Role, User, UserStatus};

/// Finds the user of a token; the domain implements it.
pub trait UserDirectory: Send + Sync + 'static {
    /// The user of this identity; made if the issuer may make users.
    ///
    /// # Errors
    /// `unauthenticated` when there is none and none is made.
    fn user(&self, identity: &Identity) -> impl Future<Output = Result<User>> + Send;
}

/// The age from which a guest's token is answered with a fresh one.
const RENEW_GUEST_AFTER: chrono::Duration = chrono::Duration::days(1);
/// How long a user's row is believed: an account that is closed stops working within this time.
const USER_TTL: Duration = Duration::from_secs(5);
/// The most users that are remembered.
const USERS: u64 = 100_000;

/// Turns tokens into actors.
pub struct Authenticator<D> {
    tokens: Tokens,
    directory: D,
    users: Cache<(Issuer, String), Arc<User>>,
}

impl<D: UserDirectory> Authenticator<D> {
    /// Checks with `tokens`, looks up in `directory`.
    #[must_use]
    pub fn new(tokens: Tokens, directory: D) -> Self {
        let users = Cache::builder().max_capacity(USERS).time_to_live(USER_TTL).build();
        Self { tokens, directory, users }
    }

    /// A guest that was made just now.
    #[must_use]
    pub fn guest(&self, guest: &User) -> Actor {
        Actor::new(guest.id, Role::Guest, Utc::now())
    }

    /// A fresh token for a guest whose token is older than a day.
    ///
    /// # Errors
    /// When signing fails.
    pub fn renewed_guest_token(&self, actor: &Actor) -> Result<Option<String>> {
        let old = Utc::now() - actor.token_made() > RENEW_GUEST_AFTER;
        if actor.role() != Role::Guest || !old {
            return Ok(None);
        }
        self.tokens.guest(actor.user_id()).map(Some)
    }

    /// The tokens that it believes.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The caller that a token stands for.
    ///
    /// # Errors
    /// `unauthenticated`, `account_closed`; `unavailable` when the database is away.
    pub async fn authenticate(&self, token: &str) -> Result<Actor> {
        let identity = self.tokens.verify(token)?;
        let key = (identity.issuer, identity.subject.clone());
        let user = match self.users.get(&key).await {
            Some(user) => user,
            None => {
                let user = Arc::new(self.directory.user(&identity).await?);
                self.users.insert(key, Arc::clone(&user)).await;
                user
            }
        };
        if user.status != UserStatus::Active {
            return Err(Error::new(Code::AccountClosed));
        }
        Ok(Actor::new(user.id, role_of(&identity, &user), identity.issued_at))
    }
}

/// The token's role, unless the row's has changed since the token was made; a guest stays one.
fn role_of(identity: &Identity, user: &User) -> Role {
    match (identity.issuer, identity.role) {
        (Issuer::Guest, _) => Role::Guest,
        (Issuer::Local, Some(role)) if role != Role::Guest && identity.issued_at >= user.role_changed_at => {
            role
        }
        (Issuer::Local, _) => user.role,
    }
}
