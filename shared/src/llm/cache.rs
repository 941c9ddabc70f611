//! Answers that were given before, in Redis.
//!
//! **Keys**, below the configured prefix: `llm:answer:<SHA-256>`, gone with its time; what the hash is of stands at `key.rs`.
//! The scope is in it, so no user's answer lies where another's call looks.
//!
//! **Forgetting** reads nothing and deletes nothing: `llm:generation:all`, `…:user:<id>` and `…:session:<id>` hold the number of a
//! generation, another one each time. An entry says of which it is, as it was *before* the model was asked; where one differs it
//! is as good as none. Numbers are drawn, not counted, so that one that has lapsed and is set again is never an old one; they
//! outlive every entry that was made before them.
//!
//! While Redis is away nothing is found and nothing is kept.

use std::time::Duration;

use futures::FutureExt;
use redis::Cmd;
use serde::{Deserialize, Serialize};

use super::{Answer, Cache, Whose, call_id};
use crate::error::Result;
use crate::model::{SessionId, UserId};
use crate::queue::Redis;

/// How much longer a generation lives than an entry: longer than any call takes.
const OUTLIVES: Duration = Duration::from_secs(3_600);
/// The longest that an entry lives, whatever is configured.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// What is forgotten together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forget {
    /// Every answer.
    All,
    /// What was answered to a user.
    User(UserId),
    /// What was answered in a conversation.
    Session(SessionId),
}

impl Forget {
    fn key(self, redis: &Redis) -> String {
        redis.key(&match self {
            Self::All => "llm:generation:all".to_owned(),
            Self::User(id) => format!("llm:generation:user:{id}"),
            Self::Session(id) => format!("llm:generation:session:{id}"),
        })
    }
}

/// Forgets, at once and for every process.
///
/// # Errors
/// When Redis is away.
pub async fn forget(redis: &Redis, what: Forget) -> Result<()> {
    let mut set = redis::cmd("SET");
    let generation = format!("{:032x}", rand::random::<u128>());
    set.arg(what.key(redis)).arg(generation).arg("EX").arg((LONGEST + OUTLIVES).as_secs());
    redis.query(&set).await
}

/// Generations, as they are: of everything, of the user, of the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Generations {
    all: Option<String>,
    user: Option<String>,
    session: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    answer: Answer,
    of: Generations,
    session_id: Option<SessionId>,
}

#[derive(Serialize)]
struct EntryRef<'a> {
    answer: &'a Answer,
    of: &'a Generations,
    session_id: Option<SessionId>,
}

/// What a look into the cache brought.
#[derive(Debug)]
pub(super) struct Looked {
    /// The answer, if there is one.
    pub(super) answer: Option<Answer>,
    of: Generations,
    /// Whether an answer can be kept: what is to be forgotten was seen.
    usable: bool,
}

impl Looked {
    /// Tells calls apart that began before and after something was forgotten, and those that do not know.
    pub(super) fn generation(&self) -> String {
        format!("{:?} {}", self.of, self.usable)
    }
}

/// The cache.
#[derive(Clone)]
pub(super) struct Answers {
    redis: Redis,
    ttl: Duration,
}

impl Answers {
    pub(super) fn new(redis: Redis, ttl: Duration) -> Self {
        Self { redis, ttl: ttl.min(LONGEST) }
    }

    /// Whose answers serve for a call; nothing where none do.
    pub(super) fn scope(&self, cache: Cache, whose: &Whose) -> Option<String> {
        match cache {
            _ if self.ttl.is_zero() => None,
            Cache::No => None,
            Cache::User => Some(format!("user:{}", whose.user_id)),
            Cache::Shared => Some("shared".to_owned()),
        }
    }

    /// Looks for the first of these keys, in one round trip; in two where an answer is of another conversation.
    pub(super) async fn look(&self, cache: Cache, whose: &Whose, keys: &[String]) -> Looked {
        match self.read(cache, whose, keys).await {
            Ok(looked) => looked,
            Err(error) => {
                tracing::debug!(causes = error.causes(), "no answers are found: Redis is away");
                Looked { answer: None, of: Generations::default(), usable: false }
            }
        }
    }

    async fn read(&self, cache: Cache, whose: &Whose, keys: &[String]) -> Result<Looked> {
        let mut get = redis::cmd("MGET");
        get.arg(Forget::All.key(&self.redis));
        // What is shared is nobody's: it goes with everything only.
        let own = cache == Cache::User;
        let session = whose.session_id.filter(|_| own);
        get.arg(Forget::User(whose.user_id).key(&self.redis));
        get.arg(session.map_or_else(
            || self.redis.key("llm:generation:none"),
            |id| Forget::Session(id).key(&self.redis),
        ));
        for key in keys {
            get.arg(self.key(key));
        }
        let mut read: std::vec::IntoIter<Option<String>> =
            self.redis.query::<Vec<_>>(&get).await?.into_iter();
        let mut next = || read.next().flatten();
        let of = Generations { all: next(), user: next().filter(|_| own), session: next() };
        for entry in read.flatten() {
            if let Ok(entry) = serde_json::from_str::<Entry>(&entry)
                && self.is_good(&entry, &of, session).await?
            {
                return Ok(Looked { answer: Some(again(entry.answer)), of, usable: true });
            }
        }
        Ok(Looked { answer: None, of, usable: true })
    }

    /// Whether nothing was forgotten since that an entry is of.
    async fn is_good(&self, entry: &Entry, now: &Generations, session: Option<SessionId>) -> Result<bool> {
        if (&entry.of.all, &entry.of.user) != (&now.all, &now.user) {
            return Ok(false);
        }
        let generation: Option<String> = match entry.session_id {
            None => None,
            of if of == session => now.session.clone(),
            Some(of) => self.redis.query(&get(Forget::Session(of).key(&self.redis))).await?,
        };
        Ok(entry.of.session == generation)
    }

    /// Keeps an answer under a key, as of when it was looked for. Nobody waits for Redis: the command is on its way when this
    /// returns, before whatever this process asks next.
    pub(super) fn keep(&self, key: &str, cache: Cache, whose: &Whose, looked: &Looked, answer: &Answer) {
        if !looked.usable {
            return;
        }
        let session_id = whose.session_id.filter(|_| cache == Cache::User);
        let entry = EntryRef { answer, of: &looked.of, session_id };
        let Ok(entry) = serde_json::to_string(&entry) else { return };
        let mut set = redis::cmd("SET");
        set.arg(self.key(key)).arg(entry).arg("PX").arg(self.ttl.as_millis() as u64);
        let redis = self.redis.clone();
        let mut write = Box::pin(async move {
            if let Err(error) = redis.query::<()>(&set).await {
                tracing::debug!(causes = error.causes(), "an answer was not kept: Redis is away");
            }
        });
        // Polled once it is sent; its answer is heard elsewhere.
        if (&mut write).now_or_never().is_none() {
            tokio::spawn(write);
        }
    }

    fn key(&self, key: &str) -> String {
        self.redis.key(&format!("llm:answer:{key}"))
    }
}

fn get(key: String) -> Cmd {
    let mut get = redis::cmd("GET");
    get.arg(key);
    get
}

/// An answer as it is given again: it costs nothing, and its calls of tools have ids of their own.
pub(super) fn again(mut answer: Answer) -> Answer {
    for call in &mut answer.calls {
        call.id = call_id();
    }
    answer.cost_micros = 0;
    answer.cached = true;
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_saw_nothing_of_the_cache_shares_no_flight_with_who_did() {
        let looked = |usable| Looked { answer: None, of: Generations::default(), usable };
        assert_ne!(looked(true).generation(), looked(false).generation());
        assert_eq!(looked(true).generation(), looked(true).generation());
    }
}
