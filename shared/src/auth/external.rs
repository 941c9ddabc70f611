//! Tokens of an OIDC issuer elsewhere, checked by its own rules and keys.

use std::sync::Arc;

use super::identity::{Identity, Issuer};
use super::jws::{Claims, Unverified, refused};
use super::keeper::Keeper;
use crate::config::IssuerConfig;
use crate::error::Result;
use crate::model::users::Role;

/// The types of its tokens: an ID or session token's and an access token's (RFC 9068).
const TYPES: [&str; 2] = ["jwt", "at+jwt"];

/// Media types, in any case and with or without their `application/` (RFC 7515 §4.1.9).
fn is_of_ours(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
}

/// An issuer elsewhere.
pub(super) struct External {
    name: Arc<str>,
    rules: IssuerConfig,
    keys: Keeper,
}

impl External {
    /// Begins to fetch its keys; must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn start(rules: &IssuerConfig) -> Result<Self> {
        let keys = Keeper::start(&rules.jwks_url)?;
        Ok(Self { name: rules.issuer.as_str().into(), rules: rules.clone(), keys })
    }

    /// What a token says that names this issuer.
    ///
    /// # Errors
    /// `unauthenticated`; `unavailable` when its keys could not be fetched.
    pub async fn verify(&self, token: Unverified<'_>) -> Result<Identity> {
        if !token.header().typ.as_deref().is_none_or(is_of_ours) {
            return Err(refused("it is of another type"));
        }
        let key = self.keys.key(token.header()).await?;
        let claims = token.verify(&key)?;
        self.check_receiver(&claims)?;
        Ok(Identity {
            issuer: Issuer::External(Arc::clone(&self.name)),
            role: self.role(&claims),
            issued_at: claims.issued_at()?,
            expires_at: claims.expires_at(),
            subject: claims.sub,
        })
    }

    /// That it was made for us (3.9): for one of the audiences, or at the request of one of our clients, as configured.
    fn check_receiver(&self, claims: &Claims) -> Result<()> {
        let IssuerConfig { audiences, authorized_parties, .. } = &self.rules;
        if !audiences.is_empty() && !claims.aud.as_ref().is_some_and(|aud| aud.is_among(audiences)) {
            return Err(refused("it is for another audience"));
        }
        let is_ours = |azp: &String| authorized_parties.contains(azp);
        if !authorized_parties.is_empty() && !claims.azp.as_ref().is_some_and(is_ours) {
            return Err(refused("it was given to another party"));
        }
        Ok(())
    }

    /// The role it names, if it is one of ours that this issuer may give.
    fn role(&self, claims: &Claims) -> Option<Role> {
        let metadata = claims.public_metadata.get("role").filter(|role| !role.is_null());
        let role: Role = metadata.unwrap_or(&claims.role).as_str()?.parse().ok()?;
        self.rules.may_give(role).then_some(role)
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_ours;

    #[test]
    fn types_are_media_types() {
        for good in
            ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/jwt", "Application/at+JWT"]
        {
            assert!(is_of_ours(good), "{good}");
        }
        for bad in [
            "",
            "application/",
            "application/application/jwt",
            "text/jwt",
            "at+jwt ",
            "logout+jwt",
            "dpop+jwt",
        ] {
            assert!(!is_of_ours(bad), "{bad}");
        }
    }
}
