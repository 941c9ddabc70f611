//! Calls counted in this process alone, while Redis is away: the same rules, a count of its own.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Count, Rule, Standing};

/// How many keys a generation holds. Two of them at the highest limit are some 64 MB.
const GENERATION: usize = 8_192;

/// Counts in memory.
pub(super) struct InProcess {
    window: Duration,
    recent: Mutex<Recent>,
}

/// The calls of each key in two generations: a key that is asked for is young; the old are forgotten when the young
/// have become old, a window later, or sooner under a flood of keys. A map that forgets one key at a time could not
/// change several under one lock.
struct Recent {
    young: HashMap<String, VecDeque<Instant>>,
    old: HashMap<String, VecDeque<Instant>>,
    since: Option<Instant>,
}

impl Recent {
    /// Lets the young become old when it is time.
    fn age(&mut self, now: Instant, window: Duration) {
        let since = *self.since.get_or_insert(now);
        if self.young.len() >= GENERATION || now.saturating_duration_since(since) >= window {
            self.old = mem::take(&mut self.young);
            self.since = Some(now);
        }
    }

    fn calls(&mut self, key: &str) -> &mut VecDeque<Instant> {
        let old = self.old.remove(key);
        let calls = self.young.entry(key.to_owned()).or_default();
        if let Some(old) = old {
            *calls = old;
        }
        calls
    }
}

impl InProcess {
    pub(super) fn new(window: Duration) -> Self {
        let recent = Recent { young: HashMap::new(), old: HashMap::new(), since: None };
        Self { window, recent: Mutex::new(recent) }
    }

    /// Counts a call.
    pub(super) fn count(&self, now: Instant, rules: &[Rule]) -> Count {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.age(now, self.window);
        let mut allowed = true;
        for rule in rules {
            let calls = recent.calls(&rule.key);
            while calls.front().is_some_and(|oldest| *oldest + self.window <= now) {
                calls.pop_front();
            }
            allowed &= calls.len() < rule.limit as usize;
        }
        let standing = |rule: &Rule| {
            let calls = recent.calls(&rule.key);
            if allowed {
                calls.push_back(now);
            }
            let leaves = calls.get(calls.len().saturating_sub(rule.limit as usize));
            let room_in = leaves.map(|at| (*at + self.window).saturating_duration_since(now));
            Standing { calls: calls.len() as u32, room_in: room_in.unwrap_or_default() }
        };
        let standings = rules.iter().map(standing).collect();
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Count { allowed, now: since_epoch, standings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);

    fn rule(key: &str, limit: u32) -> Rule {
        Rule { key: key.to_owned(), limit }
    }

    /// Counts calls at these seconds; answers which were let through.
    fn at<const N: usize>(
        limiter: &InProcess,
        start: Instant,
        rules: &[Rule],
        seconds: [u64; N],
    ) -> [bool; N] {
        seconds.map(|second| limiter.count(start + Duration::from_secs(second), rules).allowed)
    }

    #[test]
    fn the_window_slides() {
        let (limiter, start, rules) = (InProcess::new(WINDOW), Instant::now(), [rule("a", 2)]);
        // A fixed window would let four through around the full minute.
        assert_eq!(
            at(&limiter, start, &rules, [0, 59, 59, 60, 60, 118, 119, 119]),
            [true, true, false, true, false, false, true, false]
        );
    }

    #[test]
    fn it_tells_how_long_to_wait() {
        let (limiter, start, rules) = (InProcess::new(WINDOW), Instant::now(), [rule("a", 2)]);
        let waits = [0, 10, 20, 61].map(|second| {
            let count = limiter.count(start + Duration::from_secs(second), &rules);
            (count.allowed, count.standings[0].calls, count.standings[0].room_in.as_secs())
        });
        assert_eq!(waits, [(true, 1, 60), (true, 2, 50), (false, 2, 40), (true, 2, 9)]);
    }

    #[test]
    fn a_lowered_limit_waits_until_there_is_room() {
        let (limiter, start) = (InProcess::new(WINDOW), Instant::now());
        at(&limiter, start, &[rule("a", 3)], [0, 10, 20]);
        let count = limiter.count(start + Duration::from_secs(30), &[rule("a", 1)]);
        assert_eq!((count.allowed, count.standings[0].room_in.as_secs()), (false, 50));
    }

    #[test]
    fn a_refused_call_counts_nowhere() {
        let (limiter, start) = (InProcess::new(WINDOW), Instant::now());
        let both = [rule("a", 1), rule("b", 2)];
        assert_eq!(at(&limiter, start, &both, [0, 30, 30, 60]), [true, false, false, true]);
        let count = limiter.count(start + Duration::from_secs(60), &[rule("b", 3)]);
        assert_eq!((count.allowed, count.standings[0].calls), (true, 2));
    }

    #[test]
    fn generations_forget_nothing_that_counts() {
        let (limiter, start, rules) = (InProcess::new(WINDOW), Instant::now(), [rule("a", 1)]);
        assert_eq!(at(&limiter, start, &[rule("b", 1)], [0]), [true]);
        assert_eq!(at(&limiter, start, &rules, [59, 60, 118, 119]), [true, false, false, true]);
    }

    #[test]
    fn a_flood_of_keys_takes_bounded_memory() {
        let (limiter, start) = (InProcess::new(WINDOW), Instant::now());
        for key in 0..10 * GENERATION {
            assert!(limiter.count(start, &[rule(&key.to_string(), 1)]).allowed);
        }
        let recent = limiter.recent.into_inner().unwrap_or_else(PoisonError::into_inner);
        assert!(recent.young.len() + recent.old.len() <= 2 * GENERATION);
    }
}
