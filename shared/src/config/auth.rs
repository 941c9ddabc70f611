use std::collections::HashSet;
use std::net::IpAddr;

use reqwest::Url;
use serde::Deserialize;

use super::{ConfigError, Secret, parsed, required, text, wrong};
use crate::model::users::Role;

/// How tokens are made and checked.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// `PROXIE_JWT_SECRET`: signs local and guest tokens; at least 32 bytes. No default.
    pub secret: Secret,
    /// `PROXIE_JWT_ISSUER`: the `iss` of local tokens (`proxie`).
    pub issuer: String,
    /// `PROXIE_ISSUERS`: OIDC issuers elsewhere whose tokens are accepted, as a JSON array of [`IssuerConfig`] (none).
    pub issuers: Vec<IssuerConfig>,
}

/// An OIDC issuer elsewhere. Of `audiences` and `authorized_parties` at least one is needed: else a token that was made
/// for anybody would be good here (RFC 8725 §3.9).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// The `iss` of its tokens, character by character.
    pub issuer: String,
    /// Where it publishes its keys.
    pub jwks_url: String,
    /// One of these must be in `aud`; not looked at if there are none.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// `azp` must be one of these; not looked at if there are none. Clerk writes the origin of the web page there.
    #[serde(default)]
    pub authorized_parties: Vec<String>,
    /// Whether its tokens can make admins.
    #[serde(default)]
    pub trusted_for_admin: bool,
}

impl AuthConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let secret = required("PROXIE_JWT_SECRET", "at least 32 random bytes that sign tokens")?;
        if secret.len() < 32 {
            return Err(wrong("PROXIE_JWT_SECRET", "it has fewer than 32 bytes"));
        }
        let mut config = Self {
            secret: Secret::new(secret),
            issuer: parsed("PROXIE_JWT_ISSUER", "proxie".to_owned())?,
            issuers: Vec::new(),
        };
        if let Some(issuers) = text("PROXIE_ISSUERS")? {
            config.issuers = config.read_issuers(&issuers).map_err(|why| wrong("PROXIE_ISSUERS", why))?;
        }
        Ok(config)
    }

    /// The `iss` of guests' tokens.
    #[must_use]
    pub fn guest_issuer(&self) -> String {
        format!("{}/guest", self.issuer)
    }

    fn read_issuers(&self, json: &str) -> Result<Vec<IssuerConfig>, String> {
        let issuers: Vec<IssuerConfig> = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let mut names = HashSet::from([self.issuer.clone(), self.guest_issuer()]);
        for issuer in &issuers {
            issuer.check().map_err(|why| format!("of the issuer '{}' {why}", issuer.issuer))?;
            if !names.insert(issuer.issuer.clone()) {
                return Err(format!("the issuer '{}' is there twice, or our own", issuer.issuer));
            }
        }
        Ok(issuers)
    }
}

impl IssuerConfig {
    /// Whether a role counts that it says somebody has. Guests are made here only.
    #[must_use]
    pub fn may_give(&self, role: Role) -> bool {
        match role {
            Role::Guest => false,
            Role::Admin => self.trusted_for_admin,
            Role::Consumer | Role::Provider => true,
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.issuer.len() > 500 {
            return Err("the name has more than 500 bytes".to_owned());
        }
        for (field, url) in [("issuer", &self.issuer), ("jwks_url", &self.jwks_url)] {
            if !is_safe(url) {
                return Err(format!("{field} is not an https URL"));
            }
        }
        let mut receivers = self.audiences.iter().chain(&self.authorized_parties).peekable();
        if receivers.peek().is_none() {
            return Err("neither audiences nor authorized_parties are given".to_owned());
        }
        if receivers.any(|receiver| receiver.trim().is_empty()) {
            return Err("one of audiences and authorized_parties is empty".to_owned());
        }
        Ok(())
    }
}

/// Whether nobody on the way can change what comes from there: https, or this machine.
fn is_safe(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let Some(host) = url.host_str() else { return false };
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let here = host == "localhost" || address.is_some_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::{Value, json};

    use super::*;

    fn read(issuers: &Value) -> Result<Vec<IssuerConfig>, String> {
        let config =
            AuthConfig { secret: Secret::new(""), issuer: "https://proxie".to_owned(), issuers: Vec::new() };
        config.read_issuers(&issuers.to_string())
    }

    fn issuer(other: &Value) -> Value {
        let mut issuer =
            json!({"issuer": "https://a.example", "jwks_url": "https://a.example/jwks", "audiences": ["us"]});
        issuer.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        issuer
    }

    #[test]
    fn issuers_may_be_any_number() {
        assert!(read(&json!([])).unwrap().is_empty());
        let clerk = json!({"issuer": "https://clerk.example", "audiences": [], "authorized_parties": ["https://us.example"]});
        let here = json!({"issuer": "http://localhost:8081", "jwks_url": "http://127.0.0.1:8081/jwks", "trusted_for_admin": true});
        let v6 = json!({"issuer": "https://six.example", "jwks_url": "http://[::1]:8081/jwks"});
        let read = read(&json!([issuer(&json!({})), issuer(&clerk), issuer(&here), issuer(&v6)])).unwrap();
        assert_eq!(
            read.iter().map(|issuer| issuer.trusted_for_admin).collect::<Vec<_>>(),
            [false, false, true, false]
        );
    }

    #[test]
    fn issuers_that_cannot_be_trusted_are_refused() {
        for (other, why) in [
            (json!({"audiences": []}), "neither audiences nor authorized_parties"),
            (json!({"audiences": [""]}), "is empty"),
            (json!({"authorized_parties": ["https://us.example", " "]}), "is empty"),
            (json!({"jwks_url": "http://a.example/jwks"}), "jwks_url is not an https URL"),
            (json!({"jwks_url": "http://localhost.example/jwks"}), "jwks_url is not an https URL"),
            (json!({"jwks_url": "file:///dev/null"}), "jwks_url is not an https URL"),
            (json!({"issuer": "http://a.example"}), "issuer is not an https URL"),
            (json!({"issuer": "a"}), "issuer is not an https URL"),
            (json!({"issuer": format!("https://{}", "a".repeat(500))}), "more than 500 bytes"),
            (json!({"issuer": "https://proxie"}), "our own"),
            (json!({"issuer": "https://proxie/guest"}), "our own"),
            (json!({"trusted": true}), "unknown field `trusted`"),
            (json!({"audiences": "us"}), "invalid type"),
        ] {
            let error = read(&json!([issuer(&other)])).unwrap_err();
            assert!(error.contains(why), "{other}: {error}");
        }
        assert!(read(&json!([issuer(&json!({})), issuer(&json!({}))])).unwrap_err().contains("twice"));
        assert!(read(&json!({})).is_err() && read(&json!([{}])).is_err());
    }
}
