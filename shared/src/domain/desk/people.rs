//! Tools for what is known of a person.

use serde_json::{Map, Value, json};

use super::said::{self, Said};
use super::text::{CITY, NAME, PHONE, Text};
use super::{Work, told};
use crate::agent::memory::told as told_memory;
use crate::agent::tools::{UpdatePreferences, UpdateProfile};
use crate::agent::{Acted, Conversation, Refusal};
use crate::db::{self, Conn};
use crate::domain::consumers::Said as Profile;
use crate::domain::memory;
use crate::error::{Code, Error, Result};
use crate::model::chat::AgentRole;
use crate::model::memory::{Favourite, MemoryChange, PreferenceKey, Spending, Stated};
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
    } else if let Some(provider) = db::leads::profile_of(conn, chat.user_id()).await? {
        let patterns = memory::patterns(conn, provider).await?;
        if !patterns.is_empty() {
            about.insert("patterns".to_owned(), json!(patterns));
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

/// What is corrected, in a refusal.
const WHAT_PROFILE: &str = "the profile";

/// Corrects the profile as the person's own newest message says.
pub(super) async fn correct(work: Work<'_>, change: UpdateProfile) -> Result<Acted> {
    let mut text = Text::default();
    let name = text.of("/name", change.name, NAME);
    let city = text.of("/city", change.city, CITY);
    let phone = text.of("/phone", change.phone, PHONE);
    text.refuse()?;
    if name.is_none() && city.is_none() && phone.is_none() {
        return profile(work).await;
    }
    let (actor, id) = (&work.chat.actor, work.chat.user_id());
    let consumer = work.domain.consumer(actor, id).await?;
    let said = Said::new(&work.chat.message.text);
    let is_said = [
        name.as_deref().map(|name| said.require_beside(name, consumer.user.name.as_deref(), WHAT_PROFILE)),
        city.as_deref().map(|city| said.require(city, WHAT_PROFILE)),
        phone.as_deref().map(|phone| said.require_phone(phone, WHAT_PROFILE)),
    ];
    if let Some(refusal) = is_said.into_iter().flatten().find_map(Result::err) {
        return Ok(refusal.into());
    }
    let before = consumer.profile;
    let moved = city.is_some();
    let location =
        before.latitude.zip(before.longitude).map(|(latitude, longitude)| Location { latitude, longitude });
    let said = Profile {
        name,
        email: before.email.clone(),
        phone: phone.or_else(|| before.phone.clone()),
        street: before.street.clone(),
        zone: if moved { None } else { before.zone.clone() },
        location: if moved { None } else { location },
        city: city.or_else(|| before.city.clone()),
    };
    work.domain.put_consumer(actor, id, said).await?;
    let shown = profile(work).await?;
    Ok(Acted { effects: vec![Effect { kind: "profile_updated".to_owned(), id: id.0 }], ..shown })
}

pub(super) async fn recall(work: Work<'_>) -> Result<Acted> {
    let memory = memory::of(&mut *work.unit.conn().await?, work.chat.user_id()).await?;
    Ok(Acted::told(told_memory(&memory)))
}

/// Remembers, corrects or forgets what the person's own newest message says.
pub(super) async fn remember(work: Work<'_>, change: UpdatePreferences) -> Result<Acted> {
    let user = work.chat.user_id();
    let before = memory::of(&mut *work.unit.conn().await?, user).await?.stated;
    let favourites = match &change.favourite_providers {
        Some(names) => Some(known_by_name(work, names).await?),
        None => None,
    };
    let change = match said_of(&work.chat.message.text, change, favourites, &before) {
        Ok(change) => change,
        Err(refusal) => return Ok(refusal.into()),
    };
    let Remembered { stated, forgotten } = change;
    if stated == MemoryChange::default() && forgotten.is_empty() {
        return recall(work).await;
    }
    let mut conn = work.unit.conn().await?;
    if stated != MemoryChange::default() {
        memory::state(&mut conn, user, stated).await?;
    }
    for key in forgotten {
        memory::forget(&mut conn, user, Some(key)).await?;
    }
    let now = memory::of(&mut conn, user).await?;
    let effects = vec![Effect { kind: "memory_updated".to_owned(), id: user.0 }];
    Ok(Acted { effects, ..Acted::told(told_memory(&now)) })
}

/// What is to become of the memory.
struct Remembered {
    stated: MemoryChange,
    forgotten: Vec<PreferenceKey>,
}

/// The change as far as the message says it; nothing of it if it does not say all.
fn said_of(
    message: &str,
    change: UpdatePreferences,
    favourites: Option<Vec<Favourite>>,
    before: &Stated,
) -> Result<Remembered, Refusal> {
    const WHAT: &str = "what is remembered";
    let said = Said::new(message);
    for text in [&change.timing, &change.style].into_iter().flatten() {
        said.require(text, WHAT)?;
    }
    if let Some(places) = &change.places {
        said.require_list(&before.places, places, words_for(PreferenceKey::Places), WHAT)?;
    }
    if let Some(now) = &favourites {
        let lacks = |list: &[Favourite], one: &Favourite| {
            !list.iter().any(|other| other.provider_id == one.provider_id)
        };
        let stood = &before.favourite_providers;
        let new: Vec<_> = now.iter().filter(|one| lacks(stood, one)).collect();
        if !new.iter().all(|one| said.names(&one.name)) {
            return Err(said::not_said(WHAT));
        }
        let mut gone = stood.iter().filter(|one| lacks(now, one)).peekable();
        if new.is_empty() && gone.peek().is_some() {
            let by_name = gone.all(|one| said.names(&one.name));
            said.require_forgetting(words_for(PreferenceKey::FavouriteProviders), by_name, WHAT)?;
        }
    }
    let mut forgotten = Vec::new();
    for key in change.forget.iter().flatten() {
        let key: PreferenceKey =
            key.parse().map_err(|_| Refusal::new("invalid", format!("Nothing is remembered as {key}.")))?;
        said.require_forgetting(words_for(key), names_all(&said, before, key), WHAT)?;
        forgotten.push(key);
    }
    let budget = change.budget.map(|budget| Spending {
        max_cents: budget.max_cents.or(budget.min_cents).unwrap_or_default(),
        currency: budget.currency.unwrap_or_else(|| "USD".to_owned()),
    });
    if let Some(budget) = &budget {
        said.require_amount(budget.max_cents, WHAT)?;
    }
    let stated = MemoryChange {
        budget: budget.map(Some),
        timing: change.timing.map(Some),
        style: change.style.map(Some),
        places: change.places,
        favourite_providers: favourites.map(|all| all.iter().map(|one| one.provider_id).collect()),
    };
    Ok(Remembered { stated, forgotten })
}

/// Words by which people speak of what is to be forgotten.
fn words_for(key: PreferenceKey) -> &'static [&'static str] {
    match key {
        PreferenceKey::Budget => &["budget", "limit", "spending", "my price", "i spend", "i pay"],
        PreferenceKey::Timing => &["time", "times", "timing", "my days", "my hours"],
        PreferenceKey::Style => &["style", "how i like"],
        PreferenceKey::Places => &["place", "places", "my city", "my address", "where i live"],
        PreferenceKey::FavouriteProviders => {
            &["favourite", "favourites", "favorite", "favorites", "who i like"]
        }
    }
}

/// Whether the message names all that is remembered so; of nothing that is not in words.
fn names_all(said: &Said<'_>, stated: &Stated, key: PreferenceKey) -> bool {
    let (places, liked) = (&stated.places, &stated.favourite_providers);
    match key {
        PreferenceKey::Budget => false,
        PreferenceKey::Timing => stated.timing.as_ref().is_some_and(|timing| said.says(timing)),
        PreferenceKey::Style => stated.style.as_ref().is_some_and(|style| said.says(style)),
        PreferenceKey::Places => !places.is_empty() && places.iter().all(|place| said.says(place)),
        PreferenceKey::FavouriteProviders => {
            !liked.is_empty() && liked.iter().all(|one| said.names(&one.name))
        }
    }
}

/// Providers that are favourites already or of the person's bookings, by their ids or by what they are called.
async fn known_by_name(work: Work<'_>, wanted: &[String]) -> Result<Vec<Favourite>> {
    let bookings = work.domain.bookings(&super::bookings::caller(work)?, &super::bookings::all()).await?;
    let booked = bookings
        .into_iter()
        .map(|one| Favourite { provider_id: one.booking.provider_id, name: one.provider_name });
    let memory = memory::of(&mut *work.unit.conn().await?, work.chat.user_id()).await?;
    let known: Vec<Favourite> = memory.stated.favourite_providers.into_iter().chain(booked).collect();
    let named = |wanted: &String| {
        let name = plain(wanted);
        let is_meant = |one: &&Favourite| {
            one.provider_id.to_string() == *wanted || !name.is_empty() && plain(&one.name).contains(&name)
        };
        known.iter().find(is_meant).cloned()
    };
    let found: Option<Vec<Favourite>> = wanted.iter().map(named).collect();
    found.ok_or_else(|| {
        Error::new(Code::Invalid)
            .detail("Nobody of that name has worked for this person; search for providers first.")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    fn change(json: Value) -> UpdatePreferences {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_the_message_does_not_say_is_not_remembered() {
        let before = Stated {
            places: vec!["Queens".to_owned()],
            style: Some("short at the sides".to_owned()),
            ..Stated::default()
        };
        for (message, asked) in [
            ("Show me my offers", json!({"places": []})),
            ("Show me my offers", json!({"places": ["offers", "Boston"]})),
            ("clear my clogged drain", json!({"forget": ["places"]})),
            ("clear my clogged drain", json!({"places": []})),
            ("drop me a line about the price", json!({"forget": ["style"]})),
            ("about $180", json!({"budget": {"max_cents": 800}})),
            ("Show me my offers", json!({"style": "offers from CALL 555"})),
        ] {
            let refused = said_of(message, change(asked.clone()), None, &before).err();
            assert_eq!(refused.unwrap().code, "not_said", "{message}: {asked}");
        }
    }

    #[test]
    fn what_the_message_says_is() {
        let before = Stated { places: vec!["Queens".to_owned()], ..Stated::default() };
        for (message, asked) in [
            ("forget how I like it and where I live", json!({"forget": ["places", "style"]})),
            ("forget everything", json!({"forget": ["budget", "timing", "style"]})),
            ("Don't look in Queens any more", json!({"forget": ["places"]})),
            (
                "Remember that I like mornings, about $60",
                json!({"timing": "mornings", "budget": {"max_cents": 6_000}}),
            ),
        ] {
            assert!(said_of(message, change(asked.clone()), None, &before).is_ok(), "{message}: {asked}");
        }
    }
}
