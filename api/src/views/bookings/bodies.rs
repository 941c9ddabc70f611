use chrono::Utc;
use proxie_shared::db::bookings::Wanted;
use proxie_shared::domain::bookings::{Cancellation, Reschedule};
use proxie_shared::domain::offers::NamedSlot;
use proxie_shared::error::Problem;
use proxie_shared::model::BookingId;
use proxie_shared::model::bookings::BookingStatus;
use proxie_shared::model::catalog::Catalog;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::Input;
use crate::views::inputs::ListQuery;
use crate::views::offers::{BOOKING, NamedSlotBody};

/// `/bookings/{booking_id}…`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingPath {
    /// The booking.
    #[schema(value_type = String, format = Uuid, example = json!(BOOKING))]
    pub booking_id: BookingId,
}

impl Input for BookingPath {}

/// `?status=&upcoming=&limit=&cursor=`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingsQuery {
    /// That stand there only.
    #[schema(value_type = Option<String>, pattern = "^(confirmed|completed|cancelled|no_show)$", example = "confirmed")]
    status: Option<BookingStatus>,
    /// Only what is agreed and not over, the next first; else all, the latest first.
    #[schema(example = true)]
    upcoming: Option<bool>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// Where the last page ended.
    #[schema(
        pattern = "^-?[0-9]{1,17}[.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        example = "1795892400000000.01a20c42-91e7-7d18-a2f5-60b3c7d9e814"
    )]
    cursor: Option<String>,
}

impl Input for BookingsQuery {
    fn problems(&self, _catalog: &Catalog) -> Vec<Problem> {
        match self
            .cursor
            .as_ref()
            .is_some_and(|cursor| cursor.parse::<proxie_shared::db::bookings::Cursor>().is_err())
        {
            true => vec![Problem::new("/cursor", "Send what `next_cursor` said.")],
            false => Vec::new(),
        }
    }
}

impl BookingsQuery {
    /// What is asked for, one more than is shown; and how many are.
    pub fn wanted(&self) -> (Wanted, i64) {
        let limit = self.limit.unwrap_or(ListQuery::LIMIT);
        let wanted = Wanted {
            status: self.status,
            upcoming: self.upcoming.filter(|upcoming| *upcoming).map(|_| Utc::now()),
            after: self.cursor.as_deref().and_then(|cursor| cursor.parse().ok()),
            limit: limit + 1,
        };
        (wanted, limit)
    }
}

/// `PUT /bookings/{booking_id}/cancel`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "I have to work that day.", "rebook": true}))]
pub struct CancelBookingBody {
    /// Why; the other side reads it.
    #[schema(min_length = 1, max_length = 1_000)]
    reason: String,
    /// Whether to look for somebody else, where the consumer cancels.
    rebook: Option<bool>,
}

impl Input for CancelBookingBody {
    fn problems(&self, _catalog: &Catalog) -> Vec<Problem> {
        match self.reason.trim().is_empty() {
            true => vec![Problem::new("/reason", "Say why.")],
            false => Vec::new(),
        }
    }
}

impl From<CancelBookingBody> for Cancellation {
    fn from(body: CancelBookingBody) -> Self {
        Self { reason: body.reason.trim().to_owned(), rebook: body.rebook.unwrap_or(false) }
    }
}

/// `PUT /bookings/{booking_id}/reschedule`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"slot": {"date": "2026-11-29", "start_time": "10:00"}, "note": "Would Sunday do?"}))]
pub struct RescheduleBody {
    /// The slot that is proposed, by the provider's clocks; as long as the present one.
    slot: NamedSlotBody,
    /// To the other side.
    #[schema(max_length = 1_000)]
    note: Option<String>,
}

impl Input for RescheduleBody {}

impl From<RescheduleBody> for Reschedule {
    fn from(body: RescheduleBody) -> Self {
        let note = body.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
        Self { slot: body.slot.into(), note }
    }
}

/// `PUT /bookings/{booking_id}/reschedule/accept`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"slot": {"date": "2026-11-29", "start_time": "10:00"}}))]
pub struct AgreeBody {
    /// Only to this one: refused if another is proposed by now.
    slot: Option<NamedSlotBody>,
}

impl Input for AgreeBody {
    const OPTIONAL: bool = true;
}

impl From<AgreeBody> for Option<NamedSlot> {
    fn from(body: AgreeBody) -> Self {
        body.slot.map(NamedSlot::from)
    }
}
