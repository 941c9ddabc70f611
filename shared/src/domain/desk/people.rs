//! Tools for what is known of a person.

use serde_json::{Map, Value, json};

use super::{Work, said, told};
use crate::agent::memory::told as told_memory;
use crate::agent::tools::{UpdatePreferences, UpdateProfile};
use crate::agent::{Acted, Conversation, Refusal};
use crate::db::{self, Conn};
use crate::domain::bookings::BookingDetails;
use crate::domain::consumers::Said;
use crate::domain::memory;
use crate::error::{Code, Error, Result};
use crate::model::ProviderId;
use crate::model::chat::AgentRole;
use crate::model::memory::{MemoryChange, PreferenceKey, Spending};
use crate::model::places::{Location, plain};
use crate::model::tasks::Effect;

/// What profile and memory know, for the prompt: only what is known.
pub(super) async fn about(conn: &mut Conn, chat: &Conversation) -> Result<Value> {
    let mut about = Map::new();
    let (user, profile) = db::consumers::find_for(conn, chat.user_id().into(), chat.user_id()).await?;
    if let Some(name) = user.name {
        about.insert("name".to_owned(), json!(name));
    }
    if let Some(city) = profile.and_then(|profile| profile.city) {
        about.insert("city".to_owned(), json!(city));
    }
    if chat.session.role != AgentRole::Provider {
        let memory = memory::of(conn, chat.user_id()).await?;
        if !memory.is_empty() {
            about.insert("memory".to_owned(), told_memory(&memory));
        }
    }
    Ok(if about.is_empty() { Value::Null } else { Value::Object(about) })
}

pub(super) async fn profile(work: Work<'_>) -> Result<Acted> {
    let consumer = work.domain.consumer(&work.chat.actor, work.chat.user_id()).await?;
    let profile = consumer.profile;
    Ok(Acted::told(json!({
        "name": consumer.user.name.as_deref().map(told::quoted),
        "city": profile.city,
        "zone": profile.zone,
        "phone": profile.phone,
        "email": profile.email,
        "street": profile.street,
    })))
}

/// Corrects the profile as the person's own newest message says.
pub(super) async fn correct(work: Work<'_>, change: UpdateProfile) -> Result<Acted> {
    for said in [&change.name, &change.city, &change.phone].into_iter().flatten() {
        if let Err(refusal) = said::require_said(work.chat, said, "the profile") {
            return Ok(refusal.into());
        }
    }
    let (actor, id) = (&work.chat.actor, work.chat.user_id());
    let consumer = work.domain.consumer(actor, id).await?;
    let before = consumer.profile;
    let moved = change.city.is_some();
    let location =
        before.latitude.zip(before.longitude).map(|(latitude, longitude)| Location { latitude, longitude });
    let said = Said {
        name: change.name,
        email: before.email.clone(),
        phone: change.phone.or_else(|| before.phone.clone()),
        street: before.street.clone(),
        zone: if moved { None } else { before.zone.clone() },
        location: if moved { None } else { location },
        city: change.city.or_else(|| before.city.clone()),
    };
    work.domain.put_consumer(actor, id, said).await?;
    let shown = profile(work).await?;
    Ok(Acted { effects: vec![Effect { kind: "profile_updated".to_owned(), id: id.0 }], ..shown })
}

pub(super) async fn recall(work: Work<'_>) -> Result<Acted> {
    let memory = memory::of(&mut *work.unit.conn().await?, work.chat.user_id()).await?;
    Ok(Acted::told(told_memory(&memory)))
}

/// What makes clear that something is to be forgotten.
const FORGETTING: &[&str] = &[
    "forget",
    "remove",
    "delete",
    "clear",
    "erase",
    "drop",
    "no longer",
    "not any more",
    "anymore",
    "don't",
    "dont",
    "stop",
];

/// Remembers, corrects or forgets what the person's own newest message says.
pub(super) async fn remember(work: Work<'_>, change: UpdatePreferences) -> Result<Acted> {
    let chat = work.chat;
    // Of a list only what is new is said; the rest was known.
    let lists =
        [&change.places, &change.favourite_providers].into_iter().flatten().map(|list| list.join(" "));
    let texts = [&change.timing, &change.style].into_iter().flatten().cloned();
    for text in texts.chain(lists) {
        if let Err(refusal) = said::require_said(chat, &text, "what is remembered") {
            return Ok(refusal.into());
        }
    }
    let mut keys = Vec::new();
    for key in change.forget.iter().flatten() {
        if let Err(refusal) = said::require_any(chat, FORGETTING, "what is remembered") {
            return Ok(refusal.into());
        }
        match key.parse::<PreferenceKey>() {
            Ok(key) => keys.push(key),
            Err(_) => return Ok(Refusal::new("invalid", format!("Nothing is remembered as {key}.")).into()),
        }
    }
    let spending = change.budget.map(|budget| Spending {
        max_cents: budget.max_cents.or(budget.min_cents).unwrap_or_default(),
        currency: budget.currency.unwrap_or_else(|| "USD".to_owned()),
    });
    if let Some(spending) = &spending {
        let dollars = (spending.max_cents / 100).to_string();
        if let Err(refusal) = said::require_any(chat, &[&dollars], "what is remembered") {
            return Ok(refusal.into());
        }
    }
    let favourites = match &change.favourite_providers {
        Some(names) => Some(known_by_name(work, names).await?),
        None => None,
    };
    let mut conn = work.unit.conn().await?;
    let stated = MemoryChange {
        budget: spending.map(Some),
        timing: change.timing.map(Some),
        style: change.style.map(Some),
        places: change.places,
        favourite_providers: favourites,
    };
    if stated != MemoryChange::default() {
        memory::state(&mut conn, chat.user_id(), stated).await?;
    }
    for key in keys {
        memory::forget(&mut conn, chat.user_id(), Some(key)).await?;
    }
    let now = memory::of(&mut conn, chat.user_id()).await?;
    let effects = vec![Effect { kind: "memory_updated".to_owned(), id: chat.user_id().0 }];
    Ok(Acted { effects, ..Acted::told(told_memory(&now)) })
}

/// Providers of the person's bookings, by their ids or by what they are called.
async fn known_by_name(work: Work<'_>, names: &[String]) -> Result<Vec<ProviderId>> {
    let bookings = work.domain.bookings(&super::bookings::caller(work)?, &super::bookings::all()).await?;
    let named = |name: &String| {
        let wanted = plain(name);
        let is_meant = |one: &&BookingDetails| {
            one.booking.provider_id.to_string() == *name || plain(&one.provider_name).contains(&wanted)
        };
        bookings.iter().find(is_meant).map(|one| one.booking.provider_id)
    };
    let found: Option<Vec<ProviderId>> = names.iter().map(named).collect();
    found.ok_or_else(|| {
        Error::new(Code::Invalid)
            .detail("Nobody of that name has worked for this person; search for providers first.")
    })
}
