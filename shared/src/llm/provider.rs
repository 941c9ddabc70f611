//! One provider: one request, one answer, no second try.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::{OpenAIError, StreamError};
use async_openai::middleware::HttpRequestFactory;
use chrono::{DateTime, Utc};
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::header::RETRY_AFTER;
use tokio::time::timeout;

use super::bill::{Bill, Tokens};
use super::breaker::Breaker;
use super::telling::Telling;
use super::wire::{Assembly, Chunk, Embeddings, embedding_request, request};
use super::{Answer, Call, Feature, LlmError};
use crate::config::{LlmConfig, ProviderConfig};
use crate::error::{Code, Error, Result};
use crate::telemetry::trace;

/// The longest `Retry-After` that is respected.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(600);
/// What a price is for.
const MILLION: u64 = 1_000_000;

/// A provider with its breaker.
pub(super) struct Provider {
    pub(super) config: ProviderConfig,
    pub(super) breaker: Breaker,
    client: Client<OpenAIConfig>,
    silence: Duration,
    max_completion_tokens: u32,
}

/// A try that failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: LlmError,
    /// Whether that speaks against the provider, and not against what was asked.
    pub(super) blames: bool,
    /// Whether nothing is charged for it: it was refused, or never got there.
    pub(super) free: bool,
}

/// The provider answered with an error status.
#[derive(Debug, thiserror::Error)]
#[error("status {status}")]
struct Refused {
    status: u16,
    retry_after: Option<Duration>,
}

impl Provider {
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn new(config: &ProviderConfig, of: &LlmConfig) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| Error::new(Code::Internal).because(error))?;
        let openai = OpenAIConfig::new().with_api_base(&config.base_url).with_api_key(config.key.reveal());
        // The service of ours keeps Retry-After, which the crate's errors drop, and does not retry by itself.
        let service = tower::service_fn(move |call: HttpRequestFactory| send(http.clone(), call));
        Ok(Self {
            client: Client::with_config(openai).with_http_service(service),
            breaker: Breaker::new(&config.name, of.breaker_failures, of.breaker_rest),
            config: config.clone(),
            silence: of.silence,
            max_completion_tokens: of.max_completion_tokens,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.config.name
    }

    /// Which of its models a feature is of.
    pub(super) fn model_of(&self, feature: Feature) -> &str {
        match (feature, &self.config.embedding_model) {
            (Feature::Embedding, Some(model)) => model,
            _ => &self.config.model,
        }
    }

    /// What an answer costs, in millionths of a dollar, rounded up.
    pub(super) fn cost(&self, prompt: u32, completion: u32) -> i64 {
        let parts = u64::from(prompt) * self.config.prompt_price
            + u64::from(completion) * self.config.completion_price;
        parts.div_ceil(MILLION) as i64
    }

    /// What a vector costs.
    pub(super) fn vector_cost(&self, prompt: u32) -> i64 {
        (u64::from(prompt) * self.config.embedding_price).div_ceil(MILLION) as i64
    }

    /// Asks for an answer, telling of it while it comes.
    pub(super) async fn chat(
        &self,
        call: &Call<'_>,
        telling: &Telling<'_>,
        bill: &Bill<'_>,
    ) -> std::result::Result<(Answer, Tokens), Failed> {
        let limit = (self.config.max_tokens_field.as_str(), self.max_completion_tokens);
        let body = request(&self.config.model, call.messages, call.tools, limit, self.config.vision);
        let mut chunks: BoxStream<'static, std::result::Result<Chunk, OpenAIError>> =
            self.in_time(self.client.chat().create_stream_byot(body)).await?.map_err(failed)?;
        let mut assembly = Assembly::default();
        while let Some(chunk) = self.in_time(chunks.next()).await? {
            let more = assembly.add(chunk.map_err(failed)?).map_err(malformed)?;
            bill.hears(more.bytes);
            if let Some(text) = more.text {
                telling.tell(&text);
            }
        }
        // One that was made to stop did as it was told.
        let blames = !assembly.is_cut();
        let mut answer = assembly.finish().map_err(|cause| Failed { blames, ..malformed(cause) })?;
        if answer.model.is_empty() {
            answer.model.clone_from(&self.config.model);
        }
        let tokens = Tokens { prompt: answer.prompt_tokens, completion: answer.completion_tokens };
        Ok((answer, tokens))
    }

    /// Asks for a vector.
    pub(super) async fn vector(&self, text: &str) -> std::result::Result<(Vec<f32>, Tokens), Failed> {
        let body = embedding_request(self.model_of(Feature::Embedding), text);
        let answer: Embeddings =
            self.in_time(self.client.embeddings().create_byot(body)).await?.map_err(failed)?;
        let tokens = Tokens { prompt: answer.prompt_tokens(), completion: 0 };
        Ok((answer.vector().map_err(malformed)?, tokens))
    }

    /// What comes before the silence has lasted too long.
    async fn in_time<T>(&self, next: impl Future<Output = T>) -> std::result::Result<T, Failed> {
        timeout(self.silence, next).await.map_err(|_| Failed {
            error: LlmError::new(Code::ModelTimeout, false, format!("nothing for {:?}", self.silence)),
            blames: true,
            free: false,
        })
    }
}

async fn send(
    http: reqwest::Client,
    call: HttpRequestFactory,
) -> std::result::Result<reqwest::Response, OpenAIError> {
    let mut request = call.build().await?;
    if let Some(here) = trace::traceparent().and_then(|here| here.parse().ok()) {
        request.headers_mut().insert("traceparent", here);
    }
    let response = http.execute(request).await?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let value = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = value.and_then(|value| wish(value, Utc::now()));
    Err(OpenAIError::Boxed(Box::new(Refused { status, retry_after })))
}

/// What `Retry-After` says: seconds, or a date.
fn wish(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let seconds = value.trim().parse().ok().map(Duration::from_secs);
    let date = || {
        let date = DateTime::parse_from_rfc2822(value.trim()).ok()?;
        Some((date.to_utc() - now).to_std().unwrap_or_default())
    };
    seconds.or_else(date).map(|wish| wish.min(RETRY_AFTER_MAX))
}

fn malformed(cause: &str) -> Failed {
    Failed { error: LlmError::new(Code::ModelMalformed, false, cause), blames: true, free: false }
}

fn failed(error: OpenAIError) -> Failed {
    let refused = match &error {
        OpenAIError::Boxed(boxed) => boxed.downcast_ref::<Refused>(),
        _ => None,
    };
    let code = match &error {
        OpenAIError::JSONDeserialize(..) => Code::ModelMalformed,
        OpenAIError::StreamError(stream) if matches!(**stream, StreamError::UnknownEvent(_)) => {
            Code::ModelMalformed
        }
        OpenAIError::Reqwest(error) if error.is_timeout() => Code::ModelTimeout,
        _ => Code::ModelUnavailable,
    };
    let retry_after = refused.and_then(|refused| refused.retry_after);
    let status = refused.map(|refused| refused.status);
    let permanent = status.is_some_and(|status| !is_passing(status));
    // What the model said may be personal; where it stopped being JSON is enough.
    let cause = match &error {
        OpenAIError::JSONDeserialize(error, _) => format!("not JSON at column {}", error.column()),
        other => other.to_string(),
    };
    let blames = !status.is_some_and(is_about_the_call);
    let unreached = matches!(&error, OpenAIError::Reqwest(error) if error.is_connect() || error.is_builder());
    let free = status.is_some() || unreached;
    Failed { error: LlmError { retry_after, ..LlmError::new(code, permanent, cause) }, blames, free }
}

/// Whether a refusal may be over the next time.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429) || status >= 500
}

/// Whether a refusal is of this call only: others will go through.
fn is_about_the_call(status: u16) -> bool {
    matches!(status, 400 | 409 | 413 | 422)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_seconds_or_dates() {
        let now = DateTime::UNIX_EPOCH;
        for (value, seconds) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("100000", Some(600)),
            ("Thu, 01 Jan 1970 00:00:09 GMT", Some(9)),
            ("Wed, 31 Dec 1969 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(wish(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
