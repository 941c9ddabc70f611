//! Links to files: good for a quarter of an hour, for whoever has them, so that a browser can load a picture without a
//! token. Signed with HMAC-SHA256 (RFC 2104) over whose file it is, which of its variants, until when and for whom.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};

use crate::config::AuthConfig;
use crate::error::{Error, Result};
use crate::model::MediaId;
use crate::model::media::{Audience, LINK_SECONDS, Variant};

/// Tells the key of links from the one of tokens, which is made of the same secret.
const PURPOSE: &[u8] = b"proxie: links to files, 1";

/// How long a public link stays the same, in seconds: a page that is shown again then finds the picture in the cache.
const STEADY_SECONDS: i64 = 60;

/// Signs links, and checks them.
#[derive(Clone)]
pub struct Links(Key);

/// What a link is to, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which file of the media.
    pub variant: Variant,
    /// Whether caches may keep it.
    pub audience: Audience,
    /// The first moment at which it is good no more.
    pub expires_at: DateTime<Utc>,
}

impl Link {
    /// A link that is made now.
    #[must_use]
    pub fn new(variant: Variant, audience: Audience, now: DateTime<Utc>) -> Self {
        let steady = match audience {
            Audience::Public => now.timestamp().rem_euclid(STEADY_SECONDS),
            Audience::Private => 0,
        };
        let expires_at = DateTime::from_timestamp(now.timestamp() - steady + LINK_SECONDS, 0).unwrap_or(now);
        Self { variant, audience, expires_at }
    }

    /// What is signed of it, and can be read: `original.1795446245.private`.
    fn said(&self) -> String {
        format!("{}.{}.{}", self.variant, self.expires_at.timestamp(), self.audience)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (variant, expires, audience) = (parts.next()?, parts.next()?, parts.next()?);
        let expires_at = DateTime::from_timestamp(expires.parse().ok()?, 0)?;
        let link = Self { variant: variant.parse().ok()?, audience: audience.parse().ok()?, expires_at };
        // There is one way to write it.
        (link.said() == text).then_some(link)
    }
}

impl Links {
    /// Signs with a key that is made of the secret of this installation.
    #[must_use]
    pub fn new(config: &AuthConfig) -> Self {
        let secret = Key::new(HMAC_SHA256, config.secret.reveal().as_bytes());
        Self(Key::new(HMAC_SHA256, hmac::sign(&secret, PURPOSE).as_ref()))
    }

    /// The link as the last part of a path.
    #[must_use]
    pub fn sign(&self, id: MediaId, link: &Link) -> String {
        let said = link.said();
        let signature = hmac::sign(&self.0, &signed(id, &said));
        format!("{said}.{}", BASE64.encode(signature))
    }

    /// What a link is to, if it was made here and is good at this time. Takes as long whatever the first difference is.
    ///
    /// # Errors
    /// `not_yours`.
    pub fn read(&self, id: MediaId, file: &str, now: DateTime<Utc>) -> Result<Link> {
        let read = || {
            let (said, signature) = file.rsplit_once('.')?;
            let signature = BASE64.decode(signature).ok()?;
            hmac::verify(&self.0, &signed(id, said), &signature).ok()?;
            Link::read(said).filter(|link| now < link.expires_at)
        };
        read().ok_or_else(bad_link)
    }
}

/// That a link leads nowhere, whether it was forged, has expired, or its file is gone.
#[must_use]
pub fn bad_link() -> Error {
    Error::not_yours().detail("This link is not good, or no longer. GET /media/{media_id} tells a new one.")
}

fn signed(id: MediaId, said: &str) -> Vec<u8> {
    [id.0.as_bytes(), said.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use chrono::Duration;

    use super::*;
    use crate::config::Secret;

    fn links(secret: &str) -> Links {
        let issuer = "proxie".to_owned();
        Links::new(&AuthConfig { secret: Secret::new(secret), issuer, issuers: Vec::new() })
    }

    #[test]
    fn a_link_is_good_for_a_quarter_of_an_hour_and_as_it_was_made_only() {
        let (links, id, now) = (links("a secret"), MediaId::new(), Utc::now());
        let link = Link::new(Variant::Original, Audience::Private, now);
        let file = links.sign(id, &link);
        assert_eq!(links.read(id, &file, now).unwrap(), link);
        let seconds = |seconds| now + Duration::seconds(seconds);
        assert!(links.read(id, &file, seconds(LINK_SECONDS - 2)).is_ok());
        assert!(links.read(id, &file, seconds(LINK_SECONDS)).is_err());

        for (at, c) in file.char_indices() {
            let other = if c == 'A' { "B" } else { "A" };
            let forged = format!("{}{other}{}", &file[..at], &file[at + 1..]);
            assert!(links.read(id, &forged, now).is_err(), "{forged}");
        }
        for other in ["", ".", "original", "original.1.private.", &file[1..], &format!("{file}A")] {
            assert!(links.read(id, other, now).is_err(), "{other}");
        }
        assert!(links.read(MediaId::new(), &file, now).is_err(), "another's");
        assert!(self::links("another secret").read(id, &file, now).is_err(), "of another installation");
    }

    #[test]
    fn what_everybody_may_see_has_the_same_link_for_a_while() {
        let now = DateTime::from_timestamp(1_795_446_245, 0).unwrap();
        let at = |seconds, audience| Link::new(Variant::Thumb, audience, now + Duration::seconds(seconds));
        assert_eq!(at(0, Audience::Public), at(14, Audience::Public));
        assert_ne!(at(0, Audience::Public), at(60, Audience::Public));
        assert_ne!(at(0, Audience::Private), at(1, Audience::Private));
        let left = at(59, Audience::Public).expires_at - (now + Duration::seconds(59));
        assert!(left.num_seconds() > LINK_SECONDS - STEADY_SECONDS && left.num_seconds() <= LINK_SECONDS);
    }
}
