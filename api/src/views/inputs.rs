//! Path and query parameters that several operations share.

use std::time::Duration;

use proxie_shared::db::chat::Page;
use proxie_shared::model::{SessionId, TaskId};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

/// `…/{task_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskPath {
    /// The task.
    #[schema(value_type = String, format = Uuid, example = json!(examples::TASK))]
    pub task_id: TaskId,
}

impl Input for TaskPath {}

/// `…/{session_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionPath {
    /// The conversation.
    #[schema(value_type = String, format = Uuid, example = json!(examples::SESSION))]
    pub session_id: SessionId,
}

impl Input for SessionPath {}

/// `/api/docs/{file}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwaggerPath {
    /// A file's name.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,100}$", example = "swagger-ui.css")]
    pub file: String,
}

impl Input for SwaggerPath {}

/// `/api/redoc/{file}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedocPath {
    /// A file's name.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,100}$", example = "redoc.standalone.js")]
    pub file: String,
}

impl Input for RedocPath {}

/// `?wait=`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitQuery {
    /// How many seconds to wait for the end of the task.
    #[schema(minimum = 0, maximum = 30, example = 5)]
    pub wait: Option<u64>,
}

impl Input for WaitQuery {
    fn wait(&self) -> Duration {
        Duration::from_secs(self.wait.unwrap_or(0))
    }
}

/// `?limit=&cursor=` of a list by id.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::SESSION))]
    pub cursor: Option<SessionId>,
}

impl ListQuery {
    /// How many are listed if it is not said.
    pub const LIMIT: i64 = 20;
}

impl Input for ListQuery {}

/// `?limit=&cursor=` of a conversation: `before:<seq>` or `after:<seq>`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TranscriptQuery {
    /// How many messages at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// A cursor of another page; the newest messages without one.
    #[schema(pattern = "^(before|after):[0-9]{1,18}$", example = "before:21")]
    pub cursor: Option<String>,
}

impl TranscriptQuery {
    /// The page that is asked for.
    pub fn page(&self) -> Page {
        let cursor = self.cursor.as_deref().and_then(|cursor| cursor.split_once(':'));
        match cursor.map(|(way, seq)| (way, seq.parse().unwrap_or(0))) {
            Some(("after", seq)) => Page::After(seq),
            Some((_, seq)) => Page::Before(seq),
            None => Page::Before(i64::MAX),
        }
    }
}

impl Input for TranscriptQuery {}

/// Tells null from what is left out: `Some(None)` takes away. With `#[serde(default, deserialize_with = "given")]`.
pub fn given<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}
