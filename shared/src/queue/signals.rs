//! Signals between processes over Redis's publish and subscribe. They are hints: who misses one finds out later.

use std::time::Duration;

use futures::StreamExt;
use redis::Pipeline;

use super::Redis;
use crate::model::TaskId;

/// What is told about a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It has ended: who waits for it may look.
    Ended,
    /// Its owner has cancelled it: who runs it must drop it.
    Cancelled,
}

impl Signal {
    fn channel(self, redis: &Redis) -> String {
        redis.key(match self {
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
        })
    }

    /// Adds the signal to a pipeline.
    pub(super) fn publish(self, pipe: &mut Pipeline, redis: &Redis, id: TaskId) {
        pipe.cmd("PUBLISH").arg(self.channel(redis)).arg(id.to_string()).ignore();
    }
}

/// What a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// From now on signals arrive; earlier ones may have been missed.
    Connected,
    /// A signal about this task.
    Task(TaskId),
    /// From now on signals are missed.
    Disconnected,
}

/// How long to wait before connecting again.
const AGAIN: Duration = Duration::from_millis(250);

/// Listens to one signal for as long as the future is polled, over a connection of its own.
pub async fn listen(redis: Redis, signal: Signal, hear: impl Fn(Heard)) {
    loop {
        if let Err(error) = listen_once(&redis, signal, &hear).await {
            tracing::debug!(%error, ?signal, "the subscription ended");
        }
        hear(Heard::Disconnected);
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen_once(redis: &Redis, signal: Signal, hear: &impl Fn(Heard)) -> redis::RedisResult<()> {
    let mut subscription = redis.client().get_async_pubsub().await?;
    subscription.subscribe(signal.channel(redis)).await?;
    hear(Heard::Connected);
    let mut messages = subscription.on_message();
    while let Some(message) = messages.next().await {
        match message.get_payload::<String>().map(|text| text.parse()) {
            Ok(Ok(id)) => hear(Heard::Task(id)),
            _ => tracing::warn!(?signal, "a signal that is not a task id"),
        }
    }
    Ok(())
}
