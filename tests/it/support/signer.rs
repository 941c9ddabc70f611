//! Keys that sign tokens, and tokens put together by hand: good ones, and such as no library would make.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaEncoding,
    RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

/// A key pair and the name under which it is published.
pub struct Signer {
    /// Its `kid`.
    pub kid: String,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Signer {
    /// A new key for RS256.
    pub fn rsa(kid: &str) -> Self {
        Self::new(kid, Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")))
    }

    /// A new key for ES256.
    pub fn ec(kid: &str) -> Self {
        Self::new(kid, Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")))
    }

    /// A new key for EdDSA.
    pub fn ed(kid: &str) -> Self {
        Self::new(kid, Pair::Ed(Ed25519KeyPair::generate().expect("a key")))
    }

    fn new(kid: &str, pair: Pair) -> Self {
        Self { kid: kid.to_owned(), pair }
    }

    /// The algorithm that it is for.
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ec(_) => "ES256",
            Pair::Ed(_) => "EdDSA",
        }
    }

    /// The public key as it is published.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let key = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": BASE64.encode(key.n), "e": BASE64.encode(key.e)})
            }
            Pair::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": BASE64.encode(x), "y": BASE64.encode(y)})
            }
            Pair::Ed(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(pair.public_key().as_ref())})
            }
        };
        jwk["kid"] = json!(self.kid);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(self.algorithm());
        jwk
    }

    /// What a thief of public keys has in hand: the public key in several forms.
    pub fn public_forms(&self) -> Vec<Vec<u8>> {
        let der = match &self.pair {
            Pair::Rsa(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
            Pair::Ec(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
            Pair::Ed(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
        };
        let der = der.expect("DER").as_ref().to_vec();
        let raw = match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ec(pair) => pair.public_key().as_ref(),
            Pair::Ed(pair) => pair.public_key().as_ref(),
        };
        let text = base64::prelude::BASE64_STANDARD.encode(&der);
        let lines: Vec<&str> =
            (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", lines.join("\n"));
        let mut forms = vec![format!("{pem}\n").into_bytes(), pem.into_bytes(), der, raw.to_vec()];
        for member in ["n", "x"] {
            if let Some(number) = self.jwk()[member].as_str() {
                forms.extend([number.as_bytes().to_vec(), BASE64.decode(number).expect("a number")]);
            }
        }
        forms.push(self.jwk().to_string().into_bytes());
        forms
    }

    /// Signs as its algorithm wants it.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(_) => self.sign_rsa(&RSA_PKCS1_SHA256, message),
            Pair::Ec(pair) => pair.sign(&SystemRandom::new(), message).expect("signed").as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    /// Signs with RSA in another way.
    pub fn sign_rsa(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let Pair::Rsa(pair) = &self.pair else { panic!("not an RSA key") };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), message, &mut signature).expect("signed");
        signature
    }

    /// The usual header of its tokens.
    pub fn header(&self) -> Value {
        json!({"alg": self.algorithm(), "kid": self.kid, "typ": "JWT"})
    }

    /// A token with these claims.
    pub fn token(&self, claims: &Value) -> String {
        self.token_with(&self.header(), claims)
    }

    /// A token with these claims and this header.
    pub fn token_with(&self, header: &Value, claims: &Value) -> String {
        compact(header.to_string(), claims.to_string(), |message| self.sign(message))
    }
}

/// A compact JWS of any two texts.
pub fn compact(
    header: impl AsRef<[u8]>,
    claims: impl AsRef<[u8]>,
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> String {
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
    let signature = sign(message.as_bytes());
    format!("{message}.{}", BASE64.encode(signature))
}

/// A signature by HS256.
pub fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let signature = crypto::sign(message, &EncodingKey::from_secret(secret), Algorithm::HS256);
    BASE64.decode(signature.expect("signed")).expect("base64")
}

/// `value` with other members; those that are null go.
pub fn with(value: &Value, other: &Value) -> Value {
    let mut value = value.clone();
    let members = value.as_object_mut().expect("an object");
    for (name, other) in other.as_object().expect("an object") {
        match other {
            Value::Null => drop(members.remove(name)),
            other => drop(members.insert(name.clone(), other.clone())),
        }
    }
    value
}
