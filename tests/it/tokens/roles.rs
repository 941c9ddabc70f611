//! What role a token gives, and when it changes the user's own.

use chrono::{DateTime, Duration, Timelike, Utc};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use super::{Scene, shown};
use crate::support::{App, Signer, StandIn, assert_problem};

/// An issuer that may make admins, and the product that believes it.
struct Trusting {
    app: App,
    issuer: StandIn,
    key: Signer,
}

impl Trusting {
    async fn start() -> Self {
        let key = Signer::ec("k");
        let issuer = StandIn::start(vec![key.jwk()]).await;
        let mut rules = issuer.rules();
        rules.trusted_for_admin = true;
        let app = App::builder().workers(0).issuers([rules]).start().await;
        Self { app, issuer, key }
    }

    /// A user who is there already, with a role since some time.
    async fn insert(&self, subject: &str, role: &str, since: DateTime<Utc>, earned: bool) {
        let columns = "INSERT INTO users (id, issuer, subject, role, role_changed_at, role_earned)";
        let (issuer, since) = (self.issuer.name(), since.to_rfc3339());
        let values = format!("(gen_random_uuid(), '{issuer}', '{subject}', '{role}', '{since}', {earned})");
        self.app.database.execute(&format!("{columns} VALUES {values}")).await;
    }

    /// A call with a token made at some time that says this; the row's role afterwards.
    async fn call(&self, subject: &str, made: DateTime<Utc>, says: &Value) -> Value {
        let mut claims = self.issuer.claims(subject, says);
        claims["iat"] = json!(made.timestamp());
        shown(&self.app, &self.key.token(&claims)).await.expect(200);
        role_of(&self.app, subject).await
    }
}

async fn role_of(app: &App, subject: &str) -> Value {
    app.database.value(&format!("SELECT role FROM users WHERE subject = '{subject}'")).await
}

#[tokio::test]
async fn a_newcomers_role_is_the_tokens_if_it_is_one() {
    let scene = Scene::start().await;
    for (number, (says, role)) in [
        (json!({}), "consumer"),
        (json!({"role": "provider"}), "provider"),
        (json!({"role": "consumer", "public_metadata": {"role": "provider"}}), "provider"),
        (json!({"role": "provider", "public_metadata": {"role": "consumer"}}), "consumer"),
        (json!({"role": "provider", "public_metadata": {"role": null, "plan": "pro"}}), "provider"),
        (json!({"role": "authenticated"}), "consumer"),
        (json!({"role": ["provider"]}), "consumer"),
        (json!({"role": {"provider": null}}), "consumer"),
        (json!({"role": "Provider"}), "consumer"),
        (json!({"role": "guest"}), "consumer"),
        // This issuer makes no admins, in no way.
        (json!({"role": "admin"}), "consumer"),
        (json!({"public_metadata": {"role": "admin"}}), "consumer"),
        (json!({"role": "provider", "public_metadata": {"role": "admin"}}), "consumer"),
        (json!({"role": "admin", "public_metadata": {"role": "provider"}}), "provider"),
    ]
    .into_iter()
    .enumerate()
    {
        let subject = format!("user-{number}");
        scene.shown(&scene.ec.token(&scene.issuer.claims(&subject, &says))).await.expect(200);
        assert_eq!(role_of(&scene.app, &subject).await, role, "{says}");
    }
}

#[tokio::test]
async fn a_tokens_role_counts_unless_the_users_has_changed_since() {
    let scene = Trusting::start().await;
    // Of a whole second, as the times of most tokens are.
    let now = Utc::now().with_nanosecond(0).unwrap();
    let ago = |minutes| now - Duration::minutes(minutes);
    for (number, (had, since, earned, says, made, has)) in [
        ("consumer", ago(60), false, json!({"role": "provider"}), ago(1), "provider"),
        ("consumer", ago(60), false, json!({"role": "admin"}), ago(1), "admin"),
        ("consumer", ago(60), false, json!({"role": "guest"}), ago(1), "consumer"),
        ("provider", ago(60), false, json!({"role": "consumer"}), ago(1), "consumer"),
        ("provider", ago(60), false, json!({}), ago(1), "provider"),
        ("admin", ago(60), false, json!({"role": "consumer"}), ago(1), "consumer"),
        // Of the same moment is not before.
        ("consumer", ago(60), false, json!({"role": "provider"}), ago(60), "provider"),
        // Older than the last change.
        ("consumer", ago(1), false, json!({"role": "provider"}), ago(2), "consumer"),
        ("consumer", ago(1), false, json!({"role": "admin"}), ago(2), "consumer"),
        ("provider", ago(1), false, json!({"role": "consumer"}), ago(2), "provider"),
        // What was earned here is not lowered.
        ("provider", ago(60), true, json!({"role": "consumer"}), ago(1), "provider"),
        ("provider", ago(60), true, json!({}), ago(1), "provider"),
        ("provider", ago(60), true, json!({"role": "admin"}), ago(1), "admin"),
        ("admin", ago(60), true, json!({"role": "consumer"}), ago(1), "provider"),
    ]
    .into_iter()
    .enumerate()
    {
        let subject = format!("user-{number}");
        scene.insert(&subject, had, since, earned).await;
        let role = scene.call(&subject, made, &says).await;
        assert_eq!(role, has, "{had} since {since}, earned: {earned}; {says} of {made}");
    }
}

#[tokio::test]
async fn the_newest_token_has_the_last_word() {
    let scene = Trusting::start().await;
    let ago = |seconds| Utc::now() - Duration::seconds(seconds);
    scene.insert("maya", "consumer", ago(3_600), false).await;
    assert_eq!(scene.call("maya", ago(30), &json!({"role": "provider"})).await, "provider");
    assert_eq!(scene.call("maya", ago(40), &json!({"role": "consumer"})).await, "provider", "an older one");
    assert_eq!(scene.call("maya", ago(20), &json!({"role": "consumer"})).await, "consumer", "a newer one");
    assert_eq!(scene.call("maya", ago(30), &json!({"role": "admin"})).await, "consumer", "the first again");
    // A clock that is ahead does not keep out what comes later.
    assert_eq!(scene.call("maya", ago(-20), &json!({"role": "provider"})).await, "provider");
    let ahead = scene.app.database.value("SELECT role_changed_at > now() FROM users").await;
    assert_eq!(ahead, false);
}

#[tokio::test]
async fn a_change_that_nobody_has_seen_yet_is_not_overwritten() {
    let scene = Trusting::start().await;
    let ago = |seconds| Utc::now() - Duration::seconds(seconds);
    scene.insert("maya", "consumer", ago(3_600), false).await;
    // The row is remembered from here on, and changes behind the API's back.
    assert_eq!(scene.call("maya", ago(60), &json!({})).await, "consumer");
    let enrolled = "UPDATE users SET role = 'provider', role_earned = true, role_changed_at = now()";
    scene.app.database.execute(enrolled).await;
    assert_eq!(scene.call("maya", ago(60), &json!({"role": "admin"})).await, "provider");
    assert_eq!(scene.call("maya", ago(-1), &json!({"role": "consumer"})).await, "provider");
}

#[tokio::test]
async fn the_role_of_the_token_is_the_role_of_the_call() {
    let scene = Trusting::start().await;
    let hour_ago = Utc::now() - Duration::hours(1);
    for (subject, says, status) in [("tom", json!({}), 403), ("ann", json!({"role": "provider"}), 202)] {
        scene.insert(subject, "consumer", hour_ago, false).await;
        let token = scene.key.token(&scene.issuer.claims(subject, &says));
        let body = json!({"message": "hello", "role": "provider"});
        let answer = scene.app.anybody().with_token(&token).post("/chat", body).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    // Ours too.
    scene.app.database.execute(
        "INSERT INTO users (id, issuer, subject, role, role_changed_at) VALUES (gen_random_uuid(), 'proxie', 'kim', 'consumer', now() - interval '1 hour')"
    ).await;
    let kim = scene.app.user("kim", Role::Provider);
    let body = json!({"message": "hello", "role": "consumer"});
    assert_problem!(kim.post("/chat", body).await, 403, "wrong_role");
    assert_eq!(role_of(&scene.app, "kim").await, "provider");
    scene.app.user("kim", Role::Admin).get("/chat/sessions").await.expect(200);
}
