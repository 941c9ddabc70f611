//! Queries on users.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Conn;
use super::schema::users;
use crate::error::Result;
use crate::model::UserId;
use crate::model::users::{Role, User};

/// The user `(issuer, subject)`, made with `role` if there is none yet.
///
/// # Errors
/// When the database is away.
pub async fn ensure(conn: &mut Conn, issuer: &str, subject: &str, role: Role) -> Result<User> {
    if let Some(user) = find(conn, issuer, subject).await? {
        return Ok(user);
    }
    diesel::insert_into(users::table)
        .values((
            users::id.eq(UserId::new()),
            users::issuer.eq(issuer),
            users::subject.eq(subject),
            users::role.eq(role),
        ))
        .on_conflict((users::issuer, users::subject))
        .do_nothing()
        .execute(conn)
        .await?;
    Ok(users::table
        .filter(users::issuer.eq(issuer).and(users::subject.eq(subject)))
        .select(User::as_select())
        .get_result(conn)
        .await?)
}

/// The user `(issuer, subject)`, if there is one.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<User>> {
    Ok(users::table
        .filter(users::issuer.eq(issuer).and(users::subject.eq(subject)))
        .select(User::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// A new guest, whose subject is its id.
///
/// # Errors
/// When the database is away.
pub async fn insert_guest(conn: &mut Conn, issuer: &str) -> Result<User> {
    let id = UserId::new();
    Ok(diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::issuer.eq(issuer),
            users::subject.eq(id.to_string()),
            users::role.eq(Role::Guest),
        ))
        .returning(User::as_select())
        .get_result(conn)
        .await?)
}
