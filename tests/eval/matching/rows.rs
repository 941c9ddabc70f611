//! The world as rows: what providers show, nothing of what they hide.

use chrono::{Duration, Utc};
use proxie_tests::Result;
use serde_json::{Value, json};

use super::calendar::{Clock, ZONE};
use super::dice::Dice;
use super::providers::{Offer, Provider};

/// How many rows go into one statement.
const CHUNK: usize = 2_000;

/// Writes them.
///
/// # Errors
/// What PostgreSQL says.
pub async fn write(pg: &tokio_postgres::Client, providers: &[Provider], clock: Clock) -> Result<()> {
    let users: Vec<Value> = providers.iter().map(user).collect();
    insert(pg, "users", users).await?;
    insert(pg, "providers", providers.iter().map(provider).collect()).await?;
    let offers = |of: &Provider| of.offers.iter().map(|offer| offer_row(of, offer)).collect::<Vec<_>>();
    insert(pg, "provider_services", providers.iter().flat_map(offers).collect()).await?;
    insert(pg, "availability", providers.iter().map(availability).collect()).await?;
    let mut ids = Dice::new(0, 4);
    insert(pg, "reviews", providers.iter().flat_map(|of| reviews(of, &mut ids)).collect()).await?;
    write_bookings(pg, providers, clock, &mut ids).await?;
    pg.batch_execute("ANALYZE").await?;
    Ok(())
}

/// Inserts rows with the columns that they have; all have the same.
async fn insert(pg: &tokio_postgres::Client, table: &str, rows: Vec<Value>) -> Result<()> {
    let Some(first) = rows.first().and_then(Value::as_object) else { return Ok(()) };
    let columns = first.keys().cloned().collect::<Vec<_>>().join(", ");
    let statement = format!(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, $1::text::json)"
    );
    for chunk in rows.chunks(CHUNK) {
        pg.execute(&statement, &[&serde_json::to_string(chunk)?]).await?;
    }
    Ok(())
}

fn user(of: &Provider) -> Value {
    json!({
        "id": of.user_id, "issuer": "proxie/eval", "subject": of.user_id, "role": "provider", "status": "active",
        "role_earned": true, "name": of.name, "role_changed_at": Utc::now(), "created_at": Utc::now(),
    })
}

fn provider(of: &Provider) -> Value {
    json!({
        "id": of.id, "user_id": of.user_id, "name": of.name, "headline": of.headline, "bio": of.bio,
        "city": of.city.name, "zone": ZONE, "radius_km": of.radius_km, "languages": ["en"],
        "latitude": of.shows_spot.then_some(of.spot.latitude),
        "longitude": of.shows_spot.then_some(of.spot.longitude),
        "status": if of.is_active { "active" } else { "paused" },
        "years_experience": of.years, "auto_offer": false,
        "rating": of.rating(), "rating_mean": of.rating_mean(), "review_count": of.reviews.len(),
        "completed_jobs": of.completed_jobs, "late_cancellations": of.late_cancellations,
        "response_rate": of.response.as_ref().map(|response| response.rate),
        "response_minutes": of.response.as_ref().map(|response| response.minutes),
        "created_at": Utc::now(), "updated_at": Utc::now(),
    })
}

fn offer_row(of: &Provider, offer: &Offer) -> Value {
    let licence = match (offer.service.licensed, offer.is_bookable) {
        (false, _) => "not_needed",
        (true, true) => "verified",
        (true, false) => "pending_verification",
    };
    json!({
        "provider_id": of.id, "service_id": offer.service.id, "places": offer.places, "currency": "USD",
        "price_min_cents": offer.price.map(|(least, _)| least),
        "price_max_cents": offer.price.map(|(_, most)| most),
        "duration_minutes": offer.minutes, "specializations": offer.specializations,
        "description": offer.description, "licence": licence,
        "licence_number": offer.service.licensed.then_some("AZ-100200"),
        "licence_expires_on": offer.service.licensed.then(|| Utc::now().date_naive() + Duration::days(365)),
        "created_at": Utc::now(),
    })
}

fn availability(of: &Provider) -> Value {
    json!({
        "provider_id": of.id, "weekly": of.calendar.weekly(), "exceptions": [],
        "notice_minutes": of.calendar.notice, "buffer_minutes": of.calendar.buffer, "updated_at": Utc::now(),
    })
}

fn reviews(of: &Provider, ids: &mut Dice) -> Vec<Value> {
    let review = |review: &super::providers::Review| {
        json!({
            "id": ids.id(), "provider_id": of.id, "author": "Sam", "rating": review.rating,
            "punctuality": review.punctuality, "text": "", "created_at": Utc::now() - Duration::days(review.days),
        })
    };
    of.reviews.iter().map(review).collect()
}

/// What is taken of the calendars: each a request of some customer's, with its accepted offer.
async fn write_bookings(
    pg: &tokio_postgres::Client,
    providers: &[Provider],
    clock: Clock,
    ids: &mut Dice,
) -> Result<()> {
    let customer = ids.id();
    let own = json!({
        "id": customer, "issuer": "proxie/eval", "subject": "customers", "role": "consumer", "status": "active",
        "role_earned": false, "role_changed_at": Utc::now(), "created_at": Utc::now(),
    });
    insert(pg, "users", vec![own]).await?;
    let (mut requests, mut offers, mut bookings) = (Vec::new(), Vec::new(), Vec::new());
    for of in providers {
        let service = &of.offers[0].service.id;
        for (from, to) in of.calendar.booked.iter().filter(|(from, _)| *from > clock.now) {
            let (request, offer) = (ids.id(), ids.id());
            let (start, end, now) = (clock.instant(*from), clock.instant(*to), Utc::now());
            requests.push(json!({
                "id": request, "user_id": customer, "service_id": service, "city": of.city.name, "zone": ZONE,
                "urgency": "flexible", "description": "", "specializations": [], "status": "booked",
                "expires_at": end, "created_at": now, "updated_at": now,
            }));
            offers.push(json!({
                "id": offer, "request_id": request, "provider_id": of.id, "service_id": service, "price_cents": 10_000,
                "currency": "USD", "duration_minutes": to - from, "price_notes": "", "message": "",
                "status": "accepted", "snapshot": {}, "automatic": false, "expires_at": now + Duration::hours(24),
                "created_at": now, "updated_at": now,
            }));
            bookings.push(json!({
                "id": ids.id(), "request_id": request, "offer_id": offer, "provider_id": of.id, "user_id": customer,
                "service_id": service, "price_cents": 10_000, "currency": "USD", "start_at": start, "end_at": end,
                "zone": ZONE, "place": "provider", "status": "confirmed", "late": false, "created_at": now,
                "updated_at": now,
            }));
        }
    }
    insert(pg, "requests", requests).await?;
    insert(pg, "offers", offers).await?;
    insert(pg, "bookings", bookings).await
}
