//! Queries on enrollments.

use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{now, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Conn;
use super::owned::{own, owned};
use super::schema::{enrollment_history, enrollment_media, enrollments, media, portfolio_items};
use crate::auth::Scope;
use crate::error::{Code, Error, Result};
use crate::model::enrollment::{DRAFT_DAYS, Enrollment, EnrollmentStatus};
use crate::model::media::MediaKind;
use crate::model::{EnrollmentId, MediaId, PortfolioItemId, ProviderId, UserId};

/// Drafts whose time is over are as good as none, also before they are swept.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_live() -> _ {
    let open: [EnrollmentStatus; 2] = [EnrollmentStatus::Draft, EnrollmentStatus::Rejected];
    enrollments::status.ne_all(open).or(enrollments::expires_at.gt(now))
}

/// A user's enrollment, also one whose time is over: there is at most one.
///
/// # Errors
/// When the database is away.
pub async fn of_user(conn: &mut Conn, owner: UserId) -> Result<Option<Enrollment>> {
    Ok(enrollments::table
        .filter(own!("enrollment.of_user", enrollments::user_id, owner))
        .select(Enrollment::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// An enrollment in this scope.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: EnrollmentId) -> Result<Enrollment> {
    Ok(enrollments::table
        .filter(enrollments::id.eq(id).and(owned!("enrollment.find_for", enrollments::user_id, whose)))
        .filter(is_live())
        .select(Enrollment::as_select())
        .get_result(conn)
        .await?)
}

/// Those of some enrollments that are in this scope.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, whose: Scope, ids: &[EnrollmentId]) -> Result<Vec<Enrollment>> {
    Ok(enrollments::table
        .filter(enrollments::id.eq_any(ids).and(owned!("enrollment.all_for", enrollments::user_id, whose)))
        .filter(is_live())
        .select(Enrollment::as_select())
        .load(conn)
        .await?)
}

/// An enrollment that was found for somebody, as it is now; locked till the transaction ends.
///
/// # Errors
/// `not_yours` when it is gone.
pub async fn lock(conn: &mut Conn, id: EnrollmentId) -> Result<Enrollment> {
    Ok(enrollments::table
        .filter(enrollments::id.eq(id))
        .filter(is_live())
        .select(Enrollment::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await?)
}

/// Everybody's enrollments, the oldest first; of one status and made after one, if these are given.
///
/// # Errors
/// When the database is away.
pub async fn list(
    conn: &mut Conn,
    status: Option<EnrollmentStatus>,
    after: Option<EnrollmentId>,
    limit: i64,
) -> Result<Vec<Enrollment>> {
    let mut query = enrollments::table
        .filter(is_live())
        .select(Enrollment::as_select())
        .order(enrollments::id)
        .limit(limit)
        .into_boxed();
    if let Some(status) = status {
        // In the text, not beside it: a plan that knows how few there are of it goes by its index.
        query = query.filter(sql::<Bool>(&format!("enrollments.status = '{status}'")));
    }
    if let Some(after) = after {
        query = query.filter(enrollments::id.gt(after));
    }
    Ok(query.load(conn).await?)
}

fn expires_at() -> DateTime<Utc> {
    Utc::now() + Duration::days(DRAFT_DAYS)
}

/// Begins an enrollment; answers nothing if the user has one.
///
/// # Errors
/// When the database is away.
pub async fn insert(conn: &mut Conn, owner: UserId) -> Result<Option<Enrollment>> {
    Ok(diesel::insert_into(enrollments::table)
        .values((
            enrollments::id.eq(EnrollmentId::new()),
            enrollments::user_id.eq(owner),
            enrollments::expires_at.eq(expires_at()),
        ))
        .on_conflict(enrollments::user_id)
        .do_nothing()
        .returning(Enrollment::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// Deletes an enrollment with its history.
///
/// # Errors
/// When the database is away.
pub async fn delete(conn: &mut Conn, id: EnrollmentId) -> Result<()> {
    diesel::delete(enrollments::table.find(id)).execute(conn).await?;
    Ok(())
}

/// Fills in a draft that the caller has locked, which is kept from now on as long as a new one; and notes which pictures
/// and films it names.
///
/// # Errors
/// When the database is away, or one of these is gone.
pub async fn fill_in(
    conn: &mut Conn,
    id: EnrollmentId,
    fields: &Value,
    shown: &[MediaId],
) -> Result<Enrollment> {
    diesel::delete(enrollment_media::table.filter(enrollment_media::enrollment_id.eq(id)))
        .execute(conn)
        .await?;
    let shown: Vec<_> = shown
        .iter()
        .map(|one| (enrollment_media::enrollment_id.eq(id), enrollment_media::media_id.eq(*one)))
        .collect();
    diesel::insert_into(enrollment_media::table).values(shown).on_conflict_do_nothing().execute(conn).await?;
    Ok(diesel::update(enrollments::table.find(id))
        .set((
            enrollments::fields.eq(fields),
            enrollments::expires_at.eq(expires_at()),
            enrollments::updated_at.eq(now),
        ))
        .returning(Enrollment::as_select())
        .get_result(conn)
        .await?)
}

/// Those of these pictures and films that are a user's and have arrived; they stay till the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn media_of(conn: &mut Conn, owner: UserId, ids: &[MediaId]) -> Result<Vec<(MediaId, MediaKind)>> {
    Ok(media::table
        .filter(own!("enrollment.media_of", media::user_id, owner))
        .filter(media::id.eq_any(ids).and(media::ready_at.is_not_null()))
        .order(media::id)
        .select((media::id, media::kind))
        .for_key_share()
        .load(conn)
        .await?)
}

/// What a move changes beside the status; what is absent stays.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = enrollments)]
pub struct Change {
    /// The provider that it becomes.
    pub provider_id: Option<ProviderId>,
    /// Why it is rejected.
    pub reasons: Option<Vec<String>>,
    /// When it is handed in.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When an admin decides.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Moves an enrollment on and writes that down. The only way in which its status changes.
///
/// # Errors
/// `illegal_move` if it does not stand as it did.
pub async fn move_on(
    conn: &mut Conn,
    from: &Enrollment,
    to: EnrollmentStatus,
    actor: UserId,
    note: Option<&str>,
    change: Change,
) -> Result<Enrollment> {
    let moved: Option<Enrollment> = diesel::update(
        enrollments::table.filter(enrollments::id.eq(from.id).and(enrollments::status.eq(from.status))),
    )
    .set((
        enrollments::status.eq(to),
        change,
        enrollments::updated_at.eq(now),
        // However long it waited for a decision, there is all the time for what comes next.
        enrollments::expires_at.eq(expires_at()),
    ))
    .returning(Enrollment::as_select())
    .get_result(conn)
    .await
    .optional()?;
    let moved = moved.ok_or_else(|| Error::illegal_move(Code::IllegalMove, from.status))?;
    diesel::insert_into(enrollment_history::table)
        .values((
            enrollment_history::enrollment_id.eq(from.id),
            enrollment_history::from.eq(from.status),
            enrollment_history::to.eq(to),
            enrollment_history::actor_id.eq(actor),
            enrollment_history::note.eq(note),
        ))
        .execute(conn)
        .await?;
    Ok(moved)
}

/// Who moved an enrollment last.
///
/// # Errors
/// When the database is away.
pub async fn last_mover(conn: &mut Conn, id: EnrollmentId) -> Result<Option<UserId>> {
    let last: Option<Option<UserId>> = enrollment_history::table
        .filter(enrollment_history::enrollment_id.eq(id))
        .order(enrollment_history::at.desc())
        .select(enrollment_history::actor_id)
        .first(conn)
        .await
        .optional()?;
    Ok(last.flatten())
}

/// A picture or film that a provider shows from now on.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = portfolio_items)]
pub struct Shown {
    /// Its id.
    pub id: PortfolioItemId,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// What it shows.
    pub service_id: Option<String>,
    /// The picture or film.
    pub media_id: MediaId,
    /// A few words.
    pub title: String,
    /// More of them.
    pub description: String,
}

/// Shows what an enrollment has named, which from now on hangs on the provider and not on the enrollment.
///
/// # Errors
/// When the database is away.
pub async fn show(conn: &mut Conn, id: EnrollmentId, shown: &[Shown]) -> Result<()> {
    diesel::insert_into(portfolio_items::table).values(shown).execute(conn).await?;
    diesel::delete(enrollment_media::table.filter(enrollment_media::enrollment_id.eq(id)))
        .execute(conn)
        .await?;
    Ok(())
}
