//! The only apalis consumer code: one apalis worker per lane, and what happens around each task.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use apalis::prelude::{BoxDynError, Data, Monitor, ParallelizeExt, WorkerBuilder};
use futures::FutureExt;
use proxie_shared::agent::Failure;
use proxie_shared::config::TasksConfig;
use proxie_shared::db::tasks::{Claimed, Ended, Outcome, Pause};
use proxie_shared::db::{self, Db, GroupCommit};
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::model::tasks::{Lane, Task};
use proxie_shared::queue::events::{Teller, Tellers};
use proxie_shared::queue::{Job, Queue, Source, StreamsBackend, relay};
use proxie_shared::telemetry::Ids;
use proxie_shared::telemetry::metrics;
use proxie_shared::telemetry::trace::{self, Trace};
use tracing::{Instrument, Span};

use crate::in_hand::{InHand, Stop};
use crate::jobs::Jobs;
use crate::told::Told;

/// How many tasks one statement ends.
const ENDS: usize = 128;
/// Statements at once: while one waits for the disk the next is being filled and sent.
const AT_ONCE: usize = 2;
/// How long a person who waits for an answer is kept waiting for what cannot be tried before: longer, and they are told at once,
/// and may send it again. What nobody waits for goes on by itself.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the writes of tasks that are handed back may take at the very end.
const LAST_WRITES: Duration = Duration::from_secs(2);

/// Everything that happens around a task.
struct Runner {
    queue: Queue,
    jobs: Jobs,
    config: TasksConfig,
    in_hand: InHand,
    tellers: Tellers,
    ends: GroupCommit<Ended, Option<Task>>,
}

/// Works on every lane until `stop` resolves.
///
/// # Errors
/// When apalis's monitor fails.
pub async fn run(
    queue: Queue,
    jobs: Jobs,
    config: TasksConfig,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let in_hand = InHand::default();
    let tellers = Tellers::start(queue.redis.clone(), queue.db.clone());
    let runner = Arc::new(Runner {
        ends: ends(queue.db.clone()),
        queue: queue.clone(),
        jobs,
        config: config.clone(),
        in_hand: in_hand.clone(),
        tellers: tellers.clone(),
    });
    let background = tokio::spawn(look_after(queue.clone(), in_hand.clone(), config.clone()));
    let name = worker_name();
    tracing::info!(worker = name, "working");

    let mut monitor = Monitor::new().shutdown_timeout(config.shutdown + LAST_WRITES);
    for lane in [Lane::Chat, Lane::Jobs] {
        let (queue, name, config) = (queue.clone(), name.clone(), config.clone());
        let runner = Arc::clone(&runner);
        monitor = monitor.register(move |_| {
            let source = Source::new(queue.clone(), lane, name.clone(), config.clone());
            WorkerBuilder::new(format!("{name}:{}", <&str>::from(lane)))
                .backend(StreamsBackend::new(source))
                .data(Arc::clone(&runner))
                // Each on a task of its own: one that is slow to yield holds up no other. How many there are is
                // bounded by the slots of the source.
                .parallelize(tokio::spawn)
                .build(handle)
        });
    }
    let grace = config.shutdown;
    let stopping = async move {
        stop.await;
        tokio::spawn(async move {
            tokio::time::sleep(grace).await;
            in_hand.hand_back_all();
        });
        Ok(())
    };
    let ended = monitor.run_with_signal(stopping).await;
    background.abort();
    // What the courier still carries tells others what came out.
    let last = async { tokio::join!(queue.courier.flush(), tellers.flush()) };
    let _late = tokio::time::timeout(LAST_WRITES, last).await;
    ended.map_err(|error| Error::new(Code::Internal).because(error.to_string()))
}

/// Renewal and relay go on while tasks finish after the signal to stop.
async fn look_after(queue: Queue, in_hand: InHand, config: TasksConfig) {
    tokio::join!(
        in_hand.look_after(queue.clone(), config.clone()),
        relay::run(queue, config.relay, config.max_claims)
    );
}

/// Unique per process: a worker never takes another's claims for its own.
fn worker_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}:{}:{:08x}", host.trim(), std::process::id(), rand::random::<u32>())
}

fn ends(db: Db) -> GroupCommit<Ended, Option<Task>> {
    GroupCommit::start(db, ENDS, AT_ONCE, |conn, ended| {
        Box::pin(async move {
            let mut held = db::tasks::end(conn, &ended).await?;
            let task_of = |one: &Ended| {
                let at = held.iter().position(|task| task.id == one.id)?;
                Some(held.swap_remove(at))
            };
            Ok(ended.iter().map(task_of).map(Ok).collect())
        })
    })
}

async fn handle(job: Job, runner: Data<Arc<Runner>>) -> Result<(), BoxDynError> {
    let task = &job.task;
    let span = tracing::info_span!(
        "task",
        otel.kind = "consumer",
        task_id = %task.id,
        user_id = %task.user_id,
        kind = %task.kind,
        attempt = task.attempts
    );
    Trace { id: task.trace_id.clone(), parent: task.parent_span.clone() }.take(&span);
    trace::name(&span, || format!("task {}", task.kind));
    Ids::of_task(task).around(runner.attend(task).instrument(span)).await;
    Ok(())
}

impl Runner {
    /// One attempt of a task, to its end, its next attempt, or somebody else's hands.
    async fn attend(&self, task: &Claimed) {
        let begun = Instant::now();
        self.queue.courier.copy(task);
        let (held, stopped) = self.in_hand.take(task);
        let teller = self.tellers.begin(task);
        let told = Told { courier: &self.queue.courier, teller: &teller };
        let attempt = AssertUnwindSafe(self.jobs.run(task, &told)).catch_unwind();
        let attempt = tokio::time::timeout(self.config.timeout, attempt);
        // Dropping the attempt drops its model call.
        let outcome = tokio::select! {
            biased;
            Ok(stop) = stopped => match stop {
                Stop::HandBack => return self.pause(task, &teller, Pause::HandBack).await,
                Stop::Lost => return tracing::info!("dropped: cancelled, or in another hand"),
            },
            attempt = attempt => match attempt {
                Err(_) => Err(Failure::Retry(Error::new(Code::TaskTimeout))),
                Ok(Err(_panic)) => Err(Failure::Retry(panicked())),
                Ok(Ok(outcome)) => outcome,
            },
        };
        let ran = begun.elapsed();
        metrics::task_ran(task.kind, ran);
        match outcome {
            Ok(outcome) => self.end(task, &teller, ran, outcome).await,
            Err(Failure::Fenced) => tracing::info!("fenced: another claim has the task"),
            Err(Failure::Retry(error)) => self.fail(task, &teller, ran, &error).await,
            Err(Failure::Final(error)) => {
                note(&error, "failed for good");
                self.end(task, &teller, ran, Outcome::Failed(error.code, error.detail.into_owned())).await;
            }
        }
        drop(held);
    }

    /// An attempt failed: another one after a pause, or the end if there were enough or the pause is too long.
    async fn fail(&self, task: &Claimed, teller: &Teller, ran: Duration, error: &Error) {
        note(error, "an attempt failed");
        let not_before = error.retry_after.unwrap_or_default();
        let is_too_long = task.kind.lane() == Lane::Chat && not_before > PATIENCE;
        if task.attempts >= self.config.max_claims || is_too_long {
            let detail = error.detail.clone().into_owned();
            return self.end(task, teller, ran, Outcome::Failed(error.code, detail)).await;
        }
        let after = self.backoff(task.attempts).max(not_before);
        let (code, detail) = (error.code, error.detail.clone().into_owned());
        self.pause(task, teller, Pause::Retry { after, code, detail }).await;
    }

    /// Doubles with each attempt up to the longest, less up to half of it at random.
    fn backoff(&self, attempts: i32) -> Duration {
        let doubled = self.config.backoff * 2_u32.saturating_pow(attempts.clamp(1, 20) as u32 - 1);
        doubled.min(self.config.backoff_max).mul_f64(rand::random_range(0.5..=1.0))
    }

    async fn end(&self, task: &Claimed, teller: &Teller, ran: Duration, outcome: Outcome) {
        let text = match &outcome {
            Outcome::Completed(_, Some(reply)) => reply.text.clone(),
            Outcome::Completed(_, None) | Outcome::Failed(..) => String::new(),
        };
        // Before the end: whoever hears of that has heard all.
        teller.finish(&text).await;
        let ended = Ended { id: task.id, claim_no: task.claim_no, outcome };
        let written = db::retry(|| self.ends.submit(ended.clone())).await;
        match written {
            Ok(Some(task)) => {
                // Who has got the task meanwhile has got what was told of it until then.
                teller.task(&task);
                teller.finish(&text).await;
                let ran_ms = ran.as_micros() as f64 / 1_000.0;
                tracing::info!(kind = %task.kind, status = %task.status, ran_ms, "ended");
                if let Err(error) = self.queue.announce_ended(&[task]).await {
                    tracing::warn!(causes = error.causes(), "what comes next waits for the relay");
                }
            }
            Ok(None) => self.was_ended(task).await,
            Err(error) => tracing::error!(causes = error.causes(), "the end was not written"),
        }
    }

    /// The end was refused: either another claim has the task, or an earlier try had ended it and its answer was lost.
    async fn was_ended(&self, task: &Claimed) {
        let look = db::retry(|| async {
            let mut conn = self.queue.db.conn().await?;
            db::tasks::find(&mut conn, task.id).await
        });
        match look.await {
            Ok(Some(now)) if now.claim_no == task.claim_no && now.status.is_terminal() => {
                if let Err(error) = self.queue.announce_ended(&[now]).await {
                    tracing::warn!(causes = error.causes(), "what comes next waits for the relay");
                }
            }
            _ => tracing::info!("fenced at the end: another claim has the task"),
        }
    }

    async fn pause(&self, task: &Claimed, teller: &Teller, pause: Pause) {
        teller.reset();
        let written = db::retry(|| async {
            let mut conn = self.queue.db.conn().await?;
            db::tasks::pause(&mut conn, task, &pause).await
        })
        .await;
        if let Ok(Some(task)) = &written {
            teller.stage(task.stage, task.attempts);
        }
        match (written, pause) {
            (Ok(Some(task)), Pause::HandBack) => self.queue.announce_new(&task),
            (Ok(Some(task)), Pause::Retry { .. }) => self.queue.courier.copy(&task),
            (Ok(None), _) => tracing::info!("fenced: another claim has the task"),
            // Its lease runs out and the relay finds it.
            (Err(error), _) => tracing::warn!(causes = error.causes(), "the pause was not written"),
        }
    }
}

/// What was not foreseen is an error of ours; the rest passes, or was told to the person.
fn note(error: &Error, what: &'static str) {
    trace::failed(&Span::current(), error.code);
    let (code, causes) = (error.code, error.causes());
    if code == Code::Internal {
        tracing::error!(%code, causes, "{what}");
    } else {
        tracing::warn!(%code, causes, "{what}");
    }
}

fn panicked() -> Error {
    tracing::warn!("a task panicked");
    Error::new(Code::Internal).because("a panic")
}
