//! One call: found, shared or asked for, and told.

use std::sync::Arc;
use std::time::Instant as Clock;

use tokio::time::{Instant, timeout_at};

use super::breaker::BreakerState;
use super::budget::Budgets;
use super::cache::{Answers, Looked, again};
use super::flights::{Flights, Seat};
use super::key::Digested;
use super::ledger::Ledger;
use super::provider::Provider;
use super::tries::{Question, Reply, Tries};
use super::{Answer, Call, LlmError, Whose, bill};
use crate::config::LlmConfig;
use crate::db::Db;
use crate::error::{Code, Result};
use crate::queue::Redis;

/// The door to the configured models. Clones share everything.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    config: LlmConfig,
    tries: Tries,
    answers: Answers,
    flights: Flights,
}

impl Gateway {
    /// A door to the configured models. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: &LlmConfig, db: Db, redis: Redis) -> Result<Self> {
        let providers =
            config.providers.iter().map(|one| Provider::new(one, config)).collect::<Result<Vec<_>>>()?;
        let ledger = Ledger::start(db.clone());
        let budgets = Budgets::start(db, config.budgets, ledger.clone());
        let inner = Inner {
            tries: Tries::new(config, providers, budgets, ledger),
            answers: Answers::new(redis, config.cache_ttl),
            flights: Flights::default(),
            config: config.clone(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The answer to a call: an earlier one where that will do, else of the first provider that gives one.
    ///
    /// # Errors
    /// `model_unavailable`, `model_timeout`, `model_malformed`; `budget_exceeded`, for good; `unavailable` when the database
    /// is away.
    pub async fn complete(&self, call: Call<'_>) -> std::result::Result<Answer, LlmError> {
        let inner = &*self.inner;
        let deadline = Instant::now() + inner.config.timeout;
        match inner.answers.scope(call.cache, &call.whose) {
            None => Ok(inner.ask(&call, deadline).await?.0),
            Some(scope) => inner.find_or_ask(&call, &scope, deadline).await,
        }
    }

    /// The model that makes vectors of texts, if there is one.
    #[must_use]
    pub fn embedding_model(&self) -> Option<&str> {
        self.inner.config.providers.iter().find_map(|one| one.embedding_model.as_deref())
    }

    /// Whether any model sees pictures.
    #[must_use]
    pub fn has_vision(&self) -> bool {
        self.inner.config.providers.iter().any(|one| one.vision)
    }

    /// A text as a vector, by the model for that.
    ///
    /// # Errors
    /// As [`Self::complete`]; `model_unavailable`, for good, where there is no such model.
    pub async fn embed(&self, whose: Whose, text: &str) -> std::result::Result<Vec<f32>, LlmError> {
        if self.embedding_model().is_none() {
            return Err(LlmError::new(Code::ModelUnavailable, true, "no model makes vectors"));
        }
        let deadline = Instant::now() + self.inner.config.timeout;
        match self.inner.tries.ask(&Question::Vector(whose, text), deadline).await?.0 {
            Reply::Vector(vector) => Ok(vector),
            Reply::Answer(_) => Err(LlmError::new(Code::Internal, true, "an answer instead of a vector")),
        }
    }

    /// How the breaker of each provider stands, in the order of the configuration.
    #[must_use]
    pub fn breakers(&self) -> Vec<(&str, BreakerState)> {
        self.inner.tries.providers.iter().map(|one| (one.name(), one.breaker.state())).collect()
    }

    /// Waits until it is written down what all calls came to that have ended.
    pub async fn flush(&self) {
        self.inner.tries.ledger.flush().await;
    }
}

impl Inner {
    /// Asks a provider.
    async fn ask(
        &self,
        call: &Call<'_>,
        deadline: Instant,
    ) -> std::result::Result<(Answer, &Provider), LlmError> {
        match self.tries.ask(&Question::Chat(call), deadline).await? {
            (Reply::Answer(answer), provider) => Ok((answer, provider)),
            (Reply::Vector(_), _) => {
                Err(LlmError::new(Code::Internal, true, "a vector instead of an answer"))
            }
        }
    }

    /// Looks for an earlier answer, joins an identical call in flight, or asks.
    async fn find_or_ask(
        &self,
        call: &Call<'_>,
        scope: &str,
        deadline: Instant,
    ) -> std::result::Result<Answer, LlmError> {
        let began = Clock::now();
        let digested = Digested::of(call, self.config.max_completion_tokens);
        // An answer of whoever stands in for the first one will do as well.
        let candidates = self.tries.candidates(&Question::Chat(call));
        let mut keys: Vec<String> = Vec::new();
        for provider in &candidates {
            let key = digested.key(scope, &provider.config.model);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let first = candidates.first().copied();
        loop {
            let landed = self.flights.landed();
            let looked = self.answers.look(call.cache, &call.whose, &keys).await;
            if let Some(answer) = looked.answer {
                return Ok(self.given_again(call, first, answer, began));
            }
            let flight = format!("{} {}", keys.first().map_or("", String::as_str), looked.generation());
            match self.flights.join(&flight) {
                Seat::Lead(lead) => {
                    // Somebody may have landed between the look and the seat.
                    let looked = match self.flights.landed() == landed {
                        true => looked,
                        false => self.answers.look(call.cache, &call.whose, &keys).await,
                    };
                    let outcome = match looked.answer.clone() {
                        Some(answer) => Ok(self.given_again(call, first, answer, began)),
                        None => self.ask_and_keep(call, scope, &digested, &looked, deadline).await,
                    };
                    lead.land(&outcome);
                    return outcome;
                }
                Seat::Follow(following) => match timeout_at(deadline, following.outcome()).await {
                    Ok(Some(Ok(answer))) => return Ok(self.given_again(call, first, again(answer), began)),
                    // Whoever asked was given up, or could not pay: somebody else must.
                    Ok(None) => {}
                    Ok(Some(Err(error))) if error.code == Code::BudgetExceeded => {}
                    Ok(Some(Err(error))) => return Err(error),
                    Err(_) => {
                        return Err(LlmError::new(
                            Code::ModelTimeout,
                            false,
                            "an identical call takes too long",
                        ));
                    }
                },
            }
        }
    }

    async fn ask_and_keep(
        &self,
        call: &Call<'_>,
        scope: &str,
        digested: &Digested,
        looked: &Looked,
        deadline: Instant,
    ) -> std::result::Result<Answer, LlmError> {
        let (answer, provider) = self.ask(call, deadline).await?;
        // Half an answer is better than none, and no answer to give again.
        if !answer.cut {
            let key = digested.key(scope, &provider.config.model);
            self.answers.keep(&key, call.cache, &call.whose, looked, &answer);
        }
        Ok(answer)
    }

    /// Tells an earlier answer, and writes down that it cost nothing.
    fn given_again(
        &self,
        call: &Call<'_>,
        provider: Option<&Provider>,
        answer: Answer,
        began: Clock,
    ) -> Answer {
        if let (Some(deltas), Some(text)) = (call.deltas, &answer.text) {
            deltas.delta(text);
        }
        if let Some(provider) = provider {
            bill::from_cache(&self.tries.ledger, provider, (call.whose, call.feature), began.elapsed());
        }
        answer
    }
}
