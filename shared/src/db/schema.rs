//! The tables as diesel sees them; a test compares them with what the migrations make.
#![allow(missing_docs, reason = "columns are documented where they are made, in the migrations")]

mod deals;
mod live;
mod llm;
mod market;

pub use deals::*;
pub use live::*;
pub use llm::*;
pub use market::*;

/// PostgreSQL's enum types.
pub mod sql_types {
    macro_rules! enum_type {
        ($($name:ident = $sql:literal),+ $(,)?) => {$(
            #[doc = concat!("`", $sql, "`")]
            #[derive(Clone, Copy, Debug, Default, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
            #[diesel(postgres_type(name = $sql))]
            pub struct $name;
        )+};
    }
    enum_type!(
        UserRole = "user_role",
        UserStatus = "user_status",
        ProviderStatus = "provider_status",
        ServicePlace = "service_place",
        LicenceStatus = "licence_status",
        RequestStatus = "request_status",
        Urgency = "urgency",
        AgentRole = "agent_role",
        MessageAuthor = "message_author",
        DraftKind = "draft_kind",
        DraftStatus = "draft_status",
        OfferStatus = "offer_status",
        BookingStatus = "booking_status",
        BookingSide = "booking_side",
        EnrollmentStatus = "enrollment_status",
        MediaKind = "media_kind",
        LiveEventKind = "live_event_kind",
        NotificationKind = "notification_kind",
        TaskKind = "task_kind",
        TaskStatus = "task_status",
        TaskStage = "task_stage",
        StepKind = "step_kind",
        PreferenceKey = "preference_key",
        PreferenceSource = "preference_source",
        LlmFeature = "llm_feature",
        LlmBudget = "llm_budget",
    );
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    users (id) {
        id -> Uuid,
        issuer -> Text,
        subject -> Text,
        role -> UserRole,
        status -> UserStatus,
        name -> Nullable<Text>,
        role_changed_at -> Timestamptz,
        created_at -> Timestamptz,
        role_earned -> Bool,
        issuer_event_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        guest_address -> Nullable<Uuid>,
    }
}

diesel::table! {
    accounts (user_id) {
        user_id -> Uuid,
        email -> Text,
        password_hash -> Text,
        password_changed_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_families (id) {
        id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Bytea,
        family_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_events (id) {
        id -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Uuid,
        admin_id -> Nullable<Uuid>,
        action -> Text,
        object_id -> Nullable<Uuid>,
        owner_id -> Nullable<Uuid>,
        note -> Jsonb,
        created_at -> Timestamptz,
        object_slug -> Nullable<Text>,
    }
}

diesel::table! {
    idempotency_keys (user_id, route, key) {
        user_id -> Uuid,
        route -> Text,
        key -> Text,
        sent -> Bytea,
        answer -> Nullable<Json>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    chat_sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        role -> AgentRole,
        title -> Nullable<Text>,
        known -> Jsonb,
        last_seq -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        summary -> Nullable<Text>,
        became -> Nullable<AgentRole>,
        summary_seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    chat_messages (id) {
        id -> Uuid,
        session_id -> Uuid,
        seq -> BigInt,
        turn -> BigInt,
        author -> MessageAuthor,
        text -> Text,
        client_message_id -> Nullable<Text>,
        task_id -> Nullable<Uuid>,
        data -> Nullable<Jsonb>,
        draft -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        action -> Nullable<Jsonb>,
        context -> Nullable<Jsonb>,
    }
}

diesel::table! {
    chat_media (message_id, media_id) {
        message_id -> Uuid,
        media_id -> Uuid,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    drafts (id) {
        id -> Uuid,
        session_id -> Uuid,
        user_id -> Uuid,
        kind -> DraftKind,
        status -> DraftStatus,
        version -> Integer,
        fields -> Jsonb,
        asked -> Array<Nullable<Text>>,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    tasks (id) {
        id -> Uuid,
        kind -> TaskKind,
        user_id -> Uuid,
        session_id -> Nullable<Uuid>,
        message_id -> Nullable<Uuid>,
        request_id -> Nullable<Uuid>,
        retry_of -> Nullable<Uuid>,
        seq -> Nullable<BigInt>,
        status -> TaskStatus,
        stage -> TaskStage,
        step -> Nullable<Integer>,
        attempts -> Integer,
        claim_no -> Integer,
        claimed_by -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        run_at -> Timestamptz,
        pushed_at -> Timestamptz,
        version -> Integer,
        result -> Nullable<Jsonb>,
        error_code -> Nullable<Text>,
        error_detail -> Nullable<Text>,
        effects -> Jsonb,
        trace_id -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        parent_span -> Nullable<Text>,
        swept_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    task_steps (task_id, no) {
        task_id -> Uuid,
        no -> Integer,
        kind -> StepKind,
        name -> Text,
        output -> Jsonb,
        prompt_tokens -> Nullable<Integer>,
        completion_tokens -> Nullable<Integer>,
        claim_no -> Integer,
        created_at -> Timestamptz,
        prompt -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    users,
    accounts,
    refresh_families,
    refresh_tokens,
    chat_sessions,
    chat_messages,
    chat_media,
    drafts,
    tasks,
    task_steps,
    catalog_categories,
    catalog_services,
    media,
    providers,
    provider_services,
    provider_history,
    availability,
    portfolio_items,
    provider_templates,
    provider_embeddings,
    consumer_profiles,
    requests,
    request_history,
    request_media,
    request_matches,
    offers,
    offer_slots,
    offer_history,
    bookings,
    booking_history,
    reviews,
    enrollments,
    enrollment_history,
    enrollment_media,
    notifications,
    llm_usage,
);
