//! Who may connect, and what connections may ask for.

use std::fmt;
use std::sync::Arc;

use chrono::Utc;
use proxie_shared::auth::Actor;
use proxie_shared::error::{Code, Error};
use proxie_shared::model::SessionId;
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef, State, TryData};

use super::feed::{Member, Order};
use super::hub::Hub;

/// What a client proves itself with.
#[derive(Deserialize)]
pub struct Credentials {
    token: String,
}

/// The last number that a client has; none if it has none.
#[derive(Deserialize)]
struct After {
    after: Option<i64>,
}

/// A conversation to follow, and the last number that a client has of it.
#[derive(Deserialize)]
struct JoinSession {
    session_id: SessionId,
    after: Option<i64>,
}

/// Why a client may not connect, as its `connect_error` says it.
#[derive(Debug)]
pub struct Refusal(Error);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.detail)
    }
}

/// Lets in who has a valid token.
pub async fn authenticate(
    socket: SocketRef,
    TryData(given): TryData<Credentials>,
    State(hub): State<Arc<Hub>>,
) -> Result<(), Refusal> {
    let token = given.map_err(|_| Refusal(Code::Unauthenticated.into()))?.token;
    let (actor, expires_at) = hub.auth.authenticate_till(&token).await.map_err(Refusal)?;
    // A call is forgiven a clock that is a little behind; a connection would end at once.
    if expires_at <= Utc::now() {
        return Err(Refusal(Code::Unauthenticated.into()));
    }
    socket.extensions.insert(Pass { actor, member: Member::new(token, actor, expires_at) });
    Ok(())
}

/// Who was let in.
#[derive(Clone)]
struct Pass {
    actor: Actor,
    member: Member,
}

/// Connects who was let in to what they are told.
pub async fn connect(socket: SocketRef, State(hub): State<Arc<Hub>>) {
    let Some(pass) = socket.extensions.get::<Pass>() else {
        // Nobody comes past the gate.
        let _gone = socket.disconnect();
        return;
    };
    socket.on("resume", resume);
    socket.on("session:join", join);
    socket.on("auth:renew", renew);
    socket.on_disconnect(leave);
    let order = Order::Join(socket.clone(), Box::new(pass.member));
    if hub.order(pass.actor.user_id(), order).is_err() {
        let _gone = socket.disconnect();
    }
}

async fn resume(
    socket: SocketRef,
    TryData(given): TryData<After>,
    ack: AckSender,
    State(hub): State<Arc<Hub>>,
) {
    match given {
        Ok(After { after }) if after.is_none_or(|after| after >= 0) => {
            order(&hub, &socket, || Order::Resume { socket: socket.id, after, ack });
        }
        _ => refuse(ack, &invalid("after", "a number from 0 on")),
    }
}

async fn join(
    socket: SocketRef,
    TryData(given): TryData<JoinSession>,
    ack: AckSender,
    State(hub): State<Arc<Hub>>,
) {
    match given {
        Ok(JoinSession { session_id, after }) => {
            order(&hub, &socket, || Order::JoinSession { socket: socket.id, session: session_id, after, ack })
        }
        Err(_) => refuse(ack, &invalid("session_id", "the id of a conversation")),
    }
}

async fn renew(
    socket: SocketRef,
    TryData(given): TryData<Credentials>,
    ack: AckSender,
    State(hub): State<Arc<Hub>>,
) {
    let Ok(Credentials { token }) = given else { return refuse(ack, &Code::Unauthenticated.into()) };
    match hub.auth.authenticate_till(&token).await {
        Ok((actor, expires_at)) => {
            let is_same =
                socket.extensions.get::<Pass>().is_some_and(|pass| pass.actor.user_id() == actor.user_id());
            if !is_same {
                return refuse(ack, &Error::new(Code::NotYours).detail("This is a token of another user."));
            }
            let renewed = Box::new(Member::new(token, actor, expires_at));
            order(&hub, &socket, || Order::Renew { socket: socket.id, renewed, ack });
        }
        Err(error) => refuse(ack, &error),
    }
}

async fn leave(socket: SocketRef, State(hub): State<Arc<Hub>>) {
    order(&hub, &socket, || Order::Leave(socket.id));
}

/// Hands an order to the feed of who is connected; who gives too many is disconnected.
fn order(hub: &Arc<Hub>, socket: &SocketRef, order: impl FnOnce() -> Order) {
    let Some(pass) = socket.extensions.get::<Pass>() else { return };
    if hub.order(pass.actor.user_id(), order()).is_err() {
        let _gone = socket.clone().disconnect();
    }
}

fn invalid(field: &str, what: &str) -> Error {
    Error::new(Code::Invalid).detail(format!("`{field}` must be {what}."))
}

/// What an answer says that refuses: as the API's errors do.
pub fn problem(error: &Error) -> Value {
    json!({"error": {"code": error.code, "detail": error.detail}})
}

fn refuse(ack: AckSender, error: &Error) {
    // Who does not want to know is not told.
    let _gone = ack.send(&problem(error));
}
