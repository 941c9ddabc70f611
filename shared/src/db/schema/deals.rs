//! The tables of what is agreed: requests, offers, bookings, reviews; enrollments, notifications.

use super::sql_types;

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    requests (id) {
        id -> Uuid,
        user_id -> Uuid,
        service_id -> Text,
        city -> Text,
        zone -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        max_distance_km -> Nullable<Double>,
        window_from -> Nullable<Timestamp>,
        window_to -> Nullable<Timestamp>,
        urgency -> Urgency,
        budget_min_cents -> Nullable<BigInt>,
        budget_max_cents -> Nullable<BigInt>,
        budget_currency -> Nullable<Text>,
        description -> Text,
        specializations -> Array<Nullable<Text>>,
        status -> RequestStatus,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        place -> Nullable<ServicePlace>,
        matched_at -> Nullable<Timestamptz>,
        next_match_at -> Nullable<Timestamptz>,
        no_match_told_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    request_history (request_id, at) {
        request_id -> Uuid,
        from -> RequestStatus,
        to -> RequestStatus,
        actor_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    request_media (request_id, media_id) {
        request_id -> Uuid,
        media_id -> Uuid,
        position -> Integer,
    }
}

diesel::table! {
    request_matches (request_id, provider_id) {
        request_id -> Uuid,
        provider_id -> Uuid,
        score -> Double,
        factors -> Jsonb,
        routed_at -> Timestamptz,
        viewed_at -> Nullable<Timestamptz>,
        passed_at -> Nullable<Timestamptz>,
        round -> Integer,
        answered_at -> Nullable<Timestamptz>,
        pass_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    offers (id) {
        id -> Uuid,
        request_id -> Uuid,
        provider_id -> Uuid,
        service_id -> Text,
        price_cents -> BigInt,
        currency -> Text,
        duration_minutes -> Integer,
        price_notes -> Text,
        message -> Text,
        status -> OfferStatus,
        snapshot -> Jsonb,
        automatic -> Bool,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        accepted_start_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    offer_slots (offer_id, start_at) {
        offer_id -> Uuid,
        start_at -> Timestamptz,
        end_at -> Timestamptz,
        good_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    offer_history (offer_id, at) {
        offer_id -> Uuid,
        from -> OfferStatus,
        to -> OfferStatus,
        actor_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    bookings (id) {
        id -> Uuid,
        request_id -> Uuid,
        offer_id -> Uuid,
        provider_id -> Uuid,
        user_id -> Uuid,
        service_id -> Text,
        price_cents -> BigInt,
        currency -> Text,
        start_at -> Timestamptz,
        end_at -> Timestamptz,
        zone -> Text,
        place -> ServicePlace,
        address -> Nullable<Text>,
        instructions -> Nullable<Text>,
        status -> BookingStatus,
        cancelled_by -> Nullable<BookingSide>,
        cancel_reason -> Nullable<Text>,
        late -> Bool,
        proposed_start_at -> Nullable<Timestamptz>,
        proposed_end_at -> Nullable<Timestamptz>,
        proposed_by -> Nullable<BookingSide>,
        proposed_until -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        proposed_note -> Nullable<Text>,
        reminded_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    booking_history (booking_id, at) {
        booking_id -> Uuid,
        from -> BookingStatus,
        to -> BookingStatus,
        actor_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    reviews (id) {
        id -> Uuid,
        provider_id -> Uuid,
        booking_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        author -> Text,
        rating -> Integer,
        quality -> Nullable<Integer>,
        punctuality -> Nullable<Integer>,
        communication -> Nullable<Integer>,
        value -> Nullable<Integer>,
        text -> Text,
        response -> Nullable<Text>,
        responded_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    enrollments (id) {
        id -> Uuid,
        user_id -> Uuid,
        status -> EnrollmentStatus,
        fields -> Jsonb,
        reasons -> Array<Text>,
        provider_id -> Nullable<Uuid>,
        expires_at -> Timestamptz,
        submitted_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    enrollment_history (enrollment_id, at) {
        enrollment_id -> Uuid,
        from -> EnrollmentStatus,
        to -> EnrollmentStatus,
        actor_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    enrollment_media (enrollment_id, media_id) {
        enrollment_id -> Uuid,
        media_id -> Uuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    notifications (id) {
        id -> Uuid,
        user_id -> Uuid,
        kind -> NotificationKind,
        request_id -> Nullable<Uuid>,
        offer_id -> Nullable<Uuid>,
        booking_id -> Nullable<Uuid>,
        review_id -> Nullable<Uuid>,
        enrollment_id -> Nullable<Uuid>,
        read_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}
