use reqwest::Url;
use sentry::types::Dsn;

use super::{ConfigError, Secret, parsed, text, wrong};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const SHARE: &str = "OTEL_TRACES_SAMPLER_ARG";

/// Where a process tells what it does and what went wrong, under the names that OpenTelemetry and Sentry have given
/// these variables. Nothing is sent anywhere unless it is named here.
#[derive(Clone, Debug, Default)]
pub struct TelemetryConfig {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: a collector, as in `http://localhost:4318`; traces go to its `/v1/traces`, as
    /// protobuf over HTTP. There are none without it.
    pub collector: Option<String>,
    /// `OTEL_EXPORTER_OTLP_HEADERS`: what the collector wants to be told, as in `api-key=secret,tenant=1`.
    pub collector_headers: Option<Secret>,
    /// `OTEL_SERVICE_NAME`: what the process is called in traces (the program's name).
    pub service_name: Option<String>,
    /// `OTEL_TRACES_SAMPLER_ARG`: the share of traces that is kept, from 0 to 1 (1). The trace's id alone decides, so
    /// that all processes keep the same ones.
    pub share: f64,
    /// `SENTRY_DSN`: a project of Sentry; errors go there.
    pub sentry: Option<Secret>,
    /// `SENTRY_ENVIRONMENT`: which installation it is (`PROXIE_ENV`, else `development`).
    pub environment: String,
    /// `SENTRY_RELEASE`: which build it is (`proxie@` and the version).
    pub release: String,
}

impl TelemetryConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let collector = text(ENDPOINT)?.map(|url| endpoint(&url)).transpose()?;
        let headers = text(HEADERS)?;
        if headers.as_deref().is_some_and(|headers| !headers.split(',').all(|header| header.contains('='))) {
            return Err(wrong(HEADERS, "headers are written name=value, with commas between"));
        }
        let share = parsed(SHARE, 1.0)?;
        if !(0.0..=1.0).contains(&share) {
            return Err(wrong(SHARE, "a share is from 0 to 1"));
        }
        let sentry = text("SENTRY_DSN")?;
        if sentry.as_deref().is_some_and(|dsn| dsn.parse::<Dsn>().is_err()) {
            return Err(wrong("SENTRY_DSN", "a DSN is written https://key@host/project"));
        }
        let environment = parsed("PROXIE_ENV", "development".to_owned())?;
        Ok(Self {
            collector,
            collector_headers: headers.map(Secret::new),
            service_name: text("OTEL_SERVICE_NAME")?,
            share,
            sentry: sentry.map(Secret::new),
            environment: parsed("SENTRY_ENVIRONMENT", environment)?,
            release: parsed("SENTRY_RELEASE", concat!("proxie@", env!("CARGO_PKG_VERSION")).to_owned())?,
        })
    }
}

/// A collector's address, without a slash at its end.
fn endpoint(given: &str) -> Result<String, ConfigError> {
    let url = Url::parse(given.trim()).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
    });
    let Some(url) = url else {
        return Err(wrong(ENDPOINT, "a collector is written http://host:port or https://host"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(ENDPOINT, "what must not be shown belongs into OTEL_EXPORTER_OTLP_HEADERS"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_an_address_without_secrets() {
        assert_eq!(endpoint("http://localhost:4318/").ok().as_deref(), Some("http://localhost:4318"));
        assert_eq!(endpoint("https://otlp.example/to").ok().as_deref(), Some("https://otlp.example/to"));
        for bad in
            ["localhost:4318", "grpc://localhost:4317", "http://", "https://me:hunter2@host", "http://h?k=v"]
        {
            let said = endpoint(bad).map_err(|error| error.to_string()).err().unwrap_or_default();
            assert!(said.contains(ENDPOINT) && !said.contains("hunter2"), "{bad}: {said}");
        }
    }
}
