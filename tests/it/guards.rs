//! The rules of `architecture.md` that a look at the sources can check.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path from the root, and its text.
struct Source {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The texts of all sources below a folder.
pub fn sources_of(folder: &str) -> Vec<String> {
    sources(folder).into_iter().map(|source| source.text).collect()
}

/// All Rust sources below a folder of the repository.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push(Source { path, text });
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

fn all_sources() -> Vec<Source> {
    ["api", "shared", "tests", "worker"].into_iter().flat_map(sources).collect()
}

/// The lines of code, with their numbers: no comments.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Lines of code that name a thing, as `path:line: text`.
fn lines_with<'a>(
    sources: impl IntoIterator<Item = &'a Source>,
    names: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (at, line) in code(source).filter(|(_, line)| names(line)) {
            found.push(format!("{}:{at}: {}", source.path, line.trim()));
        }
    }
    found
}

/// Whether a line names a crate, and not merely contains its letters.
fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        let starts = before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '"' || c == '.'));
        starts && (after.starts_with("::") || after.starts_with(';'))
    })
}

/// The modules of `shared`, lower ones first; those of one layer do not know each other.
const LAYERS: [&[&str]; 10] = [
    &["model", "batch"],
    &["error"],
    &["config"],
    &["telemetry"],
    &["auth"],
    &["db"],
    &["queue", "storage"],
    &["llm"],
    &["matching", "agent", "limits"],
    &["domain"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules of `shared` that a line names: `crate::db::…`, `crate::{db, model}`.
fn modules_named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let word =
            |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            None => named.push(word(rest)),
            Some(group) => {
                // Names at the first depth of the braces.
                let (mut depth, mut begins) = (0, true);
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => begins = true,
                        c if c.is_whitespace() => {}
                        _ if begins && depth == 0 => {
                            named.push(word(&group[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    named
}

#[test]
fn imports_inside_shared_run_one_way() {
    let mut wrong = Vec::new();
    for source in sources("shared/src") {
        let inside = source.path.trim_start_matches("shared/src/");
        let module = inside.split(['/', '.']).next().unwrap();
        let Some(own) = layer(module) else {
            let known = ["lib", "test_support"];
            assert!(known.contains(&module), "which layer is {module} of?");
            continue;
        };
        let code: String = code(&source).map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        for named in modules_named(&code) {
            // The mapping to SQL stands on the types, with names that the schema declares.
            let mapping = module == "model" && named == "db";
            match layer(&named) {
                Some(other) if other < own || named == module || mapping => {}
                Some(_) => wrong.push(format!("{} names {named}", source.path)),
                None if module == "model" || named != "test_support" => {}
                None => wrong.push(format!("{} names {named}", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn models_know_of_the_database_nothing_but_the_names_of_its_types() {
    let sources = sources("shared/src/model");
    let wrong =
        lines_with(&sources, |line| line.contains("crate::db::") && !line.contains("crate::db::schema"));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_guard_sees_imports_of_every_form() {
    assert_eq!(modules_named("use crate::db;"), ["db"]);
    assert_eq!(modules_named("use crate::db::{self, Db};"), ["db"]);
    assert_eq!(modules_named("use crate::{db::{self, Db}, model, error::Result};"), ["db", "model", "error"]);
    assert_eq!(modules_named("crate::model::UserId(id.0)"), ["model"]);
    assert!(names_crate("use redis::Client;", "redis") && names_crate("    ::redis::cmd(x)", "redis"));
    assert!(!names_crate("self.redis::<X>()", "redis") && !names_crate("proxie_redis::x", "redis"));
}

#[test]
fn the_api_names_no_store() {
    let sources = sources("api/src");
    for store in ["diesel", "diesel_async", "redis", "apalis", "apalis_core", "tokio_postgres", "deadpool"] {
        let named = lines_with(&sources, |line| names_crate(line, store));
        assert!(named.is_empty(), "{named:#?}");
    }
    let manifest = fs::read_to_string(root().join("api/Cargo.toml")).unwrap();
    for store in ["diesel", "redis", "apalis"] {
        assert!(!manifest.contains(store), "api/Cargo.toml names {store}");
    }
}

#[test]
fn apalis_is_named_where_the_queue_meets_the_runtime_only() {
    let allowed = |path: &str| path.starts_with("shared/src/queue/") || path == "worker/src/runtime.rs";
    let sources: Vec<Source> = ["api", "shared", "worker"]
        .into_iter()
        .flat_map(sources)
        .filter(|source| !allowed(&source.path))
        .collect();
    for name in ["apalis", "apalis_core", "apalis_redis"] {
        let named = lines_with(&sources, |line| names_crate(line, name));
        assert!(named.is_empty(), "{named:#?}");
    }
    let in_shared = lines_with(&self::sources("shared"), |line| names_crate(line, "apalis"));
    assert!(in_shared.is_empty(), "of apalis only apalis-core: {in_shared:#?}");
}

#[test]
fn shared_knows_no_web_server() {
    let named = lines_with(&sources("shared"), |line| names_crate(line, "actix_web"));
    assert!(named.is_empty(), "{named:#?}");
}

/// Comparisons with a user that are not about whose a row is, or cannot be forgotten alone: file, text, why.
const NO_OWNERSHIP: &[(&str, &str, &str)] = &[
    ("live.rs", "JOIN counted c USING (user_id)", "each one's events get each one's numbers"),
    ("erasure.rs", "SET user_id = NULL", "what is written, not whose a row is"),
    ("chat/submit.rs", "m.user_id = p.user_id", "asked before by media.find_own; here once more, at no cost"),
    ("users.rs", "WHERE u.id = p.user_id", "whether an account is open, not whose a row is"),
    ("matching/reach.rs", "ON u.id = p.user_id", "whether an account is open, not whose a row is"),
    ("matching/remote.rs", "ON u.id = p.user_id", "whether an account is open, not whose a row is"),
    (
        "matching/remote.rs",
        "offer.user_id != wanted.not_user",
        "nobody's right: a request does not go to its own consumer",
    ),
    ("matching/route.rs", "ON u.id = p.user_id", "whether an account is open, not whose a row is"),
    (
        "matching/reach.rs",
        "p.user_id <> a.not_user",
        "nobody's right: a request does not go to its own consumer",
    ),
    (
        "providers/candidates.rs",
        "p.user_id <> a.not_user",
        "nobody's right: a request does not go to its own consumer",
    ),
    ("import.rs", "ON u.id = g.user_id", "of what the statement itself was given"),
    ("usage.rs", "ON p.id = g.user_id", "in which order budgets are locked, not whose a row is"),
    ("matching/said.rs", "ON u.id = p.user_id", "whether an account is open, not whose a row is"),
    ("matching/said.rs", "t.user_id = p.user_id", "what was asked for already, not whose a row is"),
    ("accounts.rs", "accounts::table.find(user).select", "an account is found by its key, as a user is"),
    (
        "accounts.rs",
        "diesel::delete(accounts::table.find(user))",
        "an account is found by its key, as a user is",
    ),
    ("chat/submit.rs", "ON senders.id = sent.user_id", "whether an account is open, not whose a row is"),
    ("chat/submit.rs", "USING (user_id, route, key)", "of what the statement itself was given"),
    ("bookings/sides.rs", "ON pa.user_id = p.user_id", "how a side is reached, not whose a row is"),
    ("bookings/sides.rs", "ON u.id = b.user_id", "how a side is reached, not whose a row is"),
    ("bookings/sides.rs", "ON ca.user_id = u.id", "how a side is reached, not whose a row is"),
    ("bookings/sides.rs", "ON c.user_id = u.id", "how a side is reached, not whose a row is"),
];

/// Tables whose key is, or begins with, a user.
const KEYED_BY_USER: [&str; 2] = ["accounts::table.find(", "idempotency_keys::table.find("];

/// The names of the calls that the end of a piece of code stands in, the innermost first: of one statement.
fn calls_around(code: &str) -> Vec<&str> {
    let (mut depth, mut calls) = (0, Vec::new());
    for (at, c) in code.char_indices().rev() {
        match c {
            ';' => break,
            ')' => depth += 1,
            '(' if depth > 0 => depth -= 1,
            '(' => {
                let name = code[..at].rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next();
                calls.extend(name);
            }
            _ => {}
        }
    }
    calls
}

/// Whether a column `user_id` that ends before `after` and begins after `before` is compared there, and not written.
fn compares(before: &str, after: &str) -> bool {
    let writes = || calls_around(before).iter().any(|call| ["set", "values"].contains(call));
    let in_rust = [".eq", ".ne", ".is_", ".nullable()"].iter().any(|method| after.starts_with(method));
    let side = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '.').trim_end();
    let rest = after.trim_start();
    let in_sql = ["=", "<>", "!=", "IN ", "IS "].iter().any(|sign| rest.starts_with(sign))
        || (before.ends_with('.') && (side.ends_with(" =") || side.ends_with("<>")))
        || calls_around(before).first() == Some(&"")
            && before.rsplit_once('(').is_some_and(|(to, _)| to.ends_with("USING "));
    in_rust && !writes() || in_sql
}

/// The lines that compare a row's owner with somebody.
fn comparisons(text: &str) -> Vec<&str> {
    let line = |at: usize| {
        let begin = text[..at].rfind('\n').map_or(0, |before| before + 1);
        text[begin..].lines().next().unwrap_or_default().trim()
    };
    let columns =
        text.match_indices("user_id").filter(|(at, name)| compares(&text[..*at], &text[at + name.len()..]));
    let keys = KEYED_BY_USER.iter().flat_map(|key| text.match_indices(key));
    columns.chain(keys).map(|(at, _)| line(at)).filter(|line| !line.starts_with("//")).collect()
}

/// What a test cannot switch off, no test is known to notice.
#[test]
fn who_owns_a_row_is_asked_by_what_can_be_switched_off() {
    let mut excepted = Vec::new();
    let mut wrong = Vec::new();
    for source in sources("shared/src/db").iter().filter(|source| !source.path.ends_with("/owned.rs")) {
        for line in comparisons(&source.text).into_iter().filter(|line| !line.contains("owned_sql!(")) {
            let exception = NO_OWNERSHIP
                .iter()
                .find(|(file, text, _)| source.path.ends_with(&format!("db/{file}")) && line.contains(text));
            match exception {
                Some(exception) => excepted.push(exception),
                None => wrong.push(format!("{}: {line}", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "not by owned!, own! or owned_sql!: {wrong:#?}");
    let stale: Vec<_> = NO_OWNERSHIP.iter().filter(|exception| !excepted.contains(exception)).collect();
    assert!(stale.is_empty(), "these exceptions are not needed any more: {stale:#?}");
}

#[test]
fn the_guard_sees_comparisons_and_not_what_is_written() {
    for compared in [
        "tasks::table.filter(tasks::user_id.eq(user))",
        "tasks::table.filter(tasks::id.eq(id).and(tasks::user_id.eq_any(users)))",
        "SELECT FROM tasks t WHERE t.user_id = $1",
        "SELECT FROM tasks t WHERE $1 = t.user_id",
        "SELECT FROM a JOIN b USING (user_id, key)",
        "accounts::table.find(user)",
    ] {
        assert_eq!(comparisons(compared), [compared]);
    }
    for other in [
        "diesel::insert_into(tasks::table).values((tasks::id.eq(id), tasks::user_id.eq(user)))",
        "diesel::update(tasks::table.find(id)).set(tasks::user_id.eq(user))",
        "tasks::table.filter(own!(\"id\", tasks::user_id, user))",
        "INSERT INTO tasks (id, user_id) SELECT id, user_id FROM given",
        "ON CONFLICT (user_id, route, key) DO NOTHING",
        "user_id: actor.user_id(),",
    ] {
        assert!(comparisons(other).is_empty(), "{other}");
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<String> = all_sources()
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > 400)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "at most 400 lines, a file nearing them becomes a folder: {long:#?}");
}

#[test]
fn no_test_sleeps_or_is_skipped() {
    let tests: Vec<Source> =
        sources("tests/it").into_iter().filter(|source| source.path != "tests/it/guards.rs").collect();
    let sleeps = lines_with(&tests, |line| line.contains("sleep(") || line.contains("sleep_until"));
    assert!(sleeps.is_empty(), "wait for the condition: {sleeps:#?}");
    let skipped = lines_with(&all_sources(), |line| line.trim_start().starts_with("#[ignore"));
    assert!(skipped.is_empty(), "{skipped:#?}");
}

#[test]
fn each_folder_of_migrations_goes_both_ways() {
    for entry in fs::read_dir(root().join("migrations")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            for file in ["up.sql", "down.sql"] {
                let text = fs::read_to_string(path.join(file)).unwrap_or_default();
                assert!(!text.trim().is_empty(), "{}/{file} is missing or empty", path.display());
            }
        }
    }
}
