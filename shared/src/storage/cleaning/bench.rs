//! The threads on which files are cleaned: always the same few. What a picture took is kept for the thread that had it, so
//! that a new thread for each picture would keep as much again.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use tokio::sync::oneshot;

use super::Refused;
use crate::error::{Code, Error, Result};

type Work = Box<dyn FnOnce() + Send>;

/// A few threads, which end when nobody has this any more.
pub(super) struct Bench {
    works: Sender<Work>,
}

impl Bench {
    /// So many threads.
    ///
    /// # Errors
    /// When the system has no more of them.
    pub fn new(threads: u32) -> io::Result<Self> {
        let (works, next) = channel();
        let next = Arc::new(Mutex::new(next));
        for _ in 0..threads {
            let next = Arc::clone(&next);
            thread::Builder::new().name("cleaning".to_owned()).spawn(move || work_on(&next))?;
        }
        Ok(Self { works })
    }

    /// Works on one of the threads. Who does not wait for the end any more does not end it.
    ///
    /// # Errors
    /// What the work refuses; a file over which a decoder stumbles is refused as well.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
    ) -> Result<T> {
        let (done, end) = oneshot::channel();
        let work = Box::new(move || drop(done.send(work())));
        self.works.send(work).map_err(|_| Error::new(Code::Internal).because("no thread is left"))?;
        Ok(end.await.unwrap_or_else(|_| Err(Refused::because("a decoder stumbled over it")))?)
    }
}

/// Does what comes, one after the other, until nothing can come any more.
fn work_on(next: &Mutex<Receiver<Work>>) {
    loop {
        // Nothing is done while it is locked, so that it cannot be poisoned.
        let Ok(Ok(work)) = next.lock().map(|next| next.recv()) else { return };
        // The rest of the process goes on; the panic itself is in the log.
        let _ended_or_not = catch_unwind(AssertUnwindSafe(work));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

    use std::collections::HashSet;
    use std::thread::ThreadId;

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn the_threads_are_always_the_same() {
        let bench = Bench::new(2).unwrap();
        let ran = join_all((0..50).map(|_| bench.run(|| Ok(thread::current().id())))).await;
        let threads: HashSet<ThreadId> = ran.into_iter().map(Result::unwrap).collect();
        assert!(threads.len() <= 2, "{threads:?}");
    }

    #[tokio::test]
    async fn a_stumble_costs_one_file() {
        let bench = Bench::new(1).unwrap();
        for _ in 0..3 {
            let stumbled = bench.run(|| -> Result<(), Refused> { panic!("over a pixel") }).await;
            assert_eq!(stumbled.unwrap_err().code, Code::MediaUnsupported);
        }
        assert_eq!(bench.run(|| Ok(1)).await.unwrap(), 1);
    }
}
