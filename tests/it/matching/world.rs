//! A market as chance makes it: cities all over the globe, also at the date line and the poles, and some that nobody can
//! place; providers of every kind, and requests.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use proxie_shared::model::catalog::{Catalog, ServicePlace};
use proxie_shared::model::requests::{Request, RequestStatus, Urgency};
use proxie_shared::model::{RequestId, UserId};
use proxie_shared::test_support::TestDatabase;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{Rng, SeedableRng};
use uuid::Uuid;

const NAMES: [&str; 12] = [
    "São Tomé",
    "Zürich",
    "Łódź",
    "Montréal",
    "Tromsø",
    "Málaga",
    "Saint John",
    "Örebro",
    "Reykjavík",
    "Nuku alofa",
    "İzmir",
    "Großenhain",
];
/// Zones whose clocks are whole half hours from UTC.
const ZONES: [&str; 6] =
    ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Honolulu", "UTC"];
const PHRASES: [&str; 16] = [
    "curly hair",
    "3B curls",
    "fine hair",
    "balayage",
    "knotless braids",
    "eco-friendly",
    "pet smell",
    "leak detection",
    "tree roots",
    "tankless",
    "recessed lights",
    "Tesla",
    "headshots",
    "candid",
    "white background",
    "floor plans",
];
const SENTENCES: [&str; 6] = [
    "",
    "I need it done gently, and please bring your own supplies.",
    "We are expecting a baby and would love outdoor pictures.",
    "The breaker trips whenever the kettle is on.",
    "Ringlets that nobody ever cut right.",
    "Something quite different, a zoomorphic topiary.",
];

/// A city.
pub struct City {
    name: String,
    spot: Option<(f64, f64)>,
    zone: &'static str,
}

/// The cities of a market.
pub fn cities(rng: &mut StdRng, count: usize) -> Vec<City> {
    (0..count)
        .map(|n| {
            let latitude = rng.random_range(-70.0..70.0);
            let spot = match n % 10 {
                0 => Some((latitude, 179.95)),
                1 => Some((latitude, -179.98)),
                2 => Some((89.7, rng.random_range(-180.0..180.0))),
                3 => None,
                _ => Some((latitude, rng.random_range(-180.0..180.0))),
            };
            let zone = *ZONES.choose(rng).unwrap();
            City { name: format!("{} {}", NAMES[n % NAMES.len()], n / NAMES.len()), spot, zone }
        })
        .collect()
}

/// The same name as somebody else writes it.
fn spelled(name: &str, rng: &mut StdRng) -> String {
    match rng.random_range(0..4) {
        0 => name.to_uppercase(),
        1 => format!("  {}", name.replace(' ', "   ")),
        2 => name
            .replace('ã', "a")
            .replace('é', "e\u{301}")
            .replace('ü', "u")
            .replace('Ö', "o")
            .replace('á', "A"),
        _ => name.to_owned(),
    }
}

/// A point some kilometres from another, on the globe.
fn near((latitude, longitude): (f64, f64), rng: &mut StdRng) -> (f64, f64) {
    let latitude = (latitude + rng.random_range(-0.4..0.4_f64)).clamp(-90.0, 90.0);
    let longitude = longitude + rng.random_range(-0.4..0.4_f64) / latitude.to_radians().cos().max(0.01);
    (latitude, (longitude + 180.0).rem_euclid(360.0) - 180.0)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn or_null(value: Option<impl std::fmt::Display>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| value.to_string())
}

fn hours(rng: &mut StdRng) -> String {
    match rng.random_range(0..4) {
        0 => r#"[{"start": "00:00", "end": "24:00"}]"#.to_owned(),
        1 => r#"[{"start": "08:30", "end": "12:00"}, {"start": "13:00", "end": "17:30"}]"#.to_owned(),
        2 => r#"[{"start": "18:00", "end": "22:00"}]"#.to_owned(),
        _ => format!(r#"[{{"start": "09:00", "end": "{}:00"}}]"#, rng.random_range(10..20)),
    }
}

fn weekly(rng: &mut StdRng) -> String {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let open = days.iter().filter(|_| rng.random_bool(0.7)).collect::<Vec<_>>();
    let days: Vec<String> = open.iter().map(|day| format!(r#""{day}": {}"#, hours(rng))).collect();
    format!("{{{}}}", days.join(", "))
}

/// Fills a database with so many providers; keys that would need the rest of the market are dropped.
pub async fn fill(
    database: &TestDatabase,
    cities: &[City],
    providers: usize,
    now: DateTime<Utc>,
    rng: &mut StdRng,
) {
    database
        .execute(
            "ALTER TABLE bookings DROP CONSTRAINT IF EXISTS bookings_request_id_fkey, DROP CONSTRAINT IF EXISTS bookings_offer_id_fkey,
               DROP CONSTRAINT IF EXISTS bookings_user_id_fkey;
             ALTER TABLE request_matches DROP CONSTRAINT IF EXISTS request_matches_request_id_fkey;
             ALTER TABLE live_events DROP CONSTRAINT IF EXISTS live_events_user_id_fkey",
        )
        .await;
    let mut made = 0;
    while made < providers {
        let some = (providers - made).min(500);
        let mut inserts = Inserts::default();
        for _ in 0..some {
            inserts.provider(cities.choose(rng).unwrap(), now, rng);
        }
        database.execute(&inserts.sql()).await;
        made += some;
    }
    database.execute("ANALYZE").await;
}

#[derive(Default)]
struct Inserts {
    users: Vec<String>,
    providers: Vec<String>,
    services: Vec<String>,
    calendars: Vec<String>,
    bookings: Vec<String>,
}

impl Inserts {
    fn provider(&mut self, city: &City, now: DateTime<Utc>, rng: &mut StdRng) {
        let (id, user) = (uuid(rng), uuid(rng));
        let status = if rng.random_bool(0.95) { "active" } else { "suspended" };
        self.users.push(format!("('{user}', 'proxie', '{user}', 'provider', '{status}')"));
        let status = ["active", "active", "active", "active", "active", "active", "paused", "suspended"]
            .choose(rng)
            .unwrap();
        let spot = city.spot.filter(|_| rng.random_bool(0.85)).map(|spot| near(spot, rng));
        let reviews = if rng.random_bool(0.3) { 0 } else { rng.random_range(1..80) };
        let mean = (reviews > 0).then(|| rng.random_range(2.5..5.0_f64));
        let answers = rng.random_bool(0.6);
        self.providers.push(format!(
            "('{id}', '{user}', 'Somebody', {}, {}, {}, '{}', {}, {}, {}, '{status}', {}, {}, {reviews}, {}, {}, {}, {}, {})",
            quoted(SENTENCES.choose(rng).unwrap()),
            quoted(SENTENCES.choose(rng).unwrap()),
            quoted(&spelled(&city.name, rng)),
            city.zone,
            or_null(spot.map(|spot| spot.0)),
            or_null(spot.map(|spot| spot.1)),
            [0.0, 5.0, 25.0, 80.0, 1_000.0].choose(rng).unwrap(),
            or_null(mean.filter(|_| reviews >= 3)),
            or_null(mean),
            rng.random_range(0..50),
            rng.random_range(0..5),
            or_null(answers.then(|| rng.random_range(0.0..1.0_f64))),
            or_null(answers.then(|| rng.random_range(1..900))),
            or_null(rng.random_bool(0.3).then(|| rng.random_range(0..20_000))),
        ));
        let category = Catalog::built_in().categories().choose(rng).unwrap();
        for service in category.services.iter().choose_multiple(rng, 3) {
            self.service(id, &service.id, now, rng);
        }
        if rng.random_bool(0.95) {
            let day = (now + Duration::days(rng.random_range(0..10))).date_naive();
            let exceptions = if rng.random_bool(0.3) {
                format!(
                    r#"[{{"date": "{day}", "hours": {}}}]"#,
                    if rng.random_bool(0.5) { "[]".to_owned() } else { hours(rng) }
                )
            } else {
                "[]".to_owned()
            };
            self.calendars.push(format!(
                "('{id}', '{}', '{exceptions}', {}, {}, {})",
                weekly(rng),
                [0, 120, 1_440, 20_000].choose(rng).unwrap(),
                or_null(rng.random_bool(0.3).then(|| rng.random_range(1..3))),
                [0, 0, 15, 120].choose(rng).unwrap(),
            ));
        }
        let mut at = now.timestamp() / 1_800 * 1_800 - 172_800;
        for _ in 0..rng.random_range(0..6) {
            at += 1_800 * rng.random_range(1..120);
            let end = at + 1_800 * rng.random_range(1..12);
            let status = *["confirmed", "confirmed", "cancelled", "completed"].choose(rng).unwrap();
            let ended = if status == "confirmed" { "NULL" } else { "now()" };
            let reason = if status == "cancelled" { "'no'" } else { "NULL" };
            self.bookings.push(format!(
                "('{}', '{}', '{}', '{id}', '{}', 'haircut', 1, 'USD', to_timestamp({at}), to_timestamp({end}), 'UTC', \
                 'provider', '{status}', {ended}, {reason})",
                uuid(rng), uuid(rng), uuid(rng), uuid(rng)
            ));
            at = end;
        }
    }

    fn service(&mut self, id: Uuid, service: &str, now: DateTime<Utc>, rng: &mut StdRng) {
        let mut places: Vec<&str> =
            ["provider", "consumer", "remote"].into_iter().filter(|_| rng.random_bool(0.45)).collect();
        if places.is_empty() {
            places.push("consumer");
        }
        let least = rng.random_bool(0.85).then(|| rng.random_range(500..30_000_i64));
        let most = least.filter(|_| rng.random_bool(0.7)).map(|least| least + rng.random_range(0..20_000));
        let (licence, number) = match rng.random_range(0..10) {
            0 => ("pending_verification", false),
            1 => ("rejected", true),
            2..=4 => ("verified", true),
            _ => ("not_needed", false),
        };
        let expires = [None, Some(-30), Some(-1), Some(0), Some(1), Some(300)].choose(rng).unwrap();
        let expires = expires.map(|days| format!("'{}'", (now + Duration::days(days)).date_naive()));
        let skills: Vec<&str> = PHRASES.iter().copied().choose_multiple(rng, 3);
        self.services.push(format!(
            "('{id}', '{service}', '{{{}}}', {}, {}, '{}', ARRAY[{}]::text[], '{licence}', {}, {}, {}, {})",
            places.join(","),
            or_null(least),
            or_null(most),
            if rng.random_bool(0.9) { "USD" } else { "EUR" },
            skills.iter().map(|skill| quoted(skill)).collect::<Vec<_>>().join(","),
            quoted(SENTENCES.choose(rng).unwrap()),
            or_null(rng.random_bool(0.5).then(|| [30, 60, 90, 240, 600].choose(rng).copied().unwrap())),
            if number { "'L-1'" } else { "NULL" },
            if licence == "verified" { or_null(expires) } else { "NULL".to_owned() },
        ));
    }

    fn sql(self) -> String {
        let mut sql = format!(
            "INSERT INTO users (id, issuer, subject, role, status) VALUES {};
             INSERT INTO providers (id, user_id, name, headline, bio, city, zone, latitude, longitude, radius_km, status, rating,
               rating_mean, review_count, completed_jobs, late_cancellations, response_rate, response_minutes,
               min_price_cents) VALUES {};
             INSERT INTO provider_services (provider_id, service_id, places, price_min_cents, price_max_cents, currency,
               specializations, licence, description, duration_minutes, licence_number, licence_expires_on) VALUES {};",
            self.users.join(","),
            self.providers.join(","),
            self.services.join(",")
        );
        if !self.calendars.is_empty() {
            sql += &format!(
                "INSERT INTO availability (provider_id, weekly, exceptions, notice_minutes, max_per_day, buffer_minutes)
                 VALUES {};",
                self.calendars.join(",")
            );
        }
        if !self.bookings.is_empty() {
            sql += &format!(
                "INSERT INTO bookings (id, request_id, offer_id, provider_id, user_id, service_id, price_cents, currency,
                   start_at, end_at, zone, place, status, ended_at, cancel_reason) VALUES {};",
                self.bookings.join(",")
            );
        }
        sql
    }
}

/// The same for the same seed.
fn uuid(rng: &mut StdRng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.random()).into_uuid()
}

/// A request, by its number; `users` are providers' own.
pub fn request(seed: u64, cities: &[City], users: &[Uuid], now: DateTime<Utc>) -> Request {
    let rng = &mut StdRng::seed_from_u64(seed);
    let city = cities.choose(rng).unwrap();
    let spot = city.spot.filter(|_| rng.random_bool(0.8)).map(|spot| near(spot, rng));
    let (_, service) = Catalog::built_in().services().choose(rng).unwrap();
    let place =
        [None, None, Some(ServicePlace::Provider), Some(ServicePlace::Consumer), Some(ServicePlace::Remote)];
    let window = rng.random_bool(0.6).then(|| {
        let from = now.naive_utc() + Duration::minutes(30 * rng.random_range(-48..900_i64));
        (from, from + Duration::minutes(rng.random_range(30..6_000)))
    });
    let most = rng.random_bool(0.5).then(|| rng.random_range(1_000..40_000_i64));
    let phrases = rng.random_range(0..3);
    let whole = |at: NaiveDateTime| {
        DateTime::from_timestamp(at.and_utc().timestamp() / 60 * 60, 0).unwrap().naive_utc()
    };
    Request {
        id: RequestId(uuid(rng)),
        user_id: UserId(if rng.random_bool(0.2) { *users.choose(rng).unwrap() } else { uuid(rng) }),
        service_id: service.id.clone(),
        city: spelled(&city.name, rng),
        zone: city.zone.to_owned(),
        latitude: spot.map(|spot| spot.0),
        longitude: spot.map(|spot| spot.1),
        place: *place.choose(rng).unwrap(),
        max_distance_km: *[None, Some(5.0), Some(40.0), Some(300.0), Some(19_000.0)].choose(rng).unwrap(),
        window_from: window.map(|window| whole(window.0)),
        window_to: window.map(|window| whole(window.1)),
        urgency: Urgency::Flexible,
        budget_min_cents: None,
        budget_max_cents: most,
        budget_currency: most.map(|_| if rng.random_bool(0.9) { "USD" } else { "EUR" }.to_owned()),
        description: (*SENTENCES.choose(rng).unwrap()).to_owned(),
        specializations: PHRASES
            .iter()
            .choose_multiple(rng, phrases)
            .into_iter()
            .map(|p| Some((*p).to_owned()))
            .collect(),
        status: RequestStatus::Matching,
        matched_at: None,
        expires_at: now + Duration::days(14),
        created_at: now,
    }
}
