//! Any token to an identity: the issuer that it names decides how it is checked.

use std::collections::HashMap;

use super::external::External;
use super::identity::Identity;
use super::jws::Unverified;
use super::tokens::Tokens;
use crate::config::AuthConfig;
use crate::error::Result;

/// Checks the tokens of every issuer that is accepted.
pub struct Verifier {
    tokens: Tokens,
    external: HashMap<String, External>,
}

impl Verifier {
    /// Begins to fetch the keys of the configured issuers; must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(config: &AuthConfig) -> Result<Self> {
        let external = config.issuers.iter().map(|rules| Ok((rules.issuer.clone(), External::start(rules)?)));
        Ok(Self { tokens: Tokens::new(config), external: external.collect::<Result<_>>()? })
    }

    /// Those that are made here.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// What a token says, if it is good. The issuer that it names, exactly matched, decides which keys and rules count
    /// (3.8); nothing else of it is believed before they have been applied.
    ///
    /// # Errors
    /// `unauthenticated`; `unavailable` when its issuer's keys could not be fetched.
    pub async fn verify(&self, token: &str) -> Result<Identity> {
        let token = Unverified::read(token)?;
        match self.external.get(token.issuer()) {
            Some(external) => external.verify(token).await,
            None => self.tokens.check(token),
        }
    }
}
