//! The hard rules, written apart from the product: every row is read plainly and asked one rule after another, with
//! arithmetic of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use proxie_shared::db::matching::{InReach, Said};
use proxie_shared::model::ProviderId;
use proxie_shared::model::calendar::{Availability, Busy};
use proxie_shared::model::catalog::{Catalog, ServicePlace};
use proxie_shared::model::requests::Request;
use proxie_shared::test_support::TestDatabase;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// One offer of a service: its row with the provider's, and the user's status.
#[derive(Deserialize)]
struct Row {
    provider_id: Uuid,
    user_id: Uuid,
    service_id: String,
    user_is: String,
    provider_is: String,
    licence_is: String,
    licence_expires_on: Option<NaiveDate>,
    city: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    radius_km: f64,
    places: Vec<ServicePlace>,
    currency: Option<String>,
    price_min_cents: Option<i64>,
    price_max_cents: Option<i64>,
    min_price_cents: Option<i64>,
    duration_minutes: Option<i32>,
    specializations: Vec<String>,
    rating_mean: Option<f64>,
    review_count: i32,
    completed_jobs: i32,
    late_cancellations: i32,
    response_rate: Option<f64>,
    response_minutes: Option<i32>,
    headline: String,
    description: String,
    bio: String,
    /// Where the provider is, on the unit sphere.
    #[serde(skip)]
    spot: Option<[f64; 3]>,
}

/// Hours of a day, in minutes since its midnight: from, to.
type Hours = Vec<(u32, u32)>;

/// When a provider works, and what is booked already.
struct Calendar {
    zone: Tz,
    weekly: [Hours; 7],
    exceptions: HashMap<NaiveDate, Hours>,
    notice: Duration,
    max_per_day: Option<i64>,
    buffer: Duration,
    booked: Vec<Busy>,
    /// As the product reads it.
    read: Availability,
}

/// All there is.
pub struct Reference {
    by_service: HashMap<String, Vec<Row>>,
    calendars: HashMap<Uuid, Calendar>,
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
            let mut row: Row = serde_json::from_value(value).unwrap();
            row.city = plain(&row.city);
            row.spot =
                row.latitude.zip(row.longitude).map(|(latitude, longitude)| on_sphere(latitude, longitude));
            by_service.entry(row.service_id.clone()).or_default().push(row);
        }
        by_service.values_mut().for_each(|rows| rows.sort_by_key(|row| row.provider_id));
        let mut booked: HashMap<Uuid, Vec<_>> = HashMap::new();
        for row in database
            .rows("SELECT provider_id, start_at, end_at FROM bookings WHERE status <> 'cancelled'")
            .await
        {
            let at = |name: &str| row[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
            let busy = Busy { start_at: at("start_at"), end_at: at("end_at") };
            booked.entry(id(&row["provider_id"])).or_default().push(busy);
        }
        let calendars = database
            .rows("SELECT a.*, p.zone FROM availability a JOIN providers p ON p.id = a.provider_id")
            .await
            .into_iter()
            .map(|row| (id(&row["provider_id"]), row))
            .map(|(provider, row)| {
                (provider, Calendar::new(&row, booked.remove(&provider).unwrap_or_default()))
            })
            .collect();
        let routed = database.rows("SELECT request_id, provider_id FROM request_matches").await;
        let routed = routed.iter().map(|row| (id(&row["request_id"]), id(&row["provider_id"]))).collect();
        Self { by_service, calendars, routed }
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
            let active = row.provider_is == "active" && row.user_is == "active";
            let licensed = match row.licence_is.as_str() {
                "not_needed" => true,
                "verified" => row.licence_expires_on.is_none_or(|last| last >= now.date_naive()),
                _ => false,
            };
            if !active || !licensed || row.user_id == request.user_id.0 || !can_pay(request, row) {
                continue;
            }
            if self.routed.contains(&(request.id.0, row.provider_id)) {
                continue;
            }
            let km = from.zip(row.spot).map(|(from, to)| kilometres(from, to));
            let possible =
                |place| request.place.is_none_or(|only| only == place) && row.places.contains(&place);
            let mut within = |reach: f64| {
                let Some(km) = km else { return row.city == city };
                edge = edge.min((km - reach).abs());
                km <= reach
            };
            let at_provider =
                possible(ServicePlace::Provider) && within(request.max_distance_km.unwrap_or(25.0));
            let at_consumer = possible(ServicePlace::Consumer) && within(row.radius_km);
            let remote = possible(ServicePlace::Remote);
            if at_provider || at_consumer || remote {
                found.push(Arc::new(row.read(at_provider, at_consumer, remote)));
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
        let row = &rows[rows.binary_search_by_key(&provider.0, |row| row.provider_id).ok()?];
        let calendar = self.calendars.get(&provider.0)?;
        let usual = Catalog::built_in().service(&request.service_id).map(|(_, s)| s.duration_minutes.usual());
        let minutes = i64::from(row.duration_minutes.or(usual).unwrap());
        if !calendar.can_be_free(request, minutes, now) {
            return None;
        }
        let text = [&*row.headline, &row.description, &row.bio].join("\n");
        Some((calendar.read.clone(), calendar.booked.clone(), Said { text, vector: None }))
    }
}

fn can_pay(request: &Request, row: &Row) -> bool {
    let Some(most) = request.budget_max_cents else { return true };
    let prices = [row.price_min_cents, row.price_max_cents, row.min_price_cents];
    let same_money = prices.iter().all(Option::is_none) || row.currency == request.budget_currency;
    same_money && prices[0].is_none_or(|least| least <= most) && prices[2].is_none_or(|least| least <= most)
}

impl Row {
    /// As the product reads it.
    fn read(&self, at_provider: bool, at_consumer: bool, remote: bool) -> InReach {
        InReach {
            provider_id: ProviderId(self.provider_id),
            latitude: self.latitude,
            longitude: self.longitude,
            radius_km: self.radius_km,
            at_provider,
            at_consumer,
            remote,
            rating: self.rating_mean,
            review_count: self.review_count,
            completed_jobs: self.completed_jobs,
            late_cancellations: self.late_cancellations,
            response_rate: self.response_rate,
            response_minutes: self.response_minutes,
            price_min_cents: self.price_min_cents.max(self.min_price_cents),
            price_max_cents: self.price_max_cents,
            duration_minutes: self.duration_minutes,
            specializations: self.specializations.clone(),
        }
    }
}

fn hours(list: &Value) -> Hours {
    let clock = |value: &Value| match value.as_str().unwrap() {
        "24:00" => 1_440,
        text => NaiveTime::parse_from_str(text, "%H:%M").unwrap().num_seconds_from_midnight() / 60,
    };
    list.as_array().into_iter().flatten().map(|one| (clock(&one["start"]), clock(&one["end"]))).collect()
}

impl Calendar {
    fn new(row: &Value, booked: Vec<Busy>) -> Self {
        let read = json!({
            "zone": row["zone"], "weekly": row["weekly"], "exceptions": row["exceptions"],
            "notice_minutes": row["notice_minutes"], "max_per_day": row["max_per_day"],
            "buffer_minutes": row["buffer_minutes"],
        });
        let minutes = |name: &str| Duration::minutes(row[name].as_i64().unwrap());
        let exceptions = row["exceptions"].as_array().unwrap();
        Self {
            zone: row["zone"].as_str().unwrap().parse().unwrap(),
            weekly: DAYS.map(|day| hours(&row["weekly"][day])),
            exceptions: exceptions
                .iter()
                .map(|one| (one["date"].as_str().unwrap().parse().unwrap(), hours(&one["hours"])))
                .collect(),
            notice: minutes("notice_minutes"),
            max_per_day: row["max_per_day"].as_i64(),
            buffer: minutes("buffer_minutes"),
            booked,
            read: serde_json::from_value(read).unwrap(),
        }
    }

    /// Whether a job can begin at any half hour of the window: every quarter of an hour of it is within the hours of its
    /// day, and far enough from every booking.
    fn can_be_free(&self, request: &Request, minutes: i64, now: DateTime<Utc>) -> bool {
        let there: Tz = request.zone.parse().unwrap();
        let (from, to) = match request.window_from.zip(request.window_to) {
            Some((from, to)) => (
                there.from_local_datetime(&from).earliest().unwrap().to_utc(),
                there.from_local_datetime(&to).earliest().unwrap().to_utc(),
            ),
            None => (now, now + Duration::days(14)),
        };
        let earliest = from.max(now + self.notice);
        let mut of_day: HashMap<NaiveDate, i64> = HashMap::new();
        for busy in &self.booked {
            *of_day.entry(self.local(busy.start_at).date()).or_default() += 1;
        }
        let last = self.local(now).date() + Duration::days(90);
        let mut at = DateTime::from_timestamp(earliest.timestamp().div_euclid(1_800) * 1_800, 0).unwrap();
        while at < to {
            let day = self.local(at).date();
            let full = self.max_per_day.is_some_and(|most| of_day.get(&day).is_some_and(|n| *n >= most));
            let end = at + Duration::minutes(minutes);
            let mut quarters = (0..minutes / 15).map(|n| at + Duration::minutes(15 * n));
            if at >= earliest
                && day <= last
                && !full
                && self.booked.iter().all(|b| b.end_at + self.buffer <= at || end + self.buffer <= b.start_at)
                && quarters.all(|quarter| self.is_open(quarter))
            {
                return true;
            }
            at += Duration::minutes(30);
        }
        false
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    fn is_open(&self, at: DateTime<Utc>) -> bool {
        let local = self.local(at);
        let usual = &self.weekly[local.weekday().num_days_from_monday() as usize];
        let hours = self.exceptions.get(&local.date()).unwrap_or(usual);
        let minute = local.hour() * 60 + local.minute();
        hours.iter().any(|(start, end)| *start <= minute && minute < *end)
    }
}
