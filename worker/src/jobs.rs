//! What each kind of task does.

use proxie_shared::agent::{Agent, Failure, Progress};
use proxie_shared::db::Db;
use proxie_shared::db::tasks::{Claimed, Outcome};
use proxie_shared::domain::embedding::Embedder;
use proxie_shared::domain::matching::Matcher;
use proxie_shared::domain::{CurrentCatalog, leads};
use proxie_shared::error::{Code, Error};
use proxie_shared::model::tasks::TaskKind;
use serde_json::{Value, json};

/// Runs tasks of every kind.
#[derive(Clone)]
pub struct Jobs {
    /// PostgreSQL.
    pub db: Db,
    /// The catalog as it is now.
    pub catalog: CurrentCatalog,
    /// Answers messages.
    pub agent: Agent,
    /// Finds providers for requests.
    pub matcher: Matcher,
    /// Makes vectors of providers.
    pub embedder: Embedder,
}

impl Jobs {
    /// Runs one attempt of a task; may be run again after any failure without harm.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn run(&self, task: &Claimed, progress: &dyn Progress) -> Result<Outcome, Failure> {
        match task.kind {
            TaskKind::Chat => {
                let (result, reply) = self.agent.run(task, progress).await?;
                Ok(Outcome::Completed(result, Some(Box::new(reply))))
            }
            TaskKind::Matching => self.matcher.run(task).await.map(completed).map_err(fenced_or_passing),
            TaskKind::Embedding => self.embedder.run(task).await.map(completed).map_err(fenced_or_passing),
            TaskKind::OfferDraft => {
                let suggested = leads::run_offer_draft(&self.db, &self.catalog.get(), task).await;
                suggested.map(completed).map_err(passing_or_final)
            }
            TaskKind::AutoOffer => {
                let answered = leads::run_auto_offer(&self.db, &self.catalog.get(), task).await;
                answered.map(completed).map_err(fenced_or_passing)
            }
            TaskKind::Probe => Ok(completed(json!({"kind": "probe"}))),
        }
    }
}

fn completed(result: Value) -> Outcome {
    Outcome::Completed(result, None)
}

/// What is refused by the fence is in another hand; the rest may go well the next time.
fn fenced_or_passing(error: Error) -> Failure {
    if error.code == Code::IllegalMove { Failure::Fenced } else { Failure::Retry(error) }
}

/// What stands in the way of a job: what passes is tried again, the rest is told.
fn passing_or_final(error: Error) -> Failure {
    if error.is_transient() || error.code == Code::Internal {
        Failure::Retry(error)
    } else {
        Failure::Final(error)
    }
}
