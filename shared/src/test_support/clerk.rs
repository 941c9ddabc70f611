//! The clerk and the janitor: threads that make and delete databases and keys, for tests that wait for it and for
//! those that have just ended and have no runtime to wait in.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::run::{self, Run};
use super::{required, template};
use crate::db::Conn;

/// How long a test that has ended waits until what it had is gone. A `DROP DATABASE` needs a word of every process of
/// PostgreSQL, and one whose client is frozen while it signs in is silent for a minute; nobody else shall wait for that.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the janitor is asked for.
pub(super) enum Rubbish {
    /// A database, whoever is connected.
    Database(String),
    /// All keys with a prefix.
    Keys(String),
}

type Wanted = (String, oneshot::Sender<()>);
type Unwanted = (Rubbish, mpsc::Sender<()>);

/// This process's clerk, and the run that it speaks for.
pub(super) struct Clerk {
    wanted: mpsc::Sender<Wanted>,
    unwanted: mpsc::Sender<Unwanted>,
    run: Run,
    count: AtomicUsize,
}

static CLERK: OnceLock<Clerk> = OnceLock::new();

/// This process's clerk; sweeps up after dead runs when it begins.
pub(super) fn clerk() -> &'static Clerk {
    CLERK.get_or_init(|| {
        let (wanted, to_make) = mpsc::channel();
        let (unwanted, to_remove) = mpsc::channel();
        let (ready, begun) = mpsc::channel();
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        thread("clerk").spawn(move || make(&ready, &to_make)).expect("a thread");
        let run = begun.recv().expect("PostgreSQL and Redis answer, and the migrations run");
        thread("janitor").spawn(move || remove(&to_remove)).expect("a thread");
        Clerk { wanted, unwanted, run, count: AtomicUsize::new(0) }
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

    /// Makes a copy of the template.
    pub(super) async fn create(&self, name: String) {
        let (done, made) = oneshot::channel();
        self.wanted.send((name, done)).expect("the clerk works");
        made.await.expect("a copy of the template");
    }

    /// Has something removed, and waits a moment for it, without a runtime. What stays is swept up by the next run; it
    /// must not hide why a test failed.
    pub(super) fn remove(&self, rubbish: Rubbish) {
        let (done, gone) = mpsc::channel();
        if self.unwanted.send((rubbish, done)).is_ok() {
            let _gone_or_late = gone.recv_timeout(PATIENCE);
        }
    }
}

/// Migrations want a runtime of several threads.
fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

async fn postgres() -> Conn {
    Conn::establish(&required("DATABASE_URL")).await.expect("PostgreSQL at DATABASE_URL")
}

async fn redis() -> ::redis::aio::MultiplexedConnection {
    let client = ::redis::Client::open(required("REDIS_URL")).expect("REDIS_URL is an address");
    client.get_multiplexed_async_connection().await.expect("Redis at REDIS_URL")
}

fn make(ready: &mpsc::Sender<Run>, to_make: &mpsc::Receiver<Wanted>) {
    let runtime = runtime();
    let (mut conn, template) = runtime.block_on(async {
        let mut conn = postgres().await;
        let run = Run::begin(&mut conn).await;
        run::sweep(&mut conn, &mut redis().await).await;
        let template = template::ensure(&mut conn, &required("DATABASE_URL")).await;
        ready.send(run).expect("somebody waits for the clerk");
        (conn, template)
    });
    for (name, done) in to_make {
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        runtime.block_on(conn.batch_execute(&create)).expect("a copy of the template");
        let _left = done.send(());
    }
}

fn remove(to_remove: &mpsc::Receiver<Unwanted>) {
    let runtime = runtime();
    let (mut conn, mut redis) = runtime.block_on(async { (postgres().await, redis().await) });
    for (rubbish, done) in to_remove {
        runtime.block_on(async {
            match rubbish {
                Rubbish::Database(name) => {
                    let drop = format!("DROP DATABASE {name}");
                    let by_force = format!("{drop} WITH (FORCE)");
                    if conn.batch_execute(&by_force).await.is_err() {
                        // Force may not end an autovacuum, which is the server's; without it that is asked to end.
                        let _in_use = conn.batch_execute(&drop).await;
                        let left = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                        conn.batch_execute(&left).await.expect("a database to be dropped");
                    }
                }
                Rubbish::Keys(prefix) => {
                    let keys = run::keys(&mut redis, &format!("{prefix}*")).await;
                    run::unlink(&mut redis, &keys).await;
                }
            }
        });
        let _left = done.send(());
    }
}
