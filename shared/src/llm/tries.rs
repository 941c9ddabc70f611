//! Providers are tried in order, each some times, until one has answered or the time is up.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span};

use super::bill::{Bill, Tokens};
use super::budget::Budgets;
use super::ledger::Ledger;
use super::provider::{Failed, Provider};
use super::telling::Telling;
use super::{Answer, Call, Feature, LlmError, Whose, wire};
use crate::config::LlmConfig;
use crate::error::Code;
use crate::telemetry::trace;

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Bytes of a token, about: whether a call fits into what a model takes in.
const BYTES_OF_A_TOKEN: u64 = 4;

/// What is asked.
pub(super) enum Question<'a> {
    /// For an answer.
    Chat(&'a Call<'a>),
    /// For a vector.
    Vector(Whose, &'a str),
}

/// What was answered.
pub(super) enum Reply {
    Answer(Answer),
    Vector(Vec<f32>),
}

/// Everything that a try needs.
pub(super) struct Tries {
    pub(super) providers: Vec<Provider>,
    pub(super) ledger: Ledger,
    budgets: Budgets,
    attempts: usize,
    backoff: Duration,
    /// Who had less time than this is not to blame for being late.
    fair: Duration,
    max_completion_tokens: u32,
}

impl Question<'_> {
    pub(super) fn whose(&self) -> (Whose, Feature) {
        match self {
            Self::Chat(call) => (call.whose, call.feature),
            Self::Vector(whose, _) => (*whose, Feature::Embedding),
        }
    }

    /// How much is sent: bytes, and pictures.
    fn size(&self) -> (usize, usize) {
        match self {
            Self::Chat(call) => wire::size(call.messages, call.tools),
            Self::Vector(_, text) => (text.len(), 0),
        }
    }
}

impl Tries {
    pub(super) fn new(
        config: &LlmConfig,
        providers: Vec<Provider>,
        budgets: Budgets,
        ledger: Ledger,
    ) -> Self {
        let LlmConfig { attempts, backoff, max_completion_tokens, .. } = *config;
        let fair = config.silence.min(config.timeout) / 2;
        Self { providers, ledger, budgets, attempts, backoff, fair, max_completion_tokens }
    }

    /// Who can be asked, in order: of chats who sees first where there is something to see, without those that cannot take in
    /// so much unless nobody can; of vectors those of the first one's model.
    pub(super) fn candidates(&self, question: &Question<'_>) -> Vec<&Provider> {
        let Question::Chat(call) = question else {
            let model = self.providers.iter().find_map(|one| one.config.embedding_model.as_ref());
            return self
                .providers
                .iter()
                .filter(|one| one.config.embedding_model.as_ref() == model)
                .collect();
        };
        let (bytes, pictures) = question.size();
        let fits = |one: &&Provider| {
            let pictures =
                if one.config.vision { pictures as u64 * u64::from(one.config.image_tokens) } else { 0 };
            let tokens = bytes as u64 / BYTES_OF_A_TOKEN + pictures + u64::from(self.max_completion_tokens);
            tokens <= u64::from(one.config.context_tokens)
        };
        let mut candidates: Vec<&Provider> = self.providers.iter().filter(fits).collect();
        if candidates.is_empty() {
            candidates = self.providers.iter().collect();
        }
        if call.vision {
            candidates.sort_by_key(|one| !one.config.vision);
        }
        candidates
    }

    /// Asks until one has answered; says who.
    ///
    /// # Errors
    /// What the last one said. Where others may know better the next time, it is not permanent, and may be tried again as soon as
    /// one of them may be.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        deadline: Instant,
    ) -> Result<(Reply, &Provider), LlmError> {
        let telling = Telling::to(match question {
            Question::Chat(call) => call.deltas,
            Question::Vector(..) => None,
        });
        let mut paid = 0;
        let mut last: Option<LlmError> = None;
        let mut soonest: Option<Duration> = None;
        let mut may_be_in =
            |wait: Duration| soonest = Some(soonest.map_or(wait, |soonest| soonest.min(wait)));
        for provider in self.candidates(question) {
            let mut pauses = self.pauses();
            loop {
                let admission = match provider.breaker.admit() {
                    Ok(admission) => admission,
                    Err(rest) => {
                        may_be_in(rest);
                        break;
                    }
                };
                let failed = match self.once(provider, question, &telling, deadline).await {
                    Ok((mut reply, cost)) => {
                        admission.worked();
                        if let Reply::Answer(answer) = &mut reply {
                            answer.cost_micros = paid + cost;
                        }
                        return Ok((reply, provider));
                    }
                    Err((failed, cost)) => {
                        paid += cost;
                        failed
                    }
                };
                telling.take_back();
                if failed.blames {
                    admission.failed(failed.error.retry_after);
                } else {
                    drop(admission);
                }
                let Failed { mut error, .. } = failed;
                if matches!(error.code, Code::BudgetExceeded | Code::Unavailable) {
                    return Err(error);
                }
                let wait = match pauses.next() {
                    Some(pause) if !error.permanent => pause.max(error.retry_after.unwrap_or_default()),
                    _ => Duration::MAX,
                };
                if !error.permanent {
                    may_be_in(error.retry_after.unwrap_or_default());
                }
                // One who said it may pass makes the whole passing.
                error.permanent &= last.as_ref().is_none_or(|last| last.permanent);
                last = Some(error);
                if wait > LONGEST_PAUSE || Instant::now() + wait >= deadline {
                    break;
                }
                let again = Instant::now() + wait;
                // What was reserved more than spent may be there again for the next try.
                let _late = timeout_at(again, self.ledger.flush()).await;
                tokio::time::sleep_until(again).await;
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        let skipped = "every provider is skipped for having failed";
        let last = last.unwrap_or_else(|| LlmError::new(Code::ModelUnavailable, false, skipped));
        // Who was skipped may know better than who refused for good.
        Err(LlmError {
            permanent: last.permanent && soonest.is_none(),
            retry_after: soonest.filter(|wait| !wait.is_zero()),
            ..last
        })
    }

    /// Asks one provider once; says what that cost, in millionths of a dollar.
    async fn once(
        &self,
        provider: &Provider,
        question: &Question<'_>,
        telling: &Telling<'_>,
        deadline: Instant,
    ) -> Result<(Reply, i64), (Failed, i64)> {
        let (whose, feature) = question.whose();
        let (provider_name, model) = (provider.name(), provider.model_of(feature));
        let span = tracing::info_span!("model call", otel.kind = "client", provider = provider_name, model);
        let (sent, pictures) = question.size();
        let left = deadline.saturating_duration_since(Instant::now());
        let most = self.most(provider, question, sent, pictures);
        let reservation = match self.budgets.reserve(&whose, most, left).await {
            Ok(reservation) => reservation,
            Err(error) => return Err((Failed { error, blames: false, free: true }, 0)),
        };
        let bill = Bill::open(&self.ledger, provider, (whose, feature), reservation, sent);
        let began = Instant::now();
        let is_fair = deadline.saturating_duration_since(began) >= self.fair;
        let asked = async {
            match question {
                Question::Chat(call) => {
                    let (answer, tokens) = provider.chat(call, telling, &bill).await?;
                    Ok::<_, Failed>((Reply::Answer(answer), tokens))
                }
                Question::Vector(_, text) => {
                    let (vector, tokens) = provider.vector(text).await?;
                    Ok((Reply::Vector(vector), tokens))
                }
            }
        };
        let answer = timeout_at(deadline, asked.instrument(span.clone()))
            .await
            .unwrap_or_else(|_| Err(too_late(is_fair)));
        let latency_ms = began.elapsed().as_millis() as u64;
        let _here = span.entered();
        match answer {
            Ok((mut reply, counted)) => {
                let (tokens, cost) = bill.answered(counted);
                if let Reply::Answer(answer) = &mut reply {
                    (answer.prompt_tokens, answer.completion_tokens) = (tokens.prompt, tokens.completion);
                }
                let Tokens { prompt, completion } = tokens;
                tracing::info!(
                    provider = provider_name,
                    model,
                    prompt_tokens = prompt,
                    completion_tokens = completion,
                    cost_micros = cost,
                    latency_ms,
                    "the model answered"
                );
                Ok((reply, cost))
            }
            Err(failed) => {
                let LlmError { code, cause, .. } = &failed.error;
                trace::failed(&Span::current(), *code);
                tracing::warn!(provider = provider_name, model, %code, cause, latency_ms, "the model failed");
                let cost = if failed.free { bill.refused(*code) } else { bill.failed(*code) };
                Err((failed, cost))
            }
        }
    }

    /// The most that a try can cost, in millionths of a dollar: no token has less than a byte.
    fn most(&self, provider: &Provider, question: &Question<'_>, sent: usize, pictures: usize) -> i64 {
        let sent = u32::try_from(sent).unwrap_or(u32::MAX);
        let pictures = if provider.config.vision { u32::try_from(pictures).unwrap_or(u32::MAX) } else { 0 };
        let prompt = sent.saturating_add(pictures.saturating_mul(provider.config.image_tokens));
        match question {
            Question::Chat(_) => provider.cost(prompt, self.max_completion_tokens),
            Question::Vector(..) => provider.vector_cost(prompt),
        }
    }

    /// The pauses between the tries of one provider.
    fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        ExponentialBuilder::default()
            .with_min_delay(self.backoff)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(self.attempts.saturating_sub(1))
            .with_jitter()
            .build()
    }
}

fn too_late(blames: bool) -> Failed {
    let error = LlmError::new(Code::ModelTimeout, false, "no whole answer in the time that there is");
    Failed { error, blames, free: false }
}
