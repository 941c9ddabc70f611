//! A database for one test.

use std::time::Duration;

use diesel::sql_types::{Jsonb, Text};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::Value;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::clerk::{Rubbish, clerk};
use super::{queries, required, with_database};
use crate::config::DatabaseConfig;
use crate::db::{Conn, Db};

/// A database for one test; gone when this is dropped.
pub struct TestDatabase {
    url: String,
    /// The test's own connection, once there is one: making one is the dearest part of a query.
    conn: Mutex<Option<Conn>>,
    /// Its name, if it is to be dropped.
    name: Option<String>,
}

/// A connection that holds on to its locks until this is dropped.
pub struct Held(Conn);

impl Held {
    /// Runs the last statements of a connection.
    ///
    /// # Panics
    /// When they fail.
    pub async fn finish(mut self, sql: &str) {
        self.0.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

#[derive(diesel::QueryableByName)]
pub(super) struct Names {
    #[diesel(sql_type = Text)]
    pub name: String,
}

#[derive(diesel::QueryableByName)]
struct Json {
    #[diesel(sql_type = Jsonb)]
    value: Value,
}

impl TestDatabase {
    /// A database with the migrated schema on the server of `DATABASE_URL`.
    ///
    /// # Panics
    /// When there is no such server.
    pub async fn create() -> Self {
        queries::count_all();
        let name = clerk().database_name();
        clerk().create(name.clone()).await;
        Self {
            url: with_database(&required("DATABASE_URL"), &name),
            name: Some(name),
            conn: Mutex::default(),
        }
    }

    /// The database at an address, which goes away with its server.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), name: None, conn: Mutex::default() }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How the product would be told to use it.
    #[must_use]
    pub fn config(&self) -> DatabaseConfig {
        config(&self.url)
    }

    /// How many queries this process has sent to it so far, those of the test itself among them.
    #[must_use]
    pub fn queries(&self) -> usize {
        queries::sent(&self.url)
    }

    /// A pool of its own.
    #[must_use]
    pub fn pool(&self) -> Db {
        Db::new(&self.config())
    }

    /// Runs statements on a connection that stays open: what they lock stays locked until the answer is dropped.
    ///
    /// # Panics
    /// When they fail.
    pub async fn hold(&self, sql: &str) -> Held {
        let mut conn = connect(&self.url).await;
        conn.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        Held(conn)
    }

    async fn conn(&self) -> MappedMutexGuard<'_, Conn> {
        let mut conn = self.conn.lock().await;
        if let Some(open) = conn.as_mut()
            && open.batch_execute("").await.is_err()
        {
            // The server has been restarted since.
            *conn = None;
        }
        if conn.is_none() {
            *conn = Some(connect(&self.url).await);
        }
        MutexGuard::map(conn, |conn| conn.as_mut().expect("it was made"))
    }

    /// Runs statements.
    ///
    /// # Panics
    /// When they fail.
    pub async fn execute(&self, sql: &str) {
        let mut conn = self.conn().await;
        conn.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Runs statements that may be refused.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub async fn try_execute(&self, sql: &str) -> diesel::QueryResult<()> {
        self.conn().await.batch_execute(sql).await
    }

    /// The rows of a query, each as an object.
    ///
    /// # Panics
    /// When it fails.
    pub async fn rows(&self, sql: &str) -> Vec<Value> {
        rows(&mut *self.conn().await, sql).await
    }

    /// The first column of the first row of a query.
    ///
    /// # Panics
    /// When it fails or answers nothing.
    pub async fn value(&self, sql: &str) -> Value {
        let rows = self.rows(sql).await;
        let first = rows.as_slice().first().and_then(Value::as_object).and_then(|row| row.values().next());
        first.cloned().unwrap_or_else(|| panic!("no row: {sql}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = self.name.take() {
            clerk().remove(Rubbish::Database(name));
        }
    }
}

async fn connect(url: &str) -> Conn {
    Conn::establish(url).await.unwrap_or_else(|error| panic!("the test's database: {error}"))
}

/// How a test uses a database: few connections, since all tests share the server's.
pub(super) fn config(url: &str) -> DatabaseConfig {
    DatabaseConfig {
        url: url.to_owned(),
        pool: 8,
        wait: Duration::from_secs(10),
        statement: Duration::from_secs(10),
    }
}

/// The rows of a query, each as an object.
pub(super) async fn rows(conn: &mut Conn, sql: &str) -> Vec<Value> {
    let query = diesel::sql_query(format!("SELECT to_jsonb(q) AS value FROM ({sql}) q"));
    let rows: Vec<Json> = query.load(conn).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.into_iter().map(|row| row.value).collect()
}
