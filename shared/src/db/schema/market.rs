//! The tables of what is offered: catalog, media, providers; and of who asks.

use super::sql_types;

diesel::table! {
    catalog_categories (id) {
        id -> Text,
        name -> Text,
        description -> Text,
        position -> Integer,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    catalog_services (id) {
        id -> Text,
        category_id -> Text,
        name -> Text,
        description -> Text,
        licensed -> Bool,
        places -> Array<ServicePlace>,
        min_photos -> Integer,
        price_min_cents -> BigInt,
        price_max_cents -> BigInt,
        currency -> Text,
        duration_min_minutes -> Integer,
        duration_max_minutes -> Integer,
        specializations -> Array<Text>,
        position -> Integer,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    media (id) {
        id -> Uuid,
        user_id -> Uuid,
        kind -> MediaKind,
        mime -> Text,
        bytes -> BigInt,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        ready_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    media_gone (id) {
        id -> Uuid,
        gone_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    providers (id) {
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        bio -> Text,
        city -> Text,
        zone -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        radius_km -> Double,
        status -> ProviderStatus,
        rating -> Nullable<Double>,
        review_count -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        headline -> Text,
        languages -> Array<Text>,
        years_experience -> Nullable<Integer>,
        photo_id -> Nullable<Uuid>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        street -> Nullable<Text>,
        auto_offer -> Bool,
        min_price_cents -> Nullable<BigInt>,
        external_id -> Nullable<Text>,
        rating_mean -> Nullable<Double>,
        completed_jobs -> Integer,
        late_cancellations -> Integer,
        response_rate -> Nullable<Double>,
        response_minutes -> Nullable<Integer>,
        offered -> Array<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    provider_services (provider_id, service_id) {
        provider_id -> Uuid,
        service_id -> Text,
        places -> Array<ServicePlace>,
        price_min_cents -> Nullable<BigInt>,
        price_max_cents -> Nullable<BigInt>,
        currency -> Text,
        specializations -> Array<Text>,
        licence -> LicenceStatus,
        description -> Text,
        duration_minutes -> Nullable<Integer>,
        licence_number -> Nullable<Text>,
        licence_expires_on -> Nullable<Date>,
        licence_note -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    provider_history (provider_id, at) {
        provider_id -> Uuid,
        from -> ProviderStatus,
        to -> ProviderStatus,
        actor_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    availability (provider_id) {
        provider_id -> Uuid,
        weekly -> Jsonb,
        exceptions -> Jsonb,
        notice_minutes -> Integer,
        max_per_day -> Nullable<Integer>,
        buffer_minutes -> Integer,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    portfolio_items (id) {
        id -> Uuid,
        provider_id -> Uuid,
        service_id -> Nullable<Text>,
        media_id -> Uuid,
        title -> Text,
        description -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    provider_templates (id) {
        id -> Uuid,
        provider_id -> Uuid,
        service_id -> Nullable<Text>,
        name -> Text,
        body -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    provider_embeddings (provider_id) {
        provider_id -> Uuid,
        model -> Text,
        vector -> Array<Float>,
        text_hash -> Bytea,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    consumer_profiles (user_id) {
        user_id -> Uuid,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        street -> Nullable<Text>,
        city -> Nullable<Text>,
        zone -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    preferences (user_id, source, key, service_id, same) {
        user_id -> Uuid,
        source -> PreferenceSource,
        key -> PreferenceKey,
        service_id -> Text,
        same -> Text,
        value -> Nullable<Text>,
        amount_cents -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        provider_id -> Nullable<Uuid>,
        position -> Integer,
        seen -> Integer,
        last_seen_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    remote_changes (service_id, transaction, provider_id) {
        service_id -> Text,
        provider_id -> Uuid,
        transaction -> BigInt,
        changed_at -> Timestamptz,
    }
}
