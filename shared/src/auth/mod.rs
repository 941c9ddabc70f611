//! Who is calling: tokens in and out, and the actors that domain functions take.
//!
//! Only this module can make an actor, so a domain function that takes one cannot be reached without a token.

mod actors;
mod external;
mod identity;
mod json;
mod jwks;
mod jws;
mod keeper;
mod links;
pub(crate) mod passwords;
mod svix;
mod tokens;
mod verifier;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use actors::{Actor, Admin, Anyone, Caller, Consumer, Guest, Provider, Rule, Scope, SignedIn};
use chrono::{DateTime, Utc};
pub use identity::{Identity, Issuer};
pub use links::{Link, Links, bad_link};
use moka::future::Cache;
pub use svix::Svix;
pub use tokens::{ACCESS_TTL, GUEST_TTL, Tokens};
pub use verifier::Verifier;

use crate::error::{Code, Error, Result};
use crate::model::users::{Role, User, UserStatus};

/// Finds the user of a token; the domain implements it.
pub trait UserDirectory: Send + Sync + 'static {
    /// The user of this identity; made if the issuer may make users.
    ///
    /// # Errors
    /// `unauthenticated` when there is none and none is made.
    fn user(&self, identity: &Identity) -> impl Future<Output = Result<User>> + Send;

    /// Writes the role that a token made at `issued_at` gives, unless the row's has changed since or may not be lowered;
    /// answers the row as it is then.
    ///
    /// # Errors
    /// `unavailable` when the database is away.
    fn sync_role(
        &self,
        user: &User,
        role: Role,
        issued_at: DateTime<Utc>,
    ) -> impl Future<Output = Result<User>> + Send;
}

/// The age from which a guest's token is answered with a fresh one.
const RENEW_GUEST_AFTER: chrono::Duration = chrono::Duration::days(1);
/// How long a user's row is believed: an account that is closed stops working within this time.
const USER_TTL: Duration = Duration::from_secs(5);
/// The most users that are remembered.
const USERS: u64 = 100_000;

/// Turns tokens into actors.
pub struct Authenticator<D> {
    verifier: Verifier,
    directory: D,
    users: Cache<(Issuer, String), Arc<User>>,
}

impl<D: UserDirectory> Authenticator<D> {
    /// Checks with `verifier`, looks up in `directory`.
    #[must_use]
    pub fn new(verifier: Verifier, directory: D) -> Self {
        let users = Cache::builder().max_capacity(USERS).time_to_live(USER_TTL).build();
        Self { verifier, directory, users }
    }

    /// A guest that was made just now.
    ///
    /// # Errors
    /// `unauthenticated` for whoever is no guest.
    pub fn guest(&self, guest: &User) -> Result<Actor> {
        match guest.role {
            Role::Guest => Ok(Actor::new(guest.id, Role::Guest, Utc::now())),
            Role::Consumer | Role::Provider | Role::Admin => Err(Code::Unauthenticated.into()),
        }
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
        self.tokens().guest(actor.user_id()).map(Some)
    }

    /// The tokens that are made here.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        self.verifier.tokens()
    }

    /// Forgets what is remembered of a token's user, whose row has just changed: the next call sees it as it is.
    pub async fn forget(&self, token: &str) {
        if let Ok(identity) = self.verifier.verify(token).await {
            self.users.invalidate(&(identity.issuer, identity.subject)).await;
        }
    }

    /// The caller that a token stands for.
    ///
    /// # Errors
    /// `unauthenticated`, `account_closed`; `unavailable` when the database or the issuer's keys are away.
    pub async fn authenticate(&self, token: &str) -> Result<Actor> {
        let (actor, _) = self.authenticate_till(token).await?;
        Ok(actor)
    }

    /// The caller that a token stands for, and when it ends to.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    pub async fn authenticate_till(&self, token: &str) -> Result<(Actor, DateTime<Utc>)> {
        let identity = self.verifier.verify(token).await?;
        let mut user = self.user(&identity).await?;
        if let Some(role) = new_role(&identity, &user) {
            let synced = self.directory.sync_role(&user, role, identity.issued_at).await?;
            user = self.remember(&identity, synced).await;
        }
        if user.status != UserStatus::Active {
            return Err(Error::new(Code::AccountClosed));
        }
        let role = if identity.issuer == Issuer::Guest { Role::Guest } else { user.role };
        Ok((Actor::new(user.id, role, identity.issued_at), identity.expires_at))
    }

    async fn user(&self, identity: &Identity) -> Result<Arc<User>> {
        let key = (identity.issuer.clone(), identity.subject.clone());
        match self.users.get(&key).await {
            Some(user) => Ok(user),
            None => Ok(self.remember(identity, self.directory.user(identity).await?).await),
        }
    }

    async fn remember(&self, identity: &Identity, user: User) -> Arc<User> {
        let (key, user) = ((identity.issuer.clone(), identity.subject.clone()), Arc::new(user));
        self.users.insert(key, Arc::clone(&user)).await;
        user
    }
}

/// The role that the token gives an active user, if it is another than the row's and the row's has not changed since the
/// token was made. A guest stays one, and whoever became a provider here is no less than that.
fn new_role(identity: &Identity, user: &User) -> Option<Role> {
    let counts = identity.issuer != Issuer::Guest
        && identity.issued_at >= user.role_changed_at
        && user.status == UserStatus::Active;
    let role = match identity.role? {
        Role::Guest => return None,
        Role::Consumer if user.role_earned => Role::Provider,
        role => role,
    };
    (counts && role != user.role).then_some(role)
}
