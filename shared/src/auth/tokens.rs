//! Our own tokens: JWT with HS256, with a type of their own, so that no other issuer's can be taken for them (3.11, 3.12).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::identity::{Identity, Issuer};
use super::jws::{Audience, Key, Unverified, refused};
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

/// Tells the key of addresses from the one of tokens, which is made of the same secret.
const ADDRESSES: &[u8] = b"proxie: addresses of guests, 1";

/// The key of addresses.
fn addresses(secret: &[u8]) -> hmac::Key {
    let key = hmac::sign(&hmac::Key::new(HMAC_SHA256, secret), ADDRESSES);
    hmac::Key::new(HMAC_SHA256, key.as_ref())
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'static str,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
}

/// Makes and checks our own tokens.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    key: Arc<Key>,
    local: Arc<str>,
    guest: Arc<str>,
    addresses: Arc<hmac::Key>,
}

impl Tokens {
    /// Signs and checks with the configured secret.
    #[must_use]
    pub fn new(config: &AuthConfig) -> Self {
        let secret = config.secret.reveal().as_bytes();
        let key = Key { algorithm: Algorithm::HS256, decoding: DecodingKey::from_secret(secret) };
        Self {
            encoding: EncodingKey::from_secret(secret),
            key: Arc::new(key),
            local: config.issuer.as_str().into(),
            guest: config.guest_issuer().into(),
            addresses: Arc::new(addresses(secret)),
        }
    }

    /// What stands for an address where it is kept: the same for the same one, and without our secret nobody finds out of
    /// which.
    #[must_use]
    pub fn address_hash(&self, address: IpAddr) -> Uuid {
        let bytes = match address.to_canonical() {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        let hash = hmac::sign(&self.addresses, &bytes);
        let mut first = [0; 16];
        first.copy_from_slice(&hash.as_ref()[..16]);
        Uuid::from_bytes(first)
    }

    /// The name under which users of this issuer are kept.
    #[must_use]
    pub fn issuer_name<'a>(&'a self, issuer: &'a Issuer) -> &'a str {
        match issuer {
            Issuer::Local => &self.local,
            Issuer::Guest => &self.guest,
            Issuer::External(name) => name,
        }
    }

    /// A token for an account that is kept here. It names no role: that is what the row says, at each call.
    ///
    /// # Errors
    /// When signing fails.
    pub fn account(&self, subject: &str, ttl: Duration) -> Result<String> {
        self.sign(&self.local, subject, None, ttl)
    }

    /// A token that gives a local subject a role: an operator's.
    ///
    /// # Errors
    /// When signing fails.
    pub fn local(&self, subject: &str, role: Role, ttl: Duration) -> Result<String> {
        self.sign(&self.local, subject, Some(role), ttl)
    }

    /// A token for a guest.
    ///
    /// # Errors
    /// When signing fails.
    pub fn guest(&self, guest: UserId) -> Result<String> {
        self.sign(&self.guest, &guest.to_string(), None, GUEST_TTL)
    }

    fn sign(&self, iss: &str, sub: &str, role: Option<Role>, ttl: Duration) -> Result<String> {
        let iat = Utc::now().timestamp();
        let claims = Claims { iss, sub, aud: AUDIENCE, iat, exp: iat + ttl.as_secs() as i64, role };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.encoding).map_err(|error| Error::new(Code::Internal).because(error))
    }

    /// What a token says, if it is one of ours and good.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn verify(&self, token: &str) -> Result<Identity> {
        self.check(Unverified::read(token)?)
    }

    /// What a token says, if it is one of ours and good.
    pub(super) fn check(&self, token: Unverified<'_>) -> Result<Identity> {
        if token.header().typ.as_deref() != Some(TYPE) {
            return Err(refused("it is of another type"));
        }
        let claims = token.verify(&self.key)?;
        let issuer = match claims.iss.as_str() {
            name if name == &*self.local => Issuer::Local,
            name if name == &*self.guest => Issuer::Guest,
            _ => return Err(refused("nobody knows its issuer")),
        };
        if !matches!(&claims.aud, Some(Audience::One(name)) if name == AUDIENCE) {
            return Err(refused("it is for another audience"));
        }
        Ok(Identity {
            issuer,
            role: Option::deserialize(&claims.role).map_err(refused)?,
            issued_at: claims.issued_at()?,
            expires_at: claims.expires_at(),
            subject: claims.sub,
        })
    }
}
