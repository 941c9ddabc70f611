use chrono::{DateTime, Utc};
use proxie_shared::auth::Links;
use proxie_shared::domain::live::Live;
use proxie_shared::model::live::{LiveEvent, LiveKind};
use proxie_shared::model::{BookingId, MessageId, NotificationId, OfferId, RequestId, SessionId, TaskId};
use serde::Serialize;
use serde_json::Value;

use super::bookings::BookingView;
use super::chat::MessageView;
use super::leads::LeadView;
use super::notifications::NotificationView;
use super::offers::OfferView;
use super::requests::RequestView;
use super::tasks::TaskView;

/// Something that somebody's client is told.
#[derive(Serialize)]
pub struct LiveEventView<'a> {
    /// Which one of the user's it is, from 1 without a gap.
    seq: i64,
    #[serde(rename = "type")]
    kind: LiveKind,
    at: DateTime<Utc>,
    /// What it is about, as at its own address; null if it is no more, or no more theirs.
    data: Option<SubjectView<'a>>,
}

/// What an event is about.
#[derive(Serialize)]
#[serde(untagged)]
enum SubjectView<'a> {
    Task(TaskView<'a>),
    Delta(&'a Value),
    Message(Box<PlacedView<'a>>),
    Request(RequestView<'a>),
    Offer(OfferView),
    Lead(LeadView<'a>),
    Booking(BookingView),
    Notification(NotificationView),
}

/// A message, and where it was said.
#[derive(Serialize)]
struct PlacedView<'a> {
    session_id: SessionId,
    #[serde(flatten)]
    message: MessageView<'a>,
}

impl<'a> LiveEventView<'a> {
    /// An event, of which `live` has what its reader may see.
    pub fn new(event: &'a LiveEvent, live: &'a Live, links: &'a Links) -> Self {
        Self { data: subject(event, live, links), ..Self::bare(event) }
    }

    /// An event that says all by itself.
    pub fn bare(event: &'a LiveEvent) -> Self {
        let data = event.data.as_ref().map(SubjectView::Delta);
        Self { seq: event.seq, kind: event.kind, at: event.created_at, data }
    }
}

fn subject<'a>(event: &'a LiveEvent, live: &'a Live, links: &'a Links) -> Option<SubjectView<'a>> {
    let id = event.subject_id;
    match event.kind {
        LiveKind::ChatDelta => event.data.as_ref().map(SubjectView::Delta),
        LiveKind::TaskUpdate => {
            let task = live.tasks.get(&TaskId(id))?;
            // How many wait before it changes without anything happening to it.
            Some(SubjectView::Task(TaskView::new(task, None, &live.shown, links)))
        }
        LiveKind::MessageNew => {
            let said = live.messages.get(&MessageId(id))?;
            let message = MessageView::new(said, &live.photos, &live.shown, links);
            let placed = PlacedView { session_id: said.0.session_id, message };
            Some(SubjectView::Message(Box::new(placed)))
        }
        LiveKind::RequestUpdated => {
            let own = live.shown.requests.get(&RequestId(id))?;
            Some(SubjectView::Request(RequestView::new(own, links)))
        }
        LiveKind::OfferNew | LiveKind::OfferUpdated => {
            live.shown.offers.get(&OfferId(id)).map(OfferView::from).map(SubjectView::Offer)
        }
        LiveKind::LeadNew => {
            let lead = live.shown.leads.get(&RequestId(id))?;
            Some(SubjectView::Lead(LeadView::new(lead, links)))
        }
        LiveKind::BookingConfirmed | LiveKind::BookingUpdated | LiveKind::BookingCancelled => {
            live.shown.bookings.get(&BookingId(id)).map(BookingView::from).map(SubjectView::Booking)
        }
        LiveKind::NotificationNew => {
            let notification = live.notifications.get(&NotificationId(id))?;
            Some(SubjectView::Notification(notification.clone().into()))
        }
    }
}
