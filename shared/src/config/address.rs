//! Addresses of other services: read whole, shown without what may be secret.

use reqwest::Url;

use super::{ConfigError, required, wrong};

/// The variable's URL, of one of these schemes.
pub(super) fn address(
    name: &'static str,
    meaning: &'static str,
    schemes: &[&str],
) -> Result<String, ConfigError> {
    let url = required(name, meaning)?;
    check(url.trim(), schemes).map_err(|why| wrong(name, why))?;
    Ok(url.trim().to_owned())
}

/// Whether a text is a URL of one of these schemes; why not, without the text itself.
pub(super) fn check(url: &str, schemes: &[&str]) -> Result<(), String> {
    let begins = || schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(" or ");
    // What is wrong with it is told without the text itself.
    let parsed = Url::parse(url)
        .map_err(|error| format!("it is not a URL that begins with {} ({error})", begins()))?;
    if !schemes.contains(&parsed.scheme()) || parsed.cannot_be_a_base() {
        return Err(format!("it does not begin with {}", begins()));
    }
    Ok(())
}

/// Scheme, host, port and path: passwords may stand before the host and in the query.
pub(super) fn shown(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return "[hidden]".to_owned() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    const POSTGRES: [&str; 2] = ["postgres", "postgresql"];

    #[test]
    fn only_what_is_no_secret_is_shown() {
        for (url, seen) in [
            ("postgres://me:hunter2@host:1/db", "postgres://host:1/db"),
            ("postgresql://host/db?user=me&password=hunter2", "postgresql://host/db"),
            ("postgres:///db?host=/run/postgresql&password=hunter2", "postgres:///db"),
            ("redis://:hunter2@[::1]:6379/0", "redis://[::1]:6379/0"),
            ("redis+unix:///run/redis.sock?pass=hunter2", "redis+unix:///run/redis.sock"),
            ("host=db password=hunter2", "[hidden]"),
        ] {
            assert_eq!(shown(url), seen);
        }
    }

    #[test]
    fn an_address_is_a_url_of_its_kind() {
        for good in ["postgres://me:hunter2@host:1/db", "postgresql:///db?host=/run/postgresql"] {
            assert_eq!(check(good, &POSTGRES), Ok(()), "{good}");
        }
        for bad in [
            "host=db password=hunter2",
            "db:hunter2",
            "postgres:hunter2",
            "redis://:hunter2@host",
            "postgres://me:hunter2@host:port/db",
        ] {
            let why = check(bad, &POSTGRES).unwrap_err();
            assert!(why.contains("postgres:// or postgresql://") && !why.contains("hunter2"), "{bad}: {why}");
        }
    }
}
