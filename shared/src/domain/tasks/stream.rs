//! A task followed from the outside: what is told of it in order, then its end as the row has it.
//!
//! The row is the truth: a stream ends when it says so. The events in Redis only come before; where they do not, or not to
//! their end, the end is written there all the same, and told without Redis if need be.

use std::future::pending;
use std::time::Duration;

use chrono::Utc;
use tokio::time::{Instant, sleep, sleep_until};

use super::Domain;
use super::places::Place;
use super::waiters::Waiter;
use crate::auth::Actor;
use crate::db;
use crate::error::{Code, Result};
use crate::model::tasks::Task;
use crate::model::users::Role;
use crate::model::{TaskId, UserId};
use crate::queue::events::{Told, Watch, text_of};

/// How long the end of a task may take to come by Redis once its row says it.
const GRACE: Duration = Duration::from_millis(250);
/// Whatever ended so long ago has been told of in Redis, if ever.
const LONG_AGO: Duration = Duration::from_secs(10);
/// How long it may take, once it was written there anew.
const SECOND_GRACE: Duration = Duration::from_secs(1);
/// How long to wait for a database that is away.
const AGAIN: Duration = Duration::from_millis(500);

/// What comes next in a stream.
pub enum Next {
    /// Events, none of them an end; maybe none at all.
    Told(Vec<Told>),
    /// The end, under this number; nothing follows.
    Ended(u64, Box<Task>),
    /// Nothing more: the process stops, the task is no more, or its end was told before.
    Over,
}

/// A task that somebody follows. It holds no connection and no events of its own: who reads slowly costs no more.
pub struct TaskStream {
    id: TaskId,
    owner: UserId,
    /// The last number that was told.
    seen: u64,
    watch: Watch,
    waiter: Waiter,
    end: End,
    _place: Place,
}

/// How far the end has come.
enum End {
    /// The row does not say so.
    Open,
    /// The row says so; until then it may come by Redis.
    Due(Instant),
    /// It was written to Redis anew; until then it may come from there.
    Written(Instant),
    /// The text was told without Redis; now the end.
    Bare,
    /// It was told.
    Told,
}

impl TaskStream {
    /// Whether this caller may go on following it.
    #[must_use]
    pub fn is_open_to(&self, actor: &Actor) -> bool {
        actor.user_id() == self.owner || actor.role() == Role::Admin
    }
}

impl Domain {
    /// Follows a task of the caller, from the event after `seen` on.
    ///
    /// # Errors
    /// `not_yours`; `rate_limited` when the caller follows too many.
    pub async fn follow(&self, actor: &Actor, id: TaskId, seen: u64) -> Result<TaskStream> {
        let task = self.task(actor, id).await?;
        let place = self.shared.places.take(actor.user_id())?;
        let end = match task.status.is_terminal() {
            true if (Utc::now() - task.updated_at).to_std().is_ok_and(|ago| ago > LONG_AGO) => {
                End::Due(Instant::now())
            }
            true => End::Due(Instant::now() + GRACE),
            false => End::Open,
        };
        Ok(TaskStream {
            id,
            owner: task.user_id,
            seen,
            watch: self.shared.watches.watch(task.user_id, id, seen),
            waiter: self.shared.waiters.register(id),
            end,
            _place: place,
        })
    }

    /// What comes next; waits for it. May be dropped at any time and asked again.
    pub async fn next(&self, stream: &mut TaskStream) -> Next {
        loop {
            // Register first, then look: what is told in between is not missed.
            let (changed, ended) = (stream.watch.changed(), stream.waiter.woken());
            if self.shared.waiters.are_released() || matches!(stream.end, End::Told) {
                return Next::Over;
            }
            let told = stream.watch.after(stream.seen);
            if let Some(next) = self.hear(stream, told).await {
                return next;
            }
            if stream.watch.ends_at(stream.seen) {
                return Next::Over;
            }
            if let Some(next) = self.come_to_an_end(stream).await {
                return next;
            }
            let due = async {
                match stream.end {
                    End::Due(until) if until <= Instant::now() => sleep_until(until + SECOND_GRACE).await,
                    End::Due(until) | End::Written(until) => sleep_until(until).await,
                    End::Open | End::Bare | End::Told => pending().await,
                }
            };
            let by_row = tokio::select! {
                () = changed => false,
                () = due => false,
                () = ended => true,
            };
            if by_row && matches!(stream.end, End::Open) {
                match self.row(stream).await {
                    Ok(Some(task)) if task.status.is_terminal() => {
                        stream.end = End::Due(Instant::now() + GRACE);
                        stream.watch.look();
                    }
                    Ok(Some(_)) | Err(_) => {}
                    Ok(None) => return Next::Over,
                }
            }
        }
    }

    /// What of the events is to be told now.
    async fn hear(&self, stream: &mut TaskStream, mut told: Vec<Told>) -> Option<Next> {
        let end = told.iter().position(|event| event.end().is_some());
        match end {
            Some(0) => {
                let no = told[0].no;
                match self.row(stream).await {
                    Ok(Some(task)) if task.status.is_terminal() => Some(stream.ended(no, task)),
                    // It was deleted, or is another's now.
                    Ok(_) => Some(Next::Over),
                    Err(_) => Some(later().await),
                }
            }
            Some(end) => {
                told.truncate(end);
                Some(stream.told(told))
            }
            None if told.is_empty() => None,
            None => Some(stream.told(told)),
        }
    }

    /// What is to be done once the row says that it is over and Redis does not.
    async fn come_to_an_end(&self, stream: &mut TaskStream) -> Option<Next> {
        let now = Instant::now();
        match stream.end {
            End::Open | End::Told => None,
            // Of what could not be read nobody knows whether the end is there.
            End::Due(until) if now < until || !stream.watch.was_tried() && now < until + SECOND_GRACE => None,
            End::Due(_) => {
                let task = match self.row(stream).await {
                    Ok(Some(task)) => task,
                    Ok(None) => return Some(Next::Over),
                    Err(_) => return Some(later().await),
                };
                match stream.watch.end(&task, stream.seen).await {
                    Ok(()) => {
                        stream.end = End::Written(now + SECOND_GRACE);
                        None
                    }
                    Err(_) => Some(stream.bare(&task)),
                }
            }
            End::Written(until) if now < until => None,
            End::Written(_) | End::Bare => match self.row(stream).await {
                Ok(Some(task)) if matches!(stream.end, End::Bare) => {
                    Some(stream.ended(stream.seen + 1, task))
                }
                Ok(Some(task)) => Some(stream.bare(&task)),
                Ok(None) => Some(Next::Over),
                Err(_) => Some(later().await),
            },
        }
    }

    /// The row, in its owner's name; none if it is no more, or is another's.
    async fn row(&self, stream: &TaskStream) -> Result<Option<Task>> {
        let mut conn = self.queue.db.conn().await?;
        match db::tasks::find_for(&mut conn, stream.owner.into(), stream.id).await {
            Ok(task) => Ok(Some(task)),
            Err(error) if error.code == Code::NotYours => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Nothing yet: the database is away.
async fn later() -> Next {
    sleep(AGAIN).await;
    Next::Told(Vec::new())
}

impl TaskStream {
    fn told(&mut self, told: Vec<Told>) -> Next {
        self.seen = told.last().map_or(self.seen, |last| last.no);
        Next::Told(told)
    }

    fn ended(&mut self, no: u64, task: Task) -> Next {
        (self.seen, self.end) = (no, End::Told);
        Next::Ended(no, Box::new(task))
    }

    /// The text as the row has it, without Redis; whatever was told before is void.
    fn bare(&mut self, task: &Task) -> Next {
        self.end = End::Bare;
        let mut told = Vec::new();
        let mut tell = |name: &str, data: serde_json::Value| {
            let no = self.seen + told.len() as u64 + 1;
            told.push(Told { no, name: name.into(), data: data.to_string().into() });
        };
        if let Some(text) = text_of(task) {
            if self.seen > 0 {
                tell("reset", serde_json::json!({"from": 1}));
            }
            tell("delta", serde_json::json!({"text": text}));
        }
        self.told(told)
    }
}
