//! Rate limits: how often somebody may call, over all processes.
//!
//! Each limit is an exact sliding window: what is kept are the times of the calls that were let through, never more
//! than the limit. A call that falls under several limits is let through by all of them or counted in none, so a
//! refused call costs nothing and makes no wait longer.
//!
//! **Keys**, below the configured prefix: `limit:<name>:<who>`, a list of times by Redis's own clock, gone two windows
//! after the last call at the latest. `who` is a user's id or an address; accounts are hashed, so no e-mail lies in Redis, and no key
//! is long.
//!
//! While Redis is away each process counts for itself, from nothing.

mod address;
mod in_process;
mod in_redis;

use std::cmp::Reverse;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use address::{UNKNOWN, client_address, one_address};
use in_process::InProcess;
use in_redis::InRedis;
use sha2::{Digest, Sha256};

use crate::config::LimitsConfig;
use crate::error::Error;
use crate::model::UserId;
use crate::model::users::canonical_email;
use crate::queue::Redis;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum Limit {
    /// Messages of a user or guest.
    Chat,
    /// Other writes of a user or guest.
    Write,
    /// Reads of a user or guest.
    Read,
    /// Calls of all guests of an address.
    GuestCalls,
    /// New guests from an address.
    NewGuest,
    /// Tries to sign in to an account from an address.
    SignInAccount,
    /// Tries to sign in from an address.
    SignInAddress,
}

/// A call as one limit counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    limit: Limit,
    who: String,
}

impl Counted {
    /// A message of this user or guest.
    #[must_use]
    pub fn chat(user: UserId) -> Self {
        Self { limit: Limit::Chat, who: user.to_string() }
    }

    /// Another write of this user or guest.
    #[must_use]
    pub fn write(user: UserId) -> Self {
        Self { limit: Limit::Write, who: user.to_string() }
    }

    /// A read of this user or guest.
    #[must_use]
    pub fn read(user: UserId) -> Self {
        Self { limit: Limit::Read, who: user.to_string() }
    }

    /// Any call of a guest from this address.
    #[must_use]
    pub fn guest_calls(address: IpAddr) -> Self {
        Self { limit: Limit::GuestCalls, who: one_address(address).to_string() }
    }

    /// A guest who is made for this address.
    #[must_use]
    pub fn new_guest(address: IpAddr) -> Self {
        Self { limit: Limit::NewGuest, who: one_address(address).to_string() }
    }

    /// A try to sign in from this address, to whatever account.
    #[must_use]
    pub fn sign_in_address(address: IpAddr) -> Self {
        Self { limit: Limit::SignInAddress, who: one_address(address).to_string() }
    }

    /// A try to sign in to an account, by its e-mail or its user's id, from this address. The account need not exist;
    /// however its e-mail is written, it is one account.
    #[must_use]
    pub fn sign_in_account(account: &str, address: IpAddr) -> Self {
        let who = format!("{}:{}", hash(&canonical_email(account)), one_address(address));
        Self { limit: Limit::SignInAccount, who }
    }

    /// A try to sign in to an account: counted for account and address together, and for the address.
    #[must_use]
    pub fn sign_in(account: &str, address: IpAddr) -> [Self; 2] {
        [Self::sign_in_account(account, address), Self::sign_in_address(address)]
    }
}

/// The first half of a text's SHA-256, in hexadecimal.
fn hash(text: &str) -> String {
    Sha256::digest(text)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the limits say to a call: the tightest of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many calls a window takes: `X-RateLimit-Limit`.
    pub limit: u32,
    /// How many more it takes now: `X-RateLimit-Remaining`.
    pub remaining: u32,
    /// When the oldest call leaves the window and makes room for one more, in Unix seconds: `X-RateLimit-Reset`.
    pub reset: u64,
    /// If the call is refused, how long to wait, in whole seconds: `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl Verdict {
    fn tightest(rules: &[Rule], count: &Count) -> Option<Self> {
        let remaining = |rule: &Rule, standing: &Standing| rule.limit.saturating_sub(standing.calls);
        let (rule, standing) = rules
            .iter()
            .zip(&count.standings)
            .min_by_key(|(rule, standing)| (remaining(rule, standing), Reverse(standing.room_in)))?;
        let wait = Duration::from_secs(seconds(standing.room_in));
        Some(Self {
            limit: rule.limit,
            remaining: remaining(rule, standing),
            reset: seconds(count.now + standing.room_in),
            retry_after: (!count.allowed).then_some(wait),
        })
    }
}

/// Rounded up: who waits so long has waited long enough.
fn seconds(duration: Duration) -> u64 {
    duration.as_micros().div_ceil(1_000_000) as u64
}

/// A limit that is on, for one who calls.
struct Rule {
    key: String,
    /// How many calls a window takes.
    limit: u32,
}

/// What came of counting a call.
struct Count {
    allowed: bool,
    /// Since the Unix epoch.
    now: Duration,
    /// How each rule stands now, in their order.
    standings: Vec<Standing>,
}

/// How a rule stands after a call.
struct Standing {
    /// The calls in the window.
    calls: u32,
    /// How long until a call leaves the window that makes room for one more.
    room_in: Duration,
}

/// Counts calls and says which are too many.
pub struct Limits {
    config: Arc<LimitsConfig>,
    in_redis: InRedis,
    in_process: Arc<InProcess>,
    /// Whether the process counts for itself, to tell it once and not with every call.
    alone: Arc<AtomicBool>,
}

impl Limits {
    /// Limits that are counted in this Redis. Must be called inside a tokio runtime.
    #[must_use]
    pub fn new(redis: Redis, config: LimitsConfig) -> Self {
        Self {
            in_redis: InRedis::new(redis, config.window),
            in_process: Arc::new(InProcess::new(config.window)),
            alone: Arc::default(),
            config: Arc::new(config),
        }
    }

    /// The same for another thread, over a connection of its own: what a thread reads and writes itself has not to be
    /// handed from thread to thread, which takes longer than counting. Must be called inside the thread's runtime.
    #[must_use]
    pub fn for_thread(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            in_redis: self.in_redis.with_own_connection(),
            in_process: Arc::clone(&self.in_process),
            alone: Arc::clone(&self.alone),
        }
    }

    /// Counts a call unless it is too many for one of its limits; nothing is said where none of them is on.
    pub async fn check(&self, counted: &[Counted]) -> Option<Verdict> {
        let rules: Vec<Rule> = counted.iter().filter_map(|counted| self.rule(counted)).collect();
        if rules.is_empty() {
            return None;
        }
        let count = match self.in_redis.count(&rules).await {
            Ok(count) => {
                self.together();
                count
            }
            Err(error) => {
                self.alone(&error);
                self.in_process.count(Instant::now(), &rules)
            }
        };
        Verdict::tightest(&rules, &count)
    }

    fn rule(&self, counted: &Counted) -> Option<Rule> {
        let limit = match counted.limit {
            Limit::Chat => self.config.chat,
            Limit::Write => self.config.write,
            Limit::Read => self.config.read,
            Limit::GuestCalls => self.config.guest_address,
            Limit::NewGuest => self.config.new_guests,
            Limit::SignInAccount => self.config.sign_in,
            Limit::SignInAddress => self.config.sign_in_address,
        };
        let name: &'static str = counted.limit.into();
        (limit > 0).then(|| Rule { key: format!("limit:{name}:{}", counted.who), limit })
    }

    fn together(&self) {
        if self.alone.swap(false, Ordering::Relaxed) {
            tracing::info!("calls are counted in Redis again");
        }
    }

    fn alone(&self, error: &Error) {
        if !self.alone.swap(true, Ordering::Relaxed) {
            let causes = error.causes();
            tracing::warn!(causes, "Redis does not count calls; this process counts for itself");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    fn verdict(allowed: bool, rules: &[(u32, u32, u64)]) -> Verdict {
        let rule = |(limit, _, _): &(u32, u32, u64)| Rule { key: String::new(), limit: *limit };
        let standing = |(_, calls, millis): &(u32, u32, u64)| Standing {
            calls: *calls,
            room_in: Duration::from_millis(*millis),
        };
        let standings = rules.iter().map(standing).collect();
        let count = Count { allowed, now: Duration::from_millis(1_000_500), standings };
        Verdict::tightest(&rules.iter().map(rule).collect::<Vec<_>>(), &count).unwrap()
    }

    #[test]
    fn the_tightest_limit_is_told() {
        let told = verdict(true, &[(60, 10, 9_000), (5, 3, 400)]);
        assert_eq!(told, Verdict { limit: 5, remaining: 2, reset: 1_001, retry_after: None });
    }

    #[test]
    fn who_is_refused_learns_of_the_longest_wait() {
        let told = verdict(false, &[(20, 20, 1_000), (5, 5, 2_001), (60, 7, 59_000)]);
        let wait = Some(Duration::from_secs(3));
        assert_eq!(told, Verdict { limit: 5, remaining: 0, reset: 1_003, retry_after: wait });
    }

    #[test]
    fn accounts_are_hashed_whatever_their_length_and_case() {
        let address = "192.0.2.7".parse().unwrap();
        let [account, of_address] = Counted::sign_in("Maya@Example.org ", address);
        assert_eq!(Counted::sign_in("maya@example.org", address)[0], account);
        assert_ne!(Counted::sign_in("noah@example.org", address)[0], account);
        assert_eq!(of_address.who, "192.0.2.7");
        assert_eq!(account.who.len(), 32 + 1 + of_address.who.len());
        assert_eq!(Counted::sign_in(&"x".repeat(1 << 20), address)[0].who.len(), account.who.len());
    }
}
