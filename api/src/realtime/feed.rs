//! What one user's connections to this process are told: everything, in order, each from where it stands.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use proxie_shared::auth::Actor;
use proxie_shared::error::{Code, Error, Result};
use proxie_shared::model::live::LiveKind;
use proxie_shared::model::{SessionId, UserId};
use serde::Serialize;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::socket::Sid;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::gate::problem;
use super::hub::Hub;
use crate::views::live::LiveEventView;

/// How long a connection is given to say which number it has, before it is told what is new.
const HESITATION: Duration = Duration::from_millis(500);
/// How often it is asked whether those who are connected still may be.
const BEAT: Duration = Duration::from_secs(10);
/// How long before its token ends a connection is told so.
const NOTICE: Duration = Duration::from_secs(60);
/// How long to wait for a connection that does not take what it is sent, or for a database that is away.
const AGAIN: Duration = Duration::from_millis(100);
/// How long a connection may take nothing.
const SILENCE: Duration = Duration::from_secs(30);
/// The most connections of a user to one process.
const MOST: usize = 20;
/// The most events that are read at once.
const BATCH: i64 = 100;
/// The most that is told of a conversation that is joined again.
const MOST_DELTAS: i64 = 1_000;

/// What a connection asks for.
pub enum Order {
    /// To be told.
    Join(SocketRef, Box<Member>),
    /// To be told what came after a number.
    Resume { socket: Sid, after: Option<i64>, ack: AckSender },
    /// To be told what is said in a conversation as it is said; also what was after a number.
    JoinSession { socket: Sid, session: SessionId, after: Option<i64>, ack: AckSender },
    /// To go on with another token.
    Renew { socket: Sid, renewed: Box<Member>, ack: AckSender },
    /// It has gone.
    Leave(Sid),
}

/// What is known of a connection.
#[derive(Clone)]
pub struct Member {
    token: String,
    actor: Actor,
    /// When the token ends.
    ends: Instant,
    expires_at: DateTime<Utc>,
    /// When it is told so.
    notice: Instant,
    warned: bool,
    /// The last number that it was told.
    seq: i64,
    /// When it is told more.
    ready: Instant,
    /// Since when it takes nothing.
    stuck: Option<Instant>,
    sessions: HashSet<SessionId>,
}

impl Member {
    /// Somebody with a token that ends then.
    pub fn new(token: String, actor: Actor, expires_at: DateTime<Utc>) -> Self {
        // Whatever ends later than anybody stays connected.
        let left =
            (expires_at - Utc::now()).to_std().unwrap_or_default().min(Duration::from_secs(365 * 24 * 3_600));
        let now = Instant::now();
        Self {
            token,
            actor,
            ends: now + left,
            // Of a token that is good for a minute at all, after half of that.
            notice: now + left - NOTICE.min(left / 2),
            expires_at,
            warned: false,
            seq: 0,
            ready: now + HESITATION,
            stuck: None,
            sessions: HashSet::new(),
        }
    }

    /// When something is to be done about its token.
    fn due(&self) -> Instant {
        if self.warned { self.ends } else { self.notice }
    }
}

/// One user's connections.
pub struct Feed {
    hub: Arc<Hub>,
    user: UserId,
    orders: mpsc::Receiver<Order>,
    newest: watch::Receiver<i64>,
    /// The last number that is known of.
    last: i64,
    members: Vec<(SocketRef, Member)>,
    beat: Instant,
}

impl Feed {
    /// A feed to which nobody is connected yet.
    pub fn new(
        hub: Arc<Hub>,
        user: UserId,
        orders: mpsc::Receiver<Order>,
        newest: watch::Receiver<i64>,
    ) -> Self {
        Self { hub, user, orders, newest, last: 0, members: Vec::new(), beat: Instant::now() + BEAT }
    }

    /// Tells until nobody is connected any more.
    pub async fn run(mut self) {
        loop {
            let due = self.due();
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(order) => self.take(order).await,
                    None => return,
                },
                changed = self.newest.changed() => if changed.is_err() { return },
                () = sleep_until(due) => {}
            }
            self.last = self.last.max(*self.newest.borrow_and_update());
            self.look_at_tokens().await;
            self.deliver().await;
            if self.members.is_empty() && self.hub.end(self.user, &self.orders) {
                return;
            }
        }
    }

    /// When something is to be done without anybody asking.
    fn due(&self) -> Instant {
        let waits = |member: &&(SocketRef, Member)| member.1.seq < self.last;
        let ready = self.members.iter().filter(waits).map(|(_, member)| member.ready);
        let tokens = self.members.iter().map(|(_, member)| member.due());
        ready.chain(tokens).min().unwrap_or(self.beat).min(self.beat)
    }

    async fn take(&mut self, order: Order) {
        match order {
            Order::Join(socket, member) => self.join(socket, *member).await,
            Order::Leave(id) => self.members.retain(|(socket, _)| socket.id != id),
            Order::Resume { socket, after, ack } => {
                let last = self.last;
                if let Some((socket, member)) = self.member(socket) {
                    member.ready = Instant::now();
                    member.seq = after.unwrap_or(member.seq).min(last);
                    let _gone = ack.send(&json!({"seq": last}));
                    // Nobody has been told what is still to come: that is no number of ours.
                    if after.is_some_and(|after| after > last) {
                        let _gone = send(socket, "resync", &json!({"seq": last}));
                    }
                }
            }
            Order::Renew { socket, renewed, ack } => {
                if let Some((_, member)) = self.member(socket) {
                    let Member { token, actor, ends, notice, expires_at, warned, .. } = *renewed;
                    *member = Member { token, actor, ends, notice, expires_at, warned, ..member.clone() };
                    let _gone = ack.send(&json!({"expires_at": expires_at}));
                }
            }
            Order::JoinSession { socket, session, after, ack } => {
                let answer = match self.join_session(socket, session, after).await {
                    Ok(()) => json!({"session_id": session}),
                    Err(error) => problem(&error),
                };
                let _gone = ack.send(&answer);
            }
        }
    }

    fn member(&mut self, id: Sid) -> Option<&mut (SocketRef, Member)> {
        self.members.iter_mut().find(|(socket, _)| socket.id == id)
    }

    async fn join(&mut self, socket: SocketRef, mut member: Member) {
        let last = if self.members.len() < MOST {
            self.hub.domain.last_live(&member.actor).await
        } else {
            Err(Error::new(Code::RateLimited).detail("Too many connections of yours are open: close some."))
        };
        match last {
            Ok(last) => {
                self.last = self.last.max(last);
                member.seq = last;
                self.members.push((socket, member));
            }
            Err(error) => end(&socket, &error),
        }
    }

    async fn join_session(&mut self, id: Sid, session: SessionId, after: Option<i64>) -> Result<()> {
        let domain = &self.hub.domain;
        let Some((socket, member)) = self.members.iter_mut().find(|(socket, _)| socket.id == id) else {
            return Ok(());
        };
        let after = after.unwrap_or(member.seq);
        let missed = domain.live_deltas(&member.actor, session, (after, member.seq), MOST_DELTAS).await?;
        member.sessions.insert(session);
        for event in &missed {
            // Who takes no more has not what was asked for, and is told so.
            send(socket, "chat:delta", &LiveEventView::bare(event)).map_err(|()| Code::Unavailable)?;
        }
        Ok(())
    }

    /// Ends connections whose token, account or user has ended, and says beforehand when that is known.
    async fn look_at_tokens(&mut self) {
        let now = Instant::now();
        let all = now >= self.beat;
        if all {
            self.beat = now + BEAT;
            // Whose leaving was not heard of in a crowd.
            self.members.retain(|(socket, _)| socket.connected());
        }
        let mut ended = Vec::new();
        for (socket, member) in &mut self.members {
            if now >= member.ends {
                ended.push((socket.clone(), Error::new(Code::Unauthenticated)));
            } else if all && let Err(error) = self.hub.auth.authenticate(&member.token).await {
                // That it cannot be asked is no refusal.
                if !error.is_transient() {
                    ended.push((socket.clone(), error));
                }
            } else if !member.warned && now >= member.due() {
                member.warned = true;
                let _gone = send(socket, "auth:expiring", &json!({"expires_at": member.expires_at}));
            }
        }
        for (socket, error) in ended {
            end(&socket, &error);
            self.members.retain(|(other, _)| other.id != socket.id);
        }
    }

    /// Tells everybody who is ready what is new to them.
    async fn deliver(&mut self) {
        loop {
            let (now, newest) = (Instant::now(), self.last);
            let behind = self.members.iter().filter(|(_, member)| member.ready <= now && member.seq < newest);
            let Some((actor, after)) =
                behind.min_by_key(|(_, member)| member.seq).map(|(_, member)| (member.actor, member.seq))
            else {
                return;
            };
            match self.hub.domain.live(&actor, after, BATCH).await {
                Ok(Some(live)) if live.events.is_empty() => {
                    // There is less than was heard of: whoever has this has all, and nothing is to be looked for again.
                    self.last = after;
                    return;
                }
                Ok(Some(live)) => {
                    for event in &live.events {
                        let view = LiveEventView::new(event, &live, &self.hub.links);
                        let view = serde_json::to_value(view).unwrap_or_default();
                        let session = event.data.as_ref().filter(|_| event.kind == LiveKind::ChatDelta);
                        self.tell(event.seq, <&str>::from(event.kind), &view, session);
                    }
                }
                Ok(None) => {
                    let Ok(last) = self.hub.domain.last_live(&actor).await else { return self.wait(after) };
                    let lost = self.members.iter_mut().filter(|(_, member)| member.seq == after);
                    for (socket, member) in lost {
                        member.seq = last;
                        let _gone = send(socket, "resync", &json!({"seq": last}));
                    }
                }
                Err(error) => {
                    tracing::debug!(causes = error.causes(), "what is to be told cannot be read");
                    return self.wait(after);
                }
            }
        }
    }

    /// Has those wait who stand here.
    fn wait(&mut self, seq: i64) {
        let again = Instant::now() + AGAIN;
        for (_, member) in self.members.iter_mut().filter(|(_, member)| member.seq == seq) {
            member.ready = again;
        }
    }

    /// Tells an event to those to whom it is the next; of what is said in a conversation only who follows it.
    fn tell(&mut self, seq: i64, name: &str, view: &Value, delta: Option<&Value>) {
        let now = Instant::now();
        let mut silent = Vec::new();
        let next = self.members.iter_mut().filter(|(_, member)| member.ready <= now && member.seq == seq - 1);
        for (socket, member) in next {
            let follows = delta.is_none_or(|delta| {
                let said_in = delta["session_id"].as_str();
                member.sessions.iter().any(|session| said_in == Some(session.to_string().as_str()))
            });
            if !follows || send(socket, name, view).is_ok() {
                (member.seq, member.stuck) = (seq, None);
                continue;
            }
            // What waits for it is full: it is told later, unless it takes nothing at all.
            member.ready = now + AGAIN;
            let since = *member.stuck.get_or_insert(now);
            if now - since > SILENCE {
                silent.push(socket.clone());
            }
        }
        for socket in silent {
            let _gone = socket.clone().disconnect();
            self.members.retain(|(other, _)| other.id != socket.id);
        }
    }
}

/// Sends something; an error when it cannot wait to be sent.
fn send(socket: &SocketRef, name: &str, data: &impl Serialize) -> std::result::Result<(), ()> {
    socket.emit(name, data).map_err(|_full_or_gone| ())
}

/// Ends a connection, and says why.
fn end(socket: &SocketRef, error: &Error) {
    let _gone = send(socket, "auth:ended", &problem(error));
    let _gone = socket.clone().disconnect();
}
