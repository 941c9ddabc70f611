//! A token taken apart: compact JWS (RFC 7515 §3.1) that carries JWT claims.
//!
//! The numbers beside the checks, here and in this module's neighbours, are the sections of RFC 8725, the best current
//! practices for JWT. Until [`Unverified::verify`] has checked the signature only the issuer and the header can be seen,
//! to find the key with.

use std::error::Error as StdError;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::json;
use crate::error::{Code, Error, Result};

/// Longer tokens are not looked at.
const MAX_BYTES: usize = 8_192;
/// How far clocks may disagree, in seconds.
const LEEWAY: f64 = 30.0;
/// The longest subject, in characters: OIDC has 255 at most, `users.subject` holds 500.
const MAX_SUBJECT: usize = 500;

/// A token that is refused, with the reason, which is logged and never sent.
pub(super) fn refused(why: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error::new(Code::Unauthenticated).because(why)
}

/// What is good for checking signatures, and the one algorithm that it is good for (3.1).
pub(super) struct Key {
    /// Decides how a signature is checked; a token can only agree.
    pub algorithm: Algorithm,
    /// The secret or the public key.
    pub decoding: DecodingKey,
}

/// The members of a header that matter. Keys and addresses of keys that it may bring (`jwk`, `jku`, `x5c`, `x5u`) are
/// never read (3.10).
#[derive(Deserialize)]
pub(super) struct Header {
    /// How it claims to be signed.
    pub alg: Algorithm,
    /// Which key of the issuer signed it.
    pub kid: Option<String>,
    /// What kind of token it is.
    pub typ: Option<String>,
    /// Whether it names extensions that must be understood; none is.
    #[serde(default, deserialize_with = "there")]
    crit: bool,
}

fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// The claims that matter, some of them in whatever form.
#[derive(Deserialize)]
pub(super) struct Claims {
    /// Who made it.
    pub iss: String,
    /// Of whom it speaks.
    pub sub: String,
    /// For whom it was made.
    pub aud: Option<Audience>,
    /// To whom it was given.
    pub azp: Option<String>,
    exp: f64,
    nbf: Option<f64>,
    iat: f64,
    /// A role of ours, perhaps.
    #[serde(default)]
    pub role: Value,
    /// What Clerk says of a user; may hold a role.
    #[serde(default)]
    pub public_metadata: Value,
}

/// One or several (RFC 7519 §4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    /// A single one, the usual case.
    One(String),
    /// Any number.
    Several(Vec<String>),
}

impl Audience {
    /// Whether one of them is among these.
    pub fn is_among(&self, known: &[String]) -> bool {
        match self {
            Self::One(name) => known.contains(name),
            Self::Several(names) => names.iter().any(|name| known.contains(name)),
        }
    }
}

/// A token of which nothing has been proven.
pub(super) struct Unverified<'a> {
    header: Header,
    claims: Claims,
    message: &'a str,
    signature: &'a str,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// `unauthenticated` when it is no signed JWT.
    pub fn read(token: &'a str) -> Result<Self> {
        if token.len() > MAX_BYTES {
            return Err(refused("it is too long"));
        }
        let parts = token.rsplit_once('.').and_then(|(message, signature)| {
            let (header, claims) = message.split_once('.')?;
            Some((message, header, claims, signature))
        });
        let (message, header, claims, signature) = parts.ok_or_else(|| refused("it has too few parts"))?;
        let header: Header = part(header)?;
        if header.crit {
            return Err(refused("it names critical extensions"));
        }
        Ok(Self { header, claims: part(claims)?, message, signature })
    }

    /// Who is said to have made it.
    pub fn issuer(&self) -> &str {
        &self.claims.iss
    }

    /// How it is said to be signed.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The claims, if this key signed them (3.2, 3.3), they are good now, and they are about somebody.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn verify(self, key: &Key) -> Result<Claims> {
        if self.header.alg != key.algorithm {
            return Err(refused("its algorithm is not the key's"));
        }
        match crypto::verify(self.signature, self.message.as_bytes(), &key.decoding, key.algorithm) {
            Ok(true) => {}
            Ok(false) => return Err(refused("the signature is wrong")),
            Err(error) => return Err(refused(error)),
        }
        let now = Utc::now().timestamp_micros() as f64 / 1e6;
        self.claims.check_times(now)?;
        self.claims.check_subject()?;
        Ok(self.claims)
    }
}

/// A part that holds a JSON object.
fn part<T: serde::de::DeserializeOwned>(encoded: &str) -> Result<T> {
    json::object(&BASE64.decode(encoded).map_err(refused)?).map_err(refused)
}

impl Claims {
    /// When it was made.
    ///
    /// # Errors
    /// `unauthenticated` when there is no such time.
    pub fn issued_at(&self) -> Result<DateTime<Utc>> {
        let time = DateTime::from_timestamp_micros((self.iat * 1e6).round() as i64);
        time.ok_or_else(|| refused("it was made at no time"))
    }

    /// When it ends; the end of time where it names a later one.
    pub fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros((self.exp * 1e6).round() as i64).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn check_times(&self, now: f64) -> Result<()> {
        if self.exp + LEEWAY <= now {
            return Err(refused("it has expired"));
        }
        if self.nbf.is_some_and(|start| start - LEEWAY > now) {
            return Err(refused("it is not good yet"));
        }
        if self.iat - LEEWAY > now {
            return Err(refused("it was made in the future"));
        }
        Ok(())
    }

    /// A subject is kept as text (3.8), which cannot hold everything that JSON can.
    fn check_subject(&self) -> Result<()> {
        let good = !self.sub.is_empty()
            && self.sub.chars().count() <= MAX_SUBJECT
            && !self.sub.chars().any(char::is_control);
        if good { Ok(()) } else { Err(refused("its subject is none")) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn claims(exp: f64, nbf: Option<f64>, iat: f64) -> Claims {
        let claims = json!({"iss": "i", "sub": "s", "exp": exp, "nbf": nbf, "iat": iat});
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn clocks_may_disagree_by_half_a_minute() {
        let now = 1_800_000_000.5;
        let good = |claims: Claims| claims.check_times(now).is_ok();
        assert!(good(claims(now + 60.0, None, now)));
        assert!(good(claims(now - 29.9, None, now)) && !good(claims(now - 30.0, None, now)));
        let begins = |nbf| good(claims(now + 60.0, Some(nbf), now));
        assert!(begins(now + 30.0) && !begins(now + 30.1));
        let made = |iat| good(claims(now + 60.0, None, iat));
        assert!(made(now + 30.0) && !made(now + 30.1));
    }

    #[test]
    fn times_beyond_all_calendars_do_no_harm() {
        for iat in [-1e300, -1e18, -1e15] {
            assert!(claims(1e300, Some(-1e300), iat).issued_at().is_err(), "{iat}");
        }
        assert_eq!(claims(1.0, None, 1.5).issued_at().unwrap().timestamp_millis(), 1_500);
    }
}
