//! Enrollment: how somebody becomes a provider. A draft is filled in, handed in, and becomes a provider at once or when
//! an admin has looked at its licences.

mod decide;
mod fields;

use chrono::Utc;
pub(in crate::domain) use decide::Standing;
use diesel_async::AsyncConnection;
pub use fields::{EnrollmentFields, EnrollmentPhoto, EnrollmentService};
use serde_json::{Map, Value};

use super::{Domain, Once, audit, users};
use crate::auth::{Admin, SignedIn};
use crate::db::enrollment::Change;
use crate::db::idempotency::Reply;
use crate::db::{self, Conn};
use crate::error::{Code, Error, Problem, Result};
use crate::model::enrollment::{Enrollment, EnrollmentStatus};
use crate::model::{EnrollmentId, MediaId, UserId};

impl Domain {
    /// Begins the caller's enrollment, or answers the open one; with it, whether it is new.
    ///
    /// # Errors
    /// `provider_exists`.
    pub async fn start_enrollment(
        &self,
        caller: &SignedIn,
        once: &Once<'_, (Enrollment, bool)>,
    ) -> Result<Reply> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            if let Some(before) = once.answered(conn).await? {
                return Ok(before);
            }
            db::users::require_active(conn, caller.user_id()).await?;
            let started = start(conn, caller.user_id()).await?;
            once.answer(conn, &started).await
        })
        .await
    }

    /// The caller's own enrollment.
    ///
    /// # Errors
    /// `not_yours` when there is none.
    pub async fn own_enrollment(&self, caller: &SignedIn) -> Result<Enrollment> {
        let mut conn = self.queue.db.conn().await?;
        let own = db::enrollment::of_user(&mut conn, caller.user_id()).await?;
        own.filter(|enrollment| !is_over(enrollment)).ok_or_else(|| {
            Error::not_yours().detail("You have no enrollment. Begin one with POST /enrollment/start.")
        })
    }

    /// An enrollment of the caller.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn enrollment(&self, caller: &SignedIn, id: EnrollmentId) -> Result<Enrollment> {
        db::enrollment::find_for(&mut *self.queue.db.conn().await?, caller.scope(), id).await
    }

    /// Everybody's enrollments, the oldest first; of one status and made after one, if these are given.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn enrollments(
        &self,
        _: &Admin,
        status: Option<EnrollmentStatus>,
        after: Option<EnrollmentId>,
        limit: i64,
    ) -> Result<Vec<Enrollment>> {
        db::enrollment::list(&mut *self.queue.db.conn().await?, status, after, limit).await
    }

    /// Fills in fields of a draft: each is replaced as a whole, null takes it out. One that was rejected becomes a draft.
    ///
    /// # Errors
    /// `invalid` with every problem; `not_yours`, also for pictures; `illegal_move` once it is handed in.
    pub async fn fill_in_enrollment(
        &self,
        caller: &SignedIn,
        id: EnrollmentId,
        changes: &Map<String, Value>,
    ) -> Result<Enrollment> {
        let changed: EnrollmentFields = serde_json::from_value(Value::Object(changes.clone()))?;
        let problems = changed.problems(&self.catalog());
        if !problems.is_empty() {
            return Err(Error::invalid(problems.into_iter().map(in_body).collect()));
        }
        let mut conn = self.queue.db.conn().await?;
        let owner = db::enrollment::find_for(&mut conn, caller.scope(), id).await?.user_id;
        conn.transaction(async |conn| {
            users::require_open(conn, caller, owner).await?;
            require_media(conn, owner, changed.media()).await?;
            let before = db::enrollment::lock(conn, id).await?;
            let draft = match before.status {
                EnrollmentStatus::Draft => before,
                EnrollmentStatus::Rejected => {
                    let (to, change) = (EnrollmentStatus::Draft, Change::default());
                    db::enrollment::move_on(conn, &before, to, caller.user_id(), None, change).await?
                }
                from @ (EnrollmentStatus::PendingVerification | EnrollmentStatus::Verified) => {
                    return Err(Error::illegal_move(Code::IllegalMove, from));
                }
            };
            let fields = merged(draft.fields, changes);
            let named = serde_json::from_value::<EnrollmentFields>(fields.clone())?.media();
            let filled = db::enrollment::fill_in(conn, id, &fields, &named).await?;
            audit::record_unless_own(conn, caller, "enrollment.fill_in", id.0, owner).await?;
            Ok(filled)
        })
        .await
    }

    /// Deletes an enrollment that is not handed in.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move` once it is handed in.
    pub async fn delete_enrollment(&self, caller: &SignedIn, id: EnrollmentId) -> Result<()> {
        let mut conn = self.queue.db.conn().await?;
        let owner = db::enrollment::find_for(&mut conn, caller.scope(), id).await?.user_id;
        conn.transaction(async |conn| {
            users::require_open(conn, caller, owner).await?;
            match db::enrollment::lock(conn, id).await?.status {
                EnrollmentStatus::Draft | EnrollmentStatus::Rejected => {
                    db::enrollment::delete(conn, id).await?;
                    audit::record_unless_own(conn, caller, "enrollment.delete", id.0, owner).await
                }
                from @ (EnrollmentStatus::PendingVerification | EnrollmentStatus::Verified) => {
                    Err(Error::illegal_move(Code::IllegalMove, from))
                }
            }
        })
        .await
    }
}

/// Begins the enrollment of a user whose row the caller has locked, or finds the open one.
async fn start(conn: &mut Conn, user: UserId) -> Result<(Enrollment, bool)> {
    if db::providers::is_one(conn, user).await? {
        return Err(Code::ProviderExists.into());
    }
    match db::enrollment::of_user(conn, user).await? {
        Some(old) if is_over(&old) => db::enrollment::delete(conn, old.id).await?,
        Some(open) => return Ok((open, false)),
        None => {}
    }
    let made = db::enrollment::insert(conn, user).await?;
    Ok((made.ok_or_else(|| Error::new(Code::Internal).because("an enrollment beside the lock"))?, true))
}

/// Whether a draft's time is over.
fn is_over(enrollment: &Enrollment) -> bool {
    let is_open = matches!(enrollment.status, EnrollmentStatus::Draft | EnrollmentStatus::Rejected);
    is_open && enrollment.expires_at <= Utc::now()
}

/// The fields with the changes in place: null takes out.
fn merged(fields: Value, changes: &Map<String, Value>) -> Value {
    let Value::Object(mut fields) = fields else { return Value::Object(changes.clone()) };
    for (name, value) in changes {
        match value {
            Value::Null => fields.remove(name),
            value => fields.insert(name.clone(), value.clone()),
        };
    }
    Value::Object(fields)
}

/// That these pictures and films are a user's.
async fn require_media(conn: &mut Conn, owner: UserId, ids: Vec<MediaId>) -> Result<()> {
    if ids.is_empty() || db::enrollment::media_of(conn, owner, &ids).await?.len() == ids.len() {
        return Ok(());
    }
    Err(Error::not_yours())
}

/// The field as it is sent.
fn in_body(problem: Problem) -> Problem {
    Problem { pointer: format!("/body{}", problem.pointer), ..problem }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_replace_whole_fields_and_null_takes_out() {
        let fields =
            json!({"city": "Brooklyn", "headline": "Curls", "services": [{"service_id": "haircut"}]});
        let changes = json!({"headline": null, "services": [{"service_id": "braiding"}], "bio": "Long."});
        let changes = changes.as_object().cloned().unwrap_or_default();
        let wanted = json!({"city": "Brooklyn", "bio": "Long.", "services": [{"service_id": "braiding"}]});
        assert_eq!(merged(fields, &changes), wanted);
    }
}
