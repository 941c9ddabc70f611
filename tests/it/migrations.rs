//! The schema: every migration can be undone, the code knows which it needs, and diesel sees what is there.

use std::collections::BTreeMap;

use proxie_shared::db::migrations;
use proxie_shared::test_support::TestDatabase;
use serde_json::Value;

use crate::support::{App, Process};

/// All that makes up a schema, as text in a fixed order.
async fn snapshot(database: &TestDatabase) -> Vec<String> {
    let parts = [
        // Columns, with types, nullability, defaults and generation.
        "SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) AS line
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped",
        "SELECT concat_ws(' ', 'relation', c.relkind, c.relname, c.reloptions) AS line
         FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace",
        "SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT concat_ws(' ', 'index', indexdef) AS line FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) AS line FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT concat_ws(' ', 'function', pg_get_functiondef(oid)) AS line FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')",
        "SELECT concat_ws(' ', 'type', t.typname, t.typtype, e.enumsortorder, e.enumlabel) AS line
         FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace",
        "SELECT concat_ws(' ', 'extension', extname) AS line FROM pg_extension",
        "SELECT concat_ws(' ', 'schema', nspname) AS line FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'",
    ];
    let mut lines = Vec::new();
    for part in parts {
        for row in database.rows(part).await {
            lines.push(row["line"].as_str().unwrap().to_owned());
        }
    }
    lines.retain(|line| !line.contains("__diesel_schema_migrations"));
    lines.sort();
    lines
}

/// A migration's files.
fn files() -> Vec<(String, String, String)> {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations"));
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| {
            let read = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
            (path.file_name().unwrap().to_string_lossy().into_owned(), read("up.sql"), read("down.sql"))
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn each_down_undoes_its_up() {
    let database = TestDatabase::create().await;
    let whole = snapshot(&database).await;
    assert!(whole.len() > 100, "{whole:?}");
    // One by one, the last first; then up again, and each step is as it was on the way down.
    let mut below = Vec::new();
    for (name, _, down) in files().iter().rev() {
        database.execute(down).await;
        below.push((name.clone(), snapshot(&database).await));
    }
    let empty = below.last().unwrap().1.clone();
    let left: Vec<_> =
        empty.iter().filter(|line| !line.starts_with("extension") && !line.starts_with("schema")).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    for (name, up, down) in files() {
        let (undone, before) = below.pop().unwrap();
        assert_eq!(undone, name);
        assert_eq!(snapshot(&database).await, before, "{name}");
        database.execute(&up).await;
        let after = snapshot(&database).await;
        database.execute(&down).await;
        assert_eq!(snapshot(&database).await, before, "{name}: down does not undo up");
        database.execute(&up).await;
        assert_eq!(snapshot(&database).await, after, "{name}: up differs the second time");
    }
    assert_eq!(snapshot(&database).await, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_undone_and_done_again() {
    let database = TestDatabase::create().await;
    let whole = snapshot(&database).await;
    let db = database.pool();
    assert!(migrations::pending(&db).await.unwrap().is_empty());
    migrations::revert_all(&db).await.unwrap();
    let names: Vec<String> = files().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(migrations::pending(&db).await.unwrap(), names);
    // Two at once: one migrates, the other finds nothing to do.
    let (one, other) = futures::join!(migrations::run(&db), migrations::run(&db));
    assert_eq!(one.unwrap().len() + other.unwrap().len(), names.len());
    assert_eq!(snapshot(&database).await, whole);
}

#[tokio::test]
async fn the_api_refuses_a_schema_behind_its_code() {
    let app = App::builder().workers(0).start().await;
    let last = files().pop().unwrap();
    app.database.execute(&last.2).await;
    app.database.execute("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)").await;
    let serve = Process::start(
        "proxie-api",
        &["serve"],
        [app.environment(), vec![("PORT", "0".to_owned())]].concat(),
    );
    let said = serve.ends_saying().await;
    assert_ne!(said.0, Some(0));
    assert!(said.1.contains("proxie-api migrate") && said.1.contains(&last.0), "{}", said.1);

    let migrate = Process::start("proxie-api", &["migrate"], app.environment());
    assert_eq!(migrate.ends().await, Some(0));
    let tables = app.database.value("SELECT count(*) FROM task_steps").await;
    assert_eq!(tables, 0, "the table is back");
}

/// The tables of `schema.rs`: column → its type as diesel writes it.
fn diesel_tables() -> BTreeMap<String, Vec<(String, String)>> {
    let source = concat!(
        include_str!("../../shared/src/db/schema.rs"),
        include_str!("../../shared/src/db/schema/market.rs"),
        include_str!("../../shared/src/db/schema/deals.rs"),
        include_str!("../../shared/src/db/schema/live.rs"),
        include_str!("../../shared/src/db/schema/llm.rs")
    );
    let mut tables = BTreeMap::new();
    for block in source.split("diesel::table! {").skip(1) {
        let lines: Vec<&str> = block
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("use ") && !line.is_empty())
            .collect();
        let name = lines[0].split(' ').next().unwrap().to_owned();
        let columns = lines.iter().take_while(|line| **line != "}").filter_map(|line| {
            let (column, kind) = line.strip_suffix(',')?.split_once(" -> ")?;
            Some((column.to_owned(), kind.to_owned()))
        });
        tables.insert(name, columns.collect());
    }
    tables
}

/// What diesel calls a type of PostgreSQL.
fn diesel_type(kind: &str) -> String {
    if let Some(of) = kind.strip_suffix("[]") {
        return format!("Array<{}>", diesel_type(of));
    }
    match kind {
        "uuid" => "Uuid".to_owned(),
        "text" => "Text".to_owned(),
        "boolean" => "Bool".to_owned(),
        "integer" => "Integer".to_owned(),
        "bigint" => "BigInt".to_owned(),
        "double precision" => "Double".to_owned(),
        "jsonb" => "Jsonb".to_owned(),
        "date" => "Date".to_owned(),
        "real" => "Float".to_owned(),
        "timestamp without time zone" => "Timestamp".to_owned(),
        "timestamp with time zone" => "Timestamptz".to_owned(),
        // Our own: user_role is UserRole.
        own => own.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect(),
    }
}

#[tokio::test]
async fn diesel_sees_the_tables_as_they_are() {
    let database = TestDatabase::create().await;
    let columns = database
        .rows(
            "SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS kind, a.attnotnull AS required
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
               AND c.relname <> '__diesel_schema_migrations'
             ORDER BY c.relname, a.attnum",
        )
        .await;
    let mut there: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in columns {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let kind = diesel_type(&text("kind"));
        let kind = if row["required"] == Value::Bool(true) { kind } else { format!("Nullable<{kind}>") };
        there.entry(text("table")).or_default().push((text("column"), kind));
    }
    // PostgreSQL does not say whether an array may hold nulls: both ways of writing it are right.
    let plain = |tables: BTreeMap<String, Vec<(String, String)>>| -> Vec<String> {
        let lines = tables.into_iter().flat_map(|(table, columns)| {
            columns.into_iter().map(move |(column, kind)| {
                format!("{table}.{column} {}", kind.replace("Array<Nullable<Text>>", "Array<Text>"))
            })
        });
        lines.collect()
    };
    assert_eq!(plain(diesel_tables()), plain(there));
}
