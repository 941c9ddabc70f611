//! How events get their numbers, whoever tells and however many count.

use std::collections::HashMap;

use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use futures::future::join_all;
use proxie_shared::db::live;
use proxie_shared::error::Error;
use proxie_shared::model::users::Role;
use uuid::Uuid;

use crate::support::{App, size};

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gap_and_none_is_given_twice() {
    let app = App::builder().workers(0).start().await;
    let db = app.database.pool();
    let mut users = Vec::new();
    for _ in 0..5 {
        users.push(app.user_row(Role::Consumer).await);
    }
    let each = size(40, 400);
    // Of every fifth transaction nothing stays.
    let tell = |at: usize| {
        let (db, user) = (db.clone(), users[at % users.len()]);
        async move {
            let subject = Uuid::now_v7();
            let end = if at % 5 == 4 { "ROLLBACK" } else { "COMMIT" };
            let told = format!(
                "BEGIN; INSERT INTO live_events (user_id, kind, subject_id) VALUES ('{user}', 'task:update', '{subject}');
                 SELECT count(*) FROM generate_series(1, (random() * 20000)::int); {end}"
            );
            db.conn().await.unwrap().batch_execute(&told).await.unwrap();
        }
    };
    let counters = (0..3).map(|_| {
        let db = db.clone();
        async move {
            loop {
                let mut conn = db.conn().await.unwrap();
                let numbered = conn
                    .transaction(async |conn| Ok::<_, Error>(live::number(conn, 7).await?))
                    .await
                    .unwrap();
                if numbered == 0 && live::last_position(&mut conn).await.unwrap() == (each * 4) as i64 {
                    return;
                }
            }
        }
    });
    tokio::join!(join_all((0..each * 5).map(tell)), join_all(counters));

    let rows = app
        .database
        .rows("SELECT user_id::text AS whose, seq, position FROM live_events ORDER BY position")
        .await;
    assert_eq!(rows.len(), each * 4);
    let mut last: HashMap<&str, i64> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row["position"], at as i64 + 1, "places are without a gap");
        let before = last.entry(row["whose"].as_str().unwrap()).or_default();
        *before += 1;
        assert_eq!(row["seq"], *before, "and so are each user's numbers, in the same order");
    }
    println!(
        "figure: live events numbered by 3 at once while {} transactions told: no gap, none twice",
        each * 5
    );
}

#[tokio::test]
async fn what_changes_again_before_it_is_told_is_told_once() {
    let app = App::builder().workers(0).start().await;
    let user = app.user_row(Role::Consumer).await;
    let (twice, once) = (Uuid::now_v7(), Uuid::now_v7());
    let told = format!(
        "INSERT INTO live_events (user_id, kind, subject_id) VALUES
           ('{user}', 'task:update', '{twice}'), ('{user}', 'task:update', '{once}'), ('{user}', 'task:update', '{twice}')"
    );
    app.database.execute(&told).await;
    let db = app.database.pool();
    let mut conn = db.conn().await.unwrap();
    conn.transaction(async |conn| Ok::<_, Error>(live::number(conn, 100).await?)).await.unwrap();
    let rows = app.database.rows("SELECT subject_id::text AS what, seq FROM live_events ORDER BY seq").await;
    let order: Vec<_> = rows.iter().map(|row| row["what"].as_str().unwrap().to_owned()).collect();
    assert_eq!(order, [once.to_string(), twice.to_string()]);
    assert_eq!(rows[1]["seq"], 2);
}
