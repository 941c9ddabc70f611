//! Passwords: Argon2id with the parameters that OWASP's cheat sheet gives (19 MiB, 2 passes), off the async threads.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{Code, Error, Result};

/// How many are computed at once: each takes a core and 19 MiB.
const AT_ONCE: usize = 4;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(1);

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));
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
        let parsed = PasswordHash::new(&hash)
            .map_err(|error| Error::new(Code::Internal).because(error.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

fn hash_now(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::new(Code::Internal).because(error.to_string()))
}

async fn off_the_async_threads<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn: OwnedSemaphorePermit = timeout(PATIENCE, Arc::clone(&TURNS).acquire_owned())
        .await
        .map_err(|_| Error::new(Code::Unavailable))?
        .map_err(|error| Error::new(Code::Internal).because(error))?;
    tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    })
    .await
    .map_err(|error| Error::new(Code::Internal).because(error))
}
