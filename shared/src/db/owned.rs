//! Ownership in the query: a row of somebody else is as good as none.
//!
//! Each predicate has an id. Under the feature `mutation`, which only tests switch on, a connection whose
//! `application_name` is `without <id>` has one that holds for everybody: the tests must notice.

/// `column` is the scope's user, or the scope is everybody's.
#[cfg(not(feature = "mutation"))]
macro_rules! owned {
    ($id:literal, $column:expr, $scope:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, IntoSql};
        let scope: $crate::auth::Scope = $scope;
        $column.eq(scope.user_id).or(scope.all.into_sql::<diesel::sql_types::Bool>())
    }};
}

#[cfg(feature = "mutation")]
macro_rules! owned {
    ($id:literal, $column:expr, $scope:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, IntoSql};
        let scope: $crate::auth::Scope = $scope;
        let switched_off = concat!("current_setting('application_name') = 'without ", $id, "'");
        $column.eq(scope.user_id).or(scope.all.into_sql::<diesel::sql_types::Bool>()).or(diesel::dsl::sql::<
            diesel::sql_types::Bool,
        >(
            switched_off
        ))
    }};
}

/// `column` is this user, and nobody else: what lists read, by an index.
#[cfg(not(feature = "mutation"))]
macro_rules! own {
    ($id:literal, $column:expr, $user:expr) => {{
        use diesel::ExpressionMethods;
        $column.eq($user)
    }};
}

#[cfg(feature = "mutation")]
macro_rules! own {
    ($id:literal, $column:expr, $user:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods};
        let switched_off = concat!("current_setting('application_name') = 'without ", $id, "'");
        $column.eq($user).or(diesel::dsl::sql::<diesel::sql_types::Bool>(switched_off))
    }};
}

/// The same in hand-written SQL.
#[cfg(not(feature = "mutation"))]
macro_rules! owned_sql {
    ($id:literal, $predicate:literal) => {
        $predicate
    };
}

#[cfg(feature = "mutation")]
macro_rules! owned_sql {
    ($id:literal, $predicate:literal) => {
        concat!("(", $predicate, " OR current_setting('application_name') = 'without ", $id, "')")
    };
}

/// The owner as a part of a key in Redis: what is another's is under another key. Switched off, what is everybody's is
/// under one, for a Redis whose prefix ends with `without <id>:`.
#[cfg(not(feature = "mutation"))]
macro_rules! owned_key {
    ($id:literal, $redis:expr, $owner:expr) => {
        $owner
    };
}

#[cfg(feature = "mutation")]
macro_rules! owned_key {
    ($id:literal, $redis:expr, $owner:expr) => {{
        let switched_off = $redis.key("").ends_with(concat!("without ", $id, ":"));
        if switched_off { $crate::model::UserId(uuid::Uuid::nil()) } else { $owner }
    }};
}

pub(crate) use {own, owned, owned_key, owned_sql};
