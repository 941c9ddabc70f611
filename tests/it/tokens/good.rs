//! Tokens that are accepted, and as whose.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use super::{Scene, shown};
use crate::support::{AUDIENCE, App, PARTY, Signer, StandIn, assert_problem, with};

#[tokio::test]
async fn good_tokens_of_every_form_are_accepted() {
    let scene = Scene::start().await;
    let now = chrono::Utc::now().timestamp();
    for key in [&scene.rsa, &scene.ec, &scene.ed] {
        let token = key.token(&scene.claims(json!({})));
        assert_eq!(scene.shown(&token).await.status, 200, "{}", key.algorithm());
    }
    for typ in [Value::Null, json!("JWT"), json!("jwt"), json!("at+jwt"), json!("AT+JWT")] {
        let header = with(&scene.ec.header(), &json!({"typ": typ}));
        let token = scene.ec.token_with(&header, &scene.claims(json!({})));
        assert_eq!(scene.shown(&token).await.status, 200, "type {typ}");
    }
    for claims in [
        json!({"aud": [AUDIENCE]}),
        json!({"aud": ["another", AUDIENCE, "third"]}),
        json!({"nbf": null}),
        json!({"exp": now as f64 + 60.25, "iat": now as f64 - 0.5, "nbf": now as f64 - 1.75}),
        json!({"exp": 1e15}),
        // Clocks may disagree by 30 s.
        json!({"exp": now - 20, "iat": now - 80}),
        json!({"nbf": now + 20, "iat": now + 20}),
        json!({"iat": now - 1_000_000}),
        json!({"sub": "ü".repeat(500)}),
        json!({"sub": "auth0|5f7c8ec7c33c6c004bbafe82"}),
        // What else there is does not matter.
        json!({"role": 7, "email": "maya@example.com", "sid": "s", "act": {"sub": "x"}, "jku": "https://evil.example"}),
        json!({"public_metadata": null}),
        json!({"public_metadata": "none"}),
    ] {
        let answer = scene.shown(&scene.ec.token(&scene.claims(claims.clone()))).await;
        assert_eq!(answer.status, 200, "{claims}: {answer:?}");
    }
    assert_eq!(scene.issuer.calls(), 1, "all with the keys of the start");
}

#[tokio::test]
async fn a_token_need_not_name_the_only_key() {
    let key = Signer::ec("the only one");
    let symmetric = json!({"kty": "oct", "kid": "secret", "k": "c2VjcmV0"});
    let issuer = StandIn::start(vec![symmetric, key.jwk()]).await;
    let app = App::builder().workers(0).issuers([issuer.rules()]).start().await;
    let claims = issuer.claims("maya", &json!({}));
    shown(&app, &key.token_with(&json!({"alg": "ES256"}), &claims)).await.expect(200);
    assert_problem!(
        shown(&app, &key.token_with(&json!({"alg": "RS256"}), &claims)).await,
        401,
        "unauthenticated"
    );
}

#[tokio::test]
async fn each_issuer_has_its_own_rules() {
    let (key, other) = (Signer::ec("k"), Signer::ec("k"));
    let (clerk, plain) = (StandIn::start(vec![key.jwk()]).await, StandIn::start(vec![other.jwk()]).await);
    let mut by_party = clerk.rules();
    by_party.audiences.clear();
    let mut by_audience = plain.rules();
    by_audience.authorized_parties.clear();
    let app = App::builder().workers(0).issuers([by_party, by_audience]).start().await;
    for (claims, status) in [
        (json!({"aud": null, "azp": PARTY}), 200),
        (json!({"aud": "another", "azp": PARTY}), 200),
        (json!({"aud": AUDIENCE, "azp": null}), 401),
        (json!({"aud": AUDIENCE, "azp": "https://evil.example"}), 401),
    ] {
        let answer = shown(&app, &key.token(&clerk.claims("maya", &claims))).await;
        assert_eq!(answer.status, status, "by party: {claims}");
    }
    for (claims, status) in [
        (json!({"azp": null}), 200),
        (json!({"azp": "https://evil.example"}), 200),
        (json!({"aud": null}), 401),
        (json!({"aud": [PARTY]}), 401),
    ] {
        let answer = shown(&app, &other.token(&plain.claims("maya", &claims))).await;
        assert_eq!(answer.status, status, "by audience: {claims}");
    }
    // Keys of the same name, but of another issuer.
    for claims in [clerk.claims("maya", &json!({})), plain.claims("maya", &json!({}))] {
        let right = if claims["iss"] == clerk.name() { &key } else { &other };
        let wrong = if claims["iss"] == clerk.name() { &other } else { &key };
        shown(&app, &right.token(&claims)).await.expect(200);
        assert_problem!(shown(&app, &wrong.token(&claims)).await, 401, "unauthenticated");
    }
}

#[tokio::test]
async fn equal_names_of_two_issuers_are_two_people() {
    let scene = Scene::start().await;
    scene.shown(&scene.good()).await.expect(200);
    scene.shown(&scene.good()).await.expect(200);
    scene.app.user("maya", Role::Consumer).get("/chat/sessions").await.expect(200);
    let users = scene
        .app
        .database
        .rows("SELECT issuer, role FROM users WHERE subject = 'maya' ORDER BY issuer")
        .await;
    let users: Vec<_> = users.iter().map(|user| (user["issuer"].clone(), user["role"].clone())).collect();
    assert_eq!(
        users,
        [(json!(scene.issuer.name()), json!("consumer")), (json!("proxie"), json!("consumer"))]
    );
}

#[tokio::test]
async fn whoever_was_deleted_does_not_come_back() {
    let scene = Scene::start().await;
    let gone = "INSERT INTO users (id, issuer, subject, role, status, closed_at) VALUES (gen_random_uuid()";
    let name = scene.issuer.name();
    scene.app.database.execute(&format!("{gone}, '{name}', 'maya', 'consumer', 'deleted', now())")).await;
    let admin = scene.ec.token(&scene.claims(json!({"role": "provider"})));
    for token in [scene.good(), admin] {
        assert_problem!(scene.shown(&token).await, 401, "account_closed");
    }
    assert_eq!(scene.app.database.value("SELECT role FROM users").await, "consumer", "nor changes");
}
