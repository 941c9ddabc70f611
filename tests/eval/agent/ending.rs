//! What has become of a conversation, as the API shows it.

use proxie_tests::Result;
use serde_json::{Value, json};

use super::conversation::{End, Fields};
use super::rules::names;
use super::values::differences;
use super::world::{Kind, Thing, World, text};

/// What is not as it must be.
///
/// # Errors
/// When it cannot be read.
pub async fn wrong(world: &World<'_>, end: &End, effects: &[String]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let lists = [
        ("requests", Kind::Request, &end.requests),
        ("bookings", Kind::Booking, &end.bookings),
        ("offers", Kind::Offer, &end.offers),
        ("reviews", Kind::Review, &end.reviews),
    ];
    for (name, kind, wanted) in lists {
        let made = world.made_by_me(kind).await?;
        wrong.extend(list(name, wanted, &made));
    }
    for (name, wanted) in &end.things {
        let is = shown(world, world.named(name)?).await?;
        wrong.extend(differences(name, wanted, &is));
    }
    if let Some(wanted) = &end.effects {
        wrong.extend(differences("effects of all turns", wanted, &json!(effects)));
    }
    let Some(me) = &world.me else { return Ok(wrong) };
    let own = [("/consumers/me/profile", &end.profile), ("/consumers/me/memory", &end.memory)];
    for (path, wanted) in own {
        if let Some(wanted) = wanted {
            wrong.extend(differences(path, wanted, &me.get(path).await?));
        }
    }
    for (part, wanted) in [("/availability", &end.availability), ("", &end.provider)] {
        if let Some(wanted) = wanted {
            let path = format!("/providers/{}{part}", business(world).await?);
            wrong.extend(differences(&format!("provider{part}"), wanted, &me.get(&path).await?));
        }
    }
    if let Some(wanted) = &end.enrollment {
        wrong.extend(differences("enrollment", wanted, &enrollment(world).await?));
    }
    if let Some(role) = &end.role {
        wrong.extend(differences("role", role, &world.my_role().await?.into()));
    }
    Ok(wrong)
}

/// A list is told field by field where there is one of it: that says more than two lists.
fn list(name: &str, wanted: &[Value], made: &[Value]) -> Vec<String> {
    match (wanted, made) {
        ([wanted], [made]) => differences(name, wanted, made),
        _ if wanted.len() == made.len() => differences(name, &json!(wanted), &json!(made)),
        _ => vec![format!("{name}: {} made, not {}: {}", made.len(), wanted.len(), json!(made))],
    }
}

/// A thing as who may see it sees it.
async fn shown(world: &World<'_>, thing: &Thing) -> Result<Value> {
    let Thing { kind, id, owner } = thing;
    match kind {
        Kind::Request => owner.get(&format!("/requests/{id}")).await,
        Kind::Offer => owner.get(&format!("/offers/{id}")).await,
        Kind::Booking => owner.get(&format!("/bookings/{id}")).await,
        Kind::Review => {
            let reviews = world.all_reviews().await?;
            Ok(reviews.into_iter().find(|review| review["id"] == id.as_str()).unwrap_or_default())
        }
    }
}

/// The business of who speaks, also the one that they became by enrolling.
async fn business(world: &World<'_>) -> Result<String> {
    match world.my_provider() {
        Some(provider) => Ok(provider.id.clone()),
        None => text(&enrollment(world).await?, "provider_id"),
    }
}

/// The newest enrollment of who speaks, also one that is over; null if there is none.
async fn enrollment(world: &World<'_>) -> Result<Value> {
    let me = world.me.as_ref().ok_or("nobody is me")?;
    let user = text(&me.get("/auth/me").await?, "id")?;
    let newest =
        format!("SELECT id::text FROM enrollments WHERE user_id = '{user}' ORDER BY id DESC LIMIT 1");
    let Some(row) = world.town.pg.query_opt(&newest, &[]).await? else { return Ok(Value::Null) };
    let mut shown = me.get(&format!("/enrollment/{}", row.get::<_, String>(0))).await?;
    let missing: Fields = names(&shown["missing"]).into_iter().map(|name| (name, true.into())).collect();
    // Each once, however many services miss it.
    shown["missing"] = missing.into_iter().map(|(name, _)| Value::from(name)).collect();
    Ok(shown)
}
