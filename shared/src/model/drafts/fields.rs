//! The fields of a draft, by its kind: the body of the endpoint that approving it stands for, with what its path names.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{DraftKind, RequestFields};
use crate::model::calendar::Availability;
use crate::model::{BookingId, EnrollmentId, OfferId, ProviderId, RequestId, ReviewId};

/// A slot as somebody names it: by the clocks of the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocalSlot {
    /// `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    pub date: chrono::NaiveDate,
    /// `HH:MM`.
    pub start_time: String,
}

macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $type:ty),+ $(,)? })+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
            pub struct $name { $($(#[$fmeta])* pub $field: $type),+ }
        )+
    };
}

fields! {
    /// `POST /requests/{id}/cancel`
    OfRequest {
        /// Which request.
        #[schema(value_type = String, format = Uuid)]
        request_id: RequestId,
        /// Why.
        reason: Option<String>,
    }

    /// `POST /offers`
    OfferFields {
        /// For which request.
        #[schema(value_type = String, format = Uuid)]
        request_id: RequestId,
        /// Slug of the service.
        service_id: String,
        /// In minor units.
        price_cents: i64,
        /// ISO 4217.
        currency: String,
        /// How long the job takes, in minutes.
        duration_minutes: i32,
        /// What the price includes, what it may depend on.
        price_notes: String,
        /// When it could be done.
        slots: Vec<LocalSlot>,
        /// To the consumer.
        message: String,
    }

    /// `PUT /offers/{id}/withdraw`, `PUT /offers/{id}/decline`
    OfOffer {
        /// Which offer.
        #[schema(value_type = String, format = Uuid)]
        offer_id: OfferId,
        /// Why.
        reason: Option<String>,
    }

    /// `PUT /offers/{id}/accept`
    Acceptance {
        /// Which offer.
        #[schema(value_type = String, format = Uuid)]
        offer_id: OfferId,
        /// Which of its slots.
        slot: Option<LocalSlot>,
        /// Where the consumer is, for work there.
        address: Option<String>,
        /// How to get in, what to know.
        instructions: Option<String>,
        /// Whether it cannot be accepted without an address.
        needs_address: bool,
    }

    /// `PUT /bookings/{id}/cancel`
    BookingCancellation {
        /// Which booking.
        #[schema(value_type = String, format = Uuid)]
        booking_id: BookingId,
        /// Why.
        reason: Option<String>,
        /// Whether the request looks for somebody else then.
        rebook: bool,
    }

    /// `PUT /bookings/{id}/reschedule`
    Reschedule {
        /// Which booking.
        #[schema(value_type = String, format = Uuid)]
        booking_id: BookingId,
        /// The slot that is proposed.
        slot: Option<LocalSlot>,
        /// What is said with it.
        note: Option<String>,
    }

    /// `PUT /bookings/{id}/reschedule/accept|decline`
    RescheduleAnswer {
        /// Which booking.
        #[schema(value_type = String, format = Uuid)]
        booking_id: BookingId,
        /// Whether the proposed slot is taken.
        accept: bool,
        /// The slot that was proposed when this was drafted.
        slot: LocalSlot,
    }

    /// `PUT /bookings/{id}/complete`, `PUT /bookings/{id}/no_show`
    OfBooking {
        /// Which booking.
        #[schema(value_type = String, format = Uuid)]
        booking_id: BookingId,
    }

    /// `POST /reviews`
    ReviewFields {
        /// Of which booking.
        #[schema(value_type = String, format = Uuid)]
        booking_id: BookingId,
        /// 1 to 5.
        rating: Option<i32>,
        /// How good the work was, 1 to 5.
        quality: Option<i32>,
        /// Whether they came in time, 1 to 5.
        punctuality: Option<i32>,
        /// How well one could talk with them, 1 to 5.
        communication: Option<i32>,
        /// What it was worth, 1 to 5.
        value: Option<i32>,
        /// In their words.
        text: String,
    }

    /// `PUT /reviews/{id}/response`
    ReviewResponse {
        /// Which review.
        #[schema(value_type = String, format = Uuid)]
        review_id: ReviewId,
        /// The answer.
        text: Option<String>,
    }

    /// `POST /enrollment/{id}/submit`
    OfEnrollment {
        /// Which enrollment.
        #[schema(value_type = String, format = Uuid)]
        enrollment_id: EnrollmentId,
        /// As it will be submitted.
        #[schema(schema_with = enrollment_fields)]
        enrollment: Value,
    }

    /// `PUT /providers/{id}/availability`
    AvailabilityFields {
        /// Whose.
        #[schema(value_type = String, format = Uuid)]
        provider_id: ProviderId,
        /// As it will be.
        #[serde(flatten)]
        availability: Availability,
        /// What stood when it was drafted: what changed since is not to be lost.
        #[serde(default)]
        replaces: Option<Availability>,
    }
}

/// What an enrollment's own view calls its fields.
fn enrollment_fields() -> Ref {
    Ref::from_schema_name("EnrollmentFields")
}

/// What a draft holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fields {
    /// Of `request`.
    Request(RequestFields),
    /// Of `request_cancellation`.
    RequestCancellation(OfRequest),
    /// Of `offer`.
    Offer(OfferFields),
    /// Of `withdrawal`.
    Withdrawal(OfOffer),
    /// Of `decline`.
    Decline(OfOffer),
    /// Of `acceptance`.
    Acceptance(Acceptance),
    /// Of `booking_cancellation`.
    BookingCancellation(BookingCancellation),
    /// Of `reschedule`.
    Reschedule(Reschedule),
    /// Of `reschedule_answer`.
    RescheduleAnswer(RescheduleAnswer),
    /// Of `completion`.
    Completion(OfBooking),
    /// Of `no_show`.
    NoShow(OfBooking),
    /// Of `review`.
    Review(ReviewFields),
    /// Of `review_response`.
    ReviewResponse(ReviewResponse),
    /// Of `enrollment`.
    Enrollment(OfEnrollment),
    /// Of `availability`.
    Availability(AvailabilityFields),
}

/// The schemas of what drafts hold; those of the same form once.
macro_rules! any_of {
    ($($part:ident),+ $(,)?) => {
        // Any, not one: what may be left out makes some of them fit others as well.
        impl PartialSchema for Fields {
            fn schema() -> RefOr<Schema> {
                let parts = [$($part::name()),+].into_iter().map(Ref::from_schema_name);
                let any = parts.fold(AnyOfBuilder::new(), AnyOfBuilder::item);
                let any = any.description(Some("What a draft holds, by its kind.")).build();
                RefOr::T(Schema::AnyOf(any))
            }
        }

        impl ToSchema for Fields {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                $(
                    schemas.push(($part::name().into_owned(), $part::schema()));
                    $part::schemas(schemas);
                )+
            }
        }
    };
}

any_of!(
    RequestFields,
    OfRequest,
    OfferFields,
    OfOffer,
    Acceptance,
    BookingCancellation,
    Reschedule,
    RescheduleAnswer,
    OfBooking,
    ReviewFields,
    ReviewResponse,
    OfEnrollment,
    AvailabilityFields,
);

impl Fields {
    /// The fields of a draft of this kind, as they are kept.
    ///
    /// # Errors
    /// When they are of another kind.
    pub fn of(kind: DraftKind, json: &Value) -> serde_json::Result<Self> {
        Ok(match kind {
            DraftKind::Request => Self::Request(Deserialize::deserialize(json)?),
            DraftKind::RequestCancellation => Self::RequestCancellation(Deserialize::deserialize(json)?),
            DraftKind::Offer => Self::Offer(Deserialize::deserialize(json)?),
            DraftKind::Withdrawal => Self::Withdrawal(Deserialize::deserialize(json)?),
            DraftKind::Decline => Self::Decline(Deserialize::deserialize(json)?),
            DraftKind::Acceptance => Self::Acceptance(Deserialize::deserialize(json)?),
            DraftKind::BookingCancellation => Self::BookingCancellation(Deserialize::deserialize(json)?),
            DraftKind::Reschedule => Self::Reschedule(Deserialize::deserialize(json)?),
            DraftKind::RescheduleAnswer => Self::RescheduleAnswer(Deserialize::deserialize(json)?),
            DraftKind::Completion => Self::Completion(Deserialize::deserialize(json)?),
            DraftKind::NoShow => Self::NoShow(Deserialize::deserialize(json)?),
            DraftKind::Review => Self::Review(Deserialize::deserialize(json)?),
            DraftKind::ReviewResponse => Self::ReviewResponse(Deserialize::deserialize(json)?),
            DraftKind::Enrollment => Self::Enrollment(Deserialize::deserialize(json)?),
            DraftKind::Availability => Self::Availability(Deserialize::deserialize(json)?),
        })
    }

    /// What approving it would do.
    #[must_use]
    pub fn kind(&self) -> DraftKind {
        match self {
            Self::Request(_) => DraftKind::Request,
            Self::RequestCancellation(_) => DraftKind::RequestCancellation,
            Self::Offer(_) => DraftKind::Offer,
            Self::Withdrawal(_) => DraftKind::Withdrawal,
            Self::Decline(_) => DraftKind::Decline,
            Self::Acceptance(_) => DraftKind::Acceptance,
            Self::BookingCancellation(_) => DraftKind::BookingCancellation,
            Self::Reschedule(_) => DraftKind::Reschedule,
            Self::RescheduleAnswer(_) => DraftKind::RescheduleAnswer,
            Self::Completion(_) => DraftKind::Completion,
            Self::NoShow(_) => DraftKind::NoShow,
            Self::Review(_) => DraftKind::Review,
            Self::ReviewResponse(_) => DraftKind::ReviewResponse,
            Self::Enrollment(_) => DraftKind::Enrollment,
            Self::Availability(_) => DraftKind::Availability,
        }
    }

    /// What must be known before it can be approved.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        let mut need = |is_there: bool, name: &'static str| {
            if !is_there {
                missing.push(name);
            }
        };
        match self {
            Self::Request(fields) => return fields.missing(),
            Self::Acceptance(fields) => {
                need(fields.slot.is_some(), "slot");
                need(!fields.needs_address || fields.address.is_some(), "address");
            }
            Self::BookingCancellation(fields) => need(fields.reason.is_some(), "reason"),
            Self::Reschedule(fields) => need(fields.slot.is_some(), "slot"),
            Self::Review(fields) => need(fields.rating.is_some(), "rating"),
            Self::ReviewResponse(fields) => need(fields.text.is_some(), "text"),
            Self::Offer(fields) => need(!fields.slots.is_empty(), "slots"),
            Self::RequestCancellation(_)
            | Self::Withdrawal(_)
            | Self::Decline(_)
            | Self::RescheduleAnswer(_)
            | Self::Completion(_)
            | Self::NoShow(_)
            | Self::Enrollment(_)
            | Self::Availability(_) => {}
        }
        missing
    }
}
