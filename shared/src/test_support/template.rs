//! The template: a database with the migrated schema, made once for each state of the migrations.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use diesel_async::SimpleAsyncConnection;

use super::database::{config, rows};
use super::with_database;
use crate::db::{Conn, Db, migrations};

/// Held while a template is made: several processes agree on one.
const MAKING: i64 = 0x5052_4F58_0001;

/// The name of the template, which is there and whole when this returns.
pub(super) async fn ensure(conn: &mut Conn, url: &str) -> String {
    let name = format!("proxie_template_{:016x}", fingerprint());
    conn.batch_execute(&format!("SELECT pg_advisory_lock({MAKING})")).await.expect("the template's lock");
    let there = rows(conn, &format!("SELECT 1 AS one FROM pg_database WHERE datname = '{name}'")).await;
    if there.is_empty() {
        make(conn, url, &name).await;
    }
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({MAKING})")).await.expect("its unlock");
    name
}

/// Makes it under another name first: what bears the name is whole.
async fn make(conn: &mut Conn, url: &str, name: &str) {
    let raw = format!("{name}_raw");
    let begin = [
        format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)"),
        format!("CREATE DATABASE {raw} TEMPLATE template0"),
    ];
    for statement in begin {
        conn.batch_execute(&statement).await.expect("an empty database");
    }
    let db = Db::new(&config(&with_database(url, &raw)));
    let applied = migrations::run(&db).await;
    let applied = applied.unwrap_or_else(|error| panic!("the migrations do not run: {}", error.causes()));
    // Cargo does not see a new folder of migrations.
    assert_eq!(
        applied.len(),
        folders().len(),
        "built before the last migration: touch shared/src/db/migrations.rs"
    );
    let end = [
        // Nobody may be connected to what is copied.
        format!("ALTER DATABASE {raw} WITH ALLOW_CONNECTIONS false"),
        format!("ALTER DATABASE {raw} RENAME TO {name}"),
    ];
    for statement in end {
        conn.batch_execute(&statement).await.expect("the template");
    }
}

/// The folders of the migrations, in order.
fn folders() -> Vec<PathBuf> {
    let all = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations"));
    let mut folders: Vec<_> = std::fs::read_dir(all)
        .expect("the folder of migrations")
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .collect();
    folders.sort();
    folders
}

/// A number that changes with the migrations and the catalog that they load.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    include_str!("../../data/catalog.json").hash(&mut hasher);
    for migration in folders() {
        migration.file_name().hash(&mut hasher);
        std::fs::read(migration.join("up.sql")).expect("an up.sql").hash(&mut hasher);
    }
    hasher.finish()
}
