//! Media: pictures and films, from their upload until nothing of them is left.
//!
//! The row comes first, then the objects, then the row says that they are there; it goes first as well, and leaves a note
//! until its objects are gone. So whatever dies in between, the sweep finds what is left over by the rows alone.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use diesel_async::AsyncConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::{Once, audit};
use crate::auth::{Actor, Links, bad_link};
use crate::db::idempotency::Reply;
use crate::db::media::{NewMedia, Seen};
use crate::db::{self, Db};
use crate::error::{Code, Error, Result};
use crate::model::MediaId;
use crate::model::media::{Audience, GUEST_PICTURES, Media, MediaKind, Variant};
use crate::model::users::Role;
use crate::storage::{Cleaned, Cleaner, Object, Spool, Spooled, Store};

/// The most media of one step of a sweep: locks are short.
const BATCH: i64 = 100;
/// How many uploads a process takes at once; each has a file until it is stored.
pub const UPLOADS: usize = 64;
/// How long one more waits for a place.
const PLACE: Duration = Duration::from_secs(2);

/// The pictures and films of everybody, and the links to them.
pub struct Gallery {
    db: Db,
    store: Store,
    cleaner: Cleaner,
    links: Links,
    places: Arc<Semaphore>,
}

/// A file that somebody sends.
pub struct Arriving {
    spool: Spool,
    is_of_guest: bool,
    place: OwnedSemaphorePermit,
}

/// A file that somebody has sent.
pub struct Arrived {
    spooled: Spooled,
    place: OwnedSemaphorePermit,
}

impl Arrived {
    /// SHA-256 of all of it.
    #[must_use]
    pub fn digest(&self) -> &[u8] {
        &self.spooled.digest
    }
}

/// A file to be sent.
pub struct Opened {
    /// What it is of.
    pub media: Media,
    /// Which file of it.
    pub variant: Variant,
    /// Whether caches may keep it.
    pub audience: Audience,
    /// For how many seconds the link is still good.
    pub seconds_left: i64,
    /// Its bytes, or those that were asked for.
    pub object: Object,
}

impl Arriving {
    /// Takes in what comes next.
    ///
    /// # Errors
    /// `media_unsupported` and `too_large`, as soon as it can be told; `account_required` for a film of a guest.
    pub async fn write(&mut self, part: &[u8]) -> Result<()> {
        self.spool.write(part).await?;
        match self.spool.format() {
            Some(format) if self.is_of_guest && format.kind() == MediaKind::Video => {
                Err(Error::new(Code::AccountRequired)
                    .detail("Films need an account. Sign up or sign in, then try again."))
            }
            _ => Ok(()),
        }
    }

    /// All has arrived.
    ///
    /// # Errors
    /// `media_unsupported` when that is too little to be anything.
    pub async fn end(self) -> Result<Arrived> {
        Ok(Arrived { spooled: self.spool.end().await?, place: self.place })
    }
}

impl Gallery {
    /// The media of a database whose objects are in a store.
    ///
    /// # Errors
    /// When the system has no threads for it.
    pub fn new(db: Db, store: Store, links: Links) -> Result<Self> {
        let cleaner = Cleaner::new(store.arriving())?;
        Ok(Self { db, cleaner, store, links, places: Arc::new(Semaphore::new(UPLOADS)) })
    }

    /// Signs the links to files.
    #[must_use]
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Begins an upload; asked before anything of it is read. One with a key may be one that was taken already: whether
    /// there is room for it is only asked when it is [added](Self::add).
    ///
    /// # Errors
    /// `account_required` for a guest who has as many pictures as a guest may have; `unavailable` when so many upload that
    /// there is no place in time.
    pub async fn begin(&self, actor: &Actor, has_key: bool) -> Result<Arriving> {
        let is_of_guest = actor.role() == Role::Guest;
        if is_of_guest && !has_key {
            let mut conn = self.db.conn().await?;
            require_room(db::media::count_of(&mut conn, actor.user_id()).await?)?;
        }
        let place = self.place().await?;
        Ok(Arriving { spool: Spool::new(self.store.arriving())?, is_of_guest, place })
    }

    /// A place for an upload, which it has until it is stored.
    async fn place(&self) -> Result<OwnedSemaphorePermit> {
        let busy = || {
            let detail =
                "Many are uploading at the moment. Wait as long as Retry-After says, then try again.";
            Error::new(Code::Unavailable).detail(detail)
        };
        let place = timeout(PLACE, Arc::clone(&self.places).acquire_owned()).await.map_err(|_| busy())?;
        place.map_err(|closed| Error::new(Code::Internal).because(closed))
    }

    /// Keeps an upload, cleaned.
    ///
    /// # Errors
    /// `media_unsupported`, `too_large`; `account_required` as [`Self::begin`]; `unavailable` when the store is away.
    pub async fn add(&self, actor: &Actor, arrived: Arrived, once: &Once<'_, Media>) -> Result<Reply> {
        let Arrived { spooled, place: _place } = arrived;
        // The same call once more need not do it all again.
        if let Some(key) = once.key()
            && let Some(before) = db::idempotency::find(&mut *self.db.conn().await?, key).await?
        {
            return Ok(before);
        }
        let cleaned = self.cleaner.clean(spooled).await?;
        let id = MediaId::new();
        self.insert(actor, id, &cleaned).await?;
        let added = self.store_and_show(id, cleaned, once).await;
        if !matches!(added, Ok(Added::Shown(_))) {
            // What cannot be taken back now is swept later.
            let taken_back = async {
                db::media::delete_unready(&mut *self.db.conn().await?, id).await?;
                delete_objects(&self.db, &self.store, &[id]).await
            };
            if let Err(error) = taken_back.await {
                tracing::warn!(causes = error.causes(), "an upload that failed was not taken back");
            }
        }
        match added? {
            Added::Shown(reply) | Added::Before(reply) => Ok(reply),
        }
    }

    async fn insert(&self, actor: &Actor, id: MediaId, cleaned: &Cleaned) -> Result<()> {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        let new = NewMedia {
            id,
            user_id: actor.user_id(),
            kind: cleaned.format.kind(),
            mime: cleaned.format.mime(),
            bytes: i64::try_from(cleaned.bytes).unwrap_or(i64::MAX),
            width: cleaned.size.map(|(width, _)| side(width)),
            height: cleaned.size.map(|(_, height)| side(height)),
        };
        let mut conn = self.db.conn().await?;
        conn.transaction(async |conn| {
            db::users::require_active(conn, new.user_id).await?;
            if actor.role() == Role::Guest {
                require_room(db::media::count_of(conn, new.user_id).await?)?;
            }
            db::media::insert(conn, &new).await
        })
        .await
    }

    async fn store_and_show(&self, id: MediaId, cleaned: Cleaned, once: &Once<'_, Media>) -> Result<Added> {
        if let Some(thumb) = cleaned.thumb {
            self.store.put(id, Variant::Thumb, thumb).await?;
        }
        self.store.put(id, Variant::Original, cleaned.file).await?;
        let mut conn = self.db.conn().await?;
        conn.transaction(async |conn| {
            if let Some(before) = once.answered(conn).await? {
                return Ok(Added::Before(before));
            }
            let ready = db::media::make_ready(conn, id).await?;
            let media =
                ready.ok_or_else(|| Error::new(Code::Unavailable).because("swept while it was stored"))?;
            Ok(Added::Shown(once.answer(conn, &media).await?))
        })
        .await
    }

    /// Media for who may see it: its owner, whoever it is shown to, admins.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn media(&self, actor: &Actor, id: MediaId) -> Result<Seen> {
        db::media::find_for(&mut *self.db.conn().await?, actor.scope(), id).await
    }

    /// The file that a link leads to, or a part of it; `part` says which of so many bytes.
    ///
    /// # Errors
    /// `not_yours` when the link is not good, or no longer; what `part` refuses; `unavailable` when the store is away.
    pub async fn open(
        &self,
        id: MediaId,
        file: &str,
        part: impl FnOnce(u64) -> Result<Option<Range<u64>>>,
    ) -> Result<Opened> {
        let now = Utc::now();
        let link = self.links.read(id, file, now)?;
        let media = db::media::find(&mut *self.db.conn().await?, id).await?.ok_or_else(bad_link)?;
        let range = match link.variant {
            Variant::Original => part(u64::try_from(media.bytes).unwrap_or(0))?,
            // Nobody needs a part of what is small.
            Variant::Thumb => None,
        };
        let object = self.store.get(id, link.variant, range).await?.ok_or_else(bad_link)?;
        let seconds_left = (link.expires_at - now).num_seconds();
        Ok(Opened { media, variant: link.variant, audience: link.audience, seconds_left, object })
    }

    /// Deletes media.
    ///
    /// # Errors
    /// `not_yours`; `media_in_use` while something hangs on it.
    pub async fn delete(&self, actor: &Actor, id: MediaId) -> Result<()> {
        let mut conn = self.db.conn().await?;
        conn.transaction(async |conn| {
            let owner = db::media::delete_for(conn, actor.scope(), id).await?;
            audit::record_unless_own(conn, actor, "media.delete", id.0, owner).await
        })
        .await?;
        drop(conn);
        if let Err(error) = delete_objects(&self.db, &self.store, &[id]).await {
            tracing::warn!(causes = error.causes(), "objects of deleted media are left for the sweep");
        }
        Ok(())
    }
}

/// Deletes what was not ready after an hour and what hangs on nothing after a day, and the objects of all media that is
/// gone. For the schedule; two at once do no harm.
///
/// # Errors
/// When the database or the store is away.
pub async fn sweep_media(db: &Db, store: &Store) -> Result<()> {
    loop {
        match db::media::sweep(&mut *db.conn().await?, BATCH).await {
            Ok(swept) if swept as i64 == BATCH => {}
            Ok(_) => break,
            // Something was hung on one of them at this moment; the next sweep looks again.
            Err(error) if error.code == Code::MediaInUse => break,
            Err(error) => return Err(error),
        }
    }
    let mut after = None;
    loop {
        let gone = db::media::gone(&mut *db.conn().await?, after, BATCH).await?;
        delete_objects(db, store, &gone).await?;
        after = gone.last().copied();
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Deletes the objects of media whose row is gone, and the note of it.
async fn delete_objects(db: &Db, store: &Store, ids: &[MediaId]) -> Result<()> {
    for id in ids {
        store.delete(*id).await?;
    }
    db::media::forget_gone(&mut *db.conn().await?, ids).await
}

/// How an upload ended that the store took.
enum Added {
    /// It is seen from now on.
    Shown(Reply),
    /// The same call was answered before.
    Before(Reply),
}

fn require_room(has: i64) -> Result<()> {
    match has {
        has if has < GUEST_PICTURES => Ok(()),
        _ => Err(Error::new(Code::AccountRequired)
            .detail("Guests have up to five pictures. Sign up or sign in to upload more.")),
    }
}
