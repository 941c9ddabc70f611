//! `kill -9` of the worker that settles a yes: what was approved happens once, and no stored answer is paid for twice.

use std::time::Duration;

use futures::future::join_all;
use proxie_offline_llm::{Fault, Kind};
use serde_json::json;

use super::said;
use crate::support::{App, Caller, Deal, HAIRCUT, Process, Stall, Task, eventually, size};

/// How long a claim holds here.
const LEASE: Duration = Duration::from_secs(4);

/// What a yes is said to.
#[derive(Clone, Copy, Debug)]
enum Approved {
    Request,
    Acceptance,
    Offer,
}

/// Where the worker is when it dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// What was approved is happening.
    Happening,
    /// It has happened; the step that settles it is being written, in the same transaction.
    Settled,
    /// It is kept; the model is asked what to say of it.
    Asked,
    /// The model has answered; the step is being written.
    Answered,
    /// The answer is being given.
    Ended,
}

impl Approved {
    /// Where it leaves a row.
    fn table(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Acceptance => "bookings",
            Self::Offer => "offers",
        }
    }

    fn effect(self) -> &'static str {
        match self {
            Self::Request => "request_created",
            Self::Acceptance => "offer_accepted",
            Self::Offer => "offer_submitted",
        }
    }

    /// Who says it, and what they say before it. Nothing but that is asked of a worker.
    async fn begun(self, app: &App) -> (Caller, &'static [&'static str]) {
        let begun: (Caller, &[&str]) = match self {
            Self::Request => (app.consumer("maya"), &[HAIRCUT]),
            Self::Acceptance => {
                let deal = Deal::new(app).await;
                app.offer_row(deal.request, deal.provider).await;
                (deal.maya, &["Show me my offers", "Curls & Co at 3pm, please"])
            }
            Self::Offer => (Deal::new(app).await.ann, &["Offer $55 for the haircut lead, tomorrow at 10am"]),
        };
        app.database.execute("DELETE FROM tasks").await;
        begun
    }
}

/// Says all that goes before a yes: the conversation, whose draft is ready.
async fn drafted(caller: &Caller, words: &[&str]) -> String {
    let first = caller.say(words[0]).await;
    let mut shown = first.result().await;
    for text in &words[1..] {
        shown = said(caller, &first.session, text).await["result"].clone();
    }
    assert_eq!(shown["awaiting_approval"], true, "{shown}");
    first.session
}

impl Moment {
    const ALL: [Self; 5] = [Self::Settled, Self::Happening, Self::Answered, Self::Asked, Self::Ended];

    /// Sees to it that the worker stops there.
    async fn arrange(self, app: &App, approved: Approved) -> Option<Stall<'_>> {
        let (event, condition) = match self {
            Self::Asked => {
                app.model.next(Fault::kind(Kind::Hang));
                return None;
            }
            Self::Happening => (format!("INSERT ON {}", approved.table()), "true"),
            Self::Settled => ("INSERT ON task_steps".to_owned(), "new.name = 'settle'"),
            Self::Answered => ("INSERT ON task_steps".to_owned(), "new.kind = 'llm'"),
            Self::Ended => ("UPDATE ON tasks".to_owned(), "new.kind = 'chat' AND new.status = 'completed'"),
        };
        Some(Stall::begin(&app.database, &event, condition).await)
    }

    /// How many answers of the model are known to be paid for by then.
    fn paid(self) -> i64 {
        i64::from(matches!(self, Self::Answered | Self::Ended))
    }

    /// How many answers of the model are lost with the worker, and must be asked for again.
    fn lost(self) -> i64 {
        i64::from(matches!(self, Self::Asked | Self::Answered))
    }
}

/// How many answers of the model a task has paid for.
async fn paid_for(app: &App, task: &Task) -> i64 {
    let paid = format!(
        "SELECT count(*) FROM llm_usage WHERE task_id = '{}' AND outcome = 'ok' AND NOT cached",
        task.id
    );
    app.database.value(&paid).await.as_i64().unwrap()
}

/// Kills the worker at a moment and lets another go on.
async fn dies_at(moment: Moment, approved: Approved) {
    let what = format!("{approved:?}, {moment:?}");
    let leases =
        App::builder().tasks(|tasks| (tasks.lease, tasks.renew) = (LEASE, Duration::from_millis(500)));
    let app = leases.workers(0).start().await;
    let (caller, words) = approved.begun(&app).await;
    let first = Process::worker(&app);
    let session = drafted(&caller, words).await;
    let count = format!("SELECT count(*) FROM {}", approved.table());
    let (rows, asked) = (app.database.value(&count).await.as_i64().unwrap(), app.model.counters().received);

    let stall = moment.arrange(&app, approved).await;
    let yes = caller.say_in(&session, "yes").await;
    match &stall {
        Some(stall) => stall.reached().await,
        None => eventually("the model is asked", async || app.model.counters().in_flight == 1).await,
    }
    eventually("what was paid is written", async || paid_for(&app, &yes).await == moment.paid()).await;
    first.kill().await;
    if let Some(stall) = stall {
        stall.release();
    }
    let _second = Process::worker(&app);

    // Nobody told who waits if the first one wrote the answer and died: a copy of the row is ten seconds old at most.
    eventually("the status says so", async || yes.status().await["status"] != "processing").await;
    let done = yes.done().await;
    assert_eq!(done["status"], "completed", "{what}: {done}");
    assert_eq!(done["effects"].as_array().unwrap().len(), 1, "{what}: {done}");
    assert_eq!(done["effects"][0]["kind"], approved.effect(), "{what}: {done}");
    assert_eq!(app.database.value(&count).await, rows + 1, "{what}: it happened once");
    let steps = app.steps(&yes.id).await;
    let kinds: Vec<_> = steps.iter().map(|step| step["kind"].as_str().unwrap()).collect();
    assert_eq!(
        (kinds.as_slice(), &steps[0]["name"]),
        (["tool", "llm"].as_slice(), &json!("settle")),
        "{what}"
    );
    assert_eq!(
        app.answers(&session).await,
        app.database.value(&turns(&session)).await,
        "{what}: answered once"
    );

    let received = (app.model.counters().received - asked) as i64;
    assert_eq!(received, 1 + moment.lost(), "{what}: asked again only for an answer that was not stored");
    // The call that was cut off with the worker was never answered.
    let answered = 1 + i64::from(moment == Moment::Answered);
    eventually("what was paid is written", async || paid_for(&app, &yes).await == answered).await;
}

/// How often the person has said something in a conversation.
fn turns(session: &str) -> String {
    format!("SELECT count(*) FROM chat_messages WHERE author = 'user' AND session_id = '{session}'")
}

async fn dies_at_every_moment(approved: Approved) {
    let moments = &Moment::ALL[..size(3, Moment::ALL.len())];
    join_all(moments.iter().map(|moment| dies_at(*moment, approved))).await;
    println!(
        "figure: kill -9 while a yes to a draft ({approved:?}) is settled, at {} moments",
        moments.len()
    );
}

#[tokio::test]
async fn a_request_is_posted_once() {
    dies_at_every_moment(Approved::Request).await;
}

#[tokio::test]
async fn an_offer_is_accepted_once() {
    dies_at_every_moment(Approved::Acceptance).await;
}

#[tokio::test]
async fn an_offer_is_sent_once() {
    dies_at_every_moment(Approved::Offer).await;
}
