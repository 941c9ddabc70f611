//! Queries on local accounts and their refresh tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Conn;
use super::owned::own;
use super::schema::{accounts, refresh_families, refresh_tokens, users};
use super::statement::statement;
use crate::error::Result;
use crate::model::UserId;
use crate::model::users::User;

diesel::define_sql_function! {
    /// As PostgreSQL folds case: what the unique index on e-mails does.
    fn lower(text: Text) -> Text;
}

/// A row of `accounts`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct Account {
    /// Whose.
    pub user_id: UserId,
    /// As they wrote it.
    pub email: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
}

/// Inserts an account of a user.
///
/// # Errors
/// `email_taken`.
pub async fn insert(conn: &mut Conn, user: UserId, email: &str, password_hash: &str) -> Result<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::user_id.eq(user),
            accounts::email.eq(email),
            accounts::password_hash.eq(password_hash),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The account with this e-mail, in whatever case, and its user.
///
/// # Errors
/// When the database is away.
pub async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<(Account, User)>> {
    Ok(accounts::table
        .inner_join(users::table.on(users::id.eq(accounts::user_id)))
        .filter(lower(accounts::email).eq(lower(email)))
        .select((Account::as_select(), User::as_select()))
        .get_result(conn)
        .await
        .optional()?)
}

/// The account of a user, if the local issuer knows them.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, user: UserId) -> Result<Option<Account>> {
    Ok(accounts::table.find(user).select(Account::as_select()).get_result(conn).await.optional()?)
}

/// Gives an account another password.
///
/// # Errors
/// When the database is away.
pub async fn set_password(conn: &mut Conn, user: UserId, password_hash: &str) -> Result<()> {
    diesel::update(accounts::table.filter(own!("accounts.set_password", accounts::user_id, user)))
        .set((accounts::password_hash.eq(password_hash), accounts::password_changed_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes an account: its e-mail is free again.
///
/// # Errors
/// When the database is away.
pub async fn delete(conn: &mut Conn, user: UserId) -> Result<()> {
    diesel::delete(accounts::table.find(user)).execute(conn).await?;
    Ok(())
}

/// Begins a family of refresh tokens that ends at the latest at `expires_at`.
///
/// # Errors
/// When the database is away.
pub async fn begin_family(conn: &mut Conn, user: UserId, expires_at: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    diesel::insert_into(refresh_families::table)
        .values((
            refresh_families::id.eq(id),
            refresh_families::user_id.eq(user),
            refresh_families::expires_at.eq(expires_at),
        ))
        .execute(conn)
        .await?;
    Ok(id)
}

/// Adds a token to a family.
///
/// # Errors
/// When the database is away.
pub async fn insert_token(
    conn: &mut Conn,
    family: Uuid,
    hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(hash),
            refresh_tokens::family_id.eq(family),
            refresh_tokens::expires_at.eq(expires_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A refresh token with its family, as it stood when it was asked for.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The family.
    pub family: Uuid,
    /// Whose.
    pub user: User,
    /// When the whole family ends.
    pub family_expires_at: DateTime<Utc>,
    /// Whether the family has been ended.
    pub ended: bool,
    /// Whether the token was used before.
    pub used: bool,
    /// Whether its time, or the family's, is over.
    pub expired: bool,
}

/// Marks a token as used; answers how it stood before. Its family's row stays locked till the transaction ends: of two
/// that present the same token one is the second.
///
/// # Errors
/// When the database is away.
pub async fn present(conn: &mut Conn, hash: &[u8]) -> Result<Option<Presented>> {
    let family: Option<Uuid> = refresh_families::table
        .filter(refresh_families::id.eq_any(
            refresh_tokens::table.filter(refresh_tokens::hash.eq(hash)).select(refresh_tokens::family_id),
        ))
        .select(refresh_families::id)
        .for_update()
        .get_result(conn)
        .await
        .optional()?;
    let Some(family) = family else { return Ok(None) };
    let (used_at, expires_at): (Option<DateTime<Utc>>, DateTime<Utc>) = refresh_tokens::table
        .find(hash)
        .select((refresh_tokens::used_at, refresh_tokens::expires_at))
        .get_result(conn)
        .await?;
    let (user, family_expires_at, ended_at): (User, DateTime<Utc>, Option<DateTime<Utc>>) =
        refresh_families::table
            .inner_join(users::table.on(users::id.eq(refresh_families::user_id)))
            .filter(refresh_families::id.eq(family))
            .select((User::as_select(), refresh_families::expires_at, refresh_families::ended_at))
            .get_result(conn)
            .await?;
    diesel::update(refresh_tokens::table.find(hash))
        .set(refresh_tokens::used_at.eq(diesel::dsl::now))
        .execute(conn)
        .await?;
    let now = Utc::now();
    Ok(Some(Presented {
        family,
        user,
        family_expires_at,
        ended: ended_at.is_some(),
        used: used_at.is_some(),
        expired: expires_at <= now || family_expires_at <= now,
    }))
}

/// Ends a family: none of its tokens is good any more.
///
/// # Errors
/// When the database is away.
pub async fn end_family(conn: &mut Conn, family: Uuid) -> Result<()> {
    diesel::update(
        refresh_families::table
            .filter(refresh_families::id.eq(family).and(refresh_families::ended_at.is_null())),
    )
    .set(refresh_families::ended_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends all families of a user.
///
/// # Errors
/// When the database is away.
pub async fn end_families_of(conn: &mut Conn, user: UserId) -> Result<()> {
    diesel::update(
        refresh_families::table
            .filter(own!("accounts.end_families_of", refresh_families::user_id, user))
            .filter(refresh_families::ended_at.is_null()),
    )
    .set(refresh_families::ended_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
    .execute(conn)
    .await?;
    Ok(())
}

statement! {
    /// With their tokens, by the foreign key.
    SweepFamilies { most: i64 => BigInt } -> Bool =
    "DELETE FROM refresh_families WHERE id IN (
       SELECT id FROM refresh_families WHERE expires_at < now() ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING true"
}

/// Deletes families whose time is over, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn sweep_families(conn: &mut Conn, most: i64) -> Result<usize> {
    let swept: Vec<bool> = SweepFamilies { most }.get_results(conn).await?;
    Ok(swept.len())
}
