//! Imports that are cut off, started again, or run side by side.

use serde_json::json;

use super::{File, good, line};
use crate::support::{App, Process, Stall, eventually, size};

#[tokio::test]
async fn an_import_that_was_killed_is_started_again() {
    let app = App::builder().workers(0).start().await;
    let count = size(3_000, 20_000);
    let file = File::new(good(count));
    let stall = Stall::begin(&app.database, "INSERT ON providers", "new.external_id = 'crm-001700'").await;
    let import = file.start(&app, None);
    stall.reached().await;
    eventually("what came before is there", async || app.count("providers").await >= 500).await;
    import.kill().await;
    stall.given_up().await;
    stall.release();
    let before = app.count("providers").await;
    assert!((500..count as i64).contains(&before), "{before}");
    app.assert_whole(before).await;

    let ended = file.import(&app).await;
    let left = count as i64 - before;
    ended.assert(0, &format!("{count} read, {left} imported, {before} already there, 0 refused in "));
    app.assert_whole(count as i64).await;
    let ended = file.import(&app).await;
    ended.assert(0, &format!("{count} read, 0 imported, {count} already there, 0 refused in "));
    println!("figure: import: {count} providers, killed in the midst and started again: each once");
}

#[tokio::test]
async fn two_imports_of_the_same_at_once_are_one() {
    let app = App::builder().workers(0).start().await;
    let count = size(3_000, 20_000);
    // The same lines, in the other order in one of two.
    let file = File::new(good(count));
    let backwards: Vec<String> = good(count).lines().rev().map(str::to_owned).collect();
    let other = File::new(backwards.join("\n"));
    let imports: Vec<Process> = (0..4)
        .map(|n| if n % 2 == 0 { &file } else { &other }.start(&app, Some(&format!("report-{n}"))))
        .collect();
    for import in imports {
        let (code, said) = import.ends_saying().await;
        assert_eq!(code, Some(0), "{said}");
        assert!(!said.contains("deadlock"), "{said}");
    }
    app.assert_whole(count as i64).await;
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(app.database.value(deadlocks).await, 0);
    println!("figure: import: four imports of the same {count} providers at once: each once, no deadlock");
}

#[tokio::test]
async fn what_changed_elsewhere_changes_nothing_here() {
    let app = App::builder().workers(0).start().await;
    File::new(good(2)).import(&app).await.assert(0, "2 read, 2 imported");
    let changed = format!("{}\n{}", line(1, json!({"name": "Other"})), line(3, json!({})));
    File::new(changed).import(&app).await.assert(0, "2 read, 1 imported, 1 already there, 0 refused");
    assert_eq!(app.count("providers WHERE name = 'Other'").await, 0);
}

#[tokio::test]
async fn memory_does_not_grow_with_the_file() {
    let app = App::builder().workers(0).start().await;
    // Long lines, 40 to 400 MB of them, all of which are refused for the same reason.
    let long = line(1, json!({"bio": "x".repeat(400_000)})).to_string();
    let file = File::new(format!("{long}\n").repeat(size(100, 1_000)));
    let stall = Stall::begin(&app.database, "INSERT ON providers", "true").await;
    let last = File::new(format!("{}{}", std::fs::read_to_string(file.path()).unwrap(), line(2, json!({}))));
    let import = last.start(&app, None);
    stall.reached().await;
    let (_, most) = import.memory();
    stall.release();
    assert_eq!(import.ends().await, Some(1));
    assert!(most < 150, "{most} MiB");
    println!("figure: import: {most} MiB at most for a file of {} MB", last.length() / 1_000_000);
}
