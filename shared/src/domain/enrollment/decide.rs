//! An enrollment is handed in, and decided.

use std::collections::HashSet;

use chrono::Utc;
use diesel_async::AsyncConnection;

use super::fields::{EnrollmentFields, EnrollmentPhoto};
use super::in_body;
use crate::auth::{Actor, Admin, SignedIn};
use crate::db::enrollment::{Change, Shown};
use crate::db::notifications::{Notice, tell};
use crate::db::{self, Conn};
use crate::domain::providers::{Opened, create_in};
use crate::domain::{Domain, audit, users};
use crate::error::{Code, Error, Problem, Result};
use crate::model::catalog::Catalog;
use crate::model::enrollment::{Enrollment, EnrollmentStatus};
use crate::model::media::MediaKind;
use crate::model::notifications::{About, NotificationKind};
use crate::model::{EnrollmentId, MediaId, PortfolioItemId, ProviderId};

/// The longest note in the history, in characters.
const NOTE_MAX: usize = 2_000;

impl Domain {
    /// Hands in a draft. With a service that needs no licence it becomes a provider at once, whose licensed services wait
    /// for an admin; else it waits itself. Handed in again, it is as it is.
    ///
    /// # Errors
    /// `not_yours`; `enrollment_incomplete` with all that is missing or wrong; `illegal_move` for one that was rejected and
    /// not changed; `provider_exists`.
    pub async fn submit_enrollment(
        &self,
        caller: &SignedIn,
        id: EnrollmentId,
        trace_id: &str,
    ) -> Result<Enrollment> {
        let mut conn = self.queue.db.conn().await?;
        let owner = db::enrollment::find_for(&mut conn, caller.scope(), id).await?.user_id;
        let catalog = self.catalog();
        let (submitted, opened) = conn
            .transaction(async |conn| {
                users::require_open(conn, caller, owner).await?;
                let draft = db::enrollment::lock(conn, id).await?;
                match draft.status {
                    EnrollmentStatus::Draft => {}
                    EnrollmentStatus::PendingVerification | EnrollmentStatus::Verified => {
                        return Ok((draft, None));
                    }
                    from @ EnrollmentStatus::Rejected => {
                        return Err(Error::illegal_move(Code::IllegalMove, from));
                    }
                }
                let fields = complete(conn, &draft, &catalog).await?;
                let change =
                    Change { submitted_at: Some(Utc::now()), reasons: Some(Vec::new()), ..Change::default() };
                audit::record_unless_own(conn, caller, "enrollment.submit", id.0, owner).await?;
                if fields.is_licensed_only(&catalog) {
                    let to = EnrollmentStatus::PendingVerification;
                    let moved =
                        db::enrollment::move_on(conn, &draft, to, caller.user_id(), None, change).await?;
                    return Ok((moved, None));
                }
                let (verified, opened) =
                    verify(conn, caller, &draft, &fields, &catalog, change, trace_id).await?;
                Ok((verified, Some(opened)))
            })
            .await?;
        drop(conn);
        self.announce_opened(opened);
        Ok(submitted)
    }

    /// Makes an enrollment that waits a provider, and its licences good.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`; `enrollment_incomplete` when it cannot be any more, as when a licence has expired;
    /// `provider_exists`.
    pub async fn approve_enrollment(
        &self,
        admin: &Admin,
        id: EnrollmentId,
        trace_id: &str,
    ) -> Result<Enrollment> {
        let mut conn = self.queue.db.conn().await?;
        let owner = db::enrollment::find_for(&mut conn, admin.scope(), id).await?.user_id;
        let catalog = self.catalog();
        let (verified, opened) = conn
            .transaction(async |conn| {
                users::require_open(conn, admin, owner).await?;
                let pending = db::enrollment::lock(conn, id).await?;
                if was_moved_by(conn, &pending, EnrollmentStatus::Verified, admin).await? {
                    return Ok((pending, None));
                }
                if pending.status != EnrollmentStatus::PendingVerification {
                    return Err(Error::illegal_move(Code::IllegalMove, pending.status));
                }
                let fields = complete(conn, &pending, &catalog).await?;
                let change = Change { decided_at: Some(Utc::now()), ..Change::default() };
                let (verified, opened) =
                    verify(conn, admin, &pending, &fields, &catalog, change, trace_id).await?;
                db::licences::verify_all(conn, opened.provider.id).await?;
                audit::record_unless_own(conn, admin, "enrollment.approve", id.0, owner).await?;
                Ok((verified, Some(opened)))
            })
            .await?;
        drop(conn);
        self.announce_opened(opened);
        Ok(verified)
    }

    /// Sends an enrollment that waits back, with reasons.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`.
    pub async fn reject_enrollment(
        &self,
        admin: &Admin,
        id: EnrollmentId,
        reasons: Vec<String>,
    ) -> Result<Enrollment> {
        let mut conn = self.queue.db.conn().await?;
        let owner = db::enrollment::find_for(&mut conn, admin.scope(), id).await?.user_id;
        conn.transaction(async |conn| {
            users::require_open(conn, admin, owner).await?;
            let pending = db::enrollment::lock(conn, id).await?;
            if was_moved_by(conn, &pending, EnrollmentStatus::Rejected, admin).await? {
                return Ok(pending);
            }
            if pending.status != EnrollmentStatus::PendingVerification {
                return Err(Error::illegal_move(Code::IllegalMove, pending.status));
            }
            let note: String = reasons.join("\n").chars().take(NOTE_MAX).collect();
            let change = Change { decided_at: Some(Utc::now()), reasons: Some(reasons), ..Change::default() };
            let (to, by) = (EnrollmentStatus::Rejected, admin.user_id());
            let rejected = db::enrollment::move_on(conn, &pending, to, by, Some(&note), change).await?;
            tell(conn, &[decided(&rejected)]).await?;
            audit::record_unless_own(conn, admin, "enrollment.reject", id.0, owner).await?;
            Ok(rejected)
        })
        .await
    }

    fn announce_opened(&self, opened: Option<Opened>) {
        if let Some(task) = opened.and_then(|opened| opened.embedding) {
            self.queue.announce_new(&task);
        }
    }
}

/// Whether this admin has made the very same move before.
async fn was_moved_by(
    conn: &mut Conn,
    enrollment: &Enrollment,
    to: EnrollmentStatus,
    admin: &Admin,
) -> Result<bool> {
    Ok(enrollment.status == to
        && db::enrollment::last_mover(conn, enrollment.id).await? == Some(admin.user_id()))
}

/// Where an enrollment stands.
pub(in crate::domain) struct Standing {
    /// What is filled in.
    pub fields: EnrollmentFields,
    /// Its pictures, without films and what is gone.
    pub photos: HashSet<MediaId>,
    /// What of it cannot be; pointers are to its fields.
    pub problems: Vec<Problem>,
    /// What must still be filled in.
    pub missing: Vec<Problem>,
}

impl Standing {
    /// Of an enrollment as it is now.
    ///
    /// # Errors
    /// When the database is away.
    pub(in crate::domain) async fn of(
        conn: &mut Conn,
        enrollment: &Enrollment,
        catalog: &Catalog,
    ) -> Result<Self> {
        let fields = EnrollmentFields::of(enrollment)?;
        let there = db::enrollment::media_of(conn, enrollment.user_id, &fields.media()).await?;
        let pictures = there.into_iter().filter(|(_, kind)| *kind == MediaKind::Image);
        let photos: HashSet<MediaId> = pictures.map(|(id, _)| id).collect();
        let problems = fields.problems(catalog);
        let missing = fields.missing(catalog, |id| photos.contains(&id));
        Ok(Self { fields, photos, problems, missing })
    }
}

/// The fields, if nothing is missing or wrong.
///
/// # Errors
/// `enrollment_incomplete`
async fn complete(conn: &mut Conn, draft: &Enrollment, catalog: &Catalog) -> Result<EnrollmentFields> {
    let stand = Standing::of(conn, draft, catalog).await?;
    let mut problems = stand.problems;
    problems.extend(stand.missing);
    if problems.is_empty() {
        return Ok(stand.fields);
    }
    let problems = problems.into_iter().map(in_body).collect();
    Err(Error { problems, ..Error::new(Code::EnrollmentIncomplete) })
}

/// Makes the provider that an enrollment describes, and moves it on. The caller has locked its owner and it.
async fn verify(
    conn: &mut Conn,
    actor: &Actor,
    enrollment: &Enrollment,
    fields: &EnrollmentFields,
    catalog: &Catalog,
    change: Change,
    trace_id: &str,
) -> Result<(Enrollment, Opened)> {
    let opened = create_in(conn, enrollment.user_id, &fields.business(catalog), catalog, trace_id).await?;
    let provider = opened.provider.id;
    let shown: Vec<_> = fields.photos().iter().map(|photo| shown(photo, provider)).collect();
    db::enrollment::show(conn, enrollment.id, &shown).await?;
    let change = Change { provider_id: Some(provider), ..change };
    let (to, by) = (EnrollmentStatus::Verified, actor.user_id());
    let verified = db::enrollment::move_on(conn, enrollment, to, by, None, change).await?;
    tell(conn, &[decided(&verified)]).await?;
    Ok((verified, opened))
}

fn shown(photo: &EnrollmentPhoto, provider: ProviderId) -> Shown {
    Shown {
        id: PortfolioItemId::new(),
        provider_id: provider,
        service_id: photo.service_id.clone(),
        media_id: photo.media_id,
        title: photo.title.clone().unwrap_or_default(),
        description: photo.description.clone().unwrap_or_default(),
    }
}

/// That an enrollment is decided.
fn decided(enrollment: &Enrollment) -> Notice {
    let about = About { enrollment_id: Some(enrollment.id), ..About::default() };
    Notice::new(enrollment.user_id, NotificationKind::EnrollmentDecided, about)
}
