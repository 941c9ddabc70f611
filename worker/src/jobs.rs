//! What each kind of task does.

use proxie_shared::agent::{Agent, Failure, Progress};
use proxie_shared::db::Db;
use proxie_shared::db::tasks::{Claimed, Outcome};
use proxie_shared::domain::{CurrentCatalog, leads, requests};
use proxie_shared::error::{Code, Error};
use proxie_shared::model::tasks::TaskKind;
use serde_json::json;

/// Runs tasks of every kind.
#[derive(Clone)]
pub struct Jobs {
    db: Db,
    agent: Agent,
    catalog: CurrentCatalog,
}

impl Jobs {
    /// Jobs over these.
    pub fn new(db: Db, agent: Agent, catalog: CurrentCatalog) -> Self {
        Self { db, agent, catalog }
    }

    /// Runs one attempt of a task; may be run again after any failure without harm.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn run(&self, task: &Claimed, progress: Progress<'_>) -> Result<Outcome, Failure> {
        match task.kind {
            TaskKind::Chat => {
                let (result, reply) = self.agent.run(task, progress).await?;
                Ok(Outcome::Completed(result, Some(Box::new(reply))))
            }
            TaskKind::Matching => match requests::run_matching(&self.db, task).await {
                Ok(result) => Ok(Outcome::Completed(result, None)),
                Err(error) if error.code == Code::IllegalMove => Err(Failure::Fenced),
                Err(error) => Err(Failure::Retry(error)),
            },
            TaskKind::OfferDraft => {
                let suggested = leads::run_offer_draft(&self.db, &self.catalog.get(), task).await;
                suggested.map(|result| Outcome::Completed(result, None)).map_err(passing_or_final)
            }
            TaskKind::AutoOffer | TaskKind::Embedding => Err(Failure::Final(Code::Internal.into())),
            TaskKind::Probe => Ok(Outcome::Completed(json!({"kind": "probe"}), None)),
        }
    }
}

/// What stands in the way of a job: what passes is tried again, the rest is told.
fn passing_or_final(error: Error) -> Failure {
    if error.is_transient() || error.code == Code::Internal {
        Failure::Retry(error)
    } else {
        Failure::Final(error)
    }
}
