//! Signatures of Svix, who carries Clerk's webhooks: the Standard Webhooks scheme under other header names.

use reqwest::header::{HeaderMap, HeaderValue};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

use crate::config::{ConfigError, Secret};
use crate::error::{Code, Error, Result};

/// Checks signatures made with one secret; a signature is good for five minutes.
pub struct Svix(Webhook);

impl Svix {
    /// Checks with this secret.
    ///
    /// # Errors
    /// When it is not `whsec_` and Base64.
    pub fn new(secret: &Secret) -> Result<Self, ConfigError> {
        let why = "it is whsec_ followed by Base64".to_owned();
        let webhook = Webhook::new(secret.reveal());
        webhook.map(Self).map_err(|_| ConfigError::Wrong { name: "CLERK_WEBHOOK_SECRET", why })
    }

    /// Checks what was sent against `svix-id`, `svix-timestamp` and `svix-signature`.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn verify(&self, id: &str, timestamp: &str, signature: &str, payload: &[u8]) -> Result<()> {
        let refuse =
            || Error::new(Code::Unauthenticated).detail("The event is not signed by whom it should be.");
        let mut headers = HeaderMap::new();
        let named = [
            (HEADER_WEBHOOK_ID, id),
            (HEADER_WEBHOOK_TIMESTAMP, timestamp),
            (HEADER_WEBHOOK_SIGNATURE, signature),
        ];
        for (name, value) in named {
            headers.insert(name, HeaderValue::from_str(value).map_err(|_| refuse())?);
        }
        self.0.verify(payload, &headers).map_err(|error| refuse().because(error))
    }
}
