//! All that is kept about somebody, for themselves.

mod business;
mod conversations;
mod deals;
mod example;

use business::{ExportedBusinessView, ExportedEnrollment};
use chrono::{DateTime, Utc};
use conversations::{ExportedSession, ExportedTask, sessions};
use deals::{ExportedBooking, ExportedLead, ExportedOffer, ExportedRequest, ExportedReview, ExportedReviews};
use proxie_shared::auth::Links;
use proxie_shared::db::audit::AuditEntry;
use proxie_shared::db::export::{MoveRow, SignedInSince};
use proxie_shared::domain::export::Export;
use proxie_shared::model::MediaId;
use proxie_shared::model::consumers::ConsumerProfile;
use proxie_shared::model::media::{Media, MediaKind};
use proxie_shared::model::memory::Memory;
use proxie_shared::model::places::Location;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::admin::NoteView;
use super::auth::MeView;
use super::notifications::NotificationView;
use super::usage::UsageLineView;

/// All that is kept about a user.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(example::export()))]
pub struct ExportView<'a> {
    user: MeView,
    /// Where they are signed in.
    sign_ins: Vec<ExportedSignIn>,
    /// What they say of themselves as a consumer.
    profile: Option<ExportedProfile<'a>>,
    /// What is remembered of them: what they stated, and what was learned.
    memory: Option<&'a Memory>,
    sessions: Vec<ExportedSession<'a>>,
    /// What was done for them in the background.
    tasks: Vec<ExportedTask<'a>>,
    /// What they needed, and to whom that went.
    requests: Vec<ExportedRequest<'a>>,
    /// Requests of others that went to their business.
    leads: Vec<ExportedLead<'a>>,
    /// Made by their business, or received.
    offers: Vec<ExportedOffer<'a>>,
    /// Of either side.
    bookings: Vec<ExportedBooking<'a>>,
    reviews: ExportedReviews<'a>,
    enrollment: Option<ExportedEnrollment<'a>>,
    business: Option<ExportedBusinessView<'a>>,
    /// What they uploaded; `GET /media/{media_id}` leads to the files.
    media: Vec<ExportedMedia<'a>>,
    notifications: Vec<NotificationView>,
    /// What models cost that were called for them, by day, feature and model.
    usage: Vec<UsageLineView>,
    /// What admins did with what is theirs.
    admin_moves: Vec<ExportedAdminMove<'a>>,
}

/// A sign-in that has not ended.
#[derive(Serialize, ToSchema)]
struct ExportedSignIn {
    created_at: DateTime<Utc>,
    /// When it ends at the latest.
    expires_at: DateTime<Utc>,
}

/// What a consumer says beside the name.
#[derive(Serialize, ToSchema)]
struct ExportedProfile<'a> {
    email: Option<&'a str>,
    phone: Option<&'a str>,
    street: Option<&'a str>,
    city: Option<&'a str>,
    zone: Option<&'a str>,
    location: Option<Location>,
}

/// A picture or film.
#[derive(Serialize, ToSchema)]
struct ExportedMedia<'a> {
    #[schema(value_type = String, format = Uuid)]
    id: MediaId,
    kind: MediaKind,
    mime: &'a str,
    /// Its size.
    bytes: i64,
    /// In pixels.
    width: Option<i32>,
    /// In pixels.
    height: Option<i32>,
    created_at: DateTime<Utc>,
}

/// A move from one state to another.
#[derive(Serialize, ToSchema)]
struct ExportedMove<'a> {
    from: &'a str,
    to: &'a str,
    by: ExportedMover,
    /// Why; of moves of others as far as both sides are shown it.
    note: Option<&'a str>,
    at: DateTime<Utc>,
}

/// Who moved something.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportedMover {
    /// Whom this is about.
    You,
    /// Somebody else.
    Another,
    /// Time, or a task.
    Nobody,
}

/// What an admin did.
#[derive(Serialize, ToSchema)]
struct ExportedAdminMove<'a> {
    /// Noun and verb, as in `task.cancel`.
    action: &'a str,
    /// With what; null for what the catalog holds.
    object_id: Option<Uuid>,
    /// More, depending on the action.
    #[schema(value_type = NoteView)]
    note: &'a Value,
    created_at: DateTime<Utc>,
}

impl<'a> ExportView<'a> {
    /// The view of an export; drafts and notifications are moved into it.
    pub fn new(export: &'a mut Export, links: &'a Links) -> Self {
        let drafts = std::mem::take(&mut export.drafts);
        let notifications = std::mem::take(&mut export.notifications);
        let usage = std::mem::take(&mut export.usage);
        let export = &*export;
        let written = export.reviews_written.iter().map(ExportedReview::from);
        let received = export.reviews_received.iter().map(ExportedReview::from);
        Self {
            user: MeView::new(&export.user, export.user.role, export.email.clone()),
            sign_ins: export.sign_ins.iter().map(ExportedSignIn::from).collect(),
            profile: export.profile.as_ref().map(ExportedProfile::from),
            memory: export.memory.as_ref(),
            sessions: sessions(export, drafts, links),
            tasks: export.tasks.iter().map(ExportedTask::from).collect(),
            requests: export.requests.iter().map(|one| ExportedRequest::new(one, export)).collect(),
            leads: export.leads.iter().map(ExportedLead::from).collect(),
            offers: export.offers.iter().map(|one| ExportedOffer::new(one, export)).collect(),
            bookings: export.bookings.iter().map(|one| ExportedBooking::new(one, export)).collect(),
            reviews: ExportedReviews { written: written.collect(), received: received.collect() },
            enrollment: export.enrollment.as_ref().map(|one| ExportedEnrollment::new(one, export)),
            business: export.business.as_ref().map(|one| ExportedBusinessView::new(one, export)),
            media: export.media.iter().map(ExportedMedia::from).collect(),
            notifications: notifications.into_iter().map(NotificationView::from).collect(),
            usage: usage.into_iter().map(UsageLineView::from).collect(),
            admin_moves: export.audited.iter().map(ExportedAdminMove::from).collect(),
        }
    }
}

/// How something moved.
fn moves_of(export: &Export, id: Uuid) -> Vec<ExportedMove<'_>> {
    export.moves.get(&id).into_iter().flatten().map(ExportedMove::from).collect()
}

impl<'a> From<&'a MoveRow> for ExportedMove<'a> {
    fn from(row: &'a MoveRow) -> Self {
        let by = match row.own {
            Some(true) => ExportedMover::You,
            Some(false) => ExportedMover::Another,
            None => ExportedMover::Nobody,
        };
        Self { from: &row.from, to: &row.to, by, note: row.note.as_deref(), at: row.at }
    }
}

impl From<&SignedInSince> for ExportedSignIn {
    fn from(row: &SignedInSince) -> Self {
        Self { created_at: row.created_at, expires_at: row.expires_at }
    }
}

impl<'a> From<&'a ConsumerProfile> for ExportedProfile<'a> {
    fn from(profile: &'a ConsumerProfile) -> Self {
        let location = profile.latitude.zip(profile.longitude);
        Self {
            email: profile.email.as_deref(),
            phone: profile.phone.as_deref(),
            street: profile.street.as_deref(),
            city: profile.city.as_deref(),
            zone: profile.zone.as_deref(),
            location: location.map(|(latitude, longitude)| Location { latitude, longitude }),
        }
    }
}

impl<'a> From<&'a Media> for ExportedMedia<'a> {
    fn from(media: &'a Media) -> Self {
        Self {
            id: media.id,
            kind: media.kind,
            mime: &media.mime,
            bytes: media.bytes,
            width: media.width,
            height: media.height,
            created_at: media.created_at,
        }
    }
}

impl<'a> From<&'a AuditEntry> for ExportedAdminMove<'a> {
    fn from(entry: &'a AuditEntry) -> Self {
        Self {
            action: &entry.action,
            object_id: entry.object_id,
            note: &entry.note,
            created_at: entry.created_at,
        }
    }
}
