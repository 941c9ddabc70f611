//! Queries on users.

use chrono::{DateTime, Utc};
use diesel::dsl::{case_when, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Timestamptz};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Conn;
use super::owned::own;
use super::schema::sql_types::UserRole;
use super::schema::{chat_sessions, drafts, llm_usage, media, tasks, users, webhook_events};
use super::statement::statement;
use crate::error::{Code, Result};
use crate::model::chat::AgentRole;
use crate::model::tasks::Task;
use crate::model::users::{Role, User, UserStatus};
use crate::model::{SessionId, UserId};

/// That the account of a provider `p` is open, in hand-written SQL: whose account is not is found and booked by nobody.
/// Nearly all are open, which PostgreSQL takes for granted of a comparison of this form.
macro_rules! account_is_open {
    () => {
        "(SELECT u.status FROM users u WHERE u.id = p.user_id) NOT IN ('suspended', 'deleted')"
    };
}

pub(super) use account_is_open;

/// The user `(issuer, subject)`; if there is none yet, one is made with the role that the issuer has `given` at that time,
/// else as a consumer.
///
/// # Errors
/// When the database is away.
pub async fn ensure(
    conn: &mut Conn,
    issuer: &str,
    subject: &str,
    given: Option<(Role, DateTime<Utc>)>,
) -> Result<User> {
    if let Some(user) = find(conn, issuer, subject).await? {
        return Ok(user);
    }
    let (role, as_of) = given.unwrap_or((Role::Consumer, DateTime::UNIX_EPOCH));
    diesel::insert_into(users::table)
        .values((
            users::id.eq(UserId::new()),
            users::issuer.eq(issuer),
            users::subject.eq(subject),
            users::role.eq(role),
            users::role_changed_at.eq(as_of),
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

/// A new user of our own, whose subject is its id.
///
/// # Errors
/// When the database is away.
pub async fn insert(conn: &mut Conn, issuer: &str, role: Role, name: Option<&str>) -> Result<User> {
    let id = UserId::new();
    Ok(diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::issuer.eq(issuer),
            users::subject.eq(id.to_string()),
            users::role.eq(role),
            users::name.eq(name),
        ))
        .returning(User::as_select())
        .get_result(conn)
        .await?)
}

/// A new guest, who was made from an address: its hash, as all guests from there have it.
///
/// # Errors
/// When the database is away.
pub async fn insert_guest(conn: &mut Conn, issuer: &str, address: Uuid) -> Result<User> {
    let id = UserId::new();
    Ok(diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::issuer.eq(issuer),
            users::subject.eq(id.to_string()),
            users::role.eq(Role::Guest),
            users::guest_address.eq(address),
        ))
        .returning(User::as_select())
        .get_result(conn)
        .await?)
}

/// A user.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn get(conn: &mut Conn, id: UserId) -> Result<User> {
    Ok(users::table.find(id).select(User::as_select()).get_result(conn).await?)
}

/// A user, locked till the transaction ends.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn lock(conn: &mut Conn, id: UserId) -> Result<User> {
    Ok(users::table.find(id).select(User::as_select()).for_no_key_update().get_result(conn).await?)
}

/// Users, locked in order of id till the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn lock_all(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<User>> {
    Ok(users::table
        .filter(users::id.eq_any(ids))
        .order(users::id)
        .select(User::as_select())
        .for_no_key_update()
        .load(conn)
        .await?)
}

/// Locks a user whose account must be open till the transaction ends: nothing begins for one that is closing.
///
/// # Errors
/// `account_closed`.
pub async fn require_active(conn: &mut Conn, id: UserId) -> Result<()> {
    let status: UserStatus =
        users::table.find(id).select(users::status).for_no_key_update().get_result(conn).await?;
    match status {
        UserStatus::Active => Ok(()),
        UserStatus::Suspended | UserStatus::Deleted => Err(Code::AccountClosed.into()),
    }
}

/// Suspends a user or opens the account again.
///
/// # Errors
/// When the database is away.
pub async fn set_status(conn: &mut Conn, id: UserId, status: UserStatus) -> Result<()> {
    diesel::update(users::table.find(id)).set(users::status.eq(status)).execute(conn).await?;
    Ok(())
}

/// Gives a user another role; tokens made before do not change it again.
///
/// # Errors
/// When the database is away.
pub async fn set_role(conn: &mut Conn, id: UserId, role: Role) -> Result<User> {
    Ok(diesel::update(users::table.find(id))
        .set((users::role.eq(role), users::role_changed_at.eq(diesel::dsl::now)))
        .returning(User::as_select())
        .get_result(conn)
        .await?)
}

/// Makes a user a provider who has earned it here; an admin stays one. Tokens made before do not change it again.
///
/// # Errors
/// When the database is away.
pub async fn earn_provider(conn: &mut Conn, id: UserId) -> Result<()> {
    let role = case_when(users::role.eq(Role::Admin), Role::Admin.into_sql::<UserRole>())
        .otherwise(Role::Provider.into_sql::<UserRole>());
    diesel::update(users::table.find(id))
        .set((users::role.eq(role), users::role_earned.eq(true), users::role_changed_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Closes an account for ever: the row stays, so that `(issuer, subject)` does not come back; the name goes.
///
/// # Errors
/// When the database is away.
pub async fn close(conn: &mut Conn, id: UserId) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((
            users::status.eq(UserStatus::Deleted),
            users::closed_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()),
            users::name.eq(None::<String>),
            users::guest_address.eq(None::<Uuid>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// What became another user's.
#[derive(Debug, Default)]
pub struct Moved {
    /// Conversations.
    pub sessions: Vec<SessionId>,
    /// Tasks, as they were.
    pub tasks: Vec<Task>,
}

/// Makes all that a guest has a user's, and closes the guest: it happens once. The caller has locked both.
///
/// # Errors
/// When the database is away.
pub async fn claim(conn: &mut Conn, guest: UserId, user: UserId) -> Result<Moved> {
    let theirs = || {
        let of_guest = own!("users.claim.tasks", chat_sessions::user_id, guest);
        chat_sessions::table.filter(of_guest).select(chat_sessions::id.nullable())
    };
    let tasks: Vec<Task> = tasks::table
        .filter(tasks::session_id.eq_any(theirs()))
        .order(tasks::id)
        .select(Task::as_select())
        .for_no_key_update()
        .load(conn)
        .await?;
    diesel::update(tasks::table.filter(tasks::session_id.eq_any(theirs())))
        .set(tasks::user_id.eq(user))
        .execute(conn)
        .await?;
    let sessions: Vec<SessionId> =
        diesel::update(chat_sessions::table.filter(own!("users.claim", chat_sessions::user_id, guest)))
            .set((
                chat_sessions::user_id.eq(user),
                chat_sessions::role.eq(AgentRole::Consumer),
                chat_sessions::became.eq(AgentRole::Consumer),
            ))
            .returning(chat_sessions::id)
            .get_results(conn)
            .await?;
    diesel::update(drafts::table.filter(drafts::session_id.eq_any(&sessions)))
        .set(drafts::user_id.eq(user))
        .execute(conn)
        .await?;
    diesel::update(media::table.filter(own!("users.claim.media", media::user_id, guest)))
        .set(media::user_id.eq(user))
        .execute(conn)
        .await?;
    super::memory::claim(conn, guest, user).await?;
    diesel::update(llm_usage::table.filter(own!("users.claim.usage", llm_usage::user_id, guest)))
        .set(llm_usage::user_id.eq(user))
        .execute(conn)
        .await?;
    close(conn, guest).await?;
    Ok(Moved { sessions, tasks })
}

/// Notes an issuer's event; answers whether it is new.
///
/// # Errors
/// When the database is away.
pub async fn note_event(conn: &mut Conn, id: &str) -> Result<bool> {
    let noted = diesel::insert_into(webhook_events::table)
        .values(webhook_events::id.eq(id))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(noted == 1)
}

/// Moves the time of a user's last event forward; answers whether this event is not older than the last one.
///
/// # Errors
/// When the database is away.
pub async fn advance_event(conn: &mut Conn, id: UserId, at: DateTime<Utc>) -> Result<bool> {
    let newer = users::issuer_event_at.is_null().or(users::issuer_event_at.le(at));
    let advanced = diesel::update(users::table.filter(users::id.eq(id)).filter(newer))
        .set(users::issuer_event_at.eq(at))
        .execute(conn)
        .await?;
    Ok(advanced == 1)
}

/// Gives a user another name.
///
/// # Errors
/// When the database is away.
pub async fn set_name(conn: &mut Conn, id: UserId, name: &str) -> Result<()> {
    let name: String = name.trim().chars().take(200).collect();
    diesel::update(users::table.find(id)).set(users::name.eq(name)).execute(conn).await?;
    Ok(())
}

/// Gives a user a role, as of `changed_at`, unless the role has changed since or a provider by enrollment here
/// would become a consumer; answers the row as it is then.
///
/// # Errors
/// When the database is away.
pub async fn sync_role(conn: &mut Conn, id: UserId, role: Role, changed_at: DateTime<Utc>) -> Result<User> {
    let user = users::table.filter(users::id.eq(id));
    let lowers_what_was_earned = users::role_earned.and((role == Role::Consumer).into_sql::<Bool>());
    let synced = diesel::update(user)
        .filter(users::status.ne(UserStatus::Deleted))
        .filter(users::role_changed_at.le(changed_at))
        .filter(not(lowers_what_was_earned))
        .set((users::role.eq(role), users::role_changed_at.eq(changed_at)))
        .returning(User::as_select())
        .get_result(conn)
        .await
        .optional()?;
    match synced {
        Some(synced) => Ok(synced),
        None => Ok(user.select(User::as_select()).get_result(conn).await?),
    }
}

statement! {
    /// Svix tries for some days; a signature is good for minutes.
    SweepEvents { most: i64 => BigInt } -> Bool =
    "DELETE FROM webhook_events WHERE id IN (
       SELECT id FROM webhook_events WHERE created_at < now() - interval '30 days' ORDER BY created_at LIMIT ?
       FOR UPDATE SKIP LOCKED)
     RETURNING true"
}

/// Deletes issuers' events that will not come again, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn sweep_events(conn: &mut Conn, most: i64) -> Result<usize> {
    let swept: Vec<bool> = SweepEvents { most }.get_results(conn).await?;
    Ok(swept.len())
}
