//! The keys that an issuer publishes: a JWK set (RFC 7517).

use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use serde::Deserialize;
use serde_json::Value;

use super::jws::{Header, Key};

/// The smallest RSA modulus in bits (RFC 7518 §3.3).
const MIN_RSA_BITS: usize = 2_048;

/// The usable keys of an issuer.
pub(super) struct KeySet {
    keys: Vec<Named>,
}

struct Named {
    kid: Option<String>,
    key: Arc<Key>,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a set. Keys that are of no use here, or make no sense, are left out (RFC 7517 §5).
    ///
    /// # Errors
    /// When it is no JWK set.
    pub fn read(json: &[u8]) -> serde_json::Result<Self> {
        let published: Published = serde_json::from_slice(json)?;
        let keys =
            published.keys.into_iter().filter_map(|key| Named::read(&serde_json::from_value(key).ok()?));
        Ok(Self { keys: keys.collect() })
    }

    /// The key that a token says it is signed with. One that names none means the only one there is.
    pub fn find(&self, header: &Header) -> Option<Arc<Key>> {
        let named = match (&header.kid, self.keys.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (kid, keys) => keys.iter().find(|named| named.kid == *kid && named.key.algorithm == header.alg),
        };
        named.map(|named| Arc::clone(&named.key))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }
}

impl Named {
    fn read(jwk: &Jwk) -> Option<Self> {
        let algorithm = algorithm(jwk)?;
        let decoding = DecodingKey::from_jwk(jwk).ok()?;
        if let DecodingKeyKind::RsaModulusExponent { n, .. } = decoding.kind()
            && bits(n) < MIN_RSA_BITS
        {
            return None;
        }
        Some(Self { kid: jwk.common.key_id.clone(), key: Arc::new(Key { algorithm, decoding }) })
    }
}

/// The algorithm that a key is for, if it is one of those taken here; symmetric keys never are.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    let common = &jwk.common;
    let says_so = common.key_algorithm.is_none_or(|named| named == KeyAlgorithm::from(algorithm));
    let signs = common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    let verifies = common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    (says_so && signs && verifies).then_some(algorithm)
}

/// The bits of a number that is written with its highest byte first.
fn bits(number: &[u8]) -> usize {
    let from = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    number.get(from).map_or(0, |first| (number.len() - from) * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
    use serde_json::json;

    use super::*;

    fn rsa(modulus: &[u8], more: Value) -> Value {
        merged(json!({"kty": "RSA", "kid": "k", "e": "AQAB", "n": BASE64.encode(modulus)}), more)
    }

    fn ec(more: Value) -> Value {
        let number = BASE64.encode([7; 32]);
        merged(json!({"kty": "EC", "kid": "k", "crv": "P-256", "x": number, "y": number}), more)
    }

    fn merged(mut key: Value, more: Value) -> Value {
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    }

    fn usable(keys: Value) -> usize {
        KeySet::read(json!({"keys": keys}).to_string().as_bytes()).unwrap().len()
    }

    #[test]
    fn only_keys_that_verify_signatures_are_kept() {
        let modulus = [0xff; 256];
        for good in [
            rsa(&modulus, json!({})),
            rsa(&modulus, json!({"use": "sig", "alg": "RS256", "key_ops": ["verify"]})),
            ec(json!({"use": "sig", "alg": "ES256"})),
            json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode([7; 32]), "alg": "EdDSA"}),
        ] {
            assert_eq!(usable(json!([good])), 1, "{good}");
        }
        for bad in [
            rsa(&modulus, json!({"use": "enc"})),
            rsa(&modulus, json!({"alg": "RS512"})),
            rsa(&modulus, json!({"alg": "HS256"})),
            rsa(&modulus, json!({"alg": "RSA-OAEP"})),
            rsa(&modulus, json!({"key_ops": ["encrypt"]})),
            rsa(&modulus, json!({"n": "not base64!"})),
            ec(json!({"crv": "P-384"})),
            ec(json!({"crv": "secp256k1"})),
            ec(json!({"crv": "Ed25519"})),
            ec(json!({"alg": "RS256"})),
            json!({"kty": "OKP", "crv": "X25519", "x": BASE64.encode([7; 32])}),
            json!({"kty": "oct", "k": BASE64.encode([7; 32]), "kid": "k"}),
            json!({"kty": "oct", "k": BASE64.encode([7; 32]), "alg": "HS256", "use": "sig"}),
            json!({"kty": "none"}),
            json!({"kid": 7}),
            json!(null),
            json!("key"),
        ] {
            assert_eq!(usable(json!([bad, ec(json!({}))])), 1, "{bad} is left out, its neighbour kept");
        }
        for no_set in ["", "[]", "{}", "null", r#"{"keys": {}}"#] {
            assert!(KeySet::read(no_set.as_bytes()).is_err(), "{no_set}");
        }
    }

    #[test]
    fn small_rsa_keys_are_left_out() {
        let of_bits = |bits: usize| {
            let mut modulus = vec![0xff; bits.div_ceil(8)];
            modulus[0] >>= modulus.len() * 8 - bits;
            // Zeros before a number do not make it longer.
            [vec![0; 3], modulus].concat()
        };
        assert_eq!(usable(json!([rsa(&of_bits(2_048), json!({}))])), 1);
        for bits in [512, 1_024, 2_047] {
            assert_eq!(usable(json!([rsa(&of_bits(bits), json!({}))])), 0, "{bits}");
        }
        assert_eq!(usable(json!([rsa(&[], json!({}))])), 0);
    }

    #[test]
    fn a_token_that_names_no_key_means_the_only_one() {
        let header = |kid: Option<&str>, alg| -> Header {
            serde_json::from_value(json!({"alg": alg, "kid": kid})).unwrap()
        };
        let set = |keys| KeySet::read(json!({"keys": keys}).to_string().as_bytes()).unwrap();
        let one = set(json!([ec(json!({})), {"kty": "oct", "k": "AAAA"}]));
        assert!(one.find(&header(None, "ES256")).is_some());
        assert!(one.find(&header(Some("k"), "ES256")).is_some());
        for (kid, alg) in
            [(Some("K"), "ES256"), (Some(""), "ES256"), (Some("k"), "RS256"), (Some("k"), "HS256")]
        {
            assert!(one.find(&header(kid, alg)).is_none(), "{kid:?} {alg}");
        }
        let two = set(json!([ec(json!({})), ec(json!({"kid": "other"}))]));
        assert!(two.find(&header(None, "ES256")).is_none());
        assert!(two.find(&header(Some("other"), "ES256")).is_some());
    }
}
