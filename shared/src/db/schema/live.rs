//! The tables of what people's clients are told as it happens.

use super::sql_types;

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::*;

    live_events (id) {
        id -> BigInt,
        user_id -> Uuid,
        kind -> LiveEventKind,
        subject_id -> Uuid,
        data -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        seq -> Nullable<BigInt>,
        position -> Nullable<BigInt>,
    }
}

diesel::table! {
    live_counters (user_id) {
        user_id -> Uuid,
        last -> BigInt,
    }
}

diesel::table! {
    live_log (one) {
        one -> Bool,
        last -> BigInt,
    }
}
