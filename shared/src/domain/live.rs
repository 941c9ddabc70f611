//! What people's clients are told as it happens: numbered for each user, read when it is told, as its reader may see it then.

use std::collections::HashMap;

use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::Domain;
use super::shown::{Ids, Shown};
use crate::auth::{Actor, Scope};
use crate::db::live::Numbered;
use crate::db::{self, Conn};
use crate::error::{Error, Result};
use crate::model::chat::Message;
use crate::model::live::{LiveEvent, LiveKind};
use crate::model::media::Media;
use crate::model::notifications::Notification;
use crate::model::tasks::{Task, TaskStatus};
use crate::model::{BookingId, MessageId, NotificationId, OfferId, RequestId, SessionId, TaskId, UserId};

/// The most events that get their numbers in one transaction.
const NUMBERED_AT_ONCE: i64 = 1_000;

/// Events with what they are about, as their reader may see it now; what they may not see (any more) is not in it.
#[derive(Debug)]
pub struct Live {
    /// In order.
    pub events: Vec<LiveEvent>,
    /// Tasks of the reader's.
    pub tasks: HashMap<TaskId, Task>,
    /// What was said in the reader's conversations, with the status of the task that answers it.
    pub messages: HashMap<MessageId, (Message, Option<TaskStatus>)>,
    /// The photos that came with it, in order.
    pub photos: HashMap<MessageId, Vec<Media>>,
    /// What the reader was notified of.
    pub notifications: HashMap<NotificationId, Notification>,
    /// Everything else.
    pub shown: Shown,
}

impl Domain {
    /// Gives their numbers to events that have none; answers whether there may be more.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn number_live(&self) -> Result<bool> {
        let mut conn = self.queue.db.conn().await?;
        if !db::live::any_unnumbered(&mut conn).await? {
            return Ok(false);
        }
        let numbered = conn
            .transaction(async |conn| {
                let numbered = db::live::number(conn, NUMBERED_AT_ONCE).await?;
                Ok::<_, Error>(numbered)
            })
            .await?;
        Ok(numbered as i64 == NUMBERED_AT_ONCE)
    }

    /// The place of the last event that got its number.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn live_position(&self) -> Result<i64> {
        db::live::last_position(&mut *self.queue.db.conn().await?).await
    }

    /// What got its number after a place, in order, up to `limit`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn live_after(&self, position: i64, limit: i64) -> Result<Vec<Numbered>> {
        db::live::numbered_after(&mut *self.queue.db.conn().await?, position, limit).await
    }

    /// The last number that was given to an event of the caller's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn last_live(&self, actor: &Actor) -> Result<i64> {
        db::live::last_for(&mut *self.queue.db.conn().await?, actor.user_id()).await
    }

    /// What the caller is to be told after a number, up to `limit` events; none where that is not known any more.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn live(&self, actor: &Actor, after: i64, limit: i64) -> Result<Option<Live>> {
        let mut conn = self.queue.db.conn().await?;
        let user = actor.user_id();
        let events = db::live::list_for(&mut conn, user, after, limit).await?;
        let goes_on = match events.first() {
            Some(first) => first.seq == after + 1,
            None => db::live::last_for(&mut conn, user).await? == after,
        };
        if !goes_on {
            return Ok(None);
        }
        self.read(&mut conn, user, events).await.map(Some)
    }

    /// What was told of answers in a conversation of the caller's after a number and up to another, up to `limit` events.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn live_deltas(
        &self,
        actor: &Actor,
        session: SessionId,
        between: (i64, i64),
        limit: i64,
    ) -> Result<Vec<LiveEvent>> {
        let mut conn = self.queue.db.conn().await?;
        let user = actor.user_id();
        // Also an admin's own only: it is their own events that are told.
        db::chat::find_for(&mut conn, user.into(), session).await?;
        db::live::deltas_for(&mut conn, user, session, between, limit).await
    }

    /// What these events are about, in as many queries for many as for one.
    async fn read(&self, conn: &mut Conn, user: UserId, events: Vec<LiveEvent>) -> Result<Live> {
        // An admin, too, is told of what is their own.
        let scope = Scope::from(user);
        let about = |kinds: &[LiveKind]| -> Vec<Uuid> {
            let mut ids: Vec<Uuid> = events
                .iter()
                .filter(|event| kinds.contains(&event.kind))
                .map(|event| event.subject_id)
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let tasks: Vec<TaskId> = about(&[LiveKind::TaskUpdate]).into_iter().map(TaskId).collect();
        let messages: Vec<MessageId> = about(&[LiveKind::MessageNew]).into_iter().map(MessageId).collect();
        let notices: Vec<NotificationId> =
            about(&[LiveKind::NotificationNew]).into_iter().map(NotificationId).collect();
        let mut ids = Ids {
            requests: about(&[LiveKind::RequestUpdated]).into_iter().map(RequestId).collect(),
            offers: about(&[LiveKind::OfferNew, LiveKind::OfferUpdated]).into_iter().map(OfferId).collect(),
            bookings: about(&[
                LiveKind::BookingConfirmed,
                LiveKind::BookingUpdated,
                LiveKind::BookingCancelled,
            ])
            .into_iter()
            .map(BookingId)
            .collect(),
            leads: about(&[LiveKind::LeadNew]).into_iter().map(RequestId).collect(),
            ..Ids::default()
        };
        let tasks =
            if tasks.is_empty() { Vec::new() } else { db::tasks::all_for(conn, scope, &tasks).await? };
        let said = if messages.is_empty() {
            Vec::new()
        } else {
            db::chat::messages_for(conn, scope, &messages).await?
        };
        let seen: Vec<MessageId> = said.iter().map(|(message, _)| message.id).collect();
        let photos = if seen.is_empty() { HashMap::new() } else { db::chat::photos_of(conn, &seen).await? };
        let notices = if notices.is_empty() {
            Vec::new()
        } else {
            db::notifications::all_for(conn, scope, &notices).await?
        };
        let data = said.iter().filter_map(|(message, _)| message.data.as_ref());
        ids.add(data.chain(tasks.iter().filter_map(Task::data)));
        let shown = ids.find(conn, scope, self.catalog()).await?;
        Ok(Live {
            events,
            tasks: tasks.into_iter().map(|task| (task.id, task)).collect(),
            messages: said.into_iter().map(|said| (said.0.id, said)).collect(),
            photos,
            notifications: notices.into_iter().map(|notice| (notice.id, notice)).collect(),
            shown,
        })
    }
}
