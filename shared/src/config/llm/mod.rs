mod providers;

use std::time::Duration;

pub use providers::ProviderConfig;

use super::{ConfigError, millis, parsed, positive, positive_millis};

/// Which models answer, how patiently they are asked, and what they may cost.
#[derive(Clone, Debug)]
pub struct LlmConfig {
    /// `LLM_PROVIDERS`: a JSON array of [`ProviderConfig`], asked in this order. Without it there is one, named `default`, of
    /// `LLM_BASE_URL`, `LLM_API_KEY`, `LLM_MODEL` and what else is named at [`ProviderConfig`]'s fields.
    pub providers: Vec<ProviderConfig>,
    /// `PROXIE_LLM_TIMEOUT_MS`: how long one call may take in all, every try of every provider (60,000).
    pub timeout: Duration,
    /// `PROXIE_LLM_SILENCE_MS`: how long a provider may say nothing before its try is given up (20,000).
    pub silence: Duration,
    /// `PROXIE_LLM_ATTEMPTS`: how often one provider is tried before the next one is (2).
    pub attempts: usize,
    /// `PROXIE_LLM_BACKOFF_MS`: the pause before the second try; it doubles, and varies at random (250).
    pub backoff: Duration,
    /// `PROXIE_LLM_BREAKER_FAILURES`: after so many failures in a row a provider is skipped for a while; 0: never (5).
    pub breaker_failures: u32,
    /// `PROXIE_LLM_BREAKER_REST_MS`: for how long; doubles, up to a minute, while it stays down (10,000).
    pub breaker_rest: Duration,
    /// `PROXIE_LLM_MAX_COMPLETION_TOKENS`: the longest answer (4,096).
    pub max_completion_tokens: u32,
    /// `PROXIE_LLM_CACHE_TTL_MS`: how long an answer serves for the same call again; 0: not at all (3,600,000).
    pub cache_ttl: Duration,
    /// What may be spent.
    pub budgets: BudgetsConfig,
}

/// What models may cost, in millionths of a dollar. Days are those of UTC; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetsConfig {
    /// `PROXIE_BUDGET_USER_DAY_MICROS`: a user or guest in a day (2,000,000).
    pub user_day: i64,
    /// `PROXIE_BUDGET_SESSION_MICROS`: a conversation, ever (1,000,000).
    pub session: i64,
    /// `PROXIE_BUDGET_ADDRESS_DAY_MICROS`: all guests who were made from one address in a day (500,000).
    pub address_day: i64,
    /// `PROXIE_BUDGET_GUESTS_DAY_MICROS`: all guests together in a day (20,000,000).
    pub guests_day: i64,
}

impl Default for BudgetsConfig {
    fn default() -> Self {
        Self { user_day: 2_000_000, session: 1_000_000, address_day: 500_000, guests_day: 20_000_000 }
    }
}

impl LlmConfig {
    /// These providers, and the defaults.
    #[must_use]
    pub fn of(providers: Vec<ProviderConfig>) -> Self {
        Self {
            providers,
            timeout: Duration::from_secs(60),
            silence: Duration::from_secs(20),
            attempts: 2,
            backoff: Duration::from_millis(250),
            breaker_failures: 5,
            breaker_rest: Duration::from_secs(10),
            max_completion_tokens: 4_096,
            cache_ttl: Duration::from_secs(3_600),
            budgets: BudgetsConfig::default(),
        }
    }

    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let budgets = BudgetsConfig::default();
        Ok(Self {
            providers: providers::from_env()?,
            timeout: positive_millis("PROXIE_LLM_TIMEOUT_MS", 60_000)?,
            silence: positive_millis("PROXIE_LLM_SILENCE_MS", 20_000)?,
            attempts: positive("PROXIE_LLM_ATTEMPTS", 2)?,
            backoff: positive_millis("PROXIE_LLM_BACKOFF_MS", 250)?,
            breaker_failures: parsed("PROXIE_LLM_BREAKER_FAILURES", 5)?,
            breaker_rest: positive_millis("PROXIE_LLM_BREAKER_REST_MS", 10_000)?,
            max_completion_tokens: positive("PROXIE_LLM_MAX_COMPLETION_TOKENS", 4_096)?,
            cache_ttl: millis("PROXIE_LLM_CACHE_TTL_MS", 3_600_000)?,
            budgets: BudgetsConfig {
                user_day: micros("PROXIE_BUDGET_USER_DAY_MICROS", budgets.user_day)?,
                session: micros("PROXIE_BUDGET_SESSION_MICROS", budgets.session)?,
                address_day: micros("PROXIE_BUDGET_ADDRESS_DAY_MICROS", budgets.address_day)?,
                guests_day: micros("PROXIE_BUDGET_GUESTS_DAY_MICROS", budgets.guests_day)?,
            },
        })
    }
}

/// An amount, which may be none.
fn micros(name: &'static str, default: i64) -> Result<i64, ConfigError> {
    let amount: u32 = parsed(name, u32::try_from(default).unwrap_or(u32::MAX))?;
    Ok(amount.into())
}
