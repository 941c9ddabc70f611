//! What is private is told to nobody whom it is not for: canaries are planted in all that is somebody's, then everything is
//! read, and called, as everybody.

mod calls;
mod table;
mod town;

use std::collections::{BTreeMap, BTreeSet};

use calls::{Body, Call, calls};
use futures::StreamExt;
use futures::stream::iter;
use reqwest::Method;
use serde_json::Value;
use table::Form;
use town::{Canary, Town};

use crate::support::files::{form, form_type, jpeg, quarters};
use crate::support::{Answer, App, Caller, Process};

/// How many calls are under way at once.
const AT_ONCE: usize = 8;

/// Operations that nobody can be answered 200 here, and why.
const NEVER_READ: &[(&str, &str)] = &[(
    "GET /media/{media_id}/{file}",
    "links are signed: the forged one is refused, and files have no words",
)];

/// Operations that are called by who has no token only, and why.
const BY_NOBODY: &[(&str, &str)] = &[
    ("POST /auth/register", "what it answers does not depend on who calls, and a password is dear"),
    ("POST /auth/login", "what it answers does not depend on who calls, and a password is dear"),
];

/// Operations after which somebody is nobody, or has to do with what they had nothing to do with: they come last.
const ENDS: [&str; 4] = [
    "DELETE /auth/me",
    "PUT /admin/users/{user_id}/status",
    "PUT /admin/users/{user_id}/role",
    "POST /providers",
];

/// Everything that was told to whom it was not for, and who has seen what.
#[derive(Default)]
struct Heard {
    leaks: BTreeSet<String>,
    seen: BTreeSet<(&'static str, &'static str)>,
    /// The best answer of each operation.
    statuses: BTreeMap<String, u16>,
}

impl Heard {
    fn hears(&mut self, canaries: &[Canary], reader: &'static str, call: &Call, answer: &Answer) {
        let best = self.statuses.entry(call.operation.clone()).or_insert(answer.status);
        *best = answer.status.min(*best);
        let headers = answer.headers.values().filter_map(|value| value.to_str().ok());
        let told: String = headers.chain([answer.text.as_str()]).collect::<Vec<_>>().join("\n");
        for canary in canaries.iter().filter(|canary| told.contains(&canary.text)) {
            if canary.line.allows(reader) {
                self.seen.insert((canary.line.name, reader));
            } else {
                let Call { operation, .. } = call;
                self.leaks.insert(format!(
                    "{} told to {reader} by {operation} ({})",
                    canary.line.name, answer.status
                ));
            }
        }
    }
}

async fn send(caller: &Caller, call: &Call) -> Answer {
    let built = caller.call(call.method.clone(), &call.path);
    let built = match &call.body {
        None => built,
        Some(Body::Json(body)) => built.json(body),
        Some(Body::Picture) => {
            let picture = jpeg(&quarters(20, 10), 90);
            let body = form(&[("file", "photo.jpg", "image/jpeg", &picture)]);
            built.header("content-type", form_type()).body(body)
        }
    };
    caller.send(built).await
}

/// Makes calls as each reader, and listens.
async fn listen(town: &Town, calls: &[Call], heard: &mut Heard) -> usize {
    let mut made = 0;
    for (reader, caller) in &town.readers {
        let theirs: Vec<&Call> = calls
            .iter()
            .filter(|call| *reader == "none" || BY_NOBODY.iter().all(|(name, _)| call.operation != *name))
            .collect();
        made += theirs.len();
        let answers = iter(theirs).map(|call| async move { (call, send(caller, call).await) });
        let answers: Vec<(&Call, Answer)> = answers.buffer_unordered(AT_ONCE).collect().await;
        for (call, answer) in answers {
            assert!(answer.status < 500, "{reader}: {call:?}: {answer:?}");
            heard.hears(&town.canaries, reader, call, &answer);
        }
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_is_told_to_those_alone_whom_it_is_for() {
    let app = App::builder().workers(0).start().await;
    let (api, anybody) = Process::api(&app, &[("PROXIE_REQUEST_MS", "20000")]).await;
    let town = Town::new(&app, &anybody).await;
    let worker = Process::worker(&app);
    let document = anybody.get("/api/openapi.json").await.expect(200).body;
    let (reads, writes): (Vec<Call>, Vec<Call>) =
        calls(&document, &town.ids).into_iter().partition(|call| call.method == Method::GET);
    let (ends, mut writes): (Vec<Call>, Vec<Call>) =
        writes.into_iter().partition(|call| ENDS.contains(&call.operation.as_str()));

    let mut heard = Heard::default();
    let read = listen(&town, &reads, &mut heard).await;
    assert!(heard.leaks.is_empty(), "{:#?}", heard.leaks);
    // Who is to see something does: else nothing was looked at.
    let unseen: Vec<String> = town
        .canaries
        .iter()
        .flat_map(|canary| canary.line.seen_by.iter().map(|reader| (canary.line.name, *reader)))
        .filter(|one| !heard.seen.contains(one))
        .map(|(name, reader)| format!("{name} by {reader}"))
        .collect();
    assert!(unseen.is_empty(), "not seen: {unseen:#?}");
    all_are_read(&document, &heard);

    writes.sort_by_key(|call| call.method == Method::DELETE);
    let written = listen(&town, &writes, &mut heard).await;
    // And once more, after all these moves.
    let again = listen(&town, &reads, &mut heard).await;
    let ended = listen(&town, &ends, &mut heard).await;
    assert!(heard.leaks.is_empty(), "{:#?}", heard.leaks);
    for (name, log) in [("the API", api.log()), ("the worker", worker.log())] {
        let logged: Vec<&str> = town
            .canaries
            .iter()
            .filter(|canary| canary.line.form == Form::Word && log.contains(&canary.text))
            .map(|canary| canary.line.name)
            .collect();
        assert!(logged.is_empty(), "{name} logs {logged:?}");
    }
    println!(
        "figure: {} canaries: {} operations read as {} people in {} calls, none told to whom it is not for",
        town.canaries.len(),
        heard.statuses.len(),
        town.readers.len(),
        read + written + again + ended
    );
}

/// That every operation that reads was answered to somebody.
fn all_are_read(document: &Value, heard: &Heard) {
    let paths = document["paths"].as_object().expect("paths");
    let gets = paths.iter().filter(|(_, methods)| methods.get("get").is_some());
    let gets: BTreeSet<String> = gets.map(|(path, _)| format!("GET {path}")).collect();
    let never: BTreeSet<&str> = NEVER_READ.iter().map(|(name, _)| *name).collect();
    let unread: Vec<&String> = gets
        .iter()
        .filter(|name| heard.statuses.get(*name) != Some(&200) && !never.contains(name.as_str()))
        .collect();
    assert!(unread.is_empty(), "nobody was answered: {unread:#?}");
    let stale: Vec<_> = never.iter().filter(|name| heard.statuses.get(**name) == Some(&200)).collect();
    assert!(stale.is_empty(), "these are read after all: {stale:?}");
}
