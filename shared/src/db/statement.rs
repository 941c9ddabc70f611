//! Hand-written SQL that is prepared once a connection.
//!
//! diesel prepares `sql_query` and every `UPDATE` anew each time, which doubles the round trips of a hot path;
//! a `QueryFragment` with a static `QueryId` is kept.

/// Declares a statement: its binds in order (each a `?` in the text) and the SQL type of its rows.
macro_rules! statement {
    (
        $(#[$meta:meta])*
        $name:ident { $($field:ident: $ty:ty => $sql:ty),* $(,)? } -> $row:ty = $text:expr
    ) => {
        $(#[$meta])*
        #[derive(diesel::query_builder::QueryId)]
        struct $name { $($field: $ty),* }

        impl diesel::query_builder::Query for $name {
            type SqlType = $row;
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                const TEXT: &str = $text;
                let mut parts = TEXT.split('?');
                out.push_sql(parts.next().unwrap_or_default());
                $(
                    out.push_bind_param::<$sql, $ty>(&self.$field)?;
                    out.push_sql(parts.next().unwrap_or_default());
                )*
                debug_assert!(parts.next().is_none(), "as many binds as question marks");
                Ok(())
            }
        }
    };
}
pub(crate) use statement;
