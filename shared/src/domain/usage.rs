//! What models cost, and answers of theirs that are kept.

use chrono::{Days, NaiveDate, Utc};

use super::Domain;
use crate::auth::{Actor, Admin};
use crate::db;
use crate::error::{Problem, Result};
use crate::llm::{Forget, forget};
use crate::model::usage::UsageLine;

/// How many days are told if nothing is said.
const USUAL_DAYS: u64 = 30;
/// How many days at most.
const MOST_DAYS: u64 = 92;

/// Days, both included, of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first one.
    pub from: NaiveDate,
    /// The last one.
    pub to: NaiveDate,
}

impl Period {
    /// What is asked for: up to today, and 30 days, where nothing is said.
    #[must_use]
    pub fn asked(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let to = to.unwrap_or_else(|| Utc::now().date_naive());
        let from = from.unwrap_or_else(|| to.checked_sub_days(Days::new(USUAL_DAYS - 1)).unwrap_or(to));
        Self { from, to }
    }

    /// What is wrong with it; pointers are those of a query.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        if self.to < self.from {
            return vec![Problem::new("/to", "The last day must not be before the first.")];
        }
        if self.from.checked_add_days(Days::new(MOST_DAYS)).is_none_or(|end| end <= self.to) {
            return vec![Problem::new("/to", format!("Ask about at most {MOST_DAYS} days at once."))];
        }
        Vec::new()
    }
}

impl Domain {
    /// What the caller's calls of models came to.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn usage_of(&self, actor: &Actor, period: Period) -> Result<Vec<UsageLine>> {
        let mut conn = self.queue.db.conn().await?;
        db::usage::of_user(&mut conn, actor.user_id(), period.from, period.to).await
    }

    /// What everybody's calls of models came to.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn usage_of_all(&self, _admin: &Admin, period: Period) -> Result<Vec<UsageLine>> {
        let mut conn = self.queue.db.conn().await?;
        db::usage::of_all(&mut conn, period.from, period.to).await
    }

    /// Forgets the answers that models gave to the caller: none of them is given again.
    ///
    /// # Errors
    /// `unavailable` when Redis is away.
    pub async fn forget_answers(&self, actor: &Actor) -> Result<()> {
        forget(&self.queue.redis, Forget::User(actor.user_id())).await
    }

    /// The same for what is gone anyway: while Redis is away nothing is found there, and what it holds lapses.
    pub(super) async fn forget_if_possible(&self, what: Forget) {
        if let Err(error) = forget(&self.queue.redis, what).await {
            tracing::warn!(causes = error.causes(), ?what, "answers of models lapse by themselves only");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    #[test]
    fn a_period_is_bounded() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let problems = |from, to| Period::asked(from, to).problems().len();
        assert_eq!(problems(None, None), 0);
        assert_eq!(problems(day("2026-09-01"), day("2026-12-01")), 0, "92 days");
        assert_eq!(problems(day("2026-08-31"), day("2026-12-01")), 1, "93 days");
        assert_eq!(problems(day("2026-12-02"), day("2026-12-01")), 1);
        assert_eq!(problems(None, Some(NaiveDate::MIN)), 0);
        assert_eq!(
            problems(Some(NaiveDate::MAX), Some(NaiveDate::MAX)),
            1,
            "nobody can ask about what comes after"
        );
        assert_eq!(Period::asked(None, day("2026-11-30")).from, day("2026-11-01").unwrap());
    }
}
