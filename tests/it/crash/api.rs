//! `kill -9` of the API.

use futures::future::join_all;
use serde_json::json;

use super::app;
use crate::support::{HAIRCUT, Process, Task, patience, size};

#[tokio::test]
async fn a_message_whose_push_was_lost_with_the_api_is_answered() {
    let app = app().await;
    // Nobody answers there: what this API takes is written and never pushed.
    let nowhere = [("REDIS_URL", "redis://127.0.0.1:1/0")];
    let (api, anybody) = Process::api(&app, &nowhere).await;
    let mut sent = Vec::new();
    for _ in 0..size(5, 50) {
        let answer = anybody.post("/chat", json!({"message": HAIRCUT})).await.expect(202);
        sent.push((
            answer.body["guest_token"].as_str().unwrap().to_owned(),
            Task::accepted(&anybody, &answer).id,
        ));
    }
    api.kill().await;
    app.start_worker();
    for (token, id) in sent {
        Task::new(&app.anybody().with_token(&token), &id).result().await;
    }
}

#[tokio::test]
async fn an_api_killed_under_load_loses_nothing_that_it_took() {
    let app = app().await;
    app.start_worker();
    let guest = app.guest().await;
    let (api, caller) = Process::api(&app, &[]).await;
    let caller = caller.with_token(guest.token.as_deref().unwrap());
    let (taken, mut told) = tokio::sync::mpsc::unbounded_channel();
    let load = join_all((0..8).map(|_| {
        let (caller, taken) = (caller.clone(), taken.clone());
        async move {
            loop {
                let call = caller.call(reqwest::Method::POST, "/chat").json(&json!({"message": "hello"}));
                match caller.try_send(call).await {
                    Ok(answer) => taken.send(Task::accepted(&caller, &answer).id).unwrap(),
                    Err(_) => return,
                }
            }
        }
    }));
    let kill = async {
        let mut ids = Vec::new();
        while ids.len() < size(50, 500) {
            ids.push(told.recv().await.unwrap());
        }
        api.kill().await;
        ids
    };
    let (mut ids, _) =
        tokio::time::timeout(patience(), futures::future::join(kill, load)).await.expect("the load ends");
    while let Ok(id) = told.try_recv() {
        ids.push(id);
    }
    for id in ids {
        Task::new(&guest, &id).result().await;
    }
}
