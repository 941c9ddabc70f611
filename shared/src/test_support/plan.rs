//! How PostgreSQL would run a statement of the product.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::TestDatabase;
use crate::db::providers::{Search, searching};

struct Explain<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        out.push_sql("EXPLAIN ");
        self.0.walk_ast(out)
    }
}

impl<Q> QueryId for Explain<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Explain<Q> {
    type SqlType = Text;
}

impl TestDatabase {
    /// The plan of a search, as text.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn plan_of_search(&self, search: &Search) -> String {
        let db = self.pool();
        let mut conn = db.conn().await.expect("a connection");
        let plan: Vec<String> =
            Explain(searching(search)).get_results(&mut *conn).await.expect("a plan of the search");
        plan.join("\n")
    }
}
