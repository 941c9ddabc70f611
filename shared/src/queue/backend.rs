//! apalis's `Backend` over a lane's stream. See [the module's page](super) for keys and guarantees.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::task::Task as ApalisTask;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::TaskId as ApalisTaskId;
use apalis_core::worker::context::WorkerContext;
use futures::FutureExt;
use futures::task::AtomicWaker;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use super::fetch::{self, Source};
use crate::db::tasks::Claimed;

/// A claimed task on its way to a handler, with the slot that it takes up until it is dropped.
pub struct Job {
    /// The task as claimed.
    pub task: Claimed,
    pub(super) slot: OwnedSemaphorePermit,
}

/// What the fetcher hands to the worker.
pub(super) struct Inbox {
    jobs: Mutex<VecDeque<Job>>,
    waker: AtomicWaker,
}

impl Inbox {
    /// Hands jobs over and wakes the worker.
    pub(super) fn put(&self, jobs: impl IntoIterator<Item = Job>) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).extend(jobs);
        self.waker.wake();
    }

    /// Takes back what was not started.
    pub(super) fn drain(&self) -> Vec<Job> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    fn take(&self) -> Option<Job> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// One lane as a source of tasks for an apalis worker.
pub struct StreamsBackend {
    source: Arc<Source>,
    fetching: Option<Fetching>,
}

struct Fetching {
    inbox: Arc<Inbox>,
    fetcher: JoinHandle<()>,
}

impl StreamsBackend {
    /// Nothing is fetched before the worker polls.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self { source: Arc::new(source), fetching: None }
    }

    fn fetching(&mut self, worker: &WorkerContext) -> &mut Fetching {
        let source = &self.source;
        self.fetching.get_or_insert_with(|| {
            let inbox = Arc::new(Inbox { jobs: Mutex::default(), waker: AtomicWaker::new() });
            let fetcher = tokio::spawn(fetch::run(Arc::clone(source), worker.clone(), Arc::clone(&inbox)));
            Fetching { inbox, fetcher }
        })
    }
}

impl Drop for StreamsBackend {
    fn drop(&mut self) {
        if let Some(fetching) = &self.fetching {
            fetching.fetcher.abort();
        }
    }
}

impl Backend for StreamsBackend {
    type Task = ApalisTask<Job>;
    /// An error from `poll_next` would end the worker: the fetcher deals with its own.
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, worker: &WorkerContext) -> Poll<Result<(), Infallible>> {
        self.fetching(worker);
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        worker: &WorkerContext,
    ) -> Poll<Option<Result<Self::Task, Infallible>>> {
        let fetching = self.fetching(worker);
        fetching.inbox.waker.register(cx.waker());
        let Some(job) = fetching.inbox.take() else { return Poll::Pending };
        // apalis wants ids that are unique among what is in hand: a task may come back while its late twin ends.
        let id = format!("{}:{}", job.task.id, job.task.claim_no);
        Poll::Ready(Some(Ok(TaskBuilder::new(job).task_id(ApalisTaskId::String(id)).build())))
    }

    fn poll_close(&mut self, cx: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        // The fetcher ends by itself when the worker shuts down, and hands back what was not started.
        match &mut self.fetching {
            Some(fetching) if !fetching.fetcher.is_finished() => {
                fetching.fetcher.poll_unpin(cx).map(|_| Ok(()))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl BackendConfig for StreamsBackend {
    type Args = Job;
    type Id = String;
    /// Used as it is: entries hold ids only, so there is nothing to decode.
    type Kind = Ephemeral;
    type Config = Source;
    type Layer = tower::layer::util::Identity;

    fn config(&self) -> &Source {
        &self.source
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Self::Layer {
        tower::layer::util::Identity::new()
    }
}
