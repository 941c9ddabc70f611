//! Tasks as admins look after them.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{App, Task, assert_problem, eventually};
use proxie_offline_llm::Fault;

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("a list").iter().filter_map(|one| one["task_id"].as_str()).collect()
}

#[tokio::test]
async fn an_admin_finds_everybodys_tasks() {
    let app = App::builder().workers(0).start().await;
    let (maya, ann) = (app.consumer("maya"), app.user("ann", Role::Admin));
    let mut said = Vec::new();
    for text in ["one", "two", "three"] {
        said.push(maya.say(text).await);
    }
    said[1].cancel().await.expect(200);
    let all = ann.get("/admin/tasks").await.expect(200).body;
    assert_eq!(ids(&all), [&said[2].id, &said[1].id, &said[0].id], "the newest first");
    let cancelled = ann.get("/admin/tasks?status=cancelled").await.expect(200).body;
    assert_eq!(ids(&cancelled), [&said[1].id]);
    let first = ann.get("/admin/tasks?status=processing&limit=1").await.expect(200).body;
    assert_eq!(ids(&first), [&said[2].id]);
    let next = format!("/admin/tasks?status=processing&cursor={}", first["next_cursor"].as_str().unwrap());
    let rest = ann.get(&next).await.expect(200).body;
    assert_eq!((ids(&rest), &rest["next_cursor"]), (vec![said[0].id.as_str()], &Value::Null));
    let wrong = ann.get("/admin/tasks?status=lost&limit=0&cursor=x").await;
    assert_problem!(wrong, 422, "invalid", ["/query/status", "/query/limit", "/query/cursor"]);
}

#[tokio::test]
async fn an_admin_reads_what_came_of_a_task() {
    let app = App::start().await;
    let (guest, ann) = (app.guest().await, app.user("ann", Role::Admin));
    let said = guest.say(crate::support::HAIRCUT).await;
    let result = said.result().await;
    eventually("the row says so", async || {
        let read = ann.get(&format!("/admin/tasks/{}", said.id)).await.expect(200).body;
        read["status"] == "completed"
    })
    .await;
    let read = ann.get(&format!("/admin/tasks/{}", said.id)).await.expect(200).body;
    assert_eq!(read["result"], result);
    let steps = read["steps"].as_array().unwrap();
    assert!(
        steps.iter().any(|step| step["kind"] == "llm" && step["prompt_tokens"].as_i64() > Some(0)),
        "{read}"
    );
    assert!(
        steps.iter().any(|step| step["kind"] == "tool" && step["name"] == "update_request_draft"),
        "{read}"
    );
    assert_eq!(
        steps.iter().map(|step| step["no"].as_u64().unwrap()).collect::<Vec<_>>(),
        (1..=steps.len() as u64).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn an_admin_tries_a_task_again_and_cancels_it_and_both_are_written_down() {
    let app = App::builder().tasks(|tasks| tasks.max_claims = 1).start().await;
    let (maya, ann) = (app.consumer("maya"), app.user("ann", Role::Admin));
    app.model.next(Fault::status(500));
    let said = maya.say(crate::support::HAIRCUT).await;
    said.failure().await;
    let retried = ann.move_on(&format!("/admin/tasks/{}/retry", said.id)).await.expect(202);
    let id = retried.body["task_id"].as_str().unwrap().to_owned();
    assert_eq!(retried.header("location"), Some(format!("/admin/tasks/{id}").as_str()));
    assert_eq!(retried.body["retry_of"], json!(said.id));
    // It is the owner's, who is answered.
    Task::new(&maya, &id).result().await;
    let again = ann.move_on(&format!("/admin/tasks/{}/retry", said.id)).await.expect(202).body;
    assert_eq!(again["task_id"], json!(id), "once");
    assert_problem!(ann.move_on(&format!("/admin/tasks/{id}/retry")).await, 409, "illegal_move");

    app.model.next(Fault { latency_ms: Some(20_000), ..Fault::default() });
    let slow = maya.say("something else").await;
    let cancelled = ann.move_on(&format!("/admin/tasks/{}/cancel", slow.id)).await.expect(200).body;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(slow.done().await["status"], "cancelled");
    ann.move_on(&format!("/admin/tasks/{}/cancel", slow.id)).await.expect(200);

    let audit = ann.get("/admin/audit").await.expect(200).body;
    let told: Vec<_> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["action"], &entry["object_id"]))
        .collect();
    let (retry, cancel) = (json!("task.retry"), json!("task.cancel"));
    let (first, second) = (json!(said.id), json!(slow.id));
    assert_eq!(told, [(&cancel, &second), (&retry, &first), (&retry, &first)]);
}

#[tokio::test]
async fn nothing_is_left_to_try_again_of_an_account_that_is_closed() {
    let app = App::builder().workers(0).start().await;
    let (maya, ann) = (app.consumer("maya"), app.user("ann", Role::Admin));
    let said = maya.say("hello").await;
    maya.delete("/auth/me").await.expect(204);
    assert_problem!(ann.move_on(&format!("/admin/tasks/{}/retry", said.id)).await, 403, "not_yours");
}
