//! How often somebody may call: counted in Redis for all processes, and in the process while Redis is away.

use std::net::{IpAddr, TcpListener};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::future::join_all;
use proxie_shared::config::{LimitsConfig, RedisConfig};
use proxie_shared::limits::{Counted, Limits, Verdict};
use proxie_shared::model::UserId;
use proxie_shared::queue::Redis;
use proxie_shared::test_support::TestRedis;

use crate::support::eventually;

/// The limits of the contract, each within a minute.
fn contract() -> LimitsConfig {
    LimitsConfig {
        chat: 10,
        write: 60,
        read: 300,
        guest_address: 60,
        new_guests: 20,
        sign_in: 5,
        sign_in_address: 20,
        window: Duration::from_secs(60),
        trusted_proxies: Vec::new(),
    }
}

/// A process's limits.
fn limits(redis: RedisConfig, config: LimitsConfig) -> Limits {
    Limits::new(Redis::new(&redis).expect("an address"), config)
}

/// A Redis that does not exist: nobody listens on port 1.
fn nowhere() -> RedisConfig {
    RedisConfig {
        url: "redis://127.0.0.1:1/0".to_owned(),
        prefix: "nowhere:".to_owned(),
        timeout: Duration::from_secs(1),
    }
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

async fn check(limits: &Limits, counted: &[Counted]) -> Verdict {
    limits.check(counted).await.expect("a limit is on")
}

/// How many of so many calls, one after the other, are let through.
async fn let_through(limits: &Limits, calls: usize, counted: &[Counted]) -> usize {
    let mut let_through = 0;
    for _ in 0..calls {
        let_through += usize::from(check(limits, counted).await.retry_after.is_none());
    }
    let_through
}

/// The eleventh message in a minute is refused; another user's is not.
async fn eleven_messages(limits: &Limits) {
    let maya = [Counted::chat(UserId::new())];
    let mut first = None;
    for remaining in (0..10).rev() {
        let verdict = check(limits, &maya).await;
        assert_eq!((verdict.limit, verdict.remaining, verdict.retry_after), (10, remaining, None));
        // Room comes back when the first call leaves the window.
        let first = *first.get_or_insert(verdict.reset);
        assert!(verdict.reset.abs_diff(first) <= 1, "{verdict:?}, and {first} before");
    }
    let refused = check(limits, &maya).await;
    let wait = refused.retry_after.expect("the eleventh is refused");
    assert_eq!((refused.limit, refused.remaining), (10, 0));
    assert!((1..=60).contains(&wait.as_secs()), "{wait:?}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    assert!((now + wait.as_secs()).abs_diff(refused.reset) <= 2, "{refused:?} at {now}");

    let noah = check(limits, &[Counted::chat(UserId::new())]).await;
    assert_eq!((noah.remaining, noah.retry_after), (9, None));
}

/// A call under several limits counts in all of them or in none.
async fn all_or_nothing(limits: &Limits) {
    let [maya, of_address] = Counted::sign_in("maya@example.org", address("192.0.2.7"));
    let both = [maya, of_address.clone()];
    assert_eq!(let_through(limits, 30, &both).await, 5);
    // The twenty-five that were refused are not held against the address, which takes fifteen more.
    assert_eq!(let_through(limits, 30, &[of_address]).await, 15);
    let noah = Counted::sign_in("noah@example.org", address("192.0.2.7"));
    let refused = check(limits, &noah).await;
    assert_eq!((refused.limit, refused.remaining), (20, 0));
    assert!(refused.retry_after.is_some());
    assert_eq!(let_through(limits, 6, &Counted::sign_in("noah@example.org", address("192.0.2.8"))).await, 5);
}

/// Two calls, no third, and then room again.
async fn the_window_slides(redis: RedisConfig) {
    let limits = limits(redis, LimitsConfig { chat: 2, window: Duration::from_millis(500), ..contract() });
    let maya = [Counted::chat(UserId::new())];
    assert_eq!(let_through(&limits, 2, &maya).await, 2);
    // Refused calls do not make the wait longer, however many.
    eventually("room again", async || check(&limits, &maya).await.retry_after.is_none()).await;
}

/// Two hundred at once, with a limit of ten.
async fn at_once(processes: &[Limits]) {
    let maya = [Counted::chat(UserId::new())];
    let calls = (0..200).map(|call| check(&processes[call % processes.len()], &maya));
    let verdicts = join_all(calls).await;
    assert_eq!(verdicts.iter().filter(|verdict| verdict.retry_after.is_none()).count(), 10);
}

#[tokio::test]
async fn the_eleventh_message_of_a_minute_is_refused() {
    let redis = TestRedis::create();
    eleven_messages(&limits(redis.config(), contract())).await;
}

#[tokio::test]
async fn a_refused_call_counts_in_none_of_its_limits() {
    let redis = TestRedis::create();
    all_or_nothing(&limits(redis.config(), contract())).await;
}

#[tokio::test]
async fn there_is_room_again_after_a_window() {
    let redis = TestRedis::create();
    the_window_slides(redis.config()).await;
    the_window_slides(nowhere()).await;
}

#[tokio::test]
async fn without_redis_the_same_rules_hold() {
    let limits = limits(nowhere(), contract());
    eleven_messages(&limits).await;
    all_or_nothing(&limits).await;
    at_once(&[limits]).await;
}

#[tokio::test]
async fn processes_count_together() {
    let redis = TestRedis::create();
    let (one, other) = (limits(redis.config(), contract()), limits(redis.config(), contract()));
    let maya = [Counted::chat(UserId::new())];
    assert_eq!(let_through(&one, 6, &maya).await, 6);
    assert_eq!(let_through(&other, 6, &maya).await, 4);
    assert_eq!(let_through(&one, 1, &maya).await, 0);
    at_once(&[one, other]).await;
}

#[tokio::test]
async fn each_call_leaves_the_window_by_itself() {
    let redis = TestRedis::create();
    let limits = limits(redis.config(), LimitsConfig { chat: 3, ..contract() });
    let maya = UserId::new();
    let key = redis.key(&format!("limit:chat:{maya}"));
    let time: Vec<u64> = redis.command(&["TIME"]).await;
    let now = time[0] * 1_000_000 + time[1];
    // Too old to count, nearly so, a moment ago; and one of a clock that has been set back since.
    let ago = |seconds: u64| (now - seconds * 1_000_000).to_string();
    let ahead = (now + 86_400_000_000).to_string();
    redis.command::<()>(&["RPUSH", &key, &ahead, &ago(61), &ago(30), &ago(1)]).await;

    let third = check(&limits, &[Counted::chat(maya)]).await;
    assert_eq!((third.remaining, third.retry_after), (0, None));
    let refused = check(&limits, &[Counted::chat(maya)]).await;
    let wait = refused.retry_after.expect("the fourth is refused").as_secs();
    assert!((25..=30).contains(&wait), "the second leaves after 60 seconds: {wait}");
}

#[tokio::test]
async fn what_is_kept_is_bounded_and_names_nobody() {
    let redis = TestRedis::create();
    let limits = limits(redis.config(), contract());
    let long = format!("{}@example.org", "maya".repeat(10_000));
    let_through(&limits, 30, &Counted::sign_in(&long, address("2001:db8::1"))).await;
    let_through(&limits, 30, &[Counted::chat(UserId::new())]).await;

    let keys: Vec<String> = redis.command(&["KEYS", &redis.key("*")]).await;
    assert_eq!(keys.len(), 3, "{keys:?}");
    for key in &keys {
        assert!(key.len() < 120 && !key.contains("maya"), "{key}");
        let calls: u64 = redis.command(&["LLEN", key]).await;
        assert!(calls <= 10, "{key}: {calls}");
        let lives: i64 = redis.command(&["PTTL", key]).await;
        assert!((1..=120_000).contains(&lives), "{key}: {lives}");
    }
}

#[tokio::test]
async fn addresses_count_as_their_networks() {
    let redis = TestRedis::create();
    let limits = limits(redis.config(), LimitsConfig { new_guests: 1, guest_address: 1, ..contract() });
    for (first, same, other) in [
        ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"),
    ] {
        for counted in [Counted::new_guest, Counted::guest_calls] {
            assert_eq!(let_through(&limits, 1, &[counted(address(first))]).await, 1);
            assert_eq!(let_through(&limits, 1, &[counted(address(same))]).await, 0);
            assert_eq!(let_through(&limits, 1, &[counted(address(other))]).await, 1);
        }
    }
}

#[tokio::test]
async fn a_limit_that_is_off_asks_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener that does not wait");
    let url = format!("redis://{}/0", listener.local_addr().expect("its address"));
    let off = LimitsConfig { chat: 0, write: 0, ..contract() };
    let limits = limits(RedisConfig { url, ..nowhere() }, off);
    let maya = UserId::new();
    assert_eq!(limits.check(&[Counted::chat(maya), Counted::write(maya)]).await, None);
    assert_eq!(limits.check(&[]).await, None);
    assert!(listener.accept().is_err(), "nobody has connected");
}

#[tokio::test]
async fn limits_of_one_user_are_counted_apart() {
    let redis = TestRedis::create();
    let limits = limits(redis.config(), LimitsConfig { chat: 1, write: 2, read: 3, ..contract() });
    let maya = UserId::new();
    for (counted, limit) in [(Counted::chat(maya), 1), (Counted::write(maya), 2), (Counted::read(maya), 3)] {
        assert_eq!(let_through(&limits, 5, &[counted]).await, limit);
    }
}
