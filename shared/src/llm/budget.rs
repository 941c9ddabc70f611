//! Money is reserved before a call and settled after it.
//!
//! What is reserved is the most that the call can cost: every byte sent could be a token, and the answer as long as it may be. So
//! calls that run at once cannot spend more than there is, whatever process they run in, unless a provider counts more tokens
//! than bytes, or PostgreSQL itself crashes and forgets the reservations of its last moments. The difference is given back as soon
//! as the answer is there; of a process that died, when its reservation lapses.
//!
//! So a call can be refused though there is enough, for what others may yet spend. That passes, and is asked for again; only what
//! is spent is used up for good.

use std::time::Duration;

use uuid::Uuid;

use super::ledger::Ledger;
use super::{LlmError, Whose};
use crate::config::BudgetsConfig;
use crate::db::usage::Wanted;
use crate::db::{self, Db, GroupCommit};
use crate::error::Code;
use crate::model::usage::Budget;

/// How many calls one statement reserves for.
const TOGETHER: usize = 64;
/// Statements at once: while one waits for a lock that somebody holds, others are served.
const AT_ONCE: usize = 2;
/// For how many refused calls one statement looks for what others have left behind.
const REFUSED: usize = 1_024;
/// How long after a call must have ended its reservation lapses.
const SLACK: Duration = Duration::from_secs(30);
/// How long a call that is refused waits for what was spent less than reserved.
const PATIENCE: Duration = Duration::from_secs(1);
/// When a call may be tried again that only others' reservations stand in the way of: they are given back one by one.
const SOON: Duration = Duration::from_secs(1);

/// The budgets.
pub(super) struct Budgets {
    reserve: GroupCommit<Wanted, Option<Budget>>,
    release: GroupCommit<(), ()>,
    used_up: GroupCommit<Wanted, Option<Budget>>,
    ledger: Ledger,
}

impl Budgets {
    /// Must be called inside a tokio runtime.
    pub(super) fn start(db: Db, limits: BudgetsConfig, ledger: Ledger) -> Self {
        let release = GroupCommit::start(db.clone(), REFUSED, AT_ONCE, |conn, refused: Vec<()>| {
            Box::pin(async move {
                let released = db::usage::release(conn).await?;
                if released > 0 {
                    tracing::info!(
                        released,
                        "what calls had reserved that were not heard of again is there again"
                    );
                }
                Ok(refused.into_iter().map(Ok).collect())
            })
        });
        let used_up = GroupCommit::start(db.clone(), REFUSED, AT_ONCE, move |conn, refused: Vec<Wanted>| {
            Box::pin(async move {
                let answers = db::usage::used_up(conn, &refused, limits).await?;
                Ok(answers.into_iter().map(Ok).collect())
            })
        });
        let reserve = GroupCommit::start(db, TOGETHER, AT_ONCE, move |conn, wanted: Vec<Wanted>| {
            Box::pin(async move {
                let answers = db::usage::reserve(conn, &wanted, limits).await?;
                Ok(answers.into_iter().map(Ok).collect())
            })
        });
        Self { reserve, release, used_up, ledger }
    }

    /// Reserves for a call that lasts at most so long; nothing where it costs nothing.
    ///
    /// # Errors
    /// `budget_exceeded`, for good, once too much is spent; `model_unavailable` while others have reserved too much; `unavailable`
    /// when the database is away.
    pub(super) async fn reserve(
        &self,
        whose: &Whose,
        micros: i64,
        lasts: Duration,
    ) -> Result<Option<Uuid>, LlmError> {
        if micros == 0 {
            return Ok(None);
        }
        let wanted = Wanted { id: Uuid::now_v7(), whose: *whose, micros, lasts: lasts + SLACK };
        let mut refused = self.reserve.submit(wanted.clone()).await.map_err(away)?;
        if refused.is_some() {
            // What this process has spent less than it had reserved may only not be written yet, and others may have died.
            let _late = tokio::time::timeout(PATIENCE, self.ledger.flush()).await;
            // What cannot be given back now is later: nothing is lost but this call's luck.
            if let Err(error) = self.release.submit(()).await {
                tracing::warn!(causes = error.causes(), "reservations that have lapsed are kept for now");
            }
            refused = self.reserve.submit(wanted.clone()).await.map_err(away)?;
        }
        let Some(refused) = refused else { return Ok(Some(wanted.id)) };
        match self.used_up.submit(wanted).await.map_err(away)? {
            Some(budget) => Err(exceeded(budget)),
            None => Err(reserved(refused)),
        }
    }
}

fn away(error: crate::error::Error) -> LlmError {
    let cause = format!("nothing was reserved: {}", error.causes());
    LlmError { retry_after: error.retry_after, ..LlmError::new(error.code, false, cause) }
}

fn reserved(budget: Budget) -> LlmError {
    let detail = "The assistant is busy with other messages. Your message is kept: try it again in a minute.";
    let cause = format!("calls in flight have reserved what is left of the budget {budget}");
    LlmError {
        detail: Some(detail),
        retry_after: Some(SOON),
        ..LlmError::new(Code::ModelUnavailable, false, cause)
    }
}

fn exceeded(budget: Budget) -> LlmError {
    let detail = match budget {
        Budget::User => {
            "That is as much as the assistant can do for you in one day. Your message is kept: try it again tomorrow."
        }
        Budget::Session => {
            "This conversation has become too long for the assistant. Start a new one: what you have arranged stays."
        }
        Budget::Address | Budget::Guests => {
            "The assistant has done all it can for guests today. Sign up to go on, or try it again tomorrow."
        }
    };
    let cause = format!("the budget {budget} is used up");
    LlmError { detail: Some(detail), ..LlmError::new(Code::BudgetExceeded, true, cause) }
}
