//! Passwords: Argon2id with the parameters that OWASP's cheat sheet gives (19 MiB, 2 passes), off the async threads.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::runtime::{self, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{Code, Error, Result};

/// The most that are computed at once: each takes a core and 19 MiB.
const AT_ONCE: usize = 4;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(1);

/// Threads of their own, as many as there are cores: each keeps 19 MiB, and those for blocking work come and go by the
/// hundred.
static THREADS: LazyLock<Threads> = LazyLock::new(|| {
    let at_once = std::thread::available_parallelism().map_or(1, usize::from).min(AT_ONCE);
    let runtime =
        runtime::Builder::new_multi_thread().worker_threads(at_once).thread_name("passwords").build();
    #[allow(clippy::expect_used, reason = "start-up: fails only where no thread can be made")]
    let runtime = runtime.expect("threads");
    Threads { runtime, turns: Arc::new(Semaphore::new(at_once)) }
});

struct Threads {
    runtime: Runtime,
    turns: Arc<Semaphore>,
}

/// What an unknown e-mail's password is compared with, so that it takes as long as a known one's.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash_now("a password that nobody has").unwrap_or_default());

/// The hash of a password with a salt of its own, in PHC form.
///
/// # Errors
/// `unavailable` when too many are computed at the moment.
pub async fn hash(password: String) -> Result<String> {
    off_the_async_threads(move || hash_now(&password)).await?
}

/// Whether a password is the one that was hashed. Without a hash the answer is no, and takes as long.
///
/// # Errors
/// `unavailable` when too many are computed at the moment.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    off_the_async_threads(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        let known_hash = PasswordHash::new(&hash).map_err(internal)?;
        let right = known_hash.hash == Some(computed_as(&known_hash, &password)?);
        Ok(right && known)
    })
    .await?
}

fn hash_now(password: &str) -> Result<String> {
    let mut hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&Params::default()).map_err(internal)?,
        salt: Some(Salt::generate()),
        hash: None,
    };
    hash.hash = Some(computed_as(&hash, password)?);
    Ok(hash.to_string())
}

thread_local! {
    /// Kept by each thread: given back, memory of this size and alignment is rarely found fit for the next time.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// The hash of a password with the salt and the costs of a known one, in the memory of this thread.
fn computed_as(known: &PasswordHash, password: &str) -> Result<Output> {
    let params = Params::try_from(known).map_err(internal)?;
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::default(), params);
    let salt = known.salt.ok_or_else(|| internal("a hash without its salt"))?;
    let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(blocks, Block::new());
        argon2
            .hash_password_into_with_memory(password.as_bytes(), &salt, &mut hash, memory.as_mut_slice())
            .map_err(internal)
    })?;
    Output::new(&hash).map_err(internal)
}

fn internal(error: impl Display) -> Error {
    Error::new(Code::Internal).because(error.to_string())
}

async fn off_the_async_threads<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn: OwnedSemaphorePermit = timeout(PATIENCE, Arc::clone(&THREADS.turns).acquire_owned())
        .await
        .map_err(|_| Error::new(Code::Unavailable))?
        .map_err(|error| Error::new(Code::Internal).because(error))?;
    let working = THREADS.runtime.spawn(async move {
        let done = work();
        drop(turn);
        done
    });
    working.await.map_err(|error| Error::new(Code::Internal).because(error))
}
