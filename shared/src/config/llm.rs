use std::fmt;
use std::time::Duration;

use super::address::{address, shown};
use super::{ConfigError, Secret, positive_millis, required, text};

/// Which model answers.
#[derive(Clone)]
pub struct LlmConfig {
    /// `LLM_BASE_URL`: an OpenAI-compatible API, such as `https://api.openai.com/v1`. No default.
    pub base_url: String,
    /// `LLM_API_KEY`. No default.
    pub api_key: Secret,
    /// `LLM_MODEL`. No default.
    pub model: String,
    /// `LLM_EMBEDDING_MODEL`: which model of that API makes vectors of texts; none, so that texts are compared by their
    /// words only, if it is not set.
    pub embedding_model: Option<String>,
    /// `PROXIE_LLM_TIMEOUT_MS`: how long one call may take in all (60,000).
    pub timeout: Duration,
}

impl LlmConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            base_url: address("LLM_BASE_URL", "the address of an OpenAI-compatible API", &["http", "https"])?,
            api_key: Secret::new(required("LLM_API_KEY", "the key of that API")?),
            model: required("LLM_MODEL", "the name of the model")?,
            embedding_model: text("LLM_EMBEDDING_MODEL")?,
            timeout: positive_millis("PROXIE_LLM_TIMEOUT_MS", 60_000)?,
        })
    }
}

impl fmt::Debug for LlmConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlmConfig")
            .field("base_url", &shown(&self.base_url))
            .field("api_key", &self.api_key)
            .field("model", &self.model)
            .field("embedding_model", &self.embedding_model)
            .field("timeout", &self.timeout)
            .finish()
    }
}
