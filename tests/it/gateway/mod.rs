//! The gateway: who is asked, what that may cost, what is given again, and what is written down of it.

mod budgets;
mod cached;
mod down;
mod fallback;
mod reserved;
pub mod scripted;
mod usage;

use std::sync::Mutex;

use proxie_offline_llm::{Control, Faults};
use proxie_shared::config::{LlmConfig, ProviderConfig, Secret};
use proxie_shared::llm::{Answer, Cache, Call, Deltas, Feature, Gateway, LlmError, Message, Whose};
use proxie_shared::model::users::Role;
use proxie_shared::model::{SessionId, TaskId, UserId};
use proxie_shared::queue::Redis;

use crate::support::App;

/// A million tokens sent cost a dollar, received two: a token costs one and two millionths.
const PRICES: (u64, u64) = (1_000_000, 2_000_000);

/// Providers, and what gateways share.
struct World {
    app: App,
    models: Vec<Model>,
}

/// An offline model of the test's own.
pub struct Model {
    pub control: Control,
    pub url: String,
}

impl Model {
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (server, control) = proxie_offline_llm::serve(listener, Faults::default()).unwrap();
        tokio::spawn(server);
        Self { control, url }
    }

    fn received(&self) -> u64 {
        self.control.counters().received
    }
}

impl World {
    /// With so many providers, called `first`, `second` and so on.
    async fn new(models: usize) -> Self {
        let app = App::builder().workers(0).start().await;
        Self { app, models: (0..models).map(|_| Model::start()).collect() }
    }

    /// The providers, each tried once and never skipped.
    fn config(&self) -> LlmConfig {
        let urls = self.models.iter().map(|model| model.url.as_str());
        of(&urls.collect::<Vec<_>>())
    }

    /// A worker's gateway.
    fn gateway(&self, change: impl FnOnce(&mut LlmConfig)) -> Gateway {
        let mut config = self.config();
        change(&mut config);
        self.gateway_of(&config)
    }

    fn gateway_of(&self, config: &LlmConfig) -> Gateway {
        let redis = Redis::new(&self.app.redis.config()).unwrap();
        Gateway::new(config, self.app.database.pool(), redis).unwrap()
    }

    async fn user(&self) -> UserId {
        UserId(self.app.user_row(Role::Consumer).await)
    }

    /// A guest who was made from an address of this hash.
    async fn guest(&self, address: u128) -> UserId {
        let id = UserId::new();
        let address = uuid::Uuid::from_u128(address);
        let made = format!(
            "INSERT INTO users (id, issuer, subject, role, guest_address) VALUES ('{id}', 'proxie/guest', '{id}', 'guest', '{address}')"
        );
        self.app.database.execute(&made).await;
        id
    }

    /// A sum over all usage that is written.
    async fn sum(&self, what: &str) -> i64 {
        let sum = format!("SELECT coalesce(sum({what}), 0)::bigint FROM llm_usage");
        self.app.database.value(&sum).await.as_i64().unwrap()
    }

    /// What came of each call, in order.
    async fn outcomes(&self) -> Vec<String> {
        let rows = self
            .app
            .database
            .rows("SELECT provider || ' ' || outcome AS came FROM llm_usage ORDER BY id")
            .await;
        rows.iter().map(|row| row["came"].as_str().unwrap().to_owned()).collect()
    }
}

/// Providers at these addresses.
fn of(urls: &[&str]) -> LlmConfig {
    let names = ["first", "second", "third"];
    let providers = names.iter().zip(urls).map(|(name, url)| {
        let mut provider = ProviderConfig::new(name, url, Secret::new("none"), "offline");
        (provider.prompt_price, provider.completion_price) = PRICES;
        provider
    });
    LlmConfig {
        attempts: 1,
        breaker_failures: 0,
        max_completion_tokens: 200,
        ..LlmConfig::of(providers.collect())
    }
}

/// In somebody's name, in a new conversation.
fn whose(user_id: UserId) -> Whose {
    Whose { user_id, session_id: Some(SessionId::new()), task_id: Some(TaskId::new()) }
}

/// What the agent says to a model of what somebody says.
fn said(text: &str) -> Vec<Message> {
    let known = r#"{"fields":{},"missing":["service_id","city"],"ask":[],"ready":false}"#;
    let system = format!(
        "You help.\nNow: 2026-11-18T15:00:00Z\nDefault zone: America/New_York\nRole: guest\nKnown: {known}\n"
    );
    vec![Message::System(system), Message::User { text: text.to_owned(), images: Vec::new() }]
}

/// Asks without anybody listening.
async fn ask(gateway: &Gateway, whose: Whose, text: &str, cache: Cache) -> Result<Answer, LlmError> {
    complete(gateway, whose, &said(text), cache, None).await
}

async fn complete(
    gateway: &Gateway,
    whose: Whose,
    messages: &[Message],
    cache: Cache,
    deltas: Option<&dyn Deltas>,
) -> Result<Answer, LlmError> {
    let (feature, tools) = (Feature::Chat, &[]);
    gateway.complete(Call { whose, feature, messages, tools, cache, deltas, vision: false }).await
}

/// What somebody has heard who listens.
#[derive(Default)]
struct Heard(Mutex<(String, usize)>);

impl Heard {
    /// What stands, and how often all was taken back.
    fn so_far(&self) -> (String, usize) {
        self.0.lock().unwrap().clone()
    }
}

impl Deltas for Heard {
    fn delta(&self, text: &str) {
        self.0.lock().unwrap().0.push_str(text);
    }

    fn reset(&self) {
        let mut heard = self.0.lock().unwrap();
        heard.0.clear();
        heard.1 += 1;
    }
}
