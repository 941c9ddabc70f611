use std::time::Duration;

use reqwest::Url;

use super::{ConfigError, Secret, parsed, positive_millis, text, wrong};

/// How the API meets the outside.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// `PROXIE_ENV`: `production` for HTTPS-only cookies, HSTS and closed metrics; `development` (the default).
    pub production: bool,
    /// `PROXIE_ORIGINS`: pages of other origins that may call, with commas between, as in `https://app.example.com`.
    pub origins: Vec<String>,
    /// `PROXIE_METRICS_TOKEN`: lets its bearer read `/metrics` in production (header `X-Metrics-Token`).
    pub metrics_token: Option<Secret>,
    /// `PROXIE_REQUEST_MS`: how long a call may take before it is answered `unavailable` (1,500); what its `wait` asks for
    /// comes on top, and the time its body takes to arrive.
    pub request: Duration,
    /// `PROXIE_BODY_MS`: how long a body may take to arrive (10,000).
    pub body: Duration,
    /// `CLERK_WEBHOOK_SECRET` with `PROXIE_CLERK_ISSUER`, one of `PROXIE_ISSUERS`: `POST /webhooks/clerk` is there.
    pub clerk: Option<ClerkConfig>,
}

/// Webhooks of Clerk.
#[derive(Clone, Debug)]
pub struct ClerkConfig {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// Signs its events: `whsec_…`.
    pub secret: Secret,
}

impl HttpConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let production = match parsed("PROXIE_ENV", "development".to_owned())?.as_str() {
            "production" => true,
            "development" => false,
            _ => return Err(wrong("PROXIE_ENV", "it is either production or development")),
        };
        let listed = text("PROXIE_ORIGINS")?.unwrap_or_default();
        let origins: Vec<String> =
            listed.split(',').map(str::trim).filter(|o| !o.is_empty()).map(str::to_owned).collect();
        if origins.iter().any(|origin| !is_origin(origin)) {
            return Err(wrong(
                "PROXIE_ORIGINS",
                "an origin is written as browsers do: https://host or https://host:port, in lower case and without a path",
            ));
        }
        let clerk = match (text("CLERK_WEBHOOK_SECRET")?, text("PROXIE_CLERK_ISSUER")?) {
            (Some(secret), Some(issuer)) => Some(ClerkConfig { issuer, secret: Secret::new(secret) }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(wrong("PROXIE_CLERK_ISSUER", "it is needed with CLERK_WEBHOOK_SECRET"));
            }
            (None, Some(_)) => {
                return Err(wrong("CLERK_WEBHOOK_SECRET", "it is needed with PROXIE_CLERK_ISSUER"));
            }
        };
        Ok(Self {
            production,
            origins,
            metrics_token: text("PROXIE_METRICS_TOKEN")?.map(Secret::new),
            request: positive_millis("PROXIE_REQUEST_MS", 1_500)?,
            body: positive_millis("PROXIE_BODY_MS", 10_000)?,
            clerk,
        })
    }
}

/// Whether it is written as browsers write it: what they send is compared character by character.
fn is_origin(text: &str) -> bool {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    // A host may hold a `*` by the rules of URLs; here it would look as if it meant many.
    url.is_some_and(|url| url.origin().ascii_serialization() == text && !text.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for good in ["https://app.example.com", "http://localhost:5173", "http://[::1]:8080"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "https://App.example.com",
            "HTTPS://app.example.com",
            "https://app.example.com:port",
            "https://app.example.com:99999",
            "https://app.example.com:443",
            "https://app.example.com/",
            "https://app.example.com/page",
            "https://me@app.example.com",
            "https://*.example.com",
            "https://b\u{fc}cher.example",
            "ftp://app.example.com",
            "app.example.com",
            "null",
            "*",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
