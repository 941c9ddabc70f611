//! People who go on calling whatever is down, and a judge of every answer that they get.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proxie_shared::model::users::Role;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    Answer, App, Caller, Process, Signer, StandIn, check_problem, eventually, size, tokens, within,
};

/// What an answer may take on a machine that is busy with other tests; 2 s are promised.
const SOON: Duration = Duration::from_secs(4);
/// What people do.
const KINDS: usize = 6;

/// An API process and those who call it.
pub struct Load<'a> {
    issuer: &'a StandIn,
    key: &'a Signer,
    pub anybody: Caller,
    guest: Caller,
    /// What is documented.
    document: Value,
    _api: Process,
    over: AtomicBool,
    /// Of each caller: how often all went well since this was last set to 0.
    well: Vec<AtomicUsize>,
    seen: Mutex<Seen>,
}

/// What was answered since somebody last looked.
#[derive(Default)]
pub struct Seen {
    longest: (Duration, String),
    /// How often, by operation, status and code.
    pub answers: BTreeMap<(String, u16, String), usize>,
}

impl<'a> Load<'a> {
    /// An API as it is by default, with limits, that knows this issuer.
    pub async fn start(app: &App, issuer: &'a StandIn, key: &'a Signer) -> Self {
        let issuers = json!([{"issuer": issuer.name(), "jwks_url": format!("{}/jwks", issuer.name()),
            "audiences": issuer.rules().audiences}]);
        let issuers = issuers.to_string();
        let defaults = ["PROXIE_DATABASE_WAIT_MS", "PROXIE_DATABASE_STATEMENT_MS", "PROXIE_DATABASE_POOL"];
        let mut other: Vec<_> = defaults.iter().map(|name| (*name, "")).collect();
        other.push(("PROXIE_ISSUERS", &issuers));
        let (api, anybody) = Process::api(app, &other).await;
        let made = anybody.move_on("/auth/guest").await.expect(201);
        // From the app's own API, which has more time: it is made when it is first asked for.
        let document = app.anybody().get("/api/openapi.json").await.expect(200).body;
        let callers = KINDS * size(2, 6);
        Self {
            issuer,
            key,
            guest: anybody.with_token(made.body["access_token"].as_str().expect("a token")),
            anybody,
            document,
            _api: api,
            over: AtomicBool::new(false),
            well: (0..callers).map(|_| AtomicUsize::new(0)).collect(),
            seen: Mutex::default(),
        }
    }

    /// Everybody calls until it is over.
    pub async fn run(&self) {
        let call = async |n: usize| {
            while !self.over.load(Ordering::SeqCst) {
                if self.round(n % KINDS).await {
                    self.well[n].fetch_add(1, Ordering::SeqCst);
                }
            }
        };
        futures::future::join_all((0..self.well.len()).map(call)).await;
    }

    /// Everybody finishes what they do.
    pub fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Waits until all goes well for everybody.
    pub async fn all_well(&self) -> Duration {
        let begun = Instant::now();
        self.well.iter().for_each(|well| well.store(0, Ordering::SeqCst));
        eventually("all goes well for everybody", async || {
            self.well.iter().all(|well| well.load(Ordering::SeqCst) >= 2)
        })
        .await;
        begun.elapsed()
    }

    /// Goes on for so long.
    pub async fn go_on(&self, long: Duration) {
        let begun = Instant::now();
        eventually("time passes", async || begun.elapsed() > long).await;
    }

    /// What was answered since this was last asked; prints the slowest.
    pub fn seen(&self, during: &str) -> Seen {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        let (longest, of) = &seen.longest;
        let (all, away) = (seen.count(|_| true), seen.count(|status| status == 503));
        println!(
            "figure: {during}: {all} answers, {away} of them 503, the slowest after {longest:.1?} ({of})"
        );
        seen
    }

    /// A few calls of one person; answers whether all went well.
    async fn round(&self, kind: usize) -> bool {
        match kind {
            0 => self.talks().await,
            1 => self.comes_anew().await,
            2 => self.needs(&tokens().local(&unique(), Role::Consumer, SOON * 100).expect("a token")).await,
            3 => self.needs(&self.key.token(&self.issuer.claims(&unique(), &json!({})))).await,
            4 => self.signs_up().await,
            _ => self.looks().await,
        }
    }

    async fn talks(&self) -> bool {
        let body = json!({"message": "hello"});
        let said = self.ask("POST /chat", 0, self.guest.call(Method::POST, "/chat").json(&body)).await;
        let sessions =
            self.ask("GET /chat/sessions", 0, self.guest.call(Method::GET, "/chat/sessions")).await;
        let Some(task) = said.body["task_id"].as_str() else { return false };
        let mut well = sessions.status == 200;
        for (wait, query) in [(0, ""), (1, "?wait=1")] {
            let path = format!("/chat/status/{task}{query}");
            let call = self.guest.call(Method::GET, &path);
            well &= self.ask("GET /chat/status/{task_id}", wait, call).await.status == 200;
        }
        well
    }

    async fn comes_anew(&self) -> bool {
        let body = json!({"message": "hello"});
        let made = self.ask("POST /auth/guest", 0, self.anybody.call(Method::POST, "/auth/guest")).await;
        let said = self.ask("POST /chat", 0, self.anybody.call(Method::POST, "/chat").json(&body)).await;
        (made.status, said.status) == (201, 202)
    }

    /// Posts a request twice with one key: it is the same request.
    async fn needs(&self, token: &str) -> bool {
        let caller = self.anybody.with_token(token);
        let me = self.ask("GET /auth/me", 0, caller.call(Method::GET, "/auth/me")).await;
        let (key, body) = (unique(), json!({"service_id": "haircut", "city": "Brooklyn"}));
        let post = || caller.call(Method::POST, "/requests").header("idempotency-key", &key).json(&body);
        let first = self.ask("POST /requests", 0, post()).await;
        let second = self.ask("POST /requests", 0, post()).await;
        if (first.status, second.status) == (201, 201) {
            assert_eq!(first.body["id"], second.body["id"]);
        }
        (me.status, first.status, second.status) == (200, 201, 201)
    }

    async fn signs_up(&self) -> bool {
        let account =
            json!({"email": format!("{}@example.org", unique()), "password": "correct horse battery"});
        let send = |path| self.anybody.call(Method::POST, path).json(&account);
        let made = self.ask("POST /auth/register", 0, send("/auth/register")).await;
        let known = self.ask("POST /auth/login", 0, send("/auth/login")).await;
        (made.status, known.status) == (201, 200)
    }

    /// Looks how things are, and shows a token whose key nobody knows.
    async fn looks(&self) -> bool {
        let health = self.ask("GET /health", 0, self.anybody.call(Method::GET, "/health")).await;
        assert_eq!(health.status, 200, "it lives");
        let ready = self.ask("GET /ready", 0, self.anybody.call(Method::GET, "/ready")).await;
        let metrics = self.ask("GET /metrics", 0, self.anybody.call(Method::GET, "/metrics")).await;
        let strange = Signer::ec("unknown").token(&self.issuer.claims("maya", &json!({})));
        let stranger = self.anybody.with_token(&strange);
        let refused = self.ask("GET /auth/me", 0, stranger.call(Method::GET, "/auth/me")).await;
        (refused.status, metrics.status) == (401, 200) && ready.body["status"] == "ready"
    }

    /// Sends a call and judges what comes back, and when.
    async fn ask(&self, operation: &str, wait: u64, call: RequestBuilder) -> Answer {
        let wait = Duration::from_secs(wait);
        let begun = Instant::now();
        let answer = within(SOON + wait, operation, self.anybody.send(call)).await;
        let took = begun.elapsed().saturating_sub(wait);
        self.is_documented(operation, &answer);
        let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
        let mut seen = self.seen.lock().unwrap();
        if took > seen.longest.0 {
            seen.longest = (took, format!("{operation}, {}", answer.status));
        }
        *seen.answers.entry((operation.to_owned(), answer.status, code)).or_default() += 1;
        answer
    }

    fn is_documented(&self, operation: &str, answer: &Answer) {
        let (method, path) = operation.split_once(' ').expect("method and path");
        let said = &self.document["paths"][path][method.to_lowercase()]["responses"];
        let content = said[answer.status.to_string()]["content"].as_object().cloned().unwrap_or_default();
        let essence = |kind: &str| kind.split(';').next().map(str::to_owned);
        let kind = essence(answer.header("content-type").unwrap_or_default());
        let kind = content.iter().find(|(said, _)| essence(said) == kind);
        let (kind, said) = kind.unwrap_or_else(|| panic!("{operation} is not said to answer so: {answer:?}"));
        if kind == "application/problem+json" {
            let code = answer.body["code"].as_str().expect("a code");
            assert!(said["examples"][code].is_object(), "{operation}: {answer:?}");
            check_problem(answer, answer.status, code, None);
        } else if answer.status == 503 {
            assert!(answer.header("retry-after").is_some(), "{operation}: {answer:?}");
        }
    }
}

impl Seen {
    /// How many answers have such a status.
    pub fn count(&self, has: impl Fn(u16) -> bool) -> usize {
        self.answers.iter().filter(|((_, status, _), _)| has(*status)).map(|(_, count)| count).sum()
    }
}

fn unique() -> String {
    Uuid::now_v7().simple().to_string()
}
