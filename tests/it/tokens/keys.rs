//! Whose keys count, and when: rotation, strangers who name keys that are not there, issuers that are away.

use std::time::{Duration, Instant};

use futures::future::join_all;
use proxie_shared::config::IssuerConfig;
use serde_json::json;

use super::{Scene, shown};
use crate::support::{App, Mood, Signer, StandIn, assert_problem, eventually};

/// What an answer may take while an issuer does not answer: 2 s, and one more for a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(3);

#[tokio::test]
async fn a_new_key_is_fetched_once_and_the_old_one_goes() {
    let scene = Scene::start().await;
    let (old, new) = (scene.good(), Signer::ec("ec-2"));
    scene.shown(&old).await.expect(200);
    scene.issuer.publish(vec![new.jwk()]);
    scene.shown(&old).await.expect(200);
    assert_eq!(scene.issuer.calls(), 1, "no need to ask");
    // Many come with the new key at once.
    let tokens: Vec<String> =
        (0..20).map(|n| new.token(&scene.issuer.claims(&format!("user-{n}"), &json!({})))).collect();
    for answer in join_all(tokens.iter().map(|token| scene.shown(token))).await {
        answer.expect(200);
    }
    assert_eq!(scene.issuer.calls(), 2);
    for key in [&scene.rsa, &scene.ec, &scene.ed] {
        let token = key.token(&scene.claims(json!({})));
        assert_problem!(scene.shown(&token).await, 401, "unauthenticated");
    }
    assert_eq!(scene.issuer.calls(), 2, "the next refresh is a minute away");
}

#[tokio::test]
async fn a_flood_of_unknown_keys_asks_the_issuer_once() {
    let scene = Scene::start().await;
    let flood: Vec<String> =
        (0..200).map(|n| Signer::ec(&format!("unknown-{n}")).token(&scene.claims(json!({})))).collect();
    for answer in join_all(flood.iter().map(|token| scene.shown(token))).await {
        assert_problem!(answer, 401, "unauthenticated");
    }
    for token in &flood[..20] {
        assert_problem!(scene.shown(token).await, 401, "unauthenticated");
    }
    assert_eq!(scene.issuer.calls(), 2);
    scene.shown(&scene.good()).await.expect(200);
}

#[tokio::test]
async fn known_keys_go_on_while_the_issuer_is_away() {
    for mood in [
        Mood::Down,
        Mood::Hangs,
        Mood::Says("500 Internal Server Error".into()),
        Mood::Says("404 Not Found".into()),
        Mood::Says("200 OK\r\ncontent-length: 6\r\n\r\n<html>".into()),
        Mood::Stalls,
        Mood::Wordy(256 * 1_024),
        Mood::Says("200 OK\r\ncontent-encoding: identity\r\ntransfer-encoding: chunked".into()),
    ] {
        let scene = Scene::start().await;
        scene.shown(&scene.good()).await.expect(200);
        let new = Signer::ec("ec-2");
        scene.issuer.publish(vec![new.jwk()]);
        scene.issuer.be(mood);
        let began = Instant::now();
        let unknown = new.token(&scene.claims(json!({})));
        let asking = scene.shown(&unknown);
        let meanwhile = async {
            eventually("the issuer is asked", async || scene.issuer.calls() == 2).await;
            scene.shown(&scene.good()).await.expect(200);
        };
        let (answer, ()) = futures::join!(asking, meanwhile);
        assert_problem!(answer, 401, "unauthenticated");
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        let again = Instant::now();
        assert_problem!(scene.shown(&unknown).await, 401, "unauthenticated");
        assert!(again.elapsed() < Duration::from_secs(1), "nobody waits again: {:?}", again.elapsed());
        scene.shown(&scene.good()).await.expect(200);
    }
}

#[tokio::test]
async fn a_set_without_a_usable_key_replaces_nothing() {
    for keys in [json!([]), json!([{"kty": "oct", "k": "AAAA"}, {"kty": "none"}])] {
        let scene = Scene::start().await;
        scene.shown(&scene.good()).await.expect(200);
        scene.issuer.publish(keys.as_array().unwrap().clone());
        let unknown = Signer::ec("ec-2").token(&scene.claims(json!({})));
        assert_problem!(scene.shown(&unknown).await, 401, "unauthenticated");
        assert_eq!(scene.issuer.calls(), 2, "it was asked");
        scene.shown(&scene.good()).await.expect(200);
    }
}

#[tokio::test]
async fn an_issuer_that_was_never_there_is_unavailable() {
    let key = Signer::ec("ec-1");
    let elsewhere = StandIn::start(vec![key.jwk()]).await;
    let moved = format!("302 Found\r\nlocation: {}/jwks", elsewhere.name());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for mood in [Mood::Hangs, Mood::Down, Mood::Says(moved), Mood::Says("503 Service Unavailable".into())] {
        let issuer = StandIn::start_as(mood, vec![key.jwk()]).await;
        let refuses = IssuerConfig {
            issuer: "https://closed.example".into(),
            jwks_url: format!("http://{closed}/jwks"),
            ..issuer.rules()
        };
        let app = App::builder().workers(0).issuers([issuer.rules(), refuses]).start().await;
        for claims in [json!({}), json!({"iss": "https://closed.example"})] {
            let began = Instant::now();
            let answer = shown(&app, &key.token(&issuer.claims("maya", &claims))).await;
            assert_problem!(answer, 503, "unavailable");
            assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        }
        app.guest().await.get("/chat/sessions").await.expect(200);
    }
    assert_eq!(elsewhere.calls(), 0, "keys are not fetched from where an issuer points");
}

#[tokio::test]
async fn an_issuer_that_comes_late_is_found() {
    let key = Signer::ec("ec-1");
    let issuer = StandIn::start_as(Mood::Down, vec![key.jwk()]).await;
    let app = App::builder().workers(0).issuers([issuer.rules()]).start().await;
    let token = key.token(&issuer.claims("maya", &json!({})));
    assert_problem!(shown(&app, &token).await, 503, "unavailable");
    issuer.be(Mood::Fine);
    eventually("the keys are fetched", async || shown(&app, &token).await.status == 200).await;
}
