//! What becomes of accounts: their roles, their status, their end.

use chrono::Utc;
use diesel_async::AsyncConnection;

use crate::auth::{Admin, SignedIn};
use crate::db::{self, Conn, accounts, erasure};
use crate::domain::{Domain, audit, bookings, offers, requests};
use crate::error::{Code, Error, Result};
use crate::llm::Forget;
use crate::model::UserId;
use crate::model::tasks::Task;
use crate::model::users::{Role, User, UserStatus};

impl Domain {
    /// Closes the caller's account for ever: sign-ins and open tasks end, offers and bookings are called off, the e-mail is
    /// free again.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn close_account(&self, caller: &SignedIn) -> Result<()> {
        self.close(None, caller.user_id()).await
    }

    /// Closes, suspends or opens again any account.
    ///
    /// # Errors
    /// `not_yours` when there is none; `illegal_move` for one that is closed for ever.
    pub async fn set_status(&self, admin: &Admin, id: UserId, status: UserStatus) -> Result<User> {
        if status == UserStatus::Deleted {
            self.close(Some(admin), id).await?;
        } else {
            let mut conn = self.queue.db.conn().await?;
            conn.transaction(async |conn| {
                let user = open_account(conn, id).await?;
                db::users::set_status(conn, id, status).await?;
                if status == UserStatus::Suspended {
                    accounts::end_families_of(conn, id).await?;
                }
                let note = serde_json::json!({"from": user.status, "to": status});
                audit::record(conn, Some(admin.user_id()), "user.status", id.0, Some(id), note).await?;
                // Whom nobody found while the account was shut, somebody may be waiting for.
                if status == UserStatus::Active
                    && let Some(provider) = db::leads::profile_of(conn, id).await?
                {
                    db::matching::wake(conn, &[provider]).await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        }
        db::users::get(&mut *self.queue.db.conn().await?, id).await
    }

    /// Gives any account another role.
    ///
    /// # Errors
    /// `not_yours` when there is none; `illegal_move` for one that is closed for ever and for guests.
    pub async fn set_role(&self, admin: &Admin, id: UserId, role: Role) -> Result<User> {
        self.change_role(Some(admin), id, |_| Ok(role)).await
    }

    /// Makes a user an admin, in an operator's name: by the e-mail of a local account, or by id.
    ///
    /// # Errors
    /// As [`Self::set_role`].
    pub async fn grant_admin(&self, email_or_id: &str) -> Result<User> {
        let id = self.find_user(email_or_id).await?;
        self.change_role(None, id, |_| Ok(Role::Admin)).await
    }

    /// Takes that back: the user is what was earned here, else a consumer.
    ///
    /// # Errors
    /// As [`Self::set_role`]; `illegal_move` for who is no admin.
    pub async fn revoke_admin(&self, email_or_id: &str) -> Result<User> {
        let id = self.find_user(email_or_id).await?;
        let without = |user: &User| match (user.role, user.role_earned) {
            (Role::Admin, true) => Ok(Role::Provider),
            (Role::Admin, false) => Ok(Role::Consumer),
            _ => Err(Error::new(Code::IllegalMove).detail("This user is no admin.")),
        };
        self.change_role(None, id, without).await
    }

    /// Tokens made before do not change it back, also where the role stays.
    async fn change_role(
        &self,
        admin: Option<&Admin>,
        id: UserId,
        role: impl Fn(&User) -> Result<Role> + Send + Sync,
    ) -> Result<User> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let user = open_account(conn, id).await?;
            let role = role(&user)?;
            if user.role == Role::Guest || role == Role::Guest {
                return Err(
                    Error::new(Code::IllegalMove).detail("A guest has no account that could have a role.")
                );
            }
            let changed = db::users::set_role(conn, id, role).await?;
            let note = serde_json::json!({"from": user.role, "to": role});
            let admin = admin.map(|admin| admin.user_id());
            audit::record(conn, admin, "user.role", id.0, Some(id), note).await?;
            Ok(changed)
        })
        .await
    }

    pub(in crate::domain) async fn find_user(&self, email_or_id: &str) -> Result<UserId> {
        if let Ok(id) = email_or_id.parse() {
            return Ok(id);
        }
        let known = accounts::find_by_email(&mut *self.queue.db.conn().await?, email_or_id).await?;
        known.map(|(_, user)| user.id).ok_or_else(|| {
            Error::not_yours().detail("There is no account with this e-mail, and no user with this id.")
        })
    }

    async fn close(&self, admin: Option<&Admin>, id: UserId) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        let closed = conn
            .transaction(async |conn| {
                open_account(conn, id).await?;
                let closed = close_in(conn, id).await?;
                if let Some(admin) = admin {
                    let note = serde_json::json!({"to": UserStatus::Deleted});
                    audit::record(conn, Some(admin.user_id()), "user.status", id.0, Some(id), note).await?;
                }
                Ok::<_, Error>(closed)
            })
            .await?;
        drop(conn);
        self.announce_closed(&closed);
        self.forget_if_possible(Forget::User(id)).await;
        Ok(())
    }

    /// Tells of the tasks of an account that was closed, once the transaction has ended.
    pub(in crate::domain) fn announce_closed(&self, closed: &Closed) {
        self.queue.announce_deleted(&closed.erased);
        for task in &closed.made {
            self.queue.announce_new(task);
        }
    }
}

/// What came of closing an account.
#[derive(Default)]
pub(in crate::domain) struct Closed {
    /// Tasks that are no more, as they were.
    pub(in crate::domain) erased: Vec<Task>,
    /// Those that look for another provider for who had booked this one.
    pub(in crate::domain) made: Vec<Task>,
}

/// All that ends with an account, whose row the caller has locked.
pub(in crate::domain) async fn close_in(conn: &mut Conn, id: UserId) -> Result<Closed> {
    let held = erasure::hold(conn, id).await?;
    let made = end_dealings(conn, id, &held).await?;
    let erased = erasure::erase(conn, id, held).await?;
    db::users::close(conn, id).await?;
    accounts::end_families_of(conn, id).await?;
    accounts::delete(conn, id).await?;
    Ok(Closed { erased, made })
}

/// Offers are withdrawn, requests and what is booked called off: whoever is on the other side is told. Answers the tasks that
/// look for another provider.
async fn end_dealings(conn: &mut Conn, id: UserId, held: &erasure::Held) -> Result<Vec<Task>> {
    let (pending, to_come) = erasure::open_of(conn, held).await?;
    offers::end_with_account(conn, id, &pending).await?;
    let mut made = Vec::new();
    for booking in to_come {
        made.extend(bookings::end_with_account(conn, id, booking).await?);
    }
    let now = Utc::now();
    for request in db::requests::lock_all(conn, &held.requests).await? {
        if request.stands_at(now).is_open() {
            requests::cancel_in(conn, &request, Some(id), None).await?;
        }
    }
    Ok(made)
}

/// An account that is not closed for ever, locked.
async fn open_account(conn: &mut Conn, id: UserId) -> Result<User> {
    let user = db::users::lock(conn, id).await?;
    match user.status {
        UserStatus::Deleted => Err(Error::new(Code::IllegalMove).detail("This account is closed for ever.")),
        UserStatus::Active | UserStatus::Suspended => Ok(user),
    }
}
