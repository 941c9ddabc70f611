//! All that is kept about somebody, for themselves.
//!
//! It holds what the person said, did and was told, and of others what the person may see anyway: the words of an offer they
//! received, how the other side of a booking is reached for as long as that is shown. A test looks at every column of the
//! schema that leads to a person: it is here, or on a list of exceptions that says why not.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::bookings::{self, BookingDetails};
use super::{Domain, memory};
use crate::auth::SignedIn;
use crate::db;
use crate::db::audit::AuditEntry;
use crate::db::drafts::DraftStatus;
use crate::db::export::{MoveRow, Moving, RoutedRow, SignedInSince};
use crate::error::Result;
use crate::model::calendar::Availability;
use crate::model::chat::{Message, Session};
use crate::model::consumers::ConsumerProfile;
use crate::model::drafts::Draft;
use crate::model::enrollment::Enrollment;
use crate::model::media::Media;
use crate::model::memory::Memory;
use crate::model::notifications::Notification;
use crate::model::offers::{Offer, OfferSlot};
use crate::model::providers::{Card, PortfolioItem, Provider, ProviderService, Template};
use crate::model::requests::Request;
use crate::model::reviews::Review;
use crate::model::tasks::Task;
use crate::model::usage::UsageLine;
use crate::model::users::User;
use crate::model::{MessageId, OfferId, ProviderId, RequestId, SessionId, UserId};

/// What is kept about a user.
pub struct Export {
    /// Their row.
    pub user: User,
    /// Of the account here.
    pub email: Option<String>,
    /// Where they are signed in.
    pub sign_ins: Vec<SignedInSince>,
    /// What they say of themselves as a consumer.
    pub profile: Option<ConsumerProfile>,
    /// What is remembered of them; none if nothing is.
    pub memory: Option<Memory>,
    /// Conversations.
    pub sessions: Vec<Session>,
    /// All that was said in them.
    pub messages: Vec<Message>,
    /// The photos that came with these, in order.
    pub photos: HashMap<MessageId, Vec<Media>>,
    /// What the agent prepared in them, and how it ended.
    pub drafts: Vec<(Draft, DraftStatus)>,
    /// What was done for them in the background.
    pub tasks: Vec<Task>,
    /// What they needed.
    pub requests: Vec<Request>,
    /// The photos that hang on these, in order.
    pub request_media: HashMap<RequestId, Vec<Media>>,
    /// To whom these were routed.
    pub matches: HashMap<RequestId, Vec<RoutedRow>>,
    /// What was routed to their business.
    pub leads: Vec<RoutedRow>,
    /// Offers that they made or received.
    pub offers: Vec<Offer>,
    /// The slots of these.
    pub offer_slots: HashMap<OfferId, Vec<OfferSlot>>,
    /// Bookings of either side.
    pub bookings: Vec<BookingDetails>,
    /// What they said of others.
    pub reviews_written: Vec<Review>,
    /// What others said of them.
    pub reviews_received: Vec<Review>,
    /// How they became a provider, or are about to.
    pub enrollment: Option<Enrollment>,
    /// Their business.
    pub business: Option<ExportedBusiness>,
    /// Pictures and films that they uploaded.
    pub media: Vec<Media>,
    /// What they were told.
    pub notifications: Vec<Notification>,
    /// What admins did with what is theirs.
    pub audited: Vec<AuditEntry>,
    /// What models cost that were called for them.
    pub usage: Vec<UsageLine>,
    /// How requests, offers, bookings, enrollment and business moved.
    pub moves: HashMap<Uuid, Vec<MoveRow>>,
}

/// A business with all it says, offers and shows.
pub struct ExportedBusiness {
    /// What others see.
    pub card: Card,
    /// The rest.
    pub provider: Provider,
    /// What it offers, with licences.
    pub services: Vec<ProviderService>,
    /// When it works.
    pub availability: Option<Availability>,
    /// What it shows.
    pub portfolio: Vec<PortfolioItem>,
    /// How it words offers.
    pub templates: Vec<Template>,
}

impl Domain {
    /// Everything about the caller, in a fixed number of queries.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn export(&self, caller: &SignedIn) -> Result<Export> {
        self.export_user(caller.user_id()).await
    }

    /// The same about anybody, in an operator's name: by the e-mail of a local account, or by id.
    ///
    /// # Errors
    /// `not_yours` when there is none.
    pub async fn export_of(&self, email_or_id: &str) -> Result<Export> {
        let id = self.find_user(email_or_id).await?;
        self.export_user(id).await
    }

    async fn export_user(&self, id: UserId) -> Result<Export> {
        let mut conn = self.queue.db.conn().await?;
        let conn = &mut *conn;
        let user = db::users::get(conn, id).await?;
        let email = db::accounts::find(conn, id).await?.map(|account| account.email);
        let sign_ins = db::export::sign_ins(conn, id).await?;
        let profile = db::export::profile(conn, id).await?;
        let memory = Some(memory::all_of(conn, id).await?).filter(|memory| !memory.is_empty());
        let enrollment = db::enrollment::of_user(conn, id).await?;
        let media = db::export::media_of(conn, id).await?;
        let notifications = db::export::notifications_of(conn, id).await?;
        let audited = db::export::audited(conn, id).await?;
        let usage =
            db::usage::of_user(conn, id, DateTime::UNIX_EPOCH.date_naive(), Utc::now().date_naive()).await?;

        let sessions = db::chat::list_for(conn, id, None, i64::MAX).await?;
        let session_ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
        let messages = db::chat::all_messages(conn, &session_ids).await?;
        let drafts = db::drafts::all(conn, &session_ids).await?;
        let message_ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let photos = db::chat::photos_of(conn, &message_ids).await?;

        let requests = db::requests::list_for(conn, id).await?;
        let request_ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
        let request_media = db::requests::media_of(conn, &request_ids).await?;
        let tasks = db::export::tasks_of(conn, id, &session_ids, &request_ids).await?;

        let providers = db::export::providers_of(conn, id).await?;
        let provider_ids: Vec<ProviderId> = providers.iter().map(|provider| provider.id).collect();
        let routed = db::export::routed(conn, &request_ids, &provider_ids).await?;
        let (leads, matches): (Vec<_>, Vec<_>) =
            routed.into_iter().partition(|one| provider_ids.contains(&one.provider_id));
        let matches = grouped(matches.into_iter().map(|one| (one.request_id, one)));
        let offers = db::export::offers_of(conn, &request_ids, &provider_ids).await?;
        let offer_ids: Vec<OfferId> = offers.iter().map(|offer| offer.id).collect();
        let slots = db::offers::slots_of(conn, &offer_ids).await?;
        let offer_slots = grouped(slots.into_iter().map(|slot| (slot.offer_id, slot)));
        let booked = db::export::bookings_of(conn, &request_ids, &provider_ids).await?;
        let needed: Vec<_> = booked.iter().filter(|one| one.user_id == id).map(|one| one.id).collect();
        let booking_ids = booked.iter().map(|booking| booking.id).collect();
        let bookings = bookings::shown(conn, id, booked).await?;
        let reviews = db::export::reviews_of(conn, &needed, &provider_ids).await?;
        let (reviews_received, reviews_written) =
            reviews.into_iter().partition(|review| provider_ids.contains(&review.provider_id));

        let services = db::export::services_of(conn, &provider_ids).await?;
        let mut calendars = db::availability::calendars(conn, &provider_ids).await?;
        let portfolio = db::export::portfolio_of(conn, &provider_ids).await?;
        let templates = db::export::templates_of(conn, &provider_ids).await?;
        let business = providers.into_iter().next().map(|provider| ExportedBusiness {
            card: Card::of(&provider, &services, Utc::now().date_naive()),
            availability: calendars.remove(&provider.id),
            provider,
            services,
            portfolio,
            templates,
        });

        let moving = Moving {
            requests: request_ids,
            offers: offer_ids,
            bookings: booking_ids,
            enrollments: enrollment.iter().map(|enrollment| enrollment.id).collect(),
            providers: provider_ids,
        };
        let moves = db::export::moves_of(conn, id, moving).await?;
        let moves = grouped(moves.into_iter().map(|one| (one.of, one)));
        Ok(Export {
            user,
            email,
            sign_ins,
            profile,
            memory,
            sessions,
            messages,
            photos,
            drafts,
            tasks,
            requests,
            request_media,
            matches,
            leads,
            offers,
            offer_slots,
            bookings,
            reviews_written,
            reviews_received,
            enrollment,
            business,
            media,
            notifications,
            audited,
            usage,
            moves,
        })
    }
}

/// What belongs to each, in the order in which it comes.
fn grouped<K: Eq + Hash, V>(parts: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (of, part) in parts {
        groups.entry(of).or_default().push(part);
    }
    groups
}
