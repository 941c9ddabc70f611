//! Our own tokens: JWT with HS256, checked as RFC 8725 asks: one algorithm bound to the key (3.1), issuer, audience
//! and type checked (3.8, 3.9, 3.11), expiry required.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::config::AuthConfig;
use crate::error::{Code, Error, Result};
use crate::model::UserId;
use crate::model::users::Role;

/// How long an access token is good.
pub const ACCESS_TTL: Duration = Duration::from_secs(15 * 60);
/// How long a guest's token is good.
pub const GUEST_TTL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The audience of every token that we make.
const AUDIENCE: &str = "proxie-api";
/// The type of an access token (RFC 9068).
const TYPE: &str = "at+jwt";
/// How far clocks may disagree, in seconds.
const LEEWAY: u64 = 30;
/// Longer tokens are not looked at.
const MAX_BYTES: usize = 8_192;

/// Who vouches for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Issuer {
    /// Accounts kept here.
    Local,
    /// Guests.
    Guest,
}

/// What a checked token says.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who vouches.
    pub issuer: Issuer,
    /// Who they are there.
    pub subject: String,
    /// The role that the token names.
    pub role: Option<Role>,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
}

/// Makes and checks our own tokens.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
}

impl Tokens {
    /// Signs and checks with the configured secret.
    #[must_use]
    pub fn new(config: &AuthConfig) -> Self {
        let secret = config.secret.reveal().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&config.issuer, &guest_issuer(&config.issuer)]);
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            issuer: config.issuer.clone(),
        }
    }

    /// The name under which users of this issuer are kept.
    #[must_use]
    pub fn issuer_name(&self, issuer: Issuer) -> String {
        match issuer {
            Issuer::Local => self.issuer.clone(),
            Issuer::Guest => guest_issuer(&self.issuer),
        }
    }

    /// A token for a local subject.
    ///
    /// # Errors
    /// When signing fails.
    pub fn local(&self, subject: &str, role: Role, ttl: Duration) -> Result<String> {
        self.sign(Issuer::Local, subject, Some(role), ttl)
    }

    /// A token for a guest.
    ///
    /// # Errors
    /// When signing fails.
    pub fn guest(&self, guest: UserId) -> Result<String> {
        self.sign(Issuer::Guest, &guest.to_string(), None, GUEST_TTL)
    }

    fn sign(&self, issuer: Issuer, sub: &str, role: Option<Role>, ttl: Duration) -> Result<String> {
        let iat = Utc::now().timestamp();
        let claims = Claims {
            iss: self.issuer_name(issuer),
            sub: sub.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat,
            exp: iat + ttl.as_secs() as i64,
            role,
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.encoding).map_err(|error| Error::new(Code::Internal).because(error))
    }

    /// What a token says, if it is one of ours and good.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn verify(&self, token: &str) -> Result<Identity> {
        let refuse = || Error::new(Code::Unauthenticated);
        if token.len() > MAX_BYTES {
            return Err(refuse());
        }
        let data = decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|error| refuse().because(error))?;
        if data.header.typ.as_deref() != Some(TYPE) {
            return Err(refuse());
        }
        let claims = data.claims;
        let issued_at = DateTime::from_timestamp(claims.iat, 0).ok_or_else(refuse)?;
        if claims.iat > Utc::now().timestamp() + LEEWAY as i64 {
            return Err(refuse());
        }
        let issuer = if claims.iss == self.issuer { Issuer::Local } else { Issuer::Guest };
        Ok(Identity { issuer, subject: claims.sub, role: claims.role, issued_at })
    }
}

fn guest_issuer(local: &str) -> String {
    format!("{local}/guest")
}
