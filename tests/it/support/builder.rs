//! How the product is to be, before it starts.

use std::time::Duration;

use proxie_shared::agent::Clock;
use proxie_shared::config::{
    ClientConfig, HttpConfig, IssuerConfig, LimitsConfig, LlmConfig, StoreConfig, TasksConfig,
};
use proxie_shared::test_support::{TestDatabase, TestRedis};

/// How the product is to be.
pub struct Builder {
    pub(super) workers: usize,
    pub(super) realtime: usize,
    pub(super) tasks: TasksConfig,
    pub(super) llm: LlmConfig,
    pub(super) clock: Clock,
    pub(super) issuers: Vec<IssuerConfig>,
    pub(super) database: Option<TestDatabase>,
    pub(super) redis: Option<TestRedis>,
    pub(super) limits: LimitsConfig,
    pub(super) http: HttpConfig,
    pub(super) media: Option<StoreConfig>,
    pub(super) client: ClientConfig,
    pub(super) switched_off: Option<String>,
}

impl Builder {
    /// With limits; without any if nothing is said.
    #[must_use]
    pub fn limits(mut self, change: impl FnOnce(&mut LimitsConfig)) -> Self {
        change(&mut self.limits);
        self
    }

    /// Met by the outside in another way.
    #[must_use]
    pub fn http(mut self, change: impl FnOnce(&mut HttpConfig)) -> Self {
        change(&mut self.http);
        self
    }

    /// With a web client that is told other things.
    #[must_use]
    pub fn client(self, client: ClientConfig) -> Self {
        Self { client, ..self }
    }

    /// With pictures and films kept elsewhere than in a folder of its own.
    #[must_use]
    pub fn media(self, store: StoreConfig) -> Self {
        Self { media: Some(store), ..self }
    }

    /// With the rule of an operation forgotten.
    #[must_use]
    pub fn switched_off(self, operation: &str) -> Self {
        Self { switched_off: Some(operation.to_owned()), ..self }
    }

    /// With so many workers in this process; one if nothing is said.
    #[must_use]
    pub fn workers(self, workers: usize) -> Self {
        Self { workers, ..self }
    }

    /// With so many servers of live channels; none if nothing is said.
    #[must_use]
    pub fn realtime(self, realtime: usize) -> Self {
        Self { realtime, ..self }
    }

    /// With other leases, pauses and limits.
    #[must_use]
    pub fn tasks(mut self, change: impl FnOnce(&mut TasksConfig)) -> Self {
        change(&mut self.tasks);
        self
    }

    /// With so much time for the model's answer.
    #[must_use]
    pub fn model_timeout(self, timeout: Duration) -> Self {
        self.llm(|llm| llm.timeout = timeout)
    }

    /// With models that are asked, paid and remembered in another way.
    #[must_use]
    pub fn llm(mut self, change: impl FnOnce(&mut LlmConfig)) -> Self {
        change(&mut self.llm);
        self
    }

    /// With a model that makes vectors of texts.
    #[must_use]
    pub fn embedding_model(self) -> Self {
        self.llm(|llm| llm.providers[0].embedding_model = Some("offline-embedding".to_owned()))
    }

    /// With another time of day for the agent.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// With tokens of these issuers accepted.
    #[must_use]
    pub fn issuers(self, issuers: impl IntoIterator<Item = IssuerConfig>) -> Self {
        Self { issuers: issuers.into_iter().collect(), ..self }
    }

    /// With services of the test's own.
    #[must_use]
    pub fn redis(self, redis: TestRedis) -> Self {
        Self { redis: Some(redis), ..self }
    }

    /// With services of the test's own.
    #[must_use]
    pub fn database(self, database: TestDatabase) -> Self {
        Self { database: Some(database), ..self }
    }
}
