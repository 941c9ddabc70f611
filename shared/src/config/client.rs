use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use reqwest::Url;
use sentry::types::Dsn;

use super::{ConfigError, text, wrong};

const REALTIME: &str = "PROXIE_REALTIME_URL";
const CLERK: &str = "CLERK_PUBLISHABLE_KEY";
const SENTRY: &str = "SENTRY_CLIENT_DSN";

/// What the web client is told. Nothing of it is secret.
#[derive(Clone, Debug, Default)]
pub struct ClientConfig {
    /// `PROXIE_REALTIME_URL`: where browsers reach `proxie-api realtime`. Without it the client asks now and then.
    pub realtime: Option<Realtime>,
    /// `CLERK_PUBLISHABLE_KEY`: people may sign in with Clerk, whose issuer must be one of `PROXIE_ISSUERS`.
    pub clerk: Option<ClerkKey>,
    /// `SENTRY_CLIENT_DSN`: a project of Sentry; what goes wrong in browsers goes there.
    pub sentry: Option<SentryProject>,
}

/// A project of Sentry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentryProject {
    /// As Sentry shows it: `https://key@host/project`.
    pub dsn: String,
    /// Where reports go: its scheme, host and port.
    pub origin: String,
}

/// Where the realtime process is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Realtime {
    /// At an origin, written as browsers do: `https://live.example.com`.
    Origin(String),
    /// Beside the page: its host, with another port. Written `:8280`.
    Port(u16),
}

/// A publishable key of Clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClerkKey {
    /// As Clerk shows it: `pk_live_…`.
    pub key: String,
    /// The host that it names: Clerk's frontend API.
    pub host: String,
}

impl ClientConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let realtime = text(REALTIME)?.map(|url| Realtime::parse(url.trim()));
        let clerk = text(CLERK)?.map(|key| ClerkKey::parse(key.trim()));
        let sentry = text(SENTRY)?.map(|dsn| SentryProject::parse(dsn.trim()));
        Ok(Self {
            realtime: known(
                realtime,
                REALTIME,
                "it is an origin, as https://live.example.com, or a port, as :8280",
            )?,
            clerk: known(clerk, CLERK, "a publishable key is written pk_live_… or pk_test_…")?,
            sentry: known(sentry, SENTRY, "a DSN is written https://key@host/project")?,
        })
    }
}

fn known<T>(parsed: Option<Option<T>>, name: &'static str, why: &str) -> Result<Option<T>, ConfigError> {
    match parsed {
        Some(None) => Err(wrong(name, why)),
        parsed => Ok(parsed.flatten()),
    }
}

impl Realtime {
    fn parse(text: &str) -> Option<Self> {
        if let Some(port) = text.strip_prefix(':') {
            return port.parse().ok().map(Self::Port);
        }
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        (url.origin().ascii_serialization() == text).then(|| Self::Origin(text.to_owned()))
    }
}

impl SentryProject {
    /// None if it is no DSN.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let dsn: Dsn = text.parse().ok()?;
        Some(Self { dsn: text.to_owned(), origin: dsn.envelope_api_url().origin().ascii_serialization() })
    }
}

impl ClerkKey {
    /// `pk_live_` or `pk_test_`, then the host and a `$` in base64.
    fn parse(key: &str) -> Option<Self> {
        let coded = key.strip_prefix("pk_live_").or_else(|| key.strip_prefix("pk_test_"))?;
        let host = STANDARD_NO_PAD.decode(coded.trim_end_matches('=')).ok()?;
        let host = String::from_utf8(host).ok()?.strip_suffix('$')?.to_owned();
        let origin = format!("https://{host}");
        let is_host = Url::parse(&origin).is_ok_and(|url| url.origin().ascii_serialization() == origin);
        is_host.then(|| Self { key: key.to_owned(), host })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_realtime_process_is_at_an_origin_or_beside_the_page() {
        let origin = "https://live.example.com";
        assert_eq!(Realtime::parse(origin), Some(Realtime::Origin(origin.to_owned())));
        assert_eq!(Realtime::parse(":8280"), Some(Realtime::Port(8280)));
        for bad in ["wss://live.example.com", "https://live.example.com/ws", ":80800", ":", "8280", "live"] {
            assert_eq!(Realtime::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_publishable_key_names_its_host() {
        let key = format!("pk_test_{}", STANDARD_NO_PAD.encode("tame-fox-7.clerk.accounts.dev$"));
        let read = ClerkKey::parse(&key);
        assert_eq!(read, Some(ClerkKey { key, host: "tame-fox-7.clerk.accounts.dev".to_owned() }));
        for host in ["example.com", "evil.example; script-src *$", "a b$", "example.com/$"] {
            let key = format!("pk_live_{}", STANDARD_NO_PAD.encode(host));
            assert_eq!(ClerkKey::parse(&key), None, "{host}");
        }
        assert_eq!(ClerkKey::parse("sk_live_abc"), None);
    }
}
