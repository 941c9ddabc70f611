//! A try of a provider that is under way: whatever becomes of it, it is measured and written down.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use metrics::{counter, histogram};
use uuid::Uuid;

use super::ledger::Ledger;
use super::provider::Provider;
use super::{Feature, Whose};
use crate::db::usage::Entry;
use crate::error::Code;

/// Bytes of a token, about: for what a provider did not count.
const BYTES_OF_A_TOKEN: usize = 4;

/// Tokens of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) prompt: u32,
    pub(super) completion: u32,
}

impl Tokens {
    pub(super) fn about(prompt_bytes: usize, completion_bytes: usize) -> Self {
        let tokens = |bytes: usize| u32::try_from(bytes.div_ceil(BYTES_OF_A_TOKEN)).unwrap_or(u32::MAX);
        Self { prompt: tokens(prompt_bytes), completion: tokens(completion_bytes) }
    }
}

/// Opened when a call is sent; written down when it is closed, or else as cancelled. A provider that was sent something charges
/// for it, whether or not anything is heard of the answer, unless it has refused.
pub(super) struct Bill<'a> {
    ledger: &'a Ledger,
    provider: &'a Provider,
    whose: Whose,
    feature: Feature,
    reservation: Option<Uuid>,
    began: Instant,
    sent: usize,
    heard: AtomicUsize,
    closed: bool,
}

impl<'a> Bill<'a> {
    pub(super) fn open(
        ledger: &'a Ledger,
        provider: &'a Provider,
        (whose, feature): (Whose, Feature),
        reservation: Option<Uuid>,
        sent: usize,
    ) -> Self {
        let (began, heard) = (Instant::now(), AtomicUsize::new(0));
        Self { ledger, provider, whose, feature, reservation, began, sent, heard, closed: false }
    }

    /// So many more bytes of the answer have come.
    pub(super) fn hears(&self, bytes: usize) {
        self.heard.fetch_add(bytes, Ordering::Relaxed);
    }

    /// It was answered; says what that cost, in millionths of a dollar. What the provider did not count is guessed.
    pub(super) fn answered(mut self, counted: Tokens) -> (Tokens, i64) {
        let guess = self.guess();
        let tokens = Tokens {
            prompt: if counted.prompt == 0 { guess.prompt } else { counted.prompt },
            completion: if counted.completion == 0 { guess.completion } else { counted.completion },
        };
        (tokens, self.close("ok", tokens))
    }

    /// It was sent and failed; says what that cost: what was sent is paid for, and what was heard.
    pub(super) fn failed(mut self, code: Code) -> i64 {
        let tokens = self.guess();
        self.close(code.into(), tokens)
    }

    /// It was refused, or never got there: it costs nothing.
    pub(super) fn refused(mut self, code: Code) -> i64 {
        self.close(code.into(), Tokens::default())
    }

    fn guess(&self) -> Tokens {
        Tokens::about(self.sent, self.heard.load(Ordering::Relaxed))
    }

    fn close(&mut self, outcome: &'static str, tokens: Tokens) -> i64 {
        self.closed = true;
        let cost_micros = match self.feature {
            Feature::Embedding => self.provider.vector_cost(tokens.prompt),
            _ => self.provider.cost(tokens.prompt, tokens.completion),
        };
        let entry = Entry {
            id: Uuid::now_v7(),
            whose: self.whose,
            feature: self.feature,
            provider: self.provider.name().to_owned(),
            model: self.provider.model_of(self.feature).to_owned(),
            prompt_tokens: tokens.prompt,
            completion_tokens: tokens.completion,
            cost_micros,
            latency: self.began.elapsed(),
            cached: false,
            outcome,
            at: Utc::now(),
            reservation: self.reservation,
        };
        post(self.ledger, entry);
        cost_micros
    }
}

impl Drop for Bill<'_> {
    fn drop(&mut self) {
        if !self.closed {
            let tokens = self.guess();
            self.close("cancelled", tokens);
        }
    }
}

/// Measures and writes down what a call came to.
pub(super) fn post(ledger: &Ledger, entry: Entry) {
    let (provider, model) = (entry.provider.clone(), entry.model.clone());
    let cached = if entry.cached { "true" } else { "false" };
    counter!("proxie_model_calls_total",
        "provider" => provider.clone(), "model" => model.clone(), "outcome" => entry.outcome, "cached" => cached)
    .increment(1);
    if !entry.cached {
        histogram!("proxie_model_call_seconds").record(entry.latency);
        counter!("proxie_model_tokens_total", "kind" => "prompt").increment(entry.prompt_tokens.into());
        counter!("proxie_model_tokens_total", "kind" => "completion")
            .increment(entry.completion_tokens.into());
        let cost = u64::try_from(entry.cost_micros).unwrap_or_default();
        counter!("proxie_model_cost_micros_total", "provider" => provider, "model" => model).increment(cost);
    }
    ledger.post(entry);
}

/// An answer that nobody was asked for: it costs nothing.
pub(super) fn from_cache(
    ledger: &Ledger,
    provider: &Provider,
    (whose, feature): (Whose, Feature),
    took: Duration,
) {
    let entry = Entry {
        id: Uuid::now_v7(),
        whose,
        feature,
        provider: provider.name().to_owned(),
        model: provider.model_of(feature).to_owned(),
        prompt_tokens: 0,
        completion_tokens: 0,
        cost_micros: 0,
        latency: took,
        cached: true,
        outcome: "ok",
        at: Utc::now(),
        reservation: None,
    };
    post(ledger, entry);
}
