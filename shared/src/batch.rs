//! Many callers, one call: what arrives while a call is under way goes out with the next.
//!
//! When nothing is under way the first caller is served at once: nobody waits for company.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, oneshot};

/// How many may wait; more are refused rather than kept waiting for ever.
const QUEUE: usize = 8_192;

type Waiting<I, O> = (I, oneshot::Sender<O>);

/// Serves items of many callers together; answers come back to each caller.
pub struct Batch<I, O> {
    waiting: mpsc::Sender<Waiting<I, O>>,
}

impl<I: Send + 'static, O: Send + 'static> Batch<I, O> {
    /// Starts serving up to `most` items at a time, `at_once` times at once, with `serve`, which answers each in order.
    /// Ends when the last handle is dropped. Must be called inside a tokio runtime.
    pub fn start<F, S>(most: usize, at_once: usize, serve: S) -> Self
    where
        F: Future<Output = Vec<O>> + Send + 'static,
        S: Fn(Vec<I>) -> F + Send + Sync + 'static,
    {
        let (waiting, mut queue) = mpsc::channel::<Waiting<I, O>>(QUEUE);
        let permits = Arc::new(Semaphore::new(at_once));
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
                if queue.recv_many(&mut batch, most).await == 0 {
                    break;
                }
                // Who has left was told that nothing was done, or asked no more: then nothing is.
                batch.retain(|(_, caller)| !caller.is_closed());
                if batch.is_empty() {
                    continue;
                }
                let (items, callers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
                let serving = serve(items);
                tokio::spawn(async move {
                    for (caller, answer) in callers.into_iter().zip(serving.await) {
                        // A caller that left does not need its answer.
                        let _gone = caller.send(answer);
                    }
                    drop(permit);
                });
            }
        });
        Self { waiting }
    }

    /// Hands an item over and waits for its answer; there is none when too many wait or it could not be served. Of a
    /// caller who stops waiting, an item that is not being served yet is dropped; one that is goes on.
    pub async fn submit(&self, item: I) -> Option<O> {
        let (caller, answer) = oneshot::channel();
        self.waiting.try_send((item, caller)).ok()?;
        answer.await.ok()
    }
}
