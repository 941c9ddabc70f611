//! Keeps an issuer's keys at hand: fetched at start, again every ten minutes or so, and when a token names a key that is
//! not known.
//!
//! One task fetches, so there is never more than one fetch at once and nobody who verifies waits for a lock: with known
//! keys they read what is there. Only a token with an unknown key waits, for the fetch that it causes or that runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::jwks::KeySet;
use super::jws::{Header, Key, refused};
use crate::error::{Code, Error, Result};

/// How long a fetch may take in all.
const FETCH: Duration = Duration::from_millis(1_200);
/// How long a token waits for a fetch: one that has just begun, and a little. The call has other things to do then.
const PATIENCE: Duration = Duration::from_millis(1_400);
/// The largest set that is read, in bytes.
const MAX_BYTES: usize = 256 * 1_024;
/// The pause between fetches, give or take a tenth, so that many processes do not all come at once.
const REFRESH: Duration = Duration::from_secs(600);
/// The pause while nothing could be fetched yet: until then nobody of this issuer can sign in.
const RETRY: Duration = Duration::from_secs(5);
/// Unknown keys are asked for no oftener than this: their names come from strangers.
const ASK: Duration = Duration::from_secs(60);
/// How long keys are believed while the issuer cannot be reached. Tokens live minutes, so a whole day without an issuer
/// harms little more; a key that was withdrawn that day must not be good for ever.
const KEEP: Duration = Duration::from_secs(24 * 60 * 60);

/// An issuer's keys. Dropping it ends the task that fetches them.
pub(super) struct Keeper {
    state: Arc<watch::Sender<State>>,
    _fetching: JoinSet<()>,
}

#[derive(Default)]
struct State {
    /// The last set that could be fetched, and when it was.
    fetched: Option<(Arc<KeySet>, Instant)>,
    /// Whether a fetch runs or is about to.
    busy: bool,
    /// When somebody last asked for an unknown key.
    asked: Option<Instant>,
}

impl Keeper {
    /// Begins to fetch; must be called inside a tokio runtime, which has to live as long.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn start(url: &str) -> Result<Self> {
        let http = Client::builder()
            .timeout(FETCH)
            .redirect(Policy::none())
            .build()
            .map_err(|error| Error::new(Code::Internal).because(error))?;
        let state = Arc::new(watch::Sender::new(State { busy: true, ..State::default() }));
        let mut fetching = JoinSet::new();
        fetching.spawn(keep(http, url.to_owned(), Arc::clone(&state)));
        Ok(Self { state, _fetching: fetching })
    }

    /// The key that a token says it is signed with; waits no longer than [`PATIENCE`].
    ///
    /// # Errors
    /// `unauthenticated` when the issuer has no such key, `unavailable` when it could not be asked for any.
    pub async fn key(&self, header: &Header) -> Result<Arc<Key>> {
        if let Some(key) = self.state.borrow().find(header) {
            return Ok(key);
        }
        let mut state = self.state.subscribe();
        self.state.send_if_modified(|state| state.ask(Instant::now()));
        // Whether it has ended or time is up: what is known now decides. What this answers would block the fetch.
        drop(timeout(PATIENCE, state.wait_for(|state| !state.busy)).await);
        let state = self.state.borrow();
        match state.find(header) {
            Some(key) => Ok(key),
            None if state.keys().is_some() => Err(refused("its issuer has no such key")),
            None => Err(Error::new(Code::Unavailable).because("its issuer's keys could not be fetched")),
        }
    }
}

impl State {
    fn keys(&self) -> Option<&KeySet> {
        let (keys, at) = self.fetched.as_ref()?;
        (at.elapsed() < KEEP).then_some(keys)
    }

    fn find(&self, header: &Header) -> Option<Arc<Key>> {
        self.keys()?.find(header)
    }

    /// Asks for a fetch, if none runs and the last one that was asked for is long ago.
    fn ask(&mut self, now: Instant) -> bool {
        let soon = self.asked.is_some_and(|asked| now.saturating_duration_since(asked) < ASK);
        if self.busy || soon {
            return false;
        }
        (self.busy, self.asked) = (true, Some(now));
        true
    }

    /// How long until the next fetch, if nobody asks for one.
    fn pause(&self) -> Duration {
        match self.fetched {
            Some(_) => REFRESH.mul_f64(rand::random_range(0.9..1.1)),
            None => RETRY,
        }
    }
}

/// Fetches for ever.
async fn keep(http: Client, url: String, state: Arc<watch::Sender<State>>) {
    let mut asked = state.subscribe();
    loop {
        let fetched = fetch(&http, &url).await;
        if let Err(cause) = &fetched {
            tracing::warn!(%url, %cause, "an issuer's keys cannot be fetched");
        }
        state.send_modify(|state| {
            state.busy = false;
            if let Ok(keys) = fetched {
                state.fetched = Some((Arc::new(keys), Instant::now()));
            }
        });
        let pause = state.borrow().pause();
        drop(timeout(pause, asked.wait_for(|state| state.busy)).await);
        state.send_modify(|state| state.busy = true);
    }
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("{0:?}")]
    Http(#[from] reqwest::Error),
    #[error("the answer is {0}")]
    Status(StatusCode),
    #[error("the answer has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// A mistake at the issuer, more likely than an issuer without keys: what was good before stays.
    #[error("the answer has no key that is of use here")]
    NoKeys,
    #[error("the answer is no key set: {0}")]
    NoSet(#[from] serde_json::Error),
}

async fn fetch(http: &Client, url: &str) -> Result<KeySet, FetchError> {
    let mut response = http.get(url).send().await?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let keys = KeySet::read(&body)?;
    if keys.len() == 0 {
        return Err(FetchError::NoKeys);
    }
    tracing::debug!(url, keys = keys.len(), "fetched an issuer's keys");
    Ok(keys)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn unknown_keys_are_asked_for_once_a_minute() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut state = State::default();
        assert!(state.ask(start));
        assert!(!state.ask(start), "a fetch runs");
        state.busy = false;
        assert!(!state.ask(after(59)));
        assert!(state.ask(after(60)));
        state.busy = false;
        assert!(!state.ask(after(61)) && state.ask(after(120)));
    }

    #[test]
    fn keys_are_believed_for_a_day_and_fetched_in_ten_minutes() {
        let keys = || Arc::new(KeySet::read(br#"{"keys": []}"#).unwrap());
        let fetched = |ago: Duration| {
            let at = Instant::now().checked_sub(ago)?;
            Some(State { fetched: Some((keys(), at)), ..State::default() })
        };
        assert!(State::default().keys().is_none());
        assert_eq!(State::default().pause(), RETRY);
        let state = fetched(Duration::ZERO).unwrap();
        assert!(state.keys().is_some());
        assert!((540..660).contains(&state.pause().as_secs()), "{:?}", state.pause());
        // A machine that has just been started has no yesterday.
        if let Some(old) = fetched(KEEP) {
            assert!(old.keys().is_none());
        }
    }
}
