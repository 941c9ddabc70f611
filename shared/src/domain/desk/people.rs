//! Tools for what is known of a person.

use serde_json::{Map, Value, json};

use super::{Work, said, told};
use crate::agent::tools::{UpdatePreferences, UpdateProfile};
use crate::agent::{Acted, Conversation};
use crate::db::{self, Conn};
use crate::domain::consumers::Said;
use crate::error::Result;
use crate::model::chat::AgentRole;
use crate::model::places::Location;
use crate::model::tasks::Effect;

/// What profile and memory know, for the prompt: only what is known.
pub(super) async fn about(conn: &mut Conn, chat: &Conversation) -> Result<Value> {
    let mut about = Map::new();
    if chat.session.role == AgentRole::Guest {
        return Ok(Value::Null);
    }
    let (user, profile) = db::consumers::find_for(conn, chat.user_id().into(), chat.user_id()).await?;
    if let Some(name) = user.name {
        about.insert("name".to_owned(), json!(name));
    }
    if let Some(city) = profile.and_then(|profile| profile.city) {
        about.insert("city".to_owned(), json!(city));
    }
    Ok(Value::Object(about))
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
    let location = before.latitude.zip(before.longitude).map(|(latitude, longitude)| Location { latitude, longitude });
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
    let _ = work;
    Ok(Acted::told(json!({"stated": {}, "learned": {}})))
}

pub(super) async fn remember(work: Work<'_>, change: UpdatePreferences) -> Result<Acted> {
    let _ = (work, change);
    Ok(Acted::told(json!({"stated": {}})))
}
