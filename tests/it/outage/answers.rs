//! What everybody is answered, and how soon, while something is stopped or frozen; and that it all recovers by itself.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::load::{Load, Seen};
use crate::support::{
    App, Mood, Process, Services, Signer, Stall, StandIn, assert_problem, eventually, patience, size, tokens,
    within,
};

/// Held by whoever has everybody call: what one machine answers in time is told of one product under load, not of several.
static ALONE: Mutex<()> = Mutex::const_new(());

/// The product on services of its own, with limits that nobody reaches.
async fn app(services: &Services) -> App {
    let database = services.database();
    let migrate = vec![("DATABASE_URL", database.url().to_owned())];
    assert_eq!(Process::start("proxie-api", &["migrate"], migrate).ends().await, Some(0));
    let limited = App::builder().limits(|limits| {
        let many = 1_000_000;
        (limits.chat, limits.write, limits.read, limits.guest_address) = (many, many, many, many);
        (limits.new_guests, limits.sign_in, limits.sign_in_address) = (many, many, many);
    });
    limited.database(database).redis(services.redis()).start().await
}

/// How long something is away.
fn long() -> Duration {
    Duration::from_secs(size(5, 20) as u64)
}

/// Goes through an outage; answers what was seen while it lasted, and what came after.
async fn outage<T>(
    load: &Load<'_>,
    what: &str,
    begin: impl Future<Output = T>,
    end: impl AsyncFnOnce(T),
) -> Seen {
    load.all_well().await;
    load.seen(&format!("before {what}"));
    let broken = begin.await;
    load.go_on(long()).await;
    let seen = load.seen(what);
    end(broken).await;
    let after = load.all_well().await;
    load.seen(&format!("after {what}"));
    println!("figure: {what}: all goes well for everybody {after:.1?} after its end");
    seen
}

/// What was taken is answered, in spite of all.
async fn all_tasks_end(app: &App) {
    let open = "SELECT count(*) FROM tasks WHERE status = 'processing'";
    eventually("all tasks end", async || app.database.value(open).await == 0).await;
    let failed = "SELECT count(*) FROM tasks WHERE status <> 'completed'";
    assert_eq!(app.database.value(failed).await, 0);
}

#[tokio::test]
async fn without_redis_everybody_is_served() {
    let _alone = ALONE.lock().await;
    let services = Services::both().await;
    let app = app(&services).await;
    let key = Signer::ec("ec-1");
    let issuer = StandIn::start(vec![key.jwk()]).await;
    let load = Load::start(&app, &issuer, &key).await;
    let outages = async {
        let stop = services.stop_redis();
        let stopped = outage(&load, "Redis stopped", stop, async |()| services.start_redis().await).await;
        let freeze = async { services.freeze_redis() };
        let frozen = outage(&load, "Redis frozen", freeze, async |frozen| frozen.thaw()).await;
        for seen in [stopped, frozen] {
            assert_eq!(seen.count(|status| status >= 500), 0, "{:#?}", seen.answers);
        }
        load.end();
    };
    futures::join!(load.run(), outages);
    all_tasks_end(&app).await;
}

#[tokio::test]
async fn without_postgres_everybody_is_told_in_time() {
    let _alone = ALONE.lock().await;
    let services = Services::both().await;
    let app = app(&services).await;
    let key = Signer::ec("ec-1");
    let issuer = StandIn::start(vec![key.jwk()]).await;
    let load = Load::start(&app, &issuer, &key).await;
    let outages = async {
        let stop = services.stop_postgres();
        let start = async |()| services.start_postgres().await;
        let stopped = outage(&load, "PostgreSQL stopped", stop, start).await;
        let freeze = services.freeze_postgres(&app.database);
        let frozen = outage(&load, "PostgreSQL frozen", freeze, async |frozen| frozen.thaw()).await;
        for seen in [stopped, frozen] {
            assert!(seen.count(|status| status == 503) > 0, "it was noticed");
            assert_eq!(seen.count(|status| status == 500), 0, "{:#?}", seen.answers);
        }
        load.end();
    };
    futures::join!(load.run(), outages);
    all_tasks_end(&app).await;
}

#[tokio::test]
async fn while_an_issuer_hangs_its_known_keys_go_on() {
    let _alone = ALONE.lock().await;
    let services = Services::both().await;
    let app = app(&services).await;
    let key = Signer::ec("ec-1");
    let issuer = StandIn::start(vec![key.jwk()]).await;
    let load = Load::start(&app, &issuer, &key).await;
    let outages = async {
        let hang = async { issuer.be(Mood::Hangs) };
        let seen = outage(&load, "an issuer hangs", hang, async |()| issuer.be(Mood::Fine)).await;
        assert_eq!(seen.count(|status| status >= 500), 0, "{:#?}", seen.answers);
        // One that starts meanwhile has none of its keys yet.
        issuer.be(Mood::Hangs);
        let late = Load::start(&app, &issuer, &key).await;
        let shown = async |token: &str| late.anybody.with_token(token).get("/auth/me").await;
        let (ours, theirs) = (local(), key.token(&issuer.claims("noah", &json!({}))));
        assert_problem!(shown(&theirs).await, 503, "unavailable");
        shown(&ours).await.expect(200);
        issuer.be(Mood::Fine);
        eventually("its keys are fetched", async || shown(&theirs).await.status == 200).await;
        load.end();
    };
    futures::join!(load.run(), outages);
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_nothing_behind() {
    let app = App::builder().http(|http| http.request = Duration::from_secs(1)).workers(0).start().await;
    let maya = app.consumer("maya");
    let post = async || maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await;
    let stall = Stall::begin(&app.database, "INSERT ON requests", "true").await;
    let (refused, ()) = futures::join!(post(), stall.reached());
    assert_problem!(refused, 503, "unavailable");
    stall.given_up().await;
    stall.release();
    eventually("the next one is served", async || post().await.status == 201).await;
    assert_eq!(app.database.value("SELECT count(*) FROM requests").await, 1);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let app = App::builder().http(|http| http.body = Duration::from_millis(200)).workers(0).start().await;
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).await.expect("the API");
    let head =
        "POST /auth/login HTTP/1.1\r\nhost: proxie\r\ncontent-type: application/json\r\ncontent-length: 100";
    stream.write_all(format!("{head}\r\n\r\n{{").as_bytes()).await.unwrap();
    // Until the connection is closed.
    let mut answer = String::new();
    within(patience(), "an answer", stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains(r#""code":"too_slow""#), "{answer}");
}

fn local() -> String {
    tokens().local("maya", proxie_shared::model::users::Role::Consumer, long() * 100).expect("a token")
}
