//! The clerk: a thread that makes and deletes databases and keys, for tests that wait for it and for those that have
//! just ended and have no runtime to wait in.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::run::{self, Run};
use super::{required, template};
use crate::db::Conn;

/// What the clerk is asked for.
pub(super) enum Errand {
    /// A copy of the template under this name.
    Create(String, oneshot::Sender<()>),
    /// The end of a database, whoever is connected.
    Drop(String, mpsc::Sender<()>),
    /// The end of all keys with a prefix.
    Unlink(String, mpsc::Sender<()>),
}

/// This process's clerk, and the run that it speaks for.
pub(super) struct Clerk {
    errands: mpsc::Sender<Errand>,
    run: Run,
    count: AtomicUsize,
}

static CLERK: OnceLock<Clerk> = OnceLock::new();

/// This process's clerk; sweeps up after dead runs when it begins.
pub(super) fn clerk() -> &'static Clerk {
    CLERK.get_or_init(|| {
        let (errands, todo) = mpsc::channel();
        let (ready, begun) = mpsc::channel();
        std::thread::Builder::new()
            .name("clerk".to_owned())
            .spawn(move || work(&ready, &todo))
            .expect("a thread");
        let run = begun.recv().expect("PostgreSQL and Redis answer, and the migrations run");
        Clerk { errands, run, count: AtomicUsize::new(0) }
    })
}

impl Clerk {
    /// A name for a new database.
    pub(super) fn database_name(&self) -> String {
        self.run.database(self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// A prefix for new keys.
    pub(super) fn prefix(&self) -> String {
        self.run.prefix(self.count.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) async fn create(&self, name: String) {
        let (done, made) = oneshot::channel();
        self.errands.send(Errand::Create(name, done)).expect("the clerk works");
        made.await.expect("a copy of the template");
    }

    /// Waits, without a runtime, until an errand is done. The clerk's own end must not hide why a test failed.
    pub(super) fn run_errand(&self, errand: impl FnOnce(mpsc::Sender<()>) -> Errand) {
        let (done, gone) = mpsc::channel();
        if self.errands.send(errand(done)).is_ok() {
            let _gone = gone.recv();
        }
    }
}

fn work(ready: &mpsc::Sender<Run>, todo: &mpsc::Receiver<Errand>) {
    // Migrations want a runtime of several threads.
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let url = required("DATABASE_URL");
    let redis = ::redis::Client::open(required("REDIS_URL")).expect("REDIS_URL is an address");
    let (mut conn, mut redis, template) = runtime.block_on(async {
        let mut conn = Conn::establish(&url).await.expect("PostgreSQL at DATABASE_URL");
        let mut redis = redis.get_multiplexed_async_connection().await.expect("Redis at REDIS_URL");
        let run = Run::begin(&mut conn).await;
        run::sweep(&mut conn, &mut redis).await;
        let template = template::ensure(&mut conn, &url).await;
        ready.send(run).expect("somebody waits for the clerk");
        (conn, redis, template)
    });
    for errand in todo {
        runtime.block_on(async {
            match errand {
                Errand::Create(name, done) => {
                    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
                    conn.batch_execute(&create).await.expect("a copy of the template");
                    let _left = done.send(());
                }
                Errand::Drop(name, done) => {
                    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                    conn.batch_execute(&drop).await.expect("a database to be dropped");
                    let _left = done.send(());
                }
                Errand::Unlink(prefix, done) => {
                    let keys = run::keys(&mut redis, &format!("{prefix}*")).await;
                    run::unlink(&mut redis, &keys).await;
                    let _left = done.send(());
                }
            }
        });
    }
}
