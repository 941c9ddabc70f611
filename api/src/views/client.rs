use proxie_shared::config::{ClientConfig, Realtime};
use serde::Serialize;
use utoipa::ToSchema;

/// What the web client is told.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "realtime_url": "https://live.example.com",
    "clerk_publishable_key": null,
    "sentry_dsn": null,
    "release": "proxie@0.1.0"
}))]
pub struct ClientConfigView {
    /// The origin of the realtime process; Socket.IO is at its `/ws/socket.io`.
    #[schema(format = "uri")]
    realtime_url: Option<String>,
    /// Lets people sign in with Clerk.
    clerk_publishable_key: Option<String>,
    /// Where errors in browsers are reported.
    #[schema(format = "uri")]
    sentry_dsn: Option<String>,
    /// The build that serves it.
    release: &'static str,
}

impl ClientConfigView {
    /// As told to who called by this scheme and `Host`.
    pub fn new(config: &ClientConfig, scheme: &str, host: &str) -> Self {
        let realtime = config.realtime.as_ref().map(|realtime| match realtime {
            Realtime::Origin(origin) => origin.clone(),
            Realtime::Port(port) => format!("{scheme}://{}:{port}", without_port(host)),
        });
        Self {
            realtime_url: realtime,
            clerk_publishable_key: config.clerk.as_ref().map(|clerk| clerk.key.clone()),
            sentry_dsn: config.sentry.as_ref().map(|project| project.dsn.clone()),
            release: concat!("proxie@", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// `[::1]` of `[::1]:8080`.
fn without_port(host: &str) -> &str {
    let end = host.rfind(':').filter(|colon| host[*colon..].bytes().skip(1).all(|b| b.is_ascii_digit()));
    end.map_or(host, |colon| &host[..colon])
}
