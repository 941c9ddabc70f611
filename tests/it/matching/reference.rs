//! The hard rules, written apart from the product: every row is read plainly and asked one rule after another, with
//! arithmetic of its own.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use proxie_shared::db::matching::{InReach, Said};
use proxie_shared::model::ProviderId;
use proxie_shared::model::calendar::{Availability, Busy};
use proxie_shared::model::catalog::{Catalog, ServicePlace};
use proxie_shared::model::requests::Request;
use proxie_shared::test_support::TestDatabase;
use serde_json::{Value, json};
use uuid::Uuid;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// One offer of a service: its row with the provider's, and the user's status.
struct Row {
    value: Value,
    provider: Uuid,
    user: Uuid,
    city: String,
    /// On the unit sphere.
    spot: Option<[f64; 3]>,
    places: Vec<String>,
}

/// Begin and end.
type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// All there is.
pub struct Reference {
    by_service: HashMap<String, Vec<Row>>,
    calendars: HashMap<Uuid, Value>,
    booked: HashMap<Uuid, Vec<Stretch>>,
    routed: HashSet<(Uuid, Uuid)>,
}

fn id(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

/// Letters and digits of the alphabet, one space between words: written apart from the product, for the names of the world.
fn plain(name: &str) -> String {
    let ascii: String = name
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'ã' | 'á' => Some('a'),
            'é' => Some('e'),
            'ü' => Some('u'),
            'ł' => Some('l'),
            'ó' | 'ö' | 'ø' => Some('o'),
            'í' => Some('i'),
            'ź' => Some('z'),
            'ß' => Some('§'),
            '\u{300}'..='\u{36f}' => None,
            c => Some(c),
        })
        .collect();
    ascii.replace('§', "ss").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn on_sphere(latitude: f64, longitude: f64) -> [f64; 3] {
    let (lat, lon) = (latitude.to_radians(), longitude.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// The angle between two directions, by their chord.
fn kilometres(a: [f64; 3], b: [f64; 3]) -> f64 {
    let chord = a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
    2.0 * (chord / 2.0).min(1.0).asin() * 6371.0
}

impl Reference {
    pub async fn read(database: &TestDatabase) -> Self {
        let rows = database
            .rows(
                "SELECT s.*, s.licence::text AS licence_is, u.status::text AS user_is, p.status::text AS provider_is, p.user_id,
                   p.city, p.latitude, p.longitude, p.radius_km, p.rating_mean, p.review_count, p.completed_jobs,
                   p.late_cancellations, p.response_rate, p.response_minutes, p.min_price_cents, p.headline, p.bio, p.zone
                 FROM provider_services s JOIN providers p ON p.id = s.provider_id JOIN users u ON u.id = p.user_id",
            )
            .await;
        let mut by_service: HashMap<String, Vec<Row>> = HashMap::new();
        for value in rows {
            let spot = value["latitude"].as_f64().zip(value["longitude"].as_f64());
            let row = Row {
                provider: id(&value["provider_id"]),
                user: id(&value["user_id"]),
                city: plain(value["city"].as_str().unwrap()),
                spot: spot.map(|(latitude, longitude)| on_sphere(latitude, longitude)),
                places: serde_json::from_value(value["places"].clone()).unwrap(),
                value,
            };
            by_service.entry(row.value["service_id"].as_str().unwrap().to_owned()).or_default().push(row);
        }
        by_service.values_mut().for_each(|rows| rows.sort_by_key(|row| row.provider));
        let calendars = database
            .rows("SELECT a.*, p.zone FROM availability a JOIN providers p ON p.id = a.provider_id")
            .await;
        let mut booked: HashMap<Uuid, Vec<_>> = HashMap::new();
        for row in database
            .rows("SELECT provider_id, start_at, end_at FROM bookings WHERE status <> 'cancelled'")
            .await
        {
            let at = |name: &str| row[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
            booked.entry(id(&row["provider_id"])).or_default().push((at("start_at"), at("end_at")));
        }
        let routed = database.rows("SELECT request_id, provider_id FROM request_matches").await;
        Self {
            by_service,
            calendars: calendars.into_iter().map(|row| (id(&row["provider_id"]), row)).collect(),
            booked,
            routed: routed.iter().map(|row| (id(&row["request_id"]), id(&row["provider_id"]))).collect(),
        }
    }

    /// Who meets every rule but the calendar's; and how near any of them, or of those left out, is to the edge of reach, in
    /// kilometres: where that is a hair's breadth, both answers are right.
    pub fn in_reach(&self, request: &Request, now: DateTime<Utc>) -> (Vec<Arc<InReach>>, f64) {
        let from = request
            .latitude
            .zip(request.longitude)
            .map(|(latitude, longitude)| on_sphere(latitude, longitude));
        let city = plain(&request.city);
        let mut edge = f64::INFINITY;
        let mut found = Vec::new();
        for row in self.by_service.get(&request.service_id).into_iter().flatten() {
            let value = &row.value;
            let active = value["provider_is"] == "active" && value["user_is"] == "active";
            let licensed = match value["licence_is"].as_str().unwrap() {
                "not_needed" => true,
                "verified" => value["licence_expires_on"]
                    .as_str()
                    .is_none_or(|last| last.parse::<NaiveDate>().unwrap() >= now.date_naive()),
                _ => false,
            };
            if !active || !licensed || row.user == request.user_id.0 || !can_pay(request, value) {
                continue;
            }
            if self.routed.contains(&(request.id.0, row.provider)) {
                continue;
            }
            let km = from.zip(row.spot).map(|(from, to)| kilometres(from, to));
            let radius = value["radius_km"].as_f64().unwrap();
            let asked = |place: ServicePlace| request.place.is_none_or(|only| only == place);
            let offers = |place: &str| row.places.iter().any(|offered| offered == place);
            let mut within = |reach: f64| {
                let Some(km) = km else { return row.city == city };
                edge = edge.min((km - reach).abs());
                km <= reach
            };
            let at_provider = asked(ServicePlace::Provider)
                && offers("provider")
                && within(request.max_distance_km.unwrap_or(25.0));
            let at_consumer = asked(ServicePlace::Consumer) && offers("consumer") && within(radius);
            let remote = asked(ServicePlace::Remote) && offers("remote");
            if at_provider || at_consumer || remote {
                found.push(Arc::new(read(value, at_provider, at_consumer, remote)));
            }
        }
        (found, edge)
    }

    /// What is in a provider's calendar and what they say, if they can be free by going through every quarter of an hour.
    pub fn knows(
        &self,
        request: &Request,
        provider: ProviderId,
        now: DateTime<Utc>,
    ) -> Option<(Availability, Vec<Busy>, Said)> {
        let rows = &self.by_service[&request.service_id];
        let row = &rows[rows.binary_search_by_key(&provider.0, |row| row.provider).ok()?];
        let calendar = self.calendars.get(&provider.0)?;
        let booked = self.booked.get(&provider.0).map_or(&[][..], Vec::as_slice);
        let usual = Catalog::built_in()
            .service(&request.service_id)
            .map(|(_, s)| i64::from(s.duration_minutes.usual()));
        let minutes = row.value["duration_minutes"].as_i64().or(usual).unwrap();
        if !can_be_free(request, calendar, booked, minutes, now) {
            return None;
        }
        let text =
            ["headline", "description", "bio"].map(|name| row.value[name].as_str().unwrap()).join("\n");
        let read = json!({
            "zone": calendar["zone"], "weekly": calendar["weekly"], "exceptions": calendar["exceptions"],
            "notice_minutes": calendar["notice_minutes"], "max_per_day": calendar["max_per_day"],
            "buffer_minutes": calendar["buffer_minutes"],
        });
        let busy =
            booked.iter().map(|(start_at, end_at)| Busy { start_at: *start_at, end_at: *end_at }).collect();
        Some((serde_json::from_value(read).unwrap(), busy, Said { text, vector: None }))
    }
}

fn can_pay(request: &Request, value: &Value) -> bool {
    let Some(most) = request.budget_max_cents else { return true };
    let prices = ["price_min_cents", "price_max_cents", "min_price_cents"].map(|name| value[name].as_i64());
    let same_money = prices.iter().all(Option::is_none)
        || value["currency"].as_str() == request.budget_currency.as_deref();
    same_money && prices[0].is_none_or(|least| least <= most) && prices[2].is_none_or(|least| least <= most)
}

fn read(value: &Value, at_provider: bool, at_consumer: bool, remote: bool) -> InReach {
    let number = |name: &str| value[name].as_i64();
    let small = |name: &str| number(name).map(|number| number as i32);
    InReach {
        provider_id: ProviderId(id(&value["provider_id"])),
        latitude: value["latitude"].as_f64(),
        longitude: value["longitude"].as_f64(),
        radius_km: value["radius_km"].as_f64().unwrap(),
        at_provider,
        at_consumer,
        remote,
        rating: value["rating_mean"].as_f64(),
        review_count: small("review_count").unwrap(),
        completed_jobs: small("completed_jobs").unwrap(),
        late_cancellations: small("late_cancellations").unwrap(),
        response_rate: value["response_rate"].as_f64(),
        response_minutes: small("response_minutes"),
        price_min_cents: number("price_min_cents").max(number("min_price_cents")),
        price_max_cents: number("price_max_cents"),
        duration_minutes: small("duration_minutes"),
        specializations: serde_json::from_value(value["specializations"].clone()).unwrap(),
    }
}

/// Whether a job can begin at any half hour of the window: every quarter of an hour of it is within the hours of its day,
/// and far enough from every booking.
fn can_be_free(
    request: &Request,
    calendar: &Value,
    booked: &[(DateTime<Utc>, DateTime<Utc>)],
    minutes: i64,
    now: DateTime<Utc>,
) -> bool {
    let there: Tz = request.zone.parse().unwrap();
    let (from, to) = match request.window_from.zip(request.window_to) {
        Some((from, to)) => (
            there.from_local_datetime(&from).earliest().unwrap().to_utc(),
            there.from_local_datetime(&to).earliest().unwrap().to_utc(),
        ),
        None => (now, now + Duration::days(14)),
    };
    let zone: Tz = calendar["zone"].as_str().unwrap().parse().unwrap();
    let earliest = from.max(now + Duration::minutes(calendar["notice_minutes"].as_i64().unwrap()));
    let buffer = Duration::minutes(calendar["buffer_minutes"].as_i64().unwrap());
    let mut of_day: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (start, _) in booked {
        *of_day.entry(start.with_timezone(&zone).date_naive()).or_default() += 1;
    }
    let last = now.with_timezone(&zone).date_naive() + Duration::days(90);
    let mut at = DateTime::from_timestamp(earliest.timestamp().div_euclid(1_800) * 1_800, 0).unwrap();
    while at < to {
        let day = at.with_timezone(&zone).date_naive();
        let full =
            calendar["max_per_day"].as_i64().is_some_and(|most| of_day.get(&day).is_some_and(|n| *n >= most));
        let end = at + Duration::minutes(minutes);
        let quarters = (0..minutes / 15).map(|n| at + Duration::minutes(15 * n));
        if at >= earliest
            && day <= last
            && !full
            && booked.iter().all(|(start, until)| *until + buffer <= at || end + buffer <= *start)
            && quarters.into_iter().all(|quarter| is_open(calendar, zone, quarter))
        {
            return true;
        }
        at += Duration::minutes(30);
    }
    false
}

fn is_open(calendar: &Value, zone: Tz, at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&zone);
    let date = local.date_naive().to_string();
    let exceptions = calendar["exceptions"].as_array().unwrap();
    let exception = exceptions.iter().find(|one| one["date"] == date.as_str()).map(|one| &one["hours"]);
    let day = DAYS[local.weekday().num_days_from_monday() as usize];
    let minute = local.hour() * 60 + local.minute();
    let clock = |value: &Value| match value.as_str().unwrap() {
        "24:00" => 1_440,
        text => NaiveTime::parse_from_str(text, "%H:%M").unwrap().num_seconds_from_midnight() / 60,
    };
    let hours = exception.unwrap_or(&calendar["weekly"][day]).as_array();
    hours.into_iter().flatten().any(|one| clock(&one["start"]) <= minute && minute < clock(&one["end"]))
}
