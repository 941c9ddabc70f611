//! Users: made when they first come.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::Domain;
use crate::auth::{Actor, Identity, Issuer, Tokens, UserDirectory};
use crate::db::{self, Conn, Db};
use crate::error::{Code, Error, Result};
use crate::limits::one_address;
use crate::model::UserId;
use crate::model::users::{Role, User};

/// The users of the database.
pub struct Users {
    db: Db,
    tokens: Tokens,
}

impl Users {
    /// Looks up in `db` under the issuers' names of `tokens`.
    #[must_use]
    pub fn new(db: Db, tokens: Tokens) -> Self {
        Self { db, tokens }
    }
}

impl UserDirectory for Users {
    async fn user(&self, identity: &Identity) -> Result<User> {
        let issuer = self.tokens.issuer_name(&identity.issuer);
        let mut conn = self.db.conn().await?;
        match identity.issuer {
            Issuer::Local | Issuer::External(_) => {
                let role = identity.role.filter(|role| *role != Role::Guest);
                let given = role.map(|role| (role, identity.issued_at.min(Utc::now())));
                db::users::ensure(&mut conn, issuer, &identity.subject, given).await
            }
            // Guests are made when their token is: one that is not there was never ours, or is gone.
            Issuer::Guest => db::users::find(&mut conn, issuer, &identity.subject)
                .await?
                .ok_or_else(|| Error::new(Code::Unauthenticated)),
        }
    }

    async fn sync_role(&self, user: &User, role: Role, issued_at: DateTime<Utc>) -> Result<User> {
        // A clock ahead of ours must not keep later changes out.
        let changed_at = issued_at.min(Utc::now());
        db::users::sync_role(&mut *self.db.conn().await?, user.id, role, changed_at).await
    }
}

/// Locks the owner of what the actor moves, whose account must be open: nothing begins for one that is closing.
///
/// # Errors
/// `account_closed`; `illegal_move` where it is another's account that is closed.
pub(super) async fn require_open(conn: &mut Conn, actor: &Actor, owner: UserId) -> Result<()> {
    match db::users::require_active(conn, owner).await {
        Err(error) if error.code == Code::AccountClosed && owner != actor.user_id() => {
            Err(Error::new(Code::IllegalMove).detail("The account of its owner is closed."))
        }
        other => other,
    }
}

impl Domain {
    /// A new guest, made from this address, and the token that proves it.
    ///
    /// # Errors
    /// `unavailable` when the database is away.
    pub async fn make_guest(&self, tokens: &Tokens, address: IpAddr) -> Result<(User, String)> {
        let mut conn = self.queue.db.conn().await?;
        let address = tokens.address_hash(one_address(address));
        let guest = db::users::insert_guest(&mut conn, tokens.issuer_name(&Issuer::Guest), address).await?;
        let token = tokens.guest(guest.id)?;
        Ok((guest, token))
    }
}
