//! What lists cost: as many queries for a thousand rows as for one, and no more rows read than their page needs, whatever
//! else there is.

mod crowd;

use std::collections::BTreeSet;
use std::iter;

use serde_json::Value;

use self::crowd::Crowd;
use crate::support::{App, Caller, Process, day, eventually, size};

/// How many of the rows are the two people's.
const MINE: usize = 1_000;
/// How many rows a call may read through indexes: some for each that is the caller's, or in the city that is asked for. An
/// export, which is all of the caller's, may read twice as many.
const READ: i64 = 10_000;

/// A list or grouped view: its path in the document, how it is called, and with which filters.
type List<'a> = (&'static str, &'a Caller, String, &'static [&'static str]);

fn plain<'a>(path: &'static str, caller: &'a Caller, filters: &'static [&'static str]) -> List<'a> {
    of(path, caller, path.to_owned(), filters)
}

fn of<'a>(
    path: &'static str,
    caller: &'a Caller,
    called: String,
    filters: &'static [&'static str],
) -> List<'a> {
    (path, caller, called, filters)
}

/// All of them.
fn lists<'a>(crowd: &'a Crowd<'_>) -> Vec<List<'a>> {
    let (consumer, provider, admin) = (&crowd.consumer, &crowd.provider, &crowd.admin);
    let [request, business, session] = ['r', 'p', 's'].map(|kind| crowd.id(kind));
    vec![
        plain("/requests", consumer, &["status=cancelled"]),
        of("/requests/{request_id}/matches", consumer, format!("/requests/{request}/matches"), &[]),
        of(
            "/requests/{request_id}/offers",
            consumer,
            format!("/requests/{request}/offers"),
            &["status=declined"],
        ),
        plain("/offers", consumer, &["status=declined"]),
        plain("/offers", provider, &["status=accepted"]),
        plain("/bookings", consumer, &["status=cancelled", "upcoming=true", "upcoming=false"]),
        plain("/bookings", provider, &["status=completed", "upcoming=true"]),
        plain("/consumers/me/requests", consumer, &[]),
        plain("/notifications", consumer, &["unread=true", "unread=false"]),
        plain("/chat/sessions", consumer, &[]),
        // All at once, and yet in as many queries.
        plain("/auth/me/export", consumer, &[]),
        plain("/auth/me/export", provider, &[]),
        of("/chat/sessions/{session_id}", consumer, format!("/chat/sessions/{session}"), &[]),
        plain(
            "/providers/leads",
            provider,
            &[
                "open=true",
                "open=false",
                "offered=true",
                "offered=false",
                "passed=true",
                "viewed=false",
                "service_id=haircut",
            ],
        ),
        plain(
            "/providers",
            consumer,
            &[
                "city=City%202",
                "city=City%202&sort=price",
                "city=City%202&min_rating=4.5",
                "city=City%202&service_id=haircut&verified=true",
                "q=balayage",
                "q=balayage&city=City%202",
                "service_id=haircut&city=City%202&sort=rating",
                "lat=25.24&lng=-99.6&radius_km=9",
                "lat=25.24&lng=-99.6&radius_km=9&sort=distance",
                "sort=rating",
            ],
        ),
        of("/providers/{provider_id}/services", consumer, format!("/providers/{business}/services"), &[]),
        of(
            "/providers/{provider_id}/slots",
            consumer,
            format!("/providers/{business}/slots?service_id=haircut&from={}&to={}", day(1), day(14)),
            &[],
        ),
        of("/providers/{provider_id}/portfolio", consumer, format!("/providers/{business}/portfolio"), &[]),
        of("/providers/{provider_id}/templates", provider, format!("/providers/{business}/templates"), &[]),
        of("/providers/{provider_id}/stats", provider, format!("/providers/{business}/stats"), &[]),
        of("/reviews/provider/{provider_id}", consumer, format!("/reviews/provider/{business}"), &[]),
        plain("/services/catalog", consumer, &[]),
        plain("/services/catalog/full", consumer, &[]),
        plain("/usage/me", consumer, &["from=2026-01-01&to=2026-01-31"]),
        plain("/usage", admin, &["from=2026-01-01&to=2026-01-31"]),
        plain("/admin/audit", admin, &[]),
        plain("/admin/tasks", admin, &["status=failed"]),
        plain("/enrollment", admin, &["status=verified"]),
    ]
}

/// Each without a filter and with each of its own.
fn calls<'a>(crowd: &'a Crowd<'_>) -> Vec<(&'a Caller, String)> {
    let with_filters = |(_, caller, path, filters): List<'a>| {
        let filtered = filters.iter().map(|filter| format!("{path}?{filter}")).collect::<Vec<_>>();
        iter::once(path).chain(filtered).map(move |path| (caller, path))
    };
    lists(crowd).into_iter().flat_map(with_filters).collect()
}

#[tokio::test]
async fn no_list_is_forgotten_here() {
    let app = App::builder().workers(0).start().await;
    let crowd = Crowd::of_two(&app, 1).await;
    let here: BTreeSet<&str> = lists(&crowd).iter().map(|(path, ..)| *path).collect();
    let document = app.anybody().get("/api/openapi.json").await.expect(200).body;
    let named = |schema: &Value| schema["$ref"].as_str().map(|name| name.trim_start_matches('#').to_owned());
    let is_list = |operation: &Value| {
        let schema = &operation["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let schema = named(schema).and_then(|name| document.pointer(&name)).unwrap_or(schema);
        schema["properties"].get("items").is_some()
    };
    let paths = document["paths"].as_object().expect("paths");
    let forgotten: Vec<_> = paths
        .iter()
        .filter(|(path, of)| is_list(of) && !here.contains(path.as_str()))
        .map(|(path, _)| path)
        .collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

#[tokio::test]
async fn a_list_costs_as_many_queries_for_a_thousand_rows_as_for_one() {
    let app = App::builder().workers(0).start().await;
    let crowd = Crowd::of_two(&app, MINE).await;
    let calls = calls(&crowd);
    let mut one = Vec::new();
    for (caller, path) in &calls {
        one.push(app.queries_of(caller, path).await.0);
    }
    crowd.grow(MINE).await;
    let mut differ = Vec::new();
    for ((caller, path), one) in calls.iter().zip(&one) {
        let (many, _) = app.queries_of(caller, path).await;
        if many != *one {
            differ.push(format!("{path}: {one} and {many}"));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
    let most = one.iter().max().copied().unwrap_or_default();
    println!(
        "figure: {} lists with their filters: as many queries at 1 and at 1,000 rows, {most} at most",
        calls.len()
    );
}

#[tokio::test]
async fn a_list_reads_what_it_shows_and_not_the_whole_table() {
    let all = size(20_000, 100_000);
    let app = App::builder().workers(0).start().await;
    // The program as it is delivered: where predicates can be switched off, no index serves them.
    let (_api, anybody) = Process::api(&app, &[]).await;
    let crowd = Crowd::behind(&app, &anybody, MINE).await;
    crowd.grow(all).await;
    app.database.execute("SELECT pg_stat_force_next_flush()").await;
    let (mut wrong, mut most) = (Vec::new(), 0);
    let calls = calls(&crowd);
    for (caller, path) in &calls {
        let before = rows_read(&app, &anybody, all).await;
        caller.get(path).await.expect(200);
        let after = rows_read(&app, &anybody, all).await;
        let (scanned, read) = (after.0 - before.0, after.1 - before.1);
        most = most.max(read);
        let most_read = if path.ends_with("/export") { 2 * READ } else { READ };
        if scanned > 0 || read > most_read {
            wrong.push(format!("{path}: {scanned} rows in order, {read} by index"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!(
        "figure: {} lists with their filters at {all} rows: no table read in order, {most} rows by index at most",
        calls.len()
    );
}

/// How many rows have been read: one after the other from tables that have so many, and by indexes.
///
/// A connection tells what it has read when it ends, at the latest; the API makes itself another.
async fn rows_read(app: &App, anybody: &Caller, many: usize) -> (i64, i64) {
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                  AND backend_type = 'client backend' AND query NOT LIKE 'LISTEN%'";
    app.database.execute(&format!("SELECT pg_terminate_backend(pid, 5000) {others}")).await;
    eventually("the API has connections again", async || anybody.get("/ready").await.status == 200).await;
    let sums = format!(
        "SELECT (SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE n_live_tup >= {many} / 2) AS scanned,
                (SELECT coalesce(sum(idx_tup_read), 0)::bigint FROM pg_stat_user_indexes) AS read"
    );
    let sums = app.database.rows(&sums).await.remove(0);
    let sum = |name: &str| sums[name].as_i64().expect("a sum");
    (sum("scanned"), sum("read"))
}
