//! Accounts of the local issuer: sign up, sign in, stay signed in, sign out, close.

mod standing;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use diesel_async::AsyncConnection;
use rand::TryRngCore;
use sha2::{Digest, Sha256};
pub(super) use standing::{Closed, close_in};
use uuid::Uuid;

use super::Domain;
use crate::auth::{ACCESS_TTL, Consumer, Guest, Issuer, SignedIn, Tokens, passwords};
use crate::db::accounts::{self, Account, Presented};
use crate::db::users::Moved;
use crate::db::{self, Conn};
use crate::error::{Code, Error, Problem, Result};
use crate::model::users::{Role, User, UserStatus};
use crate::model::{SessionId, UserId};

/// How long a refresh token is good if it is not used.
const REFRESH_DAYS: i64 = 30;
/// How long one may stay signed in without giving the password again.
const FAMILY_DAYS: i64 = 90;

/// What somebody gives to sign up.
pub struct Registration {
    /// Names the account; kept as written, compared without case.
    pub email: String,
    /// In the clear, for as long as it takes to hash it.
    pub password: String,
    /// First name or full name.
    pub name: Option<String>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Who.
    pub user: User,
    /// Good for [`ACCESS_TTL`].
    pub access_token: String,
    /// Good once.
    pub refresh_token: String,
    /// When the refresh token ends.
    pub refresh_expires_at: DateTime<Utc>,
}

impl Domain {
    /// Makes an account and signs it in; what a guest has becomes the account's.
    ///
    /// # Errors
    /// `email_taken`.
    pub async fn register(
        &self,
        tokens: &Tokens,
        given: Registration,
        guest: Option<Guest>,
    ) -> Result<SignIn> {
        let hash = passwords::hash(given.password).await?;
        let mut conn = self.queue.db.conn().await?;
        let (sign_in, moved) = conn
            .transaction(async |conn| {
                let issuer = tokens.issuer_name(&Issuer::Local);
                let user = db::users::insert(conn, issuer, Role::Consumer, given.name.as_deref()).await?;
                accounts::insert(conn, user.id, &given.email, &hash).await?;
                let moved = claim_in(conn, guest, user.id).await?;
                Ok::<_, Error>((begin(conn, tokens, user).await?, moved))
            })
            .await?;
        self.hand_on(&moved, sign_in.user.id);
        Ok(sign_in)
    }

    /// Signs in; what a guest has becomes a consumer's.
    ///
    /// # Errors
    /// `unauthenticated`, in the same words and after the same time for a wrong password and an unknown e-mail;
    /// `account_closed` for the right ones of a suspended account.
    pub async fn sign_in(
        &self,
        tokens: &Tokens,
        email: &str,
        password: String,
        guest: Option<Guest>,
    ) -> Result<SignIn> {
        let known = accounts::find_by_email(&mut *self.queue.db.conn().await?, email).await?;
        // No connection is held while the password is checked.
        let hash = known.as_ref().map(|(account, _)| account.password_hash.clone());
        let right = passwords::verify(password, hash).await?;
        let (account, _) = known.filter(|_| right).ok_or_else(wrong_password)?;
        let mut conn = self.queue.db.conn().await?;
        let (sign_in, moved) = conn
            .transaction(async |conn| {
                let user = still(conn, &account, guest).await?.ok_or_else(wrong_password)?;
                if user.status != UserStatus::Active {
                    return Err(Code::AccountClosed.into());
                }
                // What a guest has can become a consumer's only; others sign in without it.
                let guest = guest.filter(|_| user.role == Role::Consumer);
                let moved = claim_in(conn, guest, user.id).await?;
                Ok::<_, Error>((begin(conn, tokens, user).await?, moved))
            })
            .await?;
        self.hand_on(&moved, sign_in.user.id);
        Ok(sign_in)
    }

    /// New tokens for a refresh token, which is used up. One that is used twice was stolen, by the first or by the second
    /// to use it: all that came of that sign-in ends.
    ///
    /// # Errors
    /// `unauthenticated`, `account_closed`.
    pub async fn refresh(&self, tokens: &Tokens, refresh_token: &str) -> Result<SignIn> {
        let hash = hash_of(refresh_token);
        let mut conn = self.queue.db.conn().await?;
        let outcome: Result<Result<SignIn>> = conn
            .transaction(async |conn| {
                let Some(presented) = accounts::present(conn, &hash).await? else {
                    return Ok(Err(sign_in_again()));
                };
                // Refusals commit: that a token was reused must be remembered.
                if presented.used && !presented.ended {
                    tracing::warn!(user_id = %presented.user.id, "a refresh token was used twice; its family ends");
                    accounts::end_family(conn, presented.family).await?;
                }
                if presented.used || presented.ended || presented.expired {
                    return Ok(Err(sign_in_again()));
                }
                if presented.user.status != UserStatus::Active {
                    return Ok(Err(Code::AccountClosed.into()));
                }
                let Presented { family, user, family_expires_at, .. } = presented;
                issue(conn, tokens, user, family, family_expires_at).await.map(Ok)
            })
            .await;
        outcome?
    }

    /// Signs out: ends all that came of one sign-in. A token that is not good has nothing left to end.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sign_out(&self, refresh_token: &str) -> Result<()> {
        let hash = hash_of(refresh_token);
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if let Some(presented) = accounts::present(conn, &hash).await? {
                accounts::end_family(conn, presented.family).await?;
            }
            Ok(())
        })
        .await
    }

    /// Changes the password; every sign-in ends, and a new one begins.
    ///
    /// # Errors
    /// `invalid` when the current password is another; `illegal_move` for users of other issuers.
    pub async fn change_password(
        &self,
        tokens: &Tokens,
        caller: &SignedIn,
        current: String,
        new: String,
    ) -> Result<SignIn> {
        let account = accounts::find(&mut *self.queue.db.conn().await?, caller.user_id()).await?;
        let Some(account) = account else {
            return Err(Error::new(Code::IllegalMove)
                .detail("Your account has no password here: change it where you sign in."));
        };
        let not_present = || {
            let detail = "This is not your present password.";
            Error::invalid(vec![Problem::new("/body/current_password", detail)])
        };
        if !passwords::verify(current, Some(account.password_hash.clone())).await? {
            return Err(not_present());
        }
        let hash = passwords::hash(new).await?;
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let user = still(conn, &account, None).await?.ok_or_else(not_present)?;
            accounts::set_password(conn, user.id, &hash).await?;
            accounts::end_families_of(conn, user.id).await?;
            begin(conn, tokens, user).await
        })
        .await
    }

    /// Makes what a guest has the caller's, once: the guest is no more.
    ///
    /// # Errors
    /// `account_closed`.
    pub async fn claim(&self, consumer: &Consumer, guest: Guest) -> Result<Vec<SessionId>> {
        let mut conn = self.queue.db.conn().await?;
        let moved =
            conn.transaction(async |conn| claim_in(conn, Some(guest), consumer.user_id()).await).await?;
        self.hand_on(&moved, consumer.user_id());
        Ok(moved.sessions)
    }

    /// Copies are made anew under the new owner; what was told of the tasks goes along.
    fn hand_on(&self, moved: &Moved, to: UserId) {
        for task in &moved.tasks {
            self.queue.courier.forget(task);
            self.queue.courier.hand_on(task, to);
        }
    }

    /// The caller's row and e-mail.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn me(&self, caller: &SignedIn) -> Result<(User, Option<String>)> {
        let mut conn = self.queue.db.conn().await?;
        let user = db::users::get(&mut conn, caller.user_id()).await?;
        let account = accounts::find(&mut conn, user.id).await?;
        Ok((user, account.map(|account| account.email)))
    }
}

/// Makes what a guest has a user's, unless the guest is no more.
async fn claim_in(conn: &mut Conn, guest: Option<Guest>, user: UserId) -> Result<Moved> {
    let Some(guest) = guest.map(|guest| guest.user_id()) else { return Ok(Moved::default()) };
    let users = db::users::lock_all(conn, &[guest, user]).await?;
    let is_open = |id| users.iter().any(|one| one.id == id && one.status == UserStatus::Active);
    match (is_open(user), is_open(guest)) {
        (false, _) => Err(Code::AccountClosed.into()),
        (true, false) => Ok(Moved::default()),
        (true, true) => db::users::claim(conn, guest, user).await,
    }
}

/// The user of an account whose password was checked, locked, as is the guest; none if the account has another password
/// by now, or is no more.
async fn still(conn: &mut Conn, checked: &Account, guest: Option<Guest>) -> Result<Option<User>> {
    let ids: Vec<UserId> = guest.map(|guest| guest.user_id()).into_iter().chain([checked.user_id]).collect();
    let locked = db::users::lock_all(conn, &ids).await?;
    let now = accounts::find(conn, checked.user_id).await?;
    let is_same = now.is_some_and(|account| account.password_hash == checked.password_hash);
    Ok(locked.into_iter().find(|user| is_same && user.id == checked.user_id))
}

fn wrong_password() -> Error {
    Error::new(Code::Unauthenticated).detail("E-mail or password is wrong. Correct them, or register first.")
}

fn sign_in_again() -> Error {
    Error::new(Code::Unauthenticated)
        .detail("This refresh token is not good, or not any more. Sign in again.")
}

/// Begins a sign-in.
async fn begin(conn: &mut Conn, tokens: &Tokens, user: User) -> Result<SignIn> {
    let family_expires_at = Utc::now() + Duration::days(FAMILY_DAYS);
    let family = accounts::begin_family(conn, user.id, family_expires_at).await?;
    issue(conn, tokens, user, family, family_expires_at).await
}

/// The next tokens of a sign-in.
async fn issue(
    conn: &mut Conn,
    tokens: &Tokens,
    user: User,
    family: Uuid,
    family_expires_at: DateTime<Utc>,
) -> Result<SignIn> {
    let refresh_token = new_refresh_token()?;
    let refresh_expires_at = family_expires_at.min(Utc::now() + Duration::days(REFRESH_DAYS));
    accounts::insert_token(conn, family, &hash_of(&refresh_token), refresh_expires_at).await?;
    let access_token = tokens.account(&user.subject, ACCESS_TTL)?;
    Ok(SignIn { user, access_token, refresh_token, refresh_expires_at })
}

/// 256 random bits.
fn new_refresh_token() -> Result<String> {
    let mut bytes = [0; 32];
    rand::rngs::OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn hash_of(refresh_token: &str) -> Vec<u8> {
    Sha256::digest(refresh_token.as_bytes()).to_vec()
}
