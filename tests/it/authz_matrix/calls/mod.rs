//! How each operation is called so that nothing but who calls decides.

mod catalog;
mod consumers;
mod enrollment;
mod leads;
mod market;
mod media;
mod notifications;
mod offers;
mod providers;
mod requests;
mod reviews;
mod said;
mod slots;

use std::time::Duration;

use proxie_shared::model::UserId;
use proxie_shared::model::users::Role;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::table::Row;
use crate::support::{Answer, App, Caller, tokens};
use crate::webhooks;

/// The password of everybody here.
const PASSWORD: &str = "correct horse battery";

/// Calls a row's operation as somebody who has never called before.
pub async fn call(app: &App, row: &Row, caller: &str) -> Answer {
    let somebody = Somebody::new(app, caller).await;
    let (method, path) = row.operation.split_once(' ').expect("a method");
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    if let Some(prepared) = market::prepare(app, row, &somebody).await {
        let call = somebody.caller.call(method, &(filled(path, &prepared.ids) + &market::query(row)));
        let call = match &prepared.body {
            Some(body) => call.json(body),
            None => call,
        };
        return somebody.caller.send(call).await;
    }
    let thing = thing(app, row, &somebody).await;
    let call = somebody.caller.call(method, &filled(path, std::slice::from_ref(&thing.id)));
    somebody.caller.send(with_body(app, call, row, caller, &thing).await).await
}

/// A path with ids in place of what stands in braces, in order.
fn filled(path: &str, ids: &[String]) -> String {
    let mut ids = ids.iter();
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => ids.next().expect("an id for each pair of braces"),
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What a call of the marketplace needs.
pub struct Prepared {
    /// What stands in the path, in order.
    pub ids: Vec<String>,
    /// What is sent.
    pub body: Option<Value>,
}

/// Who calls.
pub struct Somebody {
    caller: Caller,
    /// Their row, if they have one.
    pub id: Option<Uuid>,
}

impl Somebody {
    /// Whose the thing is that a row is about: the caller's own, or somebody's who never calls.
    pub async fn owner(&self, app: &App, row: &Row) -> Uuid {
        match (row.whose, self.id) {
            ("own", Some(own)) => own,
            _ => user(app, &Uuid::now_v7().to_string(), Role::Consumer, "active").await,
        }
    }
}

impl Somebody {
    /// A consumer who never calls.
    pub async fn stranger(&self, app: &App) -> Uuid {
        user(app, &Uuid::now_v7().to_string(), Role::Consumer, "active").await
    }

    async fn new(app: &App, caller: &str) -> Self {
        let name = Uuid::now_v7().to_string();
        let without = |token: Option<&str>| {
            let anybody = app.anybody();
            Self {
                caller: token.map_or_else(|| anybody.clone(), |token| anybody.with_token(token)),
                id: None,
            }
        };
        let role = match caller {
            "none" => return without(None),
            "bad" => return without(Some("no.good.token")),
            "expired" => {
                let token = tokens().local(&name, Role::Consumer, Duration::ZERO).expect("a token");
                // Beyond what clocks may disagree.
                return without(Some(&token)).expired();
            }
            "guest" => {
                let made = app.anybody().move_on("/auth/guest").await.expect(201).body;
                let token = made["access_token"].as_str().expect("a token");
                let id = made["user"]["id"].as_str().and_then(|id| id.parse().ok());
                return Self { caller: app.anybody().with_token(token), id };
            }
            "provider" => Role::Provider,
            "admin" => Role::Admin,
            _ => Role::Consumer,
        };
        let status = if caller == "suspended" { "suspended" } else { "active" };
        let id = user(app, &name, role, status).await;
        Self { caller: app.user(&name, role), id: Some(id) }
    }

    fn expired(mut self) -> Self {
        use base64::Engine;
        use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
        use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
        let token = self.caller.token.take().expect("a token");
        let claims = token.split('.').nth(1).expect("claims");
        let mut claims: Value =
            serde_json::from_slice(&BASE64.decode(claims).expect("Base64")).expect("JSON");
        claims["exp"] = json!(claims["iat"].as_i64().expect("a time") - 3_600);
        claims["iat"] = json!(claims["exp"].as_i64().expect("a time") - 900);
        let header = Header { typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::HS256) };
        let key = EncodingKey::from_secret(crate::support::SECRET.as_bytes());
        self.caller.token = Some(encode(&header, &claims, &key).expect("a token"));
        self
    }
}

pub async fn user(app: &App, name: &str, role: Role, status: &str) -> Uuid {
    let id = Uuid::now_v7();
    let made = format!(
        "INSERT INTO users (id, issuer, subject, role, status) VALUES ('{id}', 'proxie', '{name}', '{role}', '{status}')"
    );
    app.database.execute(&made).await;
    id
}

/// What a row is about.
struct Thing {
    /// What stands in the path.
    id: String,
    /// The conversation that it is part of.
    session: Uuid,
}

/// Makes the thing that the row is about, of whom it says.
async fn thing(app: &App, row: &Row, somebody: &Somebody) -> Thing {
    let owner = somebody.owner(app, row).await;
    let [session, task, message, request] = [(); 4].map(|()| Uuid::now_v7());
    let (kind, about) = match row.state {
        Some("matching") => ("matching", format!("NULL, NULL, NULL, '{request}'")),
        _ => ("chat", format!("'{session}', 1, '{message}', NULL")),
    };
    let stands = match row.state {
        Some("live" | "matching") => "'processing', 'queued', NULL",
        _ => "'failed', 'done', 'model_timeout'",
    };
    let made = format!(
        "INSERT INTO chat_sessions (id, user_id, role, last_seq) VALUES ('{session}', '{owner}', 'consumer', 1);
         INSERT INTO chat_messages (id, session_id, seq, turn, author, text, task_id, client_message_id)
           VALUES ('{message}', '{session}', 1, 1, 'user', 'hello', '{task}', 'said');
         INSERT INTO requests (id, user_id, service_id, city, zone, expires_at)
           VALUES ('{request}', '{owner}', 'haircut', 'Queens', 'America/New_York', now() + interval '1 day');
         INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, request_id, status, stage, error_code, trace_id)
           VALUES ('{task}', '{kind}', '{owner}', {about}, {stands}, 'trace')"
    );
    app.database.execute(&made).await;
    let unknown = row.whose == "unknown";
    let id = match row.operation.as_str() {
        "GET /api/docs/{file}" => if unknown { "nothing.js" } else { "swagger-ui.css" }.to_owned(),
        "GET /api/redoc/{file}" => if unknown { "nothing.js" } else { "redoc.standalone.js" }.to_owned(),
        _ if unknown => Uuid::now_v7().to_string(),
        operation if operation.contains("{task_id}") => task.to_string(),
        operation if operation.contains("{user_id}") => owner.to_string(),
        _ => session.to_string(),
    };
    Thing { id, session }
}

async fn with_body(
    app: &App,
    call: RequestBuilder,
    row: &Row,
    caller: &str,
    thing: &Thing,
) -> RequestBuilder {
    let email = format!("{}@example.com", Uuid::now_v7());
    let account = json!({"email": email, "password": PASSWORD});
    let body = match (row.operation.as_str(), row.whose) {
        ("POST /auth/register", whose) => with_guest(app, account, whose).await,
        ("POST /auth/login", whose) => {
            app.anybody().post("/auth/register", account.clone()).await.expect(201);
            with_guest(app, account, whose).await
        }
        ("POST /auth/refresh" | "POST /auth/logout", "unknown") => json!({"refresh_token": "nobody's"}),
        ("POST /auth/refresh" | "POST /auth/logout", _) => {
            let made = app.anybody().post("/auth/register", account).await.expect(201);
            json!({"refresh_token": made.body["refresh_token"]})
        }
        ("POST /auth/password", _) => {
            // The caller's row gets an account, which tokens of the command line do not need.
            give_account(app, caller, call.try_clone().expect("no stream"), &email).await;
            json!({"current_password": PASSWORD, "new_password": "another horse battery"})
        }
        ("POST /webhooks/clerk", "-") => json!({"type": "user.updated", "data": {}}),
        ("POST /webhooks/clerk", whose) => return webhooks::sent_by_svix(call, whose == "signed"),
        ("POST /chat", "-") => json!({"message": "I need a haircut"}),
        ("POST /chat", "unknown") => json!({"message": "I need a haircut", "session_id": Uuid::now_v7()}),
        // By the id that the client gave to what was said there.
        ("POST /chat", "another's") if row.state == Some("said") => {
            json!({"message": "hello", "session_id": thing.session, "client_message_id": "said"})
        }
        ("POST /chat", whose) if whose.starts_with("as-") => {
            json!({"message": "hello", "role": whose.trim_start_matches("as-")})
        }
        ("POST /chat", _) => json!({"message": "I need a haircut", "session_id": thing.session}),
        ("POST /chat/sessions/claim", whose) => with_guest(app, json!({}), whose).await,
        ("POST /media", _) => return media::with_picture(call),
        ("POST /requests", _) => json!({"service_id": "haircut", "city": "Brooklyn"}),
        ("PUT /admin/users/{user_id}/status", _) => json!({"status": "suspended"}),
        ("PUT /admin/users/{user_id}/role", _) => json!({"role": "provider"}),
        _ => return call,
    };
    call.json(&body)
}

/// The body with a guest's token: of one whom nobody has claimed, whom somebody else has, who never was, or none.
async fn with_guest(app: &App, mut body: Value, whose: &str) -> Value {
    let token = match whose {
        "own" => app.guest().await.token,
        "another's" => Some(claimed_guest(app).await),
        "unknown" => Some(tokens().guest(UserId::new()).expect("a token")),
        _ => return body,
    };
    body["guest_token"] = json!(token);
    body
}

/// The token of a guest as a claim leaves one behind. Nobody has shown it yet: for some seconds whoever has seen the
/// guest still takes them for one, with nothing left to claim.
async fn claimed_guest(app: &App) -> String {
    let made = app.anybody().move_on("/auth/guest").await.expect(201).body;
    let id = made["user"]["id"].as_str().expect("an id");
    let closed = format!("UPDATE users SET status = 'deleted', closed_at = now() WHERE id = '{id}'");
    app.database.execute(&closed).await;
    made["access_token"].as_str().expect("a token").to_owned()
}

/// Gives the caller's row an account of the local issuer with the usual password, by copying a new one's hash.
async fn give_account(app: &App, caller: &str, call: RequestBuilder, email: &str) {
    if !["consumer", "provider", "admin"].contains(&caller) {
        return;
    }
    let token = call.build().expect("a call").headers()["authorization"].to_str().expect("text").to_owned();
    let subject = subject_of(token.trim_start_matches("Bearer "));
    app.anybody().post("/auth/register", json!({"email": email, "password": PASSWORD})).await.expect(201);
    let given = format!(
        "UPDATE accounts SET user_id = (SELECT id FROM users WHERE subject = '{subject}') WHERE email = '{email}'"
    );
    app.database.execute(&given).await;
}

fn subject_of(token: &str) -> String {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
    let claims = BASE64.decode(token.split('.').nth(1).expect("claims")).expect("Base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["sub"].as_str().expect("a subject").to_owned()
}
