//! One call: send, read the stream, understand it, all within a time limit.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::{OpenAIError, StreamError};
use async_openai::middleware::HttpRequestFactory;
use futures::StreamExt;
use futures::stream::BoxStream;
use metrics::{counter, histogram};
use reqwest::header::RETRY_AFTER;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span};

use super::wire::{Assembly, Chunk, Embeddings, embedding_request, request};
use super::{Answer, Call, Deltas, LlmError, Message, ToolSpec, Whose};
use crate::config::LlmConfig;
use crate::error::{Code, Error, Result};
use crate::telemetry::trace;

/// The longest `Retry-After` that is respected.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(600);

/// Calls the configured model.
#[derive(Clone)]
pub struct Gateway {
    client: Client<OpenAIConfig>,
    model: String,
    embedding_model: Option<String>,
    timeout: Duration,
}

/// The provider answered with an error status.
#[derive(Debug, thiserror::Error)]
#[error("status {status}")]
struct Refused {
    status: u16,
    retry_after: Option<Duration>,
}

impl Gateway {
    /// A door to the configured model.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: &LlmConfig) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| Error::new(Code::Internal).because(error))?;
        let openai =
            OpenAIConfig::new().with_api_base(&config.base_url).with_api_key(config.api_key.reveal());
        // The service of ours keeps Retry-After, which the crate's errors drop, and does not retry by itself.
        let service = tower::service_fn(move |call: HttpRequestFactory| send(http.clone(), call));
        let client = Client::with_config(openai).with_http_service(service);
        let embedding_model = config.embedding_model.clone();
        Ok(Self { client, model: config.model.clone(), embedding_model, timeout: config.timeout })
    }

    /// Whether any model sees pictures.
    #[must_use]
    pub fn sees(&self) -> bool {
        false
    }

    /// The model's answer to a conversation, with these tools on offer; who wants to hears it while it comes.
    ///
    /// # Errors
    /// `model_unavailable`, `model_timeout` or `model_malformed`.
    pub async fn complete(&self, call: Call<'_>) -> std::result::Result<Answer, LlmError> {
        let span = tracing::info_span!("model call", otel.kind = "client", model = self.model);
        let answer = self.measured(call.messages, call.tools, call.deltas).instrument(span).await;
        if let (Err(_), Some(deltas)) = (&answer, call.deltas) {
            deltas.reset();
        }
        answer
    }

    /// The model that makes vectors of texts, if there is one.
    #[must_use]
    pub fn embedding_model(&self) -> Option<&str> {
        self.embedding_model.as_deref()
    }

    /// A text as a vector, by the model for that.
    ///
    /// # Errors
    /// `model_unavailable`, also where there is no such model, `model_timeout` or `model_malformed`.
    pub async fn embed(&self, _whose: Whose, text: &str) -> std::result::Result<Vec<f32>, LlmError> {
        let Some(model) = &self.embedding_model else {
            return Err(LlmError {
                code: Code::ModelUnavailable,
                permanent: true,
                retry_after: None,
                cause: "no model makes vectors".to_owned(),
            });
        };
        let span = tracing::info_span!("embedding call", otel.kind = "client", model);
        let started = Instant::now();
        let body = embedding_request(model, text);
        let asked =
            async { self.client.embeddings().create_byot(body).await.map_err(failed) }.instrument(span);
        let answer: std::result::Result<Embeddings, LlmError> =
            timeout_at(started + self.timeout, asked).await.unwrap_or_else(|_| Err(self.too_late()));
        let vector = answer.and_then(|answer| answer.vector().map_err(malformed));
        let outcome = vector.as_ref().map_or_else(|error| error.code.into(), |_| "ok");
        counter!("proxie_model_calls_total", "model" => model.clone(), "outcome" => outcome).increment(1);
        histogram!("proxie_model_call_seconds").record(started.elapsed());
        vector
    }

    fn too_late(&self) -> LlmError {
        LlmError {
            code: Code::ModelTimeout,
            permanent: false,
            retry_after: None,
            cause: format!("no whole answer within {:?}", self.timeout),
        }
    }

    async fn measured(
        &self,
        messages: &[Message],
        tools: &[ToolSpec],
        deltas: Option<&dyn Deltas>,
    ) -> std::result::Result<Answer, LlmError> {
        let started = Instant::now();
        let answer = match timeout_at(started + self.timeout, self.ask(messages, tools, deltas)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.too_late()),
        };
        self.measure(&answer, started.elapsed());
        let latency_ms = started.elapsed().as_millis() as u64;
        match &answer {
            Ok(answer) => tracing::info!(
                model = self.model,
                prompt_tokens = answer.prompt_tokens,
                completion_tokens = answer.completion_tokens,
                latency_ms,
                "the model answered"
            ),
            Err(error) => {
                trace::failed(&Span::current(), error.code);
                tracing::warn!(code = %error.code, cause = error.cause, latency_ms, "the model failed");
            }
        }
        answer
    }

    /// The model's name is the configured one: its own word for itself could be anything.
    fn measure(&self, answer: &std::result::Result<Answer, LlmError>, took: Duration) {
        let outcome = match answer {
            Ok(_) => "ok",
            Err(error) => error.code.into(),
        };
        counter!("proxie_model_calls_total", "model" => self.model.clone(), "outcome" => outcome)
            .increment(1);
        histogram!("proxie_model_call_seconds").record(took);
        if let Ok(answer) = answer {
            counter!("proxie_model_tokens_total", "kind" => "prompt").increment(answer.prompt_tokens.into());
            counter!("proxie_model_tokens_total", "kind" => "completion")
                .increment(answer.completion_tokens.into());
        }
    }

    async fn ask(
        &self,
        messages: &[Message],
        tools: &[ToolSpec],
        deltas: Option<&dyn Deltas>,
    ) -> std::result::Result<Answer, LlmError> {
        let body = request(&self.model, messages, tools);
        let mut chunks: BoxStream<'static, std::result::Result<Chunk, OpenAIError>> =
            self.client.chat().create_stream_byot(body).await.map_err(failed)?;
        let mut assembly = Assembly::default();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(failed)?;
            if let (Some(text), Some(deltas)) = (chunk.text(), deltas) {
                deltas.delta(text);
            }
            assembly.add(chunk).map_err(malformed)?;
        }
        let mut answer = assembly.finish().map_err(malformed)?;
        if answer.model.is_empty() {
            answer.model.clone_from(&self.model);
        }
        Ok(answer)
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
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX));
    Err(OpenAIError::Boxed(Box::new(Refused { status, retry_after })))
}

fn malformed(cause: &str) -> LlmError {
    LlmError { code: Code::ModelMalformed, permanent: false, retry_after: None, cause: cause.to_owned() }
}

fn failed(error: OpenAIError) -> LlmError {
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
    let permanent = refused.is_some_and(|refused| !is_passing(refused.status));
    // What the model said may be personal; where it stopped being JSON is enough.
    let cause = match &error {
        OpenAIError::JSONDeserialize(error, _) => format!("not JSON at column {}", error.column()),
        other => other.to_string(),
    };
    LlmError { code, permanent, retry_after, cause }
}

/// Whether a refusal may be over the next time.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429) || status >= 500
}
