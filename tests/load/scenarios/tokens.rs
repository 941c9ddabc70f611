//! What it costs to verify a token, keys at hand: one of ours, and one of an issuer elsewhere. In this process, without
//! HTTP, on one thread.

use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use proxie_shared::auth::Verifier;
use proxie_shared::config::{AuthConfig, IssuerConfig, Secret};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::Result;
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// How often each is verified between two looks at the clock.
const BATCH: u32 = 500;
/// How long a token is good, in seconds: longer than any measurement.
const TTL: u64 = 3_600;

/// Measures.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let key = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let issuer = format!("http://{}", listener.local_addr()?);
    let mut publishing = JoinSet::new();
    publishing.spawn(publish(listener, key_set(&key)));
    let rules = IssuerConfig {
        jwks_url: format!("{issuer}/jwks"),
        issuer: issuer.clone(),
        audiences: vec!["proxie".to_owned()],
        authorized_parties: Vec::new(),
        trusted_for_admin: false,
    };
    let secret = Secret::new("a secret of the bench, 32 bytes or more of it");
    let verifier = Verifier::new(&AuthConfig { secret, issuer: "proxie".to_owned(), issuers: vec![rules] })?;
    let local = verifier.tokens().local("bench", Role::Consumer, Duration::from_secs(TTL))?;
    let external = token(&key, &issuer)?;
    for (name, token, most) in [("local, HS256", local, 30.0), ("external, RS256", external, 100.0)] {
        let each = measure(stage, &verifier, &token).await?;
        report.add("tokens", name, Unit::Us, Target::AtMost(most), each);
    }
    Ok(())
}

/// Microseconds for each verification. The first fetches the keys.
async fn measure(stage: &Stage, verifier: &Verifier, token: &str) -> Result<f64> {
    verifier.verify(token).await?;
    let (began, long) = (Instant::now(), stage.load().measured);
    let mut count = 0;
    while began.elapsed() < long {
        for _ in 0..BATCH {
            std::hint::black_box(verifier.verify(token).await?);
        }
        count += BATCH;
    }
    Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(count))
}

fn key_set(key: &RsaKeyPair) -> Value {
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
    let (n, e) = (BASE64.encode(public.n), BASE64.encode(public.e));
    json!({"keys": [{"kty": "RSA", "kid": "bench", "use": "sig", "alg": "RS256", "n": n, "e": e}]})
}

fn token(key: &RsaKeyPair, issuer: &str) -> Result<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let header = json!({"alg": "RS256", "kid": "bench", "typ": "JWT"});
    let claims = json!({
        "iss": issuer, "sub": "bench", "aud": "proxie", "azp": "https://app.example",
        "iat": now, "nbf": now, "exp": now + TTL, "public_metadata": {"role": "consumer"}
    });
    let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)?;
    Ok(format!("{message}.{}", BASE64.encode(signature)))
}

/// Answers every call with the keys.
async fn publish(listener: TcpListener, keys: Value) -> Result<()> {
    let body = keys.to_string();
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    loop {
        let (mut stream, _) = listener.accept().await?;
        // The call has one line that matters, and it can only be for the keys.
        stream.read_buf(&mut Vec::new()).await?;
        stream.write_all(answer.as_bytes()).await?;
    }
}
