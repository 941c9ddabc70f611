use chrono_tz::Tz;
use proxie_shared::auth::Links;
use proxie_shared::db::consumers::{BestOffer, Booked};
use proxie_shared::domain::consumers::{Consumer, Grouped, Moved, Part, Said};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::places::Location;
use proxie_shared::model::slots::Slot;
use proxie_shared::model::{BookingId, OfferId, ProviderId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples_of_requests as stories;
use super::inputs::given;
use super::requests::RequestView;
use crate::http::Input;

/// `?limit=` of a consumer's requests.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupedQuery {
    /// How many of each part at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
}

impl Input for GroupedQuery {}

/// `PUT /consumers/…/profile`: in place of what is there; the name stays if it is left out.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Maya", "phone": "+1 718 555 0123", "street": "44 Court Street", "city": "Brooklyn",
    "location": {"latitude": 40.6915, "longitude": -73.9913}
}))]
pub struct ProfileBody {
    /// First name or full name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Where the provider of a booking reaches them; the account's if left out.
    #[schema(min_length = 3, max_length = 254, format = "email")]
    email: Option<String>,
    /// Where the provider of a booking reaches them.
    #[schema(min_length = 3, max_length = 40)]
    phone: Option<String>,
    /// Street and number.
    #[schema(min_length = 1, max_length = 300)]
    street: Option<String>,
    /// Where they live.
    #[schema(min_length = 1, max_length = 200)]
    city: Option<String>,
    /// IANA zone of it; that of the known city if left out.
    #[schema(min_length = 1, max_length = 100)]
    zone: Option<String>,
    /// Where exactly.
    location: Option<Location>,
}

impl Input for ProfileBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        let texts = [
            ("/name", &self.name),
            ("/phone", &self.phone),
            ("/street", &self.street),
            ("/city", &self.city),
        ];
        let blank =
            texts.into_iter().filter(|(_, text)| text.as_deref().is_some_and(|text| text.trim().is_empty()));
        let blank = blank.map(|(pointer, _)| Problem::new(pointer, "Must not be blank."));
        blank.chain(zone_problem(self.zone.as_deref())).collect()
    }
}

impl From<ProfileBody> for Said {
    fn from(body: ProfileBody) -> Self {
        let ProfileBody { name, email, phone, street, city, zone, location } = body;
        Self { name, email, phone, street, city, zone, location }
    }
}

/// `PATCH /consumers/…/location`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"city": "Queens", "location": null}))]
pub struct LocationBody {
    /// Where they live; a known city brings its zone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    city: Option<Option<String>>,
    /// IANA zone of it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    zone: Option<Option<String>>,
    /// Where exactly.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Location>)]
    location: Option<Option<Location>>,
}

impl Input for LocationBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        let blank = self.city.as_ref().and_then(Option::as_deref).is_some_and(|city| city.trim().is_empty());
        let blank = blank.then(|| Problem::new("/city", "Must not be blank."));
        blank.into_iter().chain(zone_problem(self.zone.as_ref().and_then(Option::as_deref))).collect()
    }
}

impl From<LocationBody> for Moved {
    fn from(body: LocationBody) -> Self {
        let LocationBody { city, zone, location } = body;
        Self { city, zone, location }
    }
}

fn zone_problem(zone: Option<&str>) -> Option<Problem> {
    let wrong = zone.is_some_and(|zone| zone.parse::<Tz>().is_err());
    wrong.then(|| Problem::new("/zone", "Name an IANA time zone, such as America/New_York."))
}

/// A consumer, for themselves.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::consumer()))]
pub struct ConsumerView {
    user_id: UserId,
    name: Option<String>,
    /// Where the provider of a booking reaches them; the account's if null.
    email: Option<String>,
    phone: Option<String>,
    street: Option<String>,
    city: Option<String>,
    zone: Option<String>,
    location: Option<Location>,
}

impl From<Consumer> for ConsumerView {
    fn from(consumer: Consumer) -> Self {
        let Consumer { user, profile } = consumer;
        let location = profile.latitude.zip(profile.longitude);
        Self {
            user_id: user.id,
            name: user.name,
            email: profile.email,
            phone: profile.phone,
            street: profile.street,
            city: profile.city,
            zone: profile.zone,
            location: location.map(|(latitude, longitude)| Location { latitude, longitude }),
        }
    }
}

/// A consumer's requests, by where they stand.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::grouped()))]
pub struct GroupedView<'a> {
    /// No offer yet.
    open: OpenView<'a>,
    /// Offers wait for an answer.
    pending: PendingView<'a>,
    /// Booked.
    upcoming: BookedView<'a>,
    /// Done.
    completed: BookedView<'a>,
}

/// Requests without an offer.
#[derive(Serialize, ToSchema)]
struct OpenView<'a> {
    /// How many there are.
    count: i64,
    /// The newest.
    items: Vec<RequestView<'a>>,
}

/// Requests with offers.
#[derive(Serialize, ToSchema)]
struct PendingView<'a> {
    /// How many there are.
    count: i64,
    /// The newest.
    items: Vec<PendingRequestView<'a>>,
}

/// A request with the best of its offers.
#[derive(Serialize, ToSchema)]
struct PendingRequestView<'a> {
    request: RequestView<'a>,
    /// How many offers are live.
    offers: i64,
    /// The least price, then the better rated, then the first; null where the last has just lapsed.
    best_offer: Option<BestOfferView<'a>>,
}

/// An offer in few words.
#[derive(Serialize, ToSchema)]
struct BestOfferView<'a> {
    id: OfferId,
    provider_id: ProviderId,
    provider_name: &'a str,
    price_cents: i64,
    currency: &'a str,
    duration_minutes: i32,
    expires_at: chrono::DateTime<chrono::Utc>,
}

/// Requests with bookings.
#[derive(Serialize, ToSchema)]
struct BookedView<'a> {
    /// How many there are.
    count: i64,
    /// The newest.
    items: Vec<BookedRequestView<'a>>,
}

/// A request with its booking.
#[derive(Serialize, ToSchema)]
struct BookedRequestView<'a> {
    request: RequestView<'a>,
    booking: Option<BriefBookingView<'a>>,
}

/// A booking in few words.
#[derive(Serialize, ToSchema)]
struct BriefBookingView<'a> {
    id: BookingId,
    provider_id: ProviderId,
    provider_name: &'a str,
    price_cents: i64,
    currency: &'a str,
    slot: Slot,
}

impl<'a> GroupedView<'a> {
    /// With links to the photos.
    pub fn new(grouped: &'a Grouped, links: &Links) -> Self {
        let open = grouped.open.items.iter().map(|(own, ())| RequestView::new(own, links)).collect();
        let pending = grouped.pending.items.iter().map(|(own, best)| PendingRequestView {
            request: RequestView::new(own, links),
            offers: best.as_ref().map_or(0, |best| best.offers),
            best_offer: best.as_ref().map(BestOfferView::from),
        });
        Self {
            open: OpenView { count: grouped.open.count, items: open },
            pending: PendingView { count: grouped.pending.count, items: pending.collect() },
            upcoming: BookedView::new(&grouped.upcoming, links),
            completed: BookedView::new(&grouped.completed, links),
        }
    }
}

impl<'a> From<&'a BestOffer> for BestOfferView<'a> {
    fn from(best: &'a BestOffer) -> Self {
        Self {
            id: best.id,
            provider_id: best.provider_id,
            provider_name: &best.provider_name,
            price_cents: best.price_cents,
            currency: &best.currency,
            duration_minutes: best.duration_minutes,
            expires_at: best.expires_at,
        }
    }
}

impl<'a> BookedView<'a> {
    fn new(part: &'a Part<Option<Booked>>, links: &Links) -> Self {
        let items = part.items.iter().map(|(own, booked)| BookedRequestView {
            request: RequestView::new(own, links),
            booking: booked.as_ref().map(|booked| BriefBookingView {
                id: booked.id,
                provider_id: booked.provider_id,
                provider_name: &booked.provider_name,
                price_cents: booked.price_cents,
                currency: &booked.currency,
                slot: Slot::new(booked.start_at, booked.end_at, booked.zone.parse().unwrap_or(Tz::UTC)),
            }),
        });
        Self { count: part.count, items: items.collect() }
    }
}
