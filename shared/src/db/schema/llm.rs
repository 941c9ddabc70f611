//! The tables of what models cost.

use super::sql_types;

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    llm_usage (id) {
        id -> Uuid,
        user_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        task_id -> Nullable<Uuid>,
        feature -> LlmFeature,
        provider -> Text,
        model -> Text,
        prompt_tokens -> Integer,
        completion_tokens -> Integer,
        cost_micros -> BigInt,
        latency_ms -> Integer,
        cached -> Bool,
        outcome -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    llm_budgets (scope, key, day) {
        scope -> LlmBudget,
        key -> Uuid,
        day -> Date,
        spent_micros -> BigInt,
        reserved_micros -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    llm_reservations (id) {
        id -> Uuid,
        micros -> BigInt,
        day -> Date,
        guests -> Nullable<Uuid>,
        address -> Nullable<Uuid>,
        payer -> Nullable<Uuid>,
        session -> Nullable<Uuid>,
        expires_at -> Timestamptz,
    }
}
