//! What joins the lines of the log, and the reports of errors: the ids of the call or the task that they are about.
//!
//! They go with the future that does the work, so that whoever logs in it need not know them. A call pays some
//! 100 ns for them; a span of the log would cost it 2.7 µs, mostly for words that nobody reads.

use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use tokio::task::futures::TaskLocalFuture;

use crate::model::UserId;
use crate::model::tasks::Task;

tokio::task_local! {
    static HERE: Arc<Ids>;
}

/// The ids of a call or of a task.
#[derive(Debug)]
pub struct Ids {
    trace_id: String,
    user_id: OnceLock<UserId>,
    /// Of a call `request_id`, of a task `task_id`, `kind` and `attempt`.
    others: Vec<(&'static str, String)>,
}

impl Ids {
    /// Those of a call; its user becomes known later.
    #[must_use]
    pub fn of_call(request_id: &str, trace_id: &str) -> Self {
        let others = vec![("request_id", request_id.to_owned())];
        Self { trace_id: trace_id.to_owned(), user_id: OnceLock::new(), others }
    }

    /// Those of an attempt of a task.
    #[must_use]
    pub fn of_task(task: &Task) -> Self {
        let others = vec![
            ("task_id", task.id.to_string()),
            ("kind", task.kind.to_string()),
            ("attempt", task.attempts.to_string()),
        ];
        Self { trace_id: task.trace_id.clone(), user_id: OnceLock::from(task.user_id), others }
    }

    /// Makes them those of all that is logged by `work`.
    pub fn around<F: Future>(self, work: F) -> TaskLocalFuture<Arc<Self>, F> {
        HERE.scope(Arc::new(self), work)
    }
}

/// Notes who calls, once that is known.
pub fn caller(user: UserId) {
    let _outside_of_calls = HERE.try_with(|ids| ids.user_id.set(user));
    tracing::Span::current().record("user_id", tracing::field::display(user));
}

/// Tells each id of where we are, if that is in a call or a task.
pub(super) fn each(mut tell: impl FnMut(&'static str, &dyn Display)) {
    let _outside = HERE.try_with(|ids| {
        for (name, id) in &ids.others {
            tell(name, id);
        }
        if let Some(user) = ids.user_id.get() {
            tell("user_id", user);
        }
        tell("trace_id", &ids.trace_id);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ids_go_with_the_work() {
        let told = || {
            let mut told = Vec::new();
            each(|name, id| told.push(format!("{name}={id}")));
            told
        };
        let user = UserId::new();
        let inside = Ids::of_call("r-1", "t-1").around(async {
            let before = told();
            tokio::task::yield_now().await;
            caller(user);
            (before, told())
        });
        let (before, after) = inside.await;
        assert_eq!(before, ["request_id=r-1", "trace_id=t-1"]);
        assert_eq!(
            after,
            ["request_id=r-1".to_owned(), format!("user_id={user}"), "trace_id=t-1".to_owned()]
        );
        assert!(told().is_empty());
    }
}
