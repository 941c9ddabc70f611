//! The list of providers.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;

use super::super::address::{address, check, shown};
use super::super::{ConfigError, Secret, parsed, required, text, wrong};

/// Where models are: an OpenAI-compatible API (OpenAI, Gemini and Anthropic by their compatible addresses, vLLM, Ollama …),
/// and which of its models are used. Named at each field: its key in the JSON of `LLM_PROVIDERS`, and the variable of the
/// single provider.
#[derive(Clone)]
pub struct ProviderConfig {
    /// `name`: what usage and metrics call it (`default`).
    pub name: String,
    /// `base_url`, `LLM_BASE_URL`: such as `https://api.openai.com/v1`. No default.
    pub base_url: String,
    /// `key`, or `key_env`: the name of a variable that holds it; `LLM_API_KEY`. No default.
    pub key: Secret,
    /// `model`, `LLM_MODEL`: which one chats. No default.
    pub model: String,
    /// `prompt_price`, `LLM_PROMPT_PRICE`: of a million tokens sent, in millionths of a dollar: 150000 is $0.15 (0).
    pub prompt_price: u64,
    /// `completion_price`, `LLM_COMPLETION_PRICE`: of a million tokens received (0).
    pub completion_price: u64,
    /// `vision`, `LLM_VISION`: whether the model sees pictures (false).
    pub vision: bool,
    /// `image_tokens`, `LLM_IMAGE_TOKENS`: what a picture counts at most (2,000).
    pub image_tokens: u32,
    /// `context_tokens`, `LLM_CONTEXT_TOKENS`: how much the model takes in, with its answer (128,000). Longer calls go to others.
    pub context_tokens: u32,
    /// `embedding_model`, `LLM_EMBEDDING_MODEL`: which model makes vectors of texts; without one anywhere texts are compared
    /// by their words only. Only providers of the same one stand in for each other: vectors of two models compare to nothing.
    pub embedding_model: Option<String>,
    /// `embedding_price`, `LLM_EMBEDDING_PRICE`: of a million tokens made vectors of (0).
    pub embedding_price: u64,
    /// `max_tokens_field`, `LLM_MAX_TOKENS_FIELD`: how it wants the longest answer named (`max_completion_tokens` at
    /// api.openai.com, else `max_tokens`).
    pub max_tokens_field: String,
}

/// The variable of all providers.
const PROVIDERS: &str = "LLM_PROVIDERS";
/// What a picture counts if nothing is said.
const IMAGE_TOKENS: u32 = 2_000;
/// What a model takes in if nothing is said.
const CONTEXT_TOKENS: u32 = 128_000;
/// The dearest that is believed: a thousand dollars for a million tokens.
const DEAREST: u64 = 1_000_000_000;

/// A provider as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    base_url: String,
    key: Option<String>,
    key_env: Option<String>,
    model: String,
    #[serde(default)]
    prompt_price: u64,
    #[serde(default)]
    completion_price: u64,
    #[serde(default)]
    vision: bool,
    image_tokens: Option<u32>,
    context_tokens: Option<u32>,
    embedding_model: Option<String>,
    #[serde(default)]
    embedding_price: u64,
    max_tokens_field: Option<String>,
}

/// The providers of the list, or the single one.
pub(super) fn from_env() -> Result<Vec<ProviderConfig>, ConfigError> {
    match text(PROVIDERS)? {
        Some(list) => read(&list, |name| std::env::var(name).ok()).map_err(|why| wrong(PROVIDERS, why)),
        None => Ok(vec![single()?]),
    }
}

fn single() -> Result<ProviderConfig, ConfigError> {
    let base_url = address("LLM_BASE_URL", "the address of an OpenAI-compatible API", &["http", "https"])?;
    let key = Secret::new(required("LLM_API_KEY", "the key of that API")?);
    let mut provider =
        ProviderConfig::new("default", &base_url, key, &required("LLM_MODEL", "the name of the model")?);
    provider.prompt_price = price("LLM_PROMPT_PRICE")?;
    provider.completion_price = price("LLM_COMPLETION_PRICE")?;
    provider.embedding_price = price("LLM_EMBEDDING_PRICE")?;
    provider.vision = parsed("LLM_VISION", false)?;
    provider.image_tokens = parsed("LLM_IMAGE_TOKENS", IMAGE_TOKENS)?;
    provider.context_tokens = parsed("LLM_CONTEXT_TOKENS", CONTEXT_TOKENS)?;
    provider.embedding_model = text("LLM_EMBEDDING_MODEL")?;
    if let Some(field) = text("LLM_MAX_TOKENS_FIELD")? {
        provider.max_tokens_field = field;
    }
    Ok(provider)
}

fn price(name: &'static str) -> Result<u64, ConfigError> {
    let price = parsed(name, 0)?;
    if price > DEAREST {
        Err(wrong(name, "it is too much: millionths of a dollar, for a million tokens"))
    } else {
        Ok(price)
    }
}

/// Reads the list. What is wrong is told without what stands there: it may be a key.
fn read(json: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Vec<ProviderConfig>, String> {
    let written: Vec<Written> = serde_json::from_str(json).map_err(|error| without_values(&error))?;
    if written.is_empty() {
        return Err("it names no provider".to_owned());
    }
    let mut names = HashSet::new();
    let mut providers = Vec::new();
    for one in written {
        let name = one.name.clone();
        if name.trim().is_empty() || name.len() > 50 {
            return Err("a name is empty or has more than 50 bytes".to_owned());
        }
        if !names.insert(name.clone()) {
            return Err(format!("the provider '{name}' is there twice"));
        }
        providers.push(one.checked(&variable).map_err(|why| format!("of the provider '{name}' {why}"))?);
    }
    Ok(providers)
}

/// serde's sentence where it names a field only, else where it stopped.
fn without_values(error: &serde_json::Error) -> String {
    let told = error.to_string();
    if told.starts_with("missing field") || told.starts_with("unknown field") {
        return told;
    }
    format!("it is not understood at line {} column {}", error.line(), error.column())
}

impl Written {
    fn checked(self, variable: impl Fn(&str) -> Option<String>) -> Result<ProviderConfig, String> {
        check(&self.base_url, &["http", "https"]).map_err(|why| format!("base_url: {why}"))?;
        let key = match (self.key, self.key_env) {
            (Some(key), None) => key,
            (None, Some(name)) => {
                variable(&name).ok_or_else(|| format!("the variable {name} of key_env is not set"))?
            }
            _ => return Err("either key or key_env is to be given".to_owned()),
        };
        if self.model.trim().is_empty() {
            return Err("model is empty".to_owned());
        }
        if [self.prompt_price, self.completion_price, self.embedding_price]
            .iter()
            .any(|price| *price > DEAREST)
        {
            return Err("a price is too much: millionths of a dollar, for a million tokens".to_owned());
        }
        let mut provider = ProviderConfig::new(&self.name, &self.base_url, Secret::new(key), &self.model);
        provider.prompt_price = self.prompt_price;
        provider.completion_price = self.completion_price;
        provider.vision = self.vision;
        provider.image_tokens = self.image_tokens.unwrap_or(IMAGE_TOKENS);
        provider.context_tokens = self.context_tokens.unwrap_or(CONTEXT_TOKENS);
        provider.embedding_model = self.embedding_model;
        provider.embedding_price = self.embedding_price;
        if let Some(field) = self.max_tokens_field {
            provider.max_tokens_field = field;
        }
        Ok(provider)
    }
}

impl ProviderConfig {
    /// A provider with the defaults: free, blind, without vectors.
    #[must_use]
    pub fn new(name: &str, base_url: &str, key: Secret, model: &str) -> Self {
        let field =
            if base_url.contains("//api.openai.com/") { "max_completion_tokens" } else { "max_tokens" };
        Self {
            name: name.to_owned(),
            base_url: base_url.to_owned(),
            key,
            model: model.to_owned(),
            prompt_price: 0,
            completion_price: 0,
            vision: false,
            image_tokens: IMAGE_TOKENS,
            context_tokens: CONTEXT_TOKENS,
            embedding_model: None,
            embedding_price: 0,
            max_tokens_field: field.to_owned(),
        }
    }
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("name", &self.name)
            .field("base_url", &shown(&self.base_url))
            .field("key", &self.key)
            .field("model", &self.model)
            .field("prompt_price", &self.prompt_price)
            .field("completion_price", &self.completion_price)
            .field("vision", &self.vision)
            .field("image_tokens", &self.image_tokens)
            .field("context_tokens", &self.context_tokens)
            .field("embedding_model", &self.embedding_model)
            .field("embedding_price", &self.embedding_price)
            .field("max_tokens_field", &self.max_tokens_field)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use serde_json::{Value, json};

    use super::*;

    fn provider(other: &Value) -> Value {
        let mut one =
            json!({"name": "a", "base_url": "https://a.example/v1", "key": "sk-hunter2", "model": "m"});
        one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        one
    }

    fn list(json: &Value) -> Result<Vec<ProviderConfig>, String> {
        read(&json.to_string(), |name| (name == "KEY").then(|| "sk-of-variable".to_owned()))
    }

    #[test]
    fn providers_keep_their_order_and_hide_their_keys() {
        let by_variable = json!({"name": "b", "base_url": "https://api.openai.com/v1", "key_env": "KEY", "model": "m",
            "prompt_price": 150_000, "completion_price": 600_000, "vision": true});
        let read = list(&json!([provider(&json!({})), by_variable])).unwrap();
        assert_eq!(read.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(read[1].key.reveal(), "sk-of-variable");
        assert_eq!(
            [&read[0].max_tokens_field, &read[1].max_tokens_field],
            ["max_tokens", "max_completion_tokens"]
        );
        let shown = format!("{read:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("of-variable"), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_named_and_no_key_is_told() {
        for (other, why) in [
            (json!({"base_url": "a.example"}), "base_url"),
            (json!({"key": "sk-hunter2", "key_env": "KEY"}), "either key or key_env"),
            (json!({"key": null}), "either key or key_env"),
            (json!({"key": null, "key_env": "NOBODY"}), "NOBODY"),
            (json!({"model": " "}), "model is empty"),
            (json!({"colour": "red"}), "unknown field `colour`"),
            (json!({"prompt_price": "sk-hunter2"}), "not understood at line"),
            (json!({"prompt_price": 2_000_000_000_u64}), "too much"),
            (json!({"name": ""}), "a name is empty"),
        ] {
            let error = list(&json!([provider(&other)])).unwrap_err();
            assert!(error.contains(why) && !error.contains("hunter2"), "{other}: {error}");
        }
        assert!(list(&json!([provider(&json!({})), provider(&json!({}))])).unwrap_err().contains("twice"));
        assert!(list(&json!([])).is_err() && list(&json!({})).is_err());
    }
}
